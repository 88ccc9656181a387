package dataset_test

import (
	"fmt"
	"log"

	"github.com/gocei/gocei/dataset"
)

func ExampleFitScaler() {
	columns := []string{"x_C", "y_C", "x_O"} // y_C never changes, x_O is −2·x_C
	data := dataset.Matrix{Rows: 4, Cols: 3, Data: []float64{1, 5, -2, 2, 5, -4, 3, 5, -6, 4, 5, -8}}
	scaler, err := dataset.FitScaler(columns, data, dataset.ScalerStandard, 0)
	if err != nil {
		log.Fatal(err)
	}
	model, err := scaler.Apply(data)
	if err != nil {
		log.Fatal(err)
	}
	restored, err := scaler.Invert(model)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(scaler.Dim(), "model coordinate")
	fmt.Printf("%.6f\n", restored.Row(1))
	// Output:
	// 1 model coordinate
	// [2.000000 5.000000 -4.000000]
}
