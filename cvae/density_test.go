package cvae

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/bindingtest"
	"github.com/gocei/gocei/internal/modeltest"
)

// linearGaussian is a model without hidden layers, whose densities have closed forms: with z ~ N(m, S²) and
// x = Az + By + c + noise of variance V, x given y is normal with mean Am + By + c and covariance AS²Aᵀ + V. The
// columns of A are orthogonal in the metric of V, so that the posterior of z is one that the encoder can express; it
// is given that posterior.
type linearGaussian struct {
	*Model
	a, b, c, variance *mat.Dense // [D,L], [D,C], [D,1], diagonal [D,D]
	m, sd             []float64
}

// priorMean and priorSD are what the latent variables' statistics are set to where they are not N(0, I).
var priorMean, priorSD = []float64{0.3, -0.4}, []float64{1.3, 0.7}

func newLinearGaussian(t *testing.T, learnedVariance bool, m, sd []float64) linearGaussian {
	g := linearGaussian{m: m, sd: sd}
	g.Model = newModel(t, Config{Dim: 3, Conditions: 2, Latent: 2, EncoderSeesConditions: true, LearnedVariance: learnedVariance},
		binding.Float64, 1)
	v := []float64{0.5, 0.5, 0.5}
	if learnedVariance {
		v = []float64{0.2, 0.9, 1.7}
		modeltest.Set(t, g.Params(), "decoder.slow_log_variance", math.Log(v[0])/LogVarianceGain, math.Log(v[1])/LogVarianceGain, math.Log(v[2])/LogVarianceGain)
	}
	stretch := [2]float64{1.2, -0.7}
	orthonormal := [3][2]float64{{1. / 3, 2. / 3}, {2. / 3, 1. / 3}, {2. / 3, -2. / 3}}
	g.a, g.variance = mat.NewDense(3, 2, nil), mat.NewDense(3, 3, nil)
	g.b = mat.NewDense(3, 2, []float64{0.5, -0.3, 0.2, 0.8, -0.6, 0.1})
	g.c = mat.NewDense(3, 1, []float64{0.1, -0.2, 0.3})
	for d := range 3 {
		g.variance.Set(d, d, v[d])
		for l := range 2 {
			g.a.Set(d, l, math.Sqrt(v[d])*orthonormal[d][l]*stretch[l])
		}
	}
	g.setDecoder(t)
	g.setPosterior(t)
	modeltest.Set(t, g.Params(), "latent.mean", m...)
	modeltest.Set(t, g.Params(), "latent.sd", sd...)
	return g
}

func (g linearGaussian) setDecoder(t *testing.T) {
	var weight mat.Dense
	weight.Augment(g.a, g.b)
	modeltest.Set(t, g.Params(), "decoder.0.weight", weight.RawMatrix().Data...)
	modeltest.Set(t, g.Params(), "decoder.0.bias", g.c.RawMatrix().Data...)
}

// setPosterior gives the encoder p(z|x,y): precision P = S⁻² + AᵀV⁻¹A, which is diagonal, and mean
// P⁻¹(S⁻²m + AᵀV⁻¹(x - By - c)).
func (g linearGaussian) setPosterior(t *testing.T) {
	var inverse, gain, precision, ofY, ofC mat.Dense
	require.NoError(t, inverse.Inverse(g.variance))
	gain.Mul(g.a.T(), &inverse)
	precision.Mul(&gain, g.a)
	weight, bias := mat.NewDense(4, 5, nil), make([]float64, 4)
	ofY.Mul(&gain, g.b)
	ofC.Mul(&gain, g.c)
	for l := range 2 {
		prior := 1 / (g.sd[l] * g.sd[l])
		p := prior + precision.At(l, l)
		for d := range 3 {
			weight.Set(l, d, gain.At(l, d)/p)
		}
		for c := range 2 {
			weight.Set(l, 3+c, -ofY.At(l, c)/p)
		}
		bias[l] = (prior*g.m[l] - ofC.At(l, 0)) / p
		bias[2+l] = -math.Log(p)
	}
	modeltest.Set(t, g.Params(), "encoder.0.weight", weight.RawMatrix().Data...)
	modeltest.Set(t, g.Params(), "encoder.0.bias", bias...)
}

// posterior returns p(x|y), or with noise false the distribution of the decoder's outputs without V.
func (g linearGaussian) posterior(y []float64, noise bool) (mean []float64, covariance *mat.SymDense) {
	var mu, by, scaled, cov mat.Dense
	mu.Mul(g.a, mat.NewDense(2, 1, g.m))
	by.Mul(g.b, mat.NewDense(2, 1, y))
	mu.Add(&mu, &by)
	mu.Add(&mu, g.c)
	scaled.Mul(g.a, mat.NewDiagDense(2, g.sd))
	cov.Mul(&scaled, scaled.T())
	if noise {
		cov.Add(&cov, g.variance)
	}
	covariance = mat.NewSymDense(3, nil)
	for i := range 3 {
		for j := i; j < 3; j++ {
			covariance.SetSym(i, j, cov.At(i, j))
		}
	}
	return mu.RawMatrix().Data, covariance
}

func (g linearGaussian) logProbs(x, y []float64) (exact []float64) {
	for i := range len(y) / 2 {
		mean, covariance := g.posterior(y[2*i:2*i+2], true)
		var factor mat.Cholesky
		factor.Factorize(covariance)
		distance := stat.Mahalanobis(mat.NewVecDense(3, x[3*i:3*i+3]), mat.NewVecDense(3, mean), &factor)
		exact = append(exact, -0.5*(distance*distance+factor.LogDet()+3*math.Log(2*math.Pi)))
	}
	return exact
}

// eachVariance runs a test with the fixed variance and with learned ones.
func eachVariance(t *testing.T, m, sd []float64, test func(t *testing.T, g linearGaussian)) {
	for _, learned := range []bool{false, true} {
		t.Run(fmt.Sprintf("learned variance %v", learned), func(t *testing.T) {
			bindingtest.NoLeak(t)
			test(t, newLinearGaussian(t, learned, m, sd))
		})
	}
}

// With the posterior as encoder every weight p(x|z,y) p(z) / q(z|x,y) is p(x|y), whatever z was drawn.
func TestBoundIsExactForTheTruePosterior(t *testing.T) {
	eachVariance(t, priorMean, priorSD, func(t *testing.T, g linearGaussian) {
		s := bindingtest.OpenSeeded(t, 1, binding.NoGrad())
		x, y := modeltest.Normal(s, binding.Float64, 2, 20, 3), modeltest.Normal(s, binding.Float64, 3, 20, 2)
		exact := g.logProbs(bindingtest.Float64s(t, s, x), bindingtest.Float64s(t, s, y))
		modeltest.AssertClose(t, exact, bindingtest.Float64s(t, s, g.bound(s, x, y, 1)), 1e-12, "bound of one draw")
		modeltest.AssertClose(t, exact, bindingtest.Float64s(t, s, g.bound(s, x, y, 5)), 1e-12, "bound of five draws")
		modeltest.AssertClose(t, exact, bindingtest.Float64s(t, s, g.LogProb(s, x, y)), 1e-12, "log p")
	})
}

// With an encoder that is wrong the bound is below log p, and the less so the more draws it has (Burda et al. 2016,
// theorem 1).
func TestBoundRisesToTheDensity(t *testing.T) {
	eachVariance(t, priorMean, priorSD, func(t *testing.T, g linearGaussian) {
		s := bindingtest.OpenSeeded(t, 1, binding.NoGrad())
		x, y := modeltest.Normal(s, binding.Float64, 2, 100, 3), modeltest.Normal(s, binding.Float64, 3, 100, 2)
		exact := stat.Mean(g.logProbs(bindingtest.Float64s(t, s, x), bindingtest.Float64s(t, s, y)), nil)
		modeltest.Set(t, g.Params(), "encoder.0.bias", 0.9, -0.8, -0.2, -0.1)
		x, y = s.RepeatRows(x, 20), s.RepeatRows(y, 20)
		last := math.Inf(-1)
		for _, k := range []int64{1, 4, 16, importanceSamples} {
			bound := bindingtest.Item(t, s, s.Mean(g.bound(s, x, y, k)))
			assert.Greater(t, bound, last, "%d draws", k)
			assert.Less(t, bound, exact, "%d draws", k)
			last = bound
		}
		assert.InDelta(t, exact, last, 0.05, "%d draws", importanceSamples)
	})
}

func TestLogProbHas64Draws(t *testing.T) {
	bindingtest.NoLeak(t)
	m := newModel(t, Robust(3, 2, 1000), binding.Float64, 1)
	s := bindingtest.OpenSeeded(t, 1, binding.NoGrad())
	x, y := modeltest.Normal(s, binding.Float64, 2, 5, 3), modeltest.Normal(s, binding.Float64, 3, 5, 2)
	got := bindingtest.Float64s(t, s, m.LogProb(s, x, y))
	require.NoError(t, s.Generator().Seed(1))
	assert.Equal(t, bindingtest.Float64s(t, s, m.bound(s, x, y, 64)), got)
}

// Under a prior of N(0, I), for which the loss is written, and with the true posterior as encoder, the evidence bound
// is tight. The squared error leaves out the constant of its normal density.
func TestLossIsTheNegativeEvidenceBound(t *testing.T) {
	eachVariance(t, []float64{0, 0}, []float64{1, 1}, func(t *testing.T, g linearGaussian) {
		const repeats = 5000
		s := bindingtest.OpenSeeded(t, 1, binding.NoGrad())
		x, y := modeltest.Normal(s, binding.Float64, 2, 4, 3), modeltest.Normal(s, binding.Float64, 3, 4, 2)
		want := -stat.Mean(g.logProbs(bindingtest.Float64s(t, s, x), bindingtest.Float64s(t, s, y)), nil)
		if !g.config.LearnedVariance {
			want -= 3 * 0.5 * math.Log(math.Pi)
		}
		loss := g.Loss(s, s.RepeatRows(x, repeats), s.RepeatRows(y, repeats))
		assert.InDelta(t, want, bindingtest.Item(t, s, loss.Total), 0.05)
	})
}

// Draws have the moments of p(x|y); without learned variances, those of the decoder's outputs, which carry no noise.
func TestDrawsHaveTheExactMoments(t *testing.T) {
	eachVariance(t, priorMean, priorSD, func(t *testing.T, g linearGaussian) {
		const count = 20000
		y := []float64{0.7, -1.1}
		s := bindingtest.OpenSeeded(t, 1, binding.NoGrad())
		drawn := mat.NewDense(count, 3, bindingtest.Float64s(t, s, g.Sample(s, s.RepeatRows(s.FromFloat64s(y, binding.Float64, binding.CPU, 1, 2), count))))
		mean, covariance := g.posterior(y, g.config.LearnedVariance)
		var got mat.SymDense
		stat.CovarianceMatrix(&got, drawn, nil)
		for i := range 3 {
			sd := math.Sqrt(covariance.At(i, i))
			assert.InDelta(t, mean[i], stat.Mean(mat.Col(nil, i, drawn), nil), 4*sd/math.Sqrt(count), "mean of x%d", i)
			for j := range 3 {
				assert.InDelta(t, covariance.At(i, j), got.At(i, j), 6*sd*math.Sqrt(covariance.At(j, j)/count), "covariance of x%d, x%d", i, j)
			}
		}
	})
}

// In a model of one coordinate p(x|y) is an integral over one latent variable, which a sum can do, whatever the decoder
// is. The encoder is wide, so that few draws cover what the decoder makes of them.
func TestBoundApproachesTheIntegral(t *testing.T) {
	bindingtest.NoLeak(t)
	c := Robust(1, 1, 1000)
	c.Hidden, c.LearnedPrior = []int64{8}, false
	m := newModel(t, c, binding.Float64, 1)
	modeltest.Perturb(t, m.Params(), 0.5)
	s := bindingtest.OpenSeeded(t, 1, binding.NoGrad())
	for _, p := range m.Params().List() {
		if strings.HasPrefix(p.Name, "encoder") || p == m.slowLog {
			s.Zero(p.Tensor())
		}
	}
	const x, y, cells, width = 0.4, -0.6, 4000, 16.0 / 4000
	z := make([]float64, cells)
	for i := range z {
		z[i] = (float64(i) + 0.5 - cells/2) * width
	}
	decoded := bindingtest.Float64s(t, s, m.Decode(s, s.FromFloat64s(z, binding.Float64, binding.CPU, cells, 1), column(s, y, cells)))
	sd := math.Exp(0.5 * bindingtest.Item(t, s, m.logVariance(s)))
	density := 0.0
	for i := range z {
		density += distuv.UnitNormal.Prob(z[i]) * distuv.Normal{Mu: decoded[i], Sigma: sd}.Prob(x) * width
	}
	assert.InDelta(t, math.Log(density), bindingtest.Item(t, s, m.bound(s, column(s, x, 1), column(s, y, 1), 50000)), 0.02)
}

func column(s *binding.Scope, value float64, rows int64) binding.Tensor {
	return s.Full(value, binding.Float64, binding.CPU, rows, 1)
}
