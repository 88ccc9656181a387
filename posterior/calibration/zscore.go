package calibration

import "math"

// ZScore returns how far a posterior's mean is from the truth, in its standard deviations: over the events of a
// calibrated posterior they have mean 0, and a standard deviation of 1 where posteriors are normal. Contraction returns
// how much narrower than the prior it is, 1 - Var[posterior]/Var[prior]: 0 where nothing was learned, and 1 where
// everything was (M. Betancourt, arXiv:1803.08393, section 4.3; D. J. Schad, M. Betancourt and S. Vasishth, Psychol.
// Methods 26, 103 (2021), arXiv:1904.12765). Both are NaN or infinite where they are divided by a variance of 0.
func ZScore(posterior *Moments, truth float64) float64 {
	return (posterior.Mean() - truth) / posterior.StandardDeviation()
}

// Contraction is defined with ZScore.
func Contraction(posterior *Moments, priorVariance float64) float64 {
	if priorVariance == 0 {
		return math.NaN()
	}
	return 1 - posterior.Variance()/priorVariance
}
