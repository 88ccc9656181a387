package explosion

import (
	"fmt"
	"math"
	"strings"
)

// FrameKind names a coordinate frame.
type FrameKind string

const (
	// FrameAsIs leaves coordinates as the table has them.
	FrameAsIs FrameKind = "as-is"
	// FrameBody takes positions from the centre of mass and turns positions and
	// momenta, each by a rotation of its own, so that the first axis atom lies on
	// +x and the second in the xy-plane with y > 0.
	FrameBody FrameKind = "body"
)

// Frame is the coordinate frame in which events are written. A frame acts on
// one event at a time, on flat slices of 3N numbers.
//
// Both halves of a body frame see only their own vectors: Positions finds its
// rotation from the positions, Momenta from the momenta.
type Frame struct {
	Kind         FrameKind `json:"kind"`
	MassesDalton []float64 `json:"masses_dalton,omitempty"` // one an atom
	Axis         [2]int    `json:"axis"`                    // the axis atoms
}

// NewFrame returns the frame for atoms given by their symbols, which a number
// may follow (H1, H2). A body frame takes standard atomic weights as masses, and
// the two heaviest atoms as axis atoms, the earlier first where masses are
// equal: S and O for OCS, whose C would be ill-conditioned near linear geometry.
func NewFrame(kind FrameKind, atoms []string) (Frame, error) {
	switch kind {
	case FrameAsIs:
		return Frame{Kind: kind}, nil
	case FrameBody:
	default:
		return Frame{}, fmt.Errorf("explosion: make frame: unknown kind %q: want %q or %q", kind, FrameAsIs, FrameBody)
	}
	if len(atoms) < 2 {
		return Frame{}, fmt.Errorf("explosion: make frame %q: %d atoms: want at least 2", kind, len(atoms))
	}
	f := Frame{Kind: kind, MassesDalton: make([]float64, len(atoms))}
	for i, atom := range atoms {
		mass, ok := AtomicMass(strings.TrimRight(atom, "0123456789"))
		if !ok {
			return Frame{}, fmt.Errorf("explosion: make frame %q: atom %d: %q has no standard atomic weight: want an element's symbol", kind, i+1, atom)
		}
		f.MassesDalton[i] = mass
	}
	f.Axis = twoHeaviest(f.MassesDalton)
	return f, nil
}

// twoHeaviest expects at least two masses.
func twoHeaviest(masses []float64) [2]int {
	first, second := 0, 1
	if masses[1] > masses[0] {
		first, second = 1, 0
	}
	for i := 2; i < len(masses); i++ {
		switch {
		case masses[i] > masses[first]:
			first, second = i, first
		case masses[i] > masses[second]:
			second = i
		}
	}
	return [2]int{first, second}
}

// Positions appends the positions [3N] of one event in the frame to dst, in the
// unit they came in. In the body frame, coordinates that are zero by
// construction are exactly 0. The error says which atom leaves the axes
// undefined: the first axis atom at the centre of mass.
//
// Where the second axis atom lies on the axis itself, the first atom that lies
// off it takes its place in fixing the plane; in a linear event any plane will
// do, since every atom has y = z = 0.
func (f Frame) Positions(dst, positions []float64) ([]float64, error) {
	if err := f.check(positions); err != nil {
		return dst, fmt.Errorf("explosion: turn positions: %w", err)
	}
	start := len(dst)
	dst = append(dst, positions...)
	if f.Kind == FrameAsIs {
		return dst, nil
	}
	event := dst[start:]
	moveToCentreOfMass(event, f.MassesDalton)
	axes, plane, err := axesOf(event, f.Axis, roundingError(positions))
	if err != nil {
		return dst[:start], fmt.Errorf("explosion: turn positions: %w", err)
	}
	axes.turn(event)
	f.clearPositions(event, plane)
	return dst, nil
}

// Momenta appends the momenta [3N] of one event in the frame to dst, in the unit
// they came in. In the body frame they are turned but not shifted, so that a
// total momentum stays to be seen. What Positions says of the axes holds for
// momenta too, with zero momentum in the place of the centre of mass.
func (f Frame) Momenta(dst, momenta []float64) ([]float64, error) {
	if err := f.check(momenta); err != nil {
		return dst, fmt.Errorf("explosion: turn momenta: %w", err)
	}
	start := len(dst)
	dst = append(dst, momenta...)
	if f.Kind == FrameAsIs {
		return dst, nil
	}
	event := dst[start:]
	axes, plane, err := axesOf(event, f.Axis, roundingError(momenta))
	if err != nil {
		return dst[:start], fmt.Errorf("explosion: turn momenta: %w", err)
	}
	axes.turn(event)
	f.clearAxes(event, plane)
	return dst, nil
}

func (f Frame) check(flat []float64) error {
	switch f.Kind {
	case FrameAsIs:
		return nil
	case FrameBody:
	default:
		return fmt.Errorf("unknown frame %q: want %q or %q", f.Kind, FrameAsIs, FrameBody)
	}
	n := len(f.MassesDalton)
	if len(flat) != 3*n {
		return fmt.Errorf("%d coordinates: want %d for %d atoms", len(flat), 3*n, n)
	}
	if i, j := f.Axis[0], f.Axis[1]; i == j || min(i, j) < 0 || max(i, j) >= n {
		return fmt.Errorf("axis atoms %d and %d: want two different atoms out of %d, counted from 0", i, j, n)
	}
	for i, mass := range f.MassesDalton {
		if !(mass > 0) || math.IsInf(mass, 0) {
			return fmt.Errorf("mass of atom %d is %g Da: want a positive number", i+1, mass)
		}
	}
	if i := firstNonFinite(flat); i >= 0 {
		return fmt.Errorf("coordinate %c of atom %d is %g: want a finite number", "xyz"[i%3], i/3+1, flat[i])
	}
	return nil
}

// clearAxes sets to 0 what the axes make zero: all of the first axis atom but x,
// and z of the atom that fixed the plane. Where another atom fixed it, or none
// could, the second axis atom lies on the axis.
func (f Frame) clearAxes(event []float64, plane int) {
	first, second := f.Axis[0], f.Axis[1]
	event[3*first+1], event[3*first+2], event[3*second+2] = 0, 0, 0
	if plane >= 0 {
		event[3*plane+2] = 0
	}
	if plane != second {
		event[3*second+1] = 0
	}
}

// clearPositions clears what follows from the centre of mass besides: two atoms
// are always on one axis, three always in one plane.
func (f Frame) clearPositions(event []float64, plane int) {
	f.clearAxes(event, plane)
	switch len(f.MassesDalton) {
	case 2:
		event[3*f.Axis[1]+1] = 0
	case 3:
		event[3*(3-f.Axis[0]-f.Axis[1])+2] = 0
	}
}
