package posterior

import (
	"math"
	"slices"
	"strconv"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/posterior/calibration"
)

// Coverage tells, for each nominal probability, how often the central interval of the draws with that probability holds
// the truth. The keys are "0.5", "0.68", "0.9" and "0.95".
type Coverage map[string]float64

var nominal = []float64{0.5, 0.68, 0.9, 0.95}

// CoveragePoint is how often regions of a nominal probability hold the truth.
type CoveragePoint struct {
	Nominal       float64 `json:"nominal"`
	Observed      float64 `json:"observed"`
	StandardError float64 `json:"standard_error"`
	// Lower and Upper are the band that holds the whole curve of an exact posterior with 99 % probability, for one kind of
	// region; both are 0 where there is none.
	Lower float64 `json:"lower,omitempty"`
	Upper float64 `json:"upper,omitempty"`
}

// coverageLevels are the probabilities of curves: 0.05, 0.1, … 0.95.
var coverageLevels = func() (levels []float64) {
	for k := 1; k < 20; k++ {
		levels = append(levels, float64(k)/20)
	}
	return levels
}()

// countedLevels are all probabilities at which coverage is counted.
var countedLevels = append(slices.Clone(nominal), coverageLevels...)

type coverageCounter struct {
	events  int
	inside  [][]int // per component and counted level
	kept    []int   // the components whose mean is reported
	squares []float64
}

func newCounter(components int, kept []int) *coverageCounter {
	c := &coverageCounter{inside: make([][]int, components), kept: kept, squares: make([]float64, len(countedLevels))}
	for i := range c.inside {
		c.inside[i] = make([]int, len(countedLevels))
	}
	return c
}

func (c *coverageCounter) add(draws dataset.Matrix, truth []float64) {
	c.events++
	off := make([]float64, len(truth))
	for i, x := range truth {
		off[i] = math.Abs(rank(draws, i, x) - 0.5)
		for k, p := range countedLevels {
			if off[i] <= p/2 {
				c.inside[i][k]++
			}
		}
	}
	for k, p := range countedLevels {
		held := 0
		for _, i := range c.kept {
			if off[i] <= p/2 {
				held++
			}
		}
		share := ratio(float64(held), len(c.kept))
		c.squares[k] += share * share
	}
}

// rank returns the share of the draws' column that lies below x, counting ties half.
func rank(draws dataset.Matrix, column int, x float64) float64 {
	below := 0.0
	for i := range draws.Rows {
		switch v := draws.Row(i)[column]; {
		case v < x:
			below++
		case v == x:
			below += 0.5
		}
	}
	return below / float64(draws.Rows)
}

// over returns the mean coverage of the components.
func (c *coverageCounter) over(components []int) Coverage {
	mean := Coverage{}
	for k, p := range nominal {
		mean[nominalKey(p)] = ratio(c.hits(components, k), c.events*len(components))
	}
	return mean
}

func (c *coverageCounter) hits(components []int, level int) (n float64) {
	for _, i := range components {
		n += float64(c.inside[i][level])
	}
	return n
}

// errorOf returns the binomial standard errors of one component's coverage.
func (c *coverageCounter) errorOf(component int) Coverage {
	all := Coverage{}
	for k, p := range nominal {
		all[nominalKey(p)] = calibration.Proportion{Hits: float64(c.inside[component][k]), Of: c.events}.StandardError()
	}
	return all
}

// errorOfMean returns the standard errors of the mean coverage of the kept components, from the spread of the events,
// since the components of an event go together. Two events wholly inside and two outside are added, as
// Proportion.StandardError does, which this is for a single component.
func (c *coverageCounter) errorOfMean() Coverage {
	all := Coverage{}
	for k, p := range nominal {
		all[nominalKey(p)] = c.errorAt(k)
	}
	return all
}

func (c *coverageCounter) errorAt(level int) float64 {
	n := float64(c.events) + 4
	mean := (ratio(c.hits(c.kept, level), len(c.kept)) + 2) / n
	return math.Sqrt(max((c.squares[level]+2)/n-mean*mean, 0) / n)
}

// curve returns the mean coverage of the kept components at coverageLevels.
func (c *coverageCounter) curve() (curve []CoveragePoint) {
	for k, p := range countedLevels {
		if k >= len(nominal) {
			curve = append(curve, CoveragePoint{Nominal: p, Observed: ratio(c.hits(c.kept, k), c.events*len(c.kept)), StandardError: c.errorAt(k)})
		}
	}
	return curve
}

func nominalKey(p float64) string { return strconv.FormatFloat(p, 'g', -1, 64) }
