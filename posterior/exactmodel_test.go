package posterior

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/nn"
	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/explosion"
	"github.com/gocei/gocei/trainer"
)

// exactModel draws from normal posteriors in closed form, with independent columns: x = slope·y + offset + sigma·noise in
// model coordinates. Its draws are off by bias and their width is wrong by the factor width, both in sigmas; its density
// is that of its draws.
type exactModel struct {
	params               *nn.Params
	slope, offset, sigma []float64
	bias, width          float64
}

func (m *exactModel) Params() *nn.Params { return m.params }
func (m *exactModel) Close() error       { return m.params.Close() }

func (m *exactModel) row(s *binding.Scope, data []float64) binding.Tensor {
	return s.FromFloat64s(data, binding.Float64, m.params.Device(), 1, int64(len(data)))
}

func (m *exactModel) mean(s *binding.Scope, y binding.Tensor) binding.Tensor {
	mean := s.Add(s.Mul(y, m.row(s, m.slope)), m.row(s, m.offset))
	return s.Add(mean, s.Scale(m.row(s, m.sigma), m.bias))
}

func (m *exactModel) Sample(s *binding.Scope, y binding.Tensor) binding.Tensor {
	shape, err := s.Shape(y)
	if err != nil {
		return binding.Tensor{}
	}
	noise := s.Mul(s.Normal(binding.Float64, shape...), s.Scale(m.row(s, m.sigma), m.width))
	return s.Add(m.mean(s, y), noise)
}

func (m *exactModel) LogProb(s *binding.Scope, x, y binding.Tensor) binding.Tensor {
	off := s.Div(s.Sub(x, m.mean(s, y)), s.Scale(m.row(s, m.sigma), m.width))
	constant := 0.0
	for _, sigma := range m.sigma {
		constant -= math.Log(sigma*m.width) + 0.5*math.Log(2*math.Pi)
	}
	return s.Affine(s.Sum(s.Square(off), 1), -0.5, constant)
}

func (m *exactModel) RoundTrip(_ *binding.Scope, x, _ binding.Tensor) binding.Tensor { return x }

const (
	exactSlope = 0.05 // Bohr an atomic unit of momentum
	exactNoise = 0.2  // Bohr
)

// exactEvents returns events of a diatomic molecule each coordinate of which is that of its momentum times exactSlope
// and 1, plus normal noise.
func exactEvents(t *testing.T, n int, seed uint64) *dataset.Events {
	t.Helper()
	random := rand.New(rand.NewPCG(seed, 4))
	positions, momenta := dataset.NewMatrix(n, 6), dataset.NewMatrix(n, 6)
	for i := range momenta.Data {
		p := 10 * random.NormFloat64()
		momenta.Data[i] = p
		positions.Data[i] = 1 + exactSlope*p + exactNoise*random.NormFloat64()
	}
	e, err := dataset.NewEvents([]string{"C", "O"}, positions, momenta, explosion.Bohr, explosion.AtomicMomentum)
	require.NoError(t, err)
	return e
}

// exactInverse returns an Inverse for exactEvents whose posterior differs from the exact one as it is told to.
func exactInverse(t *testing.T, bias, width float64) *Inverse {
	t.Helper()
	split, err := dataset.Prepare(exactEvents(t, 2000, 1), dataset.Options{})
	require.NoError(t, err)
	c := split.Encoding
	m := &exactModel{bias: bias, width: width}
	for j := range c.Positions.Dim() {
		scale, unit := c.Positions.Inverse.Row(j)[j], c.Momenta.Inverse.Row(j)[j]
		m.slope = append(m.slope, exactSlope*unit/scale)
		m.offset = append(m.offset, (1+exactSlope*c.Momenta.Mean[j]-c.Positions.Mean[j])/scale)
		m.sigma = append(m.sigma, exactNoise/scale)
	}
	var layout nn.Layout
	layout.Param("unused", nn.Constant(0), 1)
	m.params, err = layout.Allocate(nn.Architecture{Kind: "test"}, nn.Placement{DType: binding.Float64})
	require.NoError(t, err)
	v := &Inverse{model: m, run: trainer.RunConfig{Encoding: c}, members: 1}
	t.Cleanup(func() { require.NoError(t, v.Close()) })
	return v
}
