package posterior

import (
	"context"
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

// oracle draws the truth of the events that it knows by their conditions.
type oracle struct {
	params *nn.Params
	truth  map[float64][]float64
	cols   int64
}

func (m *oracle) Params() *nn.Params { return m.params }
func (m *oracle) Close() error       { return m.params.Close() }

func (m *oracle) Sample(s *binding.Scope, y binding.Tensor) binding.Tensor {
	shape, err := s.Shape(y)
	if err != nil {
		return binding.Tensor{}
	}
	conditions, err := s.Float64s(y)
	if err != nil {
		return binding.Tensor{}
	}
	var x []float64
	for i := range shape[0] {
		x = append(x, m.truth[conditions[i*shape[1]]]...)
	}
	return s.FromFloat64s(x, binding.Float64, m.params.Device(), shape[0], m.cols)
}

func (m *oracle) LogProb(s *binding.Scope, x, _ binding.Tensor) binding.Tensor   { return s.Sum(x, 1) }
func (m *oracle) RoundTrip(_ *binding.Scope, x, _ binding.Tensor) binding.Tensor { return x }

func oracleOf(t *testing.T, events *dataset.Events, frame explosion.FrameKind) *Inverse {
	t.Helper()
	split, err := dataset.Prepare(events, dataset.Options{Frame: frame})
	require.NoError(t, err)
	c := split.Encoding
	conditions, err := c.EncodeMomenta(events)
	require.NoError(t, err)
	positions, err := c.EncodePositions(events)
	require.NoError(t, err)
	m := &oracle{truth: map[float64][]float64{}, cols: int64(positions.Cols)}
	for i := range positions.Rows {
		m.truth[conditions.Row(i)[0]] = positions.Row(i)
	}
	var layout nn.Layout
	layout.Param("unused", nn.Constant(0), 1)
	m.params, err = layout.Allocate(nn.Architecture{Kind: "test"}, nn.Placement{DType: binding.Float64})
	require.NoError(t, err)
	v := &Inverse{model: m, run: trainer.RunConfig{Encoding: c}}
	t.Cleanup(func() { require.NoError(t, v.Close()) })
	return v
}

func simulate(t *testing.T, r explosion.Recipe) *dataset.Events {
	t.Helper()
	r.Events, r.Seed = 60, 3
	events, _, err := dataset.Simulate(context.Background(), r, 1)
	require.NoError(t, err)
	return events
}

// True geometries explode to the momenta of their events, in every frame, unit and orientation, and order of atoms.
func TestTrueGeometriesPredictTheirMomenta(t *testing.T) {
	bindingtest.NoLeak(t)
	recipes := map[string]explosion.Recipe{
		"fixed":    {},
		"channels": {Molecule: ocs(t), Channels: []explosion.Channel{{Charges: []float64{2, 2, 2}}, {Charges: []float64{1, 2, 3}}}},
	}
	for name, r := range recipes {
		for _, frame := range explosion.FrameKinds() {
			t.Run(name+" "+string(frame), func(t *testing.T) {
				events := simulate(t, r)
				v := oracleOf(t, events.InUnits(explosion.Angstrom, explosion.MomentumUnit{Name: "x", AU: 3}), frame)
				turned, err := events.Reordered([]string{"S", "C", "O"})
				require.NoError(t, err)
				e, err := v.Evaluate(context.Background(), turned, EvaluateOptions{Draws: 3, Recipe: &r})
				require.NoError(t, err)
				require.Equal(t, 60, e.Predictive.Events)
				require.Equal(t, 3, e.Predictive.Draws)
				require.Zero(t, e.Predictive.Failed)
				require.Less(t, e.Predictive.P95, 1e-5)
				p, err := v.Predict(context.Background(), turned, r, 2)
				require.NoError(t, err)
				require.Less(t, p.Median, 1e-5)
			})
		}
	}
}

func ocs(t *testing.T) explosion.Molecule {
	t.Helper()
	m, err := explosion.LookupMolecule("OCS")
	require.NoError(t, err)
	return m
}

// A molecule larger by a factor has momenta smaller by its root.
func TestMismatchOfScaledGeometries(t *testing.T) {
	events := simulate(t, explosion.Recipe{})
	split, err := dataset.Prepare(events, dataset.Options{Frame: explosion.FrameBody})
	require.NoError(t, err)
	x, err := newExploder(split.Encoding, events, explosion.Recipe{})
	require.NoError(t, err)
	truth, err := split.Encoding.FramePositions(events)
	require.NoError(t, err)
	for i := range truth.Rows {
		draw := truth.Row(i)
		for j := range draw {
			draw[j] *= 1.2
		}
		off, exploded := x.mismatch(i, draw)
		require.True(t, exploded)
		require.InDelta(t, 1-1/math.Sqrt(1.2), off, 1e-5)
	}
	_, exploded := x.mismatch(0, make([]float64, 9))
	require.False(t, exploded, "atoms at the same place are counted, not an error")
}

func TestCheckRecipe(t *testing.T) {
	events := simulate(t, explosion.Recipe{})
	split, err := dataset.Prepare(events, dataset.Options{})
	require.NoError(t, err)
	c := split.Encoding
	require.NoError(t, CheckRecipe(c, events, explosion.Recipe{}))
	water, err := explosion.LookupMolecule("H2O")
	require.NoError(t, err)
	err = CheckRecipe(c, events, explosion.Recipe{Molecule: water, Channels: []explosion.Channel{{Charges: []float64{1, 1, 1}}}})
	require.ErrorContains(t, err, "the run [C O S]")
	several := explosion.Recipe{Molecule: ocs(t), Channels: []explosion.Channel{{Charges: []float64{2, 2, 2}}, {Charges: []float64{1, 1, 1}}}}
	require.ErrorContains(t, CheckRecipe(c, events, several), "no column q_C")
	charged := simulate(t, several)
	require.NoError(t, CheckRecipe(c, charged, several))
	charged.Extra.Row(4)[0] = 7
	require.ErrorContains(t, CheckRecipe(c, charged, several), "event 5 has the charges")
}

func TestQuantileSketch(t *testing.T) {
	var q quantileSketch
	require.Zero(t, q.quantile(0.5))
	for i := range 10001 {
		q.add(math.Pow(10, float64(i)/1000-7))
	}
	require.InEpsilon(t, 1e-2, q.quantile(0.5), 0.02)
	require.InEpsilon(t, math.Pow(10, 2.5), q.quantile(0.95), 0.02)
	q = quantileSketch{}
	q.add(0)
	q.add(math.Inf(1))
	require.InDelta(t, 0, q.quantile(0.5), 1e-14)
	require.Positive(t, q.quantile(1))
}
