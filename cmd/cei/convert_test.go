package main

import (
	"math"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/dataset/table"
)

// bitsOf returns the columns, the bits of all numbers, and the metadata of a table.
func bitsOf(t *testing.T, path string) (columns []string, bits []uint64, m table.Metadata) {
	t.Helper()
	r, err := table.Open(path, table.Options{})
	require.NoError(t, err)
	defer r.Close()
	all, err := r.ReadAll()
	require.NoError(t, err)
	for _, v := range all.Data {
		bits = append(bits, math.Float64bits(v))
	}
	return r.Columns(), bits, r.Metadata()
}

// awkward writes a table of events with numbers that are hard to keep, and metadata of its own beside the house's.
func awkward(t *testing.T, ending string) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "awkward"+ending)
	columns := []string{"x_C", "y_C", "z_C", "x_O", "y_O", "z_O", "px_C", "py_C", "pz_C", "px_O", "py_O", "pz_O", "tof"}
	w, err := table.Create(path, columns, table.Metadata{"laboratory": "one < two & \"three\"", "run": `{"number":7}`})
	require.NoError(t, err)
	defer w.Close()
	numbers := []float64{math.Copysign(0, -1), 0.1, math.MaxFloat64, -math.SmallestNonzeroFloat64, 1e22, 1 << 53, math.Nextafter(1, 2), -5e-324, 123456789.123456789, 1. / 3, 1e-7, 3, -1e300}
	for i := range 700 {
		numbers[0], numbers[12] = numbers[12], numbers[0]
		numbers[11] = math.Sqrt(float64(i))
		require.NoError(t, w.WriteRow(numbers))
	}
	require.NoError(t, w.Commit())
	return path
}

// Whatever the formats, a conversion keeps every bit and the metadata.
func TestConvertKeepsEveryBit(t *testing.T) {
	for _, from := range tableEndings(t) {
		path := awkward(t, from)
		columns, bits, metadata := bitsOf(t, path)
		require.Len(t, metadata, 2)
		require.Len(t, bits, 700*13)
		for _, to := range tableEndings(t) {
			t.Run(from+" to "+to, func(t *testing.T) {
				converted := filepath.Join(t.TempDir(), "converted"+to)
				a := succeed(t, "convert", path, converted)
				assert.Equal(t, converted+": 700 rows\n", a.out)
				assert.Empty(t, a.err)
				gotColumns, gotBits, gotMetadata := bitsOf(t, converted)
				assert.Equal(t, columns, gotColumns)
				assert.True(t, assert.ObjectsAreEqual(bits, gotBits), "numbers differ")
				assert.Equal(t, metadata, gotMetadata)
			})
		}
	}
}

// A simulated table is the same after a way through all formats, and can still be made again.
func TestConvertThroughAllFormats(t *testing.T) {
	first := simulated(t, 50)
	path := first
	for _, ending := range append(tableEndings(t), ".csv") {
		next := filepath.Join(t.TempDir(), "events"+ending)
		succeed(t, "convert", path, next)
		path = next
	}
	assert.Equal(t, readFile(t, first), readFile(t, path))
	assert.Equal(t, readFile(t, first+".json"), readFile(t, path+".json"))
	again := filepath.Join(t.TempDir(), "again.csv")
	succeed(t, "simulate", "--recipe", path, "--out", again)
	assert.Equal(t, readFile(t, first), readFile(t, again))
}
