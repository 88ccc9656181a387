package reference

import (
	"slices"

	"gonum.org/v1/gonum/mat"
)

// start is a mixture about all that may explain the momenta.
func (s *Sampler) start(measured []float64) *mixture {
	m := &mixture{wide: s.prior}
	if c := s.tempered(measured); c != nil {
		m.add(c, 0.2)
	}
	if momenta, ok := s.measurement.complete(measured); ok {
		solutions, _ := s.retriever.Retrieve(momenta) // none where there is an error
		for _, x := range solutions {
			if c, err := newComponent(x.Internal, mat.NewSymDense(len(x.Internal), x.Covariance)); err == nil {
				m.add(c, 0.1+x.Weight)
			}
		}
	}
	return m
}

// tempered is about those draws of the prior whose likelihood is the largest, flattened
// so far that several of them count.
func (s *Sampler) tempered(measured []float64) *component {
	logs := make([]float64, s.shapes.Rows)
	for i := range logs {
		logs[i] = s.measurement.logLikelihood(measured, s.momenta.Row(i), s.floor(measured))
	}
	enough := float64(10 * s.dimensions)
	for exponent := 1.; exponent > 1e-12; exponent /= 2 {
		scaled := slices.Clone(logs)
		for i := range scaled {
			scaled[i] *= exponent
		}
		weights, size, _ := normalised(scaled)
		if size > enough {
			c, err := fitted(s.shapes, weights)
			if err != nil {
				return nil
			}
			return c
		}
	}
	return nil
}
