package table_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/dataset/table"
	"github.com/gocei/gocei/explosion"
)

const (
	diatomicHeader = "x_C,y_C,z_C,x_O,y_O,z_O,px_C,py_C,pz_C,px_O,py_O,pz_O"
	diatomicRow    = "1,2,3,4,5,6,7,8,9,10,11,12"
)

// readText reads a text as the table t.csv.
func readText(t *testing.T, text string, l dataset.Layout) (*dataset.Events, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "t.csv")
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	return table.ReadEvents(path, l, table.Options{})
}

func TestReadEventsUnderstandsHeaders(t *testing.T) {
	for name, header := range map[string]string{
		"house":      diatomicHeader,
		"compact":    "cx,cy,cz,ox,oy,oz,pcx,pcy,pcz,pox,poy,poz",
		"upper case": strings.ToUpper(diatomicHeader),
		"mixed":      "cx, cy ,cz,x_o,y_o,Z_O,PCX,pcy,pcz,px_O,py_O,pz_O",
		"numbered":   strings.ReplaceAll(diatomicHeader, "_C", "_C1"),
	} {
		t.Run(name, func(t *testing.T) {
			e, err := readText(t, header+"\n"+diatomicRow+"\n", dataset.Layout{})
			require.NoError(t, err)
			require.Equal(t, []string{"C", "O"}, e.Atoms)
			require.Equal(t, []float64{1, 2, 3, 4, 5, 6}, e.Positions.Row(0))
			require.Equal(t, []float64{7, 8, 9, 10, 11, 12}, e.Momenta.Row(0))
			require.Equal(t, strings.Split(diatomicHeader, ",")[:6], e.PositionColumns)
			require.Equal(t, strings.Split(diatomicHeader, ",")[6:], e.MomentumColumns)
			require.Equal(t, explosion.Bohr, e.PositionUnit)
			require.Equal(t, explosion.AtomicMomentum, e.MomentumUnit)
			require.Zero(t, e.IgnoredColumns)
		})
	}
}

func TestReadEventsFindsColumnsInAnyOrder(t *testing.T) {
	e, err := readText(t, "time,pz_O,py_O,px_O,index,px_C,pz_C,py_C,\n0.5,3,2,1,first,4,6,5,\n", dataset.Layout{})
	require.NoError(t, err)
	require.Equal(t, []string{"O", "C"}, e.Atoms, "the header's order")
	require.Equal(t, []float64{1, 2, 3, 4, 5, 6}, e.Momenta.Row(0))
	require.False(t, e.HasPositions())
	require.Nil(t, e.PositionColumns)
	require.Equal(t, 3, e.IgnoredColumns)
}

func TestReadEventsNumbersRepeatedAtoms(t *testing.T) {
	const text = "px_H1,py_H1,pz_H1,px_O,py_O,pz_O,ph2x,ph2y,ph2z\n1,2,3,4,5,6,7,8,9\n"
	e, err := readText(t, text, dataset.Layout{})
	require.NoError(t, err)
	require.Equal(t, []string{"H1", "O", "H2"}, e.Atoms)
	e, err = readText(t, text, dataset.Layout{Atoms: []string{"o", "h", "h"}})
	require.NoError(t, err)
	require.Equal(t, []string{"O", "H1", "H2"}, e.Atoms)
	require.Equal(t, []float64{4, 5, 6, 1, 2, 3, 7, 8, 9}, e.Momenta.Row(0))
}

func TestReadEventsUnderstandsTextFiles(t *testing.T) {
	want, err := readText(t, "pcx,pcy,pcz\n1,-2.5,3e-7\n4,5,6\n", dataset.Layout{})
	require.NoError(t, err)
	for name, text := range map[string]string{
		"CRLF":             "pcx,pcy,pcz\r\n1,-2.5,3e-7\r\n4,5,6\r\n",
		"no final newline": "pcx,pcy,pcz\n1,-2.5,3e-7\n4,5,6",
		"byte order mark":  "\uFEFFpcx,pcy,pcz\n1,-2.5,3e-7\n4,5,6\n",
		"empty lines":      "\n\npcx,pcy,pcz\n\n1,-2.5,3e-7\n   \n4,5,6\n\n",
		"quotes":           "\"pcx\",\"pcy\",\"pcz\"\n\"1\",-2.5,3e-7\n4,5,6\n",
		"tabs":             "pcx\tpcy\tpcz\n1\t-2.5\t3e-7\n4\t5\t6\n",
		"semicolons":       "pcx;pcy;pcz\n1;-2.5;3e-7\n4;5;6\n",
		"blanks":           "  pcx pcy   pcz  \n 1 -2.5  3e-7\n4   5    6 \n\n  \n",
		"padding":          "pcx, pcy, pcz\n 1, -2.5 ,\t3e-7\n+4,5.,06\n",
	} {
		t.Run(name, func(t *testing.T) {
			e, err := readText(t, text, dataset.Layout{})
			require.NoError(t, err)
			require.Equal(t, want, e)
		})
	}
}

func TestReadEventsWithoutHeader(t *testing.T) {
	atoms := []string{"C", "O"}
	e, err := readText(t, diatomicRow, dataset.Layout{NoHeader: true, Atoms: atoms})
	require.NoError(t, err)
	require.Equal(t, []float64{1, 2, 3, 4, 5, 6}, e.Positions.Row(0))
	require.Equal(t, []float64{7, 8, 9, 10, 11, 12}, e.Momenta.Row(0))

	e, err = readText(t, "1,2,3,4,5,6\n7,8,9,10,11,12\n", dataset.Layout{NoHeader: true, Atoms: atoms})
	require.NoError(t, err)
	require.False(t, e.HasPositions())
	require.Equal(t, 2, e.Len())

	e, err = readText(t, "tag,"+diatomicRow, dataset.Layout{NoHeader: true, Atoms: atoms, Momenta: strings.Fields("7 6 5 4 3 2")})
	require.NoError(t, err)
	require.False(t, e.HasPositions())
	require.Equal(t, []float64{6, 5, 4, 3, 2, 1}, e.Momenta.Row(0))
	require.Equal(t, 7, e.IgnoredColumns)
}

func TestReadEventsTakesColumnsByName(t *testing.T) {
	const text = "a,b,c,d,e,f,extra\n1,2,3,4,5,6,x\n"
	o := dataset.Layout{Atoms: []string{"C"}, Positions: []string{"a", "B", "c"}, Momenta: []string{"f", "e", "d"}}
	e, err := readText(t, text, o)
	require.NoError(t, err)
	require.Equal(t, []float64{1, 2, 3}, e.Positions.Row(0))
	require.Equal(t, []float64{6, 5, 4}, e.Momenta.Row(0))
	require.Equal(t, 1, e.IgnoredColumns)

	e, err = readText(t, diatomicHeader+"\n"+diatomicRow, dataset.Layout{Momenta: []string{"px_O", "py_O", "pz_O"}})
	require.NoError(t, err)
	require.Equal(t, []string{"O"}, e.Atoms, "atoms follow from the names")
	require.Equal(t, []float64{4, 5, 6}, e.Positions.Row(0))
}

func TestReadEventsRefusesBadTables(t *testing.T) {
	const header, row = "pcx,pcy,pcz", "\n1,2,3"
	carbon := dataset.Layout{NoHeader: true, Atoms: []string{"C"}}
	for name, test := range map[string]struct {
		text   string
		layout dataset.Layout
		want   string // all of it after "table: read …/t.csv:"
	}{
		"empty":              {"", dataset.Layout{}, "1:1: expected a table, found an empty file"},
		"empty lines":        {"\n\r\n\n", dataset.Layout{}, "1:1: expected a table, found an empty file"},
		"byte order mark":    {"\uFEFF", dataset.Layout{}, "1:1: expected a table, found an empty file"},
		"header only":        {"\n" + header + "\n", dataset.Layout{}, "3:1: expected a line of numbers after the header, found the end of the file"},
		"short row":          {header + row + "\n4,5\n", dataset.Layout{}, "3:3: expected 3 columns as in the first line, found 2"},
		"long row":           {header + row + "\n4,5,6,7\n", dataset.Layout{}, "3:7: expected 3 columns as in the first line, found 4"},
		"long row of blanks": {"pcx pcy pcz\n1 2 3\n4 5 6 7  \n", dataset.Layout{}, "3:7: expected 3 columns as in the first line, found 4"},
		"text":               {header + row + "\n4,five,6\n", dataset.Layout{}, "3:3: expected a finite number in column pcy, found five"},
		"empty field":        {header + "\n4,,6\n", dataset.Layout{}, `2:3: expected a finite number in column pcy, found ""`},
		"NaN":                {header + row + "\n4,5,NaN\n", dataset.Layout{}, "3:5: expected a finite number in column pcz, found NaN"},
		"infinity":           {header + "\n-Inf,5,6\n", dataset.Layout{}, "2:1: expected a finite number in column pcx, found -Inf"},
		"overflow":           {header + "\n1e999,5,6\n", dataset.Layout{}, "2:1: expected a finite number in column pcx, found 1e999, which float64 cannot hold"},
		"decimal comma":      {"pcx;pcy;pcz\n1,5;2;3\n", dataset.Layout{}, "2:1: expected a finite number in column pcx, found 1,5 (decimals are written with a point, and one separator stands between columns)"},
		"long text":          {header + "\n1,2," + strings.Repeat("z", 5000), dataset.Layout{}, "2:5: expected a finite number in column pcz, found " + strings.Repeat("z", 40) + "…"},
		"bare quote":         {header + "\n1,2\"2,3\n", dataset.Layout{}, "2:4: expected quotes around a whole field or none"},
		"open quote":         {header + "\n1,\"2,3\n", dataset.Layout{}, "2:8: expected quotes around a whole field or none"},
		"binary":             {header + "\n1,\x002,3\n", dataset.Layout{}, "2:3: expected text in UTF-8, found a zero byte: this is a binary file or UTF-16"},
		"garbage":            {"\x89PNG\r\n\x1a\n\xff", dataset.Layout{}, `1:1: expected columns such as px_C, py_C, pz_C or pcx, pcy, pcz, found none; the header has "\x89PNG"`},
		"no header":          {"1,2,3\n4,5,6\n", dataset.Layout{}, "1:1: expected a header with the columns' names, found only numbers (for a table without one, say so: NoHeader, --no-header)"},
		"no atoms":           {"a,b,c" + row, dataset.Layout{}, "1:1: expected columns such as px_C, py_C, pz_C or pcx, pcy, pcz, found none; the header has a, b, c"},
		"missing":            {"pcx,pcy,pox" + row, dataset.Layout{}, "1:1: expected columns pz_C, py_O, pz_O, which are missing; the header has pcx, pcy, pox"},
		"no momenta":         {"cx,cy,cz" + row, dataset.Layout{}, "1:1: expected columns px_C, py_C, pz_C, which are missing; the header has cx, cy, cz"},
		"half positions":     {"cx,pcx,pcy,pcz\n1,2,3,4", dataset.Layout{}, "1:1: expected columns y_C, z_C, which are missing; the header has cx, pcx, pcy, pcz"},
		"needed positions":   {header + row, dataset.Layout{NeedPositions: true}, "1:1: expected columns x_C, y_C, z_C, which are missing; the header has pcx, pcy, pcz"},
		"other atom":         {header + row, dataset.Layout{Atoms: []string{"S"}}, "1:1: expected columns px_S, py_S, pz_S, which are missing; the header has pcx, pcy, pcz"},
		"duplicate":          {"pcx,pcy,pcz,PCY\n1,2,3,4", dataset.Layout{}, `1:1: expected one column py_C, but columns 2 (pcy) and 4 (PCY) are both it`},
		"duplicate meaning":  {"pcx,pcy,pcz,px_C\n1,2,3,4", dataset.Layout{}, `1:1: expected one column px_C, but columns 1 (pcx) and 4 (px_C) are both it`},
		"half numbered":      {"phx,phy,phz,ph2x,ph2y,ph2z\n1,2,3,4,5,6", dataset.Layout{}, "1:1: 1 of 2 atoms H have a number: want all or none"},
		"asked absent":       {header + row, dataset.Layout{Momenta: []string{"pcx", "u", "v w"}}, `1:1: expected columns u, "v w", which are missing; the header has pcx, pcy, pcz`},
		"asked twice":        {header + row, dataset.Layout{Momenta: []string{"pcx", "pcy", "pcy"}}, "1:1: expected every column once, but column 2 was asked for twice"},
		"asked duplicate":    {"a,b,c,A\n1,2,3,4", dataset.Layout{Atoms: []string{"C"}, Momenta: []string{"a", "b", "c"}}, `1:1: expected one column a, but columns 1 (a) and 4 (A) are both it`},
		"asked too few":      {header + row, dataset.Layout{Momenta: []string{"pcx", "pcy"}}, "1:1: expected 3 columns of momenta for C, but 2 were asked for"},
		"asked positions":    {"a,b,c,d\n1,2,3,4", dataset.Layout{Atoms: []string{"C"}, Positions: []string{"d"}, Momenta: []string{"a", "b", "c"}}, "1:1: expected 3 columns of positions for C, but 1 were asked for"},
		"asked unnamed":      {"a,b,c" + row, dataset.Layout{Momenta: []string{"a", "b", "c"}}, "1:1: expected the atoms to be named, since the names of the columns asked for do not name them"},
		"atom twice":         {header + row, dataset.Layout{Atoms: []string{"H1", "H1"}}, "1:1: H1 occurs twice: want different numbers"},
		"atom empty":         {header + row, dataset.Layout{Atoms: []string{"C", ""}}, `1:1: "": want an element's symbol such as C, or H1`},

		"headerless text":           {"4,five,6\n", carbon, "1:3: expected a finite number in column 2, found five"},
		"headerless header":         {header + row, carbon, "1:1: expected numbers in the first line, found pcx, pcy, pcz (is it a header?)"},
		"headerless width":          {"1,2,3,4\n", carbon, "1:1: expected 3 columns (momenta of C) or 6 (positions, then momenta), found 4"},
		"headerless atoms":          {"1,2,3\n", dataset.Layout{NoHeader: true}, "1:1: expected the atoms to be named, since there is no header to name them"},
		"headerless need positions": {"1,2,3\n", dataset.Layout{NoHeader: true, Atoms: []string{"C"}, NeedPositions: true}, "1:1: expected columns of positions beside the momenta of C, found none"},
		"headerless column name":    {"1,2,3\n", dataset.Layout{NoHeader: true, Atoms: []string{"C"}, Momenta: []string{"1", "2", "pcz"}}, `1:1: expected a column number from 1 to 3, since there is no header, but column pcz was asked for`},
		"headerless column number":  {"1,2,3\n", dataset.Layout{NoHeader: true, Atoms: []string{"C"}, Momenta: []string{"1", "2", "4"}}, `1:1: expected a column number from 1 to 3, since there is no header, but column 4 was asked for`},
		"headerless only positions": {"1,2,3\n", dataset.Layout{NoHeader: true, Atoms: []string{"C"}, Positions: []string{"1", "2", "3"}}, "1:1: expected 3 columns of momenta for C, but 0 were asked for"},
	} {
		t.Run(name, func(t *testing.T) {
			e, err := readText(t, test.text, test.layout)
			require.Nil(t, e)
			require.ErrorContains(t, err, "t.csv:"+test.want)
			require.True(t, strings.HasSuffix(err.Error(), test.want), err)
			var wrong *table.Error
			require.ErrorAs(t, err, &wrong)
			require.Equal(t, "t.csv", filepath.Base(wrong.File))
		})
	}
}

func TestReadEventsShortensLongHeaders(t *testing.T) {
	names := make([]string, 100_000)
	for i := range names {
		names[i] = fmt.Sprintf("column%d", i)
	}
	_, err := readText(t, strings.Join(names, ",")+"\n", dataset.Layout{})
	require.ErrorContains(t, err, "and 99960 more")
	require.Less(t, len(err.Error()), 1000)
}

// Arrays without names of columns are positions and momenta by their shapes; further arrays have names.
func TestReadEventsUnderstandsPlainNPZ(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("there is no python3")
	}
	path := filepath.Join(t.TempDir(), "plain.npz")
	script := "import sys, numpy as n; n.savez(sys.argv[1], positions=n.arange(12.).reshape(2,2,3), momenta=n.arange(12.,24.).reshape(2,6), delay=n.array([5., 6.]))"
	if out, err := exec.Command(python, "-c", script, path).CombinedOutput(); err != nil {
		t.Skipf("python3 has no NumPy: %s", out)
	}
	e, err := table.ReadEvents(path, dataset.Layout{NoHeader: true, Atoms: []string{"C", "O"}}, table.Options{Extra: true})
	require.NoError(t, err)
	require.Equal(t, []float64{6, 7, 8, 9, 10, 11}, e.Positions.Row(1))
	require.Equal(t, []float64{12, 13, 14, 15, 16, 17}, e.Momenta.Row(0))
	require.Equal(t, []string{"delay"}, e.ExtraColumns)
	require.Equal(t, []float64{5, 6}, e.Extra.Data)
	_, err = table.ReadEvents(path, dataset.Layout{}, table.Options{})
	require.ErrorContains(t, err, "expected the atoms to be named")
}
