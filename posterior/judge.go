package posterior

import (
	"math"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/explosion"
)

// judge compares the draws of one event after the other with the truth, in Cartesian positions and in the frame's own
// coordinates. The two are the same but in an internal frame.
type judge struct {
	encoding         dataset.Encoding
	truth, cartesian dataset.Matrix // [N, D] and [N, atoms*3]
	mean             []float64      // the training part's mean position, Cartesian

	point, single, constant *errorSums // Cartesian
	energy                  float64
	columns                 *errorSums // of the frame's own coordinates
	covered                 *coverageCounter
	calibrated              *calibrationJudge
	predicted               *predictiveJudge // nil without a recipe
}

func (v *Inverse) newJudge(events *dataset.Events, truth dataset.Matrix, o EvaluateOptions) (*judge, error) {
	c := v.run.Encoding
	cartesian, err := c.CartesianPositions(truth)
	if err != nil {
		return nil, err
	}
	columns, err := c.MeanPosition()
	if err != nil {
		return nil, err
	}
	mean, err := c.CartesianPositions(dataset.Matrix{Rows: 1, Cols: len(columns), Data: columns})
	if err != nil {
		return nil, err
	}
	sums := func() *errorSums { return newErrors(cartesian.Cols, len(c.Atoms), o.MREThreshold) }
	calibrated, err := newCalibrationJudge(v, events, o.Draws)
	if err != nil {
		return nil, err
	}
	j := &judge{
		encoding: c, truth: truth, cartesian: cartesian, mean: mean.Row(0),
		point: sums(), single: sums(), constant: sums(),
		columns: newErrors(truth.Cols, 0, o.MREThreshold), covered: newCounter(truth.Cols, c.Positions.Kept),
		calibrated: calibrated,
	}
	if o.Recipe != nil {
		j.predicted, err = newPredictiveJudge(c, events, *o.Recipe)
	}
	return j, err
}

func (j *judge) add(event int, draws dataset.Matrix) error {
	cartesian, err := j.encoding.CartesianPositions(draws)
	if err != nil {
		return err
	}
	x := j.cartesian.Row(event)
	j.point.add(meanRow(cartesian), x)
	j.single.add(cartesian.Row(0), x)
	j.constant.add(j.mean, x)
	j.energy += energyScore(cartesian, x)
	coordinates, y := unwrap(j.encoding.Frame, draws, j.truth.Row(event))
	j.columns.add(meanRow(coordinates), y)
	j.covered.add(coordinates, y)
	if err := j.calibrated.add(coordinates, y); err != nil {
		return err
	}
	if j.predicted != nil {
		j.predicted.add(event, cartesian)
	}
	return j.calibrated.addDensities(event, draws, j.truth.Row(event))
}

// unwrap returns draws and truth with each dihedral within π of the draws' own circular mean, since differences and
// ranks mean nothing across a branch cut. The truth has no say in where that lies.
func unwrap(f explosion.Frame, draws dataset.Matrix, truth []float64) (dataset.Matrix, []float64) {
	first := f.ZMatrix.FirstDihedral()
	if f.Kind != explosion.FrameInternal || first == draws.Cols {
		return draws, truth
	}
	table := dataset.Matrix{Rows: draws.Rows + 1, Cols: draws.Cols}
	table.Data = append(append(make([]float64, 0, len(draws.Data)+len(truth)), draws.Data...), truth...)
	for k := first; k < draws.Cols; k++ {
		sines, cosines := 0.0, 0.0
		for i := range draws.Rows {
			sin, cos := math.Sincos(draws.Row(i)[k])
			sines, cosines = sines+sin, cosines+cos
		}
		centre := math.Atan2(sines, cosines)
		for i := range table.Rows {
			table.Row(i)[k] -= 2 * math.Pi * math.Round((table.Row(i)[k]-centre)/(2*math.Pi))
		}
	}
	return rowRange(table, 0, draws.Rows), table.Row(draws.Rows)
}
