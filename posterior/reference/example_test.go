package reference_test

import (
	"context"
	"fmt"

	"github.com/gocei/gocei/explosion"
	"github.com/gocei/gocei/posterior/reference"
)

// How well the bonds of OCS are known from three momenta with errors of 1 %.
func Example() {
	ocs, err := explosion.LookupMolecule("OCS")
	if err != nil {
		fmt.Println(err)
		return
	}
	recipe := explosion.Recipe{Molecule: ocs, Channels: []explosion.Channel{{Charges: []float64{2, 2, 2}}}}
	recipe.Geometry.Kind = explosion.GeometryInternal
	for _, text := range []string{"C-O=0.9:1.5", "C-S=1:2.2", "O-C-S=160:180"} {
		within, err := explosion.ParseInternalRange(ocs, text)
		if err != nil {
			fmt.Println(err)
			return
		}
		recipe.Geometry.Internal = append(recipe.Geometry.Internal, within)
	}
	frame, err := explosion.FrameOptions{Axis: [2]string{"C", "O"}}.NewFrame(explosion.FrameBody, ocs.Symbols())
	if err != nil {
		fmt.Println(err)
		return
	}
	s, err := reference.New(context.Background(), recipe, reference.Measurement{Frame: frame, Relative: 0.01}, reference.Options{Shapes: 3000})
	if err != nil {
		fmt.Println(err)
		return
	}
	p, err := s.Sample([]float64{93.9, 209.4, 294.4}) // px_C, px_O, py_O
	if err != nil {
		fmt.Println(err)
		return
	}
	mean, sd := p.Mean(), p.Deviations()
	for k, name := range s.Columns()[:2] {
		fmt.Printf("%s = %.2f ± %.2f Å\n", name, mean[k]*explosion.BohrRadiusAngstrom, sd[k]*explosion.BohrRadiusAngstrom)
	}
	fmt.Println(p.EffectiveSize > 1000)
	// Output:
	// r_CO = 1.16 ± 0.02 Å
	// r_CS = 1.56 ± 0.04 Å
	// true
}
