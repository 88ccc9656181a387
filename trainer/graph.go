package trainer

import (
	"context"
	"fmt"

	"github.com/gocei/gocei/binding"
)

// warmSteps are done on the graph's stream before one is captured, as PyTorch's notes on CUDA graphs advise.
const warmSteps = 3

// stepGraph is a training step that is captured once and then replayed. All steps that are warm-ups, the captured one and
// its replays read what differs between them from tensors on the device, and are otherwise one and the same. Its nil value
// takes no step.
type stepGraph struct {
	fitter   *fitter
	recorder recorder
	rows     int            // of a step
	index    binding.Tensor // [rows] of the step's batch
	numbers  binding.Tensor // [numbersPerStep] of the step
	course   binding.Tensor // [steps of an epoch, numbersPerStep]
	warmed   int
	captured bool
}

func newStepGraph(f *fitter) (*stepGraph, error) {
	if !f.config.Graph {
		return nil, nil
	}
	if _, steadied := f.model.(Steadied); !steadied {
		if _, paced := f.model.(Paced); paced {
			return nil, fmt.Errorf("trainer: prepare the CUDA graph: the model's loss changes in the course of training, and it does not tell until when (Steadied)")
		}
	}
	record := f.config.newRecorder
	if record == nil {
		record = newCUDAGraph
	}
	on := f.model.Params().Device()
	recorder, err := record(on)
	if err != nil {
		return nil, fmt.Errorf("trainer: prepare the CUDA graph: %w", err)
	}
	g := &stepGraph{fitter: f, recorder: recorder, rows: f.train.length(0)}
	g.index = f.scope.FromInt64s(make([]int64, g.rows), on, int64(g.rows))
	g.numbers = f.scope.Zeros(binding.Float64, on, numbersPerStep)
	g.course = f.scope.Zeros(binding.Float64, on, int64(f.train.count()), numbersPerStep)
	return g, nil
}

func (g *stepGraph) close() error {
	if g == nil {
		return nil
	}
	return g.recorder.Close()
}

// takes reports whether step i of the epoch is the graph's: its batch is full, and the model's loss has its final form.
func (g *stepGraph) takes(i int) bool {
	if g == nil || g.fitter.train.length(i) != g.rows {
		return false
	}
	steadied, ok := g.fitter.model.(Steadied)
	return !ok || g.fitter.epochs() >= steadied.SteadyAfter()
}

// step does step i of the epoch.
func (g *stepGraph) step(_ context.Context, s *binding.Scope, i int) error {
	if err := g.load(s, i); err != nil {
		return err
	}
	if err := g.run(); err != nil {
		return err
	}
	g.fitter.adam.Count()
	return nil
}

// load writes what step i reads, from one place on the device to another.
func (g *stepGraph) load(s *binding.Scope, i int) error {
	s.Copy(g.index, s.Narrow(g.fitter.order, 0, int64(i*g.fitter.train.size), int64(g.rows)))
	s.Copy(g.numbers, s.Reshape(s.Narrow(g.course, 0, int64(i), 1), numbersPerStep))
	return s.Err()
}

// run does what is captured. Capturing alone does nothing.
func (g *stepGraph) run() error {
	if g.warmed < warmSteps {
		g.warmed++
		return g.recorder.Warm(g)
	}
	if !g.captured {
		if err := g.recorder.Capture(g); err != nil {
			return fmt.Errorf("capture the step in a CUDA graph: %w", err)
		}
		g.captured = true
	}
	return g.recorder.Replay()
}

// body is the step. It must take no number from the fitter that changes.
func (g *stepGraph) body() error {
	f := g.fitter
	s := binding.NewScope(binding.WithGenerator(f.generator))
	defer s.Close()
	share, noise := g.factor(s, averageNumber), g.factor(s, noiseNumber)
	x := f.addNoise(s, s.SelectRows(f.train.x, g.index), func(unit binding.Tensor) binding.Tensor { return s.Mul(unit, noise) })
	loss := Differentiate(f.model, s, x, f.blurred.Add(s, s.SelectRows(f.train.y, g.index)))
	if err := s.Err(); err != nil {
		return err
	}
	f.adam.StepOnDevice(s, s.Narrow(g.numbers, 0, stepNumber, 2))
	f.moveAverage(s, func(way binding.Tensor) binding.Tensor { return s.Mul(way, share) })
	f.tally.add(s, lossValues(loss), g.rows)
	return s.Err()
}

// factor returns one of the step's numbers in the parameters' element type, [1].
func (g *stepGraph) factor(s *binding.Scope, number int64) binding.Tensor {
	p := g.fitter.model.Params()
	return s.To(s.Narrow(g.numbers, 0, number, 1), p.DType(), p.Device())
}
