package explosion

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

// moments of a sample, with the standard errors of a sample of its size.
type moments struct {
	size                     float64
	mean, variance           float64
	meanError, varianceError float64
}

func momentsOf(sample []float64) moments {
	m := moments{size: float64(len(sample))}
	for _, x := range sample {
		m.mean += x / m.size
	}
	fourth := 0.0
	for _, x := range sample {
		d := x - m.mean
		m.variance += d * d / m.size
		fourth += d * d * d * d / m.size
	}
	m.meanError = math.Sqrt(m.variance / m.size)
	m.varianceError = math.Sqrt((fourth - m.variance*m.variance) / m.size)
	return m
}

// assertMoments allows 4.5 standard errors: one in 150,000 fails by chance, and
// samples are seeded.
func assertMoments(t *testing.T, sample []float64, mean, variance float64, what string) {
	t.Helper()
	m := momentsOf(sample)
	assert.InDelta(t, mean, m.mean, 4.5*m.meanError+1e-12*math.Abs(mean), "mean of %s", what)
	assert.InDelta(t, variance, m.variance, 4.5*m.varianceError+1e-12*variance, "variance of %s", what)
}

// column returns one number of each event.
func column(events [][]float64, number func([]float64) float64) []float64 {
	sample := make([]float64, len(events))
	for i, e := range events {
		sample[i] = number(e)
	}
	return sample
}

func assertUncorrelated(t *testing.T, a, b []float64, what string) {
	t.Helper()
	products := make([]float64, len(a))
	ma, mb := momentsOf(a), momentsOf(b)
	for i := range a {
		products[i] = (a[i] - ma.mean) * (b[i] - mb.mean)
	}
	m := momentsOf(products)
	assert.InDelta(t, 0, m.mean, 4.5*m.meanError, "covariance of %s", what)
}
