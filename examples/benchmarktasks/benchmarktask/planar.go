package benchmarktask

import (
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/stat/distuv"
)

// planar is a normal distribution in the plane by its standard deviations and correlation.
type planar struct{ a, b, correlation float64 }

func (p planar) draw(meanA, meanB float64, r *rand.Rand) []float64 {
	u, v := r.NormFloat64(), r.NormFloat64()
	return []float64{meanA + p.a*u, meanB + p.b*(p.correlation*u+math.Sqrt(1-p.correlation*p.correlation)*v)}
}

// symmetric is the matrix ((a, ab), (ab, b)), positive definite.
type symmetric struct{ a, b, ab float64 }

func (s symmetric) planar() planar {
	a, b := math.Sqrt(s.a), math.Sqrt(s.b)
	return planar{a, b, s.ab / (a * b)}
}

// inverseWishart draws a matrix with the density ∝ |S|^(-(freedom+3)/2) exp(-½ tr S⁻¹·scale), for more than one degree of
// freedom: S = L·W⁻¹·Lᵀ with scale = L·Lᵀ and W = B·Bᵀ of the Wishart distribution, whose triangular root B is Bartlett's
// (Proc. R. Soc. Edinb. 53, 260 (1933)).
func inverseWishart(scale symmetric, freedom float64, r *rand.Rand) symmetric {
	b11 := math.Sqrt(distuv.ChiSquared{K: freedom, Src: r}.Rand())
	b22 := math.Sqrt(distuv.ChiSquared{K: freedom - 1, Src: r}.Rand())
	b21 := r.NormFloat64()
	l11 := math.Sqrt(scale.a)
	l21 := scale.ab / l11
	l22 := math.Sqrt(scale.b - l21*l21)
	// The root of S is L·B⁻ᵀ, with B⁻ᵀ = ((1/b11, -b21/(b11·b22)), (0, 1/b22)).
	u1, u2 := l11/b11, -l11*b21/(b11*b22)
	v1, v2 := l21/b11, -l21*b21/(b11*b22)+l22/b22
	return symmetric{a: u1*u1 + u2*u2, b: v1*v1 + v2*v2, ab: u1*v1 + u2*v2}
}
