package cinn

import (
	"math"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/nn"
)

// fused returns the stages as one operation, and whether they are one: on the CPU, unless a permutation is learned.
func (m *Model) fused() (flow binding.Flow, ok bool) {
	if m.params.Device() != binding.CPU || m.config.Permutation == LinearPermutation {
		return binding.Flow{}, false
	}
	return m.flow, true
}

// newFlow describes the stages as one operation.
func (m *Model) newFlow() binding.Flow {
	c := m.config
	f := binding.Flow{
		Dim: c.Dim, Conditions: c.Conditions, Stages: c.Couplings, Hidden: c.Hidden, Normalised: c.ActNorm,
		Coupling: binding.Coupling{Networks: c.Networks, Clamp: c.Clamp},
	}
	if c.Coupling == SplineCoupling {
		f.Spline = &binding.Spline{Bins: c.Bins, Bound: c.Bound}
	}
	for _, b := range m.blocks {
		if b.mixing != nil {
			f.Permutations = append(f.Permutations, b.mixing.permutation.Tensor())
		}
	}
	return f
}

// LossAndGradient returns what Loss does, and adds its gradient to Params().Gradient(): on the CPU several times faster than
// Loss and Backward.
func (m *Model) LossAndGradient(s *binding.Scope, x, y binding.Tensor) nn.Loss {
	flow, ok := m.fused()
	if !ok {
		loss := m.Loss(s, x, y)
		_ = s.Backward(loss.Total) // the scope carries the error
		return loss
	}
	m.checkRows(s, x, y)
	squares, logDet := s.FlowGradient(flow, m.trend.Residual(s, x, y), y, m.params.Flat(), m.params.Gradient())
	if m.trend != nil {
		logDet = s.Add(logDet, m.trend.LogDet(s))
	}
	return m.lossOf(s, squares, logDet)
}

// lossOf returns the loss from the means over a batch of ½|z|² and of the log-determinant.
func (m *Model) lossOf(s *binding.Scope, squares, logDet binding.Tensor) nn.Loss {
	normal := s.Affine(squares, 1, 0.5*float64(m.config.Dim)*math.Log(2*math.Pi))
	volume := s.Scale(logDet, -1)
	return nn.Loss{
		Total: s.Add(normal, volume),
		Terms: []nn.Term{{Name: "normal", Value: normal}, {Name: "volume", Value: volume}},
	}
}
