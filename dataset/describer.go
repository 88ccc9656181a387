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

// facts are what is to be known of each event to tell what is suspicious.
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
	if width := 3 * len(like.Atoms); width > 0 { // without atoms, Add refuses everything
		d.momenta, d.positions = newScatter(width), newScatter(width)
	}
	return d
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
	if !slices.Equal(e.Atoms, d.like.Atoms) || d.facts.len() > 0 && e.HasPositions() != (len(d.facts.nearest) > 0) {
		return fmt.Errorf("dataset: describe events: %w", errors.New("they have other atoms or columns than the events before"))
	}
	positions, momenta := ColumnNames(e.Atoms)
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

func (f *facts) len() int { return len(f.sums) }

func (f *facts) add(e *Events) {
	f.sums = append(f.sums, momentumSums(e)...)
	f.releases = append(f.releases, kineticEnergyReleases(e)...)
	f.largest = append(f.largest, largestMomenta(e)...)
	f.nearest = append(f.nearest, nearestAtoms(e)...)
	f.hashes = append(f.hashes, hashes(e, f.seed)...)
}

// Summary returns what Describe returns, for all events added.
func (d *Describer) Summary() Summary {
	f := &d.facts
	if f.len() == 0 {
		return Summary{}
	}
	s := Summary{Rows: f.len(), Atoms: d.like.Atoms, MomentumUnit: d.like.MomentumUnit.OrAtomic(), IgnoredColumns: d.like.IgnoredColumns}
	positions, momenta := ColumnNames(d.like.Atoms)
	if d.positions.rows > 0 {
		unit := d.like.PositionUnit.OrBohr()
		s.PositionUnit = &unit
		s.Columns = d.positions.describe(positions)
	}
	s.Columns = append(s.Columns, d.momenta.describe(momenta)...)
	duplicates := duplicateRows(f.hashes)
	s.DuplicateRows = len(duplicates)
	s.MomentumSum = spreadOf(f.sums)
	if f.releases != nil {
		release, histogram := spreadOf(f.releases), newHistogram(f.releases)
		s.KineticEnergyReleaseEV, s.KineticEnergyReleaseHistogramEV = &release, &histogram
	}
	s.Suspicious = suspicions(&d.like, f, duplicates)
	return s
}

func (c *scatter) describe(names []string) []ColumnSummary {
	found := c.structure(DefaultTolerance)
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
