package main

import (
	"fmt"
	"slices"
)

// sample are the measurements of one thing, one a round.
type sample []float64

func (s sample) median() float64 {
	sorted := slices.Sorted(slices.Values(s))
	if len(sorted) == 0 {
		return 0
	}
	return (sorted[(len(sorted)-1)/2] + sorted[len(sorted)/2]) / 2
}

// String gives the median and, in brackets, the smallest and the largest.
func (s sample) String() string {
	if len(s) == 0 {
		return "not installed"
	}
	return fmt.Sprintf("%s (%s–%s)", thousands(s.median()), thousands(slices.Min(s)), thousands(slices.Max(s)))
}

// thousands writes a positive number with three digits that count, and a comma after each thousand.
func thousands(x float64) string {
	unit := 1.0
	for x/unit >= 1000 {
		unit *= 10
	}
	text := fmt.Sprintf("%.0f", float64(int(x/unit+0.5))*unit)
	if x < 100 {
		return fmt.Sprintf("%.3g", x)
	}
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

// quantile returns the smallest value that at least the share p does not exceed.
func quantile(values []float64, p float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[min(int(p*float64(len(sorted))), len(sorted)-1)]
}
