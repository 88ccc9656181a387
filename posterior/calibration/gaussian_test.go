package calibration_test

import (
	"math"
	"math/rand/v2"

	"github.com/gocei/gocei/dataset"
)

// claim is how a posterior differs from the exact one: its mean is off by Bias and its width wrong by the factor Width,
// both relative to the exact standard deviation.
type claim struct{ bias, width float64 }

var (
	exact     = claim{0, 1}
	tooNarrow = claim{0, 0.7}
	tooWide   = claim{0, 1.4}
	biased    = claim{1, 1}
)

// correlation is that of the exact posterior's coordinates.
const correlation = 0.8

// event is one truth and draws [L, 2] of the claimed posterior for what was observed of it.
type event struct {
	truth    []float64
	observed []float64
	draws    dataset.Matrix
	logDraws []float64
	logTruth float64
}

// observe returns an event of a problem in closed form: truths are normal with variance 100 and correlation 0.8, noise of
// variance 1 has the same correlation, so that the posterior is normal with the mean 100/101·observed and the
// covariance 100/101 of the noise's.
func (c claim) observe(random *rand.Rand, draws int) event {
	const prior = 100.0
	shrink := prior / (prior + 1)
	root := math.Sqrt(1 - correlation*correlation)
	normal := func(scale float64) (x, y float64) {
		a, b := random.NormFloat64(), random.NormFloat64()
		return scale * a, scale * (correlation*a + root*b)
	}
	tx, ty := normal(math.Sqrt(prior))
	nx, ny := normal(1)
	e := event{truth: []float64{tx, ty}, observed: []float64{tx + nx, ty + ny}, draws: dataset.NewMatrix(draws, 2)}
	mx, my := shrink*e.observed[0]+c.bias, shrink*e.observed[1]+c.bias
	density := func(x, y float64) float64 { return -(x*x - 2*correlation*x*y + y*y) }
	for i := range draws {
		x, y := normal(c.width * math.Sqrt(shrink))
		e.draws.Row(i)[0], e.draws.Row(i)[1] = mx+x, my+y
		e.logDraws = append(e.logDraws, density(x, y))
	}
	e.logTruth = density(tx-mx, ty-my)
	return e
}

func column(m dataset.Matrix, j int) []float64 {
	all := make([]float64, m.Rows)
	for i := range all {
		all[i] = m.Row(i)[j]
	}
	return all
}
