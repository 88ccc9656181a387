package posterior

import (
	"context"
	"fmt"
	"runtime"

	"gonum.org/v1/gonum/floats"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/dataset"
)

// LogDensity returns log p(positions|momenta) of each event, over the independent position columns of the run's frame in
// the units that Encoding.PositionUnits names: exact for the cINN, a lower bound for the CVAE (see package cvae). In an
// internal frame of a lengths and b angles it is the log of a density per (unit of length)^a rad^b, without the Jacobian
// that a density of Cartesian positions would have; such numbers compare within one frame only. In a plain table it is that
// of the independent targets in the table's own units; targets on or beyond a bound are an error.
func (v *Inverse) LogDensity(ctx context.Context, events *dataset.Events) ([]float64, error) {
	var all []float64
	err := v.eachPart(ctx, events, func(s *binding.Scope, x, y binding.Tensor) error {
		part, err := s.Float64s(v.model.LogProb(s, x, y))
		all = append(all, part...)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("posterior: density: %w", err)
	}
	model, err := v.run.Encoding.EncodePositions(events)
	if err == nil {
		err = v.toDataUnits(all, model)
	}
	if err != nil {
		return nil, fmt.Errorf("posterior: density: %w", err)
	}
	return all, nil
}

// toDataUnits makes log-densities of model coordinates [n, d] those of the independent columns in their own units.
func (v *Inverse) toDataUnits(logs []float64, model dataset.Matrix) error {
	jacobian, err := v.run.Encoding.Positions.LogJacobian(model)
	if err == nil {
		floats.Add(logs, jacobian)
	}
	return err
}

// RoundTrip maps the events' own positions into the model's latent space and back, and returns the positions
// [N, coordinates] that come out. It sees the positions: it is a check of invertibility, not a prediction.
func (v *Inverse) RoundTrip(ctx context.Context, events *dataset.Events) (dataset.Matrix, error) {
	out := dataset.Matrix{Cols: len(v.run.Encoding.PositionColumns)}
	err := v.eachPart(ctx, events, func(s *binding.Scope, x, y binding.Tensor) error {
		shape, err := s.Shape(x)
		if err != nil {
			return err
		}
		back, err := v.download(s, v.model.RoundTrip(s, x, y), int(shape[0]))
		out.Rows += back.Rows
		out.Data = append(out.Data, back.Data...)
		return err
	})
	if err != nil {
		return dataset.Matrix{}, fmt.Errorf("posterior: round trip: %w", err)
	}
	return out, nil
}

// partRows is how many events are judged at once: LogProb of the CVAE takes 64 latent draws of each.
const partRows = 512

// eachPart calls do with the model coordinates of the events, part by part. The same events give the same numbers.
func (v *Inverse) eachPart(ctx context.Context, events *dataset.Events, do func(s *binding.Scope, x, y binding.Tensor) error) error {
	conditions, err := v.conditions(events)
	if err != nil {
		return err
	}
	positions, err := v.run.Encoding.EncodePositions(events)
	if err != nil {
		return err
	}
	generator, err := binding.NewGenerator(v.model.Params().Device(), v.seed)
	if err != nil {
		return err
	}
	defer generator.Close()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	s := binding.NewScope(binding.NoGrad(), binding.WithGenerator(generator))
	defer s.Close()
	for first := 0; first < positions.Rows; first += partRows {
		if err := ctx.Err(); err != nil {
			return err
		}
		end := min(first+partRows, positions.Rows)
		if err := do(s, v.upload(s, rowRange(positions, first, end)), v.upload(s, rowRange(conditions, first, end))); err != nil {
			return err
		}
		if err := s.Reset(); err != nil {
			return err
		}
	}
	return nil
}
