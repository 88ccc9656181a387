package cinn

import (
	"fmt"

	"github.com/gocei/gocei/binding"
)

// Start fits the trend and sets the activation normalisations by rows of the training part, x [N,D] under y [N,C]: the
// first time that it is called for a model, saved ones included.
func (m *Model) Start(s *binding.Scope, x, y binding.Tensor) error {
	m.checkRows(s, x, y)
	err := m.trend.Fit(s, x, y)
	if err == nil {
		err = m.startNorms(s, x, y)
	}
	if err != nil {
		return fmt.Errorf("cinn: start: %w", err)
	}
	return nil
}

// startNorms gives each coordinate mean 0 and variance 1 before each coupling.
func (m *Model) startNorms(s *binding.Scope, x, y binding.Tensor) error {
	if m.started == nil {
		return s.Err()
	}
	done, err := s.Item(s.Sum(m.started.Tensor()))
	if err != nil || done != 0 {
		return err
	}
	x = m.trend.Residual(s, x, y)
	for _, b := range m.blocks {
		b.norm.start(s, x)
		x, _ = b.forward(s, x, y)
	}
	s.Copy(m.started.Tensor(), s.Full(1, m.params.DType(), m.params.Device(), 1))
	return s.Err()
}

// Spread returns the standard deviation [D] of what the couplings see of positions, in the positions' own unit.
func (m *Model) Spread() (sd binding.Tensor, ok bool) { return m.trend.Spread() }
