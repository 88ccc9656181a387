package dataset

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/gocei/gocei/explosion"
)

// Events is a table of explosions, one a row; or a plain table, which has no atoms,
// but targets in the place of positions and conditions in the place of momenta (see
// NewPlainEvents).
type Events struct {
	Atoms           []string // as Labels calls them; none in a plain table
	PositionColumns []string // the house's names, three an atom; nil without positions
	MomentumColumns []string
	Positions       Matrix // [n, 3N] in PositionUnit; [0, 0] where the table has momenta only
	Momenta         Matrix // [n, 3N] in MomentumUnit
	PositionUnit    explosion.LengthUnit
	MomentumUnit    explosion.MomentumUnit
	// ExtraColumns name further numbers an event, such as a channel's charges, and
	// Extra holds them [n, len(ExtraColumns)]; [0, 0] without any.
	ExtraColumns   []string
	Extra          Matrix
	IgnoredColumns int // columns of the table that are none of these
	// MassesDalton are the atoms' masses [N] where they are not the standard
	// atomic weights, as of isotopes.
	MassesDalton []float64
	// Recipe is what the events were simulated from, as JSON of explosion.Recipe;
	// nil where that is not known.
	Recipe json.RawMessage
}

// NewEvents returns events of the given atoms, named by Labels. Positions may
// be the zero Matrix. The events share the matrices' memory.
func NewEvents(atoms []string, positions, momenta Matrix, length explosion.LengthUnit, momentum explosion.MomentumUnit) (*Events, error) {
	labels, err := Labels(atoms)
	if err != nil {
		return nil, err
	}
	e := &Events{Atoms: labels, Positions: positions, Momenta: momenta, PositionUnit: length, MomentumUnit: momentum}
	e.PositionColumns, e.MomentumColumns = ColumnNames(labels)
	if !e.HasPositions() {
		e.PositionColumns = nil
	}
	return e, e.check()
}

// Len returns the number of events.
func (e *Events) Len() int { return e.Momenta.Rows }

// HasPositions reports whether the events' positions are known.
func (e *Events) HasPositions() bool { return e.Positions.Rows > 0 }

// Masses returns the masses of the atoms [N] in dalton: MassesDalton where given,
// otherwise standard atomic weights. The error says which atom has none.
func (e *Events) Masses() ([]float64, error) {
	if e.MassesDalton != nil {
		return slices.Clone(e.MassesDalton), nil
	}
	masses := make([]float64, len(e.Atoms))
	for i, atom := range e.Atoms {
		symbol, _ := splitLabel(atom)
		dalton, known := explosion.AtomicMass(symbol)
		if !known {
			return nil, fmt.Errorf("dataset: weigh atoms: %q has no standard atomic weight: want an element's symbol, or masses", atom)
		}
		masses[i] = dalton
	}
	return masses, nil
}

// InUnits returns the events in other units, a plain table as it is. Where a unit
// stays the same, the result shares memory with e.
func (e *Events) InUnits(length explosion.LengthUnit, momentum explosion.MomentumUnit) *Events {
	converted := *e
	if e.Plain() {
		return &converted
	}
	converted.PositionUnit, converted.MomentumUnit = length.OrBohr(), momentum.OrAtomic()
	converted.Positions = e.Positions.scaled(e.PositionUnit.OrBohr().Bohr / converted.PositionUnit.Bohr)
	converted.Momenta = e.Momenta.scaled(e.MomentumUnit.OrAtomic().AU / converted.MomentumUnit.AU)
	return &converted
}

// Reordered returns the events with their atoms, matched by Labels, in another
// order. The error says which atoms differ. Where the order stays the same, the
// result shares memory with e.
func (e *Events) Reordered(atoms []string) (*Events, error) {
	if err := e.check(); err != nil {
		return nil, err
	}
	if e.Plain() {
		return nil, fmt.Errorf("dataset: match atoms: the table has targets and conditions instead of the atoms %s", strings.Join(atoms, ", "))
	}
	want, err := Labels(atoms)
	if err != nil {
		return nil, err
	}
	have, err := Labels(e.Atoms)
	if err != nil {
		return nil, err
	}
	order, err := permutation(have, want)
	if err != nil {
		return nil, err
	}
	reordered := *e
	reordered.Atoms = want
	reordered.PositionColumns, reordered.MomentumColumns = ColumnNames(want)
	if !e.HasPositions() {
		reordered.PositionColumns = nil
	}
	if !slices.Equal(have, want) {
		reordered.Positions, reordered.Momenta = e.Positions.permuteAtoms(order), e.Momenta.permuteAtoms(order)
		reordered.MassesDalton = permuteMasses(e.MassesDalton, order)
	}
	return &reordered, nil
}

// SelectRows returns a copy of the events with the given indices, in their order.
func (e *Events) SelectRows(rows []int) *Events {
	selected := *e
	selected.Momenta = e.Momenta.SelectRows(rows)
	if e.HasPositions() {
		selected.Positions = e.Positions.SelectRows(rows)
	}
	if len(e.ExtraColumns) > 0 {
		selected.Extra = e.Extra.SelectRows(rows)
	}
	return &selected
}

// permutation returns, for each wanted atom, its index in have.
func permutation(have, want []string) ([]int, error) {
	order := make([]int, len(want))
	for i, atom := range want {
		order[i] = slices.Index(have, atom)
	}
	if len(have) != len(want) || slices.Contains(order, -1) {
		return nil, fmt.Errorf("dataset: match atoms: the events have %s, wanted are %s", strings.Join(have, ", "), strings.Join(want, ", "))
	}
	return order, nil
}

func (m Matrix) permuteAtoms(order []int) Matrix {
	out := NewMatrix(m.Rows, m.Cols)
	for i := range m.Rows {
		from, to := m.Row(i), out.Row(i)
		for atom, source := range order {
			copy(to[3*atom:3*atom+3], from[3*source:3*source+3])
		}
	}
	return out
}

func permuteMasses(masses []float64, order []int) (permuted []float64) {
	if masses == nil {
		return nil
	}
	for _, source := range order {
		permuted = append(permuted, masses[source])
	}
	return permuted
}

// check finds what would make row and column arithmetic fail.
func (e *Events) check() error {
	if e == nil || e.Plain() && len(e.MomentumColumns) == 0 {
		return errors.New("dataset: check events: no atoms are named")
	}
	if e.MassesDalton != nil && len(e.MassesDalton) != len(e.Atoms) {
		return fmt.Errorf("dataset: check events: %d masses: want %d, for atoms %s", len(e.MassesDalton), len(e.Atoms), strings.Join(e.Atoms, ", "))
	}
	for i, mass := range e.MassesDalton {
		if !(mass > 0) || math.IsInf(mass, 0) {
			return fmt.Errorf("dataset: check events: the mass of %s is %g Da: want a positive number", e.Atoms[i], mass)
		}
	}
	positions, momenta := 3*len(e.Atoms), 3*len(e.Atoms)
	if e.Plain() {
		if err := checkNames(slices.Concat(e.PositionColumns, e.MomentumColumns)); err != nil {
			return err
		}
		positions, momenta = len(e.PositionColumns), len(e.MomentumColumns)
	}
	return e.checkWidths(positions, momenta)
}

// forAtoms says what columns are for; nothing of a plain table.
func (e *Events) forAtoms() string {
	if e.Plain() {
		return ""
	}
	return fmt.Sprintf(" for %d atoms", len(e.Atoms))
}

func (e *Events) checkWidths(positions, momenta int) error {
	if err := e.Momenta.check(); err != nil || e.Momenta.Cols != momenta {
		return fmt.Errorf("dataset: check events: momenta are [%d, %d] with %d numbers: want %d columns%s", e.Momenta.Rows, e.Momenta.Cols, len(e.Momenta.Data), momenta, e.forAtoms())
	}
	if err := e.Extra.check(); err != nil || e.Extra.Cols != len(e.ExtraColumns) || e.Extra.Cols > 0 && e.Extra.Rows != e.Momenta.Rows {
		return fmt.Errorf("dataset: check events: extra columns are [%d, %d] with %d numbers: want [%d, %d]", e.Extra.Rows, e.Extra.Cols, len(e.Extra.Data), e.Momenta.Rows, len(e.ExtraColumns))
	}
	if !e.HasPositions() {
		return nil
	}
	if err := e.Positions.check(); err != nil || e.Positions.Cols != positions || e.Positions.Rows != e.Momenta.Rows {
		return fmt.Errorf("dataset: check events: positions are [%d, %d] with %d numbers: want [%d, %d]", e.Positions.Rows, e.Positions.Cols, len(e.Positions.Data), e.Momenta.Rows, positions)
	}
	return nil
}
