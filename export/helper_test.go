package export_test

import (
	"context"
	"encoding/json"
	"math"
	"math/rand/v2"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/nn"
	"github.com/gocei/gocei/cinn"
	"github.com/gocei/gocei/cvae"
	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/explosion"
	"github.com/gocei/gocei/export/graph"
	"github.com/gocei/gocei/posterior"
	"github.com/gocei/gocei/trainer"
)

// subject is a model of some kind on events of some kind.
type subject struct {
	events  func(t *testing.T) *dataset.Events
	options dataset.Options
	flow    *cinn.Config // one of these two; sizes are filled in
	encoder *cvae.Config
	dtype   binding.DType
}

// subjects have, between them, every option of both models, every kind of column, and angles to be folded.
var subjects = map[string]subject{
	"affine couplings": {events: carbonylSulfide, options: dataset.Options{Frame: explosion.FrameBody},
		flow: &cinn.Config{Couplings: 3, Hidden: []int64{8, 8}, Networks: 2}},
	"affine couplings with everything": {events: carbonylSulfide, options: dataset.Options{Frame: explosion.FrameBody, Scaler: dataset.ScalerWhiten},
		flow: &cinn.Config{Couplings: 3, Hidden: []int64{8}, Networks: 1, Clamp: 1, ActNorm: true, Permutation: cinn.RandomPermutation, Trend: 3}},
	"learned linear maps": {events: carbonylSulfide, options: dataset.Options{Frame: explosion.FrameRecoil}, dtype: binding.Float64,
		flow: &cinn.Config{Couplings: 2, Hidden: []int64{8}, Networks: 2, Clamp: 2, Permutation: cinn.LinearPermutation, Trend: 1}},
	"splines": {events: acetylene, options: dataset.Options{Frame: explosion.FrameInternal},
		flow: &cinn.Config{Couplings: 3, Hidden: []int64{8}, Networks: 2, Coupling: cinn.SplineCoupling, Trend: 2}},
	"splines with everything": {events: carbonylSulfide, options: dataset.Options{Frame: explosion.FrameInternal}, dtype: binding.Float64,
		flow: &cinn.Config{Couplings: 3, Hidden: []int64{8}, Networks: 2, Coupling: cinn.SplineCoupling, Bins: 5, Bound: 2, ActNorm: true, Permutation: cinn.RandomPermutation}},
	"bounded targets": {events: plainTable, options: dataset.Options{Bounds: []dataset.Bound{{Column: "b", Low: 0, High: 1}}},
		flow: &cinn.Config{Couplings: 2, Hidden: []int64{8}, Networks: 2}},
	"autoencoder": {events: carbonylSulfide, options: dataset.Options{Frame: explosion.FrameBody},
		encoder: &cvae.Config{Latent: 3, Hidden: []int64{8, 8}}},
	"autoencoder with everything": {events: carbonylSulfide, options: dataset.Options{Frame: explosion.FrameBody}, dtype: binding.Float64,
		encoder: &cvae.Config{Latent: 4, Hidden: []int64{8}, EncoderSeesConditions: true, LearnedVariance: true, LearnedPrior: true, Trend: 2}},
	"autoencoder of bounded targets": {events: plainTable, options: dataset.Options{Bounds: []dataset.Bound{{Column: "b", Low: 0, High: 1}}},
		encoder: &cvae.Config{Latent: 2, Hidden: []int64{8}, LearnedVariance: true}},
}

func simulated(t *testing.T, formula string) *dataset.Events {
	t.Helper()
	molecule, err := explosion.LookupMolecule(formula)
	require.NoError(t, err)
	charges := make([]float64, len(molecule.Atoms))
	for i := range charges {
		charges[i] = 2
	}
	molecule, err = molecule.WithCharges(charges)
	require.NoError(t, err)
	events, _, err := dataset.Simulate(context.Background(), explosion.Recipe{Molecule: molecule, Events: 200}, 1)
	require.NoError(t, err)
	return events
}

func carbonylSulfide(t *testing.T) *dataset.Events { return simulated(t, "OCS") }
func acetylene(t *testing.T) *dataset.Events       { return simulated(t, "C2H2") }

// plainTable has a target between bounds, one that is free, and one that never changes.
func plainTable(t *testing.T) *dataset.Events {
	t.Helper()
	random := rand.New(rand.NewPCG(3, 3))
	targets, conditions := dataset.NewMatrix(200, 3), dataset.NewMatrix(200, 2)
	for i := range 200 {
		x, y := conditions.Row(i), targets.Row(i)
		x[0], x[1] = random.NormFloat64(), random.NormFloat64()
		y[0], y[1], y[2] = 5, 1/(1+math.Exp(-x[0]-random.NormFloat64())), x[1]+random.NormFloat64()
	}
	e, err := dataset.NewPlainEvents([]string{"a", "b", "c"}, []string{"x", "y"}, targets, conditions)
	require.NoError(t, err)
	return e
}

// train leaves a run of the subject and returns its directory.
func (s subject) train(t *testing.T) (dir string) {
	t.Helper()
	split, err := dataset.Prepare(s.events(t), s.options)
	require.NoError(t, err)
	d, c := int64(split.Train.Positions.Cols), int64(split.Train.Momenta.Cols)
	at := nn.Placement{DType: s.dtype, Seed: 5}
	config := trainer.Robust(split.Train.Len())
	config.Epochs, config.Dir, config.Average = 2, t.TempDir(), 0
	var m interface {
		trainer.Model
		Close() error
	}
	if s.flow != nil {
		settings := *s.flow
		settings.Dim, settings.Conditions = d, c
		m, err = cinn.New(settings, at)
	} else {
		settings := *s.encoder
		settings.Dim, settings.Conditions = d, c
		m, err = cvae.New(settings, at)
	}
	require.NoError(t, err)
	defer m.Close()
	shake(t, m.Params())
	_, err = trainer.Fit(context.Background(), m, split, config)
	require.NoError(t, err)
	return config.Dir
}

// shake moves parameters that start at zero away from it, where more than one description of a model is right.
func shake(t *testing.T, p *nn.Params) {
	t.Helper()
	g, err := binding.NewGenerator(binding.CPU, 9)
	require.NoError(t, err)
	defer g.Close()
	s := binding.NewScope(binding.NoGrad(), binding.WithGenerator(g))
	defer s.Close()
	s.Copy(p.Flat(), s.Add(p.Flat(), s.Scale(s.Normal(p.DType(), int64(p.Count())), 0.2)))
	require.NoError(t, s.Err())
}

// expectation is what a function must give for inputs.
type expectation struct {
	inputs map[string]graph.Array
	output []float64
}

func array(m dataset.Matrix) graph.Array {
	return graph.Array{Shape: []int{m.Rows, m.Cols}, Data: m.Data}
}

const seed = 11

// expected asks the model for draws and, of a cINN, package posterior for log-densities.
func expected(t *testing.T, dir string, events *dataset.Events) (sample, density expectation) {
	t.Helper()
	inverse, err := posterior.Open(context.Background(), dir, posterior.WithSeed(seed))
	require.NoError(t, err)
	defer inverse.Close()
	e := inverse.Encoding()
	conditions, err := e.EncodeMomenta(events)
	require.NoError(t, err)
	framed, err := e.Momenta.Invert(conditions)
	require.NoError(t, err)
	name, truth := "momenta", "positions"
	if e.Plain() {
		name, truth = "conditions", "targets"
	}
	sample = expectation{noise(t, inverse.Run(), events.Len()), drawn(t, dir, inverse.Run(), conditions)}
	sample.inputs[name] = array(framed)
	if inverse.Kind() == cinn.Kind {
		positions, err := e.FramePositions(events)
		require.NoError(t, err)
		logs, err := inverse.LogDensity(context.Background(), events)
		require.NoError(t, err)
		density = expectation{map[string]graph.Array{name: array(framed), truth: array(positions)}, logs}
	}
	return sample, density
}

// drawn returns a draw for each row of conditions, by the model itself and the run's encoding.
func drawn(t *testing.T, dir string, run trainer.RunConfig, conditions dataset.Matrix) []float64 {
	t.Helper()
	m := load(t, dir, run)
	defer m.Close()
	g, err := binding.NewGenerator(binding.CPU, seed)
	require.NoError(t, err)
	defer g.Close()
	s := binding.NewScope(binding.NoGrad(), binding.WithGenerator(g))
	defer s.Close()
	y := s.FromFloat64s(conditions.Data, run.DType, binding.CPU, int64(conditions.Rows), int64(conditions.Cols))
	data, err := s.Float64s(m.Sample(s, y))
	require.NoError(t, err)
	positions, err := run.Encoding.DecodePositions(dataset.Matrix{Rows: conditions.Rows, Cols: run.Encoding.Positions.Dim(), Data: data})
	require.NoError(t, err)
	return positions.Data
}

// model is what both kinds of models do.
type model interface {
	trainer.Model
	Sample(s *binding.Scope, y binding.Tensor) binding.Tensor
	Close() error
}

// load returns a run's model.
func load(t *testing.T, dir string, run trainer.RunConfig) (m model) {
	t.Helper()
	at := nn.Placement{DType: run.DType}
	if run.Model.Kind == cinn.Kind {
		var c cinn.Config
		require.NoError(t, json.Unmarshal(run.Model.Config, &c))
		flow, err := cinn.New(c, at)
		require.NoError(t, err)
		m = flow
	} else {
		var c cvae.Config
		require.NoError(t, json.Unmarshal(run.Model.Config, &c))
		encoder, err := cvae.New(c, at)
		require.NoError(t, err)
		m = encoder
	}
	require.NoError(t, m.Params().Load(filepath.Join(dir, trainer.ModelFile)))
	return m
}

// noise returns the random numbers that a model's draws are made of, in the order in which it draws them.
func noise(t *testing.T, run trainer.RunConfig, events int) map[string]graph.Array {
	t.Helper()
	g, err := binding.NewGenerator(binding.CPU, seed)
	require.NoError(t, err)
	defer g.Close()
	s := binding.NewScope(binding.NoGrad(), binding.WithGenerator(g))
	defer s.Close()
	all := map[string]graph.Array{}
	draw := func(name string, width int64) {
		data, err := s.Float64s(s.Normal(run.DType, int64(events), width))
		require.NoError(t, err)
		all[name] = graph.Array{Shape: []int{events, int(width)}, Data: data}
	}
	if run.Model.Kind == cinn.Kind {
		draw("z", int64(run.Encoding.Positions.Dim()))
		return all
	}
	var c cvae.Config
	require.NoError(t, json.Unmarshal(run.Model.Config, &c))
	if draw("z", c.Latent); c.LearnedVariance {
		draw("noise", c.Dim)
	}
	return all
}
