package posterior

import (
	"context"
	"encoding/json"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/integrate/quad"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/nn"
	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/explosion"
	"github.com/gocei/gocei/trainer"
)

var (
	plainSlope = []float64{0.5, 2}
	plainNoise = []float64{0.4, 0.3}
	plainBound = dataset.Bound{Column: "a", Low: 2, High: 5}
)

// plainEvents returns a table whose targets given conditions are, each by itself, normal on the whole line: a, between 2
// and 5, after its logit, and b as it is.
func plainEvents(t *testing.T, n int, seed uint64) *dataset.Events {
	t.Helper()
	random := rand.New(rand.NewPCG(seed, 5))
	targets, conditions := dataset.NewMatrix(n, 2), dataset.NewMatrix(n, 2)
	for i := range conditions.Data {
		x, j := random.NormFloat64(), i%2
		conditions.Data[i] = x
		targets.Data[i] = plainSlope[j]*x + plainNoise[j]*random.NormFloat64()
		if j == 0 {
			targets.Data[i] = plainBound.Low + (plainBound.High-plainBound.Low)/(1+math.Exp(-targets.Data[i]))
		}
	}
	e, err := dataset.NewPlainEvents([]string{"a", "b"}, []string{"x", "y"}, targets, conditions)
	require.NoError(t, err)
	return e
}

// plainInverse returns an Inverse for plainEvents whose posterior differs from the exact one as it is told to.
func plainInverse(t *testing.T, bias, width float64) *Inverse {
	t.Helper()
	split, err := dataset.Prepare(plainEvents(t, 2000, 1), dataset.Options{Bounds: []dataset.Bound{plainBound}})
	require.NoError(t, err)
	c := split.Encoding
	m := &exactModel{bias: bias, width: width}
	for j, slope := range plainSlope {
		scale, unit := c.Positions.Inverse.Row(j)[j], c.Momenta.Inverse.Row(j)[j]
		m.slope = append(m.slope, slope*unit/scale)
		m.offset = append(m.offset, (slope*c.Momenta.Mean[j]-c.Positions.Mean[j])/scale)
		m.sigma = append(m.sigma, plainNoise[j]/scale)
	}
	var layout nn.Layout
	layout.Param("unused", nn.Constant(0), 1)
	m.params, err = layout.Allocate(nn.Architecture{Kind: "test"}, nn.Placement{DType: binding.Float64})
	require.NoError(t, err)
	v := &Inverse{model: m, run: trainer.RunConfig{Encoding: c}}
	t.Cleanup(func() { require.NoError(t, v.Close()) })
	return v
}

// An exact posterior of a plain table passes every proof, in the targets' own units; one that is too narrow does not.
func TestEvaluatePlainTable(t *testing.T) {
	events := plainEvents(t, 1000, 2)
	e, err := plainInverse(t, 0, 1).Evaluate(context.Background(), events, EvaluateOptions{Draws: 200})
	require.NoError(t, err)
	for level, p := range map[string]float64{"0.5": 0.5, "0.68": 0.68, "0.9": 0.9, "0.95": 0.95} {
		require.InDelta(t, p, e.Coverage[level], 4*e.CoverageError[level])
		require.InDelta(t, p, e.TARP.Coverage[level], 4*e.TARP.StandardError[level])
		require.InDelta(t, p, e.HighestDensity.Coverage[level], 4*e.HighestDensity.StandardError[level])
	}
	for _, c := range e.SBC.Columns {
		require.Greater(t, c.PValue, 1e-4)
		require.Greater(t, c.ECDFPValue, 1e-3)
	}
	require.InDelta(t, -meanLogDensity(events), e.NLL, 1e-3)
	require.Less(t, e.Point.MSE, e.ConstantMean.MSE)
	var square [2]float64 // of b about its mean over the training part, and of the posterior
	for i := range events.Len() {
		off := events.Positions.Row(i)[1]
		square[0] += off * off / float64(events.Len())
	}
	square[1] = plainNoise[1] * plainNoise[1]
	require.InDelta(t, 1-square[1]/square[0], e.Contraction[1].Mean, 0.01)
	require.Equal(t, []string{"a", "b"}, []string{e.PerComponent[0].Column, e.PerComponent[1].Column})

	text, err := json.Marshal(e)
	require.NoError(t, err)
	require.NotContains(t, string(text), `"ade"`)
	narrow, err := plainInverse(t, 0, 0.7).Evaluate(context.Background(), events, EvaluateOptions{Draws: 200})
	require.NoError(t, err)
	require.Less(t, narrow.SBC.Columns[0].PValue, 1e-6)
	require.Greater(t, narrow.NLL, e.NLL)
}

func meanLogDensity(events *dataset.Events) (mean float64) {
	for i := range events.Len() {
		mean += exactLogDensity(events.Positions.Row(i), events.Momenta.Row(i)) / float64(events.Len())
	}
	return mean
}

func exactLogDensity(targets, conditions []float64) (log float64) {
	for j, x := range targets {
		u := x
		if j == 0 {
			low, high := x-plainBound.Low, plainBound.High-x
			u = math.Log(low / high)
			log += math.Log(1/low + 1/high)
		}
		z := (u - plainSlope[j]*conditions[j]) / plainNoise[j]
		log -= z*z/2 + math.Log(plainNoise[j]*math.Sqrt(2*math.Pi))
	}
	return log
}

// The density of a bounded target is one between its bounds.
func TestPlainDensityIntegratesToOne(t *testing.T) {
	v := plainInverse(t, 0, 1)
	x := []float64{-0.3, 0.8}
	total := quad.Fixed(func(b float64) float64 {
		const points = 60
		at, weights := make([]float64, points), make([]float64, points)
		quad.Legendre{}.FixedLocations(at, weights, plainBound.Low, plainBound.High)
		targets, conditions := dataset.NewMatrix(points, 2), dataset.NewMatrix(points, 2)
		for i, a := range at {
			copy(targets.Row(i), []float64{a, b})
			copy(conditions.Row(i), x)
		}
		e, err := dataset.NewPlainEvents([]string{"a", "b"}, []string{"x", "y"}, targets, conditions)
		require.NoError(t, err)
		logs, err := v.LogDensity(context.Background(), e)
		require.NoError(t, err)
		sum := 0.0
		for i, l := range logs {
			require.InDelta(t, exactLogDensity(targets.Row(i), x), l, 1e-9)
			sum += weights[i] * math.Exp(l)
		}
		return sum
	}, plainSlope[1]*x[1]-3, plainSlope[1]*x[1]+3, 60, quad.Legendre{}, 0)
	require.InDelta(t, 1, total, 1e-6)
}

// The mode of a bounded target is that of its density in its own unit, which is not that of its logit's.
func TestPlainSummariesFindModes(t *testing.T) {
	v, events := plainInverse(t, 0, 1), plainEvents(t, 5, 3)
	names, units := v.SummaryColumns(false)
	require.Equal(t, []string{"a", "b"}, names)
	require.Equal(t, []string{"", ""}, units)
	err := v.Summaries(context.Background(), events, SummaryOptions{Draws: 2000}, func(event int, s Summary) error {
		x := events.Momenta.Row(event)
		best, height := 0.0, math.Inf(-1)
		for a := plainBound.Low + 1e-3; a < plainBound.High; a += 1e-3 {
			if l := exactLogDensity([]float64{a, 0}, x); l > height {
				best, height = a, l
			}
		}
		require.InDelta(t, best, s[0].Mode, 5e-3)
		require.InDelta(t, plainSlope[1]*x[1], s[1].Mode, 1e-3)
		return nil
	})
	require.NoError(t, err)
}

func TestPlainRunRefusesWhatTakesAtoms(t *testing.T) {
	v, events := plainInverse(t, 0, 1), plainEvents(t, 3, 4)
	_, err := v.Laboratory(events)
	require.ErrorContains(t, err, "targets and conditions, which have no axes")
	_, err = v.Predict(context.Background(), events, explosion.Recipe{}, 2)
	require.ErrorContains(t, err, "the recipe's molecule has the atoms")
}

// references returns exact posterior draws of the events.
func references(t *testing.T, events *dataset.Events, draws int) *References {
	t.Helper()
	random := rand.New(rand.NewPCG(9, 9))
	var observations []float64
	all := dataset.Matrix{Cols: 2}
	for range draws { // in a mixed order
		for i := range events.Len() {
			x := events.Momenta.Row(i)
			u, b := plainSlope[0]*x[0]+plainNoise[0]*random.NormFloat64(), plainSlope[1]*x[1]+plainNoise[1]*random.NormFloat64()
			all.Data = append(all.Data, plainBound.Low+(plainBound.High-plainBound.Low)/(1+math.Exp(-u)), b)
			all.Rows++
			observations = append(observations, float64(i+1))
		}
	}
	r, err := NewReferences(observations, all, events.Len())
	require.NoError(t, err)
	return r
}

func TestC2STTellsWrongPosteriors(t *testing.T) {
	events := plainEvents(t, 2, 6)
	known := references(t, events, 150)
	right, err := plainInverse(t, 0, 1).C2ST(context.Background(), events, known)
	require.NoError(t, err)
	require.InDelta(t, 0.5, right.Mean, 0.08)
	require.Equal(t, []int{1, 2}, right.Observations)
	require.Equal(t, []int{150, 150}, right.Draws)
	require.Len(t, right.Each, 2)
	wrong, err := plainInverse(t, 2, 1).C2ST(context.Background(), events, known)
	require.NoError(t, err)
	// Two normal distributions that are two standard deviations apart in each of two directions: Φ(√2) = 0.921.
	require.InDelta(t, 0.921, wrong.Mean, 0.06)
}

// Some observations may be without a reference, and references need not have as many draws.
func TestC2STOfSomeObservations(t *testing.T) {
	v, events := plainInverse(t, 0, 1), plainEvents(t, 5, 7)
	draws := dataset.NewMatrix(30, 2)
	observations := make([]float64, 30)
	for i := range observations {
		observations[i] = []float64{4, 4, 2}[i%3]
		copy(draws.Row(i), []float64{3 + 0.01*float64(i), float64(i)})
	}
	r, err := NewReferences(observations, draws, 5)
	require.NoError(t, err)
	c, err := v.C2ST(context.Background(), events, r)
	require.NoError(t, err)
	require.Equal(t, []int{2, 4}, c.Observations)
	require.Equal(t, []int{10, 20}, c.Draws)
	again, err := v.C2ST(context.Background(), events, r)
	require.NoError(t, err)
	require.Equal(t, c, again)

	for want, observation := range map[string]float64{"is of observation 6:": 6, "observation 0:": 0, "observation 1.5:": 1.5, "observation NaN:": math.NaN(), "observation -1": -1} {
		_, err := NewReferences([]float64{1, observation}, dataset.NewMatrix(2, 2), 5)
		require.ErrorContains(t, err, "row 2 is of observation")
		require.ErrorContains(t, err, want)
	}
	_, err = NewReferences(nil, dataset.Matrix{}, 5)
	require.Error(t, err)
	_, err = v.C2ST(context.Background(), plainEvents(t, 3, 7), r)
	require.ErrorContains(t, err, "up to event 4: want some of the 3 events")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err = v.C2ST(ctx, events, r)
	require.ErrorIs(t, err, context.Canceled)
}
