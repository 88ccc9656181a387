package dataset

import "fmt"

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
	// SuspiciousMomentumSum says that |Σp| is far larger than in most events, as where a
	// fragment was missed or taken for another.
	SuspiciousMomentumSum SuspicionKind = "momentum-sum"
	// SuspiciousKineticEnergy says that the kinetic energy release is far from most events'.
	SuspiciousKineticEnergy SuspicionKind = "kinetic-energy-release"
	// SuspiciousDistance says that two atoms are closer than nuclei get in a molecule.
	SuspiciousDistance SuspicionKind = "atoms-too-close"
	// SuspiciousZero says that all momenta of an event are zero.
	SuspiciousZero SuspicionKind = "zero-momenta"
	// SuspiciousDuplicate says that an earlier event is equal to the bit.
	SuspiciousDuplicate SuspicionKind = "duplicate"
	// SuspiciousPositionUnit says that distances are not those of molecules.
	SuspiciousPositionUnit SuspicionKind = "position-unit"
	// SuspiciousMomentumUnit says that energies are not those of Coulomb explosions.
	SuspiciousMomentumUnit SuspicionKind = "momentum-unit"
)

// firstRows is how many rows a suspicion names.
const firstRows = 5

// suspicions looks at the facts of events, and the rows that are duplicates. Of
// the events, the rows do not matter.
func suspicions(e *Events, f *facts, duplicates []int) []Suspicion {
	found := []Suspicion{}
	add := func(kind SuspicionKind, rows []int, format string, args ...any) {
		if len(rows) > 0 {
			found = append(found, Suspicion{Kind: kind, Rows: len(rows), First: rows[:min(len(rows), firstRows)], Text: fmt.Sprintf(format, args...)})
		}
	}
	add(SuspiciousDuplicate, duplicates, "rows that an earlier one equals to the bit: would a split put one into training and its twin into the test?")
	if e.Plain() {
		return found
	}
	zero := rowsWhere(f.len(), func(i int) bool { return f.largest[i] == 0 })
	add(SuspiciousZero, zero, "rows whose momenta are all zero")
	unit := e.MomentumUnit.OrAtomic().Name
	rows, median := outliers(f.sums, sumFloor*medianOf(f.largest), false)
	add(SuspiciousMomentumSum, rows, "rows whose |Σp| is far above the median of %.3g %s: is a fragment missing, or taken for another?", median, unit)
	if f.releases != nil {
		rows, median = outliers(f.releases, 0, true)
		add(SuspiciousKineticEnergy, rows, "rows whose kinetic energy release is far from the median of %.3g eV: other charges, or other fragments?", median)
	}
	near := rowsWhere(len(f.nearest), func(i int) bool { return f.nearest[i].angstrom < closestAngstrom })
	add(SuspiciousDistance, near, "rows with two atoms closer than %g Å", closestAngstrom)
	if text := momentumUnitDoubt(e, f.releases); text != "" {
		found = append(found, Suspicion{Kind: SuspiciousMomentumUnit, Rows: f.len(), First: []int{}, Text: text})
	}
	if text := positionUnitDoubt(e, f.nearest); text != "" {
		found = append(found, Suspicion{Kind: SuspiciousPositionUnit, Rows: f.len(), First: []int{}, Text: text})
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
