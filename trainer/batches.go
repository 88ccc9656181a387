package trainer

import (
	"fmt"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/dataset"
)

// batches is one part of the data, resident on the device, from which batches are gathered there.
type batches struct {
	x, y  binding.Tensor // [N,D], [N,C]
	dtype binding.DType
	rows  int
	size  int // rows a batch
}

func newBatches(s *binding.Scope, part dataset.Part, dtype binding.DType, on binding.Device, size int) (batches, error) {
	b := batches{
		x:     upload(s, part.Positions, dtype, on),
		y:     upload(s, part.Momenta, dtype, on),
		dtype: dtype,
		rows:  part.Positions.Rows,
		size:  size,
	}
	if err := s.Err(); err != nil {
		return batches{}, fmt.Errorf("trainer: copy data to %s: %w", on, err)
	}
	return b, nil
}

func upload(s *binding.Scope, m dataset.Matrix, dtype binding.DType, on binding.Device) binding.Tensor {
	return s.FromFloat64s(m.Data, dtype, on, int64(m.Rows), int64(m.Cols))
}

// fill puts another part of the same shapes in the place of the one that is there.
func (b batches) fill(part dataset.Part) error {
	if err := b.replace(b.x, part.Positions); err != nil {
		return err
	}
	return b.replace(b.y, part.Momenta)
}

// replace converts on the host, so that the device never holds both what was and what comes.
func (b batches) replace(t binding.Tensor, m dataset.Matrix) error {
	s := binding.NewScope(binding.NoGrad())
	defer s.Close()
	s.Copy(t, upload(s, m, b.dtype, binding.CPU))
	if err := s.Err(); err != nil {
		return fmt.Errorf("trainer: replace data on the device: %w", err)
	}
	return nil
}

// count returns the number of batches.
func (b batches) count() int { return (b.rows + b.size - 1) / b.size }

// length returns the number of rows in batch i: size, but for the last.
func (b batches) length(i int) int { return min(b.size, b.rows-i*b.size) }

// gather returns batch i of the rows in the order of a permutation [N].
func (b batches) gather(s *binding.Scope, order binding.Tensor, i int) (x, y binding.Tensor) {
	index := s.Narrow(order, 0, int64(i*b.size), int64(b.length(i)))
	return s.SelectRows(b.x, index), s.SelectRows(b.y, index)
}

// slice returns batch i of the rows in their own order, as views.
func (b batches) slice(s *binding.Scope, i int) (x, y binding.Tensor) {
	start, n := int64(i*b.size), int64(b.length(i))
	return s.Narrow(b.x, 0, start, n), s.Narrow(b.y, 0, start, n)
}
