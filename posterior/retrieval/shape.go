package retrieval

import (
	"errors"
	"fmt"
	"math"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/explosion"
)

// shape is a molecule in internal coordinates, and the momenta it explodes to.
type shape struct {
	molecule explosion.Molecule // with charges
	frame    explosion.Frame    // internal
	labels   []string           // of the atoms
	dim      int                // internal coordinates
	// independent are the indices of the momentum components [dim] in the frame that
	// all others follow from.
	independent []int
	inFrame     []int // those that the frame does not make zero
}

func newShape(r explosion.Recipe) (*shape, error) {
	if len(r.Channels) != 1 {
		return nil, fmt.Errorf("%d channels of charges: want one, that of the events", len(r.Channels))
	}
	m, err := r.Molecule.WithCharges(r.Channels[0].Charges)
	if err != nil {
		return nil, err
	}
	for i, atom := range m.Atoms {
		if atom.Charge == 0 {
			return nil, fmt.Errorf("atom %d (%s) is neutral: want all charged, since a neutral atom leaves no trace in the momenta", i+1, atom.Symbol)
		}
	}
	s := &shape{molecule: m}
	if s.labels, err = dataset.Labels(m.Symbols()); err != nil {
		return nil, err
	}
	masses := make([]float64, len(m.Atoms))
	for i, atom := range m.Atoms {
		masses[i] = atom.MassDalton
	}
	s.frame, err = explosion.FrameOptions{MassesDalton: masses, Reference: m.Equilibrium}.NewFrame(explosion.FrameInternal, s.labels)
	if err != nil {
		return nil, err
	}
	s.dim = s.frame.ZMatrix.Dim()
	s.independent = independent(s.frame.Axis, len(m.Atoms))
	s.inFrame = inFrame(s.frame.Axis, len(m.Atoms))
	return s, nil
}

// independent leaves out what the frame makes zero, and the last atom that is not
// on the axes.
func independent(axis [2]int, atoms int) []int {
	indices := []int{3 * axis[0]}
	if atoms == 2 {
		return indices
	}
	indices = append(indices, 3*axis[1], 3*axis[1]+1)
	var others []int
	for atom := range atoms {
		if atom != axis[0] && atom != axis[1] {
			others = append(others, atom)
		}
	}
	for _, atom := range others[:len(others)-1] {
		indices = append(indices, 3*atom, 3*atom+1, 3*atom+2)
	}
	return indices
}

// inFrame leaves out what the frame makes zero, given that the momenta add up to zero.
func inFrame(axis [2]int, atoms int) (indices []int) {
	for i := range 3 * atoms {
		across, up := i%3 != 0, i%3 == 2
		zero := i/3 == axis[0] && across || i/3 == axis[1] && up || atoms == 2 && across || atoms == 3 && up
		if !zero {
			indices = append(indices, i)
		}
	}
	return indices
}

// volume is the element of volume of internal coordinates, without that of the
// molecule's place and orientation: Π r² over all but the first length, times the
// first length's square, times Π sin of the angles.
func volume(z explosion.ZMatrix, coordinates []float64) float64 {
	product := 1.0
	for _, r := range coordinates[:z.Lengths()] {
		product *= r * r
	}
	for _, angle := range coordinates[z.Lengths():z.FirstDihedral()] {
		product *= math.Abs(math.Sin(angle))
	}
	return product
}

// coordinates appends the internal coordinates of positions [3N] in Bohr to dst.
func (s *shape) coordinates(dst, positions []float64) ([]float64, error) {
	return s.frame.ZMatrix.Measure(dst, positions)
}

var errGeometry = errors.New("no such geometry")

// plausible refuses lengths that an explosion cannot start from.
func (s *shape) plausible(coordinates []float64) error {
	for _, r := range coordinates[:s.frame.ZMatrix.Lengths()] {
		if !(r > 0) {
			return errGeometry
		}
	}
	return nil
}

// distance compares lengths as fractions of themselves, and angles in radians.
func (s *shape) distance(a, b []float64) float64 {
	square := 0.0
	for i, x := range a {
		d := b[i] - x
		if i < s.frame.ZMatrix.Lengths() {
			d /= x
		}
		square += d * d
	}
	return math.Sqrt(square)
}
