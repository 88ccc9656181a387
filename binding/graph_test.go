package binding_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/bindingtest"
)

// cudaGraph returns a graph that is closed when the test ends, on a device that the test needs.
func cudaGraph(t *testing.T) (*binding.Graph, binding.Device) {
	t.Helper()
	on := binding.CUDA(0)
	if n, err := binding.CUDADevices(); err != nil || n == 0 {
		t.Skipf("this test needs a CUDA device; there are %d (%v)", n, err)
	}
	g, err := binding.NewGraph(on)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, g.Close()) })
	return g, on
}

func TestGraphNeedsACUDADevice(t *testing.T) {
	_, err := binding.NewGraph(binding.CPU)
	assert.ErrorIs(t, err, binding.ErrDevice)
	assert.EqualError(t, err, "binding: new graph: a CUDA graph needs a CUDA device, not cpu")
}

func TestGraphWhereThereIsNoCUDADevice(t *testing.T) {
	withoutCUDA(t)
	lib, err := binding.Load()
	require.NoError(t, err)
	_, err = binding.NewGraph(binding.CUDA(0))
	assert.ErrorIs(t, err, binding.ErrDevice)
	if lib.BuiltWithCUDA {
		assert.ErrorContains(t, err, "CUDA")
	} else {
		assert.EqualError(t, err, "binding: new graph: this libtorch was built without CUDA")
	}
}

func TestGraphThatIsNone(t *testing.T) {
	var g binding.Graph
	do := func() error { t.Error("ran"); return nil }
	for _, err := range []error{g.Warm(do), g.Capture(do), g.Branch(do), g.Replay()} {
		assert.ErrorIs(t, err, binding.ErrClosed)
	}
	assert.NoError(t, g.Close())
	assert.NoError(t, (*binding.Graph)(nil).Close())
}

// A replay reads what its input holds then, and draws the numbers that would have been drawn without a graph.
func TestReplaysGoOnLikePlainOperations(t *testing.T) {
	bindingtest.NoLeak(t)
	g, on := cudaGraph(t)
	drawn, plain := bindingtest.Generator(t, on, 7), bindingtest.Generator(t, on, 7)
	s := bindingtest.Open(t)
	in, out := s.Full(0, binding.Float64, on, 1000), s.Full(0, binding.Float64, on, 1000)
	step := func(random *binding.Generator, in, out binding.Tensor) error {
		s := binding.NewScope(binding.WithGenerator(random))
		defer s.Close()
		s.Copy(out, s.Add(s.Square(in), s.Normal(binding.Float64, 1000)))
		return s.Err()
	}
	captured := func() error { return step(drawn, in, out) }
	require.NoError(t, g.Warm(captured))
	require.NoError(t, g.Capture(captured, drawn))
	want, other := s.Full(0, binding.Float64, on, 1000), s.Full(0, binding.Float64, on, 1000)
	require.NoError(t, step(plain, other, want)) // as the warm-up
	for i := range 5 {
		s.Copy(in, s.Full(float64(i), binding.Float64, on, 1000))
		s.Copy(other, in)
		require.NoError(t, g.Replay())
		require.NoError(t, step(plain, other, want))
		assert.Equal(t, float64s(t, s, want), float64s(t, s, out), "replay %d", i)
	}
	one, err := drawn.State()
	require.NoError(t, err)
	two, err := plain.State()
	require.NoError(t, err)
	assert.Equal(t, two, one, "the generators' states")
}

func TestGraphWithBackward(t *testing.T) {
	bindingtest.NoLeak(t)
	g, on := cudaGraph(t)
	s := bindingtest.Open(t)
	flat, gradient := s.Full(2, binding.Float64, on, 3), s.Zeros(binding.Float64, on, 3)
	x := s.Parameters(flat, gradient, []int64{3})[0]
	step := func() error {
		s := binding.NewScope()
		defer s.Close()
		return s.Backward(s.Sum(s.Square(x)))
	}
	require.NoError(t, g.Warm(step))
	require.NoError(t, g.Capture(step))
	assert.Equal(t, []float64{4, 4, 4}, float64s(t, s, gradient), "capturing does nothing")
	require.NoError(t, g.Replay())
	require.NoError(t, g.Replay())
	assert.Equal(t, []float64{12, 12, 12}, float64s(t, s, gradient))
}

// Branches that begin from one value end before what comes after the replay, and each has its own generator.
func TestBranches(t *testing.T) {
	bindingtest.NoLeak(t)
	g, on := cudaGraph(t)
	s := bindingtest.Open(t)
	in := s.Full(0, binding.Float64, on, 1000)
	var outs []binding.Tensor
	var branches []func() error
	var drawnFrom, plain []*binding.Generator
	step := func(random *binding.Generator, out binding.Tensor) error {
		s := binding.NewScope(binding.WithGenerator(random))
		defer s.Close()
		s.Copy(out, s.Add(s.Square(in), s.Normal(binding.Float64, 1000)))
		return s.Err()
	}
	for i := range 3 {
		random, out := bindingtest.Generator(t, on, uint64(i)), s.Full(0, binding.Float64, on, 1000)
		drawnFrom, plain, outs = append(drawnFrom, random), append(plain, bindingtest.Generator(t, on, uint64(i))), append(outs, out)
		branches = append(branches, func() error { return step(random, out) })
	}
	all := func() (err error) {
		for _, branch := range branches {
			err = errors.Join(err, g.Branch(branch))
		}
		return err
	}
	want := s.Full(0, binding.Float64, on, 1000)
	check := func(about string) {
		for i, out := range outs {
			require.NoError(t, step(plain[i], want))
			assert.Equal(t, float64s(t, s, want), float64s(t, s, out), "%s, branch %d", about, i)
		}
	}
	require.NoError(t, g.Warm(all))
	check("warm-up")
	for _, about := range []string{"replay", "replay of a second capture"} {
		require.NoError(t, g.Capture(all, drawnFrom...))
		s.Copy(in, s.Full(float64(len(about)), binding.Float64, on, 1000))
		require.NoError(t, g.Replay())
		check(about)
	}
}

func TestGraphMisused(t *testing.T) {
	bindingtest.NoLeak(t)
	g, on := cudaGraph(t)
	s := bindingtest.Open(t)
	x := s.Full(1, binding.Float64, on, 1)
	add := func() error { s.Copy(x, s.Add(x, x)); return s.Err() }
	assert.ErrorIs(t, g.Replay(), binding.ErrArgument, "nothing is captured")
	assert.ErrorIs(t, g.Warm(func() error { return g.Warm(add) }), binding.ErrArgument, "one in another")
	mine := errors.New("the step's own error")
	assert.ErrorIs(t, g.Warm(func() error { return mine }), mine)
	require.NoError(t, g.Warm(add))
	require.NoError(t, g.Capture(add))
	nested := func() error { return g.Branch(func() error { return g.Branch(add) }) }
	assert.ErrorIs(t, g.Warm(nested), binding.ErrArgument, "a branch in another")
	assert.ErrorIs(t, g.Branch(add), binding.ErrArgument, "a branch of nothing")
	require.NoError(t, g.Close())
	assert.ErrorIs(t, g.Replay(), binding.ErrClosed)
}
