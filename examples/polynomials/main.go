// Polynomials measures what polynomials in the momenta make of the positions, by
// least squares on the training part: the baseline that a network has to beat.
//
//	go run ./examples/polynomials -data events.csv                   # prints a line a degree
//	go run ./examples/polynomials -data events.csv -add simulated.csv
//
// The seed, the split and the frame are those that cei train has by default, and so
// the test events are those of cei evaluate.
package main

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/dataset/table"
	"github.com/gocei/gocei/explosion"
)

type options struct {
	data, add string
	frame     string
	degrees   int
	seed      uint64
}

func main() {
	var o options
	flag.StringVar(&o.data, "data", "", "table of events")
	flag.StringVar(&o.add, "add", "", "table of further events to fit to")
	flag.StringVar(&o.frame, "frame", "body", "frame of the coordinates")
	flag.IntVar(&o.degrees, "degrees", 4, "highest degree")
	flag.Uint64Var(&o.seed, "seed", 1, "seed of the split")
	flag.Parse()
	if err := compare(o, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "polynomials:", err)
		os.Exit(1)
	}
}

// compare prints the errors on the test part of polynomials of degree 1 to the
// highest: the mean squared error of a component and the mean distance per atom,
// in the table's unit.
func compare(o options, out io.Writer) error {
	split, truth, err := prepare(o)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%d events to fit to, %d to test on, lengths in %s\n%6s %10s %12s %12s\n",
		split.Train.Len(), split.Test.Len(), split.Encoding.PositionUnit.Name, "degree", "monomials", "mse", "ade")
	for degree := 1; degree <= o.degrees; degree++ {
		exponents := monomials(split.Train.Momenta.Cols, degree)
		predicted, err := regress(split, exponents)
		if err != nil {
			return fmt.Errorf("degree %d: %w", degree, err)
		}
		mse, ade := distances(predicted, truth)
		fmt.Fprintf(out, "%6d %10d %12.4g %12.4g\n", degree, len(exponents), mse, ade)
	}
	return nil
}

// prepare returns the split in model coordinates, and the Cartesian positions
// [n, 3N] of its test part in the frame.
func prepare(o options) (*dataset.Split, dataset.Matrix, error) {
	if o.data == "" {
		return nil, dataset.Matrix{}, errors.New("-data is needed: a table of events")
	}
	events, err := table.ReadEvents(o.data, dataset.Layout{NeedPositions: true}, table.Options{})
	if err != nil {
		return nil, dataset.Matrix{}, err
	}
	to := dataset.Options{Frame: explosion.FrameKind(o.frame), Seed: o.seed}
	if o.add != "" {
		if to.Added, err = table.ReadEvents(o.add, dataset.Layout{NeedPositions: true}, table.Options{}); err != nil {
			return nil, dataset.Matrix{}, err
		}
	}
	split, err := dataset.Prepare(events, to)
	if err != nil {
		return nil, dataset.Matrix{}, err
	}
	truth, err := cartesian(split.Encoding, split.Test.Positions)
	return split, truth, err
}

func cartesian(c dataset.Encoding, model dataset.Matrix) (dataset.Matrix, error) {
	positions, err := c.DecodePositions(model)
	if err != nil {
		return dataset.Matrix{}, err
	}
	return c.CartesianPositions(positions)
}

// monomials returns the exponents of all products of variables up to a degree.
func monomials(variables, degree int) (exponents [][]int) {
	if variables == 0 {
		return [][]int{nil}
	}
	for power := 0; power <= degree; power++ {
		for _, rest := range monomials(variables-1, degree-power) {
			exponents = append(exponents, append([]int{power}, rest...))
		}
	}
	return exponents
}

// regress returns the Cartesian positions of the test part that the polynomial says
// which fits the training part best.
func regress(split *dataset.Split, exponents [][]int) (dataset.Matrix, error) {
	if split.Train.Len() < len(exponents) {
		return dataset.Matrix{}, fmt.Errorf("%d events do not determine %d coefficients", split.Train.Len(), len(exponents))
	}
	var qr mat.QR
	qr.Factorize(design(split.Train.Momenta, exponents))
	var coefficients mat.Dense
	x := split.Train.Positions
	if err := qr.SolveTo(&coefficients, false, mat.NewDense(x.Rows, x.Cols, x.Data)); err != nil {
		return dataset.Matrix{}, fmt.Errorf("fit polynomial: %w", err)
	}
	var predicted mat.Dense
	predicted.Mul(design(split.Test.Momenta, exponents), &coefficients)
	return cartesian(split.Encoding, dataset.Matrix{Rows: split.Test.Len(), Cols: x.Cols, Data: predicted.RawMatrix().Data})
}

// design returns the value of every monomial [n, len(exponents)].
func design(y dataset.Matrix, exponents [][]int) *mat.Dense {
	d := mat.NewDense(y.Rows, len(exponents), nil)
	for i := range y.Rows {
		row := y.Row(i)
		for j, powers := range exponents {
			value := 1.0
			for k, power := range powers {
				for range power {
					value *= row[k]
				}
			}
			d.Set(i, j, value)
		}
	}
	return d
}

// distances returns the mean squared error of a component and the mean distance of
// an atom from its true place.
func distances(predicted, truth dataset.Matrix) (mse, ade float64) {
	for i := range truth.Rows {
		a, b := predicted.Row(i), truth.Row(i)
		for j := 0; j < truth.Cols; j += 3 {
			d := floats.Distance(a[j:j+3], b[j:j+3], 2)
			mse += d * d
			ade += d
		}
	}
	n := float64(cmp.Or(truth.Rows*truth.Cols, 1))
	return mse / n, 3 * ade / n
}
