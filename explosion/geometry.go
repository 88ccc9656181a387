package explosion

import (
	"fmt"
	"math"
)

// GeometryKind names a distribution of geometries.
type GeometryKind string

const (
	// GeometryEquilibrium has every molecule at its equilibrium.
	GeometryEquilibrium GeometryKind = "equilibrium"
	// GeometryUniform moves every coordinate of every atom independently, with
	// equal probability anywhere within ±DisplacementAngstrom of equilibrium.
	GeometryUniform GeometryKind = "uniform"
	// GeometryNormal moves every coordinate of every atom independently, by a
	// Gaussian of standard deviation DisplacementAngstrom.
	GeometryNormal GeometryKind = "normal"
	// GeometryBall puts every atom anywhere in a ball of RadiusAngstrom around the
	// origin with equal probability, provided that no two atoms are closer than
	// SeparationAngstrom.
	GeometryBall GeometryKind = "ball"
	// GeometryVibrational displaces the molecule along its normal modes, each by
	// the Gaussian of a quantum harmonic oscillator at the temperature Kelvin; 0
	// is the ground state. Modes the molecule does not have stay at rest.
	GeometryVibrational GeometryKind = "vibrational"
	// GeometryGrid takes internal coordinates through all combinations of their
	// values, in order, the last axis fastest.
	GeometryGrid GeometryKind = "grid"
	// GeometryInternal draws internal coordinates independently, each with equal
	// probability anywhere in its range. Those without a range stay as they are at
	// equilibrium.
	GeometryInternal GeometryKind = "internal"
)

// Geometry says where the atoms are when the molecule explodes. The zero value
// stands for uniform by up to 0.25 Å. Fields that the kind does not use are zero.
type Geometry struct {
	Kind                 GeometryKind `json:"kind"`
	DisplacementAngstrom float64      `json:"displacement_angstrom,omitempty"` // uniform, normal: > 0
	RadiusAngstrom       float64      `json:"radius_angstrom,omitempty"`       // ball: > 0
	SeparationAngstrom   float64      `json:"separation_angstrom,omitempty"`   // ball: from 0 to twice the radius
	Kelvin               float64      `json:"kelvin,omitempty"`                // vibrational: ≥ 0
	Grid                 []GridAxis   `json:"grid,omitempty"`                  // grid: at least one

	Internal []InternalRange `json:"internal,omitempty"` // internal: at least one
}

// geometryFields names what each kind uses.
var geometryFields = map[GeometryKind]string{
	GeometryEquilibrium: "",
	GeometryUniform:     "displacement_angstrom",
	GeometryNormal:      "displacement_angstrom",
	GeometryBall:        "radius_angstrom separation_angstrom",
	GeometryVibrational: "kelvin",
	GeometryGrid:        "grid",
	GeometryInternal:    "internal",
}

func (g Geometry) complete(m Molecule) (Geometry, error) {
	if g.Kind == "" && g.DisplacementAngstrom == 0 && g.RadiusAngstrom == 0 && g.SeparationAngstrom == 0 && g.Kelvin == 0 && g.Grid == nil && g.Internal == nil {
		return Geometry{Kind: GeometryUniform, DisplacementAngstrom: 0.25}, nil
	}
	used, known := geometryFields[g.Kind]
	if !known {
		return g, fmt.Errorf("kind %q: want equilibrium, uniform, normal, ball, vibrational, grid or internal", g.Kind)
	}
	err := checkFields(string(g.Kind), used, []field{
		{"displacement_angstrom", g.DisplacementAngstrom, math.SmallestNonzeroFloat64},
		{"radius_angstrom", g.RadiusAngstrom, math.SmallestNonzeroFloat64},
		{"separation_angstrom", g.SeparationAngstrom, 0},
		{"kelvin", g.Kelvin, 0},
	})
	if err != nil {
		return g, err
	}
	if g.SeparationAngstrom > 2*g.RadiusAngstrom {
		return g, fmt.Errorf("separation_angstrom %g: want at most the diameter of the ball, %g", g.SeparationAngstrom, 2*g.RadiusAngstrom)
	}
	if g.Kind == GeometryVibrational && len(m.Vibrations) == 0 {
		return g, fmt.Errorf("kind vibrational: no vibrations of %s are known: want them with the molecule", m.Name)
	}
	return g, g.checkCoordinates(m)
}

// checkCoordinates looks at what kinds of internal coordinates use. Axes of a grid
// are checked along with its events.
func (g Geometry) checkCoordinates(m Molecule) error {
	switch {
	case g.Kind != GeometryGrid && g.Grid != nil:
		return fmt.Errorf("grid: kind %s does not use it", g.Kind)
	case g.Kind != GeometryInternal && g.Internal != nil:
		return fmt.Errorf("internal: kind %s does not use it", g.Kind)
	case g.Kind != GeometryInternal:
		return nil
	}
	if err := checkInternal(m, g.Internal); err != nil {
		return fmt.Errorf("internal: %w", err)
	}
	return nil
}
