package retrieval

import (
	"fmt"
	"math"
)

// observation is an event as it is fitted.
type observation struct {
	axes       rotation  // of the body frame, in those of the measurement
	targets    []float64 // the components that count, [m]
	deviations []float64 // their standard deviations, [m]
	invariants []float64 // independent components in the frame, [dim]
	size       float64   // length of all invariants
}

// observe reads the momenta [3N] of an event, in atomic units. The floor of
// deviations is a fraction of the momenta's root mean square.
func (o *observation) observe(s *shape, n Noise, floor float64, momenta []float64) error {
	if len(momenta) != 3*len(s.labels) {
		return fmt.Errorf("%d momenta: want %d, three for each of %v", len(momenta), 3*len(s.labels), s.labels)
	}
	inFrame, pose, err := s.frame.Momenta(nil, momenta)
	if err != nil {
		return err
	}
	o.axes = pose.Axes
	square := 0.0
	for _, p := range momenta {
		square += p * p
	}
	o.invariants = pick(o.invariants[:0], inFrame, s.independent)
	o.size = norm(o.invariants)
	if n.InFrame {
		o.targets = pick(o.targets[:0], inFrame, s.inFrame)
	} else {
		o.targets = append(o.targets[:0], momenta...)
	}
	o.deviations = n.deviations(o.deviations[:0], o.targets, floor*math.Sqrt(square/float64(len(s.labels))))
	return nil
}

func pick(dst, from []float64, indices []int) []float64 {
	for _, i := range indices {
		dst = append(dst, from[i])
	}
	return dst
}

func norm(v []float64) float64 {
	square := 0.0
	for _, x := range v {
		square += x * x
	}
	return math.Sqrt(square)
}

// sqrt takes what rounding has made negative for 0.
func sqrt(x float64) float64 { return math.Sqrt(max(x, 0)) }
