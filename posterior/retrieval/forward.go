package retrieval

import (
	"math"

	"github.com/gocei/gocei/explosion"
)

// forward explodes a shape and differentiates the momenta by its coordinates. It
// serves one goroutine at a time.
type forward struct {
	*shape
	simulator *explosion.Simulator

	positions, shifted []float64 // [3N]
	directions         []float64 // [dim, 3N]
	trial              []float64 // [dim]

	momenta     []float64 // in their body frame, [3N]
	derivatives []float64 // [dim, 3N]
}

func newForward(s *shape, o explosion.Options) (*forward, error) {
	simulator, err := explosion.NewSimulator(s.molecule, o)
	if err != nil {
		return nil, err
	}
	width := 3 * len(s.molecule.Atoms)
	return &forward{
		shape: s, simulator: simulator,
		positions: make([]float64, 0, width), shifted: make([]float64, 0, width), directions: make([]float64, s.dim*width),
		trial: make([]float64, s.dim), momenta: make([]float64, width), derivatives: make([]float64, s.dim*width),
	}, nil
}

// explode sets the momenta and their derivatives for coordinates [dim].
func (f *forward) explode(coordinates []float64) error {
	if err := f.plausible(coordinates); err != nil {
		return err
	}
	if err := f.place(coordinates); err != nil {
		return err
	}
	if _, err := f.simulator.SensitivityInto(f.momenta, f.derivatives, f.positions, nil, f.directions); err != nil {
		return err
	}
	return f.turn()
}

// place sets the positions and their derivatives, by central differences: building
// a molecule is exact to rounding, so that these have ten digits.
func (f *forward) place(coordinates []float64) (err error) {
	const h = 1e-5
	z := f.frame.ZMatrix
	copy(f.trial, coordinates)
	width := 3 * len(z)
	for k := range f.trial {
		f.trial[k] = coordinates[k] + h
		if f.positions, err = z.Build(f.positions[:0], f.trial); err != nil {
			return err
		}
		f.trial[k] = coordinates[k] - h
		if f.shifted, err = z.Build(f.shifted[:0], f.trial); err != nil {
			return err
		}
		f.trial[k] = coordinates[k]
		for i := range f.positions {
			f.directions[k*width+i] = (f.positions[i] - f.shifted[i]) / (2 * h)
		}
	}
	f.positions, err = z.Build(f.positions[:0], coordinates)
	return err
}

// turn rewrites momenta and derivatives in the body frame of the momenta. As the
// frame turns with the coordinates, each derivative takes the turn ω × p that keeps
// at zero what the frame makes zero.
func (f *forward) turn() error {
	first, second := 3*f.frame.Axis[0], 3*f.frame.Axis[1]
	axes, err := axesOf(f.momenta, first, second)
	if err != nil {
		return err
	}
	axes.turn(f.momenta)
	axes.turn(f.derivatives)
	a, b := f.momenta[first:first+3], f.momenta[second:second+3]
	width := len(f.momenta)
	for k := range f.dim {
		d := f.derivatives[k*width:][:width]
		omega := [3]float64{0, d[first+2] / a[0], -d[first+1] / a[0]}
		if lift := d[second+2] - omega[1]*b[0]; b[1] != 0 {
			omega[0] = -lift / b[1]
		}
		for i := 0; i < width; i += 3 {
			addCross(d[i:i+3], omega, f.momenta[i:i+3])
		}
	}
	return nil
}

// addCross adds ω × p to d.
func addCross(d []float64, omega [3]float64, p []float64) {
	d[0] += omega[1]*p[2] - omega[2]*p[1]
	d[1] += omega[2]*p[0] - omega[0]*p[2]
	d[2] += omega[0]*p[1] - omega[1]*p[0]
}

// rotation has the axes of a frame as rows.
type rotation [3][3]float64

// axesOf puts the first atom's momentum on +x and the second's into the xy-plane
// with y > 0. Where the second lies on the axis, the plane is the one that a
// triatomic molecule is built in, so that it goes on smoothly through linear
// geometries.
func axesOf(momenta []float64, first, second int) (axes rotation, err error) {
	x := [3]float64(momenta[first : first+3])
	length := math.Sqrt(dot(x, x))
	if !(length > 0) {
		return axes, errGeometry
	}
	x = scaled(1/length, x)
	p := [3]float64(momenta[second : second+3])
	along := dot(x, p)
	y := [3]float64{p[0] - along*x[0], p[1] - along*x[1], p[2] - along*x[2]}
	if off := math.Sqrt(dot(y, y)); off > 1e-13*length {
		y = scaled(1/off, y)
	} else {
		y = [3]float64{-x[1], x[0], 0}
		if off = math.Sqrt(dot(y, y)); off > 0 {
			y = scaled(1/off, y)
		} else {
			y = [3]float64{0, 1, 0}
		}
	}
	z := [3]float64{x[1]*y[2] - x[2]*y[1], x[2]*y[0] - x[0]*y[2], x[0]*y[1] - x[1]*y[0]}
	return rotation{x, y, z}, nil
}

func dot(a, b [3]float64) float64 { return a[0]*b[0] + a[1]*b[1] + a[2]*b[2] }

func scaled(factor float64, a [3]float64) [3]float64 {
	return [3]float64{factor * a[0], factor * a[1], factor * a[2]}
}

// turn rewrites vectors in the axes.
func (r *rotation) turn(vectors []float64) {
	for i := 0; i+3 <= len(vectors); i += 3 {
		v := [3]float64(vectors[i : i+3])
		vectors[i], vectors[i+1], vectors[i+2] = dot(r[0], v), dot(r[1], v), dot(r[2], v)
	}
}

// restore rewrites vectors in the axes that the frame's axes are written in.
func (r *rotation) restore(vectors []float64) {
	for i := 0; i+3 <= len(vectors); i += 3 {
		a, b, c := vectors[i], vectors[i+1], vectors[i+2]
		for k := range 3 {
			vectors[i+k] = a*r[0][k] + b*r[1][k] + c*r[2][k]
		}
	}
}
