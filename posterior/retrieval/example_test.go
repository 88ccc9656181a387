package retrieval_test

import (
	"context"
	"fmt"
	"log"

	"github.com/gocei/gocei/explosion"
	"github.com/gocei/gocei/posterior/retrieval"
)

// One event of OCS, measured in any axes.
func ExampleRetriever_Retrieve() {
	recipe := explosion.Recipe{} // OCS with charges 2, 2, 2
	recipe.Geometry = explosion.Geometry{Kind: explosion.GeometryUniform, DisplacementAngstrom: 0.25}
	retriever, err := retrieval.New(context.Background(), recipe, retrieval.Options{Shapes: 2000, Noise: retrieval.Noise{Absolute: 0.01}})
	if err != nil {
		log.Fatal(err)
	}
	momenta := []float64{-60, -70, 0, -330, 40, 0, 390, 30, 0} // of C, O, S in atomic units
	solutions, err := retriever.Retrieve(momenta)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(retriever.Columns())
	for _, s := range solutions {
		fmt.Printf("%.2f Bohr, %.2f Bohr, %.2f rad, weight %.2f\n", s.Internal[0], s.Internal[1], s.Internal[2], s.Weight)
	}
	// Output:
	// [r_CO r_CS angle_OCS]
	// 2.46 Bohr, 3.60 Bohr, 3.05 rad, weight 1.00
}
