package main

import (
	"context"
	"fmt"
	"io"
	"math"

	"gonum.org/v1/gonum/stat"

	"github.com/gocei/gocei/explosion"
	"github.com/gocei/gocei/posterior/reference"
	"github.com/gocei/gocei/posterior/retrieval"
)

// exactly is how momenta without errors are retrieved: what is not fitted to all digits
// is no solution.
var exactly = retrieval.Options{Shapes: 50_000, MaxChiSquare: 0.01}

// floor prints how far the exact posterior's mean is from the truth, which is the least
// that a model's can be on average, for atoms displaced from equilibrium and exact momenta.
func floor(ctx context.Context, displacement float64, events, dense int, out io.Writer) error {
	r, err := displaced(displacement)
	if err != nil {
		return err
	}
	r.Events, r.Seed = events, 2
	v, err := retrieval.New(ctx, r, exactly)
	if err != nil {
		return err
	}
	frame, err := explosion.NewFrame(explosion.FrameBody, r.Molecule.Symbols())
	if err != nil {
		return err
	}
	t := tally{out: out}
	_, err = explosion.Simulate(ctx, r, 0, func(e explosion.Event) error {
		truth, _, err := frame.Positions(nil, e.Positions, nil)
		if err != nil {
			return err
		}
		points, err := reference.Exact(v, e.Momenta, uint64(e.Index))
		if err != nil {
			return err
		}
		t.add(truth, points)
		if e.Index < dense {
			return t.again(ctx, v, e, len(points))
		}
		return nil
	})
	if err == nil {
		t.print()
	}
	return err
}

type tally struct {
	out io.Writer

	mean, probable, several []float64 // distances per atom in Bohr; several: of the mean, where there are several geometries
	events, missed          int       // missed: the truth was not found
	top, topRight           float64   // of events with several: mass of the most probable, and whether it is the truth
	checked, incomplete     int
}

const found = 1e-3 // Bohr

func (t *tally) add(truth []float64, points []reference.Point) {
	nearest := math.Inf(1)
	for _, p := range points {
		nearest = math.Min(nearest, perAtom(truth, p.Positions))
	}
	t.events++
	if nearest > found {
		t.missed++
	}
	if len(points) == 0 {
		return
	}
	mean, probable := perAtom(truth, reference.MeanPosition(points)), perAtom(truth, points[0].Positions)
	t.mean, t.probable = append(t.mean, mean), append(t.probable, probable)
	if len(points) > 1 {
		t.several = append(t.several, mean)
		t.top += points[0].Weight
		if probable < found {
			t.topRight++
		}
	}
}

// again retrieves an event from 200 geometries of the prior besides.
func (t *tally) again(ctx context.Context, v *retrieval.Retriever, e explosion.Event, before int) error {
	draws, err := v.PriorDraws(ctx, 200, uint64(e.Index)+1000)
	if err != nil {
		return err
	}
	var starts [][]float64
	for i := range draws.Rows {
		positions, err := v.Frame().Cartesian(nil, draws.Row(i))
		if err != nil {
			return err
		}
		starts = append(starts, positions)
	}
	points, err := reference.Exact(v, e.Momenta, uint64(e.Index), starts...)
	t.checked++
	if len(points) != before {
		t.incomplete++
	}
	return err
}

func (t *tally) print() {
	n := float64(len(t.mean))
	average := func(x []float64) string {
		mean, sd := stat.MeanStdDev(x, nil)
		return fmt.Sprintf("%.2e ± %.1e", mean, sd/math.Sqrt(float64(len(x))))
	}
	fmt.Fprintf(t.out, "%d events, the truth not among the geometries in %d; %.1f %% with several geometries in the prior\n", t.events, t.missed, 100*float64(len(t.several))/n)
	fmt.Fprintf(t.out, "distance per atom in Bohr of the posterior mean: %s; of the most probable geometry: %s\n", average(t.mean), average(t.probable))
	if k := float64(len(t.several)); k > 0 {
		fmt.Fprintf(t.out, "of the posterior mean in events with several: %s\n", average(t.several))
		fmt.Fprintf(t.out, "in these, the most probable geometry has a mass of %.3f on average, and is the truth in a share of %.3f ± %.3f\n", t.top/k, t.topRight/k, 0.5/math.Sqrt(k))
	}
	fmt.Fprintf(t.out, "%d events retrieved again from 200 more starts: %d have another number of geometries\n", t.checked, t.incomplete)
}

// perAtom is the mean distance of atoms.
func perAtom(a, b []float64) float64 {
	sum := 0.0
	for i := 0; i < len(a); i += 3 {
		sum += math.Hypot(math.Hypot(a[i]-b[i], a[i+1]-b[i+1]), a[i+2]-b[i+2])
	}
	return sum / float64(len(a)/3)
}
