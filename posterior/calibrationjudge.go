package posterior

import (
	"fmt"
	"math/rand/v2"

	"github.com/gocei/gocei/cvae"
	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/posterior/calibration"
)

const (
	mostRankDraws    = 499 // ranks from 0 to 499 fall into 20 bins evenly
	mostDensityDraws = 99  // each costs a density
	referenceBox     = 2   // half the width of the box of TARP's reference points, in the prior's standard deviations
)

// calibrationJudge holds the draws of one event after the other against the truth, in the independent columns.
type calibrationJudge struct {
	encoding  dataset.Encoding
	random    *rand.Rand // of ties and reference points
	mean      []float64  // of the training part, by kept column
	sd        []float64
	columns   []*calibration.Ranks
	distances *calibration.Ranks
	densities *densityRanker // nil where densities are bounds alone
	sharpness []sharpness
}

func newCalibrationJudge(v *Inverse, events *dataset.Events, draws int) (*calibrationJudge, error) {
	c := v.run.Encoding
	ranked := min(draws, mostRankDraws)
	mean, sd := c.Positions.Moments()
	j := &calibrationJudge{
		encoding: c, random: rand.New(rand.NewPCG(v.seed, 0x5bc)), mean: mean, sd: sd,
		distances: calibration.NewRanks(ranked), sharpness: make([]sharpness, c.Positions.Dim()),
	}
	for k := range j.sharpness {
		j.columns = append(j.columns, calibration.NewRanks(ranked))
		j.sharpness[k].prior = j.sd[k] * j.sd[k]
	}
	if v.Kind() == cvae.Kind {
		return j, nil
	}
	var err error
	j.densities, err = newDensityRanker(v, events, min(draws, mostDensityDraws), j.random)
	return j, err
}

// add takes draws and truth in the frame's coordinates, dihedrals unwrapped.
func (j *calibrationJudge) add(draws dataset.Matrix, truth []float64) error {
	ranked := j.distances.Draws()
	column := make([]float64, draws.Rows)
	scaled := dataset.NewMatrix(ranked, len(j.columns))
	scaledTruth, reference := make([]float64, len(j.columns)), make([]float64, len(j.columns))
	for k, i := range j.encoding.Positions.Kept {
		for row := range column {
			column[row] = draws.Row(row)[i]
		}
		j.sharpness[k].add(column, truth[i])
		if err := j.columns[k].Add(calibration.Rank(column[:ranked], truth[i], j.random)); err != nil {
			return err
		}
		for row := range ranked {
			scaled.Row(row)[k] = (column[row] - j.mean[k]) / j.sd[k]
		}
		scaledTruth[k], reference[k] = (truth[i]-j.mean[k])/j.sd[k], referenceBox*(2*j.random.Float64()-1)
	}
	return j.distances.Add(calibration.DistanceRank(scaled, scaledTruth, reference, j.random))
}

// addDensities takes draws and truth in the frame's coordinates as the model has them, dihedrals on their branch.
func (j *calibrationJudge) addDensities(event int, draws dataset.Matrix, truth []float64) error {
	if j.densities == nil {
		return nil
	}
	return j.densities.add(event, draws, truth)
}

// report fills in what the ranks say.
func (j *calibrationJudge) report(e *Evaluation) (err error) {
	names := make([]string, len(j.columns))
	for k, i := range j.encoding.Positions.Kept {
		names[k] = j.encoding.PositionColumns[i]
		e.ZScore = append(e.ZScore, j.sharpness[k].zScore(names[k]))
		e.Contraction = append(e.Contraction, j.sharpness[k].contracted(names[k]))
	}
	known := bands{}
	if e.SBC, err = known.sbc(names, j.columns); err != nil {
		return fmt.Errorf("posterior: evaluate: %w", err)
	}
	if e.TARP, err = known.expectedCoverage(j.distances); err != nil {
		return fmt.Errorf("posterior: evaluate: %w", err)
	}
	if j.densities == nil {
		return nil
	}
	if err := j.densities.flush(); err != nil {
		return fmt.Errorf("posterior: evaluate: %w", err)
	}
	if e.HighestDensity, err = known.expectedCoverage(j.densities.ranks); err != nil {
		return fmt.Errorf("posterior: evaluate: %w", err)
	}
	return nil
}
