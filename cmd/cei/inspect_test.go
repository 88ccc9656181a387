package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestInspect(t *testing.T) {
	data := simulated(t, 50)
	a := succeed(t, "inspect", data)
	assert.Empty(t, a.err)
	assert.True(t, strings.HasPrefix(a.out, data+": 50 events of C O S\npositions in bohr, momenta in au; other columns: 0; duplicate rows: 0\n"), a.out)
	assert.Regexp(t, `(?m)^column +min +mean +max +sd +role$`, a.out)
	assert.Regexp(t, `(?m)^px_S .* dependent$`, a.out)
	assert.Regexp(t, `(?m)^per event +5 % +median +95 % +max\n\|Σp\| \[au\] .*\nKER \[eV\] .*$`, a.out)
	assert.True(t, strings.HasSuffix(a.out, "\n\nnothing suspicious\n"), a.out)
}

// No line ends in a blank or is longer than prose may be, whatever the numbers.
func TestInspectIsEasyToRead(t *testing.T) {
	tables := [][]string{{simulated(t, 1000)}, {badlyMixed(t)}}
	for _, flags := range []string{"--molecule CO2 --charges 1,1,1 --orientation random", "--molecule H2O --charges 1,1,1 --kelvin 300", "--displacement 0"} {
		path := filepath.Join(t.TempDir(), "events.npz")
		succeed(t, append([]string{"simulate", "--events", "300", "--out", path}, strings.Fields(flags)...)...)
		tables = append(tables, []string{path}, []string{path, "--momentum-unit", "kg_m_s", "--position-unit", "m"})
	}
	for _, args := range tables {
		assertEasyToRead(t, succeed(t, append([]string{"inspect"}, args...)...).out)
	}
}

func assertEasyToRead(t *testing.T, out string) {
	t.Helper()
	_, out, _ = strings.Cut(out, "\n") // the path may be long
	for _, line := range strings.Split(out, "\n") {
		assert.LessOrEqual(t, utf8.RuneCountInString(line), textWidth, line)
		assert.Equal(t, strings.TrimRight(line, " \t"), line)
		assert.NotRegexp(t, `-0\.?0*( |$)`, line, "a zero has no sign")
	}
}

// What a laboratory has measured: no positions, no header, a unit of its own, and a few events that stand out.
func TestInspectMeasuredTable(t *testing.T) {
	path := filepath.Join("..", "..", "..", "shared", "data", "ocs111_measured_momenta.txt")
	if _, err := os.Stat(path); err != nil {
		t.Skip("the measured table is not here:", err)
	}
	a := cei(t, "inspect", "--strict", path, "--no-header", "--atoms", "O,C,S", "--momentum-unit", "1e-22*kg_m_s")
	assert.Equal(t, exitFailed, a.code)
	assertEasyToRead(t, a.out)
	assert.Contains(t, a.out, ": 3978 events of O C S\nno positions, momenta in 1e-22*kg_m_s; other columns: 0; duplicate rows: 0\n")
	assert.Contains(t, a.out, "  - 3 rows whose kinetic energy release is far from the median of 9.43 eV")
	assert.Contains(t, a.err, "findings: 1")
}

// badlyMixed returns the path of a table with something of everything that is suspicious.
func badlyMixed(t *testing.T) string {
	t.Helper()
	lines := strings.SplitAfter(readFile(t, simulated(t, 100)), "\n")
	lines = append(lines[:101:101], lines[1], lines[1], lines[2])        // twins
	lines = append(lines, strings.Repeat("1,", 9)+"0,0,0,0,0,0,0,0,0\n") // all at one place and at rest
	fields := strings.Split(lines[3], ",")
	fields[9] = "900"
	return writeFile(t, "mixed.csv", strings.Join(append(lines, strings.Join(fields, ",")), ""))
}

// The findings are printed either way; --strict makes them a failure, and a table in order none.
func TestInspectStrict(t *testing.T) {
	good, bad := simulated(t, 50), badlyMixed(t)
	assert.Equal(t, succeed(t, "inspect", good).out, succeed(t, "inspect", "--strict", good).out)

	lenient := succeed(t, "inspect", bad)
	for _, finding := range []string{
		"3 rows that an earlier one equals to the bit", "events 100, 101, 102, counted from 0", "1 rows whose momenta are all zero",
		"|Σp| is far above the median", "kinetic energy release is far from the median", "1 rows with two atoms closer than 0.3 Å (events 103,",
	} {
		assert.Contains(t, strings.Join(strings.Fields(lenient.out), " "), finding)
	}
	strict := cei(t, "inspect", bad, "--strict")
	assert.Equal(t, exitFailed, strict.code)
	assert.Equal(t, lenient.out, strict.out)
	assert.Equal(t, "cei: "+bad+" is suspicious, findings: 5\n", strict.err)
}

// JSON holds all that the text does, and comes alone.
func TestInspectJSON(t *testing.T) {
	bad := badlyMixed(t)
	a := cei(t, "inspect", bad, "--strict", "--json")
	assert.Equal(t, exitFailed, a.code)
	assert.Equal(t, succeed(t, "inspect", bad, "--json").out, a.out)
	j := decoded(t, a.out)
	assert.Equal(t, 105.0, j["rows"])
	assert.Equal(t, 3.0, j["duplicate_rows"])
	assert.Equal(t, []any{"C", "O", "S"}, j["atoms"])
	assert.Len(t, j["columns"], 18)
	require.Len(t, j["suspicious"], 5)
	kinds := map[string]float64{}
	for _, s := range j["suspicious"].([]any) {
		kinds[s.(map[string]any)["kind"].(string)] = s.(map[string]any)["rows"].(float64)
	}
	assert.Equal(t, 3.0, kinds["duplicate"])
	assert.Equal(t, 1.0, kinds["zero-momenta"])
	assert.Equal(t, 1.0, kinds["atoms-too-close"])
	assert.Empty(t, decoded(t, succeed(t, "inspect", "--json", simulated(t, 50)).out)["suspicious"])
}

// Positions in Ångström that are read as Bohr are told, and as Ångström they are not; the same for momenta.
func TestInspectDoubtsUnits(t *testing.T) {
	angstrom := filepath.Join(t.TempDir(), "angstrom.csv")
	succeed(t, "convert", simulated(t, 200), angstrom, "--to-position-unit", "angstrom", "--to-momentum-unit", "1e-22*kg_m_s")
	succeed(t, "inspect", "--strict", angstrom)
	bare := writeFile(t, "bare.csv", readFile(t, angstrom)) // without what the table says of itself
	for _, c := range []struct {
		flags []string
		told  []string
	}{
		{[]string{"--momentum-unit", "1e-22*kg_m_s"}, []string{"with positions in bohr", "is the unit angstrom?"}},
		{[]string{"--position-unit", "angstrom"}, []string{"with momenta in au", "is the unit 1e-22*kg_m_s?"}},
		{[]string{"--position-unit", "angstrom", "--momentum-unit", "kg_m_s"}, []string{"with momenta in kg_m_s", "is the unit 1e-22*kg_m_s?"}},
	} {
		a := cei(t, append([]string{"inspect", "--strict", bare}, c.flags...)...)
		assert.Equal(t, exitFailed, a.code, c.flags)
		assert.Contains(t, a.err, "findings: 1")
		for _, text := range c.told {
			assert.Contains(t, strings.Join(strings.Fields(a.out), " "), text)
		}
	}
	succeed(t, "inspect", "--strict", bare, "--position-unit", "angstrom", "--momentum-unit", "1e-22*kg_m_s")
}

// However much there is in a header, the message is one that can be read.
func TestInspectHugeHeader(t *testing.T) {
	for name, text := range map[string]string{
		"long":  strings.Repeat("x", 1<<20) + ",y\n1,2\n",
		"many":  strings.Repeat("column,", 100_000) + "y\n1\n",
		"named": "a" + strings.Repeat(",b", 2000) + "\n",
	} {
		path := writeFile(t, name+".csv", text)
		a := cei(t, "inspect", path)
		assert.Equal(t, exitFailed, a.code, name)
		assert.Contains(t, a.err, path+":1:")
		assert.Less(t, len(a.err), 1000+len(path), name)
	}
}
