package modeltest

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/bindingtest"
	"github.com/gocei/gocei/binding/nn"
)

// Model is what the models of all families can do, with x [B,D] and y [B,C].
type Model interface {
	Params() *nn.Params
	Loss(s *binding.Scope, x, y binding.Tensor) nn.Loss
	LogProb(s *binding.Scope, x, y binding.Tensor) binding.Tensor   // [B]
	Sample(s *binding.Scope, y binding.Tensor) binding.Tensor       // [B,D]
	RoundTrip(s *binding.Scope, x, y binding.Tensor) binding.Tensor // [B,D]
	Close() error
}

// Build is a family's New.
type Build[C any, M Model] func(C, nn.Placement) (M, error)

// New returns a model on the CPU that is closed when the test ends.
func New[C any, M Model](t testing.TB, build Build[C, M], config C, dtype binding.DType, seed uint64) M {
	t.Helper()
	m, err := build(config, nn.Placement{DType: dtype, Seed: seed})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, m.Close()) })
	return m
}

// Case is what a model is tried on: rows of D positions and C momenta.
type Case struct {
	Dim, Conditions int64
	DType           binding.DType
	Batch           int64
}

// Cases returns small and larger sizes, square and not, with one row and many.
func Cases() (all []Case) {
	for _, size := range [][2]int64{{2, 1}, {3, 3}, {6, 6}, {9, 9}, {5, 2}} {
		for _, dtype := range []binding.DType{binding.Float32, binding.Float64} {
			for _, batch := range []int64{1, 33} {
				all = append(all, Case{size[0], size[1], dtype, batch})
			}
		}
	}
	return all
}

// Rows returns positions [B,D] and momenta [B,C].
func (c Case) Rows(s *binding.Scope) (x, y binding.Tensor) {
	return Normal(s, c.DType, 2, c.Batch, c.Dim), Normal(s, c.DType, 3, c.Batch, c.Conditions)
}

// Tolerance is how exactly numbers agree that two ways of computing give.
func (c Case) Tolerance() float64 {
	if c.DType == binding.Float64 {
		return 1e-12
	}
	return 1e-4
}

// Subject is a model under test, with the batch to test it on.
type Subject[M Model] struct {
	Case
	Model M

	another func(t testing.TB, seed uint64) M // of the same configuration
}

// NewSubject returns a subject whose model is closed when the test ends.
func NewSubject[C any, M Model](t testing.TB, build Build[C, M], config C, c Case) Subject[M] {
	t.Helper()
	another := func(t testing.TB, seed uint64) M { return New(t, build, config, c.DType, seed) }
	return Subject[M]{Case: c, Model: another(t, 1), another: another}
}

// Draw returns draws that start from a seed, in a scope of their own.
func (u Subject[M]) Draw(t testing.TB, seed uint64, options ...binding.Option) []float64 {
	s := bindingtest.OpenSeeded(t, seed, options...)
	_, y := u.Rows(s)
	return bindingtest.Float64s(t, s, u.Model.Sample(s, y))
}

// LogProb returns log p(x|y), with random numbers that start from a seed.
func (u Subject[M]) LogProb(t testing.TB, seed uint64) []float64 {
	s := bindingtest.OpenSeeded(t, seed, binding.NoGrad())
	x, y := u.Rows(s)
	return bindingtest.Float64s(t, s, u.Model.LogProb(s, x, y))
}
