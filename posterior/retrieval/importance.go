package retrieval

import (
	"fmt"
	"math"

	"github.com/gocei/gocei/dataset"
)

// Weights say how much each of the draws for an event counts.
type Weights struct {
	Weights       []float64 // they add up to 1
	LogLikelihood []float64 // −χ²/2; −Inf for draws that are no geometry
	ChiSquare     []float64
	// EffectiveSize is how many equally weighted draws would say as much, (Σw)²/Σw²:
	// L. Kish, Survey Sampling (1965), section 8.2. It is 0 where no draw has a weight.
	EffectiveSize float64
}

// Weigh explodes draws [k, 3N] of positions in Bohr and weighs each by how well it
// explains the momenta [3N] of an event, in atomic units: the likelihood times prior
// over proposal. logRatio [k] holds the logarithms of these ratios, both densities
// over the same coordinates, up to a common constant; nil stands for draws of the
// prior itself.
func (v *Retriever) Weigh(momenta []float64, draws dataset.Matrix, logRatio []float64) (Weights, error) {
	if logRatio != nil && len(logRatio) != draws.Rows {
		return Weights{}, fmt.Errorf("retrieval: weigh draws: %d log-ratios: want %d, one a draw", len(logRatio), draws.Rows)
	}
	if width := 3 * len(v.shape.labels); draws.Cols != width {
		return Weights{}, fmt.Errorf("retrieval: weigh draws: %d coordinates a draw: want %d", draws.Cols, width)
	}
	s, err := v.search()
	if err != nil {
		return Weights{}, err
	}
	defer v.idle.Put(s)
	if err := s.observation.observe(s.shape, s.options.Noise, s.solver.Tolerance, momenta); err != nil {
		return Weights{}, fmt.Errorf("retrieval: weigh draws: read event: %w", err)
	}
	w := Weights{}
	for k := range draws.Rows {
		chiSquare := math.Inf(1)
		coordinates, err := v.shape.coordinates(nil, draws.Row(k))
		if err == nil && s.refiner.now.compare(s.refiner.forward, &s.observation, s.options.Noise, coordinates) == nil {
			chiSquare = s.refiner.now.chiSquare
		}
		w.ChiSquare = append(w.ChiSquare, chiSquare)
		w.LogLikelihood = append(w.LogLikelihood, -chiSquare/2)
	}
	w.normalise(logRatio)
	return w, nil
}

// Shares returns how much weight the draws that are nearest to each of an event's
// solutions have: the solutions' importance as the draws tell it.
func (v *Retriever) Shares(w Weights, draws dataset.Matrix, solutions []Solution) []float64 {
	shares := make([]float64, len(solutions))
	for k, weight := range w.Weights {
		coordinates, err := v.shape.coordinates(nil, draws.Row(k))
		if err != nil || weight == 0 || len(solutions) == 0 {
			continue
		}
		nearest, least := 0, math.Inf(1)
		for i, s := range solutions {
			if d := v.shape.distance(s.Internal, coordinates); d < least {
				nearest, least = i, d
			}
		}
		shares[nearest] += weight
	}
	return shares
}

// normalise subtracts the largest logarithm first, so that nothing overflows.
func (w *Weights) normalise(logRatio []float64) {
	logs := append([]float64(nil), w.LogLikelihood...)
	top := math.Inf(-1)
	for k := range logs {
		if logRatio != nil {
			logs[k] += logRatio[k]
		}
		if math.IsNaN(logs[k]) {
			logs[k] = math.Inf(-1)
		}
		top = math.Max(top, logs[k])
	}
	w.Weights = make([]float64, len(logs))
	if math.IsInf(top, 0) {
		return
	}
	sum, square := 0.0, 0.0
	for k, l := range logs {
		w.Weights[k] = math.Exp(l - top)
		sum += w.Weights[k]
		square += w.Weights[k] * w.Weights[k]
	}
	for k := range logs {
		w.Weights[k] /= sum
	}
	w.EffectiveSize = sum * sum / square
}

// LogPrior returns the logarithm of the prior's density at positions [3N] in Bohr, over
// the internal coordinates (Bohr and radians) and up to a constant; −Inf where the
// prior has nothing. Priors that displace atoms in a fixed orientation are averaged
// over orientations, by random ones that follow from the seed.
func (v *Retriever) LogPrior(positions []float64) (float64, error) {
	coordinates, err := v.shape.coordinates(nil, positions)
	if err != nil {
		return math.Inf(-1), fmt.Errorf("retrieval: judge geometry: %w", err)
	}
	const averaged = 64
	sum, random := 0.0, v.random(0)
	for range averaged {
		sum += v.prior.density(v.shape, coordinates, random)
	}
	return math.Log(sum / averaged), nil
}
