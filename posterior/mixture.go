package posterior

import (
	"math"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/nn"
)

// mixture is the equal mixture of an ensemble's members: p(x|y) = Σ p_m(x|y) / M (Lakshminarayanan, Pritzel & Blundell
// 2017, arXiv:1612.01474; for posteriors: Hermans et al. 2022, arXiv:2110.06581).
type mixture []model

// Params returns the first member's: device and element type are those of all.
func (m mixture) Params() *nn.Params { return m[0].Params() }

// Sample has each row drawn by a member that is chosen for it by chance, independently of the other rows. Dealing the
// rows of one event out evenly would be the mixture's law for each draw, but not for several: they would be less
// scattered than independent draws, and ranks and coverage would tell.
func (m mixture) Sample(s *binding.Scope, y binding.Tensor) binding.Tensor {
	dealt, err := m.deal(s, y)
	if err != nil {
		return binding.Tensor{}
	}
	on := m.Params().Device()
	var draws []binding.Tensor
	var order []int64 // the rows of y that the draws are of, which lie member by member
	for k, rows := range dealt {
		if len(rows) > 0 {
			order = append(order, rows...)
			draws = append(draws, m[k].Sample(s, s.SelectRows(y, s.FromInt64s(rows, on, int64(len(rows))))))
		}
	}
	place := make([]int64, len(order)) // of each row of y among the draws
	for i, row := range order {
		place[row] = int64(i)
	}
	return s.SelectRows(s.Cat(0, draws...), s.FromInt64s(place, on, int64(len(place))))
}

// deal returns the rows of y that each member draws, by the scope's generator.
func (m mixture) deal(s *binding.Scope, y binding.Tensor) ([][]int64, error) {
	shape, err := s.Shape(y)
	if err != nil {
		return nil, err
	}
	chances, err := s.Float64s(s.Uniform(binding.Float64, shape[0]))
	dealt := make([][]int64, len(m))
	for row, u := range chances {
		k := min(int(u*float64(len(m))), len(m)-1)
		dealt[k] = append(dealt[k], int64(row))
	}
	return dealt, err
}

// LogProb returns the logarithm of the mean density. Of bounds it is a bound, since the mean grows with each.
func (m mixture) LogProb(s *binding.Scope, x, y binding.Tensor) binding.Tensor {
	shape, err := s.Shape(x)
	if err != nil {
		return binding.Tensor{}
	}
	columns := make([]binding.Tensor, len(m))
	for k, member := range m {
		columns[k] = s.Reshape(member.LogProb(s, x, y), shape[0], 1)
	}
	return s.Affine(s.LogSumExp(s.Cat(1, columns...), 1), 1, -math.Log(float64(len(m))))
}

// RoundTrip returns x, off by the root mean square of the members' errors in each coordinate: errors of different sign
// must not cancel.
func (m mixture) RoundTrip(s *binding.Scope, x, y binding.Tensor) binding.Tensor {
	squares := s.Square(s.Sub(m[0].RoundTrip(s, x, y), x))
	for _, member := range m[1:] {
		squares = s.Add(squares, s.Square(s.Sub(member.RoundTrip(s, x, y), x)))
	}
	return s.Add(x, s.Sqrt(s.Scale(squares, 1/float64(len(m)))))
}

// Close frees all members, and returns the first error.
func (m mixture) Close() (err error) {
	for _, member := range m {
		if e := member.Close(); err == nil {
			err = e
		}
	}
	return err
}
