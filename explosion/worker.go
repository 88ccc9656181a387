package explosion

import "fmt"

// worker simulates one event after another in the same memory.
type worker struct {
	source     *eventSource
	simulators []*Simulator // by channel
	charges    [][]float64  // by channel
	detector   Detector
	motion     []float64 // [3N], nil for atoms at rest
}

// newWorker expects a complete recipe.
func newWorker(r Recipe) (*worker, error) {
	source, err := newEventSource(r)
	if err != nil {
		return nil, err
	}
	w := &worker{source: source, detector: r.Detector}
	if source.motion != nil {
		w.motion = make([]float64, len(r.Molecule.Equilibrium))
	}
	for _, c := range r.Channels {
		s, err := c.simulator(r.Molecule, r.Integrator)
		if err != nil {
			return nil, err
		}
		w.simulators = append(w.simulators, s)
		w.charges = append(w.charges, c.Charges)
	}
	return w, nil
}

// simulate writes the positions and the measured momenta of an event.
func (w *worker) simulate(index int, positions, momenta []float64) result {
	channel, err := w.source.draw(index, positions, w.motion)
	if err != nil {
		return result{channel: channel, err: fmt.Errorf("explosion: draw geometry of %s: %w", w.source.recipe.Molecule.Name, err)}
	}
	end, err := w.simulators[channel].ExplodeInto(momenta, positions, w.motion)
	if err != nil {
		return result{channel: channel, err: err}
	}
	seen := w.detector.measure(w.source.random, w.charges[channel], momenta)
	return result{channel: channel, lost: !seen, Diagnostics: end}
}
