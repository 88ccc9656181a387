package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A table is read part by part where it would not fit, and that is told.
func TestRowsThatFit(t *testing.T) {
	var told bytes.Buffer
	o := trainOptions{Data: "huge.parquet"}
	for _, c := range []struct{ need, free int64 }{{100, 0}, {100, 100}, {0, 1}} {
		assert.Zero(t, o.rowsThatFit(c.need, c.free, streams{err: &told}))
	}
	assert.Empty(t, told.String())
	assert.Equal(t, 1_000_000, o.rowsThatFit(80<<30, 16<<30, streams{err: &told}))
	assert.Equal(t, "huge.parquet would take about 80 GiB of memory, and 16 GiB are free: 1000000 rows are held at a time (--rows-in-memory)\n", told.String())
}

// What a table takes in memory is known from a header, and guessed from the size of a text.
func TestBytesInMemory(t *testing.T) {
	const want = 2000 * 18 * 8 * copiesInMemory
	for _, ending := range []string{".parquet", ".npy", ".npz"} {
		got, err := trainOptions{Data: simulatedAs(t, ending, 2000)}.bytesInMemory()
		require.NoError(t, err)
		assert.EqualValues(t, want, got, ending)
	}
	for _, ending := range []string{".csv", ".csv.gz", ".tsv.zst"} {
		got, err := trainOptions{Data: simulatedAs(t, ending, 2000)}.bytesInMemory()
		require.NoError(t, err)
		assert.Greater(t, got, int64(want), ending)
		assert.Less(t, got, int64(4*want), ending)
	}
	_, err := trainOptions{Data: filepath.Join(t.TempDir(), "none.csv")}.bytesInMemory()
	assert.ErrorContains(t, err, "read events: ")
}

func TestAvailableMemory(t *testing.T) {
	if _, err := os.Stat("/proc/meminfo"); err != nil {
		t.Skip("no /proc/meminfo: ", err)
	}
	assert.Greater(t, availableMemory(), int64(1<<20))
	path := writeFile(t, "stat", "file 1\ninactive_file 4096\nMemAvailable:   12 kB\nbroken x\n")
	assert.EqualValues(t, 4096, fieldIn(path, "inactive_file"))
	assert.EqualValues(t, 12, fieldIn(path, "MemAvailable:"))
	assert.Zero(t, fieldIn(path, "none"))
	assert.Zero(t, fieldIn(path, "broken"))
	assert.EqualValues(t, 17, numberIn(writeFile(t, "max", "17\n")))
	assert.Zero(t, numberIn(writeFile(t, "max", "max\n")))
	assert.Zero(t, numberIn(path+".none"))
}
