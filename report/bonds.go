package report

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"

	"github.com/gocei/gocei/dataset"
)

// bondsOf returns the pairs of atoms that are drawn as bonded, the lower index first, for geometries [n, 3N]: the tree
// of least total length that connects all atoms (Prim's algorithm), by median distances, and what closes rings of it.
func bondsOf(geometries dataset.Matrix) (pairs [][2]int) {
	distance := medianDistances(geometries)
	atoms := len(distance)
	longest := make([]float64, atoms) // of an atom's bonds in the tree
	connected := []int{0}
	for len(connected) < atoms {
		from, to := nearest(distance, connected)
		connected = append(connected, to)
		pairs = append(pairs, [2]int{min(from, to), max(from, to)})
		longest[from], longest[to] = max(longest[from], distance[from][to]), max(longest[to], distance[from][to])
	}
	const slack = 1.1 // of a ring's last bond against its others
	for i := range atoms {
		for j := i + 1; j < atoms; j++ {
			if p := [2]int{i, j}; distance[i][j] <= slack*min(longest[i], longest[j]) && !slices.Contains(pairs, p) {
				pairs = append(pairs, p)
			}
		}
	}
	slices.SortFunc(pairs, func(a, b [2]int) int { return slices.Compare(a[:], b[:]) })
	return pairs
}

// nearest returns the atom that is nearest to those connected, and to which of them.
func nearest(distance [][]float64, connected []int) (from, to int) {
	shortest := math.Inf(1)
	for _, i := range connected {
		for j, d := range distance[i] {
			if !slices.Contains(connected, j) && (d < shortest || from == to) {
				from, to, shortest = i, j, d
			}
		}
	}
	return from, to
}

func medianDistances(geometries dataset.Matrix) [][]float64 {
	atoms := geometries.Cols / 3
	median := make([][]float64, atoms)
	for i := range median {
		median[i] = make([]float64, atoms)
	}
	all := make([]float64, geometries.Rows)
	for i := range atoms {
		for j := range i {
			for k := range all {
				x := geometries.Row(k)
				all[k] = floats.Distance(x[3*i:3*i+3], x[3*j:3*j+3], 2)
			}
			slices.Sort(all)
			median[i][j] = all[len(all)/2]
			median[j][i] = median[i][j]
		}
	}
	return median
}
