package explosion

import (
	"fmt"
	"math"
)

// Vectors within 5° of one line, or as short as that is off it, are so close to
// nothing that noise decides about the direction they give.
const (
	nearLineDegrees = 5
	nearLine        = nearLineDegrees * math.Pi / 180
)

// manyNearLine is the share of events near one line from which on a frame is
// worth a warning.
const manyNearLine = 0.05

// Conditioning tells how safely a table of events defines a frame's axes. An
// event is near a line where the second axis atom's vector is closer to the axis
// than sin 5° of the event's longest vector, or the first one's is shorter than
// that. There noise and small displacements turn the whole event about the axis.
// Shares are of such events. They are 0 where a frame has no plane to fix: as-is,
// and molecules of two atoms.
type Conditioning struct {
	Kind   FrameKind `json:"frame"`
	Events int       `json:"events"`
	Chosen AxisPair  `json:"chosen"`
	// Better is the pair of axis atoms whose larger share is the smallest; nil where
	// Chosen has few events near a line, or no pair at most half of its share.
	Better *AxisPair `json:"better,omitempty"`
	// Dihedrals is the share of events in which three atoms that a dihedral refers
	// to are within 5° of one line.
	Dihedrals float64 `json:"dihedrals"`
}

// AxisPair is a choice of axis atoms and its shares of events near a line.
type AxisPair struct {
	Axis      [2]string `json:"axis"`
	Positions float64   `json:"positions"` // 0 where momenta turn the positions
	Momenta   float64   `json:"momenta"`
}

func (p AxisPair) worst() float64 { return max(p.Positions, p.Momenta) }

// Warnings says in sentences what is ill-conditioned, and what would be better;
// nil where nothing is. Positions near a line are worth a warning only where
// other axis atoms would do better: in a molecule that is near-linear as a whole,
// as OCS is, nothing sticks out that could be turned, and positions to train on
// carry no noise, as momenta do.
func (c Conditioning) Warnings() (warnings []string) {
	warn := func(share float64, what string, args ...any) {
		warnings = append(warnings, fmt.Sprintf("in %.0f %% of %d events, ", 100*share, c.Events)+fmt.Sprintf(what, args...))
	}
	first, second := c.Chosen.Axis[0], c.Chosen.Axis[1]
	switch b := c.Better; {
	case b != nil:
		warn(c.Chosen.worst(), "axis atoms %s and %s are near one line, and the event is turned by chance; with %s and %s they would be in %.1f %%", first, second, b.Axis[0], b.Axis[1], 100*b.worst())
	case c.Chosen.Momenta > manyNearLine:
		warn(c.Chosen.Momenta, "the momenta of axis atoms %s and %s are near one line, where noise decides which way they point off it; other axis atoms do not help", first, second)
	}
	if c.Dihedrals > manyNearLine {
		warn(c.Dihedrals, "atoms that a dihedral refers to are within %d° of one line, where it says little; a %q frame has no dihedrals", nearLineDegrees, FrameBody)
	}
	return warnings
}

// Conditioning looks at the events of a table [n, 3N] in flat slices, for atoms
// by their labels. Positions may be nil, where only momenta are known.
func (f Frame) Conditioning(atoms []string, positions, momenta []float64) (Conditioning, error) {
	c := Conditioning{Kind: f.Kind, Events: len(momenta) / max(3*len(atoms), 1)}
	if err := f.checkTable(atoms, positions, momenta); err != nil {
		return Conditioning{}, fmt.Errorf("explosion: judge frame: %w", err)
	}
	if f.Kind == FrameAsIs {
		return c, nil
	}
	if f.Kind == FrameRecoil {
		positions = nil
	}
	c.Chosen = f.judgeAxis(f.Axis, atoms, positions, momenta)
	if c.Chosen.worst() > manyNearLine {
		c.Better = f.betterAxis(c.Chosen, atoms, positions, momenta)
	}
	c.Dihedrals = f.ZMatrix.nearLines(positions)
	return c, nil
}

func (f Frame) checkTable(atoms []string, positions, momenta []float64) error {
	width := 3 * len(atoms)
	switch {
	case f.Kind != FrameAsIs && len(f.MassesDalton) != len(atoms):
		return fmt.Errorf("atoms %v: want %d", atoms, len(f.MassesDalton))
	case width == 0 || len(momenta)%width != 0:
		return fmt.Errorf("%d momenta for %d atoms: want a multiple of %d", len(momenta), len(atoms), width)
	case len(positions) > 0 && len(positions) != len(momenta):
		return fmt.Errorf("%d positions: want %d, as many as momenta", len(positions), len(momenta))
	}
	return f.validate()
}

func (f Frame) judgeAxis(axis [2]int, atoms []string, positions, momenta []float64) AxisPair {
	return AxisPair{
		Axis:      [2]string{atoms[axis[0]], atoms[axis[1]]},
		Positions: f.nearLines(axis, positions, true),
		Momenta:   f.nearLines(axis, momenta, false),
	}
}

// betterAxis tries all pairs, the heavier atom first.
func (f Frame) betterAxis(chosen AxisPair, atoms []string, positions, momenta []float64) *AxisPair {
	best := chosen
	for i := range atoms {
		for j := range i {
			axis := [2]int{j, i}
			if f.MassesDalton[i] > f.MassesDalton[j] {
				axis = [2]int{i, j}
			}
			if pair := f.judgeAxis(axis, atoms, positions, momenta); pair.worst() < best.worst() {
				best = pair
			}
		}
	}
	if best.worst() > chosen.worst()/2 {
		return nil
	}
	return &best
}

// nearLines returns the share of events [n, 3N] near a line.
func (f Frame) nearLines(axis [2]int, table []float64, centred bool) float64 {
	width := 3 * len(f.MassesDalton)
	if len(table) == 0 || width <= 6 {
		return 0
	}
	near, event := 0, make([]float64, width)
	for first := 0; first < len(table); first += width {
		copy(event, table[first:first+width])
		if centred {
			moveToCentreOfMass(event, f.MassesDalton)
		}
		if offLine(event, axis) < math.Sin(nearLine) {
			near++
		}
	}
	return float64(near) / float64(len(table)/width)
}

// offLine returns the length of the first axis atom's vector or the distance of
// the second's from it, whichever is smaller, relative to the longest vector; 0
// where the first has no direction.
func offLine(event []float64, axis [2]int) float64 {
	longest := 0.0
	for i := 0; i < len(event); i += 3 {
		longest = max(longest, vectorAt(event, i).norm())
	}
	first, second := vectorAt(event, 3*axis[0]), vectorAt(event, 3*axis[1])
	if first.norm() == 0 {
		return 0
	}
	return min(first.norm(), perpendicular(second, first.unit()).norm()) / longest
}

// nearLines returns the share of geometries [n, 3N] with atoms near one line that
// a dihedral refers to.
func (z ZMatrix) nearLines(geometries []float64) float64 {
	if len(geometries) == 0 || z.dihedrals() == 0 {
		return 0
	}
	near, width := 0, 3*len(z)
	for first := 0; first < len(geometries); first += width {
		if z.nearLine(geometries[first : first+width]) {
			near++
		}
	}
	return float64(near) / float64(len(geometries)/width)
}

func (z ZMatrix) nearLine(positions []float64) bool {
	for _, e := range z[3:] {
		if e.leastSine(positions) < math.Sin(nearLine) {
			return true
		}
	}
	return false
}
