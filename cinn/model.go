package cinn

import (
	"encoding/json"
	"fmt"
	"math"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/nn"
)

// Kind names this model in run directories and weight files.
const Kind = "cinn"

// Model is a conditional invertible neural network. Close it when done.
type Model struct {
	config  Config
	params  *nn.Params
	trend   *nn.Trend
	blocks  []*block
	flow    binding.Flow // the blocks, as one operation
	started *nn.Param    // 1 once the activation normalisations have seen data; nil without them
}

// New returns a model with its first weights.
func New(c Config, at nn.Placement) (*Model, error) {
	c = c.normal()
	if err := c.check(); err != nil {
		return nil, err
	}
	raw, err := json.Marshal(c)
	if err != nil {
		return nil, fmt.Errorf("cinn: new model: %w", err)
	}
	var layout nn.Layout
	m := &Model{config: c}
	for i := range c.Couplings {
		m.blocks = append(m.blocks, newBlock(&layout, c, i))
	}
	if c.ActNorm {
		m.started = layout.Buffer("actnorm.started", nn.Constant(0), 1)
	}
	m.trend = layout.Trend("trend", c.Dim, c.Conditions, c.Trend)
	if m.params, err = layout.Allocate(nn.Architecture{Kind: Kind, Config: raw}, at); err != nil {
		return nil, err
	}
	for _, b := range m.blocks {
		b.gather()
	}
	m.flow = m.newFlow()
	return m, nil
}

// Config returns what the model was built from.
func (m *Model) Config() Config { return m.config }

// Params returns the model's parameters.
func (m *Model) Params() *nn.Params { return m.params }

// Close frees the parameters.
func (m *Model) Close() error { return m.params.Close() }

// Forward maps x [B,D] under y [B,C] to z [B,D], and returns log|det ∂z/∂x| [B].
func (m *Model) Forward(s *binding.Scope, x, y binding.Tensor) (z, logDet binding.Tensor) {
	m.checkRows(s, x, y)
	z = m.trend.Residual(s, x, y)
	if flow, ok := m.fused(); ok && !s.Records() {
		z, logDet = s.FlowForward(flow, z, y, m.params.Flat())
	} else {
		z, logDet = m.throughBlocks(s, z, y)
	}
	if m.trend != nil {
		logDet = s.Add(logDet, m.trend.LogDet(s))
	}
	return z, logDet
}

// throughBlocks maps x [B,D] under y [B,C] to z [B,D] block by block, as autograd can follow it.
func (m *Model) throughBlocks(s *binding.Scope, x, y binding.Tensor) (z, logDet binding.Tensor) {
	z = x
	for i, b := range m.blocks {
		var part binding.Tensor
		z, part = b.forward(s, z, y)
		if i == 0 {
			logDet = part
		} else {
			logDet = s.Add(logDet, part)
		}
	}
	return z, logDet
}

// Inverse maps z [B,D] under y [B,C] back to x [B,D].
func (m *Model) Inverse(s *binding.Scope, z, y binding.Tensor) binding.Tensor {
	checkColumns(s, "latent variables", z, m.config.Dim)
	checkColumns(s, "momenta", y, m.config.Conditions)
	x := z
	if flow, ok := m.fused(); ok && !s.Records() {
		return m.trend.Restore(s, s.FlowInverse(flow, z, y, m.params.Flat()), y)
	}
	for i := len(m.blocks) - 1; i >= 0; i-- {
		x = m.blocks[i].inverse(s, x, y)
	}
	return m.trend.Restore(s, x, y)
}

func (m *Model) checkRows(s *binding.Scope, x, y binding.Tensor) {
	checkColumns(s, "positions", x, m.config.Dim)
	checkColumns(s, "momenta", y, m.config.Conditions)
	positions, err := s.Shape(x)
	if err != nil {
		return
	}
	if momenta, err := s.Shape(y); err == nil && momenta[0] != positions[0] {
		s.Fail(fmt.Errorf("cinn: check rows: want one of momenta for each of positions, got %d and %d: %w", momenta[0], positions[0], binding.ErrShape))
	}
}

// checkColumns fails the scope unless t is [B,columns]. The networks see [x1, y] only as a whole, so that positions one
// column wider and momenta one narrower could pass unnoticed.
func checkColumns(s *binding.Scope, what string, t binding.Tensor, columns int64) {
	shape, err := s.Shape(t)
	if err == nil && (len(shape) != 2 || shape[1] != columns) {
		s.Fail(fmt.Errorf("cinn: check %s: want shape [B,%d], got %v: %w", what, columns, shape, binding.ErrShape))
	}
}

// LogProb returns log p(x|y) [B] for x [B,D] and y [B,C].
func (m *Model) LogProb(s *binding.Scope, x, y binding.Tensor) binding.Tensor {
	z, logDet := m.Forward(s, x, y)
	normal := s.Affine(s.Sum(s.Square(z), 1), -0.5, -0.5*float64(m.config.Dim)*math.Log(2*math.Pi))
	return s.Add(normal, logDet)
}

// Loss returns the mean of -log p(x|y) over the batch, and its two parts: that of the normal density (with its
// constant) and that of the determinant.
func (m *Model) Loss(s *binding.Scope, x, y binding.Tensor) nn.Loss {
	z, logDet := m.Forward(s, x, y)
	return m.lossOf(s, s.Scale(s.Mean(s.Sum(s.Square(z), 1)), 0.5), s.Mean(logDet))
}

// Sample returns one draw x [B,D] of the posterior for each row of y [B,C], with the scope's generator.
func (m *Model) Sample(s *binding.Scope, y binding.Tensor) binding.Tensor {
	checkColumns(s, "momenta", y, m.config.Conditions)
	shape, err := s.Shape(y)
	if err != nil {
		return binding.Tensor{}
	}
	return m.Inverse(s, s.Normal(m.params.DType(), shape[0], m.config.Dim), y)
}

// Numbers returns how many standard normal numbers a draw takes.
func (m *Model) Numbers() int64 { return m.config.Dim }

// SampleFrom returns the draws x [B,D] for y [B,C] that standard normal numbers [B,Numbers] give.
func (m *Model) SampleFrom(s *binding.Scope, numbers, y binding.Tensor) binding.Tensor {
	return m.Inverse(s, numbers, y)
}

// RoundTrip maps x forward and back. What differs from x measures how exactly the map inverts; it predicts nothing.
func (m *Model) RoundTrip(s *binding.Scope, x, y binding.Tensor) binding.Tensor {
	z, _ := m.Forward(s, x, y)
	return m.Inverse(s, z, y)
}
