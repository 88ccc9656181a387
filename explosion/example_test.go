package explosion_test

import (
	"context"
	"fmt"

	"github.com/gocei/gocei/explosion"
)

// Carbonyl sulfide that loses two electrons from each atom at its equilibrium
// geometry.
func ExampleOptions_Explode() {
	neutral, err := explosion.LookupMolecule("OCS")
	if err != nil {
		fmt.Println(err)
		return
	}
	ocs, err := neutral.WithCharges([]float64{2, 2, 2})
	if err != nil {
		fmt.Println(err)
		return
	}
	outcome, err := explosion.Options{}.Explode(ocs, ocs.Equilibrium, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	for i, atom := range ocs.Atoms {
		fmt.Printf("%s %8.2f\n", atom.Symbol, outcome.Momenta[3*i])
	}
	release := explosion.KineticEnergyRelease(ocs.Masses(), outcome.Momenta)
	fmt.Printf("%.2f eV\n", release*explosion.HartreeElectronVolt)
	// Output:
	// C   -62.10
	// O  -366.64
	// S   428.74
	// 107.90 eV
}

// A hundred explosions of bent and stretched molecules.
func ExampleSimulate() {
	recipe := explosion.Recipe{Molecule: "OCS", Charges: []float64{2, 2, 2}, Events: 100, Seed: 1}
	events := 0
	err := explosion.Simulate(context.Background(), recipe, 2, func(index int, positions, momenta []float64) error {
		events++
		return nil
	})
	fmt.Println(events, err)
	// Output: 100 <nil>
}

// The shape of a molecule, free of where it is and how it lies.
func ExampleFrame_Positions() {
	frame, err := explosion.NewFrame(explosion.FrameBody, []string{"O", "H", "H"})
	if err != nil {
		fmt.Println(err)
		return
	}
	body, _, err := frame.Positions(nil, []float64{5, 5, 5, 5, 6.1, 6.4, 5, 6.1, 3.6}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.3f\n", body)
	// Output: [0.123 0.000 0.000 -0.977 1.400 0.000 -0.977 -1.400 0.000]
}
