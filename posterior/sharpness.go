package posterior

import "github.com/gocei/gocei/posterior/calibration"

// ZScore is the spread of (posterior mean - truth) / posterior standard deviation over the events, a column: mean 0 and
// standard deviation 1 where posteriors are exact and normal. A larger one means error bars that are too small.
type ZScore struct {
	Column string `json:"column"`
	Estimate
	StandardDeviation      float64 `json:"standard_deviation"`
	StandardDeviationError float64 `json:"standard_deviation_error"`
}

// Contraction is 1 - Var[posterior]/Var[prior], a column, whose mean is over the events: 0 where momenta tell nothing of
// it, 1 where they tell all. The prior's variance is that of the training part.
type Contraction struct {
	Column string `json:"column"`
	Estimate
}

// Estimate is a mean over events with its standard error.
type Estimate struct {
	Mean          float64 `json:"mean"`
	StandardError float64 `json:"standard_error"`
}

// sharpness adds up z-scores and contractions of one column.
type sharpness struct {
	prior               float64 // variance
	scores, contraction calibration.Moments
}

// add leaves out posteriors without variance, which a single draw or a collapsed model has.
func (s *sharpness) add(column []float64, truth float64) {
	var posterior calibration.Moments
	for _, x := range column {
		posterior.Add(x)
	}
	if z := calibration.ZScore(&posterior, truth); finite(z) {
		s.scores.Add(z)
	}
	if c := calibration.Contraction(&posterior, s.prior); finite(c) {
		s.contraction.Add(c)
	}
}

func (s *sharpness) zScore(column string) ZScore {
	m := &s.scores
	return ZScore{Column: column, Estimate: estimate(m), StandardDeviation: m.StandardDeviation(), StandardDeviationError: m.StandardDeviationError()}
}

func (s *sharpness) contracted(column string) Contraction {
	return Contraction{Column: column, Estimate: estimate(&s.contraction)}
}

func estimate(m *calibration.Moments) Estimate { return Estimate{m.Mean(), m.MeanError()} }
