package modelbench

import (
	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/optim"
	"github.com/gocei/gocei/trainer"
)

// The calls that are measured, as package trainer and package posterior make them.

// step does one training step, as trainer.Fit does.
func step(s *binding.Scope, m model, adam *optim.Adam, rate float64, x, y binding.Tensor) error {
	trainer.Differentiate(m, s, x, y)
	adam.Step(s, rate)
	return s.Err()
}

// drawOne returns n draws for the only row of y.
func drawOne(s *binding.Scope, m model, y binding.Tensor, n int64) binding.Tensor {
	return m.Sample(s, s.RepeatRows(y, n))
}

// drawMany returns a draw for each row of y.
func drawMany(s *binding.Scope, m model, y binding.Tensor) binding.Tensor { return m.Sample(s, y) }

// density returns the log-density of each row.
func density(s *binding.Scope, m model, x, y binding.Tensor) binding.Tensor {
	return m.LogProb(s, x, y)
}
