package posterior

import (
	"context"
	"encoding/json"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/bindingtest"
	"github.com/gocei/gocei/binding/nn"
	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/explosion"
	"github.com/gocei/gocei/trainer"
)

// overflowing is a model that draws its condition, but spoils the first row of its first calls, and the density of the
// first event.
type overflowing struct {
	params  *nn.Params
	spoilt  int // calls left that are spoilt
	density float64
}

func (m *overflowing) Params() *nn.Params { return m.params }
func (m *overflowing) Close() error       { return m.params.Close() }

func (m *overflowing) Sample(s *binding.Scope, y binding.Tensor) binding.Tensor {
	if m.spoilt == 0 {
		return y
	}
	m.spoilt--
	return spoilFirst(s, y, math.Inf(1))
}

func (m *overflowing) LogProb(s *binding.Scope, x, _ binding.Tensor) binding.Tensor {
	return spoilFirst(s, s.Sum(x, 1), m.density)
}

func (m *overflowing) RoundTrip(_ *binding.Scope, x, _ binding.Tensor) binding.Tensor { return x }

func spoilFirst(s *binding.Scope, t binding.Tensor, value float64) binding.Tensor {
	copied := s.Clone(t)
	s.Copy(s.Narrow(copied, 0, 0, 1), s.Affine(s.Narrow(copied, 0, 0, 1), 0, value))
	return copied
}

// inverseOf returns an Inverse of the model for events whose positions are their momenta, and such events.
func inverseOf(t *testing.T, m *overflowing) (*Inverse, *dataset.Events) {
	t.Helper()
	data := normalDraws(200, 6, 5)
	events, err := dataset.NewEvents([]string{"C", "O"}, data, data, explosion.Bohr, explosion.AtomicMomentum)
	require.NoError(t, err)
	split, err := dataset.Prepare(events, dataset.Options{})
	require.NoError(t, err)
	var layout nn.Layout
	layout.Param("unused", nn.Constant(0), 1)
	m.params, err = layout.Allocate(nn.Architecture{Kind: "test"}, nn.Placement{DType: binding.Float64})
	require.NoError(t, err)
	v := &Inverse{model: m, run: trainer.RunConfig{Encoding: split.Encoding}}
	t.Cleanup(func() { require.NoError(t, v.Close()) })
	return v, events.SelectRows([]int{0, 1, 2})
}

func TestDrawsThatOverflowAreDrawnAgain(t *testing.T) {
	bindingtest.NoLeak(t)
	v, events := inverseOf(t, &overflowing{spoilt: 3})
	draws, err := v.Sample(context.Background(), events, 2)
	require.NoError(t, err)
	require.Equal(t, 3, v.Redrawn())
	for event := range draws.Events {
		for draw := range draws.PerEvent {
			require.InDeltaSlice(t, events.Positions.Row(event), draws.At(event, draw), 1e-12, "a draw for this event's momenta")
		}
	}
}

func TestDrawsThatAlwaysOverflowAreAnError(t *testing.T) {
	bindingtest.NoLeak(t)
	v, events := inverseOf(t, &overflowing{spoilt: 1000})
	_, err := v.Sample(context.Background(), events, 2)
	require.ErrorContains(t, err, "sample events 0 to 2: 1 draws are infinite or NaN after 10 tries, the first for event 0")
}

func TestEvaluationCountsWhatOverflowed(t *testing.T) {
	for _, density := range []float64{math.Inf(-1), math.NaN()} {
		bindingtest.NoLeak(t)
		v, events := inverseOf(t, &overflowing{spoilt: 1, density: density})
		e, err := v.Evaluate(context.Background(), events, EvaluateOptions{Draws: 2})
		require.NoError(t, err)
		require.Equal(t, 1, e.Redrawn)
		require.Equal(t, 1, e.NLLLeftOut)
		require.InDelta(t, 0, e.Point.MSE, 1e-20)
		_, err = json.Marshal(e)
		require.NoError(t, err, "JSON has neither NaN nor infinity")
	}
}
