package reference

import (
	"errors"
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/mat"
)

// freedom is few, so that tails cover what a Gaussian of the same width would miss.
const freedom = 5

// component is a Student t distribution of several variables: S. Kotz and S. Nadarajah,
// Multivariate t Distributions and Their Applications (2004), equation 1.1.
type component struct {
	mean    []float64
	scale   mat.Cholesky
	lower   mat.TriDense
	logNorm float64
}

var errNarrow = errors.New("draws in a plane have no density")

func newComponent(mean []float64, scale mat.Symmetric) (*component, error) {
	c := &component{mean: mean}
	if !c.scale.Factorize(scale) {
		return nil, errNarrow
	}
	c.scale.LTo(&c.lower)
	dim := float64(len(mean))
	up, _ := math.Lgamma((freedom + dim) / 2)
	down, _ := math.Lgamma(freedom / 2.)
	c.logNorm = up - down - dim/2*math.Log(freedom*math.Pi) - c.scale.LogDet()/2
	return c, nil
}

// rand writes a draw [dim] to dst: a Gaussian over the root of a χ² by its degrees of
// freedom.
func (c *component) rand(dst []float64, random *rand.Rand) []float64 {
	normal := mat.NewVecDense(len(dst), nil)
	for i := range dst {
		normal.SetVec(i, random.NormFloat64())
	}
	square := 0.0
	for range freedom {
		z := random.NormFloat64()
		square += z * z
	}
	normal.MulVec(&c.lower, normal)
	for i := range dst {
		dst[i] = c.mean[i] + normal.AtVec(i)*math.Sqrt(freedom/square)
	}
	return dst
}

func (c *component) logProb(x []float64) float64 {
	d, solved := mat.NewVecDense(len(x), nil), mat.NewVecDense(len(x), nil)
	for i := range x {
		d.SetVec(i, x[i]-c.mean[i])
	}
	if err := c.scale.SolveVecTo(solved, d); err != nil && math.IsNaN(solved.AtVec(0)) {
		return math.Inf(-1)
	}
	return c.logNorm - (freedom+float64(len(x)))/2*math.Log1p(mat.Dot(d, solved)/freedom)
}
