package calibration

import (
	"math/rand/v2"

	"gonum.org/v1/gonum/floats"

	"github.com/gocei/gocei/dataset"
)

// Rank returns how many of the draws lie below the truth, from 0 to len(draws). Among draws that equal the truth, it
// takes any place with equal probability.
func Rank(draws []float64, truth float64, random *rand.Rand) int {
	below, equal := 0, 0
	for _, x := range draws {
		if x < truth {
			below++
		} else if x == truth {
			equal++
		}
	}
	if equal > 0 {
		below += random.IntN(equal + 1)
	}
	return below
}

// DensityRank returns how many of the draws are more probable than the truth, by their log-densities: the truth lies in
// the highest-density region with probability p where that is less than p of L+1. Densities need not be normalised.
func DensityRank(logDraws []float64, logTruth float64, random *rand.Rand) int {
	return len(logDraws) - Rank(logDraws, logTruth, random)
}

// DistanceRank returns how many of the draws [L, D] are closer to the reference [D] than the truth [D] is. The
// reference may depend on what the posterior was told and on chance, and not on truth and draws; where it does not
// depend on the former, the prior passes for a posterior. Coordinates should be of comparable scale.
func DistanceRank(draws dataset.Matrix, truth, reference []float64, random *rand.Rand) int {
	distances := make([]float64, draws.Rows)
	for i := range distances {
		distances[i] = floats.Distance(draws.Row(i), reference, 2)
	}
	return Rank(distances, floats.Distance(truth, reference, 2), random)
}
