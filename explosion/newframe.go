package explosion

import (
	"fmt"
	"slices"
	"strings"
)

// FrameOptions are choices about a frame. Zero fields take the defaults.
type FrameOptions struct {
	// MassesDalton are the masses of the atoms [N]. Default: standard atomic
	// weights.
	MassesDalton []float64

	// Axis names the two axis atoms, as the frame's atoms are called. Default: the
	// two heaviest, the earlier first where masses are equal: S and O for OCS,
	// whose C would be ill-conditioned near linear geometry.
	Axis [2]string

	// Reference is one or more geometries [n, 3N] of the molecule, in any unit and
	// orientation. An internal frame of three or more atoms needs it: medians of
	// its distances say which atoms are bonded, circular means of its dihedrals
	// where those have their branch.
	Reference []float64
}

// NewFrame returns the frame with every default, for atoms given by their
// symbols, which a number may follow (H1, H2). An internal frame of three or
// more atoms takes FrameOptions.
func NewFrame(kind FrameKind, atoms []string) (Frame, error) {
	return FrameOptions{}.NewFrame(kind, atoms)
}

// NewFrame returns a frame for atoms given by their symbols, which a number may
// follow (H1, H2).
func (o FrameOptions) NewFrame(kind FrameKind, atoms []string) (Frame, error) {
	if !slices.Contains(FrameKinds(), kind) {
		return Frame{}, fmt.Errorf("explosion: make frame: %w", unknownFrame(kind))
	}
	f, err := o.newFrame(kind, atoms)
	if err != nil {
		return Frame{}, fmt.Errorf("explosion: make frame %q: %w", kind, err)
	}
	return f, nil
}

func (o FrameOptions) newFrame(kind FrameKind, atoms []string) (f Frame, err error) {
	f.Kind = kind
	if kind == FrameAsIs {
		return f, nil
	}
	if len(atoms) < 2 {
		return Frame{}, fmt.Errorf("%d atoms: want at least 2", len(atoms))
	}
	if f.MassesDalton, err = o.masses(atoms); err != nil {
		return Frame{}, err
	}
	if f.Axis, err = o.axis(atoms, f.MassesDalton); err != nil {
		return Frame{}, err
	}
	if kind == FrameInternal {
		if f.ZMatrix, err = o.zMatrix(len(atoms)); err != nil {
			return Frame{}, err
		}
	}
	return f, f.validate()
}

func (o FrameOptions) masses(atoms []string) ([]float64, error) {
	if o.MassesDalton != nil {
		if len(o.MassesDalton) != len(atoms) {
			return nil, fmt.Errorf("%d masses: want %d, for atoms %v", len(o.MassesDalton), len(atoms), atoms)
		}
		return slices.Clone(o.MassesDalton), nil
	}
	masses := make([]float64, len(atoms))
	for i, atom := range atoms {
		mass, ok := AtomicMass(strings.TrimRight(atom, "0123456789"))
		if !ok {
			return nil, fmt.Errorf("atom %d: %q has no standard atomic weight: want an element's symbol, or masses", i+1, atom)
		}
		masses[i] = mass
	}
	return masses, nil
}

func (o FrameOptions) axis(atoms []string, masses []float64) (axis [2]int, err error) {
	if o.Axis == [2]string{} {
		return twoHeaviest(masses), nil
	}
	for i, atom := range o.Axis {
		if axis[i] = slices.Index(atoms, atom); axis[i] < 0 {
			return axis, fmt.Errorf("axis atom %q: want one of %s", atom, strings.Join(atoms, ", "))
		}
	}
	if axis[0] == axis[1] {
		return axis, fmt.Errorf("axis atoms %s and %s: want two different ones", o.Axis[0], o.Axis[1])
	}
	return axis, nil
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

func (o FrameOptions) zMatrix(atoms int) (ZMatrix, error) {
	if atoms == 2 {
		return newZMatrix([][]int{{1}, {0}}), nil
	}
	if len(o.Reference) == 0 || len(o.Reference)%(3*atoms) != 0 {
		return nil, fmt.Errorf("%d reference coordinates: want %d or a multiple, a geometry that says which atoms are bonded", len(o.Reference), 3*atoms)
	}
	if i := firstNonFinite(o.Reference); i >= 0 {
		return nil, fmt.Errorf("reference coordinate %d is %g: want a finite number", i+1, o.Reference[i])
	}
	z := newZMatrix(bonds(o.Reference, atoms))
	z.setBranches(o.Reference)
	return z, nil
}
