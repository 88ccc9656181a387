package modelbench

import (
	"math"
	"slices"
)

// Spread is how figures of several rounds scatter.
type Spread struct {
	Median float64 `json:"median"`
	P10    float64 `json:"p10"`
	P90    float64 `json:"p90"`
}

// spread returns nil where there are no figures.
func spread(values []float64) *Spread {
	if len(values) == 0 {
		return nil
	}
	return &Spread{Median: quantile(values, 0.5), P10: quantile(values, 0.1), P90: quantile(values, 0.9)}
}

// quantile interpolates linearly between the sorted values, as NumPy does. That of none is NaN.
func quantile(values []float64, p float64) float64 {
	if len(values) == 0 {
		return math.NaN()
	}
	sorted := slices.Sorted(slices.Values(values))
	if len(sorted) == 1 {
		return sorted[0]
	}
	at := p * float64(len(sorted)-1)
	below := min(int(at), len(sorted)-2)
	part := at - float64(below)
	return sorted[below]*(1-part) + sorted[below+1]*part
}

func median(values []float64) float64 { return quantile(values, 0.5) }

// ratios returns a[i]/b[i] for as many rounds as both have.
func ratios(a, b []float64) (r []float64) {
	for i := range min(len(a), len(b)) {
		r = append(r, a[i]/b[i])
	}
	return r
}

// medians returns that of each round.
func medians(rounds [][]float64) (m []float64) {
	for _, round := range rounds {
		m = append(m, median(round))
	}
	return m
}
