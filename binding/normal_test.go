package binding_test

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/bindingtest"
)

// normals returns the first draws of a seed.
func normals(t *testing.T, seed uint64, dtype binding.DType, shape ...int64) []float64 {
	s := bindingtest.OpenSeeded(t, seed)
	return float64s(t, s, s.Normal(dtype, shape...))
}

// testdata/normal.py computes the numbers one by one.
func TestNormalDrawsOfASeed(t *testing.T) {
	bindingtest.NoLeak(t)
	text, err := os.ReadFile("testdata/normal.json")
	require.NoError(t, err)
	var cases []struct {
		Seed             uint64
		Float32, Float64 []float64
	}
	require.NoError(t, json.Unmarshal(text, &cases))
	require.NotEmpty(t, cases)
	for _, c := range cases {
		count := int64(len(c.Float32))
		assert.InDeltaSlice(t, c.Float32, normals(t, c.Seed, binding.Float32, count), 2e-6)
		assert.InDeltaSlice(t, c.Float64, normals(t, c.Seed, binding.Float64, count), 1e-14)
	}
}

// However many are drawn, in whatever shape and by however many threads, the first are the same.
func TestNormalDrawsAreOfTheirPlaceAlone(t *testing.T) {
	bindingtest.NoLeak(t)
	before, err := binding.Threads()
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, binding.SetThreads(before)) })
	for _, dtype := range []binding.DType{binding.Float32, binding.Float64} {
		require.NoError(t, binding.SetThreads(1))
		want := normals(t, 5, dtype, 100_003)
		for _, threads := range []int{1, 2, 3} {
			require.NoError(t, binding.SetThreads(threads))
			for _, count := range []int64{0, 1, 31, 32, 33, 63, 64, 65, 8191, 8193, 100_003} {
				require.Equal(t, want[:count], normals(t, 5, dtype, count), "%s: %d by %d threads", dtype, count, threads)
			}
			require.Equal(t, want[:7*13], normals(t, 5, dtype, 7, 13))
		}
	}
}

// Draws that follow each other, and those of other seeds, have nothing in common.
func TestNormalDrawsDiffer(t *testing.T) {
	bindingtest.NoLeak(t)
	s := bindingtest.OpenSeeded(t, 5)
	seen := map[float64]bool{}
	for range 3 {
		for _, x := range float64s(t, s, s.Normal(binding.Float64, 1000)) {
			require.False(t, seen[x])
			seen[x] = true
		}
	}
	for _, x := range normals(t, 6, binding.Float64, 1000) {
		require.False(t, seen[x])
	}
}
