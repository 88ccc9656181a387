package posterior

import (
	"math"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat"

	"github.com/gocei/gocei/dataset"
)

const (
	shiftDraws = 500
	shiftSteps = 50
)

// meanShift climbs a kernel estimate of the density from the draws (D. Comaniciu and P. Meer, IEEE Trans. Pattern Anal.
// Mach. Intell. 24, 603 (2002)), with a normal kernel of the draws' covariance times Scott's factor n^(-2/(d+4)).
type meanShift struct {
	inverse *Inverse
	modes   dataset.Matrix // in model coordinates
}

func (m *meanShift) add(draws dataset.Matrix) error {
	x, err := m.inverse.run.Encoding.Positions.Apply(rowRange(draws, 0, min(draws.Rows, shiftDraws)))
	if err != nil {
		return err
	}
	m.modes.Rows, m.modes.Cols = m.modes.Rows+1, x.Cols
	m.modes.Data = append(m.modes.Data, kernelMode(x)...)
	return nil
}

func (m *meanShift) find(dataset.Matrix) (dataset.Matrix, error) {
	modes := m.modes
	m.modes = dataset.Matrix{}
	return m.inverse.run.Encoding.DecodePositions(modes)
}

// kernelMode returns the mode of draws [n, d] that is uphill of the best draw.
func kernelMode(draws dataset.Matrix) []float64 {
	covariance := mat.NewSymDense(draws.Cols, nil)
	var root mat.Cholesky
	if draws.Rows > 1 {
		stat.CovarianceMatrix(covariance, mat.NewDense(draws.Rows, draws.Cols, draws.Data), nil)
	}
	if !root.Factorize(covariance) { // as of draws that are all the same
		return meanRow(draws)
	}
	var lower mat.TriDense
	root.LTo(&lower)
	white := mat.NewDense(draws.Cols, draws.Rows, nil) // a draw a column, with the unit covariance
	if err := white.Solve(&lower, mat.NewDense(draws.Rows, draws.Cols, draws.Data).T()); err != nil {
		return meanRow(draws)
	}
	rows := mat.DenseCopyOf(white.T())
	width := math.Pow(float64(draws.Rows), -1/float64(draws.Cols+4))
	weights := make([]float64, draws.Rows)
	best, height := 0, 0.0
	for i := range draws.Rows {
		if total := kernels(weights, rows, rows.RawRowView(i), width); total > height {
			best, height = i, total
		}
	}
	at := append([]float64(nil), rows.RawRowView(best)...)
	for range shiftSteps {
		total := kernels(weights, rows, at, width)
		clear(at)
		for i, w := range weights {
			floats.AddScaled(at, w/total, rows.RawRowView(i))
		}
	}
	kernels(weights, rows, at, width)
	floats.Scale(1/floats.Sum(weights), weights)
	mode := make([]float64, draws.Cols)
	for i, w := range weights { // the map to white coordinates is linear, and so are weighted means
		floats.AddScaled(mode, w, draws.Row(i))
	}
	return mode
}

// kernels writes the kernel of each row about a point, and returns their sum.
func kernels(weights []float64, rows *mat.Dense, at []float64, width float64) (total float64) {
	for i := range weights {
		off := floats.Distance(rows.RawRowView(i), at, 2) / width
		weights[i] = math.Exp(-off * off / 2)
		total += weights[i]
	}
	return total
}
