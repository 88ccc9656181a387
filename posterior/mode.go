package posterior

import (
	"runtime"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/cvae"
	"github.com/gocei/gocei/dataset"
)

// modeSearch finds the most probable geometries of several events at once.
type modeSearch interface {
	// add takes the draws of the next event in the frame's coordinates, which it does not keep.
	add(draws dataset.Matrix) error
	// find returns the modes [n, D], in the frame's coordinates, of the events added since the last call, whose conditions
	// are [n, c].
	find(conditions dataset.Matrix) (dataset.Matrix, error)
}

func (v *Inverse) newModeSearch() modeSearch {
	if v.Kind() == cvae.Kind {
		return &meanShift{inverse: v}
	}
	return &ascent{inverse: v}
}

const (
	startDraws  = 100 // of which the best one is where an ascent starts
	ascentSteps = 40
)

// ascent climbs the model's density.
type ascent struct {
	inverse     *Inverse
	draws       dataset.Matrix // startDraws of each event, in the frame's coordinates
	covariances []*mat.SymDense
}

func (a *ascent) add(draws dataset.Matrix) error {
	x, err := a.inverse.run.Encoding.Positions.Apply(draws)
	if err != nil {
		return err
	}
	covariance := mat.NewSymDense(x.Cols, nil)
	if x.Rows > 1 {
		stat.CovarianceMatrix(covariance, mat.NewDense(x.Rows, x.Cols, x.Data), nil)
	}
	a.covariances = append(a.covariances, covariance)
	a.draws.Cols = draws.Cols
	kept := min(draws.Rows, startDraws)
	a.draws.Rows += kept
	a.draws.Data = append(a.draws.Data, draws.Data[:kept*draws.Cols]...)
	return nil
}

func (a *ascent) find(conditions dataset.Matrix) (dataset.Matrix, error) {
	defer func() { a.covariances, a.draws = a.covariances[:0], dataset.Matrix{Data: a.draws.Data[:0]} }()
	x, err := a.best(conditions)
	if err != nil {
		return dataset.Matrix{}, err
	}
	if err := a.climb(x, conditions); err != nil {
		return dataset.Matrix{}, err
	}
	return a.inverse.run.Encoding.DecodePositions(x)
}

// best returns the draw of the highest density of each event, in model coordinates.
func (a *ascent) best(conditions dataset.Matrix) (dataset.Matrix, error) {
	logs, err := a.inverse.logDensities(a.draws, conditions)
	if err != nil {
		return dataset.Matrix{}, err
	}
	perEvent := a.draws.Rows / conditions.Rows
	rows := make([]int, conditions.Rows)
	for i := range rows {
		rows[i] = i * perEvent
		for k := i * perEvent; k < (i+1)*perEvent; k++ {
			if logs[k] > logs[rows[i]] {
				rows[i] = k
			}
		}
	}
	return a.inverse.run.Encoding.Positions.Apply(a.draws.SelectRows(rows))
}

// climb takes each row of x uphill: by the gradient times the covariance where that gains, and by half of it otherwise.
func (a *ascent) climb(x, conditions dataset.Matrix) error {
	height, slope, err := a.inverse.densitySlope(x, conditions)
	if err != nil {
		return err
	}
	length := make([]float64, x.Rows)
	for i := range length {
		length[i] = 1
	}
	for range ascentSteps {
		next := a.step(x, slope, length)
		reached, steeper, err := a.inverse.densitySlope(next, conditions)
		if err != nil {
			return err
		}
		for i := range length {
			if !(reached[i] > height[i]) {
				length[i] /= 2
				continue
			}
			length[i], height[i] = min(2*length[i], 1), reached[i]
			copy(x.Row(i), next.Row(i))
			copy(slope.Row(i), steeper.Row(i))
		}
	}
	return nil
}

func (a *ascent) step(x, slope dataset.Matrix, length []float64) dataset.Matrix {
	next := dataset.NewMatrix(x.Rows, x.Cols)
	for i := range x.Rows {
		to := mat.NewVecDense(x.Cols, next.Row(i))
		to.MulVec(a.covariances[i], mat.NewVecDense(x.Cols, slope.Row(i)))
		to.AddScaledVec(mat.NewVecDense(x.Cols, x.Row(i)), length[i], to)
	}
	return next
}

// densitySlope returns the log-density [n], in the data's units, at model coordinates x [n, d] and its gradient [n, d] by
// these.
func (v *Inverse) densitySlope(x, conditions dataset.Matrix) ([]float64, dataset.Matrix, error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	s := binding.NewScope()
	defer s.Close()
	leaf := v.upload(s, x)
	s.RequireGrad(leaf)
	density := v.model.LogProb(s, leaf, v.upload(s, conditions))
	slope, err := s.Float64s(s.Gradient(density, leaf)[0])
	if err != nil {
		return nil, dataset.Matrix{}, err
	}
	height, err := s.Float64s(density)
	if err == nil {
		err = v.toDataUnits(height, x)
	}
	if err != nil {
		return nil, dataset.Matrix{}, err
	}
	jacobian, err := v.run.Encoding.Positions.LogJacobianGradient(x)
	if err == nil {
		floats.Add(slope, jacobian.Data)
	}
	return height, dataset.Matrix{Rows: x.Rows, Cols: x.Cols, Data: slope}, err
}
