package calibration

import "math"

// Moments adds up numbers for their mean and standard deviation, with the errors of both.
type Moments struct {
	n              int
	mean           float64
	m2, m3, fourth float64 // central sums of powers
}

// Add takes another number (P. Pébay, Sandia report SAND2008-6212, for sets of one number).
func (m *Moments) Add(x float64) {
	m.n++
	n := float64(m.n)
	d := x - m.mean
	step := d / n
	square := step * step
	term := d * step * (n - 1)
	m.mean += step
	m.fourth += term*square*(n*n-3*n+3) + 6*square*m.m2 - 4*step*m.m3
	m.m3 += term*step*(n-2) - 3*step*m.m2
	m.m2 += term
}

// Count returns how many numbers were added.
func (m *Moments) Count() int { return m.n }

// Mean returns their mean, 0 of none.
func (m *Moments) Mean() float64 { return m.mean }

// Variance returns their variance with n-1 in the denominator, 0 of fewer than two.
func (m *Moments) Variance() float64 {
	if m.n < 2 {
		return 0
	}
	return m.m2 / float64(m.n-1)
}

// StandardDeviation returns the root of Variance.
func (m *Moments) StandardDeviation() float64 { return math.Sqrt(m.Variance()) }

// MeanError returns the standard error of the mean.
func (m *Moments) MeanError() float64 {
	if m.n < 2 {
		return 0
	}
	return m.StandardDeviation() / math.Sqrt(float64(m.n))
}

// StandardDeviationError returns the standard error of the standard deviation, to first order, whatever the shape of the
// distribution: that of the variance is the root of (m₄ - m₂²)/n.
func (m *Moments) StandardDeviationError() float64 {
	variance := m.Variance()
	if variance == 0 {
		return 0
	}
	n := float64(m.n)
	return math.Sqrt(max(m.fourth/n-m.m2/n*m.m2/n, 0)/n) / (2 * math.Sqrt(variance))
}
