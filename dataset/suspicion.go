package dataset

import (
	"fmt"
	"slices"
)

// Suspicion is something in a table that may be a mistake.
type Suspicion struct {
	Kind  SuspicionKind `json:"kind"`
	Rows  int           `json:"rows"`  // events concerned
	First []int         `json:"first"` // the first few of them, counted from 0
	Text  string        `json:"text"`  // a sentence for people
}

// SuspicionKind names what is suspicious.
type SuspicionKind string

const (
	// SuspiciousMomentumSum: |Σp| is far larger than in most events, as where a
	// fragment was missed or taken for another.
	SuspiciousMomentumSum SuspicionKind = "momentum-sum"
	// SuspiciousKineticEnergy: the kinetic energy release is far from most events'.
	SuspiciousKineticEnergy SuspicionKind = "kinetic-energy-release"
	// SuspiciousDistance: two atoms are closer than nuclei get in a molecule.
	SuspiciousDistance SuspicionKind = "atoms-too-close"
	// SuspiciousZero: all momenta of an event are zero.
	SuspiciousZero SuspicionKind = "zero-momenta"
	// SuspiciousDuplicate: an earlier event is equal to the bit.
	SuspiciousDuplicate SuspicionKind = "duplicate"
	// SuspiciousPositionUnit: distances are not those of molecules.
	SuspiciousPositionUnit SuspicionKind = "position-unit"
	// SuspiciousMomentumUnit: energies are not those of Coulomb explosions.
	SuspiciousMomentumUnit SuspicionKind = "momentum-unit"
)

// firstRows is how many rows a suspicion names.
const firstRows = 5

// suspicions looks at events with their momentum sums, their releases, which may
// be nil, and the rows that are duplicates.
func suspicions(e *Events, sums, releases []float64, duplicates []int) []Suspicion {
	found := []Suspicion{}
	add := func(kind SuspicionKind, rows []int, format string, args ...any) {
		if len(rows) > 0 {
			found = append(found, Suspicion{Kind: kind, Rows: len(rows), First: rows[:min(len(rows), firstRows)], Text: fmt.Sprintf(format, args...)})
		}
	}
	add(SuspiciousDuplicate, duplicates, "rows that an earlier one equals to the bit: would a split put one into training and its twin into the test?")
	zero := rowsWhere(e.Len(), func(i int) bool { return allZero(e.Momenta.Row(i)) })
	add(SuspiciousZero, zero, "rows whose momenta are all zero")
	unit := orAtomic(e.MomentumUnit).Name
	rows, median := outliers(sums, sumFloor*typicalMomentum(e), false)
	add(SuspiciousMomentumSum, rows, "rows whose |Σp| is far above the median of %.3g %s: is a fragment missing, or taken for another?", median, unit)
	if releases != nil {
		rows, median = outliers(releases, 0, true)
		add(SuspiciousKineticEnergy, rows, "rows whose kinetic energy release is far from the median of %.3g eV: other charges, or other fragments?", median)
	}
	nearest := nearestAtoms(e)
	near := rowsWhere(e.Positions.Rows, func(i int) bool { return nearest[i].angstrom < closestAngstrom })
	add(SuspiciousDistance, near, "rows with two atoms closer than %g Å", closestAngstrom)
	if text := momentumUnitDoubt(e, releases); text != "" {
		found = append(found, Suspicion{Kind: SuspiciousMomentumUnit, Rows: e.Len(), First: []int{}, Text: text})
	}
	if text := positionUnitDoubt(e, nearest); text != "" {
		found = append(found, Suspicion{Kind: SuspiciousPositionUnit, Rows: e.Len(), First: []int{}, Text: text})
	}
	return found
}

// closestAngstrom is well below the shortest bond, 0.74 Å in H₂.
const closestAngstrom = 0.3

func rowsWhere(n int, is func(row int) bool) (rows []int) {
	for i := range n {
		if is(i) {
			rows = append(rows, i)
		}
	}
	return rows
}

func allZero(row []float64) bool {
	return !slices.ContainsFunc(row, func(v float64) bool { return v != 0 })
}
