package trainer

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/dataset"
)

// counted is a part whose numbers are all different, and float32 holds them.
func counted(rows int, from float64) dataset.Part {
	p := dataset.Part{Positions: dataset.NewMatrix(rows, 3), Momenta: dataset.NewMatrix(rows, 2)}
	for _, m := range []dataset.Matrix{p.Positions, p.Momenta} {
		for i := range m.Data {
			m.Data[i], from = from, from+1
		}
	}
	return p
}

// Rows come to the device a block at a time: all of them, whatever their number.
func TestBatchesHoldEveryRow(t *testing.T) {
	for _, rows := range []int{1, copiedAtOnce - 1, copiedAtOnce, copiedAtOnce + 1, 3*copiedAtOnce + 7} {
		for _, dtype := range []binding.DType{binding.Float32, binding.Float64} {
			s := binding.NewScope(binding.NoGrad())
			held := func(b batches, want dataset.Part) {
				x, err := s.Float64s(b.x)
				require.NoError(t, err)
				y, err := s.Float64s(b.y)
				require.NoError(t, err)
				require.Equal(t, want, dataset.Part{
					Positions: dataset.Matrix{Rows: rows, Cols: 3, Data: x}, Momenta: dataset.Matrix{Rows: rows, Cols: 2, Data: y},
				})
			}
			b, err := newBatches(s, counted(rows, 1), dtype, binding.CPU, 10)
			require.NoError(t, err)
			held(b, counted(rows, 1))
			require.NoError(t, b.fill(counted(rows, -7)))
			held(b, counted(rows, -7))
			require.NoError(t, s.Close())
		}
	}
}
