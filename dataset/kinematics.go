package dataset

import (
	"math"

	"github.com/gocei/gocei/explosion"
)

// momentumSums returns |Σp| of each event, in the events' unit.
func momentumSums(e *Events) []float64 {
	sums := make([]float64, e.Len())
	for i := range sums {
		var sum [3]float64
		for j, p := range e.Momenta.Row(i) {
			sum[j%3] += p
		}
		sums[i] = norm(sum[:])
	}
	return sums
}

func norm(v []float64) float64 {
	return math.Hypot(math.Hypot(v[0], v[1]), v[2])
}

// kineticEnergyReleases returns Σ p²/2m of each event in eV, nil where an atom's
// mass is unknown.
func kineticEnergyReleases(e *Events) []float64 {
	masses, err := e.Masses()
	if err != nil {
		return nil
	}
	au := e.MomentumUnit.OrAtomic().AU
	releases := make([]float64, e.Len())
	for i := range releases {
		for j, p := range e.Momenta.Row(i) {
			releases[i] += p * au * p * au / (2 * masses[j/3] * explosion.DaltonElectronMass)
		}
		releases[i] *= explosion.HartreeElectronVolt
	}
	return releases
}

// nearestPair is the least distance between two atoms of an event, and between
// which it is.
type nearestPair struct {
	angstrom      float64
	first, second int32 // atoms
}

// nearestAtoms returns the nearest pair of each event, none without positions.
func nearestAtoms(e *Events) []nearestPair {
	unit := e.PositionUnit.OrBohr().Bohr * explosion.BohrRadiusAngstrom
	nearest := make([]nearestPair, e.Positions.Rows)
	for i := range nearest {
		nearest[i].angstrom = math.Inf(1)
		row := e.Positions.Row(i)
		for b := 3; b < len(row); b += 3 {
			for a := 0; a < b; a += 3 {
				d := unit * norm([]float64{row[a] - row[b], row[a+1] - row[b+1], row[a+2] - row[b+2]})
				if d < nearest[i].angstrom {
					nearest[i] = nearestPair{d, int32(a / 3), int32(b / 3)}
				}
			}
		}
	}
	return nearest
}
