package dataset_test

import (
	"fmt"
	"log"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/explosion"
)

// The second event has lost momentum to a fragment that was not detected.
func ExampleSelection_Apply() {
	momenta := dataset.Matrix{Rows: 2, Cols: 6, Data: []float64{120, 0, 0, -121, 0, 0, 120, 0, 0, -40, 10, 0}}
	events, err := dataset.NewEvents([]string{"C", "O"}, dataset.Matrix{}, momenta, explosion.Bohr, explosion.AtomicMomentum)
	if err != nil {
		log.Fatal(err)
	}
	threshold := 20.0
	selected, err := dataset.Selection{MaxMomentumSumAU: &threshold}.Apply(events)
	if err != nil {
		log.Fatal(err)
	}
	for _, c := range selected.Report.Criteria {
		fmt.Println(c.Criterion, *c.Threshold, c.Unit, "rejected", c.Rejected, "remaining", c.Remaining)
	}
	fmt.Println(selected.Rows)
	// Output:
	// momentum-sum 20 au rejected 1 remaining 1
	// [0]
}
