package trainer

import "github.com/gocei/gocei/binding"

// recorder records steps and does them again. One goroutine at a time uses it.
type recorder interface {
	// Warm does a step as ever, so that what is set up when an operation is first used is there.
	Warm(step *stepGraph) error
	// Capture records steps, one of a training, and does none. They take the place of what was recorded before.
	Capture(steps ...*stepGraph) error
	// Replay does all the steps that are recorded, in no order among them.
	Replay() error
	Close() error
}

// cudaGraph records in a CUDA graph.
type cudaGraph struct{ graph }

// graph is a *binding.Graph.
type graph interface {
	Warm(do func() error) error
	Capture(do func() error, generators ...*binding.Generator) error
	Branch(do func() error) error
	Replay() error
	Close() error
}

func newCUDAGraph(on binding.Device) (recorder, error) {
	g, err := binding.NewGraph(on)
	if err != nil {
		return nil, err
	}
	return cudaGraph{g}, nil
}

func (g cudaGraph) Warm(step *stepGraph) error { return g.graph.Warm(step.body) }

// Capture makes each of several steps a branch, so that their kernels run side by side.
func (g cudaGraph) Capture(steps ...*stepGraph) error {
	var drawnFrom []*binding.Generator
	for _, step := range steps {
		drawnFrom = append(drawnFrom, step.fitter.generator)
	}
	if len(steps) == 1 {
		return g.graph.Capture(steps[0].body, drawnFrom...)
	}
	return g.graph.Capture(func() error {
		for _, step := range steps {
			if err := g.Branch(step.body); err != nil {
				return err
			}
		}
		return nil
	}, drawnFrom...)
}
