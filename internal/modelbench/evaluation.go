package modelbench

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/posterior"
	"github.com/gocei/gocei/trainer"
)

// evaluation measures how long posterior.Evaluate takes for a test part, draws and densities and all that follows from them.
// Nothing in PyTorch does the same, so that it has no peer; its floor is the draws'.
func (b *bench) evaluation(ctx context.Context, c Case) (r Result, err error) {
	r = b.result(c)
	inverse, test, err := b.trained(ctx, c, &r)
	if err != nil {
		return r, err
	}
	defer inverse.Close()
	var h heat
	effort, began := b.options.effort(c), time.Now()
	for round := 0; !effort.enough(round, round, time.Since(began)); round++ {
		begin := time.Now()
		if _, err := inverse.Evaluate(ctx, test, posterior.EvaluateOptions{Draws: b.options.Draws}); err != nil {
			return r, fmt.Errorf("modelbench: %s: %w", c, err)
		}
		h.ours = append(h.ours, []float64{sinceMS(begin)})
		rate, err := b.floorRate(ctx)
		if err != nil {
			return r, err
		}
		h.gflops = append(h.gflops, rate)
	}
	r.heat(h)
	return r, nil
}

// mostEvaluated is how many events are evaluated at most.
const mostEvaluated = 200

// trained returns a model after an epoch of training, and events that it has not seen. It sets the result's size.
func (b *bench) trained(ctx context.Context, c Case, r *Result) (*posterior.Inverse, *dataset.Events, error) {
	d, err := b.split(ctx)
	if err != nil {
		return nil, nil, err
	}
	m, err := b.newModelFor(c, d)
	if err != nil {
		return nil, nil, err
	}
	defer m.Close()
	config := c.training()
	config.Epochs, config.Batch, config.Dir = 1, c.Batch, filepath.Join(b.folder, "to-evaluate")
	if _, err := trainer.Fit(ctx, m, d, config); err != nil {
		return nil, nil, err
	}
	inverse, err := posterior.Open(ctx, config.Dir, posterior.OnDevice(b.options.Device))
	if err != nil {
		return nil, nil, err
	}
	test := d.Partition.Test
	test = test[:min(len(test), mostEvaluated)]
	r.Batch = len(test) * b.options.Draws
	drawn := Case{Work: DrawManyConditions, Model: c.Model, Batch: r.Batch}
	r.Parameters, r.Operations = m.Params().Count(), drawn.operations(m.Params())
	return inverse, b.events.SelectRows(test), nil
}
