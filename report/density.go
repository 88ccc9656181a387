package report

import (
	"math"
	"slices"
)

// density is a density over a plane, on a lattice of equal cells.
type density struct {
	x, y  span
	n     int       // cells along each axis
	cells []float64 // [n*n], from the bottom, row by row
}

func newDensity(x, y span, n int) *density {
	return &density{x: x, y: y, n: n, cells: make([]float64, n*n)}
}

// add counts a point; points outside the lattice are not counted.
func (d *density) add(x, y float64) {
	if d.x.holds(x) && d.y.holds(y) {
		i, j := d.cell(d.x.share(x)), d.cell(d.y.share(y))
		d.cells[j*d.n+i]++
	}
}

func (d *density) cell(share float64) int { return min(int(share*float64(d.n)), d.n-1) }

func (d *density) most() float64 { return slices.Max(d.cells) }

// value returns that of a cell, zero outside the lattice.
func (d *density) value(i, j int) float64 {
	if i < 0 || j < 0 || i >= d.n || j >= d.n {
		return 0
	}
	return d.cells[j*d.n+i]
}

// smooth spreads each cell as the kernel does.
func (d *density) smooth(k kernel) {
	from := slices.Clone(d.cells)
	clear(d.cells)
	for at, weight := range from {
		if weight > 0 {
			d.spread(at%d.n, at/d.n, weight, k)
		}
	}
}

func (d *density) spread(i, j int, weight float64, k kernel) {
	for dj := -k.reachY; dj <= k.reachY; dj++ {
		for di := -k.reachX; di <= k.reachX; di++ {
			if x, y := i+di, j+dj; x >= 0 && y >= 0 && x < d.n && y < d.n {
				d.cells[y*d.n+x] += weight * k.at(di, dj)
			}
		}
	}
}

// at returns the density at a point, bilinear between the centres of cells and falling to zero at the lattice's edge, as
// contours do.
func (d *density) at(x, y float64) float64 {
	if !d.x.holds(x) || !d.y.holds(y) {
		return 0
	}
	i, u := d.between(d.x.share(x))
	j, v := d.between(d.y.share(y))
	low := (1-u)*d.value(i, j) + u*d.value(i+1, j)
	high := (1-u)*d.value(i, j+1) + u*d.value(i+1, j+1)
	return (1-v)*low + v*high
}

// between returns the cell whose centre is below and how far above it, of the way to the next or to the edge.
func (d *density) between(share float64) (cell int, part float64) {
	place := share*float64(d.n) - 0.5
	below := math.Floor(place)
	part = place - below
	switch cell = int(below); cell {
	case -1:
		part = 2*part - 1 // half a cell from the edge to the first centre
	case d.n - 1:
		part *= 2
	}
	return cell, part
}

// level returns the density above which a share of the points lies: the contour there bounds their highest-density
// region.
func (d *density) level(xs, ys []float64, share float64) float64 {
	at := make([]float64, len(xs))
	for i := range at {
		at[i] = d.at(xs[i], ys[i])
	}
	slices.Sort(at)
	return quantile(at, 1-share)
}
