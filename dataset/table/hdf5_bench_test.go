//go:build hdf5

package table_test

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/dataset/table"
)

// BenchmarkHDF5Read and BenchmarkHDF5Write report rows of 18 columns a second, each
// in a dataset of its own. The library works on one core.
func BenchmarkHDF5Read(b *testing.B) {
	const rows = 1_000_000
	path := filepath.Join(b.TempDir(), "events.h5")
	writeRandom(b, path, 18, rows)
	for b.Loop() {
		r, err := table.Open(path, table.Options{})
		require.NoError(b, err)
		require.Equal(b, rows, countRows(b, r))
		require.NoError(b, r.Close())
	}
	b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

func BenchmarkHDF5Write(b *testing.B) {
	const rows = 1_000_000
	path := filepath.Join(b.TempDir(), "events.h5")
	for b.Loop() {
		writeRandom(b, path, 18, rows)
	}
	b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}
