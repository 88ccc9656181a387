// Gridretrieval measures the retrieval of geometries from momenta alone: OCS with
// charges 2, 2, 2 on a grid of bond lengths from 1 to 5 Å and angles from 140° to
// 180°, whose momenta often belong to several geometries.
//
//	go run ./examples/gridretrieval            # 8,000 events
//	go run ./examples/gridretrieval -points 8  # 512 events
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"time"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/explosion"
	"github.com/gocei/gocei/posterior/retrieval"
)

func main() {
	points := flag.Int("points", 20, "values of each coordinate")
	flag.Parse()
	if err := measure(context.Background(), *points, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "gridretrieval:", err)
		os.Exit(1)
	}
}

// measure explodes the grid and retrieves it, first by one goroutine, to time each
// event, and then by all processors.
func measure(ctx context.Context, points int, out io.Writer) error {
	recipe, err := gridRecipe(points)
	if err != nil {
		return err
	}
	start := time.Now()
	retriever, err := retrieval.New(ctx, recipe, retrieval.Options{})
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "prepared in %v\n", time.Since(start).Round(time.Millisecond))
	positions, momenta, err := explode(ctx, recipe)
	if err != nil {
		return err
	}
	t := tally{retriever: retriever}
	if t.simulator, err = simulator(recipe); err != nil {
		return err
	}
	for i := range momenta.Rows {
		start := time.Now()
		solutions, err := retriever.Retrieve(momenta.Row(i))
		if err != nil {
			return err
		}
		t.milliseconds = append(t.milliseconds, 1e3*time.Since(start).Seconds())
		if err := t.count(positions.Row(i), solutions); err != nil {
			return err
		}
	}
	t.print(out)
	start = time.Now()
	err = retriever.Each(ctx, momenta, nil, func(int, []retrieval.Solution) error { return nil })
	fmt.Fprintf(out, "all processors: %.3f ms an event\n", 1e3*time.Since(start).Seconds()/float64(momenta.Rows))
	return err
}

func gridRecipe(points int) (r explosion.Recipe, err error) {
	if r.Molecule, err = explosion.LookupMolecule("OCS"); err != nil {
		return r, err
	}
	r.Channels = []explosion.Channel{{Charges: []float64{2, 2, 2}}}
	r.Geometry.Kind = explosion.GeometryGrid
	for _, axis := range []string{"C-O=1:5", "C-S=1:5", "O-C-S=140:180"} {
		a, err := explosion.ParseGridAxis(r.Molecule, fmt.Sprintf("%s:%d", axis, points))
		if err != nil {
			return r, err
		}
		r.Geometry.Grid = append(r.Geometry.Grid, a)
	}
	return r.Complete()
}

func simulator(r explosion.Recipe) (*explosion.Simulator, error) {
	ions, err := r.Molecule.WithCharges(r.Channels[0].Charges)
	if err != nil {
		return nil, err
	}
	return explosion.NewSimulator(ions, r.Integrator)
}

func explode(ctx context.Context, r explosion.Recipe) (positions, momenta dataset.Matrix, err error) {
	_, err = explosion.Simulate(ctx, r, 0, func(e explosion.Event) error {
		positions.Data = append(positions.Data, e.Positions...)
		momenta.Data = append(momenta.Data, e.Momenta...)
		positions.Rows, positions.Cols = positions.Rows+1, len(e.Positions)
		return nil
	})
	momenta.Rows, momenta.Cols = positions.Rows, positions.Cols
	return positions, momenta, err
}

// tally counts how events went.
type tally struct {
	retriever    *retrieval.Retriever
	simulator    *explosion.Simulator
	milliseconds []float64
	found        int // truth among the solutions
	several      int // events with more than one solution that the prior has
	others       int // solutions of the prior that are not the truth
	returned     int // of these: from their momenta the truth comes back
	first        int // the truth is the heaviest solution
	none         int
}

func (t *tally) count(positions []float64, solutions []retrieval.Solution) error {
	truth, err := t.retriever.Frame().ZMatrix.Measure(nil, positions)
	if err != nil {
		return err
	}
	is := func(s retrieval.Solution) bool { return equal(s.Internal, truth) }
	if slices.ContainsFunc(solutions, is) {
		t.found++
	}
	if len(solutions) == 0 {
		t.none++
	} else if is(solutions[0]) {
		t.first++
	}
	if len(solutions) > 1 && solutions[1].Weight > 0 {
		t.several++
	}
	for _, s := range solutions {
		if is(s) || s.Weight == 0 {
			continue
		}
		t.others++
		back, err := t.explodeAndRetrieve(s.Positions)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(back, is) {
			t.returned++
		}
	}
	return nil
}

// explodeAndRetrieve asks for the geometries that explode as one does.
func (t *tally) explodeAndRetrieve(positions []float64) ([]retrieval.Solution, error) {
	momenta := make([]float64, len(positions))
	if _, err := t.simulator.ExplodeInto(momenta, positions, nil); err != nil {
		return nil, err
	}
	return t.retriever.Retrieve(momenta)
}

// equal reports whether lengths agree to 0.1 pm and angles to 0.01°.
func equal(a, b []float64) bool {
	const picometre, degree = 0.01 / explosion.BohrRadiusAngstrom, math.Pi / 180
	return math.Abs(a[0]-b[0]) < 0.1*picometre && math.Abs(a[1]-b[1]) < 0.1*picometre && math.Abs(a[2]-b[2]) < 0.01*degree
}

func (t *tally) print(out io.Writer) {
	n := len(t.milliseconds)
	slices.Sort(t.milliseconds)
	percent := func(k int) float64 { return 100 * float64(k) / float64(n) }
	fmt.Fprintf(out, "events                          %d\n", n)
	fmt.Fprintf(out, "true geometry found             %d, %.2f %%\n", t.found, percent(t.found))
	fmt.Fprintf(out, "several geometries reported     %d, %.1f %%\n", t.several, percent(t.several))
	fmt.Fprintf(out, "other geometries of the prior   %d; the truth comes back from the momenta of %d\n", t.others, t.returned)
	fmt.Fprintf(out, "truth has the largest weight    %d, %.1f %%\n", t.first, percent(t.first))
	fmt.Fprintf(out, "no geometry                     %d\n", t.none)
	fmt.Fprintf(out, "one core, ms an event           median %.2f, 99 %% below %.2f, largest %.2f\n", t.milliseconds[n/2], t.milliseconds[n*99/100], t.milliseconds[n-1])
}
