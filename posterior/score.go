package posterior

import (
	"github.com/gocei/gocei/dataset"
	"gonum.org/v1/gonum/floats"
)

// energyScore returns E|X-x| - ½E|X-X'| for draws X [K, D] and the truth x: a proper score in the data's unit, lower is
// better (Gneiting & Raftery 2007, J. Am. Stat. Assoc. 102, 359, eq. 21). The second mean is over neighbouring draws:
// draws are independent, so that is unbiased, and takes K distances instead of K².
func energyScore(draws dataset.Matrix, truth []float64) float64 {
	miss, spread := 0.0, 0.0
	for i := range draws.Rows {
		miss += floats.Distance(draws.Row(i), truth, 2)
		spread += floats.Distance(draws.Row(i), draws.Row((i+1)%draws.Rows), 2)
	}
	return (miss - spread/2) / float64(draws.Rows)
}
