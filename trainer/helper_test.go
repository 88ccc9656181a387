package trainer_test

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/bindingtest"
	"github.com/gocei/gocei/binding/nn"
	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/explosion"
	"github.com/gocei/gocei/trainer"
)

// smoothEvents returns events of one water-like molecule whose positions are a smooth function of its momenta.
func smoothEvents(t *testing.T, n int) *dataset.Events {
	t.Helper()
	random := rand.New(rand.NewPCG(7, 7))
	positions, momenta := dataset.NewMatrix(n, 6), dataset.NewMatrix(n, 6)
	for i := range n {
		p, x := momenta.Row(i), positions.Row(i)
		for j := range p {
			p[j] = random.NormFloat64()
		}
		for j := range x {
			x[j] = math.Sin(p[j]) + 0.3*p[(j+1)%6]
		}
	}
	e, err := dataset.NewEvents([]string{"C", "O"}, positions, momenta, explosion.Bohr, explosion.AtomicMomentum)
	require.NoError(t, err)
	return e
}

func smoothSplit(t *testing.T, n int) *dataset.Split {
	t.Helper()
	split, err := dataset.Prepare(smoothEvents(t, n), dataset.Options{})
	require.NoError(t, err)
	return split
}

// regression is the smallest model that a fit loop can be tried on. Its noise makes the loss depend on the generator.
type regression struct {
	params *nn.Params
	net    *nn.MLP
	noise  float64
	sized  func(s *binding.Scope, rows int64)                         // is told how many rows are computed, if set
	wreck  func(s *binding.Scope, loss binding.Tensor) binding.Tensor // changes the loss, if set
}

func newRegression(t *testing.T, seed uint64) *regression {
	t.Helper()
	return newRegressionOn(t, binding.CPU, seed)
}

// newPrecise is one in float64, where a difference is more than rounding.
func newPrecise(t *testing.T, seed uint64) *regression {
	t.Helper()
	return newRegressionBy(t, nn.Placement{DType: binding.Float64, Seed: seed})
}

func newRegressionOn(t *testing.T, on binding.Device, seed uint64) *regression {
	t.Helper()
	return newRegressionBy(t, nn.Placement{Device: on, DType: binding.Float32, Seed: seed})
}

func newRegressionBy(t *testing.T, where nn.Placement) *regression {
	t.Helper()
	var layout nn.Layout
	m := &regression{net: layout.MLP("net", false, 6, 32, 6), noise: 0.01}
	var err error
	m.params, err = layout.Allocate(nn.Architecture{Kind: "regression", Config: []byte("{}")}, where)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, m.params.Close()) })
	return m
}

func (m *regression) Params() *nn.Params { return m.params }

func (m *regression) Loss(s *binding.Scope, x, y binding.Tensor) nn.Loss {
	shape, err := s.Shape(y)
	if err != nil {
		return nn.Loss{}
	}
	y = s.Add(y, s.Scale(s.Normal(m.params.DType(), shape...), m.noise))
	if m.sized != nil {
		m.sized(s, shape[0])
	}
	loss := s.Mean(s.Square(s.Sub(m.net.Forward(s, y), x)))
	if m.wreck != nil {
		loss = m.wreck(s, loss)
	}
	return nn.Loss{Total: loss, Terms: []nn.Term{{Name: "squares", Value: loss}}}
}

func (m *regression) weights(t *testing.T) []float64 {
	t.Helper()
	return bindingtest.Values(t, m.params.Flat())
}

func quick() trainer.Config {
	c := trainer.Robust(200)
	c.Epochs, c.Patience = 6, 0
	return c
}

// losses fits a fresh model and returns the training and validation losses of each epoch.
func losses(t *testing.T, split *dataset.Split, c trainer.Config) (all [][2]float64) {
	t.Helper()
	c.Progress = func(p trainer.Progress) {
		if p.Metrics != nil {
			all = append(all, [2]float64{p.Metrics.TrainLoss, p.Metrics.ValidationLoss})
		}
	}
	_, err := trainer.Fit(context.Background(), newRegression(t, 1), split, c)
	require.NoError(t, err)
	return all
}
