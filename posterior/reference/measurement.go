package reference

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/explosion"
)

// Measurement says what of an event's momenta is measured, and how exactly: normal
// errors, each of its own, of components in the body frame. The standard deviation goes
// with the component as it is without the error, √((Relative·p)² + Absolute²), and so
// does the likelihood's normalisation. It is what trainer.MomentumNoise adds.
type Measurement struct {
	// Frame turns the momenta: a body, recoil or internal one. Its axis atoms matter,
	// since errors of components along other axes are other errors. The zero value has
	// the two heaviest atoms for axes.
	Frame explosion.Frame
	// Components are indices into the momenta [3N] in the frame, 3·atom + axis. What a
	// model sees are the kept columns of its momentum scaler (dataset.Scaler.Kept).
	// Empty: those with which all others follow (Independent).
	Components []int
	Relative   float64
	Absolute   float64 // atomic units
}

// MeasurementOf is what a model sees of an event in whose frame momenta have noise: the
// columns that its momentum scaler keeps. The absolute noise is in the encoding's unit.
func MeasurementOf(c dataset.Encoding, relative, absolute float64) Measurement {
	return Measurement{Frame: c.Frame, Components: c.Momenta.Kept, Relative: relative, Absolute: absolute * c.MomentumUnit.AU}
}

// Independent returns the components with which all others of a frame follow, as the
// momenta add up to zero: x of the first axis atom, x and y of the second, and all of
// the other atoms but one.
func Independent(f explosion.Frame) []int {
	components := []int{3 * f.Axis[0]}
	if len(f.MassesDalton) > 2 {
		components = append(components, 3*f.Axis[1], 3*f.Axis[1]+1)
	}
	left := len(f.MassesDalton) - 3
	for atom := 0; left > 0; atom++ {
		if atom != f.Axis[0] && atom != f.Axis[1] {
			components = append(components, 3*atom, 3*atom+1, 3*atom+2)
			left--
		}
	}
	return components
}

// checkFrame refuses a frame of other atoms than those of masses, or of the same in another order, in which its axes
// would be those of others. Isotopes may differ.
func (m Measurement) checkFrame(masses []float64) error {
	own := m.Frame.MassesDalton
	apart := func(a, b float64) bool { return !(math.Abs(a-b) <= max(1.5, 0.07*b)) }
	if !slices.EqualFunc(own, masses, func(a, b float64) bool { return !apart(a, b) }) {
		return fmt.Errorf("frame of atoms of %v dalton: want those of the molecule in its order, %v", own, masses)
	}
	return nil
}

func (m Measurement) check(width int) error {
	for _, sd := range []float64{m.Relative, m.Absolute} {
		if !(sd >= 0) || math.IsInf(sd, 0) {
			return fmt.Errorf("noise of %g relative and %g absolute: want 0 or more", m.Relative, m.Absolute)
		}
	}
	if m.Frame.Kind == explosion.FrameAsIs {
		return fmt.Errorf("frame %s: want one that turns momenta, since the errors are those in it", m.Frame.Kind)
	}
	if m.Relative == 0 && m.Absolute == 0 {
		return fmt.Errorf("no noise: want some, since the posterior of exact momenta is a set of points (see Exact)")
	}
	seen := map[int]bool{}
	for _, i := range m.Components {
		if i < 0 || i >= width || seen[i] {
			return fmt.Errorf("component %d of the momenta: want different ones from 0 to %d", i, width-1)
		}
		seen[i] = true
	}
	return nil
}

// pick appends the measured components of momenta [3N] to dst.
func (m Measurement) pick(dst, momenta []float64) []float64 {
	for _, i := range m.Components {
		dst = append(dst, momenta[i])
	}
	return dst
}

// deviation of a component is not below the floor, which stands for the error of the
// integrator.
func (m Measurement) deviation(p, floor float64) float64 {
	return math.Hypot(math.Hypot(m.Relative*p, m.Absolute), floor)
}

// logLikelihood is that of measured components [k] for momenta [3N] of a geometry.
func (m Measurement) logLikelihood(measured, momenta []float64, floor float64) float64 {
	sum := 0.0
	for k, i := range m.Components {
		sd := m.deviation(momenta[i], floor)
		z := (measured[k] - momenta[i]) / sd
		sum -= z*z/2 + math.Log(sd) + math.Log(2*math.Pi)/2
	}
	return sum
}

// complete returns the momenta [3N] in the frame that have the measured components
// and add up to zero, if these determine them.
func (m Measurement) complete(measured []float64) ([]float64, bool) {
	f := m.Frame
	width := 3 * len(f.MassesDalton)
	zeros := []int{3*f.Axis[0] + 1, 3*f.Axis[0] + 2, 3*f.Axis[1] + 2}
	if width == 6 {
		zeros = append(zeros, 3*f.Axis[1]+1)
	}
	rows := 3 + len(zeros) + len(m.Components)
	if rows < width {
		return nil, false
	}
	equations, right := mat.NewDense(rows, width, nil), mat.NewVecDense(rows, nil)
	for i := range width {
		equations.Set(i%3, i, 1)
	}
	for k, i := range zeros {
		equations.Set(3+k, i, 1)
	}
	for k, i := range m.Components {
		equations.Set(3+len(zeros)+k, i, 1)
		right.SetVec(3+len(zeros)+k, measured[k])
	}
	var momenta mat.VecDense
	if momenta.SolveVec(equations, right) != nil {
		return nil, false
	}
	return momenta.RawVector().Data, true
}
