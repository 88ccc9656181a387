package report

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat"

	"github.com/gocei/gocei/dataset"
)

// valley tells how deep the density of draws [n, d] dips between its two halves along its longest direction, after each
// column is given the same spread: the number of draws around the middle of both halves' means over that around the
// emptier mean. It is about 1 or more for one mode, and near 0 for two that are apart. A half with less than a seventh
// of the draws is no mode.
func valley(draws dataset.Matrix) float64 {
	if draws.Rows < fewestForModes {
		return 1
	}
	line := longestDirection(draws)
	if line == nil {
		return 1
	}
	slices.Sort(line)
	low, high, share := twoMeans(line)
	if share < 1.0/7 {
		return 1
	}
	width := (high - low) / 8
	around := func(centre float64) float64 {
		first, _ := slices.BinarySearch(line, centre-width)
		end, _ := slices.BinarySearch(line, centre+width)
		return float64(end - first)
	}
	return around((low+high)/2) / max(min(around(low), around(high)), 1)
}

// fewestForModes is how many draws it takes to tell a valley from chance.
const fewestForModes = 100

// longestDirection returns the draws' coordinates along the first principal axis of the correlations.
func longestDirection(draws dataset.Matrix) []float64 {
	var kept []int
	sd := make([]float64, draws.Cols)
	column := make([]float64, draws.Rows)
	for j := range draws.Cols {
		mat.Col(column, j, mat.NewDense(draws.Rows, draws.Cols, draws.Data))
		if sd[j] = stat.StdDev(column, nil); sd[j] > 0 && !math.IsInf(sd[j], 0) {
			kept = append(kept, j)
		}
	}
	if len(kept) == 0 {
		return nil
	}
	scaled := mat.NewDense(draws.Rows, len(kept), nil)
	for i := range draws.Rows {
		for k, j := range kept {
			scaled.Set(i, k, draws.Row(i)[j]/sd[j])
		}
	}
	var axes stat.PC
	if !axes.PrincipalComponents(scaled, nil) {
		return nil
	}
	var directions, along mat.Dense
	axes.VectorsTo(&directions)
	along.Mul(scaled, directions.Slice(0, len(kept), 0, 1))
	return mat.Col(nil, 0, &along)
}

// twoMeans splits sorted numbers where the squares within both parts are least, and returns the parts' means and the
// share of the smaller one.
func twoMeans(sorted []float64) (low, high, share float64) {
	n, total := float64(len(sorted)), 0.0
	for _, x := range sorted {
		total += x
	}
	best, left := math.Inf(-1), 0.0
	for i, x := range sorted[:len(sorted)-1] {
		left += x
		k := float64(i + 1)
		if between := left*left/k + (total-left)*(total-left)/(n-k); between > best {
			best, low, high, share = between, left/k, (total-left)/(n-k), min(k, n-k)/n
		}
	}
	return low, high, share
}
