package dataset

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat"
)

// Domain tells events that are unlike the training part, by the Mahalanobis
// distance of their model conditions from its mean, in its covariance. The
// distance above which an event is called so is a quantile of those of the
// validation part, which makes the rate of false alarms a guarantee: of events
// made as those were, no larger share is flagged, on average over validation
// parts, whatever the distribution (split conformal prediction; V. Vovk,
// A. Gammerman and G. Shafer, Algorithmic Learning in a Random World (2005);
// S. Bates et al., Ann. Stat. 51, 149 (2023)). How many of other events it
// detects is not guaranteed: conditions that fill a shell, as those of unturned
// events do, have an inside that no such distance sees.
type Domain struct {
	Mean   []float64 `json:"mean"`   // of the conditions over the training part [c]
	Whiten Matrix    `json:"whiten"` // [c, c], lower triangular: the distance is |Whiten·(y − Mean)|
	// Limits are ordered by falling rates, without those that the validation part
	// is too small for.
	Limits []DomainLimit `json:"limits"`
}

// DomainLimit is the distance above which at most a share of events is flagged
// that are like the training part.
type DomainLimit struct {
	FalseAlarms float64 `json:"false_alarms"`
	Distance    float64 `json:"distance"`
}

var falseAlarmRates = []float64{0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001}

// newDomain fits the distance on training conditions and the limits on validation
// ones. It is nil where there are too few of either.
func newDomain(train, validation Matrix) *Domain {
	if train.Rows <= train.Cols || validation.Rows == 0 {
		return nil
	}
	d := &Domain{Mean: make([]float64, train.Cols), Whiten: NewMatrix(train.Cols, train.Cols)}
	data := mat.NewDense(train.Rows, train.Cols, train.Data)
	for j := range d.Mean {
		d.Mean[j] = stat.Mean(mat.Col(nil, j, data), nil)
	}
	var covariance mat.SymDense
	stat.CovarianceMatrix(&covariance, data, nil)
	var root mat.Cholesky
	if !root.Factorize(&covariance) {
		return nil
	}
	var lower, inverse mat.TriDense
	root.LTo(&lower)
	if inverse.InverseTri(&lower) != nil {
		return nil
	}
	for i := range d.Mean {
		for j := 0; j <= i; j++ {
			d.Whiten.Row(i)[j] = inverse.At(i, j)
		}
	}
	if !d.setLimits(validation) {
		return nil
	}
	return d
}

// setLimits takes the ⌈(n+1)(1−rate)⌉-th smallest of n distances for each rate.
func (d *Domain) setLimits(validation Matrix) bool {
	distances, err := d.Distances(validation)
	if err != nil {
		return false
	}
	slices.Sort(distances)
	for _, rate := range falseAlarmRates {
		if k := int(math.Ceil(float64(len(distances)+1)*(1-rate) - 1e-9)); k <= len(distances) {
			d.Limits = append(d.Limits, DomainLimit{rate, distances[k-1]})
		}
	}
	return true
}

// Distances returns the distance of each row of model conditions [N, c].
func (d *Domain) Distances(conditions Matrix) ([]float64, error) {
	if err := conditions.check(); err != nil || conditions.Cols != len(d.Mean) {
		return nil, fmt.Errorf("dataset: measure distances from the training part: conditions are [%d, %d]: want %d columns", conditions.Rows, conditions.Cols, len(d.Mean))
	}
	all := make([]float64, conditions.Rows)
	for row := range all {
		y := conditions.Row(row)
		square := 0.0
		for i := range y {
			z := 0.0
			for j := 0; j <= i; j++ {
				z += d.Whiten.Row(i)[j] * (y[j] - d.Mean[j])
			}
			square += z * z
		}
		all[row] = math.Sqrt(square)
	}
	return all, nil
}

// Limit returns the distance for a rate of false alarms, or for the next smaller
// one that is known.
func (d *Domain) Limit(falseAlarms float64) (DomainLimit, error) {
	for _, limit := range d.Limits {
		if limit.FalseAlarms <= falseAlarms {
			return limit, nil
		}
	}
	return DomainLimit{}, fmt.Errorf("dataset: find distance for a false-alarm rate of %g: the validation part is too small for it", falseAlarms)
}

// check refuses what does not fit together.
func (d *Domain) check(conditions int) error {
	if d == nil {
		return nil
	}
	if len(d.Mean) != conditions || d.Whiten.Rows != conditions || d.Whiten.Cols != conditions {
		return fmt.Errorf("a domain of %d conditions: want %d", len(d.Mean), conditions)
	}
	for i, limit := range d.Limits {
		if !(limit.FalseAlarms > 0 && limit.FalseAlarms < 1) || i > 0 && limit.FalseAlarms >= d.Limits[i-1].FalseAlarms {
			return errors.New("the false-alarm rates of the domain: want falling ones between 0 and 1")
		}
	}
	return nil
}
