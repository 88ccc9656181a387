package dataset

import (
	"slices"

	"gonum.org/v1/gonum/stat"
)

// Histogram counts values in bins of equal width. Bin i goes from Edges[i] to
// below Edges[i+1], the last one up to its upper edge.
type Histogram struct {
	Edges  []float64 `json:"edges"` // [len(Counts)+1]
	Counts []int     `json:"counts"`
	Below  int       `json:"below"` // values under the first edge
	Above  int       `json:"above"` // values over the last edge
}

const histogramBins = 20

// newHistogram bins values between their extremes, but not farther than three
// interquartile ranges outside the quartiles, so that a single outlier does not
// put all others into one bin.
func newHistogram(values []float64) Histogram {
	sorted := slices.Sorted(slices.Values(values))
	low, high := stat.Quantile(0.25, stat.Empirical, sorted, nil), stat.Quantile(0.75, stat.Empirical, sorted, nil)
	reach := 3 * (high - low)
	low, high = max(sorted[0], low-reach), min(sorted[len(sorted)-1], high+reach)
	bins := histogramBins
	if !(high > low) {
		bins = 1
	}
	h := Histogram{Counts: make([]int, bins)}
	for i := range bins {
		h.Edges = append(h.Edges, low+(high-low)*float64(i)/float64(bins))
	}
	h.Edges = append(h.Edges, high)
	for _, v := range values {
		h.add(v)
	}
	return h
}

func (h *Histogram) add(value float64) {
	bin, found := slices.BinarySearch(h.Edges, value)
	if !found || bin == len(h.Counts) {
		bin--
	}
	switch {
	case value < h.Edges[0]:
		h.Below++
	case value > h.Edges[len(h.Counts)]:
		h.Above++
	default:
		h.Counts[bin]++
	}
}
