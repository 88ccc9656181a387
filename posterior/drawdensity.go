package posterior

import (
	"fmt"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/dataset"
)

// DrawDensities returns log p(draw|momenta) of draws [n*k, coordinates], k for each of n events in turn, as Each gives
// them: over the same columns and units as LogDensity, and exact for the cINN alone too.
func (v *Inverse) DrawDensities(events *dataset.Events, draws dataset.Matrix) ([]float64, error) {
	conditions, err := v.conditions(events)
	if err != nil {
		return nil, fmt.Errorf("posterior: density of draws: %w", err)
	}
	if conditions.Rows == 0 || draws.Rows%conditions.Rows != 0 {
		return nil, fmt.Errorf("posterior: density of draws: %d draws for %d events: want as many for each", draws.Rows, conditions.Rows)
	}
	generator, err := binding.NewGenerator(v.model.Params().Device(), v.seed)
	if err != nil {
		return nil, fmt.Errorf("posterior: density of draws: %w", err)
	}
	defer generator.Close()
	perEvent, logs := draws.Rows/conditions.Rows, make([]float64, 0, draws.Rows)
	atOnce := max(1, partRows/max(perEvent, 1))
	for first := 0; first < conditions.Rows; first += atOnce {
		end := min(first+atOnce, conditions.Rows)
		part, err := v.logDensities(rowRange(draws, first*perEvent, end*perEvent), rowRange(conditions, first, end), binding.WithGenerator(generator))
		if err != nil {
			return nil, fmt.Errorf("posterior: density of draws: %w", err)
		}
		logs = append(logs, part...)
	}
	return logs, nil
}
