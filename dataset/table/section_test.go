package table_test

import (
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/dataset/table"
)

// section reads the rows of a section.
func section(t testing.TB, r *table.Reader, first, n int) dataset.Matrix {
	t.Helper()
	require.NoError(t, r.Section(int64(first), int64(n)))
	rows, err := r.ReadAll()
	require.NoError(t, err)
	return rows
}

// holdSections wants any section of the table in a file to have the rows that are there when all are read.
func holdSections(t testing.TB, path string) {
	t.Helper()
	all := readAll(t, path)
	r, random := open(t, path, table.Options{}), rand.New(rand.NewPCG(5, 5))
	least, err := r.SectionRows()
	require.NoError(t, err)
	rounds := 60
	if least == 0 {
		rounds = 8 // each begins the table anew
	}
	first, n := 0, 0
	for round := range rounds {
		if first += n; round%3 != 0 || first >= all.Rows { // two of three anywhere, the third just behind the second
			first = random.IntN(all.Rows)
		}
		n = random.IntN(min(all.Rows-first, 5000) + 1)
		got := section(t, r, first, n)
		require.Equal(t, n, got.Rows, "from row %d", first)
		if n > 0 {
			sameBits(t, dataset.Matrix{Rows: n, Cols: all.Cols, Data: all.Data[first*all.Cols : (first+n)*all.Cols]}, got)
		}
	}
	sameBits(t, all, section(t, r, 0, all.Rows))
	_, err = r.Next()
	require.ErrorIs(t, err, io.EOF)
}

func TestSectionsAreTheRowsOfTheTable(t *testing.T) {
	m := bits(140_000, 3)
	columns := []string{"x_C", "px_C", "t"}
	formats := map[string]bool{"t.npy": true, "t.npz": true, "t.csv": false, "t.csv.gz": false}
	for _, ending := range columnar {
		formats["t"+ending] = true
	}
	for name, seeks := range formats {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), name)
			w, err := table.Create(path, columns, nil)
			require.NoError(t, err)
			require.NoError(t, w.Write(m))
			require.NoError(t, w.Commit())
			least, err := open(t, path, table.Options{}).SectionRows()
			require.NoError(t, err)
			require.Equal(t, seeks, least > 0)
			holdSections(t, path)
		})
	}
}

// Pages of other writers may be packed, refer to a dictionary, and begin at different rows in each column.
func TestSectionsOfPyarrow(t *testing.T) {
	for _, name := range []string{
		"default", "plain", "gzip", "zstd", "lz4", "brotli", "snappy", "groups", "version2", "version2_required",
		"checksums", "float32", "float32_split", "split", "int64_delta", "uint8",
	} {
		t.Run(name, func(t *testing.T) { holdSections(t, fixture(name)) })
	}
}

func TestSectionsBesideReadingFromFirstToLast(t *testing.T) {
	for _, name := range []string{"t.parquet", "t.npy", "t.csv"} {
		path := filepath.Join(t.TempDir(), name)
		w, err := table.Create(path, []string{"a", "b"}, nil)
		require.NoError(t, err)
		m := bits(50_000, 2)
		require.NoError(t, w.Write(m))
		require.NoError(t, w.Commit())
		r := open(t, path, table.Options{})
		_, err = r.SectionRows()
		require.NoError(t, err)
		before, err := r.Next()
		require.NoError(t, err, "asking for the size of sections begins none")
		require.Positive(t, before.Rows)
		sameBits(t, dataset.Matrix{Rows: 2, Cols: 2, Data: m.Data[2*40_000 : 2*40_002]}, section(t, r, 40_000, 2))
		require.Error(t, r.Section(-1, 2))
		if r.Rows() >= 0 {
			require.ErrorContains(t, r.Section(49_999, 2), "want rows within the table's 50000")
		}
		sameBits(t, m, section(t, r, 0, 50_000))
	}
}

// A page that is damaged spoils the sections in it and no others, also after it was met.
func TestSectionsBesideDamage(t *testing.T) {
	path := filepath.Join(t.TempDir(), "t.parquet")
	w, err := table.Create(path, []string{"a"}, nil)
	require.NoError(t, err)
	m := bits(140_000, 1) // two row groups
	require.NoError(t, w.Write(m))
	require.NoError(t, w.Commit())
	r := open(t, path, table.Options{})
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	broken := append([]byte{}, content...)
	for i := 4; i < 12; i++ { // the first page's header
		broken[i] = 0xff
	}
	require.NoError(t, os.WriteFile(path, broken, 0o600))
	require.NoError(t, r.Section(135_000, 10))
	require.Error(t, errors.Join(r.Section(100, 10), next(r)))
	sameBits(t, dataset.Matrix{Rows: 10, Cols: 1, Data: m.Data[135_000:135_010]}, section(t, r, 135_000, 10))
	require.NoError(t, os.WriteFile(path, content, 0o600))
	sameBits(t, dataset.Matrix{Rows: 10, Cols: 1, Data: m.Data[100:110]}, section(t, r, 100, 10))
}

func next(r *table.Reader) error {
	_, err := r.Next()
	return err
}

func TestNoSectionAfterClose(t *testing.T) {
	r, err := table.Open(fixture("plain"), table.Options{})
	require.NoError(t, err)
	require.NoError(t, r.Close())
	require.ErrorContains(t, r.Section(0, 1), "the reader is closed")
}
