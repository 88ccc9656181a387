package export

import (
	"math"

	"github.com/gocei/gocei/export/graph"
)

// spline is that of binding.Spline, whose source says how it computes (Durkan et al. 2019, arXiv:1906.04032).
type spline struct {
	b     *graph.Builder
	bins  int64
	bound float64
}

// The least width and height of a bin, as a share of all, and the least slope.
const (
	leastShare = 1e-3
	leastSlope = 1e-3
)

// piece is the bin of each element [B,d,1]: its left knot, size, and slopes at both ends.
type piece struct {
	x, width, y, height, slope, nextSlope *graph.Value
}

// sizes returns the sizes of the bins, which add up to 2·bound.
func (s spline) sizes(raw *graph.Value) *graph.Value {
	share := s.b.Shift(s.b.Scale(s.b.Softmax(raw), 1-leastShare*float64(s.bins)), leastShare)
	return s.b.Scale(share, 2*s.bound)
}

// leftKnots returns the left end of each bin.
func (s spline) leftKnots(sizes *graph.Value) *graph.Value {
	return s.b.Shift(s.b.Sub(s.b.CumSum(sizes), sizes), -s.bound)
}

// slopes returns those at all knots, [B,d,bins+1]. They are 1 at the ends.
func (s spline) slopes(raw *graph.Value) *graph.Value {
	inner := s.b.Shift(s.b.Softplus(s.b.Shift(raw, math.Log(math.Expm1(1-leastSlope)))), leastSlope)
	end := s.b.Shift(s.b.Scale(s.b.Slice(inner, 0, 1), 0), 1)
	return s.b.Concat(end, inner, end)
}

// pieces returns those that elements [B,d,1] fall into: by their place among the knots of y where the spline is inverted.
func (s spline) pieces(elements, raw *graph.Value, d int64, inverse bool) piece {
	b := s.b
	each := b.Reshape(raw, d, 3*s.bins-1)
	widths, heights := s.sizes(b.Slice(each, 0, s.bins)), s.sizes(b.Slice(each, s.bins, 2*s.bins))
	x, y := s.leftKnots(widths), s.leftKnots(heights)
	slopes := s.slopes(b.Slice(each, 2*s.bins, 3*s.bins-1))
	knots := x
	if inverse {
		knots = y
	}
	bin := b.Count(b.AtLeast(elements, b.Slice(knots, 1, s.bins)))
	next := b.Shift(bin, 1)
	return piece{b.Gather(x, bin), b.Gather(widths, bin), b.Gather(y, bin), b.Gather(heights, bin), b.Gather(slopes, bin), b.Gather(slopes, next)}
}

// inside returns elements x [B,d] as [B,d,1], those too that are moved to the bound if beyond it, and which are not.
func (s spline) inside(x *graph.Value, d int64) (all, within, inside *graph.Value) {
	all = s.b.Reshape(x, d, 1)
	return all, s.b.Clamp(all, -s.bound, s.bound), s.b.Less(s.b.Abs(all), s.b.Scalar(x.DType, s.bound))
}

// forward bends each element of x [B,d], and returns Σ log dy/dx over columns [B].
func (s spline) forward(x, raw *graph.Value, d int64) (y, logDet *graph.Value) {
	b := s.b
	all, within, inside := s.inside(x, d)
	p := s.pieces(within, raw, d, false)
	steep := b.Div(p.height, p.width)
	part := b.Div(b.Sub(within, p.x), p.width)
	rest := b.Sub(b.Scalar(x.DType, 1), part)
	mixed, square := b.Mul(part, rest), b.Mul(part, part)
	below := b.Add(steep, b.Mul(s.bend(p, steep), mixed))
	bent := b.Add(p.y, b.Div(b.Mul(p.height, b.Add(b.Mul(steep, square), b.Mul(p.slope, mixed))), below))
	above := b.Add(b.Add(b.Mul(p.nextSlope, square), b.Scale(b.Mul(steep, mixed), 2)), b.Mul(p.slope, b.Mul(rest, rest)))
	logSlope := b.Add(b.Scale(b.Sub(b.Log(steep), b.Log(below)), 2), b.Log(above))
	logSlope = b.Where(inside, logSlope, b.Scalar(x.DType, 0))
	return b.Reshape(b.Where(inside, bent, all), d), b.Sum(b.Reshape(logSlope, d))
}

// inverse is forward's, without the determinant.
func (s spline) inverse(y, raw *graph.Value, d int64) *graph.Value {
	b := s.b
	all, within, inside := s.inside(y, d)
	p := s.pieces(within, raw, d, true)
	steep, above := b.Div(p.height, p.width), b.Sub(within, p.y)
	bend := b.Mul(above, s.bend(p, steep))
	qa := b.Add(b.Mul(p.height, b.Sub(steep, p.slope)), bend)
	qb := b.Sub(b.Mul(p.height, p.slope), bend)
	qc := b.Scale(b.Mul(steep, above), -1)
	root := b.Sub(b.Mul(qb, qb), b.Scale(b.Mul(qa, qc), 4))
	root = b.Sqrt(b.Clamp(root, 0, math.MaxFloat32))
	part := b.Div(b.Scale(qc, -2), b.Add(qb, root))
	return b.Reshape(b.Where(inside, b.Add(p.x, b.Mul(part, p.width)), all), d)
}

func (s spline) bend(p piece, steep *graph.Value) *graph.Value {
	return s.b.Sub(s.b.Add(p.nextSlope, p.slope), s.b.Scale(steep, 2))
}
