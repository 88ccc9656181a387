package optim_test

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/nn"
	"github.com/gocei/gocei/binding/optim"
)

// jobVariable makes this binary train a small model and print where it ends instead of running its tests, so that a test
// can rule the process that it happens in.
const jobVariable = "CEI_TEST_TRAIN"

func TestMain(m *testing.M) {
	if os.Getenv(jobVariable) != "" {
		end, err := train(training{seed: 1, steps: 20})
		if err != nil {
			panic(err)
		}
		if err := json.NewEncoder(os.Stdout).Encode(end); err != nil {
			panic(err)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// parameters returns those of a model with tensors of the given shapes, closed when the test ends.
func parameters(t testing.TB, dtype binding.DType, on binding.Device, shapes ...[]int64) *nn.Params {
	t.Helper()
	var l nn.Layout
	for i, shape := range shapes {
		l.Param(string(rune('a'+i)), nn.UniformWithin(1), shape...)
	}
	p, err := l.Allocate(nn.Architecture{Kind: "test"}, nn.Placement{DType: dtype, Device: on, Seed: 1})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, p.Close()) })
	return p
}

// newAdam returns an optimiser that is closed when the test ends.
func newAdam(t testing.TB, p *nn.Params, c optim.AdamConfig) *optim.Adam {
	t.Helper()
	a, err := optim.NewAdam(p, c)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, a.Close()) })
	return a
}

// set writes values into a tensor.
func set(t testing.TB, target binding.Tensor, values []float64) {
	t.Helper()
	s := binding.NewScope(binding.NoGrad())
	defer s.Close()
	s.Copy(target, s.FromFloat64s(values, binding.Float64, binding.CPU, int64(len(values))))
	require.NoError(t, s.Err())
}
