package table

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/dataset"
)

// storeFile writes a file of that name into a new folder.
func storeFile(t testing.TB, name string, content []byte) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, content, 0o600))
	return path
}

// readTable reads the columns of a file; without any, all of numbers.
func readTable(t testing.TB, path string, o Options, columns ...int) (names []string, rows dataset.Matrix, err error) {
	t.Helper()
	r, err := Open(path, o)
	if err != nil {
		return nil, dataset.Matrix{}, err
	}
	defer func() { require.NoError(t, r.Close()) }()
	if len(columns) > 0 {
		if err := r.Choose(columns); err != nil {
			return nil, dataset.Matrix{}, err
		}
	}
	rows, err = r.ReadAll()
	return r.Columns(), rows, err
}

func readText(t testing.TB, text string, o Options, columns ...int) ([]string, dataset.Matrix, error) {
	t.Helper()
	return readTable(t, storeFile(t, "t.csv", []byte(text)), o, columns...)
}

// hardNumbers returns rows [n, cols] of random bits, with the limits of float64 in
// front.
func hardNumbers(n, cols int, seed uint64) dataset.Matrix {
	random := rand.New(rand.NewPCG(seed, 1))
	m := dataset.NewMatrix(n, cols)
	for i := range m.Data {
		v := math.Float64frombits(random.Uint64())
		if i%2 == 0 || math.IsNaN(v) || math.IsInf(v, 0) {
			v = random.NormFloat64() * 100
		}
		m.Data[i] = v
	}
	copy(m.Data, []float64{math.Copysign(0, -1), math.SmallestNonzeroFloat64, -math.MaxFloat64, 1.0 / 3, 0, 0x1p-1022, -0x0.fffffffffffffp-1022})
	return m
}

func bitsOf(m dataset.Matrix) []uint64 {
	out := make([]uint64, len(m.Data))
	for i, v := range m.Data {
		out[i] = math.Float64bits(v)
	}
	return out
}

func requireSameBits(t testing.TB, want, got dataset.Matrix) {
	t.Helper()
	require.Equal(t, []int{want.Rows, want.Cols}, []int{got.Rows, got.Cols})
	require.Equal(t, bitsOf(want), bitsOf(got))
}

// writeTable writes a table by blocks of different sizes and by single rows.
func writeTable(t testing.TB, path string, columns []string, m dataset.Matrix, about Metadata) {
	t.Helper()
	w, err := Create(path, columns, about)
	require.NoError(t, err)
	defer w.Close()
	for i := 0; i < m.Rows; {
		if i%3 == 0 {
			require.NoError(t, w.WriteRow(m.Row(i)))
			i++
			continue
		}
		n := min(m.Rows-i, 1+i%4099)
		require.NoError(t, w.Write(dataset.Matrix{Rows: n, Cols: m.Cols, Data: m.Data[i*m.Cols : (i+n)*m.Cols]}))
		i += n
	}
	require.NoError(t, w.Commit())
}

func columnsOf(n int) []string {
	names := columnNumbers(n)
	for j := range names {
		names[j] = "column " + names[j]
	}
	return names
}

func TestTextKeepsEveryBit(t *testing.T) {
	m := hardNumbers(20_000, 7, 1)
	columns := []string{"x_C", "px_C", "a;b", `say "so"`, "c,d", "e\tf", "tö ö"}
	about := Metadata{"cei": `{"seed":1}`, "note": "two\nlines"}
	for _, ending := range textFormat.endings {
		t.Run(ending, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "t"+ending)
			writeTable(t, path, columns, m, about)
			for _, workers := range []int{0, 1, 3} {
				names, got, err := readTable(t, path, Options{Workers: workers})
				require.NoError(t, err)
				require.Equal(t, columns, names)
				requireSameBits(t, m, got)
			}
			r, err := Open(path, Options{})
			require.NoError(t, err)
			require.Equal(t, about, r.Metadata())
			require.True(t, r.Named())
			require.EqualValues(t, -1, r.Rows())
			require.NoError(t, r.Close())
		})
	}
}

func TestTextOfNumberedColumns(t *testing.T) {
	m := hardNumbers(10, 3, 2)
	path := filepath.Join(t.TempDir(), "t.csv")
	writeTable(t, path, columnNumbers(3), m, nil)
	r, err := Open(path, Options{NoHeader: true})
	require.NoError(t, err)
	defer r.Close()
	require.False(t, r.Named())
	require.Equal(t, []string{"1", "2", "3"}, r.Columns())
	got, err := r.ReadAll()
	require.NoError(t, err)
	requireSameBits(t, m, got)
}

func TestTextRefusesNamesItCannotKeep(t *testing.T) {
	for _, columns := range [][]string{{" a"}, {"a", "b "}, {" "}, {"2", "1"}, {"nan"}, {"\uFEFFa"}, {"a\x00"}, {"a\r\nb"}} {
		_, err := Create(filepath.Join(t.TempDir(), "t.csv"), columns, nil)
		require.ErrorContains(t, err, "a text cannot keep these names", "%q", columns)
	}
}

func TestTextSeparators(t *testing.T) {
	for ending, want := range map[string]string{".csv": "a,b\n1,2\n", ".tsv": "a\tb\n1\t2\n", ".txt": "a\tb\n1\t2\n", ".dat": "a\tb\n1\t2\n"} {
		path := filepath.Join(t.TempDir(), "T"+strings.ToUpper(ending))
		writeTable(t, path, []string{"a", "b"}, dataset.Matrix{Rows: 1, Cols: 2, Data: []float64{1, 2}}, nil)
		got, err := os.ReadFile(path)
		require.NoError(t, err)
		require.Equal(t, want, string(got))
	}
}

func TestTextOfManyKinds(t *testing.T) {
	want := dataset.Matrix{Rows: 2, Cols: 3, Data: []float64{1, -2.5, 3e-7, 4, 5, 6}}
	for name, text := range map[string]string{
		"LF":               "a,b,c\n1,-2.5,3e-7\n4,5,6\n",
		"CRLF":             "a,b,c\r\n1,-2.5,3e-7\r\n4,5,6\r\n",
		"no final newline": "a,b,c\n1,-2.5,3e-7\n4,5,6",
		"final CR":         "a,b,c\r\n1,-2.5,3e-7\r\n4,5,6\r",
		"byte order mark":  "\uFEFFa,b,c\n1,-2.5,3e-7\n4,5,6\n",
		"empty lines":      "\n\na,b,c\n\n1,-2.5,3e-7\n   \n\t\n\r\n4,5,6\n\n",
		"quotes":           "\"a\",\"b\",\"c\"\n\"1\",-2.5,3e-7\n4,5,6\n",
		"quoted separator": "\"a\",b,c,\"d;e\"\n1,-2.5,3e-7,\"x\ny\"\n4,5,6,\"\"\n",
		"tabs":             "a\tb\tc\n1\t-2.5\t3e-7\n4\t5\t6\n",
		"padded tabs":      "a\tb\tc\n 1 \t-2.5\t 3e-7 \n4\t5\t6\n",
		"semicolons":       "a;b;c\n1;-2.5;3e-7\n4;5;6\n",
		"blanks":           "  a b   c  \n 1 -2.5  3e-7\n4   5    6 \n\n  \n",
		"blanks and tabs":  "a b c\n1 \t-2.5  3e-7\t\n\t4 5\t 6 \t \n",
		"padding":          "a, b, c\n 1, -2.5 ,\t3e-7\n+4,5.,06\n",
		"hexadecimal":      "a,b,c\n0x1p0,-2.5,3e-7\n4,0x_5p0,6\n",
		"other spaces":     "a,b,c\n\u00a01,-2.5\v,\f3e-7\n4,\u20035\u2003,6\n",
		"spaces in blanks": "a b c\n\v 1 -2.5 \u00a0 3e-7\n4 5 6\n",
		"long digits":      "a,b,c\n1.0000000000000000000000,-2.5000000000000000000000000e0,0.0000003\n4,5,6\n",
		"text columns":     "a,t,b,c,u\n1,x y,-2.5,3e-7,\n4,,5,6,\xff\xfe\n",
	} {
		t.Run(name, func(t *testing.T) {
			names, got, err := readText(t, text, Options{})
			if name == "text columns" || name == "quoted separator" {
				names = []string{"a", "b", "c"}
			}
			require.NoError(t, err)
			require.Equal(t, []string{"a", "b", "c"}, names)
			requireSameBits(t, want, got)
		})
	}
}

func TestTextChoose(t *testing.T) {
	const text = "a,b,text,c,d\n1,2,x,3,4\n5,6,\"y\",7,8\n9,10,z,11,12\n"
	_, got, err := readText(t, text, Options{}, 4, 0, 4)
	require.NoError(t, err)
	require.Equal(t, []float64{4, 1, 4, 8, 5, 8, 12, 9, 12}, got.Data)

	r, err := Open(storeFile(t, "t.csv", []byte(text)), Options{})
	require.NoError(t, err)
	defer r.Close()
	require.Equal(t, []bool{true, true, false, true, true}, r.Numeric())
	err = r.Choose([]int{0, 2})
	require.ErrorContains(t, err, "t.csv:2:5: expected a finite number in column text, found x")
}

func TestTextWithoutHeader(t *testing.T) {
	names, got, err := readText(t, "\n1,x,2\n3,y,4\n", Options{NoHeader: true})
	require.NoError(t, err)
	require.Equal(t, []string{"1", "2", "3"}, names)
	require.Equal(t, []float64{1, 2, 3, 4}, got.Data)
}

func TestTextWithoutRows(t *testing.T) {
	for _, text := range []string{"a,b", "a,b\n", "\n\na,b\r\n\r\n \n"} {
		names, got, err := readText(t, text, Options{})
		require.NoError(t, err)
		require.Equal(t, []string{"a", "b"}, names)
		require.Zero(t, got.Rows)
	}
	names, _, err := readText(t, "a,a,\n", Options{})
	require.NoError(t, err)
	require.Equal(t, []string{"a", "a", ""}, names, "what names mean is for others to say")
}

func TestTextRefusesBadTables(t *testing.T) {
	const header, row = "pcx,pcy,pcz", "\n1,2,3"
	for name, test := range map[string]struct {
		text     string
		noHeader bool
		want     string // all of it after "table: read PATH:"
	}{
		"empty":              {"", false, "1:1: expected a table, found an empty file"},
		"empty lines":        {"\n\r\n\n", false, "1:1: expected a table, found an empty file"},
		"byte order mark":    {"\uFEFF", false, "1:1: expected a table, found an empty file"},
		"short row":          {header + row + "\n4,5\n", false, "3:3: expected 3 columns as in the first line, found 2"},
		"short first row":    {"\n" + header + "\n\n4,5\n", false, "4:3: expected 3 columns as in the first line, found 2"},
		"long row":           {header + row + "\n4,5,6,7\n", false, "3:7: expected 3 columns as in the first line, found 4"},
		"long row of blanks": {"pcx pcy pcz\n1 2 3\n4 5 6 7  \n", false, "3:7: expected 3 columns as in the first line, found 4"},
		"text":               {header + row + "\n4,five,6\n", false, "3:3: expected a finite number in column pcy, found five"},
		"empty field":        {header + "\n4,,6\n", false, `2:3: expected a finite number in column pcy, found ""`},
		"NaN":                {header + row + "\n4,5,NaN\n", false, "3:5: expected a finite number in column pcz, found NaN"},
		"infinity":           {header + "\n-Inf,5,6\n", false, "2:1: expected a finite number in column pcx, found -Inf"},
		"overflow":           {header + "\n1e999,5,6\n", false, "2:1: expected a finite number in column pcx, found 1e999, which float64 cannot hold"},
		"decimal comma":      {"pcx;pcy;pcz\n1,5;2;3\n", false, "2:1: expected a finite number in column pcx, found 1,5 (decimals are written with a point, and one separator stands between columns)"},
		"long text":          {header + "\n1,2," + strings.Repeat("z", 5000), false, "2:5: expected a finite number in column pcz, found " + strings.Repeat("z", 40) + "…"},
		"bare quote":         {header + "\n1,2\"2,3\n", false, "2:4: expected quotes around a whole field or none"},
		"open quote":         {header + "\n1,\"2,3\n", false, "2:8: expected quotes around a whole field or none"},
		"open quote later":   {header + row + row + "\n\"1\",2,3\n1,\"2,3\n4,5,6\n", false, "5:7: expected quotes around a whole field or none"},
		"quote in header":    {"pcx,p\"cy,pcz" + row, false, "1:6: expected quotes around a whole field or none"},
		"binary":             {header + "\n1,\x002,3\n", false, "2:3: expected text in UTF-8, found a zero byte: this is a binary file or UTF-16"},
		"UTF-16":             {"\xff\xfea\x00,\x00b\x00\n\x00", false, "1:4: expected text in UTF-8, found a zero byte: this is a binary file or UTF-16"},
		"no header":          {"1,2,3\n4,5,6\n", false, "1:1: expected a header with the columns' names, found only numbers (for a table without one, say so: NoHeader, --no-header)"},
		"headerless text":    {"4,five,6\n", true, "1:3: expected a finite number in column 2, found five"},
		"headerless header":  {"\n" + header + row, true, "2:1: expected numbers in the first line, found pcx, pcy, pcz (is it a header?)"},
		"after a quote":      {header + "\n\"1\",2,3\n1,2,3\n\n1,2,x\n", false, "5:5: expected a finite number in column pcz, found x"},
	} {
		t.Run(name, func(t *testing.T) {
			path := storeFile(t, "t.csv", []byte(test.text))
			var columns []int
			if !strings.HasPrefix(test.want, "1:1:") {
				columns = []int{0, 1, 2}
			}
			_, _, err := readTable(t, path, Options{NoHeader: test.noHeader}, columns...)
			require.EqualError(t, err, "table: read "+path+":"+test.want)
			var wrong *Error
			require.ErrorAs(t, err, &wrong)
			require.Equal(t, path, wrong.File)
		})
	}
}

// longText returns a text of several chunks, with the line that has the number n
// (from 1, the header) replaced.
func longText(lines, n int, line string) string {
	var text strings.Builder
	text.WriteString("a,b,c\n")
	for i := 2; i <= lines; i++ {
		if i == n {
			text.WriteString(line + "\n")
			continue
		}
		fmt.Fprintf(&text, "%d,%g,%g\n", i, 1/float64(i), math.Sqrt(float64(i)))
	}
	return text.String()
}

// The first error of the file is the one to tell, however many goroutines read.
func TestTextFindsTheFirstError(t *testing.T) {
	const lines = 150_000
	for _, n := range []int{2, 40_000, 99_999, lines} {
		text := longText(lines, n, "1,two,3")
		if n < lines {
			text += "1,2,3,4\n"
		}
		for _, workers := range []int{1, 2, 5} {
			r, err := Open(storeFile(t, "t.csv", []byte(text)), Options{Workers: workers})
			require.NoError(t, err)
			err = r.Choose([]int{0, 1, 2})
			rows := 0
			for err == nil {
				var block dataset.Matrix
				block, err = r.Next()
				rows += block.Rows
			}
			require.ErrorContains(t, err, fmt.Sprintf("t.csv:%d:3: expected a finite number in column b, found two", n))
			if n > 2 {
				require.Equal(t, n-2, rows, "what comes before is given")
			}
			_, again := r.Next()
			if n > 2 {
				require.Equal(t, err, again)
			}
			require.NoError(t, r.Close())
		}
	}
}

// Chunks are cut outside of quotes, and an odd quote is blamed where it stands.
func TestTextOfQuotesInManyChunks(t *testing.T) {
	var text strings.Builder
	text.WriteString("a,t,b\n")
	random := rand.New(rand.NewPCG(7, 7))
	want := dataset.Matrix{Cols: 2}
	for i := range 60_000 {
		note := strings.Repeat("line\n", random.IntN(30))
		if random.IntN(1000) == 0 {
			note = strings.Repeat("\"\"\n", 5000)
		}
		fmt.Fprintf(&text, "%d,\"%s\",0.5\n", i, note)
		want.Rows, want.Data = want.Rows+1, append(want.Data, float64(i), 0.5)
	}
	for _, workers := range []int{1, 3} {
		_, got, err := readText(t, text.String(), Options{Workers: workers})
		require.NoError(t, err)
		requireSameBits(t, want, got)
	}
	before := strings.Count(text.String(), "\n")
	text.WriteString("1,2\"2,3\n")
	text.WriteString(strings.Repeat("1,2,3\n", 500_000))
	_, _, err := readText(t, text.String(), Options{})
	require.ErrorContains(t, err, fmt.Sprintf("t.csv:%d:4: expected quotes around a whole field or none", before+1))
}

func TestTextOfAMillionColumns(t *testing.T) {
	names := make([]string, mostColumns)
	numbers := make([]string, mostColumns)
	for j := range names {
		names[j], numbers[j] = "c"+strconv.Itoa(j), strconv.Itoa(j)
	}
	header, row := strings.Join(names, ",")+"\n", strings.Join(numbers, ",")+"\n"
	_, got, err := readText(t, header+row+row, Options{}, 0, mostColumns-1)
	require.NoError(t, err)
	require.Equal(t, []float64{0, mostColumns - 1, 0, mostColumns - 1}, got.Data)
	_, got, err = readText(t, header+row, Options{})
	require.NoError(t, err)
	require.Equal(t, mostColumns, got.Cols)

	_, _, err = readText(t, "more,"+header, Options{})
	require.ErrorContains(t, err, "t.csv:1:1: expected at most 1048576 columns, found 1048577")
	_, _, err = readText(t, header+row+"1,"+row, Options{}, 1)
	require.ErrorContains(t, err, "t.csv:3:1: expected at most 1048576 columns, found 1048577")
}

func TestTextShortensLongHeaders(t *testing.T) {
	_, _, err := readText(t, strings.Repeat("name,", 100_000)+"name\n", Options{NoHeader: true})
	require.ErrorContains(t, err, "and 99961 more")
	require.Less(t, len(err.Error()), 1000)
}

// endless compresses n times the same bytes.
func endless(t *testing.T, ending, start, again string, n int) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "t.csv"+ending)
	file, err := os.Create(path)
	require.NoError(t, err)
	defer file.Close()
	w, err := compress(file, path)
	require.NoError(t, err)
	_, err = io.WriteString(w, start)
	require.NoError(t, err)
	block := []byte(strings.Repeat(again, 1<<20))
	for range n {
		_, err = w.Write(block)
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	return path
}

func TestTextRefusesBombs(t *testing.T) {
	for _, ending := range []string{".gz", ".zst"} {
		_, _, err := readTable(t, endless(t, ending, "", "\n", 65), Options{})
		require.ErrorContains(t, err, "found 64 MiB of empty lines")
		_, _, err = readTable(t, endless(t, ending, "a,b\n1,2\n", "\n", 66), Options{})
		require.ErrorContains(t, err, "found 64 MiB of empty lines")
		if ending == ".gz" {
			continue
		}
		_, _, err = readTable(t, endless(t, ending, "a,b\n", "\n", 65), Options{})
		require.ErrorContains(t, err, "found 64 MiB of empty lines")
		_, _, err = readTable(t, endless(t, ending, "a,b\n1,2\n", "1", 65), Options{})
		require.ErrorContains(t, err, "t.csv"+ending+":3:1: expected lines of less than 64 MiB, found a longer one")
		_, _, err = readTable(t, endless(t, ending, "a,b\n1,2\n\"", "1\n", 33), Options{})
		require.ErrorContains(t, err, "t.csv"+ending+":3:1: expected lines of less than 64 MiB, found a longer one (or a quote")
		_, _, err = readTable(t, endless(t, ending, "a,b\n1,2\n1\"", "1\n", 33), Options{})
		require.ErrorContains(t, err, "t.csv"+ending+":3:2: expected quotes around a whole field or none")
	}
}

func TestTextOfDamagedCompression(t *testing.T) {
	for _, ending := range []string{".csv.gz", ".csv.zst"} {
		path := filepath.Join(t.TempDir(), "t"+ending)
		writeTable(t, path, []string{"a", "b"}, hardNumbers(50_000, 2, 5), nil)
		whole, err := os.ReadFile(path)
		require.NoError(t, err)
		for _, n := range []int{0, 3, 30, len(whole) / 2, len(whole) - 1} {
			_, _, err = readTable(t, storeFile(t, "t"+ending, whole[:n]), Options{})
			require.Error(t, err, "%d of %d bytes", n, len(whole))
		}
		flipped := bytes.Clone(whole)
		flipped[len(whole)/2] ^= 1
		_, _, err = readTable(t, storeFile(t, "t"+ending, flipped), Options{})
		require.Error(t, err)
		_, _, err = readTable(t, storeFile(t, "t"+ending, []byte("a,b\n1,2\n")), Options{})
		require.ErrorContains(t, err, "decompress")
	}
}

// However long a text is, a few chunks of it are in memory.
func TestTextTakesLittleMemory(t *testing.T) {
	path := endless(t, ".zst", "a,b\n", "1.25,-3e-7\n", 15)
	r, err := Open(path, Options{Workers: 2})
	require.NoError(t, err)
	defer r.Close()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	rows := 0
	for {
		block, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
		rows += block.Rows
	}
	runtime.ReadMemStats(&after)
	require.Equal(t, 15<<20, rows)
	require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(64<<20))
}

func TestTextFiles(t *testing.T) {
	_, err := Open(filepath.Join(t.TempDir(), "absent.csv"), Options{})
	require.ErrorIs(t, err, os.ErrNotExist)
	folder := filepath.Join(t.TempDir(), "d.csv")
	require.NoError(t, os.Mkdir(folder, 0o700))
	_, err = Open(folder, Options{})
	require.ErrorContains(t, err, "d.csv")
}

// A text that fails in the middle gives the rows before and its own error.
func TestTextPassesErrorsOfReading(t *testing.T) {
	broken := errors.New("the disk is gone")
	for _, start := range []string{"a,b\n", "a,b\n1,2\n3,4\n5,", longText(100_000, 0, "")} {
		for _, workers := range []int{1, 2} {
			file, err := os.Open(storeFile(t, "t.csv", nil))
			require.NoError(t, err)
			text := contents{io.MultiReader(strings.NewReader(start), failingReader{broken}), func() {}}
			s := &textSource{file: file, text: text, cutter: cutter{in: text}, workers: workers, first: &textChunk{}}
			s.cutter.cut(s.first)
			require.NoError(t, s.readHeader(false))
			chosen := []int{0, 1}
			if err = s.choose(chosen); err == nil {
				rows := 0
				for err == nil {
					var block dataset.Matrix
					block, err = s.next()
					rows += block.Rows
				}
				require.Equal(t, max(strings.Count(start, "\n")-1, 0), rows)
			}
			require.ErrorIs(t, err, broken)
			require.NoError(t, s.close())
		}
	}
}

func TestTextClosedEarlyStopsItsGoroutines(t *testing.T) {
	path := storeFile(t, "t.csv", []byte(longText(400_000, 0, "")))
	before := runtime.NumGoroutine()
	for i := range 20 {
		r, err := Open(path, Options{Workers: 4})
		require.NoError(t, err)
		for range i % 4 {
			_, err := r.Next()
			require.NoError(t, err)
		}
		require.NoError(t, r.Close())
		_, err = r.Next()
		require.ErrorContains(t, err, "closed")
	}
	for range 20 {
		w, err := Create(filepath.Join(t.TempDir(), "t.csv.zst"), []string{"a"}, nil)
		require.NoError(t, err)
		require.NoError(t, w.Write(hardNumbers(30_000, 1, 1)))
		require.NoError(t, w.Close())
		require.NoError(t, w.Close())
	}
	for wait := time.Millisecond; runtime.NumGoroutine() > before; wait *= 2 { // a goroutine ends a little after its last act
		require.Less(t, wait, 5*time.Second, "goroutines are left")
		time.Sleep(wait)
	}
}

// A pipe gives its text in small pieces and cannot be asked for its size.
func TestTextOfSmallReads(t *testing.T) {
	text := longText(120_000, 0, "")
	_, want, err := readText(t, text, Options{})
	require.NoError(t, err)
	file, err := os.Open(storeFile(t, "t.csv", nil))
	require.NoError(t, err)
	in := contents{&slowReader{text: text}, func() {}}
	s := &textSource{file: file, text: in, cutter: cutter{in: in}, workers: 2, first: &textChunk{}}
	s.cutter.cut(s.first)
	require.NoError(t, s.readHeader(false))
	require.NoError(t, s.choose([]int{0, 1, 2}))
	var got dataset.Matrix
	for {
		block, err := s.next()
		if err != nil {
			require.ErrorIs(t, err, io.EOF)
			break
		}
		got.Rows, got.Cols, got.Data = got.Rows+block.Rows, block.Cols, append(got.Data, block.Data...)
	}
	require.NoError(t, s.close())
	requireSameBits(t, want, got)
}

type slowReader struct {
	text string
	n    int
}

func (r *slowReader) Read(p []byte) (int, error) {
	if r.text == "" {
		return 0, io.EOF
	}
	r.n++
	n := copy(p[:min(len(p), r.n%700)], r.text)
	r.text = r.text[n:]
	return n, nil
}

type fullDisk struct{ err error }

func (d fullDisk) Write([]byte) (int, error) { return 0, d.err }
func (d fullDisk) Close() error              { return nil }

func TestTextPassesErrorsOfWriting(t *testing.T) {
	full := errors.New("no space left")
	s := &textSink{out: fullDisk{full}, separator: ',', written: make(chan struct{})}
	s.start(2)
	for range 10 {
		if err := s.write(hardNumbers(10_000, 2, 1)); err != nil {
			require.ErrorIs(t, err, full)
		}
	}
	require.ErrorIs(t, s.finish(), full)
	s.discard()
}

// The quick way through a line gives what encoding/csv and strconv give.
func requireSameWithoutShortcut(t *testing.T, text []byte, o Options) {
	r, err := Open(storeFile(t, "t.csv", text), o)
	if err != nil {
		return
	}
	defer r.Close()
	columns := numericColumns(r.header)
	if len(columns) == 0 {
		return
	}
	s := r.source.(*textSource)
	for _, chosen := range [][]int{columns, columns[len(columns)-1:]} {
		p := newTextParser(s.separator, s.head.columns, chosen)
		want, wantErr := p.allLines(nil, newRecords(s.first.text, s.first.end, s.separator))
		c := &textChunk{buffer: s.first.buffer, text: s.first.text, end: s.first.end}
		p.parse(c)
		require.Equal(t, wantErr, c.err)
		require.Equal(t, bitsOf(dataset.Matrix{Data: want}), bitsOf(c.rows))
	}
}

func FuzzReadText(f *testing.F) {
	for _, text := range []string{
		"x_C,y_C\n1,2\n", "\uFEFFa;b\r\n1;2\r\n", "1\t2\t3\t4\t5\t6\r\n", " 1  2 3 \n4 5 6\n", "a b\n\v 1\n1 \t2\n", "\"a\",b\n\"1\n\",2,3",
		"a,b\n1,\"2\n3,4", "a,b\n1e999,0x1p-2\n", "a,b,t\n-0,5e-324,x\n1,2,\"y\"\n", "a\x00", "\x1f\x8b\x08", "1,2\r\r\n3,4\r", "a,b\n1_0,2\n",
	} {
		f.Add([]byte(text), false)
		f.Add([]byte(text), true)
	}
	f.Fuzz(func(t *testing.T, text []byte, noHeader bool) {
		o := Options{NoHeader: noHeader, Workers: 2}
		requireSameWithoutShortcut(t, text, o)
		names, rows, err := readTable(t, storeFile(t, "t.csv", text), o)
		if err != nil {
			require.NotEmpty(t, err.Error())
			return
		}
		if rows.Rows == 0 {
			return
		}
		path := filepath.Join(t.TempDir(), "again.csv")
		writeTable(t, path, columnsOf(rows.Cols), rows, nil)
		_, again, err := readTable(t, path, Options{})
		require.NoError(t, err)
		requireSameBits(t, rows, again)
		require.GreaterOrEqual(t, len(names), rows.Cols)
	})
}
