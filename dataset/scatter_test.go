package dataset

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat"
)

// However the rows come, their scatter is that of the whole table, also where the
// mean is large against the spread and moves.
func TestScatterDoesNotDependOnTheBlocks(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 3))
	data := NewMatrix(3000, 4)
	for i := range data.Rows {
		row := data.Row(i)
		row[0] = 1e6 + random.NormFloat64()
		row[1] = random.NormFloat64() + float64(i)
		row[2] = row[0] - 2*row[1] + 1e-3*random.NormFloat64()
		row[3] = 7
	}
	var want mat.SymDense
	stat.CovarianceMatrix(&want, mat.NewDense(data.Rows, data.Cols, data.Data), nil)
	for _, size := range []int{1, 7, 512, 513, 3000} {
		c := newScatter(data.Cols)
		for start := 0; start < data.Rows; start += size {
			end := min(start+size, data.Rows)
			c.add(Matrix{Rows: end - start, Cols: 4, Data: data.Data[4*start : 4*end]})
			if size == 1 && end == 1500 {
				break // one row at a time costs a decomposition each
			}
		}
		if size == 1 {
			stat.CovarianceMatrix(&want, mat.NewDense(1500, 4, data.Data[:6000]), nil)
		} else {
			stat.CovarianceMatrix(&want, mat.NewDense(data.Rows, 4, data.Data), nil)
		}
		var have mat.Dense
		have.Mul(c.triangle().T(), c.triangle())
		have.Scale(1/float64(c.rows-1), &have)
		for i := range 4 {
			for j := range 4 {
				scale := math.Sqrt(want.At(i, i)*want.At(j, j)) + 1e-12
				require.InDelta(t, want.At(i, j), have.At(i, j), 1e-9*scale, "blocks of %d: %d, %d", size, i, j)
			}
		}
		require.Equal(t, 7.0, c.min[3])
		require.Equal(t, 7.0, c.max[3])
	}
}
