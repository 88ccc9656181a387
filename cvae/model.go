package cvae

import (
	"encoding/json"
	"fmt"
	"math"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/nn"
)

// Kind names this model in run directories and weight files.
const Kind = "cvae"

// Model is a conditional variational autoencoder. Close it when done.
type Model struct {
	config     Config
	params     *nn.Params
	trend      *nn.Trend
	encoder    *nn.MLP
	decoder    *nn.MLP
	slowLog    *nn.Param // the decoder's log-variance over LogVarianceGain, per component; nil where it is fixed
	prior      *nn.MLP   // of z given y; nil where that is standard normal
	latentMean *nn.Param // over the training part, found by Settle; nil with a learned prior
	latentSD   *nn.Param
	epochs     float64 // trained so far, see Pace
}

// New returns a model with its first weights.
func New(c Config, at nn.Placement) (*Model, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	raw, err := json.Marshal(c)
	if err != nil {
		return nil, fmt.Errorf("cvae: new model: %w", err)
	}
	var layout nn.Layout
	m := &Model{config: c, epochs: math.Inf(1)}
	m.encoder = layout.MLP("encoder", false, c.encoderSizes()...)
	m.decoder = layout.MLP("decoder", false, c.decoderSizes()...)
	if c.LearnedVariance {
		m.slowLog = layout.Param("decoder.slow_log_variance", nn.Constant(0), c.Dim)
	}
	if c.LearnedPrior {
		m.prior = layout.MLP("prior", true, c.priorSizes()...)
	} else {
		m.latentMean = layout.Buffer("latent.mean", nn.Constant(0), c.Latent)
		m.latentSD = layout.Buffer("latent.sd", nn.Constant(1), c.Latent)
	}
	m.trend = layout.Trend("trend", c.Dim, c.Conditions, c.Trend)
	if m.params, err = layout.Allocate(nn.Architecture{Kind: Kind, Config: raw}, at); err != nil {
		return nil, err
	}
	return m, nil
}

// Config returns what the model was built from.
func (m *Model) Config() Config { return m.config }

// Params returns the model's parameters.
func (m *Model) Params() *nn.Params { return m.params }

// Close frees the parameters.
func (m *Model) Close() error { return m.params.Close() }

// latent is a normal distribution of z, the encoder's or the learned prior's, each [B,L].
type latent struct {
	mean        binding.Tensor
	logVariance binding.Tensor
}

// residual returns what the networks see [B,D] of positions x [B,D].
func (m *Model) residual(s *binding.Scope, x, y binding.Tensor) binding.Tensor {
	checkColumns(s, "positions", x, m.config.Dim)
	checkColumns(s, "momenta", y, m.config.Conditions)
	return m.trend.Residual(s, x, y)
}

// encode takes residuals r [B,D].
func (m *Model) encode(s *binding.Scope, r, y binding.Tensor) latent {
	if m.config.EncoderSeesConditions {
		r = s.Cat(1, r, y)
	}
	return m.split(s, m.encoder.Forward(s, r))
}

// split takes the output [B,2L] of a network apart.
func (m *Model) split(s *binding.Scope, heads binding.Tensor) latent {
	return latent{
		mean:        s.Narrow(heads, 1, 0, m.config.Latent),
		logVariance: s.Narrow(heads, 1, m.config.Latent, m.config.Latent),
	}
}

// checkColumns fails the scope unless t is [B,columns]. The networks see [x, y] and [z, y] only as a whole, so that one
// part a column wider and the other one narrower could pass unnoticed.
func checkColumns(s *binding.Scope, what string, t binding.Tensor, columns int64) {
	shape, err := s.Shape(t)
	if err == nil && (len(shape) != 2 || shape[1] != columns) {
		s.Fail(fmt.Errorf("cvae: check %s: want shape [B,%d], got %v: %w", what, columns, shape, binding.ErrShape))
	}
}

// Decode returns the positions [B,D] that z [B,L] and y [B,C] stand for, without noise.
func (m *Model) Decode(s *binding.Scope, z, y binding.Tensor) binding.Tensor {
	checkColumns(s, "latent variables", z, m.config.Latent)
	checkColumns(s, "momenta", y, m.config.Conditions)
	return m.trend.Restore(s, m.decode(s, z, y), y)
}

// decode returns residuals [B,D].
func (m *Model) decode(s *binding.Scope, z, y binding.Tensor) binding.Tensor {
	return m.decoder.Forward(s, s.Cat(1, z, y))
}

// draw returns mean + sd·ε for ε [B,L].
func (q latent) draw(s *binding.Scope, epsilon binding.Tensor) binding.Tensor {
	return s.Add(q.mean, s.Mul(epsilon, s.Exp(s.Scale(q.logVariance, 0.5))))
}

// divergence returns KL(q || N(0, I)) [B].
func (q latent) divergence(s *binding.Scope) binding.Tensor {
	variance := s.Exp(q.logVariance)
	inner := s.Sub(s.Sub(s.Affine(q.logVariance, 1, 1), s.Square(q.mean)), variance)
	return s.Scale(s.Sum(inner, 1), -0.5)
}

func rows(s *binding.Scope, t binding.Tensor) int64 {
	shape, err := s.Shape(t)
	if err != nil || len(shape) == 0 {
		return 0
	}
	return shape[0]
}
