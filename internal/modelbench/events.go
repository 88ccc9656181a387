package modelbench

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/explosion"
)

// fractions make batches of 512 come out even: the default number of events has 40 of them to train on.
var fractions = dataset.Fractions{Train: 0.8, Validation: 0.1, Test: 0.1}

// simulated returns explosions of OCS, the same each time.
func (b *bench) simulated(ctx context.Context) (*dataset.Events, error) {
	if b.events != nil {
		return b.events, nil
	}
	events, _, err := dataset.Simulate(ctx, explosion.Recipe{Events: b.options.Events}, b.report.Machine.Threads)
	if err != nil {
		return nil, fmt.Errorf("modelbench: simulate events: %w", err)
	}
	b.events = events
	return events, nil
}

func (b *bench) split(ctx context.Context) (*dataset.Split, error) {
	events, err := b.simulated(ctx)
	if err != nil {
		return nil, err
	}
	return dataset.Prepare(events, dataset.Options{Fractions: fractions})
}

// newModelFor returns the case's model for the columns of a split.
func (b *bench) newModelFor(c Case, d *dataset.Split) (model, error) {
	return newModel(c, int64(d.Train.Positions.Cols), int64(d.Train.Momenta.Cols), b.options.Device)
}

func uploadMatrix(s *binding.Scope, m dataset.Matrix, on binding.Device) binding.Tensor {
	return s.FromFloat64s(m.Data, binding.Float32, on, int64(m.Rows), int64(m.Cols))
}

// arrayOf returns a matrix for the peer.
func arrayOf(m dataset.Matrix) array {
	values := make([]float32, len(m.Data))
	for i, v := range m.Data {
		values[i] = float32(v)
	}
	return array{values, []int64{int64(m.Rows), int64(m.Cols)}}
}

// tableParcel returns the request that makes the peer train on a split.
func (b *bench) tableParcel(c Case, m model, d *dataset.Split) (*parcel, error) {
	p, err := newParcel(b.folder, "epoch", m.Params())
	if err != nil {
		return nil, err
	}
	training := c.training()
	p.set(map[string]any{"adam": adamSettings(training.Adam, c.learningRate()), "batch": c.Batch})
	for name, part := range map[string]dataset.Matrix{
		"x": d.Train.Positions, "y": d.Train.Momenta,
		"validation_x": d.Validation.Positions, "validation_y": d.Validation.Momenta,
	} {
		if err := p.add(name, arrayOf(part)); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// learningRate is that of works that train. The time to a loss is measured at a rate that gets there in a few epochs.
func (c Case) learningRate() float64 {
	if c.Work == TimeToLoss {
		return quickRate
	}
	return c.training().LearningRate
}

// pickedFor returns the way of running the peer that was the fastest for the steps of a case's model, and nil without a peer
// that can run them.
func (b *bench) pickedFor(ctx context.Context, c Case) (*entrant, error) {
	if len(b.candidates) == 0 {
		return nil, nil
	}
	steps := c
	steps.Work, steps.Brief = CINNStep, false
	if c.isCVAE() {
		steps.Work = CVAEStep
	}
	if e, ok := b.chosen[steps]; ok {
		return e, nil
	}
	s, err := newSubject(steps, b.options.Device)
	if err != nil {
		return nil, err
	}
	e, err := b.rival(ctx, s)
	var refused refusal
	if errors.As(err, &refused) { // which was told when it happened
		err = nil
	}
	return e, errors.Join(err, s.close())
}

// trainingPeer returns the peer with a split loaded to train on, and nil without a peer. A step that is a CUDA graph takes
// no other batches, so that such a peer is compiled instead where it can be.
func (b *bench) trainingPeer(ctx context.Context, c Case, m model, d *dataset.Split) (*entrant, error) {
	picked, err := b.pickedFor(ctx, c)
	if err != nil || picked == nil {
		return nil, err
	}
	e := *picked
	if e.mode == cudaGraph {
		e.mode = eager
		if slices.Contains(e.modes, compiled) {
			e.mode = compiled
		}
	}
	p, err := b.tableParcel(c, m, d)
	if err != nil {
		return nil, err
	}
	_, err = e.load(ctx, p.request, e.mode)
	return &e, err
}
