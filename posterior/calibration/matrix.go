package calibration

import (
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas32"
)

// matrix is a dense matrix, row by row.
type matrix struct {
	rows, cols int
	data       []float32
}

func newMatrix(rows, cols int) matrix { return matrix{rows, cols, make([]float32, rows*cols)} }

func (m matrix) row(i int) []float32 { return m.data[i*m.cols : (i+1)*m.cols] }

// resize changes the shape, and not the memory where that is large enough.
func (m *matrix) resize(rows, cols int) {
	if cap(m.data) < rows*cols {
		m.data = make([]float32, rows*cols)
	}
	m.rows, m.cols, m.data = rows, cols, m.data[:rows*cols]
}

func (m matrix) transposed() matrix {
	t := newMatrix(m.cols, m.rows)
	for i := range m.rows {
		for j, v := range m.row(i) {
			t.data[j*t.cols+i] = v
		}
	}
	return t
}

// multiply sets m to a·bᵀ. The library makes dot products of rows of it, which is its fast way where rows are long;
// short ones it adds up better.
func (m matrix) multiply(a, b matrix) {
	const short = 32
	if a.cols < short {
		blas32.Gemm(blas.NoTrans, blas.NoTrans, 1, a.general(), b.transposed().general(), 0, m.general())
		return
	}
	blas32.Gemm(blas.NoTrans, blas.Trans, 1, a.general(), b.general(), 0, m.general())
}

func (m matrix) general() blas32.General {
	return blas32.General{Rows: m.rows, Cols: m.cols, Stride: max(m.cols, 1), Data: m.data}
}
