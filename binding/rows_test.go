package binding_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/bindingtest"
)

// Parts of a batch draw together, to the bit, what the batch draws, and leave the generator where it does.
func TestPartsDrawWhatTheWholeDraws(t *testing.T) {
	bindingtest.NoLeak(t)
	const total, columns = 37, 3
	kinds := map[string]func(s *binding.Scope, n int64) binding.Tensor{
		"normal":  func(s *binding.Scope, n int64) binding.Tensor { return s.Normal(binding.Float64, n, columns) },
		"uniform": func(s *binding.Scope, n int64) binding.Tensor { return s.Uniform(binding.Float64, n, columns) },
	}
	for name, random := range kinds {
		t.Run(name, func(t *testing.T) {
			s := bindingtest.OpenSeeded(t, 5)
			whole, after := float64s(t, s, random(s, total)), float64s(t, s, s.Normal(binding.Float64, 4))
			for _, parts := range []int64{1, 2, 3, 37} {
				var got []float64
				for i := range parts {
					p := bindingtest.OpenSeeded(t, 5)
					first := total * i / parts
					count := total*(i+1)/parts - first
					p.DrawFor(binding.Rows{First: first, Count: count, Total: total})
					got = append(got, float64s(t, p, random(p, count))...)
					p.DrawFor(binding.Rows{})
					assert.Equal(t, after, float64s(t, p, p.Normal(binding.Float64, 4)))
				}
				assert.Equal(t, whole, got)
			}
		})
	}
}

func TestRowsThatCannotBeDrawnFor(t *testing.T) {
	bindingtest.NoLeak(t)
	for _, r := range []binding.Rows{{First: -1, Count: 1, Total: 2}, {Count: 0, Total: 2}, {First: 1, Count: 2, Total: 2}} {
		s := bindingtest.OpenSeeded(t, 1)
		s.DrawFor(r)
		assert.ErrorIs(t, s.Err(), binding.ErrArgument)
	}
	s := bindingtest.OpenSeeded(t, 1)
	s.DrawFor(binding.Rows{First: 1, Count: 2, Total: 5})
	s.Normal(binding.Float32, 3, 2)
	require.ErrorIs(t, s.Err(), binding.ErrShape)
	require.NoError(t, s.Reset())
	s.Normal(binding.Float32)
	assert.ErrorIs(t, s.Err(), binding.ErrShape)
}
