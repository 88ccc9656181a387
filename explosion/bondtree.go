package explosion

import (
	"math"
	"slices"
)

// bonds returns the neighbours of each atom, ascending, in the tree of least
// total length that connects all atoms (Prim's algorithm), where the length
// between two atoms is the median over the geometries [n, 3N].
func bonds(geometries []float64, atoms int) [][]int {
	distances := medianDistances(geometries, atoms)
	neighbours := make([][]int, atoms)
	connected := []int{0}
	for len(connected) < atoms {
		from, to, shortest := 0, 0, math.Inf(1)
		for _, i := range connected {
			for j := range atoms {
				if d := distances[i*atoms+j]; !slices.Contains(connected, j) && (d < shortest || from == to) {
					from, to, shortest = i, j, d
				}
			}
		}
		connected = append(connected, to)
		neighbours[from], neighbours[to] = append(neighbours[from], to), append(neighbours[to], from)
	}
	for _, all := range neighbours {
		slices.Sort(all)
	}
	return neighbours
}

// medianDistances returns the distances between atoms [N, N].
func medianDistances(geometries []float64, atoms int) []float64 {
	distances := make([]float64, atoms*atoms)
	all := make([]float64, len(geometries)/(3*atoms))
	for i := range atoms {
		for j := range i {
			for k := range all {
				all[k] = between(geometries[3*atoms*k:], i, j).norm()
			}
			slices.Sort(all)
			median := all[len(all)/2]
			distances[i*atoms+j], distances[j*atoms+i] = median, median
		}
	}
	return distances
}

// newZMatrix walks a tree of bonds, given by the neighbours of each atom, breadth
// first from the atom with the most neighbours, the earliest of several. Each
// atom refers to the one that it was reached from, and on to what was placed
// first beside that.
func newZMatrix(neighbours [][]int) ZMatrix {
	root := 0
	for i := range neighbours {
		if len(neighbours[i]) > len(neighbours[root]) {
			root = i
		}
	}
	order := breadthFirst(neighbours, root)
	z := make(ZMatrix, len(order))
	for i, atom := range order {
		placed := order[:i]
		e := ZEntry{Atom: atom, Bond: -1, Angle: -1, Dihedral: -1}
		if i > 0 {
			e.Bond = firstPlaced(placed, neighbours[atom])
		}
		if i > 1 {
			e.Angle = firstPlaced(placed, neighbours[e.Bond])
		}
		if i > 2 {
			e.Dihedral = firstPlaced(placed, neighbours[e.Angle], e.Bond)
			if e.Dihedral < 0 { // a third atom at the root
				e.Dihedral = firstPlaced(placed, neighbours[e.Bond], e.Angle)
			}
		}
		z[i] = e
	}
	return z
}

func breadthFirst(neighbours [][]int, root int) []int {
	order := []int{root}
	for i := 0; i < len(order); i++ {
		for _, next := range neighbours[order[i]] {
			if !slices.Contains(order, next) {
				order = append(order, next)
			}
		}
	}
	return order
}

// firstPlaced returns the atom placed first among the candidates, without the
// ones excepted, or −1.
func firstPlaced(placed, candidates []int, except ...int) int {
	for _, atom := range placed {
		if slices.Contains(candidates, atom) && !slices.Contains(except, atom) {
			return atom
		}
	}
	return -1
}

// setBranches puts each dihedral's branch on its circular mean over the
// geometries [n, 3N] in which it is defined.
func (z ZMatrix) setBranches(geometries []float64) {
	for i := range z {
		if i < 3 {
			continue
		}
		sines, cosines := 0.0, 0.0
		for first := 0; first < len(geometries); first += 3 * len(z) {
			positions := geometries[first : first+3*len(z)]
			if z[i].checkLines(positions) != nil {
				continue
			}
			sin, cos := math.Sincos(z[i].dihedral(positions))
			sines, cosines = sines+sin, cosines+cos
		}
		z[i].Branch = math.Atan2(sines, cosines)
	}
}
