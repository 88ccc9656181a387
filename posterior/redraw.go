package posterior

import (
	"fmt"
	"math"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/dataset"
)

// mostRedraws is how often a draw that overflowed is drawn again.
const mostRedraws = 10

// Redrawn returns how many draws so far were infinite or NaN and were drawn again. A flow whose scales are unbounded, as
// the reference's are, overflows now and then far out in its tails.
func (v *Inverse) Redrawn() int { return v.redrawn }

// redraw replaces the rows of model coordinates x [events*perEvent, d] that are not finite by other draws for the same
// conditions [events, c].
func (v *Inverse) redraw(s *binding.Scope, x, conditions dataset.Matrix, perEvent int) error {
	for range mostRedraws {
		overflowed := overflowedRows(x)
		if len(overflowed) == 0 {
			return nil
		}
		v.redrawn += len(overflowed)
		events := make([]int, len(overflowed))
		for i, row := range overflowed {
			events[i] = row / perEvent
		}
		data, err := s.Float64s(v.model.Sample(s, v.upload(s, conditions.SelectRows(events))))
		if err != nil {
			return err
		}
		for i, row := range overflowed {
			copy(x.Row(row), data[i*x.Cols:(i+1)*x.Cols])
		}
	}
	if overflowed := overflowedRows(x); len(overflowed) > 0 {
		return fmt.Errorf("%d draws are infinite or NaN after %d tries, the first for event %d of these: the model overflows for such momenta",
			len(overflowed), mostRedraws, overflowed[0]/perEvent)
	}
	return nil
}

func overflowedRows(x dataset.Matrix) (rows []int) {
	for i := range x.Rows {
		for _, v := range x.Row(i) {
			if !finite(v) {
				rows = append(rows, i)
				break
			}
		}
	}
	return rows
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }
