package dataset

import (
	"fmt"
	"strings"

	"github.com/gocei/gocei/explosion"
)

// What a median may be in a table whose units are right: kinetic energy releases
// from weakly bound ions to large molecules stripped by X-rays, and the nearest
// atoms of an event, of which hydrogen's are the closest.
const (
	leastReleaseEV, mostReleaseEV                      = 0.5, 20_000
	leastHydrogenAngstrom, leastAngstrom, mostAngstrom = 0.65, 0.95, 20
)

// momentumUnitDoubt returns "" where the releases, which may be nil, are those of
// Coulomb explosions.
func momentumUnitDoubt(e *Events, releases []float64) string {
	if releases == nil {
		return ""
	}
	plausible := func(ev float64) bool { return ev >= leastReleaseEV && ev <= mostReleaseEV }
	declared, median := e.MomentumUnit.OrAtomic(), medianOf(releases)
	if median == 0 || plausible(median) {
		return ""
	}
	likely := likelyUnits(momentumUnits, func(au float64) bool { return plausible(median * (au / declared.AU) * (au / declared.AU)) })
	return fmt.Sprintf("the median kinetic energy release is %.3g eV with momenta in %s, where Coulomb explosions give %g to %g eV%s",
		median, declared.Name, leastReleaseEV, float64(mostReleaseEV), likely)
}

// positionUnitDoubt returns "" where the nearest atoms of the events are as far
// from each other as in molecules.
func positionUnitDoubt(e *Events, nearest []nearestPair) string {
	if len(nearest) == 0 || len(e.Atoms) < 2 {
		return ""
	}
	distances, least := make([]float64, len(nearest)), leastAngstrom
	for i, pair := range nearest {
		distances[i] = pair.angstrom
	}
	if mostlyHydrogen(e.Atoms, nearest) {
		least = leastHydrogenAngstrom
	}
	plausible := func(angstrom float64) bool { return angstrom >= least && angstrom <= mostAngstrom }
	declared, median := e.PositionUnit.OrBohr(), medianOf(distances)
	if plausible(median) {
		return ""
	}
	likely := likelyUnits(lengthUnits, func(bohr float64) bool { return plausible(median * bohr / declared.Bohr) })
	return fmt.Sprintf("the median distance of the nearest atoms is %.3g Å with positions in %s, where molecules have %g to %g Å%s",
		median, declared.Name, least, float64(mostAngstrom), likely)
}

// unit is a unit by name, in atomic units.
type unit struct {
	name string
	au   float64
}

var (
	momentumUnits = []unit{{"au", 1}, {"kg_m_s", 1 / explosion.AtomicMomentumKilogramMeterPerSecond}, {"1e-22*kg_m_s", 1e-22 / explosion.AtomicMomentumKilogramMeterPerSecond}}
	lengthUnits   = []unit{{"bohr", 1}, {"angstrom", explosion.Angstrom.Bohr}, {"m", explosion.Meter.Bohr}}
)

// likelyUnits says which of the units would make numbers plausible.
func likelyUnits(units []unit, plausible func(au float64) bool) string {
	var names []string
	for _, u := range units {
		if plausible(u.au) {
			names = append(names, u.name)
		}
	}
	if len(names) == 0 {
		return ""
	}
	return ": is the unit " + strings.Join(names, " or ") + "?"
}

// mostlyHydrogen reports whether most of the nearest pairs are with hydrogen.
func mostlyHydrogen(atoms []string, nearest []nearestPair) bool {
	hydrogen := func(atom int32) bool {
		symbol, _ := splitLabel(atoms[atom])
		return symbol == "H" || symbol == "D" || symbol == "T"
	}
	n := 0
	for _, pair := range nearest {
		if hydrogen(pair.first) || hydrogen(pair.second) {
			n++
		}
	}
	return 2*n > len(nearest)
}
