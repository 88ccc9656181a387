package table_test

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/dataset/table"
)

// BenchmarkParquetRead and BenchmarkParquetWrite report rows of 18 columns a second.
func BenchmarkParquetRead(b *testing.B) {
	const rows = 2_000_000
	path := filepath.Join(b.TempDir(), "events.parquet")
	writeRandom(b, path, 18, rows)
	for _, workers := range []int{1, 2} {
		b.Run(fmt.Sprintf("workers=%d", workers), func(b *testing.B) {
			for b.Loop() {
				r, err := table.Open(path, table.Options{Workers: workers})
				require.NoError(b, err)
				require.Equal(b, rows, countRows(b, r))
				require.NoError(b, r.Close())
			}
			b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}

func BenchmarkParquetWrite(b *testing.B) {
	const rows = 1_000_000
	path := filepath.Join(b.TempDir(), "events.parquet")
	for b.Loop() {
		writeRandom(b, path, 18, rows)
	}
	b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

// writeRandom writes the same block of random numbers until there are enough rows.
func writeRandom(t testing.TB, path string, columns, rows int) {
	const part = 4096
	block := dataset.NewMatrix(part, columns)
	rng := rand.New(rand.NewPCG(1, 2))
	for i := range block.Data {
		block.Data[i] = rng.NormFloat64()
	}
	w, err := table.Create(path, manyNames(columns), nil)
	require.NoError(t, err)
	for left := rows; left > 0; left -= part {
		n := min(part, left)
		require.NoError(t, w.Write(dataset.Matrix{Rows: n, Cols: columns, Data: block.Data[:n*columns]}))
	}
	require.NoError(t, w.Commit())
}

func manyNames(n int) (names []string) {
	for i := range n {
		names = append(names, fmt.Sprintf("column_%d", i))
	}
	return names
}

func countRows(t testing.TB, r *table.Reader) (rows int) {
	for {
		block, err := r.Next()
		if errors.Is(err, io.EOF) {
			return rows
		}
		require.NoError(t, err)
		rows += block.Rows
	}
}
