package trainer

import (
	"fmt"

	"github.com/gocei/gocei/binding"
)

// The numbers of a step that a captured one reads on the device.
const (
	stepNumber    = iota // of the step, counted from 1 over the whole training
	rateNumber           // learning rate; follows the step's, as the optimiser wants them
	averageNumber        // share by which the average of the weights moves
	noiseNumber          // standard deviation of the noise on positions
	numbersPerStep
)

// startEpoch puts the numbers of all of the epoch's steps on the device, so that no step waits for the host.
func (g *stepGraph) startEpoch(s *binding.Scope) error {
	if g == nil {
		return nil
	}
	f, steps := g.fitter, g.fitter.train.count()
	first := f.adam.Steps() - int64(f.counters.Step)
	numbers := make([]float64, 0, steps*numbersPerStep)
	for i := range int64(steps) {
		before := first + i
		numbers = append(numbers, float64(before+1), f.schedule.At(before), f.averageShare(before+1), f.noise(before))
	}
	s.Copy(g.course, s.FromFloat64s(numbers, binding.Float64, f.model.Params().Device(), int64(steps), numbersPerStep))
	if err := s.Err(); err != nil {
		return fmt.Errorf("trainer: epoch %d: put the course of its steps on the device: %w", f.counters.Epoch+1, err)
	}
	return nil
}
