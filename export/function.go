package export

import (
	"encoding/json"
	"fmt"
	"path/filepath"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/cinn"
	"github.com/gocei/gocei/cvae"
	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/explosion"
	"github.com/gocei/gocei/export/graph"
	"github.com/gocei/gocei/trainer"
)

// Function is a function of a trained model, in the units of its run.
type Function struct {
	Graph *graph.Graph
	Notes Notes
}

// describer makes a Function.
type describer struct {
	b        *graph.Builder
	w        *weights
	encoding dataset.Encoding
	notes    Notes
	y        *graph.Value // conditions in model coordinates [B,c]
}

// Describe returns a function of a run directory's best model. An ensemble is an error that names its members.
func Describe(dir string, what What) (*Function, error) {
	f, err := describe(dir, what)
	if err != nil {
		return nil, fmt.Errorf("export: describe %s of %s: %w", what, dir, err)
	}
	return f, nil
}

func describe(dir string, what What) (*Function, error) {
	run, err := oneRun(dir)
	if err != nil {
		return nil, err
	}
	if err := what.check(run.Model.Kind); err != nil {
		return nil, err
	}
	dtype := graph.Float32
	if run.DType == binding.Float64 {
		dtype = graph.Float64
	}
	b := &graph.Builder{}
	w, err := readWeights(filepath.Join(dir, trainer.ModelFile), dtype, b)
	if err != nil {
		return nil, err
	}
	d := &describer{b: b, w: w, encoding: run.Encoding, notes: Notes{
		Model: run.Model.Kind, What: what, Frame: run.Encoding.Frame, Atoms: run.Encoding.Atoms,
	}}
	output, err := d.function(run)
	if err != nil {
		return nil, err
	}
	if w.err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Join(dir, trainer.ModelFile), w.err)
	}
	g, err := b.Finish(output, d.notes.Output.Name)
	if err != nil {
		return nil, err
	}
	return &Function{Graph: g, Notes: d.notes}, nil
}

// oneRun returns the config of a run that is no ensemble.
func oneRun(dir string) (trainer.RunConfig, error) {
	dirs, runs, err := trainer.ReadRuns(dir)
	switch {
	case err != nil:
		return trainer.RunConfig{}, err
	case len(runs) > 1:
		return trainer.RunConfig{}, fmt.Errorf("it is an ensemble, whose draws are each of a member: export the members %s to %s one by one", dirs[0], dirs[len(dirs)-1])
	}
	return runs[0], nil
}

func (d *describer) function(run trainer.RunConfig) (*graph.Value, error) {
	d.y = d.conditions()
	if run.Model.Kind == cinn.Kind {
		var c cinn.Config
		if err := json.Unmarshal(run.Model.Config, &c); err != nil {
			return nil, fmt.Errorf("read the cINN's settings: %w", err)
		}
		return d.ofFlow(newFlow(d.w, c, d.y)), nil
	}
	var c cvae.Config
	if err := json.Unmarshal(run.Model.Config, &c); err != nil {
		return nil, fmt.Errorf("read the CVAE's settings: %w", err)
	}
	return d.ofAutoencoder(newAutoencoder(d.w, c, d.y)), nil
}

func (d *describer) ofFlow(f *flow) *graph.Value {
	if d.notes.What == LogDensity {
		return d.logDensity(f)
	}
	return d.decoded(f.inverse(d.drawn("z", f.c.Dim)))
}

func (d *describer) ofAutoencoder(a *autoencoder) *graph.Value {
	if d.notes.What == Decode {
		return d.decoded(a.decode(d.latent(a)))
	}
	z, noise := d.drawn("z", a.c.Latent), (*graph.Value)(nil)
	if a.c.LearnedVariance {
		noise = d.drawn("noise", a.c.Dim)
	}
	return d.decoded(a.sample(z, noise))
}

// conditions returns the momenta in model coordinates.
func (d *describer) conditions() *graph.Value {
	y, _ := scaling{d.b, "momenta_scaler", d.encoding.Momenta}.apply(d.input(momenta(d.encoding)))
	return d.b.Cast(y, d.w.dtype)
}

func (d *describer) input(a Array) *graph.Value {
	d.notes.Inputs = append(d.notes.Inputs, a)
	return d.b.Input(a.Name, graph.Float64, a.Width)
}

// drawn returns standard normal numbers that the caller draws.
func (d *describer) drawn(name string, width int64) *graph.Value {
	return d.b.Cast(d.input(normal(name, width)), d.w.dtype)
}

// latent returns the CVAE's latent variable.
func (d *describer) latent(a *autoencoder) *graph.Value {
	in := normal("latent", a.c.Latent)
	if in.Meaning = "the latent variable"; !a.c.LearnedPrior {
		d.notes.Latent = &Latent{Mean: d.w.numbers("latent.mean", a.c.Latent), SD: d.w.numbers("latent.sd", a.c.Latent)}
	}
	return d.b.Cast(d.input(in), d.w.dtype)
}

// decoded returns model coordinates [B,d] as the run's columns [B,D].
func (d *describer) decoded(x *graph.Value) *graph.Value {
	d.notes.Output = positions(d.encoding)
	all := scaling{d.b, "positions_scaler", d.encoding.Positions}.invert(d.b.Cast(x, graph.Float64))
	if d.encoding.Frame.Kind == explosion.FrameInternal {
		all = fold(d.b, d.encoding.Frame.ZMatrix, all)
	}
	return all
}

func (d *describer) logDensity(f *flow) *graph.Value {
	d.notes.Output = Array{Name: "log_density", Type: graph.Float64.String(), Meaning: "log p of the independent columns of the positions, in their units"}
	s := scaling{d.b, "positions_scaler", d.encoding.Positions}
	x, u := s.apply(d.input(positions(d.encoding)))
	logs := d.b.Cast(f.logProb(d.b.Cast(x, d.w.dtype)), graph.Float64)
	row, constant := s.logJacobian(u)
	if row != nil {
		logs = d.b.Add(logs, row)
	}
	return d.b.Shift(logs, constant)
}
