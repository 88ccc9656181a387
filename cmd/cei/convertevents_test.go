package main

import (
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/dataset/table"
	"github.com/gocei/gocei/explosion"
)

// Units are converted and stored, so that readers see the same events.
func TestConvertUnits(t *testing.T) {
	from, to := simulated(t, 30), filepath.Join(t.TempDir(), "si.npz")
	succeed(t, "convert", from, to, "--to-position-unit", "angstrom", "--to-momentum-unit", "1e-22*kg_m_s")
	read := func(path string) *dataset.Events {
		e, err := table.ReadEvents(path, dataset.Layout{NeedPositions: true}, table.Options{})
		require.NoError(t, err)
		return e
	}
	was, is := read(from), read(to)
	assert.Equal(t, "angstrom", is.PositionUnit.Name)
	assert.Equal(t, "1e-22*kg_m_s", is.MomentumUnit.Name)
	assert.InDelta(t, was.Positions.Data[3]*0.529177210903, is.Positions.Data[3], 1e-8)
	assert.InDelta(t, was.Momenta.Data[3]*1.99285191410e-2, is.Momenta.Data[3], 1e-8)
	back := is.InUnits(explosion.Bohr, explosion.AtomicMomentum)
	assert.InDeltaSlice(t, was.Positions.Data, back.Positions.Data, 1e-12)
	assert.InDeltaSlice(t, was.Momenta.Data, back.Momenta.Data, 1e-10)
	assert.JSONEq(t, string(was.Recipe), string(is.Recipe), "what they were simulated from")

	a := succeed(t, "inspect", to)
	assert.Contains(t, a.out, "positions in angstrom, momenta in 1e-22*kg_m_s")
}

// What a laboratory writes, without a header, with CRLF and in its own unit, becomes the house's columns, and its unit is
// stored: afterwards no flag is needed to read it.
func TestConvertLaboratoryTable(t *testing.T) {
	flags := measured(t, simulated(t, 40))
	require.Contains(t, readFile(t, flags[1]), "\r\n")
	for _, ending := range tableEndings(t) {
		to := filepath.Join(t.TempDir(), "measured"+ending)
		succeed(t, append([]string{"convert", flags[1], to}, flags[2:]...)...)
		e, err := table.ReadEvents(to, dataset.Layout{}, table.Options{})
		require.NoError(t, err)
		assert.Equal(t, []string{"O", "C", "S"}, e.Atoms)
		assert.Equal(t, "1e-22*kg_m_s", e.MomentumUnit.Name)
		assert.Equal(t, 40, e.Len())
		assert.False(t, e.HasPositions())
		with := succeed(t, append([]string{"inspect", "--json"}, flags[1:]...)...)
		assert.Equal(t, with.out, succeed(t, "inspect", "--json", to).out)
	}
}

// The first event of a table without a header is not taken for one.
func TestConvertAsksForTheHeader(t *testing.T) {
	to := filepath.Join(t.TempDir(), "measured.parquet")
	a := cei(t, "convert", measured(t, simulated(t, 3))[1], to)
	assert.Equal(t, exitFailed, a.code)
	assert.Contains(t, a.err, "--no-header")
	assert.NoFileExists(t, to)
}

// Columns of text are left out and told of; other columns of numbers are kept.
func TestConvertLeavesTextOut(t *testing.T) {
	from := writeFile(t, "mixed.csv", "run,px_C,py_C,pz_C,px_O,py_O,pz_O,tof,laser\na,1,2,3,4,5,6,70,on\nb,2,3,4,5,6,7,80,off\n")
	for name, c := range map[string]struct {
		flags []string
		told  string
	}{
		"as it is":   {nil, "left out, since they do not hold numbers: run, laser\n"},
		"understood": {[]string{"--to-momentum-unit", "au"}, "left out, since they do not hold numbers: 2 columns\n"},
	} {
		to := filepath.Join(t.TempDir(), "numbers.csv")
		a := succeed(t, append([]string{"convert", from, to}, c.flags...)...)
		assert.Equal(t, c.told, a.err, name)
		assert.Equal(t, "px_C,py_C,pz_C,px_O,py_O,pz_O,tof\n1,2,3,4,5,6,70\n2,3,4,5,6,7,80\n", readFile(t, to), name)
	}
}

// A selection is counted criterion by criterion, and the rows it keeps are the table's.
func TestConvertSelects(t *testing.T) {
	from, to := simulated(t, 1500), filepath.Join(t.TempDir(), "selected.csv")
	a := succeed(t, "convert", from, to, "--max-momentum-sum", "1", "--min-ker", "100", "--max-ker", "110")
	assert.Regexp(t, `^selection +threshold +left out +remaining
all events +1500
momentum-sum +1 au +0 +1500
kinetic-energy-release-min +100 eV +\d+ +\d+
kinetic-energy-release-max +110 eV +\d+ +(\d+)
$`, a.err)
	all, kept := strings.Split(readFile(t, from), "\n"), strings.Split(strings.TrimSuffix(readFile(t, to), "\n"), "\n")
	assert.Subset(t, all, kept)
	assert.Less(t, 100, len(kept))
	assert.Contains(t, strings.Join(strings.Fields(a.err), " "), " "+strconv.Itoa(len(kept)-1), "the last line's count")
	assert.Equal(t, to+": "+strconv.Itoa(len(kept)-1)+" rows\n", a.out)

	none := filepath.Join(t.TempDir(), "none.csv")
	b := cei(t, "convert", from, none, "--min-ker", "1000")
	assert.Equal(t, exitFailed, b.code)
	assert.Contains(t, b.err, "cei: convert: the selection leaves none of 1500 events\n")
	assert.Empty(t, filesIn(t, filepath.Dir(none)))
}

// A table without rows is converted as any other.
func TestConvertEmptyTable(t *testing.T) {
	from := writeFile(t, "empty.csv", "px_C,py_C,pz_C,px_O,py_O,pz_O\n")
	for _, ending := range tableEndings(t) {
		for _, flags := range [][]string{nil, {"--to-momentum-unit", "kg_m_s"}, {"--min-ker", "1"}} {
			to := filepath.Join(t.TempDir(), "empty"+ending)
			a := succeed(t, append([]string{"convert", from, to}, flags...)...)
			assert.Equal(t, to+": 0 rows\n", a.out)
			columns, bits, _ := bitsOf(t, to)
			assert.Equal(t, []string{"px_C", "py_C", "pz_C", "px_O", "py_O", "pz_O"}, columns, "%s %v", ending, flags)
			assert.Empty(t, bits)
		}
	}
}
