package reference

import (
	"context"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/explosion"
)

const (
	angstrom = 1 / explosion.BohrRadiusAngstrom
	degree   = math.Pi / 180
)

func carbonylSulphide(t testing.TB, ranges ...string) explosion.Recipe {
	t.Helper()
	m, err := explosion.LookupMolecule("OCS")
	require.NoError(t, err)
	r := explosion.Recipe{Molecule: m, Channels: []explosion.Channel{{Charges: []float64{2, 2, 2}}}}
	for _, text := range ranges {
		r.Geometry.Kind = explosion.GeometryInternal
		one, err := explosion.ParseInternalRange(m, text)
		require.NoError(t, err)
		r.Geometry.Internal = append(r.Geometry.Internal, one)
	}
	return r
}

func prepare(t testing.TB, r explosion.Recipe, m Measurement, o Options) *Sampler {
	t.Helper()
	s, err := New(context.Background(), r, m, o)
	require.NoError(t, err)
	return s
}

func measure(t testing.TB, s *Sampler, co, cs, degrees float64) []float64 {
	t.Helper()
	y, err := s.Measure([]float64{co * angstrom, cs * angstrom, degrees * degree})
	require.NoError(t, err)
	return y
}

// bodyFrame has its axes by the labels of two of C, O, S.
func bodyFrame(t testing.TB, first, second string) explosion.Frame {
	t.Helper()
	f, err := explosion.FrameOptions{Axis: [2]string{first, second}}.NewFrame(explosion.FrameBody, []string{"C", "O", "S"})
	require.NoError(t, err)
	return f
}

// agree compares means, widths, covariances and evidence, in units of b's widths.
func agree(t *testing.T, a, b *Posterior, tolerance float64) {
	t.Helper()
	sd := b.Deviations()
	ma, mb, ca, cb := a.Mean(), b.Mean(), a.Covariance(), b.Covariance()
	for i := range sd {
		assert.InDelta(t, 0, (ma[i]-mb[i])/sd[i], tolerance, "mean %d", i)
		for j := range sd {
			assert.InDelta(t, 0, (ca.At(i, j)-cb.At(i, j))/(sd[i]*sd[j]), 2*tolerance, "covariance %d %d", i, j)
		}
	}
	assert.InDelta(t, b.LogEvidence, a.LogEvidence, 2*tolerance)
}

// Importance sampling and a plain grid add up the same posterior: narrow and wide noise,
// of components along different axes, cut off by the prior, and at linear geometry. Box
// is where the grid lies.
func TestSampleIsTheGrid(t *testing.T) {
	for _, c := range []struct {
		name     string
		m        Measurement
		at       [3]float64
		from, to [3]float64
	}{
		{"five per cent", Measurement{Relative: 0.05, Frame: bodyFrame(t, "C", "O"), Components: []int{0, 3, 4}}, [3]float64{1.156, 1.561, 175}, [3]float64{0.7, 0.9, 173}, [3]float64{1.7, 2.8, 176.6}},
		{"cut off", Measurement{Relative: 0.05}, [3]float64{1.156, 1.561, 175}, [3]float64{0.7, 0.7, 170}, [3]float64{2, 3, 180}},
		{"all components", Measurement{Relative: 0.03, Components: []int{0, 1, 3, 4, 6}}, [3]float64{1.3, 1.7, 165}, [3]float64{0.9, 0.7, 160}, [3]float64{2, 2.4, 175}},
		{"absolute, linear", Measurement{Absolute: 6}, [3]float64{1.2, 1.5, 179.9}, [3]float64{0.7, 0.7, 176}, [3]float64{2, 3, 180}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := prepare(t, carbonylSulphide(t, "C-O=0.7:2.0", "C-S=0.7:3.0", "O-C-S=160:180"), c.m, Options{Shapes: 5000})
			y := measure(t, s, c.at[0], c.at[1], c.at[2])
			p, err := s.Sample(y)
			require.NoError(t, err)
			t.Logf("%.0f effective draws", p.EffectiveSize)
			assert.Greater(t, p.EffectiveSize, 5000.)
			inBohr := func(x [3]float64) []float64 { return []float64{x[0] * angstrom, x[1] * angstrom, x[2] * degree} }
			grid, err := s.Grid(y, inBohr(c.from), inBohr(c.to), 28)
			require.NoError(t, err)
			agree(t, p, grid, 4/math.Sqrt(p.EffectiveSize))
		})
	}
}

// Under a prior of displaced atoms, whose density in internal coordinates is estimated,
// the posterior is that of the prior's own draws weighted by their likelihood, which
// need no density.
func TestSampleIsTheWeightedPrior(t *testing.T) {
	r := carbonylSulphide(t)
	r.Geometry = explosion.Geometry{Kind: explosion.GeometryUniform, DisplacementAngstrom: 0.25}
	s := prepare(t, r, Measurement{Absolute: 15}, Options{Shapes: 5000, Draws: 8000})
	y := measure(t, s, 1.25, 1.45, 168)
	p, err := s.Sample(y)
	require.NoError(t, err)
	draws, err := s.retriever.PriorDraws(context.Background(), 60_000, 5)
	require.NoError(t, err)
	logs := make([]float64, draws.Rows)
	for i := range logs {
		momenta, err := s.explode(draws.Row(i))
		require.NoError(t, err)
		logs[i] = s.measurement.logLikelihood(y, momenta, 0)
	}
	q := &Posterior{Coordinates: draws}
	q.Weights, q.EffectiveSize, q.LogEvidence = normalised(logs)
	q.LogEvidence -= math.Log(float64(draws.Rows))
	require.Greater(t, q.EffectiveSize, 1000.)
	agree(t, p, q, 5/math.Sqrt(min(p.EffectiveSize, q.EffectiveSize)))
}

// The widths that independent errors of 1 % and 5 % on three momenta leave a geometry
// near equilibrium, with the carbon's momentum for the first axis.
func TestWidthsNearEquilibrium(t *testing.T) {
	for noise, want := range map[float64][3]float64{0.01: {0.017, 0.043, 0.053}, 0.05: {0.085, 0.213, 0.27}} {
		m := Measurement{Relative: noise, Frame: bodyFrame(t, "C", "O")}
		s := prepare(t, carbonylSulphide(t, "C-O=0.7:2.0", "C-S=0.7:3.0", "O-C-S=160:180"), m, Options{Shapes: 5000})
		assert.Equal(t, []int{0, 3, 4}, s.Measurement().Components)
		assert.Equal(t, []string{"r_CO", "r_CS", "angle_OCS"}, s.Columns())
		local, err := s.Laplace([]float64{1.156 * angstrom, 1.561 * angstrom, 175 * degree})
		require.NoError(t, err)
		p, err := s.Sample(measure(t, s, 1.156, 1.561, 175))
		require.NoError(t, err)
		for k, unit := range []float64{angstrom, angstrom, degree} {
			assert.InEpsilon(t, want[k], local[k]/unit, 0.03)
			assert.InEpsilon(t, want[k], p.Deviations()[k]/unit, 0.06)
		}
	}
}

// Averaged over what is measured, the truth's rank among equally weighted draws is
// uniform: S. Talts et al., arXiv:1804.06788.
func TestSampleIsCalibrated(t *testing.T) {
	r := carbonylSulphide(t, "C-O=0.9:1.6", "C-S=1.2:2.0", "O-C-S=160:180")
	s := prepare(t, r, Measurement{Relative: 0.03, Absolute: 1}, Options{Shapes: 4000, Draws: 1000})
	truths, err := s.retriever.PriorDraws(context.Background(), 80, 11)
	require.NoError(t, err)
	random := s.random(9)
	var sums [3]float64
	for i := range truths.Rows {
		y, err := s.Measure(truths.Row(i))
		require.NoError(t, err)
		for k := range y {
			y[k] += math.Hypot(0.03*y[k], 1) * random.NormFloat64()
		}
		p, err := s.Sample(y)
		require.NoError(t, err)
		for k := range sums {
			sums[k] += p.Share(func(x []float64) bool { return x[k] < truths.Row(i)[k] })
		}
	}
	n := float64(truths.Rows)
	for _, sum := range sums {
		assert.InDelta(t, 0.5, sum/n, 4/math.Sqrt(12*n))
	}
}

// Water's momenta, and four atoms with a dihedral, whose components are six.
func TestOtherMolecules(t *testing.T) {
	for name, shapes := range map[string]int{"H2O": 3000, "C2H2": 3000} {
		m, err := explosion.LookupMolecule(name)
		require.NoError(t, err)
		r := explosion.Recipe{Molecule: m, Channels: []explosion.Channel{{Charges: make([]float64, len(m.Atoms))}}}
		for i := range r.Channels[0].Charges {
			r.Channels[0].Charges[i] = 1
		}
		r.Geometry = explosion.Geometry{Kind: explosion.GeometryNormal, DisplacementAngstrom: 0.1}
		s := prepare(t, r, Measurement{Relative: 0.02, Absolute: 0.5}, Options{Shapes: shapes, Draws: 4000})
		truths, err := s.retriever.PriorDraws(context.Background(), 1, 3)
		require.NoError(t, err)
		y, err := s.Measure(truths.Row(0))
		require.NoError(t, err)
		require.Len(t, y, truths.Cols)
		p, err := s.Sample(y)
		require.NoError(t, err)
		t.Logf("%s: %.0f effective draws", name, p.EffectiveSize)
		mean, sd := p.Mean(), p.Deviations()
		for k, x := range truths.Row(0) {
			assert.InDelta(t, 0, (x-mean[k])/sd[k], 4, "%s, coordinate %d", name, k)
		}
	}
}

func TestRefusals(t *testing.T) {
	r := carbonylSulphide(t, "C-O=0.7:2.0", "C-S=0.7:3.0", "O-C-S=160:180")
	otherOrder, err := explosion.NewFrame(explosion.FrameBody, []string{"S", "C", "O"})
	require.NoError(t, err)
	for want, m := range map[string]Measurement{
		"no noise":                    {},
		"relative noise -1":           {Relative: -1},
		"component 9 of the momenta":  {Relative: 0.1, Components: []int{9}},
		"component 0 of the momenta:": {Relative: 0.1, Components: []int{0, 0}},
		"frame as-is":                 {Relative: 0.1, Frame: explosion.Frame{Kind: explosion.FrameAsIs}},
		"frame of atoms of []":        {Relative: 0.1, Frame: explosion.Frame{Kind: explosion.FrameBody}},
		"frame of atoms of [32.06":    {Relative: 0.1, Frame: otherOrder},
	} {
		_, err := New(context.Background(), r, m, Options{Shapes: 100})
		assert.ErrorContains(t, err, want)
	}
	_, err = New(context.Background(), r, Measurement{Relative: 0.1}, Options{Draws: 5})
	assert.ErrorContains(t, err, "5 draws")
	_, err = New(context.Background(), carbonylSulphide(t, "C-O=0.7:2.0"), Measurement{Relative: 0.1}, Options{Shapes: 100})
	assert.ErrorContains(t, err, "the prior has no width")
	s := prepare(t, r, Measurement{Relative: 0.01}, Options{Shapes: 500})
	_, err = s.Sample([]float64{1, 2})
	assert.ErrorContains(t, err, "2 components: want 3")
	_, err = s.Sample([]float64{1, math.NaN(), 2})
	assert.ErrorContains(t, err, "component NaN")
	_, err = s.Grid(measure(t, s, 1, 1.5, 170), []float64{9, 9, 3}, []float64{10, 10, 3.1}, 3)
	assert.ErrorIs(t, err, ErrUnexplained, "beyond the prior")
	_, err = s.Grid([]float64{1, 1, 1}, []float64{1}, []float64{2}, 3)
	assert.Error(t, err)
	_, err = s.Grid([]float64{1, 2}, []float64{2, 2, 3}, []float64{3, 3, 3.1}, 2)
	assert.ErrorContains(t, err, "2 components: want 3")
	_, err = s.Measure([]float64{-1, 1, 1})
	assert.Error(t, err)
}

func TestResample(t *testing.T) {
	p := &Posterior{Coordinates: dataset.Matrix{Rows: 3, Cols: 1, Data: []float64{1, 2, 3}}, Weights: []float64{0.25, 0, 0.75}}
	s := Sampler{}
	sum := 0.0
	for _, x := range p.Resample(4000, s.random(1)).Data {
		assert.NotEqual(t, 2., x)
		sum += x / 4000
	}
	assert.InDelta(t, p.Mean()[0], sum, 0.06)
	assert.InDelta(t, 2.5, p.Mean()[0], 1e-12)
	assert.InDelta(t, math.Sqrt(0.75), p.Deviations()[0], 1e-12)
}
