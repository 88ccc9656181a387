package posterior

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/nn"
	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/trainer"
)

// Inverse is a trained model that goes from momenta to positions. Close it when done. It may be used by one goroutine
// at a time, but for NewDrawing, NewSampler, NewDigest, and what tells of the run.
type Inverse struct {
	model   model
	run     trainer.RunConfig // of an ensemble, the first member's
	members int
	seed    uint64

	redrawn int                   // see Redrawn
	noise   trainer.MomentumNoise // see conditions
}

// Option is a choice made when a run is opened.
type Option func(*options)

type options struct {
	device binding.Device
	seed   uint64
}

// OnDevice computes on that device instead of the CPU.
func OnDevice(d binding.Device) Option { return func(o *options) { o.device = d } }

// WithSeed makes draws start from that seed instead of 0.
func WithSeed(seed uint64) Option { return func(o *options) { o.seed = seed } }

// Open returns the best model of a run directory, or the equal mixture of an ensemble's best models. Errors name the file
// that is missing or does not fit, and the members that are not trained to their end.
func Open(ctx context.Context, dir string, choices ...Option) (*Inverse, error) {
	var o options
	for _, choose := range choices {
		choose(&o)
	}
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("posterior: open %s: %w", dir, err)
	}
	dirs, runs, err := trainer.ReadRuns(dir)
	if err != nil {
		return nil, fmt.Errorf("posterior: open run: %w", err)
	}
	var members mixture
	for i, run := range runs {
		m, err := load(dirs[i], run, o.device)
		if err != nil {
			_ = members.Close() // the first error is the one to report
			return nil, fmt.Errorf("posterior: open %s: %w", dirs[i], err)
		}
		members = append(members, m)
	}
	v := &Inverse{model: members, run: runs[0], members: len(members), seed: o.seed}
	if len(members) == 1 {
		v.model = members[0]
	}
	return v, nil
}

// load returns the best model of a run.
func load(dir string, run trainer.RunConfig, on binding.Device) (model, error) {
	m, err := newModel(run.Model, nn.Placement{Device: on, DType: run.DType})
	if err != nil {
		return nil, err
	}
	if err := m.Params().Load(filepath.Join(dir, trainer.ModelFile)); err != nil {
		_ = m.Close() // the first error is the one to report
		return nil, err
	}
	return m, nil
}

// Kind returns "cvae" or "cinn".
func (v *Inverse) Kind() string { return v.run.Model.Kind }

// Members returns how many models the posterior is the equal mixture of: 1 for a run that is no ensemble.
func (v *Inverse) Members() int { return v.members }

// Run returns what the run's config.json says; of an ensemble, the first member's.
func (v *Inverse) Run() trainer.RunConfig { return v.run }

// Encoding returns the way from events to model coordinates that the run was trained with.
func (v *Inverse) Encoding() dataset.Encoding { return v.run.Encoding }

// Close frees the model.
func (v *Inverse) Close() error { return v.model.Close() }
