package report

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/gocei/gocei/dataset"
)

const newtonHeld = 0.995 // of each fragment's events that the plot shows in each direction

// Newton draws a Newton plot from momenta [n, 3*atoms] in any frame: each event is turned and scaled so that the
// reference fragment's momentum is (1, 0), and that the first of the others has a component above the axis; where momenta
// add up to zero, the third of three is then below it. Of more, the components in the plane of those two are drawn. Events
// whose reference fragment is at rest, or that are not finite, are left out; it is an error if none is left.
func Newton(atoms []string, momenta dataset.Matrix, reference int) (*Figure, error) {
	if err := checkNewton(atoms, momenta, reference); err != nil {
		return nil, fmt.Errorf("report: Newton plot: %w", err)
	}
	scaled := newtonPoints(momenta, reference)
	if scaled.Rows == 0 {
		return nil, fmt.Errorf("report: Newton plot: momenta: %w with a moving %s", errNothing, atoms[reference])
	}
	names := labelsOf(atoms)
	others := slices.Delete(slices.Clone(names), reference, reference+1)
	caption := fmt.Sprintf("Newton plot: momenta in units of that of %s, which points to the right; %s upwards. "+
		"Colour: events in a cell, on a logarithmic scale.", names[reference], others[0])
	return newtonPlane(scaled).newton(scaled, names[reference], others).figure(Figure{
		Name: "newton", Title: "Newton plot", Caption: caption + leftOutWords(momenta.Rows-scaled.Rows, "event"),
	}), nil
}

func checkNewton(atoms []string, momenta dataset.Matrix, reference int) error {
	if len(atoms) < 2 {
		return errors.New("want two fragments or more")
	}
	if reference < 0 || reference >= len(atoms) {
		return fmt.Errorf("reference fragment %d: want 0 to %d", reference, len(atoms)-1)
	}
	return checkTable("momenta", momenta, 3*len(atoms))
}

// newtonPoints returns x and y of the fragments but the reference [events, 2*(atoms-1)].
func newtonPoints(momenta dataset.Matrix, reference int) dataset.Matrix {
	out := dataset.Matrix{Cols: 2 * (momenta.Cols/3 - 1)}
	for i := range momenta.Rows {
		if row := newtonRow(momenta.Row(i), reference); row != nil && allUsable(row) {
			out.Data, out.Rows = append(out.Data, row...), out.Rows+1
		}
	}
	return out
}

// newtonRow returns nil where the reference fragment's momentum has no direction.
func newtonRow(p []float64, reference int) []float64 {
	unit, size := direction(p[3*reference : 3*reference+3])
	if !(size > 0) || !allUsable(p) {
		return nil
	}
	others := slices.Delete(slices.Clone(p), 3*reference, 3*reference+3)
	up, _ := direction(across3(others[:3], unit))
	row := make([]float64, 0, len(others)/3*2)
	for q := others; len(q) > 0; q = q[3:] {
		row = append(row, dot3(q, unit)/size, dot3(q, up)/size)
	}
	return row
}

// direction returns a vector's unit vector, zero for the zero vector, and its length.
func direction(v []float64) (unit [3]float64, length float64) {
	length = math.Hypot(math.Hypot(v[0], v[1]), v[2])
	if length > 0 {
		unit = [3]float64{v[0] / length, v[1] / length, v[2] / length}
	}
	return unit, length
}

func dot3(v []float64, unit [3]float64) float64 { return v[0]*unit[0] + v[1]*unit[1] + v[2]*unit[2] }

// across3 returns the part of v that is perpendicular to a unit vector.
func across3(v []float64, unit [3]float64) []float64 {
	along := dot3(v, unit)
	return []float64{v[0] - along*unit[0], v[1] - along*unit[1], v[2] - along*unit[2]}
}

// newtonPlane returns the plane that shows most of each fragment's events, the origin and the reference.
func newtonPlane(points dataset.Matrix) plane {
	x, y := span{0, 1}, span{0, 0}
	for k := 0; k < points.Cols; k += 2 {
		x = x.and(middle(sortedUsable(column(points, k)), newtonHeld))
		y = y.and(middle(sortedUsable(column(points, k+1)), newtonHeld))
	}
	reach := max(0.6, y.high, -y.low, 0.25*x.width())
	return newPlane(x.widened(0.06), span{-reach, reach}.widened(0.12))
}

func (f plane) newton(points dataset.Matrix, reference string, others []string) planeHeat {
	xys := make(plotter.XYs, len(points.Data)/2)
	for i := range xys {
		xys[i] = plotter.XY{X: points.Data[2*i], Y: points.Data[2*i+1]}
	}
	d := f.heat(xys)
	p := f.panel(newtonAxis("x", reference), newtonAxis("y", reference))
	p.put(d.heat())
	p.level(0, line(darkGrey, 0.4))
	p.upright(0, line(darkGrey, 0.4))
	p.put(arrow{1}, mark{1, 0, text.XRight, -1.4, reference + " "})
	for k, name := range others {
		p.put(fragmentMark(points, k, name))
	}
	return planeHeat{panel: p, most: d.most()}
}

func newtonAxis(direction, reference string) string {
	return fmt.Sprintf("p%s / |p(%s)|", direction, strings.TrimSpace(reference))
}

// fragmentMark names a fragment beside the middle of its events, on the side that looks away from the axis.
func fragmentMark(points dataset.Matrix, k int, name string) mark {
	xs := sortedUsable(column(points, 2*k))
	m, reach := mark{x: xs[len(xs)/2], word: name, xAlign: text.XCenter, yAlign: 0.3}, 0.1*middle(xs, newtonHeld).width()
	var near []float64
	for i := range points.Rows {
		if row := points.Row(i)[2*k:]; math.Abs(row[0]-m.x) <= reach {
			near = append(near, row[1])
		}
	}
	slices.Sort(near)
	m.y = quantile(near, (1+newtonHeld)/2)
	if quantile(near, 0.5) < 0 {
		m.y, m.yAlign = quantile(near, (1-newtonHeld)/2), -1.3
	}
	return m
}

// arrow goes from the origin along the x axis.
type arrow struct{ length float64 }

// Plot draws the arrow.
func (a arrow) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	from, to := vg.Point{X: x(0), Y: y(0)}, vg.Point{X: x(a.length), Y: y(0)}
	c.StrokeLines(line(vermilion, 1.6), []vg.Point{from, {X: to.X - 4, Y: to.Y}})
	c.FillPolygon(vermilion, []vg.Point{to, {X: to.X - 7, Y: to.Y + 3}, {X: to.X - 7, Y: to.Y - 3}})
}
