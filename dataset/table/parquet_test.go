package table_test

import (
	"bytes"
	"encoding/binary"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/dataset/table"
)

func fixture(name string) string { return filepath.Join("testdata", "parquet", name+".parquet") }

// fixtureNumber is number in testdata/parquet.py.
func fixtureNumber(row, column int) float64 {
	if row%4 == 0 {
		return float64(column)
	}
	return float64((row*7919+column*104729)%20011-10000) / 8
}

func fixtureTable(convert func(float64) float64) dataset.Matrix {
	m := dataset.NewMatrix(400, 4)
	for i := range m.Data {
		m.Data[i] = convert(fixtureNumber(i/4, i%4))
	}
	return m
}

// Files of pyarrow are read to the bit: encodings, codecs, versions of pages, types
// and columns whose pages begin at different rows.
func TestParquetOfPyarrow(t *testing.T) {
	same := func(v float64) float64 { return v }
	for _, name := range []string{
		"default", "plain", "gzip", "zstd", "lz4", "brotli", "snappy", "groups", "version2", "version2_required",
		"checksums", "float32", "float32_split", "split",
	} {
		t.Run(name, func(t *testing.T) {
			r := open(t, fixture(name), table.Options{Workers: 3})
			assert.Equal(t, []string{"x_C", "px_C", "b", "a"}, r.Columns())
			assert.Equal(t, int64(400), r.Rows())
			got, err := r.ReadAll()
			require.NoError(t, err)
			sameBits(t, fixtureTable(same), got)
		})
	}
}

func TestParquetIntegersOfPyarrow(t *testing.T) {
	for _, name := range []string{"int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "int32_delta", "int64_delta", "uint32_delta", "uint64_delta"} {
		t.Run(name, func(t *testing.T) {
			want := fixtureTable(func(v float64) float64 {
				v = math.RoundToEven(v)
				switch {
				case strings.HasSuffix(name, "8"): // Python's remainder is not negative
					return math.Mod(math.Mod(v, 100)+100, 100)
				case strings.HasPrefix(name, "u"):
					return math.Abs(v)
				}
				return v
			})
			for i, v := range want.Data {
				want.Data[i] = v + 0 // integers have no -0
			}
			sameBits(t, want, readAll(t, fixture(name)))
		})
	}
}

func TestParquetWithoutRows(t *testing.T) {
	r := open(t, fixture("empty"), table.Options{})
	assert.Equal(t, []bool{true, true, true, true}, r.Numeric())
	m, err := r.ReadAll()
	require.NoError(t, err)
	assert.Zero(t, m.Rows)
	r = open(t, fixture("nothing"), table.Options{})
	_, err = r.ReadAll()
	requireTableError(t, err, fixture("nothing"))
}

// What Arrow and pandas say of the file's own columns, and what is no text, stays
// behind.
func TestParquetMetadataOfPyarrow(t *testing.T) {
	assert.Equal(t, table.Metadata{"cei": `{"a": "é"}`, "empty": ""}, open(t, fixture("default"), table.Options{}).Metadata())
	assert.Nil(t, open(t, fixture("plain"), table.Options{}).Metadata())
}

func TestParquetRefusesWhatIsNoNumber(t *testing.T) {
	for name, want := range map[string]string{
		"null":             "row 346: expected a number in column x_C, found none",
		"nan":              "row 357: expected a finite number in column a, found NaN",
		"inexact":          "row 268: expected an integer in column x_C that a float64 holds exactly, found -9007199254740993",
		"inexact_unsigned": "row 6: expected an integer in column px_C that a float64 holds exactly, found 9223372036854775809",
	} {
		t.Run(name, func(t *testing.T) {
			for workers := range 4 {
				_, err := open(t, fixture(name), table.Options{Workers: workers}).ReadAll()
				requireTableError(t, err, fixture(name))
				assert.EqualError(t, err, "table: read "+fixture(name)+": "+want)
			}
		})
	}
	sameBits(t, dataset.Matrix{Rows: 400, Cols: 1, Data: slicesRepeat(-0x1p63, 400)}, readAll(t, fixture("inexact"), 1))
	sameBits(t, dataset.Matrix{Rows: 400, Cols: 1, Data: slicesRepeat(0x1.8p62, 400)}, readAll(t, fixture("inexact"), 2))
	sameBits(t, dataset.Matrix{Rows: 400, Cols: 1, Data: slicesRepeat(0x1p63, 400)}, readAll(t, fixture("inexact_unsigned"), 0))
}

func slicesRepeat(v float64, n int) (values []float64) {
	for range n {
		values = append(values, v)
	}
	return values
}

// Columns of other things are there, and are not read.
func TestParquetAmongOtherColumns(t *testing.T) {
	path := fixture("others")
	r := open(t, path, table.Options{})
	assert.Equal(t, []string{"number", "text", "list", "struct", "bool", "time", "date", "decimal", "half", "bytes", "map", "last"}, r.Columns())
	for j, numeric := range r.Numeric() {
		assert.Equal(t, j == 0 || j == 11, numeric, r.Columns()[j])
		if !numeric {
			err := open(t, path, table.Options{}).Choose([]int{j})
			requireTableError(t, err, path)
			assert.ErrorContains(t, err, "expected numbers in column "+r.Columns()[j]+", found ")
		}
	}
	m, err := r.ReadAll()
	require.NoError(t, err)
	sameBits(t, dataset.Matrix{Rows: 2, Cols: 2, Data: []float64{1, 3, 2, 4}}, m)
}

// Files of parquet-go, in each encoding and codec that it has for numbers.
func TestParquetOfParquetGo(t *testing.T) {
	type row struct {
		Plain    float64  `parquet:"plain"`
		Split    float64  `parquet:"split,split,zstd"`
		Dict     float64  `parquet:"dict,dict,snappy"`
		Optional *float64 `parquet:"optional,gzip"`
		Skipped  []string `parquet:"skipped,list"`
		Delta    int64    `parquet:"delta,delta,lz4"`
		Unsigned uint64   `parquet:"unsigned,brotli"`
		Single   float32  `parquet:"single,dict"`
		Small    int32    `parquet:"small,delta"`
	}
	for _, version := range []int{1, 2} {
		path := filepath.Join(t.TempDir(), "events.parquet")
		f, err := os.Create(path)
		require.NoError(t, err)
		w := parquet.NewGenericWriter[row](f, parquet.DataPageVersion(version), parquet.PageBufferSize(1000), parquet.MaxRowsPerRowGroup(999))
		want := dataset.NewMatrix(2500, 8)
		rng := rand.New(rand.NewPCG(1, 2))
		for i := range want.Rows {
			v := rng.NormFloat64()
			r := row{v, -v, float64(i % 10), &v, []string{"a", "b"}, int64(i)*(1<<40) - 1<<51, 1 << (i % 64), float32(v), int32(rng.Uint32())}
			copy(want.Row(i), []float64{r.Plain, r.Split, r.Dict, v, float64(r.Delta), float64(r.Unsigned), float64(r.Single), float64(r.Small)})
			_, err := w.Write([]row{r})
			require.NoError(t, err)
		}
		require.NoError(t, w.Close())
		require.NoError(t, f.Close())
		sameBits(t, want, readAll(t, path))
		sameBits(t, dataset.Matrix{Rows: want.Rows, Cols: 1, Data: columnOf(want, 4)}, readAll(t, path, 5))
	}
}

func columnOf(m dataset.Matrix, j int) (values []float64) {
	for i := range m.Rows {
		values = append(values, m.Row(i)[j])
	}
	return values
}

// pyarrow reads what is written, to the bit and in the order of the columns.
func TestPyarrowReadsParquet(t *testing.T) {
	script := `
import sys, pyarrow.parquet as pq
t = pq.read_table(sys.argv[1])
assert t.schema.metadata == {b"cei": "é".encode()}, t.schema.metadata
assert all(f.type == "double" and not f.nullable for f in t.schema)
sys.stdout.buffer.write("\n".join(t.column_names).encode() + b"\0")
for c in t.columns: sys.stdout.buffer.write(c.to_numpy().tobytes())
`
	if err := exec.Command("python3", "-c", "import pyarrow.parquet").Run(); err != nil {
		t.Skip("python3 has no pyarrow")
	}
	path := filepath.Join(t.TempDir(), "events.parquet")
	want := bits(140_000, len(awkward))
	write(t, path, awkward, table.Metadata{"cei": "é"}, want)
	command := exec.Command("python3", "-c", script, path)
	command.Stderr = os.Stderr
	out, err := command.Output()
	require.NoError(t, err)
	names, numbers, _ := bytes.Cut(out, []byte{0})
	assert.Equal(t, awkward, strings.Split(string(names), "\n"))
	require.Len(t, numbers, 8*len(want.Data))
	for k := range want.Data {
		i, j := k%want.Rows, k/want.Rows
		require.Equal(t, math.Float64bits(want.Row(i)[j]), binary.LittleEndian.Uint64(numbers[8*k:]))
	}
}

// A flipped bit is found by the checksums of the pages, wherever it is among the
// numbers.
func TestParquetChecksums(t *testing.T) {
	path := filepath.Join(t.TempDir(), "events.parquet")
	write(t, path, []string{"a", "b"}, nil, bits(5000, 2))
	whole, err := os.ReadFile(path)
	require.NoError(t, err)
	for at := 200; at < 80_000; at += 7919 {
		damaged := bytes.Clone(whole)
		damaged[at] ^= 1
		require.NoError(t, os.WriteFile(path, damaged, 0o600))
		_, err := tryToRead(path, 1e6)
		requireTableError(t, err, path)
		assert.ErrorContains(t, err, "checksum")
	}
}

// Wherever a few bytes are wrong, a file is read or refused, in bounded memory.
func TestDamagedParquet(t *testing.T) {
	names, err := filepath.Glob(fixture("*"))
	require.NoError(t, err)
	rng := rand.New(rand.NewPCG(5, 6))
	path := filepath.Join(t.TempDir(), "damaged.parquet")
	for _, name := range names {
		whole, err := os.ReadFile(name)
		require.NoError(t, err)
		for range 100 {
			damaged := bytes.Clone(whole)
			for range 1 + rng.IntN(4) {
				damaged[rng.IntN(len(damaged))] = byte(rng.Uint32())
			}
			require.NoError(t, os.WriteFile(path, damaged, 0o600))
			readOrRefuse(t, path)
		}
	}
}

// readOrRefuse reads a table that may be damaged, and asserts that it takes little
// memory and that an error is one about the table.
func readOrRefuse(t *testing.T, path string) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if _, err := tryToRead(path, 1e6); err != nil {
		requireTableError(t, err, path)
	}
	runtime.ReadMemStats(&after)
	require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(512<<20))
}

// readSectionOrRefuse reads the second half of the rows, or gets an *Error; where it can also read all, the half is theirs.
func readSectionOrRefuse(t *testing.T, path string) {
	r, err := table.Open(path, table.Options{})
	if err != nil {
		return
	}
	defer r.Close()
	_, err = r.SectionRows()
	half := r.Rows() / 2
	var got dataset.Matrix
	if err == nil && r.Rows() < 10_000 {
		if err = r.Section(half, r.Rows()-half); err == nil {
			got, err = r.ReadAll()
		}
	}
	if err != nil {
		requireTableError(t, err, path)
		return
	}
	whole, err := table.Open(path, table.Options{})
	require.NoError(t, err)
	defer whole.Close()
	if got.Rows == 0 {
		return
	}
	if all, err := whole.ReadAll(); err == nil {
		require.EqualValues(t, int64(all.Rows)-half, got.Rows)
		sameBits(t, dataset.Matrix{Rows: got.Rows, Cols: all.Cols, Data: all.Data[int(half)*all.Cols:]}, got)
	}
}

func FuzzReadParquet(f *testing.F) {
	names, err := filepath.Glob(fixture("*"))
	require.NoError(f, err)
	require.NotEmpty(f, names)
	for _, name := range names {
		content, err := os.ReadFile(name)
		require.NoError(f, err)
		f.Add(content)
	}
	path := filepath.Join(f.TempDir(), "fuzz.parquet")
	f.Fuzz(func(t *testing.T, content []byte) {
		require.NoError(t, os.WriteFile(path, content, 0o600))
		readOrRefuse(t, path)
		readSectionOrRefuse(t, path)
	})
}
