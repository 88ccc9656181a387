//go:build !hdf5

package table_test

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/dataset/table"
)

// A program without HDF5 says how to get one with it, and makes no file.
func TestHDF5IsAbsent(t *testing.T) {
	path := filepath.Join(t.TempDir(), "events.h5")
	_, err := table.Create(path, []string{"a"}, nil)
	assert.ErrorContains(t, err, "-tags hdf5")
	require.NoFileExists(t, path)
	_, err = table.Open(path, table.Options{})
	assert.ErrorContains(t, err, "-tags hdf5")
	assert.ErrorContains(t, err, path)
	assert.NoError(t, table.Known(path))
}
