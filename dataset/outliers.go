package dataset

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat"
)

// Outliers are farther from the median than farDeviations of what would be the
// standard deviation of a normal distribution with the data's median absolute
// deviation. 3.5 is the usual cut (B. Iglewicz and D. C. Hoaglin, How to Detect
// and Handle Outliers, ASQC 1993); among the millions of rows and the skewed
// distributions of event tables it would flag many that are in order.
const farDeviations = 8

// Scatter below these fractions, of the median and of the momenta, is taken for
// rounding: noise about a value that never changes has no outliers.
const (
	scatterFloor = 1e-3
	sumFloor     = 1e-3
)

// outliers returns the rows whose values lie far above the median, or far on
// either side; differences up to floor are not far.
func outliers(values []float64, floor float64, bothSides bool) (rows []int, median float64) {
	median = medianOf(values)
	deviations := make([]float64, len(values))
	for i, v := range values {
		deviations[i] = math.Abs(v - median)
	}
	const normal = 1.4826 // standard deviation over median absolute deviation
	far := max(floor, farDeviations*max(normal*medianOf(deviations), scatterFloor*math.Abs(median)))
	return rowsWhere(len(values), func(i int) bool {
		return values[i]-median > far || bothSides && median-values[i] > far
	}), median
}

func medianOf(values []float64) float64 {
	return stat.Quantile(0.5, stat.Empirical, slices.Sorted(slices.Values(values)), nil)
}

// largestMomenta returns the largest magnitude of a component of each event's
// momenta.
func largestMomenta(e *Events) []float64 {
	largest := make([]float64, e.Len())
	for i := range largest {
		for _, p := range e.Momenta.Row(i) {
			largest[i] = max(largest[i], math.Abs(p))
		}
	}
	return largest
}
