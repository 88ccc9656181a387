package explosion

import (
	"encoding/json"
	"fmt"
	"math"
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
	// FrameRecoil takes positions from the centre of mass and turns positions and
	// momenta by the one rotation that puts the first axis atom's momentum on +x
	// and the second's in the xy-plane with y > 0. Momenta alone define it, so that
	// positions found for them can be turned back to the table's axes. It takes
	// tables whose positions and momenta are in the same axes.
	FrameRecoil FrameKind = "recoil"
	// FrameInternal writes positions as bond lengths, angles and dihedrals, and
	// momenta as the body frame does.
	FrameInternal FrameKind = "internal"
)

// FrameKinds returns all kinds of frame, as users may choose them.
func FrameKinds() []FrameKind {
	return []FrameKind{FrameAsIs, FrameBody, FrameRecoil, FrameInternal}
}

// Frame is the coordinate frame in which events are written. A frame acts on one
// event of N atoms at a time, on flat slices of 3N numbers. NewFrame and
// FrameOptions make one.
type Frame struct {
	Kind         FrameKind `json:"kind"`
	MassesDalton []float64 `json:"masses_dalton,omitempty"` // one an atom
	Axis         [2]int    `json:"axis"`                    // the axis atoms
	ZMatrix      ZMatrix   `json:"z_matrix,omitempty"`      // of an internal frame
}

// Positions appends the positions of one event in the frame to dst and returns
// them with the pose that they had: 3N numbers in the unit they came in or, in
// an internal frame, what ZMatrix says. Only a recoil frame looks at the momenta
// [3N] of the same event; other frames take nil. Coordinates that are zero by
// construction are exactly 0.
//
// The error says which atom leaves the axes undefined, the first axis atom at
// the centre of mass or without momentum, or which atoms leave an internal
// coordinate undefined.
//
// Where the second axis atom lies on the axis itself, the first atom that lies
// off it takes its place in fixing the plane; in a linear event any plane will
// do, since every atom has y = z = 0. In a recoil frame it is momenta that are on
// one line then, as those of two ions are: positions off that line lie turned about
// it by chance, and only Pose.Restore makes sense of the angle.
func (f Frame) Positions(dst, positions, momenta []float64) ([]float64, Pose, error) {
	out, pose, err := f.positions(dst, positions, momenta)
	if err != nil {
		return dst, Pose{}, fmt.Errorf("explosion: turn positions: %w", err)
	}
	return out, pose, nil
}

func (f Frame) positions(dst, positions, momenta []float64) ([]float64, Pose, error) {
	if err := f.check(positions); err != nil {
		return nil, Pose{}, err
	}
	if f.Kind == FrameAsIs {
		return append(dst, positions...), asItWas(), nil
	}
	start := len(dst)
	dst = append(dst, positions...)
	event := dst[start:]
	centre := moveToCentreOfMass(event, f.MassesDalton)
	switch f.Kind {
	case FrameRecoil:
		if err := f.check(momenta); err != nil {
			return nil, Pose{}, fmt.Errorf("momenta: %w", err)
		}
		axes, _, err := axesOf(momenta, f.Axis, roundingError(momenta))
		axes.turn(event)
		return dst, axes.pose(centre), err
	case FrameInternal:
		axes, _, err := axesOf(event, f.Axis, rebuildingError(positions))
		if err != nil {
			return nil, Pose{}, err
		}
		dst, err = f.ZMatrix.measure(dst[:start], positions)
		return dst, axes.pose(centre), err
	}
	axes, plane, err := axesOf(event, f.Axis, roundingError(positions))
	axes.turn(event)
	f.clearPositions(event, plane)
	return dst, axes.pose(centre), err
}

// Momenta appends the momenta [3N] of one event in the frame to dst, in the unit
// they came in, and returns them with the pose that they had, whose centre is 0:
// momenta are turned but not shifted, so that a total momentum stays to be seen.
// What Positions says of the axes holds for momenta too, with zero momentum in
// the place of the centre of mass.
func (f Frame) Momenta(dst, momenta []float64) ([]float64, Pose, error) {
	if err := f.check(momenta); err != nil {
		return dst, Pose{}, fmt.Errorf("explosion: turn momenta: %w", err)
	}
	start := len(dst)
	dst = append(dst, momenta...)
	if f.Kind == FrameAsIs {
		return dst, asItWas(), nil
	}
	event := dst[start:]
	axes, plane, err := axesOf(event, f.Axis, roundingError(momenta))
	if err != nil {
		return dst[:start], Pose{}, fmt.Errorf("explosion: turn momenta: %w", err)
	}
	axes.turn(event)
	f.clearAxes(event, plane)
	return dst, axes.pose(vector{}), nil
}

// Cartesian appends to dst the Cartesian positions [3N], in the frame's axes, of
// positions as Frame.Positions returns them: a copy, except in an internal
// frame, where lengths, angles and dihedrals are built into a molecule in the
// axes of the body frame. Pose.Restore leads on to the table's axes.
func (f Frame) Cartesian(dst, coordinates []float64) ([]float64, error) {
	if f.Kind != FrameInternal {
		return append(dst, coordinates...), nil
	}
	start := len(dst)
	dst, err := f.build(dst, coordinates)
	if err != nil {
		return dst[:start], fmt.Errorf("explosion: build positions: %w", err)
	}
	return dst, nil
}

func (f Frame) build(dst, coordinates []float64) ([]float64, error) {
	if err := f.validate(); err != nil {
		return dst, err
	}
	if want := f.ZMatrix.Dim(); len(coordinates) != want {
		return dst, fmt.Errorf("%d internal coordinates: want %d for %d atoms", len(coordinates), want, len(f.ZMatrix))
	}
	if i := firstNonFinite(coordinates); i >= 0 {
		return dst, fmt.Errorf("internal coordinate %d is %g: want a finite number", i+1, coordinates[i])
	}
	start := len(dst)
	dst = f.ZMatrix.build(dst, coordinates)
	event := dst[start:]
	moveToCentreOfMass(event, f.MassesDalton)
	axes, plane, err := axesOf(event, f.Axis, rebuildingError(event))
	if err != nil {
		return dst, err
	}
	axes.turn(event)
	f.clearPositions(event, plane)
	return dst, nil
}

// check reports what is wrong with the frame or one event.
func (f Frame) check(flat []float64) error {
	if err := f.validate(); err != nil || f.Kind == FrameAsIs {
		return err
	}
	if n := len(f.MassesDalton); len(flat) != 3*n {
		return fmt.Errorf("%d coordinates: want %d for %d atoms", len(flat), 3*n, n)
	}
	if i := firstNonFinite(flat); i >= 0 {
		return fmt.Errorf("coordinate %c of atom %d is %g: want a finite number", "xyz"[i%3], i/3+1, flat[i])
	}
	return nil
}

func (f Frame) validate() error {
	switch f.Kind {
	case FrameAsIs:
		return nil
	case FrameBody, FrameRecoil, FrameInternal:
	default:
		return unknownFrame(f.Kind)
	}
	n := len(f.MassesDalton)
	if i, j := f.Axis[0], f.Axis[1]; i == j || min(i, j) < 0 || max(i, j) >= n {
		return fmt.Errorf("axis atoms %d and %d: want two different atoms out of %d, counted from 0", i, j, n)
	}
	for i, mass := range f.MassesDalton {
		if !(mass > 0) || math.IsInf(mass, 0) {
			return fmt.Errorf("mass of atom %d is %g Da: want a positive number", i+1, mass)
		}
	}
	if f.Kind == FrameInternal {
		return f.ZMatrix.check(n)
	}
	return nil
}

func unknownFrame(kind FrameKind) error {
	return fmt.Errorf("unknown kind %q: want %q, %q, %q or %q", kind, FrameAsIs, FrameBody, FrameRecoil, FrameInternal)
}

// UnmarshalJSON reads a frame and refuses one whose parts do not fit together.
func (f *Frame) UnmarshalJSON(text []byte) error {
	type plain Frame
	if err := json.Unmarshal(text, (*plain)(f)); err != nil {
		return err
	}
	if err := f.validate(); err != nil {
		return fmt.Errorf("explosion: read frame: %w", err)
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
