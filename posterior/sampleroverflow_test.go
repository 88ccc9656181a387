package posterior

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/bindingtest"
	"github.com/gocei/gocei/dataset"
)

// steep is a model whose draws are its condition, but infinite where the first random number, or else the first condition,
// is above a limit.
type steep struct {
	overflowing
	limit        float64
	ofConditions bool
}

func (m *steep) Numbers() int64 { return 1 }

func (m *steep) SampleFrom(s *binding.Scope, numbers, y binding.Tensor) binding.Tensor {
	if m.ofConditions {
		numbers = s.Narrow(y, 1, 0, 1)
	}
	above := s.Clamp(s.Scale(s.Affine(numbers, 1, -m.limit), 1e300), 0, 1)
	return s.Add(y, s.Log(s.Affine(above, -1, 1))) // 0 or infinite
}

func steepInverse(t *testing.T, limit float64) (*Inverse, *dataset.Events) {
	t.Helper()
	m := &steep{limit: limit}
	v, events := inverseOf(t, &m.overflowing)
	v.model = m
	return v, events
}

func drawn(t *testing.T, v *Inverse, parts int, all ...*Drawing) {
	t.Helper()
	p, err := v.NewSampler()
	require.NoError(t, err)
	defer p.Close()
	for all[0].Left() > 0 || all[len(all)-1].Left() > 0 {
		var next []Part
		for _, d := range all {
			next = append(next, Part{d, parts})
		}
		require.NoError(t, p.Draw(next))
	}
}

// Half of the numbers overflow, and yet every draw is one for its own momenta.
func TestSamplerDrawsAgain(t *testing.T) {
	bindingtest.NoLeak(t)
	v, events := steepInverse(t, 0.5)
	for _, parts := range []int{1, 7, 1000} {
		d, err := v.NewDrawing(events, 20, 3)
		require.NoError(t, err)
		drawn(t, v, parts, d)
		draws, err := d.Draws()
		require.NoError(t, err)
		for event := range draws.Events {
			for draw := range draws.PerEvent {
				require.InDeltaSlice(t, events.Positions.Row(event), draws.At(event, draw), 1e-12)
			}
		}
	}
}

// A request whose draws always overflow fails by itself: its company is answered.
func TestSamplerOverflowIsOfOneRequest(t *testing.T) {
	bindingtest.NoLeak(t)
	v, events := steepInverse(t, 1)
	v.model.(*steep).ofConditions = true
	events.Momenta.Row(0)[0], events.Momenta.Row(1)[0], events.Momenta.Row(2)[0] = -5, -5, 500
	bad, err := v.NewDrawing(events, 4, 3)
	require.NoError(t, err)
	good, err := v.NewDrawing(events.SelectRows([]int{0, 1}), 4, 3)
	require.NoError(t, err)
	drawn(t, v, 9, bad, good)
	require.Zero(t, bad.Left())
	_, err = bad.Draws()
	require.ErrorContains(t, err, "for event 2 is infinite or NaN after 10 tries")
	draws, err := good.Draws()
	require.NoError(t, err)
	require.InDelta(t, -5, draws.At(1, 3)[0], 1e-9)
}
