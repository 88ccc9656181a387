package posterior

import (
	"context"
	"fmt"
	"runtime"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/dataset"
)

// Draws are posterior draws of many events, in the run's frame and the units that Encoding.PositionUnits names.
type Draws struct {
	Columns     []string // names of the coordinates
	Events      int
	PerEvent    int
	Coordinates int
	Data        []float64 // [Events, PerEvent, Coordinates]
}

// At returns one draw [Coordinates]; changing it changes the draws.
func (d *Draws) At(event, draw int) []float64 {
	start := (event*d.PerEvent + draw) * d.Coordinates
	return d.Data[start : start+d.Coordinates]
}

// Sample returns perEvent draws for the momenta of each event. Positions that the events may carry are not looked at.
func (v *Inverse) Sample(ctx context.Context, events *dataset.Events, perEvent int) (*Draws, error) {
	columns := v.run.Encoding.PositionColumns
	d := &Draws{Columns: columns, Events: events.Len(), PerEvent: perEvent, Coordinates: len(columns)}
	d.Data = make([]float64, 0, d.Events*max(perEvent, 0)*d.Coordinates)
	err := v.Each(ctx, events, perEvent, func(_ int, draws dataset.Matrix) error {
		d.Data = append(d.Data, draws.Data...)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return d, nil
}

// rowsAtOnce bounds the rows that go through the model together. It belongs to what a seed means: other numbers of
// rows would draw other numbers.
const rowsAtOnce = 1 << 15

// Each calls do with the draws [perEvent, coordinates] of each event in turn, in memory that does not grow with the
// number of events.
func (v *Inverse) Each(ctx context.Context, events *dataset.Events, perEvent int, do func(event int, draws dataset.Matrix) error) error {
	return v.EachBetween(ctx, events, 0, events.Len(), perEvent, do)
}

// EachBetween is Each for the events first to end-1 alone, with the draws that Each has for them, to the bit: events go
// through the model in blocks that lie in the table where they always do, and each block has random numbers of its own. It
// draws for whole blocks, of which there are at most two with other events in them.
func (v *Inverse) EachBetween(ctx context.Context, events *dataset.Events, first, end, perEvent int, do func(event int, draws dataset.Matrix) error) error {
	if perEvent < 1 {
		return fmt.Errorf("posterior: sample: the number of draws must be at least 1, got %d", perEvent)
	}
	if err := checkRange(events, first, end); err != nil {
		return err
	}
	conditions, err := v.conditions(events)
	if err != nil {
		return fmt.Errorf("posterior: sample: %w", err)
	}
	generator, err := binding.NewGenerator(v.model.Params().Device(), v.seed)
	if err != nil {
		return fmt.Errorf("posterior: sample: %w", err)
	}
	defer generator.Close()
	runtime.LockOSThread() // OpenMP keeps a team of threads for each thread that it is called from
	defer runtime.UnlockOSThread()

	atOnce := max(1, rowsAtOnce/perEvent)
	for from := first / atOnce * atOnce; from < end && first < end; from += atOnce {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("posterior: sample: stopped after %d of %d events: %w", max(from-first, 0), end-first, err)
		}
		block := rowRange(conditions, from, min(from+atOnce, conditions.Rows))
		positions, err := v.drawBlock(generator, from/atOnce, block, perEvent)
		if err != nil {
			return fmt.Errorf("posterior: sample events %d to %d: %w", from, from+block.Rows-1, err)
		}
		for event := max(from, first); event < min(from+block.Rows, end); event++ {
			if err := do(event, rowRange(positions, (event-from)*perEvent, (event-from+1)*perEvent)); err != nil {
				return err
			}
		}
	}
	return nil
}

func checkRange(events *dataset.Events, first, end int) error {
	if first < 0 || end < first || end > events.Len() {
		return fmt.Errorf("posterior: sample: events %d to %d of %d: want a range of them", first, end-1, events.Len())
	}
	return nil
}

// drawBlock is draw with the random numbers of a block. Seeds of different blocks differ in their lower 32 bits too, which are
// all that the generator of a CPU takes: the constant is odd. The first block has the seed itself.
func (v *Inverse) drawBlock(g *binding.Generator, block int, conditions dataset.Matrix, perEvent int) (dataset.Matrix, error) {
	const golden = 0x9e3779b97f4a7c15 // 2⁶⁴ over the golden ratio, which spreads a sequence of seeds (Weyl)
	if err := g.Seed(v.seed + uint64(block)*golden); err != nil {
		return dataset.Matrix{}, err
	}
	return v.draw(g, conditions, perEvent)
}

// draw returns perEvent draws for each row of conditions: positions [rows*perEvent, D] in the run's frame and unit.
func (v *Inverse) draw(g *binding.Generator, conditions dataset.Matrix, perEvent int) (dataset.Matrix, error) {
	s := binding.NewScope(binding.NoGrad(), binding.WithGenerator(g))
	defer s.Close()
	y := v.upload(s, conditions)
	if conditions.Rows == 1 { // one row in memory, which models see and use
		y = s.Expand(y, int64(perEvent), int64(conditions.Cols))
	} else {
		y = s.RepeatRows(y, int64(perEvent))
	}
	data, err := s.Float64s(v.model.Sample(s, y))
	if err != nil {
		return dataset.Matrix{}, err
	}
	x := dataset.Matrix{Rows: conditions.Rows * perEvent, Cols: v.run.Encoding.Positions.Dim(), Data: data}
	if err := v.redraw(s, x, conditions, perEvent); err != nil {
		return dataset.Matrix{}, err
	}
	return v.run.Encoding.DecodePositions(x)
}

func (v *Inverse) upload(s *binding.Scope, m dataset.Matrix) binding.Tensor {
	p := v.model.Params()
	return s.FromFloat64s(m.Data, p.DType(), p.Device(), int64(m.Rows), int64(m.Cols))
}

// download returns model coordinates x [rows, d] as positions [rows, D].
func (v *Inverse) download(s *binding.Scope, x binding.Tensor, rows int) (dataset.Matrix, error) {
	data, err := s.Float64s(x)
	if err != nil {
		return dataset.Matrix{}, err
	}
	return v.run.Encoding.DecodePositions(dataset.Matrix{Rows: rows, Cols: v.run.Encoding.Positions.Dim(), Data: data})
}

// rowRange returns rows first to end-1, sharing memory.
func rowRange(m dataset.Matrix, first, end int) dataset.Matrix {
	return dataset.Matrix{Rows: end - first, Cols: m.Cols, Data: m.Data[first*m.Cols : end*m.Cols]}
}

// OutsideDomain reports for each event whether its momenta lie outside the range of the training part, where draws are
// extrapolations.
func (v *Inverse) OutsideDomain(events *dataset.Events) ([]bool, error) {
	conditions, err := v.run.Encoding.EncodeMomenta(events)
	if err != nil {
		return nil, fmt.Errorf("posterior: check domain: %w", err)
	}
	return v.run.Encoding.OutsideDomain(conditions), nil
}
