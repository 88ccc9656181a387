package posterior

import (
	"math"

	"github.com/gocei/gocei/posterior/calibration"
)

// quantileSketch counts positive numbers in bins whose edges grow by 1 %, so that quantiles are right to half a percent
// whatever their size, in memory that does not grow (as the DDSketch of C. Masson, J. E. Rim and H. K. Lee, Proc. VLDB
// Endow. 12, 2195 (2019)).
type quantileSketch struct {
	counts [sketchBins]int
	total  int
}

const (
	sketchBins  = 5600 // up to 1e-15 · 1.01^5600 = 1.6e9
	sketchLeast = 1e-15
)

var sketchStep = math.Log(1.01)

func (q *quantileSketch) add(x float64) {
	bin := 0
	if x > sketchLeast {
		bin = int(min(math.Log(x/sketchLeast)/sketchStep, sketchBins-1))
	}
	q.counts[bin]++
	q.total++
}

func (q *quantileSketch) merge(other *quantileSketch) {
	for i, n := range other.counts {
		q.counts[i] += n
	}
	q.total += other.total
}

// quantile returns the middle of the bin in which the quantile is, 0 of no numbers.
func (q *quantileSketch) quantile(p float64) float64 {
	left := p * float64(q.total)
	for bin, n := range q.counts {
		if left -= float64(n); n > 0 && left <= 0 {
			return sketchLeast * math.Exp((float64(bin)+0.5)*sketchStep)
		}
	}
	return 0
}

// spreadOfQuantile returns the standard error of the quantile of all parts together, from those of the parts.
func spreadOfQuantile(parts []quantileSketch, p float64) float64 {
	var m calibration.Moments
	for i := range parts {
		if parts[i].total > 0 {
			m.Add(parts[i].quantile(p))
		}
	}
	return m.MeanError()
}
