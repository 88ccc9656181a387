//go:build gotorch

package gotorch_test

import (
	"math"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"
	torch "github.com/wangkuiyi/gotorch"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/gotorch"
)

// keep holds a tensor of gotorch until the test ends: its finalizer could otherwise free it while a call reads it.
func keep(t testing.TB, x torch.Tensor) torch.Tensor {
	t.Cleanup(func() { runtime.KeepAlive(x.T) })
	return x
}

func from(t testing.TB, s *binding.Scope, x torch.Tensor) binding.Tensor {
	t.Helper()
	y, err := gotorch.FromGoTorch(s, x)
	require.NoError(t, err)
	return y
}

func to(t testing.TB, s *binding.Scope, x binding.Tensor) torch.Tensor {
	t.Helper()
	y, err := gotorch.ToGoTorch(s, x)
	require.NoError(t, err)
	return keep(t, y)
}

// elements returns a tensor's elements as gotorch itself gives them.
func elements(t testing.TB, x torch.Tensor) []float64 {
	t.Helper()
	flat := keep(t, torch.Flatten(x, 0, -1))
	values := make([]float64, flat.Shape()[0])
	for i := range values {
		values[i] = number(t, keep(t, flat.Index(int64(i))))
	}
	return values
}

func number(t testing.TB, x torch.Tensor) float64 {
	t.Helper()
	switch v := x.Item().(type) {
	case float32:
		return float64(v)
	case float64:
		return v
	case int64:
		return float64(v)
	default:
		require.Fail(t, "unexpected element type", "%T", v)
		return 0
	}
}

// near asserts that no element is further from its counterpart than tolerance, relative to the largest magnitude or 1.
func near(t testing.TB, want, got []float64, tolerance float64, what string) {
	t.Helper()
	require.Len(t, got, len(want), what)
	scale := 1.0
	for _, w := range want {
		scale = max(scale, math.Abs(w))
	}
	for i := range want {
		if !(math.Abs(want[i]-got[i]) <= tolerance*scale) {
			require.Fail(t, "too far apart", "%s: element %d: want %v, got %v", what, i, want[i], got[i])
		}
	}
}
