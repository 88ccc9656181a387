package report

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat"
)

// kernel is a normal density that smooths a lattice, in units of its cells.
type kernel struct {
	xx, xy, yy     float64 // the inverse of its covariance
	reachX, reachY int
	weights        []float64 // [2*reachY+1, 2*reachX+1]
}

func (k kernel) at(di, dj int) float64 {
	return k.weights[(dj+k.reachY)*(2*k.reachX+1)+di+k.reachX]
}

const leastBandwidth = 0.7 // cells, below which a lattice shows

// kernelFor returns the kernel of a density estimate from points in units of cells: along the principal axes of their
// covariance, of Scott's widths n^(-1/6) σ (D. W. Scott, Multivariate Density Estimation (1992), section 6.3.1). So that
// two narrow peaks are not blurred into one, σ is that of a normal density whose densest quarter is as wide as theirs,
// where that is less than the standard deviation. Since the quarter of a few is narrow by chance, widths are a fifth more.
func kernelFor(us, vs []float64) kernel {
	xx, yy, xy := stat.Variance(us, nil), stat.Variance(vs, nil), stat.Covariance(us, vs, nil)
	sin, cos := math.Sincos(math.Atan2(2*xy, xx-yy) / 2)
	along, over := make([]float64, len(us)), make([]float64, len(us))
	for i := range us {
		along[i], over[i] = cos*us[i]+sin*vs[i], cos*vs[i]-sin*us[i]
	}
	a, b := bandwidth(along), bandwidth(over)
	return newKernel(cos*cos*a*a+sin*sin*b*b, sin*cos*(a*a-b*b), sin*sin*a*a+cos*cos*b*b)
}

// densestQuarter is the width of a standard normal density's densest quarter: 2 Φ⁻¹(0.625).
const densestQuarter = 0.6373

// bandwidth sorts the values.
func bandwidth(values []float64) float64 {
	slices.Sort(values)
	n := float64(len(values))
	sigma := min(stat.StdDev(values, nil), shortest(values, 0.25)/densestQuarter)
	return max(1.2*sigma*math.Pow(n, -1.0/6), leastBandwidth)
}

// newKernel returns the kernel of a covariance.
func newKernel(xx, xy, yy float64) kernel {
	det := xx*yy - xy*xy
	k := kernel{xx: yy / det, xy: -xy / det, yy: xx / det, reachX: int(3*math.Sqrt(xx)) + 1, reachY: int(3*math.Sqrt(yy)) + 1}
	total := 0.0
	for j := -k.reachY; j <= k.reachY; j++ {
		for i := -k.reachX; i <= k.reachX; i++ {
			x, y := float64(i), float64(j)
			w := math.Exp(-(k.xx*x*x + 2*k.xy*x*y + k.yy*y*y) / 2)
			k.weights = append(k.weights, w)
			total += w
		}
	}
	for i := range k.weights {
		k.weights[i] /= total
	}
	return k
}
