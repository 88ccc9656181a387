package optim_test

import (
	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/nn"
	"github.com/gocei/gocei/binding/optim"
)

// training is a small model's, with everything that a real one's steps have: a coupling and a perceptron, random draws,
// clipping, and a scope that is reset after every step.
type training struct {
	seed  uint64
	steps int
	each  func(step int) // called after every step, unless nil
}

// train returns the parameters at the end.
func train(c training) (end []float64, err error) {
	var l nn.Layout
	coupling := l.MLP("coupling", false, 3, 16, 4)
	perceptron := l.MLP("perceptron", false, 4, 16, 1)
	p, err := l.Allocate(nn.Architecture{Kind: "test"}, nn.Placement{DType: binding.Float32, Seed: c.seed})
	if err != nil {
		return nil, err
	}
	defer p.Close()
	a, err := optim.NewAdam(p, optim.AdamConfig{Beta1: 0.9, Beta2: 0.999, Epsilon: 1e-8, WeightDecay: 0.01, Decoupled: true, ClipNorm: 1})
	if err != nil {
		return nil, err
	}
	defer a.Close()
	g, err := binding.NewGenerator(binding.CPU, c.seed)
	if err != nil {
		return nil, err
	}
	defer g.Close()
	s := binding.NewScope(binding.WithGenerator(g))
	defer s.Close()
	for step := range c.steps {
		x, y := s.Normal(binding.Float32, 24, 4), s.Normal(binding.Float32, 24, 1)
		z, logDet := s.Coupling(binding.Coupling{Networks: 1, Flip: true, Clamp: 2}, x, y, coupling.AppendTensors(nil))
		likelihood := s.Sub(s.Scale(s.Sum(s.Square(z), 1), 0.5), logDet)
		miss := s.Square(s.Sub(perceptron.Forward(s, z), y))
		if err := s.Backward(s.Add(s.Mean(likelihood), s.Mean(miss))); err != nil {
			return nil, err
		}
		a.Step(s, 1e-3)
		if err := s.Err(); err != nil {
			return nil, err
		}
		if err := s.Reset(); err != nil {
			return nil, err
		}
		if c.each != nil {
			c.each(step + 1)
		}
	}
	return s.Float64s(p.Flat())
}
