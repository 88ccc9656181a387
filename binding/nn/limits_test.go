package nn_test

import (
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding/nn"
)

func TestCheckSize(t *testing.T) {
	require.NoError(t, nn.CheckSize(20, []int64{12, 1024, 1024, 300}))
	require.NoError(t, nn.CheckSize(1, []int64{1 << 14, 1 << 15}))
	for name, c := range map[string]struct {
		networks int
		sizes    []int64
	}{
		"wide":            {1, []int64{3, math.MaxInt64, 3}},
		"wide everywhere": {1, []int64{nn.MaxWidth, nn.MaxWidth, nn.MaxWidth}},
		"many":            {math.MaxInt, []int64{1, 1}},
		"deep":            {1, make([]int64, nn.MaxLayers+1)},
		"large together":  {100, []int64{1 << 12, 1 << 12}},
		"negative":        {1, []int64{3, -1}},
	} {
		t.Run(name, func(t *testing.T) { require.Error(t, nn.CheckSize(c.networks, c.sizes)) })
	}
}

// A file of a hole of 8 GiB takes no room on the disk, and is refused before it is read.
func TestLoadRefusesFilesBeyondAnyModel(t *testing.T) {
	path := filepath.Join(t.TempDir(), "model.safetensors")
	require.NoError(t, os.WriteFile(path, nil, 0o600))
	require.NoError(t, os.Truncate(path, 8*nn.MaxParameters+100_000_001))
	_, err := nn.ReadArchitecture(path)
	require.ErrorContains(t, err, "want at most")
}
