package report

import (
	"errors"
	"fmt"
	"math"

	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/text"

	"github.com/gocei/gocei/dataset"
)

// ErrNotThreeBody says that a figure needs three fragments.
var ErrNotThreeBody = errors.New("not a three-body explosion")

// Dalitz draws how three fragments of these masses (in any unit) share the kinetic energy, from momenta [n, 9] in any
// frame: with ε the shares, x = (ε₂ − ε₃)/√3 and y = ε₁ − 1/3 of the fragments in their order (R. H. Dalitz, Philos. Mag. 44,
// 1068 (1953)). Events whose momenta add up to zero lie inside the boundary that is drawn, which for equal masses is the
// circle of radius 1/3. Other numbers of fragments are ErrNotThreeBody. Events without energy, or that are not finite, are
// left out; it is an error if none is left.
func Dalitz(atoms []string, masses []float64, momenta dataset.Matrix) (*Figure, error) {
	if err := checkDalitz(atoms, masses, momenta); err != nil {
		return nil, fmt.Errorf("report: Dalitz plot: %w", err)
	}
	var points plotter.XYs
	for i := range momenta.Rows {
		if at, ok := dalitzPoint(momenta.Row(i), masses); ok {
			points = append(points, at)
		}
	}
	if len(points) == 0 {
		return nil, fmt.Errorf("report: Dalitz plot: momenta: %w", errNothing)
	}
	names := labelsOf(atoms)
	f := newPlane(span{-1 / math.Sqrt(3), 1 / math.Sqrt(3)}.widened(0.09), span{-1.0 / 3, 2.0 / 3}.widened(0.09))
	return f.dalitz(points, names, masses).figure(Figure{
		Name: "dalitz", Title: "Dalitz plot",
		Caption: fmt.Sprintf("Dalitz plot: ε are the fragments' shares of the kinetic energy. Triangle: all shares positive, each corner all energy in one fragment. "+
			"Closed curve: momenta that add up to zero lie inside, those along one line on it. %s at the top, %s at the right. "+
			"Colour: events in a cell, on a logarithmic scale.", names[0], names[1]) + leftOutWords(momenta.Rows-len(points), "event"),
	}), nil
}

func checkDalitz(atoms []string, masses []float64, momenta dataset.Matrix) error {
	if len(atoms) != 3 {
		return fmt.Errorf("%w: %d fragments", ErrNotThreeBody, len(atoms))
	}
	if len(masses) != 3 {
		return fmt.Errorf("%d masses: want 3", len(masses))
	}
	for i, m := range masses {
		if !usable(m) || m <= 0 {
			return fmt.Errorf("mass of %s: %v: want more than 0", atoms[i], m)
		}
	}
	return checkTable("momenta", momenta, 9)
}

// dalitzPoint returns false where an event has no energy, or none that is finite.
func dalitzPoint(p, masses []float64) (at plotter.XY, ok bool) {
	if !allUsable(p) {
		return at, false
	}
	var shares [3]float64
	total := 0.0
	for k := range shares {
		_, size := direction(p[3*k : 3*k+3])
		shares[k] = size * size / masses[k]
		total += shares[k]
	}
	if !(total > 0) || math.IsInf(total, 0) {
		return at, false
	}
	return plotter.XY{X: (shares[1] - shares[2]) / total / math.Sqrt(3), Y: shares[0]/total - 1.0/3}, true
}

// dalitzBoundary returns the shares of momenta along one line that add up to zero.
func dalitzBoundary(masses []float64) (curve plotter.XYs) {
	const steps = 180
	for k := range steps + 1 {
		sin, cos := math.Sincos(math.Pi * float64(k) / steps) // the same with all signs turned is the same point
		a, b := cos*math.Sqrt(masses[0]), sin*math.Sqrt(masses[1])
		if at, ok := dalitzPoint([]float64{a, 0, 0, b, 0, 0, -a - b, 0, 0}, masses); ok {
			curve = append(curve, at)
		}
	}
	return curve
}

func (f plane) dalitz(points plotter.XYs, names []string, masses []float64) planeHeat {
	d := f.heat(points)
	left, right, top := plotter.XY{X: -1 / math.Sqrt(3), Y: -1.0 / 3}, plotter.XY{X: 1 / math.Sqrt(3), Y: -1.0 / 3}, plotter.XY{Y: 2.0 / 3}
	p := f.panel(fmt.Sprintf("(ε(%s) \u2212 ε(%s)) / \u221a3", names[1], names[2]), fmt.Sprintf("ε(%s) \u2212 1/3", names[0]))
	p.put(d.heat())
	p.curve(line(darkGrey, 0.6), left, right, top, left)
	p.curve(line(vermilion, 1), dalitzBoundary(masses)...)
	p.put(
		mark{top.X, top.Y, text.XCenter, 0.2, names[0]},
		mark{right.X, right.Y, text.XRight, -1.3, names[1]},
		mark{left.X, left.Y, text.XLeft, -1.3, names[2]},
	)
	return planeHeat{panel: p, most: d.most()}
}
