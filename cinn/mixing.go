package cinn

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/nn"
)

// mixing is a random permutation of the coordinates, or a learned linear map that starts as one.
type mixing struct {
	permutation *nn.Param // [D,D], a one in each row and column
	factors     *nn.Param // [D,D], see binding.Scope.Mixing; nil where nothing is learned
}

func newMixing(layout *nn.Layout, number int, c Config) *mixing {
	m := &mixing{permutation: layout.Buffer(fmt.Sprintf("mixing.%d.permutation", number), randomPermutation(int(c.Dim), int(c.passing())), c.Dim, c.Dim)}
	if c.Permutation == LinearPermutation {
		m.factors = layout.Param(fmt.Sprintf("mixing.%d.factors", number), nn.Constant(0), c.Dim, c.Dim)
	}
	return m
}

// randomPermutation starts a matrix that puts at least one of the columns that a coupling transformed among those that
// pass the next one, so that no two couplings in a row transform the same.
func randomPermutation(dim, passing int) nn.Start {
	return func(values []float64, random *rand.Rand) {
		order := random.Perm(dim)
		for slices.Max(order[:passing]) < passing {
			order = random.Perm(dim)
		}
		for column, from := range order {
			values[from*dim+column] = 1
		}
	}
}

func (m *mixing) learned() bool { return m.factors != nil }

// forward returns z [B,D] and the log-determinant, a scalar; none where nothing is learned, since it is zero.
func (m *mixing) forward(s *binding.Scope, x binding.Tensor) (z, logDet binding.Tensor) {
	if !m.learned() {
		return s.MatMul(x, m.permutation.Tensor()), binding.Tensor{}
	}
	return s.Mixing(x, m.factors.Tensor(), m.permutation.Tensor())
}

func (m *mixing) inverse(s *binding.Scope, z binding.Tensor) binding.Tensor {
	if !m.learned() {
		return s.MatMul(z, s.Transpose(m.permutation.Tensor(), 0, 1))
	}
	return s.Unmixing(z, m.factors.Tensor(), m.permutation.Tensor())
}
