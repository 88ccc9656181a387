package calibration_test

import (
	"fmt"
	"math/rand/v2"

	"github.com/gocei/gocei/posterior/calibration"
)

// A posterior whose error bars are a third too small is found out by its ranks.
func Example() {
	random := rand.New(rand.NewPCG(1, 2))
	ranks := calibration.NewRanks(99)
	for range 2000 {
		truth := random.NormFloat64() // of a posterior N(0, 1)
		draws := make([]float64, 99)
		for i := range draws {
			draws[i] = 0.67 * random.NormFloat64()
		}
		if err := ranks.Add(calibration.Rank(draws, truth, random)); err != nil {
			fmt.Println(err)
			return
		}
	}
	_, p := ranks.Histogram(20, 0.99).ChiSquared()
	covered := ranks.CentralCoverage(0.9)
	fmt.Println("uniform:", p > 0.01)
	fmt.Printf("the 90 %% interval holds %.0f %% of the truths\n", 100*covered.Value())
	// Output:
	// uniform: false
	// the 90 % interval holds 73 % of the truths
}
