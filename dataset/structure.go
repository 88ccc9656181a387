package dataset

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
)

// structure is what a group of columns says about itself: which vary, and which
// of those follow from others.
type structure struct {
	mean, sd                  []float64
	triangle                  *mat.Dense // [D, D]; triangleᵀ·triangle is the scatter matrix
	constant, kept, dependent []int      // column indices, ascending
}

// roundingFloor is the spread, relative to the largest magnitude of a group,
// that float64 arithmetic on its numbers may leave behind.
const roundingFloor = 1e-12

// analyse looks at the columns of finite data [N, D], N ≥ 1.
func analyse(data Matrix, tolerance float64, mixed bool) structure {
	c := newScatter(data.Cols)
	c.add(data)
	return c.structure(tolerance, mixed)
}

// structure tells what the columns of the rows added so far are like. Columns in
// one unit are judged by the spread of the whole group; mixed ones, each in a unit
// of its own, by their own.
func (c *scatter) structure(tolerance float64, mixed bool) structure {
	s := structure{mean: c.mean, triangle: c.triangle()}
	root := math.Sqrt(float64(max(c.rows-1, 1)))
	s.sd = columnNorms(s.triangle)
	for j := range s.sd {
		s.sd[j] /= root
	}
	judged, floor, constant := c.together(s, tolerance)
	if mixed {
		judged, floor, constant = c.alone(s, tolerance)
	}
	s.kept = independentColumns(judged, floor*root)
	for j := range s.sd {
		switch {
		case constant(j):
			s.constant = append(s.constant, j)
		case !slices.Contains(s.kept, j):
			s.dependent = append(s.dependent, j)
		}
	}
	return s
}

// together returns the columns as they are, the standard deviation that counts as
// none, and which columns are so.
func (c *scatter) together(s structure, tolerance float64) (judged *mat.Dense, floor float64, constant func(int) bool) {
	square, largest := 0.0, 0.0
	for j, sd := range s.sd {
		square += sd * sd
		largest = max(largest, c.largest(j))
	}
	floor = max(tolerance*math.Sqrt(square/float64(len(s.sd))), roundingFloor*largest)
	return s.triangle, floor, func(j int) bool { return s.sd[j] <= floor }
}

// alone does so for columns that are standardised one by one; of a constant one,
// nothing is left.
func (c *scatter) alone(s structure, tolerance float64) (judged *mat.Dense, floor float64, constant func(int) bool) {
	constant = func(j int) bool { return s.sd[j] <= roundingFloor*c.largest(j) }
	judged = mat.DenseCopyOf(s.triangle)
	for j, sd := range s.sd {
		scale := 0.0
		if !constant(j) {
			scale = 1 / sd
		}
		column := judged.ColView(j).(*mat.VecDense)
		column.ScaleVec(scale, column)
	}
	return judged, tolerance, constant
}

// largest returns the largest magnitude in a column.
func (c *scatter) largest(j int) float64 { return max(math.Abs(c.min[j]), math.Abs(c.max[j])) }

func columnNorms(m *mat.Dense) []float64 {
	_, d := m.Dims()
	norms := make([]float64, d)
	for j := range norms {
		norms[j] = mat.Norm(m.ColView(j), 2)
	}
	return norms
}

// independentColumns returns the columns, in ascending order, that span all
// columns to within floor. It is Gram–Schmidt with pivoting: each step takes a
// column whose part outside the span so far is at least half the largest, and
// among those the first, so that the choice is well conditioned and yet does not
// change with the noise between columns that are as good as each other.
func independentColumns(triangle *mat.Dense, floor float64) (kept []int) {
	rest := mat.DenseCopyOf(triangle)
	for {
		norms := columnNorms(rest)
		largest := slices.Max(norms)
		if !(largest > floor) {
			slices.Sort(kept)
			return kept
		}
		pivot := slices.IndexFunc(norms, func(norm float64) bool { return norm > floor && norm >= largest/2 })
		kept = append(kept, pivot)
		removeDirection(rest, pivot, norms[pivot])
	}
}

// removeDirection takes from every column its part along the pivot column, and
// clears that.
func removeDirection(m *mat.Dense, pivot int, norm float64) {
	_, d := m.Dims()
	direction := mat.VecDenseCopyOf(m.ColView(pivot))
	direction.ScaleVec(1/norm, direction)
	for j := range d {
		column := m.ColView(j).(*mat.VecDense)
		column.AddScaledVec(column, -mat.Dot(direction, column), direction)
	}
	for i := range d {
		m.Set(i, pivot, 0)
	}
}
