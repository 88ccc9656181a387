package posterior

import (
	"math"
	"math/rand/v2"
	"runtime"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/posterior/calibration"
)

// densityRanker ranks truths among draws by the model's density, many events at once.
type densityRanker struct {
	inverse    *Inverse
	random     *rand.Rand
	conditions dataset.Matrix // of all events
	ranks      *calibration.Ranks
	positions  dataset.Matrix // waiting: the draws of an event and then its truth, in the frame's coordinates
	events     []int          // waiting
}

func newDensityRanker(v *Inverse, events *dataset.Events, draws int, random *rand.Rand) (*densityRanker, error) {
	conditions, err := v.conditions(events)
	if err != nil {
		return nil, err
	}
	waiting := dataset.Matrix{Cols: len(v.run.Encoding.PositionColumns)}
	return &densityRanker{inverse: v, random: random, conditions: conditions, ranks: calibration.NewRanks(draws), positions: waiting}, nil
}

func (r *densityRanker) add(event int, draws dataset.Matrix, truth []float64) error {
	r.positions.Data = append(append(r.positions.Data, draws.Data[:r.ranks.Draws()*draws.Cols]...), truth...)
	r.positions.Rows += r.ranks.Draws() + 1
	r.events = append(r.events, event)
	if r.positions.Rows < rowsAtOnce {
		return nil
	}
	return r.flush()
}

// flush ranks the events that wait.
func (r *densityRanker) flush() error {
	if len(r.events) == 0 {
		return nil
	}
	logs, err := r.inverse.logDensities(r.positions, r.conditions.SelectRows(r.events))
	if err != nil {
		return err
	}
	for perEvent := r.ranks.Draws() + 1; len(logs) > 0; logs = logs[perEvent:] {
		if err := r.ranks.Add(calibration.DensityRank(logs[:perEvent-1], logs[perEvent-1], r.random)); err != nil {
			return err
		}
	}
	r.positions.Rows, r.positions.Data, r.events = 0, r.positions.Data[:0], r.events[:0]
	return nil
}

// logDensities returns the log-densities [rows], in the data's units, of positions [rows, D] in the frame's coordinates, of
// which each condition [n, c] has as many as the others. Densities that are not finite count as none. Those of a CVAE take
// a generator.
func (v *Inverse) logDensities(positions, conditions dataset.Matrix, choices ...binding.Option) ([]float64, error) {
	x, err := v.run.Encoding.Positions.Apply(positions)
	if err != nil {
		return nil, err
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	s := binding.NewScope(append(choices, binding.NoGrad())...)
	defer s.Close()
	y := s.RepeatRows(v.upload(s, conditions), int64(positions.Rows/max(conditions.Rows, 1)))
	logs, err := s.Float64s(v.model.LogProb(s, v.upload(s, x), y))
	if err == nil {
		err = v.toDataUnits(logs, x)
	}
	for i, l := range logs {
		if !finite(l) {
			logs[i] = math.Inf(-1)
		}
	}
	return logs, err
}
