package table_test

import (
	"bytes"
	"errors"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/dataset/table"
)

// columnar are the endings of the formats that keep columns; that of HDF5 is added
// where it was built.
var columnar = []string{".parquet"}

// eachFormat runs a test on a path in each format.
func eachFormat(t *testing.T, test func(t *testing.T, path string)) {
	for _, ending := range columnar {
		t.Run(ending, func(t *testing.T) { test(t, filepath.Join(t.TempDir(), "events"+ending)) })
	}
}

// awkward are names that a format could stumble over, in no order of an alphabet.
var awkward = []string{"z_S", "px_C", "x_C", "a b", "µ/é", "positions", "column_6", "ein \"Name\"", "x", ".", "A", "a"}

// bits returns random finite numbers of all magnitudes, and the borders of float64.
func bits(rows, cols int) dataset.Matrix {
	m := dataset.NewMatrix(rows, cols)
	rng := rand.New(rand.NewPCG(3, 4))
	for i := range m.Data {
		m.Data[i] = math.Float64frombits(rng.Uint64() &^ (1 << 62))
	}
	copy(m.Data, []float64{math.Copysign(0, -1), 0, math.SmallestNonzeroFloat64, -math.SmallestNonzeroFloat64, math.MaxFloat64, -math.MaxFloat64, 0x1p-1022, math.Nextafter(1, 2), math.Pi})
	return m
}

func write(t testing.TB, path string, columns []string, m table.Metadata, rows dataset.Matrix) {
	t.Helper()
	w, err := table.Create(path, columns, m)
	require.NoError(t, err)
	defer w.Close()
	require.NoError(t, w.Write(rows))
	require.NoError(t, w.Commit())
}

func open(t testing.TB, path string, o table.Options) *table.Reader {
	t.Helper()
	r, err := table.Open(path, o)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, r.Close()) })
	return r
}

func readAll(t testing.TB, path string, columns ...int) dataset.Matrix {
	t.Helper()
	r := open(t, path, table.Options{})
	if len(columns) > 0 {
		require.NoError(t, r.Choose(columns))
	}
	m, err := r.ReadAll()
	require.NoError(t, err)
	return m
}

// sameBits asserts that two matrices hold the same floats, of which -0 is not 0.
func sameBits(t testing.TB, want, got dataset.Matrix) {
	t.Helper()
	require.Equal(t, []int{want.Rows, want.Cols}, []int{got.Rows, got.Cols})
	for i, v := range want.Data {
		if math.Float64bits(v) != math.Float64bits(got.Data[i]) {
			require.Equal(t, v, got.Data[i], "row %d, column %d", i/want.Cols+1, i%want.Cols+1)
		}
	}
}

func TestColumnarKeepsEveryBit(t *testing.T) {
	eachFormat(t, func(t *testing.T, path string) {
		for _, rows := range []int{0, 1, 1023, 1024, 1025, 140_000} {
			want := bits(max(rows, 1), len(awkward))
			want.Rows, want.Data = rows, want.Data[:rows*want.Cols]
			meta := table.Metadata{"cei": `{"a": "é\n"}`, "empty": "", "atoms": "C", "columns": strings.Repeat("long", 50_000)}
			write(t, path, awkward, meta, want)
			r := open(t, path, table.Options{})
			require.Equal(t, awkward, r.Columns())
			require.Equal(t, int64(rows), r.Rows())
			require.Equal(t, meta, r.Metadata())
			require.True(t, r.Named())
			got, err := r.ReadAll()
			require.NoError(t, err)
			if rows > 0 {
				sameBits(t, want, got)
			}
		}
	})
}

func TestColumnarIsReproducible(t *testing.T) {
	eachFormat(t, func(t *testing.T, path string) {
		want := bits(5000, 3)
		var files [2][]byte
		for i := range files {
			write(t, path, []string{"x_C", "b", "c"}, table.Metadata{"p": "1", "q": "2", "r": "3"}, want)
			var err error
			files[i], err = os.ReadFile(path)
			require.NoError(t, err)
		}
		assert.True(t, bytes.Equal(files[0], files[1])) // a failure's difference would take minutes to print
	})
}

// Rows of any number in any pieces make the same table.
func TestColumnarTakesRowsInPieces(t *testing.T) {
	eachFormat(t, func(t *testing.T, path string) {
		want := bits(40_000, 4)
		w, err := table.Create(path, manyNames(4), nil)
		require.NoError(t, err)
		for at, n := 0, 1; at < want.Rows; at, n = at+n, n*2 {
			n = min(n, want.Rows-at)
			if n == 1 {
				require.NoError(t, w.WriteRow(want.Row(at)[:1], want.Row(at)[1:]))
			} else {
				require.NoError(t, w.Write(dataset.Matrix{Rows: n, Cols: 4, Data: want.Data[at*4 : (at+n)*4]}))
			}
		}
		require.NoError(t, w.Commit())
		require.NoError(t, w.Close())
		sameBits(t, want, readAll(t, path))
	})
}

func TestColumnarChoosesColumns(t *testing.T) {
	eachFormat(t, func(t *testing.T, path string) {
		all := bits(3000, len(awkward))
		write(t, path, awkward, nil, all)
		for _, chosen := range [][]int{{3}, {11, 0}, {5, 5, 5}, {10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0}} {
			want := dataset.NewMatrix(all.Rows, len(chosen))
			for i := range all.Rows {
				for k, j := range chosen {
					want.Row(i)[k] = all.Row(i)[j]
				}
			}
			sameBits(t, want, readAll(t, path, chosen...))
		}
	})
}

func TestWorkersDoNotChangeWhatIsRead(t *testing.T) {
	eachFormat(t, func(t *testing.T, path string) {
		want := bits(100_001, 7)
		write(t, path, manyNames(7), nil, want)
		for _, workers := range []int{0, 1, 2, 3, 7, 50} {
			r := open(t, path, table.Options{Workers: workers})
			got, err := r.ReadAll()
			require.NoError(t, err)
			sameBits(t, want, got)
		}
	})
}

func TestClosingEarlyStopsAllWork(t *testing.T) {
	eachFormat(t, func(t *testing.T, path string) {
		writeRandom(t, path, 6, 100_000)
		before := runtime.NumGoroutine()
		for _, blocks := range []int{0, 1, 2, 5} {
			r, err := table.Open(path, table.Options{Workers: 4})
			require.NoError(t, err)
			for range blocks {
				_, err := r.Next()
				require.NoError(t, err)
			}
			require.NoError(t, r.Close())
			_, err = r.Next()
			assert.ErrorContains(t, err, "closed")
		}
		for range 1000 {
			if runtime.NumGoroutine() <= before {
				return
			}
			time.Sleep(10 * time.Millisecond)
		}
		assert.Fail(t, "goroutines are left", "%d before, %d after", before, runtime.NumGoroutine())
	})
}

// A table of 90 MB passes through memory that does not hold a third of it.
func TestColumnarMemoryIsFlat(t *testing.T) {
	eachFormat(t, func(t *testing.T, path string) {
		peak := peakHeap(t, func() {
			writeRandom(t, path, 18, 650_000)
			require.Equal(t, 650_000, countRows(t, open(t, path, table.Options{Workers: 2})))
		})
		assert.Less(t, peak, 75<<20)
	})
}

// peakHeap returns the most memory that a function holds at once, above what is
// held before, as far as looking often can tell.
func peakHeap(t testing.TB, do func()) (peak int) {
	t.Helper()
	done, result := make(chan struct{}), make(chan uint64)
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	before := m.HeapInuse
	go func() {
		most := uint64(0)
		for {
			select {
			case <-done:
				result <- most
				return
			case <-time.After(2 * time.Millisecond):
				runtime.ReadMemStats(&m)
				most = max(most, m.HeapInuse)
			}
		}
	}()
	do()
	close(done)
	return int(max(<-result, before) - before)
}

func TestUnfinishedTablesLeaveNothing(t *testing.T) {
	eachFormat(t, func(t *testing.T, path string) {
		w, err := table.Create(path, []string{"a"}, nil)
		require.NoError(t, err)
		require.NoError(t, w.Write(dataset.NewMatrix(100_000, 1)))
		require.NoError(t, w.Close())
		require.NoError(t, w.Close())
		entries, err := os.ReadDir(filepath.Dir(path))
		require.NoError(t, err)
		assert.Empty(t, entries)
	})
}

// The old table stays until the new one is whole.
func TestColumnarReplacesATableAtOnce(t *testing.T) {
	eachFormat(t, func(t *testing.T, path string) {
		old, fresh := bits(10, 1), bits(20, 1)
		write(t, path, []string{"a"}, nil, old)
		w, err := table.Create(path, []string{"a"}, nil)
		require.NoError(t, err)
		defer w.Close()
		require.NoError(t, w.Write(fresh))
		sameBits(t, old, readAll(t, path))
		require.NoError(t, w.Commit())
		sameBits(t, fresh, readAll(t, path))
	})
}

func TestColumnarManyColumns(t *testing.T) {
	eachFormat(t, func(t *testing.T, path string) {
		const columns = 5000
		want := bits(300, columns)
		write(t, path, manyNames(columns), nil, want)
		assert.Equal(t, manyNames(columns), open(t, path, table.Options{}).Columns())
		sameBits(t, want, readAll(t, path))
	})
}

// What is cut off anywhere is refused, and never read as a smaller table.
func TestCutOffFilesAreRefused(t *testing.T) {
	eachFormat(t, func(t *testing.T, path string) {
		write(t, path, []string{"x_C", "b"}, table.Metadata{"key": "value"}, bits(1000, 2))
		whole, err := os.ReadFile(path)
		require.NoError(t, err)
		for cut := 1; cut < len(whole); cut += max(1, len(whole)/200) {
			damaged := filepath.Join(t.TempDir(), "cut"+filepath.Ext(path))
			require.NoError(t, os.WriteFile(damaged, whole[:len(whole)-cut], 0o600))
			rows, err := tryToRead(damaged, 1e6)
			if err == nil {
				require.Fail(t, "it was read", "%d bytes less: %d rows", cut, rows)
			}
			requireTableError(t, err, damaged)
		}
	})
}

func requireTableError(t testing.TB, err error, path string) {
	t.Helper()
	var wrong *table.Error
	require.ErrorAs(t, err, &wrong)
	require.Equal(t, path, wrong.File)
	require.NotContains(t, wrong.Reason, "\n")
}

// tryToRead reads a table up to a number of numbers.
func tryToRead(path string, most int) (rows int, err error) {
	r, err := table.Open(path, table.Options{Workers: 2})
	if err != nil {
		return 0, err
	}
	defer r.Close()
	for numbers := 0; numbers < most; {
		block, err := r.Next()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err != nil {
			return rows, err
		}
		rows, numbers = rows+block.Rows, numbers+len(block.Data)
	}
	return rows, nil
}

func TestOtherFilesAreRefused(t *testing.T) {
	eachFormat(t, func(t *testing.T, path string) {
		for name, content := range map[string]string{"empty": "", "short": "PAR1", "text": strings.Repeat("x_C,y_C\n1,2\n", 100)} {
			t.Run(name, func(t *testing.T) {
				require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
				_, err := tryToRead(path, 1)
				requireTableError(t, err, path)
			})
		}
		_, err := table.Open(filepath.Join(t.TempDir(), "none"+filepath.Ext(path)), table.Options{})
		assert.ErrorIs(t, err, os.ErrNotExist)
		folder := filepath.Join(t.TempDir(), "folder"+filepath.Ext(path))
		require.NoError(t, os.Mkdir(folder, 0o700))
		_, err = table.Open(folder, table.Options{})
		assert.Error(t, err)
	})
}
