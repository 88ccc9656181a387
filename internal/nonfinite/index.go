// Package nonfinite finds numbers that are none.
package nonfinite

import (
	"math"
	"slices"
)

// Index returns the index of the first NaN or infinity, -1 where there is none.
func Index(data []float64) int {
	if none(data) {
		return -1
	}
	return slices.IndexFunc(data, func(v float64) bool { return math.IsNaN(v) || math.IsInf(v, 0) })
}

// none multiplies by zero because that is quicker than asking each number: only NaN and infinities make a sum anything but
// zero. Four sums do not wait for each other's last addition, which makes it many times faster.
func none(data []float64) bool {
	var a, b, c, d float64
	for ; len(data) >= 4; data = data[4:] {
		a += data[0] * 0
		b += data[1] * 0
		c += data[2] * 0
		d += data[3] * 0
	}
	for _, v := range data {
		a += v * 0
	}
	return a+b+c+d == 0
}
