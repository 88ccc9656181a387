package binding

import (
	"errors"
	"runtime"

	"github.com/gocei/gocei/cgo"
)

// Graph is a CUDA graph: operations that are recorded once and then replayed in one launch, so that a step of many small
// kernels costs the host one call. It must be closed, and used by one goroutine at a time.
//
//	err := g.Warm(step)              // a few times
//	err = g.Capture(step, generator) // once: records
//	err = g.Replay()                 // does it, as often as is wanted
//
// A replay repeats the recorded kernels with the recorded addresses and with every number that came from Go: what shall
// differ is read from tensors that live outside the step and are written before each replay, by Copy. What a step gives is
// left in such tensors too; those made in it are gone when their scope closes, while their memory stays the graph's own.
// Nothing in a step may wait for the device: no value leaves for Go, and no array comes from there. Generators go on as if
// the operations had been done one by one. Parts that have nothing to do with each other can be branches, whose kernels run side
// by side:
//
//	err = g.Capture(func() error { return errors.Join(g.Branch(one), g.Branch(another)) }, generators...)
//
// While Warm and Capture run a step with a backward pass, no tensor may be alive
// that was computed from its parameters before.
type Graph struct {
	handle   cgo.Graph
	captured bool
}

// NewGraph returns a graph for operations on a CUDA device. The error is of kind ErrDevice for another device, and where the
// native library was built without CUDA, without CUDA's headers, or with a libtorch before 2.4.
func NewGraph(on Device) (*Graph, error) {
	if _, err := Load(); err != nil {
		return nil, err
	}
	var native cgo.Error
	h, status := cgo.NewGraph(on.native(), &native)
	if err := check("new graph", status, &native); err != nil {
		return nil, err
	}
	return &Graph{handle: h}, nil
}

// Warm calls do, whose operations are done as ever, but on the stream that Capture records on. What is set up when an
// operation is first used, which cannot be captured, is there afterwards.
func (g *Graph) Warm(do func() error) error { return g.run("warm graph", cgo.WarmGraph, nil, do) }

// Capture calls do once, whose operations are recorded and not done. Generators are those that they draw from. What was
// captured before is dropped. Where it fails, the graph is of no use, and what was in do's tensors is undefined.
func (g *Graph) Capture(do func() error, generators ...*Generator) error {
	drawnFrom := make([]cgo.Generator, len(generators))
	for i, random := range generators {
		if random == nil || random.handle == 0 {
			return closedGenerator("capture graph")
		}
		drawnFrom[i] = random.handle
	}
	err := g.run("capture graph", cgo.CaptureGraph, drawnFrom, do)
	g.captured = err == nil
	return err
}

// Branch calls do within what Warm or Capture calls, on a stream of its own: its operations have no order with those that come
// after Branch, in other branches or in none, until all has ended. A branch has no branches.
func (g *Graph) Branch(do func() error) error { return g.run("branch graph", cgo.BranchGraph, nil, do) }

// run keeps the goroutine on its OS thread, which libtorch keeps the current stream for.
func (g *Graph) run(op string, part cgo.GraphPart, drawnFrom []cgo.Generator, do func() error) (err error) {
	if g.handle == 0 {
		return closedGraph(op)
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var native cgo.Error
	if err := check(op, cgo.BeginGraph(g.handle, part, drawnFrom, &native), &native); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, check(op, cgo.EndGraph(g.handle, &native), &native)) }()
	return do()
}

// Replay starts what was captured, in order with what was asked of the device before and after, and does not wait for it.
func (g *Graph) Replay() error {
	const op = "replay graph"
	switch {
	case g.handle == 0:
		return closedGraph(op)
	case !g.captured:
		return &Error{Op: op, Kind: ErrArgument, Msg: "the graph has captured nothing"}
	}
	var native cgo.Error
	return check(op, cgo.ReplayGraph(g.handle, &native), &native)
}

// Close frees the graph and its memory, when its replays have ended. Closing twice does nothing.
func (g *Graph) Close() error {
	if g == nil || g.handle == 0 {
		return nil
	}
	var native cgo.Error
	status := cgo.ReleaseGraph(g.handle, &native)
	g.handle = 0
	return check("close graph", status, &native)
}

func closedGraph(op string) error {
	return &Error{Op: op, Kind: ErrClosed, Msg: "the graph is closed"}
}
