package binding_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/bindingtest"
)

// stream draws by every random operation, in odd numbers, since normal draws come in pairs of which one is kept.
func stream(t *testing.T, g *binding.Generator) []float64 {
	s := bindingtest.Open(t, binding.WithGenerator(g))
	assert.Same(t, g, s.Generator())
	return float64s(t, s, s.Cat(0,
		s.Normal(binding.Float64, 3), s.Uniform(binding.Float64, 5), s.Normal(binding.Float64, 101),
		s.To(s.Normal(binding.Float32, 1), binding.Float64, g.Device()), s.To(s.RandPerm(7), binding.Float64, g.Device())))
}

func TestSameSeedSameStream(t *testing.T) {
	bindingtest.NoLeak(t)
	for _, on := range bindingtest.Devices(t) {
		first, err := binding.NewGenerator(on, 42)
		require.NoError(t, err)
		second, err := binding.NewGenerator(on, 42)
		require.NoError(t, err)
		other, err := binding.NewGenerator(on, 43)
		require.NoError(t, err)
		want := stream(t, first)
		assert.Equal(t, on, first.Device())
		assert.Equal(t, want, stream(t, second))
		assert.NotEqual(t, want, stream(t, other))
		assert.NotEqual(t, want, stream(t, first), "the stream goes on")
		require.NoError(t, first.Seed(42))
		assert.Equal(t, want, stream(t, first))
		for _, g := range []*binding.Generator{first, second, other} {
			require.NoError(t, g.Close())
		}
	}
}

func TestRestoredStateContinuesToTheBit(t *testing.T) {
	bindingtest.NoLeak(t)
	g, other := bindingtest.Generator(t, binding.CPU, 5), bindingtest.Generator(t, binding.CPU, 6)
	stream(t, g)
	state, err := g.State()
	require.NoError(t, err)
	want := stream(t, g)
	require.NoError(t, other.Restore(state))
	assert.Equal(t, want, stream(t, other))
	require.NoError(t, g.Restore(state))
	assert.Equal(t, want, stream(t, g))
}

func TestStateIsAppended(t *testing.T) {
	bindingtest.NoLeak(t)
	g := bindingtest.Generator(t, binding.CPU, 5)
	state, err := g.State()
	require.NoError(t, err)
	appended, err := g.AppendState([]byte("before"))
	require.NoError(t, err)
	assert.Equal(t, append([]byte("before"), state...), appended)
	stream(t, g)
	again, err := g.AppendState(appended[:0])
	require.NoError(t, err)
	assert.Same(t, &appended[0], &again[0], "where there is room, it takes no memory")
	assert.NotEqual(t, state, again)
	assert.Len(t, again, len(state))
}

func TestStatesThatAreNoneAreRefused(t *testing.T) {
	bindingtest.NoLeak(t)
	g := bindingtest.Generator(t, binding.CPU, 5)
	state, err := g.State()
	require.NoError(t, err)
	want := stream(t, g)
	require.NoError(t, g.Restore(state))
	for _, bad := range [][]byte{nil, {}, {1, 2, 3}, state[:len(state)-1], append(append([]byte{}, state...), 0)} {
		assert.Error(t, g.Restore(bad), "%d bytes", len(bad))
	}
	assert.Equal(t, want, stream(t, g), "a refused state changes nothing")
}

func TestClosedGenerator(t *testing.T) {
	bindingtest.NoLeak(t)
	g, err := binding.NewGenerator(binding.CPU, 1)
	require.NoError(t, err)
	state, err := g.State()
	require.NoError(t, err)
	require.NoError(t, g.Close())
	require.NoError(t, g.Close())
	require.NoError(t, (*binding.Generator)(nil).Close())
	assert.ErrorIs(t, g.Seed(1), binding.ErrClosed)
	assert.ErrorIs(t, g.Restore(state), binding.ErrClosed)
	_, err = g.State()
	assert.ErrorIs(t, err, binding.ErrClosed)
	kept, err := g.AppendState([]byte("before"))
	assert.ErrorIs(t, err, binding.ErrClosed)
	assert.Equal(t, "before", string(kept))
}
