// Referenceposterior computes from the simulator alone what the posterior of OCS with
// charges 2, 2, 2 is, so that a model's can be held to it.
//
//	go run ./examples/referenceposterior widths      # noisy momenta at one geometry
//	go run ./examples/referenceposterior pair        # momenta that two geometries have
//	go run ./examples/referenceposterior floor       # exact momenta: the least error that any model can have
//	go run ./examples/referenceposterior neighbours  # the same posterior from simulated events alone
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"math"
	"os"

	"github.com/gocei/gocei/explosion"
)

func main() {
	events := flag.Int("events", 2000, "floor, neighbours: events")
	dense := flag.Int("dense", 200, "floor: events that are retrieved again from many more starts")
	displacement := flag.Float64("displacement", 0.25, "floor, neighbours: largest displacement of each coordinate in Angstrom")
	rows := flag.Int("rows", 500_000, "neighbours: simulated events to look for them in")
	flag.Parse()
	ctx, out := context.Background(), io.Writer(os.Stdout)
	var err error
	switch flag.Arg(0) {
	case "widths":
		err = widths(ctx, out)
	case "pair":
		err = pair(ctx, out)
	case "floor":
		err = floor(ctx, *displacement, *events, *dense, out)
	case "neighbours":
		err = neighbours(ctx, *displacement, *events, *rows, out)
	default:
		err = fmt.Errorf("%q: want widths, pair, floor or neighbours", flag.Arg(0))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "referenceposterior:", err)
		os.Exit(1)
	}
}

const (
	angstrom = 1 / explosion.BohrRadiusAngstrom // Bohr
	degree   = math.Pi / 180
)

// carbonylSulphide is a recipe of OCS with charges 2, 2, 2.
func carbonylSulphide() (r explosion.Recipe, err error) {
	r.Molecule, err = explosion.LookupMolecule("OCS")
	r.Channels = []explosion.Channel{{Charges: []float64{2, 2, 2}}}
	return r, err
}

// displaced is the same with atoms displaced from equilibrium by up to so many Angstrom.
func displaced(angstrom float64) (explosion.Recipe, error) {
	r, err := carbonylSulphide()
	r.Geometry = explosion.Geometry{Kind: explosion.GeometryUniform, DisplacementAngstrom: angstrom}
	return r, err
}

// within is the same, uniform in ranges of internal coordinates.
func within(ranges ...string) (explosion.Recipe, error) {
	r, err := carbonylSulphide()
	if err != nil {
		return r, err
	}
	r.Geometry.Kind = explosion.GeometryInternal
	for _, text := range ranges {
		one, err := explosion.ParseInternalRange(r.Molecule, text)
		if err != nil {
			return r, err
		}
		r.Geometry.Internal = append(r.Geometry.Internal, one)
	}
	return r, nil
}

// inUnits returns coordinates r_CO, r_CS in Angstrom and the angle in degrees.
func inUnits(x []float64) [3]float64 {
	return [3]float64{x[0] / angstrom, x[1] / angstrom, x[2] / degree}
}
