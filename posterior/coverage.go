package posterior

import (
	"math"
	"strconv"

	"github.com/gocei/gocei/dataset"
)

// Coverage tells, for each nominal probability, how often the central interval of the draws with that probability holds
// the truth. The keys are "0.5", "0.68", "0.9" and "0.95".
type Coverage map[string]float64

var nominal = []float64{0.5, 0.68, 0.9, 0.95}

type coverageCounter struct {
	events int
	inside [][]int // per component and nominal probability
}

func newCounter(components int) *coverageCounter {
	c := &coverageCounter{inside: make([][]int, components)}
	for i := range c.inside {
		c.inside[i] = make([]int, len(nominal))
	}
	return c
}

func (c *coverageCounter) add(draws dataset.Matrix, truth []float64) {
	c.events++
	for i, x := range truth {
		off := math.Abs(rank(draws, i, x) - 0.5)
		for k, p := range nominal {
			if off <= p/2 {
				c.inside[i][k]++
			}
		}
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
		n := 0
		for _, i := range components {
			n += c.inside[i][k]
		}
		mean[strconv.FormatFloat(p, 'g', -1, 64)] = ratio(float64(n), c.events*len(components))
	}
	return mean
}
