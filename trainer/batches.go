package trainer

import (
	"errors"
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
		x:     s.Zeros(dtype, on, int64(part.Positions.Rows), int64(part.Positions.Cols)),
		y:     s.Zeros(dtype, on, int64(part.Momenta.Rows), int64(part.Momenta.Cols)),
		dtype: dtype,
		rows:  part.Positions.Rows,
		size:  size,
	}
	if err := s.Err(); err != nil {
		return batches{}, fmt.Errorf("trainer: make room for data on %s: %w", on, err)
	}
	return b, b.fill(part)
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

// copiedAtOnce is how many rows are converted on the host together: no second copy of a part is ever there.
const copiedAtOnce = 1 << 14

// replace converts on the host, so that the device never holds both what was and what comes.
func (b batches) replace(t binding.Tensor, m dataset.Matrix) error {
	s := binding.NewScope(binding.NoGrad())
	defer s.Close()
	for start := 0; start < m.Rows; start += copiedAtOnce {
		n := min(copiedAtOnce, m.Rows-start)
		block := dataset.Matrix{Rows: n, Cols: m.Cols, Data: m.Data[start*m.Cols : (start+n)*m.Cols]}
		s.Copy(s.Narrow(t, 0, int64(start), int64(n)), upload(s, block, b.dtype, binding.CPU))
		if err := errors.Join(s.Err(), s.Reset()); err != nil {
			return fmt.Errorf("trainer: copy data to the device: %w", err)
		}
	}
	return nil
}

// count returns the number of batches.
func (b batches) count() int { return (b.rows + b.size - 1) / b.size }

// length returns the number of rows in batch i: size, but for the last.
func (b batches) length(i int) int { return min(b.size, b.rows-i*b.size) }

// slice returns n rows from start on, in their own order, as views.
func (b batches) slice(s *binding.Scope, start, n int) (x, y binding.Tensor) {
	return s.Narrow(b.x, 0, int64(start), int64(n)), s.Narrow(b.y, 0, int64(start), int64(n))
}
