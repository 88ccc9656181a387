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

// A hundred explosions of water that vibrates in its ground state, turned at
// random, in two channels, seen by a detector that misses every fifth ion.
func ExampleSimulate() {
	water, err := explosion.LookupMolecule("H2O")
	if err != nil {
		fmt.Println(err)
		return
	}
	recipe := explosion.Recipe{
		Molecule: water,
		Channels: []explosion.Channel{
			{Charges: []float64{2, 1, 1}, Weight: 3},
			{Charges: []float64{1, 1, 1}, Weight: 1},
		},
		Geometry:    explosion.Geometry{Kind: explosion.GeometryVibrational},
		Motion:      explosion.Motion{Kind: explosion.MotionVibrational},
		Orientation: explosion.OrientationRandom,
		Detector:    explosion.Detector{RelativeNoise: 0.01, Loss: 0.2},
		Events:      100,
		Seed:        1,
	}
	measured := 0
	report, err := explosion.Simulate(context.Background(), recipe, 2, func(explosion.Event) error {
		measured++
		return nil
	})
	fmt.Println(err, measured == report.Emitted, report.Emitted+report.Lost, report.Failed)
	// Output: <nil> true 100 0
}

// Bent and stretched OCS, on a grid.
func ExampleParseGridAxis() {
	ocs, err := explosion.LookupMolecule("OCS")
	if err != nil {
		fmt.Println(err)
		return
	}
	var axes []explosion.GridAxis
	for _, text := range []string{"C-O=1:5:20", "C-S=1:5:20", "O-C-S=140:180:20"} {
		axis, err := explosion.ParseGridAxis(ocs, text)
		if err != nil {
			fmt.Println(err)
			return
		}
		axes = append(axes, axis)
	}
	recipe, err := explosion.Recipe{
		Molecule: ocs,
		Channels: []explosion.Channel{{Charges: []float64{2, 2, 2}}},
		Geometry: explosion.Geometry{Kind: explosion.GeometryGrid, Grid: axes},
	}.Complete()
	fmt.Println(recipe.Events, err)
	// Output: 8000 <nil>
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

// Stretched OCS, every bond length and angle in a range as likely as another.
func ExampleParseInternalRange() {
	ocs, err := explosion.LookupMolecule("OCS")
	if err != nil {
		fmt.Println(err)
		return
	}
	g := explosion.Geometry{Kind: explosion.GeometryInternal}
	for _, text := range []string{"C-O=0.9:2.8", "C-S=0.9:2.2", "O-C-S=140:180"} {
		within, err := explosion.ParseInternalRange(ocs, text)
		if err != nil {
			fmt.Println(err)
			return
		}
		g.Internal = append(g.Internal, within)
	}
	_, err = explosion.Recipe{Geometry: g, Events: 1000}.Complete()
	fmt.Println(g.Internal, err)
	// Output: [{[1 2] 0.9 2.8} {[1 3] 0.9 2.2} {[2 1 3] 140 180}] <nil>
}
