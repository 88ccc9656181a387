package dataset

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/gocei/gocei/explosion"
	"github.com/stretchr/testify/require"
)

const (
	diatomicHeader = "x_C,y_C,z_C,x_O,y_O,z_O,px_C,py_C,pz_C,px_O,py_O,pz_O"
	diatomicRow    = "1,2,3,4,5,6,7,8,9,10,11,12"
)

func read(text string, o Layout) (*Events, error) {
	return ReadCSV(strings.NewReader(text), "t.csv", o)
}

func TestReadCSVUnderstandsHeaders(t *testing.T) {
	for name, header := range map[string]string{
		"house":      diatomicHeader,
		"compact":    "cx,cy,cz,ox,oy,oz,pcx,pcy,pcz,pox,poy,poz",
		"upper case": strings.ToUpper(diatomicHeader),
		"mixed":      "cx, cy ,cz,x_o,y_o,Z_O,PCX,pcy,pcz,px_O,py_O,pz_O",
		"numbered":   strings.ReplaceAll(diatomicHeader, "_C", "_C1"),
	} {
		t.Run(name, func(t *testing.T) {
			e, err := read(header+"\n"+diatomicRow+"\n", Layout{})
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

func TestReadCSVFindsColumnsInAnyOrder(t *testing.T) {
	e, err := read("time,pz_O,py_O,px_O,index,px_C,pz_C,py_C,\n0.5,3,2,1,first,4,6,5,\n", Layout{})
	require.NoError(t, err)
	require.Equal(t, []string{"O", "C"}, e.Atoms, "the header's order")
	require.Equal(t, []float64{1, 2, 3, 4, 5, 6}, e.Momenta.Row(0))
	require.False(t, e.HasPositions())
	require.Nil(t, e.PositionColumns)
	require.Equal(t, 3, e.IgnoredColumns)
}

func TestReadCSVNumbersRepeatedAtoms(t *testing.T) {
	const text = "px_H1,py_H1,pz_H1,px_O,py_O,pz_O,ph2x,ph2y,ph2z\n1,2,3,4,5,6,7,8,9\n"
	e, err := read(text, Layout{})
	require.NoError(t, err)
	require.Equal(t, []string{"H1", "O", "H2"}, e.Atoms)
	e, err = read(text, Layout{Atoms: []string{"o", "h", "h"}})
	require.NoError(t, err)
	require.Equal(t, []string{"O", "H1", "H2"}, e.Atoms)
	require.Equal(t, []float64{4, 5, 6, 1, 2, 3, 7, 8, 9}, e.Momenta.Row(0))
}

func TestReadCSVUnderstandsTextFiles(t *testing.T) {
	want, err := read("pcx,pcy,pcz\n1,-2.5,3e-7\n4,5,6\n", Layout{})
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
			e, err := read(text, Layout{})
			require.NoError(t, err)
			require.Equal(t, want, e)
		})
	}
}

func TestReadCSVWithoutHeader(t *testing.T) {
	atoms := []string{"C", "O"}
	e, err := read(diatomicRow, Layout{NoHeader: true, Atoms: atoms})
	require.NoError(t, err)
	require.Equal(t, []float64{1, 2, 3, 4, 5, 6}, e.Positions.Row(0))
	require.Equal(t, []float64{7, 8, 9, 10, 11, 12}, e.Momenta.Row(0))

	e, err = read("1,2,3,4,5,6\n7,8,9,10,11,12\n", Layout{NoHeader: true, Atoms: atoms})
	require.NoError(t, err)
	require.False(t, e.HasPositions())
	require.Equal(t, 2, e.Len())

	e, err = read("tag,"+diatomicRow, Layout{NoHeader: true, Atoms: atoms, Momenta: strings.Fields("7 6 5 4 3 2")})
	require.NoError(t, err)
	require.False(t, e.HasPositions())
	require.Equal(t, []float64{6, 5, 4, 3, 2, 1}, e.Momenta.Row(0))
	require.Equal(t, 7, e.IgnoredColumns)
}

func TestReadCSVTakesColumnsByName(t *testing.T) {
	const text = "a,b,c,d,e,f,extra\n1,2,3,4,5,6,x\n"
	o := Layout{Atoms: []string{"C"}, Positions: []string{"a", "B", "c"}, Momenta: []string{"f", "e", "d"}}
	e, err := read(text, o)
	require.NoError(t, err)
	require.Equal(t, []float64{1, 2, 3}, e.Positions.Row(0))
	require.Equal(t, []float64{6, 5, 4}, e.Momenta.Row(0))
	require.Equal(t, 1, e.IgnoredColumns)

	e, err = read(diatomicHeader+"\n"+diatomicRow, Layout{Momenta: []string{"px_O", "py_O", "pz_O"}})
	require.NoError(t, err)
	require.Equal(t, []string{"O"}, e.Atoms, "atoms follow from the names")
	require.Equal(t, []float64{4, 5, 6}, e.Positions.Row(0))
}

func TestReadCSVRefusesBadTables(t *testing.T) {
	const header, row = "pcx,pcy,pcz", "\n1,2,3"
	carbon := Layout{NoHeader: true, Atoms: []string{"C"}}
	for name, test := range map[string]struct {
		text   string
		layout Layout
		want   string // all of it after "dataset: read t.csv:"
	}{
		"empty":              {"", Layout{}, "1:1: expected a table, found an empty file"},
		"empty lines":        {"\n\r\n\n", Layout{}, "1:1: expected a table, found an empty file"},
		"byte order mark":    {"\uFEFF", Layout{}, "1:1: expected a table, found an empty file"},
		"header only":        {"\n" + header + "\n", Layout{}, "3:1: expected a line of numbers after the header, found the end of the file"},
		"short row":          {header + row + "\n4,5\n", Layout{}, "3:3: expected 3 columns as in the first line, found 2"},
		"long row":           {header + row + "\n4,5,6,7\n", Layout{}, "3:7: expected 3 columns as in the first line, found 4"},
		"long row of blanks": {"pcx pcy pcz\n1 2 3\n4 5 6 7  \n", Layout{}, "3:7: expected 3 columns as in the first line, found 4"},
		"text":               {header + row + "\n4,five,6\n", Layout{}, "3:3: expected a finite number in column pcy, found five"},
		"empty field":        {header + "\n4,,6\n", Layout{}, `2:3: expected a finite number in column pcy, found ""`},
		"NaN":                {header + row + "\n4,5,NaN\n", Layout{}, "3:5: expected a finite number in column pcz, found NaN"},
		"infinity":           {header + "\n-Inf,5,6\n", Layout{}, "2:1: expected a finite number in column pcx, found -Inf"},
		"overflow":           {header + "\n1e999,5,6\n", Layout{}, "2:1: expected a finite number in column pcx, found 1e999, which float64 cannot hold"},
		"decimal comma":      {"pcx;pcy;pcz\n1,5;2;3\n", Layout{}, "2:1: expected a finite number in column pcx, found 1,5 (decimals are written with a point, and one separator stands between columns)"},
		"long text":          {header + "\n1,2," + strings.Repeat("z", 5000), Layout{}, "2:5: expected a finite number in column pcz, found " + strings.Repeat("z", 40) + "…"},
		"bare quote":         {header + "\n1,2\"2,3\n", Layout{}, "2:4: expected quotes around a whole field or none"},
		"open quote":         {header + "\n1,\"2,3\n", Layout{}, "2:8: expected quotes around a whole field or none"},
		"binary":             {header + "\n1,\x002,3\n", Layout{}, "2:3: expected text in UTF-8, found a zero byte: this is a binary file or UTF-16"},
		"garbage":            {"\x89PNG\r\n\x1a\n\xff", Layout{}, `1:1: expected columns such as px_C, py_C, pz_C or pcx, pcy, pcz, found none; the header has "\x89PNG"`},
		"no header":          {"1,2,3\n4,5,6\n", Layout{}, "1:1: expected a header with the columns' names, found only numbers (for a table without one, say so: NoHeader, --no-header)"},
		"no atoms":           {"a,b,c" + row, Layout{}, "1:1: expected columns such as px_C, py_C, pz_C or pcx, pcy, pcz, found none; the header has a, b, c"},
		"missing":            {"pcx,pcy,pox" + row, Layout{}, "1:1: expected columns pz_C, py_O, pz_O, which are missing; the header has pcx, pcy, pox"},
		"no momenta":         {"cx,cy,cz" + row, Layout{}, "1:1: expected columns px_C, py_C, pz_C, which are missing; the header has cx, cy, cz"},
		"half positions":     {"cx,pcx,pcy,pcz\n1,2,3,4", Layout{}, "1:1: expected columns y_C, z_C, which are missing; the header has cx, pcx, pcy, pcz"},
		"needed positions":   {header + row, Layout{NeedPositions: true}, "1:1: expected columns x_C, y_C, z_C, which are missing; the header has pcx, pcy, pcz"},
		"other atom":         {header + row, Layout{Atoms: []string{"S"}}, "1:1: expected columns px_S, py_S, pz_S, which are missing; the header has pcx, pcy, pcz"},
		"duplicate":          {"pcx,pcy,pcz,PCY\n1,2,3,4", Layout{}, `1:1: expected one column py_C, but columns 2 (pcy) and 4 (PCY) are both it`},
		"duplicate meaning":  {"pcx,pcy,pcz,px_C\n1,2,3,4", Layout{}, `1:1: expected one column px_C, but columns 1 (pcx) and 4 (px_C) are both it`},
		"half numbered":      {"phx,phy,phz,ph2x,ph2y,ph2z\n1,2,3,4,5,6", Layout{}, "1:1: 1 of 2 atoms H have a number: want all or none"},
		"asked absent":       {header + row, Layout{Momenta: []string{"pcx", "u", "v w"}}, `1:1: expected columns u, "v w", which are missing; the header has pcx, pcy, pcz`},
		"asked twice":        {header + row, Layout{Momenta: []string{"pcx", "pcy", "pcy"}}, "1:1: expected every column once, but column 2 was asked for twice"},
		"asked duplicate":    {"a,b,c,A\n1,2,3,4", Layout{Atoms: []string{"C"}, Momenta: []string{"a", "b", "c"}}, `1:1: expected one column a, but columns 1 (a) and 4 (A) are both it`},
		"asked too few":      {header + row, Layout{Momenta: []string{"pcx", "pcy"}}, "1:1: expected 3 columns of momenta for C, but 2 were asked for"},
		"asked positions":    {"a,b,c,d\n1,2,3,4", Layout{Atoms: []string{"C"}, Positions: []string{"d"}, Momenta: []string{"a", "b", "c"}}, "1:1: expected 3 columns of positions for C, but 1 were asked for"},
		"asked unnamed":      {"a,b,c" + row, Layout{Momenta: []string{"a", "b", "c"}}, "1:1: expected the atoms to be named, since the names of the columns asked for do not name them"},
		"atom twice":         {header + row, Layout{Atoms: []string{"H1", "H1"}}, "1:1: H1 occurs twice: want different numbers"},
		"atom empty":         {header + row, Layout{Atoms: []string{"C", ""}}, `1:1: "": want an element's symbol such as C, or H1`},

		"headerless text":           {"4,five,6\n", carbon, "1:3: expected a finite number in column 2, found five"},
		"headerless header":         {header + row, carbon, "1:1: expected numbers in the first line, found pcx, pcy, pcz (is it a header?)"},
		"headerless width":          {"1,2,3,4\n", carbon, "1:1: expected 3 columns (momenta of C) or 6 (positions, then momenta), found 4"},
		"headerless atoms":          {"1,2,3\n", Layout{NoHeader: true}, "1:1: expected the atoms to be named, since there is no header to name them"},
		"headerless need positions": {"1,2,3\n", Layout{NoHeader: true, Atoms: []string{"C"}, NeedPositions: true}, "1:1: expected columns of positions beside the momenta of C, found none"},
		"headerless column name":    {"1,2,3\n", Layout{NoHeader: true, Atoms: []string{"C"}, Momenta: []string{"1", "2", "pcz"}}, `1:1: expected a column number from 1 to 3, since there is no header, but column pcz was asked for`},
		"headerless column number":  {"1,2,3\n", Layout{NoHeader: true, Atoms: []string{"C"}, Momenta: []string{"1", "2", "4"}}, `1:1: expected a column number from 1 to 3, since there is no header, but column 4 was asked for`},
		"headerless only positions": {"1,2,3\n", Layout{NoHeader: true, Atoms: []string{"C"}, Positions: []string{"1", "2", "3"}}, "1:1: expected 3 columns of momenta for C, but 0 were asked for"},
	} {
		t.Run(name, func(t *testing.T) {
			e, err := read(test.text, test.layout)
			require.Nil(t, e)
			require.EqualError(t, err, "dataset: read t.csv:"+test.want)
			var wrong *TableError
			require.ErrorAs(t, err, &wrong)
			require.Equal(t, "t.csv", wrong.File)
		})
	}
}

func TestReadCSVShortensLongHeaders(t *testing.T) {
	names := make([]string, 100_000)
	for i := range names {
		names[i] = fmt.Sprintf("column%d", i)
	}
	_, err := read(strings.Join(names, ",")+"\n", Layout{})
	require.ErrorContains(t, err, "and 99960 more")
	require.Less(t, len(err.Error()), 1000)
}

func TestReadCSVPassesReaderErrors(t *testing.T) {
	broken := errors.New("the disk is gone")
	for _, start := range []string{"", "pcx,pcy,pcz\n1,2,3\n"} {
		_, err := ReadCSV(io.MultiReader(strings.NewReader(start), iotest.ErrReader(broken)), "t.csv", Layout{})
		require.ErrorIs(t, err, broken)
		require.ErrorContains(t, err, "t.csv")
	}
}

func TestReadFile(t *testing.T) {
	folder := t.TempDir()
	for _, name := range []string{"a.csv", "a.TSV", "a.txt", "a.dat"} {
		path := filepath.Join(folder, name)
		require.NoError(t, os.WriteFile(path, []byte("pcx\tpcy\tpcz\n1\t2\t3\n"), 0o600))
		e, err := ReadFile(path, Layout{})
		require.NoError(t, err)
		require.Equal(t, 1, e.Len())
	}
	_, err := ReadFile(filepath.Join(folder, "a.xlsx"), Layout{})
	require.ErrorContains(t, err, "want a .csv, .tsv, .txt or .dat file")
	_, err = ReadFile(filepath.Join(folder, "absent.csv"), Layout{})
	require.ErrorIs(t, err, os.ErrNotExist)
	require.NoError(t, os.Mkdir(filepath.Join(folder, "d.csv"), 0o700))
	_, err = ReadFile(filepath.Join(folder, "d.csv"), Layout{})
	require.ErrorContains(t, err, "d.csv")
}

func FuzzReadCSV(f *testing.F) {
	f.Add([]byte(diatomicHeader+"\n"+diatomicRow+"\n"), false)
	f.Add([]byte("\uFEFFpcx;pcy;pcz\r\n1;2;3\r\n"), false)
	f.Add([]byte("1\t2\t3\t4\t5\t6\r\n"), true)
	f.Add([]byte(" 1  2 3 \n4 5 6\n"), true)
	f.Add([]byte("ph1x ph1y ph1z ph2x ph2y ph2z\n1 2 3 4 5 -0\n"), false)
	f.Add([]byte("\"pcx\",pcy,pcz\n\"1\n\",2,3"), false)
	f.Fuzz(func(t *testing.T, text []byte, noHeader bool) {
		o := Layout{NoHeader: noHeader}
		if noHeader {
			o.Atoms = []string{"C"}
		}
		e, err := ReadCSV(bytes.NewReader(text), "fuzz", o)
		if err != nil {
			require.Nil(t, e)
			require.NotEmpty(t, err.Error())
			return
		}
		require.Positive(t, e.Len())
		require.Negative(t, e.Momenta.firstNonFinite())
		var written bytes.Buffer
		require.NoError(t, WriteCSV(&written, e))
		again, err := ReadCSV(&written, "written", Layout{})
		require.NoError(t, err)
		e.IgnoredColumns = 0
		require.Equal(t, e, again)
	})
}
