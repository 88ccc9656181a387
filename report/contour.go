package report

import "gonum.org/v1/plot/plotter"

// rings returns the closed curves on which the density has the level, higher ground on the left: around hills against the
// clock, around hollows with it (marching squares).
func (d *density) rings(level float64) []plotter.XYs {
	next := map[edge]edge{}
	for j := -1; j < d.n; j++ {
		for i := -1; i < d.n; i++ {
			d.cross(i, j, level, next)
		}
	}
	var all []plotter.XYs
	for j := -1; j <= d.n; j++ { // in the lattice's order, since a map's would change from run to run
		for i := -1; i <= d.n; i++ {
			for _, start := range []edge{{i, j, false}, {i, j, true}} {
				if ring := d.follow(start, level, next); len(ring) > 2 {
					all = append(all, ring)
				}
			}
		}
	}
	return all
}

// edge goes from the centre of a cell to the next one's, upwards or to the right.
type edge struct {
	i, j int
	up   bool
}

// sides of a square between four centres; its corners go around it from the lower left.
const (
	bottom = iota
	right
	top
	left
)

// crossings are the sides at which the level's curve enters and leaves a square, by which corners are above it (bit k
// for corner k).
var crossings = [16][][2]int{
	1: {{bottom, left}}, 2: {{right, bottom}}, 3: {{right, left}}, 4: {{top, right}}, 6: {{top, bottom}}, 7: {{top, left}},
	8: {{left, top}}, 9: {{bottom, top}}, 11: {{right, top}}, 12: {{left, right}}, 13: {{bottom, right}}, 14: {{left, bottom}},
	5: {{bottom, left}, {top, right}}, 10: {{right, bottom}, {left, top}},
}

// Of a saddle whose middle is above the level, the higher corners are joined.
var joined = map[int][][2]int{5: {{bottom, right}, {top, left}}, 10: {{left, bottom}, {right, top}}}

// cross notes where the curve goes through the square that has cell (i, j) at its lower left.
func (d *density) cross(i, j int, level float64, next map[edge]edge) {
	corners := [4]float64{d.value(i, j), d.value(i+1, j), d.value(i+1, j+1), d.value(i, j+1)}
	above, sum := 0, 0.0
	for k, v := range corners {
		if sum += v; v > level {
			above |= 1 << k
		}
	}
	ways := crossings[above]
	if saddle := joined[above]; saddle != nil && sum/4 > level {
		ways = saddle
	}
	sides := [4]edge{bottom: {i, j, false}, right: {i + 1, j, true}, top: {i, j + 1, false}, left: {i, j, true}}
	for _, w := range ways {
		next[sides[w[0]]] = sides[w[1]]
	}
}

// follow returns the ring through an edge, taking it out of next; none where there is none.
func (d *density) follow(start edge, level float64, next map[edge]edge) (ring plotter.XYs) {
	for at := start; ; {
		to, found := next[at]
		if !found {
			return ring
		}
		delete(next, at)
		ring = append(ring, d.crossing(at, level))
		at = to
	}
}

// crossing returns where on an edge the density has the level.
func (d *density) crossing(e edge, level float64) plotter.XY {
	to := e
	if e.up {
		to.j++
	} else {
		to.i++
	}
	low, high := d.value(e.i, e.j), d.value(to.i, to.j)
	part := (level - low) / (high - low)
	return plotter.XY{
		X: (1-part)*d.centre(d.x, e.i) + part*d.centre(d.x, to.i),
		Y: (1-part)*d.centre(d.y, e.j) + part*d.centre(d.y, to.j),
	}
}

// centre returns where a cell's centre is. Those outside the lattice count as being at its edge.
func (d *density) centre(s span, cell int) float64 {
	share := min(max((float64(cell)+0.5)/float64(d.n), 0), 1)
	return s.low + share*s.width()
}
