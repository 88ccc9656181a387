package dataset_test

import (
	"fmt"

	"github.com/gocei/gocei/dataset"
)

// A rate between 0 and 1 is to be inferred from what was counted: whatever a model draws, the rate stays between the two.
func ExampleNewPlainEvents() {
	rates := dataset.Matrix{Rows: 8, Cols: 1, Data: []float64{0.1, 0.2, 0.3, 0.4, 0.6, 0.7, 0.8, 0.9}}
	counts := dataset.Matrix{Rows: 8, Cols: 1, Data: []float64{1, 3, 2, 5, 6, 6, 9, 8}}
	events, err := dataset.NewPlainEvents([]string{"rate"}, []string{"count"}, rates, counts)
	if err != nil {
		fmt.Println(err)
		return
	}
	split, err := dataset.Prepare(events, dataset.Options{Bounds: []dataset.Bound{{Column: "rate", Low: 0, High: 1}}})
	if err != nil {
		fmt.Println(err)
		return
	}
	drawn, err := split.Encoding.DecodePositions(dataset.Matrix{Rows: 3, Cols: 1, Data: []float64{-100, 0, 100}})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, rate := range drawn.Data {
		fmt.Println(rate > 0 && rate < 1)
	}
	// Output:
	// true
	// true
	// true
}
