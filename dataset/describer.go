package dataset

import (
	"errors"
	"fmt"
	"hash/maphash"
	"math"
	"slices"
)

// Describer summarises a table block by block, so that it need not fit into
// memory: what stays of an event are some 50 bytes.
type Describer struct {
	like      Events // no rows, all else
	positions *scatter
	momenta   *scatter
	facts     facts
}

// facts are what is to be known of each event to tell what is suspicious. Of rows of
// a plain table, only their hashes are.
type facts struct {
	sums     []float64     // |Σp|
	releases []float64     // in eV; nil where a mass is unknown
	largest  []float64     // magnitude of a component of the momenta
	nearest  []nearestPair // nil without positions
	hashes   []uint64
	seed     maphash.Seed
}

// NewDescriber returns a describer of events that are like these: their rows do
// not matter, all else does.
func NewDescriber(like *Events) *Describer {
	d := &Describer{like: *like, facts: facts{seed: maphash.MakeSeed()}}
	d.like.Positions, d.like.Momenta, d.like.Extra = Matrix{}, Matrix{}, Matrix{}
	positions, momenta := d.like.columns()
	if len(momenta) > 0 { // without, Add refuses everything
		d.momenta = newScatter(len(momenta))
	}
	if len(positions) > 0 {
		d.positions = newScatter(len(positions))
	}
	return d
}

// columns returns the names of the columns that there may be, whatever the events
// call them.
func (e *Events) columns() (positions, momenta []string) {
	if e.Plain() {
		return e.PositionColumns, e.MomentumColumns
	}
	return ColumnNames(e.Atoms)
}

// largestDescribed is the magnitude up to which squares and sums of numbers stay
// finite, in any unit.
const largestDescribed = 1e100

// Add takes events in. The error says why they do not fit together, or do not fit
// with those before, or which number is not finite or too large to compute with.
func (d *Describer) Add(e *Events) error {
	if err := e.check(); err != nil {
		return err
	}
	positions, momenta := e.columns()
	if known, given := d.like.columns(); !slices.Equal(positions, known) || !slices.Equal(momenta, given) ||
		d.facts.len() > 0 && e.HasPositions() != (d.positions.size() > 0) {
		return fmt.Errorf("dataset: describe events: %w", errors.New("they have other atoms or columns than the events before"))
	}
	if err := d.checkRange(e.Positions, positions); err != nil {
		return err
	}
	if err := d.checkRange(e.Momenta, momenta); err != nil {
		return err
	}
	if e.HasPositions() {
		d.positions.add(e.Positions)
	}
	d.momenta.add(e.Momenta)
	d.facts.add(e)
	return nil
}

func (d *Describer) checkRange(m Matrix, columns []string) error {
	for i, v := range m.Data {
		if !(math.Abs(v) <= largestDescribed) {
			return fmt.Errorf("dataset: describe events: row %d, column %s is %g: want a number up to %g", d.facts.len()+i/m.Cols+1, columns[i%m.Cols], v, float64(largestDescribed))
		}
	}
	return nil
}

func (f *facts) len() int { return len(f.hashes) }

func (f *facts) add(e *Events) {
	f.hashes = append(f.hashes, hashes(e, f.seed)...)
	if e.Plain() {
		return
	}
	f.sums = append(f.sums, momentumSums(e)...)
	f.releases = append(f.releases, kineticEnergyReleases(e)...)
	f.largest = append(f.largest, largestMomenta(e)...)
	f.nearest = append(f.nearest, nearestAtoms(e)...)
}

// Summary returns what Describe returns, for all events added.
func (d *Describer) Summary() Summary {
	f := &d.facts
	if f.len() == 0 {
		return Summary{}
	}
	s := Summary{Rows: f.len(), Atoms: d.like.Atoms, IgnoredColumns: d.like.IgnoredColumns}
	positions, momenta := d.like.columns()
	if d.positions.size() > 0 {
		s.Columns = d.positions.describe(positions, d.like.Plain())
	}
	s.Columns = append(s.Columns, d.momenta.describe(momenta, d.like.Plain())...)
	duplicates := duplicateRows(f.hashes)
	s.DuplicateRows = len(duplicates)
	s.Suspicious = suspicions(&d.like, f, duplicates)
	if !d.like.Plain() {
		d.explosions(&s)
	}
	return s
}

// explosions fills in what there is of molecules alone.
func (d *Describer) explosions(s *Summary) {
	f := &d.facts
	if s.MomentumUnit = d.like.MomentumUnit.OrAtomic(); d.positions.size() > 0 {
		unit := d.like.PositionUnit.OrBohr()
		s.PositionUnit = &unit
	}
	sum := spreadOf(f.sums)
	s.MomentumSum = &sum
	if f.releases != nil {
		release, histogram := spreadOf(f.releases), newHistogram(f.releases)
		s.KineticEnergyReleaseEV, s.KineticEnergyReleaseHistogramEV = &release, &histogram
	}
}

// size returns the number of rows, 0 of nothing to count.
func (c *scatter) size() int {
	if c == nil {
		return 0
	}
	return c.rows
}

func (c *scatter) describe(names []string, mixed bool) []ColumnSummary {
	found := c.structure(DefaultTolerance, mixed)
	columns := make([]ColumnSummary, len(names))
	for j, name := range names {
		columns[j] = ColumnSummary{Name: name, Min: c.min[j], Max: c.max[j], Mean: found.mean[j], SD: found.sd[j], Role: ColumnIndependent}
	}
	for _, j := range found.constant {
		columns[j].Role = ColumnConstant
	}
	if c.rows > len(names) {
		for _, j := range found.dependent {
			columns[j].Role = ColumnDependent
		}
	}
	return columns
}
