package dataset_test

import (
	"fmt"
	"log"
	"strings"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/explosion"
)

func ExampleReadCSV() {
	const table = "cx,cy,cz,ox,oy,oz,pcx,pcy,pcz,pox,poy,poz\n0,0,0,1.13,0,0,-55.1,0,0,55.1,0,0\n"
	events, err := dataset.ReadCSV(strings.NewReader(table), "carbon-monoxide.csv", dataset.Layout{
		PositionUnit:  explosion.Angstrom,
		NeedPositions: true,
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(events.Len(), events.Atoms, events.PositionUnit, events.MomentumUnit)
	fmt.Println(events.PositionColumns)
	// Output:
	// 1 [C O] angstrom au
	// [x_C y_C z_C x_O y_O z_O]
}

func ExampleReadCSV_wrong() {
	_, err := dataset.ReadCSV(strings.NewReader("px_C,py_C,pz_C\n1,2,three\n"), "events.csv", dataset.Layout{})
	fmt.Println(err)
	// Output:
	// dataset: read events.csv:2:5: expected a finite number in column pz_C, found three
}

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
