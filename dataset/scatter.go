package dataset

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// scatter gathers what columns are like, block of rows by block of rows, in flat
// memory.
type scatter struct {
	rows     int
	mean     []float64
	min, max []float64
	// Its first rows hold the factor R of a QR decomposition of the centred rows so
	// far: RᵀR is their scatter matrix. R carries every inner product between
	// columns without squaring their condition, as a covariance matrix would.
	stack *mat.Dense
	qr    mat.QR
	r     mat.Dense
}

// scatterBlock is how many rows are decomposed at once.
const scatterBlock = 512

func newScatter(columns int) *scatter {
	c := &scatter{mean: make([]float64, columns), min: make([]float64, columns), max: make([]float64, columns)}
	c.stack = mat.NewDense(columns+1+scatterBlock, columns, nil)
	for j := range columns {
		c.min[j], c.max[j] = math.Inf(1), math.Inf(-1)
	}
	return c
}

// add takes rows [n, columns] in.
func (c *scatter) add(data Matrix) {
	for start := 0; start < data.Rows; start += scatterBlock {
		end := min(start+scatterBlock, data.Rows)
		c.addBlock(Matrix{Rows: end - start, Cols: data.Cols, Data: data.Data[start*data.Cols : end*data.Cols]})
	}
}

// addBlock joins the scatter about two means to that about their common one, as
// T. F. Chan, G. H. Golub and R. J. LeVeque do with variances (Am. Stat. 37, 242,
// 1983): what is between the means counts as one row more.
func (c *scatter) addBlock(block Matrix) {
	d := len(c.mean)
	mean := columnMeans(block)
	before, now := float64(c.rows), float64(block.Rows)
	between := c.stack.RawRowView(d)
	for j, m := range mean {
		between[j] = math.Sqrt(before*now/(before+now)) * (m - c.mean[j])
		c.mean[j] += (m - c.mean[j]) * now / (before + now)
	}
	for i := range scatterBlock {
		row := c.stack.RawRowView(d + 1 + i)
		clear(row)
		if i < block.Rows {
			for j, v := range block.Row(i) {
				row[j] = v - mean[j]
				c.min[j], c.max[j] = min(c.min[j], v), max(c.max[j], v)
			}
		}
	}
	c.qr.Factorize(c.stack)
	c.r.Reset()
	c.qr.RTo(&c.r)
	c.stack.Slice(0, d, 0, d).(*mat.Dense).Copy(c.r.Slice(0, d, 0, d))
	c.rows += block.Rows
}

// triangle returns R [columns, columns].
func (c *scatter) triangle() *mat.Dense {
	return mat.DenseCopyOf(c.stack.Slice(0, len(c.mean), 0, len(c.mean)))
}

func columnMeans(data Matrix) []float64 {
	mean := make([]float64, data.Cols)
	for i := range data.Rows {
		for j, v := range data.Row(i) {
			mean[j] += (v - mean[j]) / float64(i+1)
		}
	}
	return mean
}
