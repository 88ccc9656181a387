package dataset

import (
	"cmp"
	"encoding/binary"
	"hash/maphash"
	"math"
	"slices"

	"github.com/gocei/gocei/explosion"
	"gonum.org/v1/gonum/stat"
)

// Summary is what Describe finds in a table.
type Summary struct {
	Rows           int                    `json:"rows"`
	Atoms          []string               `json:"atoms"`
	PositionUnit   *explosion.LengthUnit  `json:"position_unit,omitempty"` // nil without positions
	MomentumUnit   explosion.MomentumUnit `json:"momentum_unit"`
	Columns        []ColumnSummary        `json:"columns"`
	IgnoredColumns int                    `json:"ignored_columns"`
	DuplicateRows  int                    `json:"duplicate_rows"` // rows that an earlier one equals to the bit
	// MomentumSum is |Σp| an event, in MomentumUnit; 0 where the centre of mass
	// rests and every fragment was measured.
	MomentumSum Spread `json:"momentum_sum"`
	// KineticEnergyReleaseEV is Σ p²/2m an event; nil where an atom has neither a
	// given mass nor a standard atomic weight.
	KineticEnergyReleaseEV *Spread `json:"kinetic_energy_release_ev,omitempty"`
	// KineticEnergyReleaseHistogramEV goes with it.
	KineticEnergyReleaseHistogramEV *Histogram `json:"kinetic_energy_release_histogram_ev,omitempty"`
	// Suspicious is what somebody should look at before trusting the table.
	Suspicious []Suspicion `json:"suspicious"`
}

// ColumnSummary describes one column in the unit of the table.
type ColumnSummary struct {
	Name string     `json:"name"`
	Min  float64    `json:"min"`
	Max  float64    `json:"max"`
	Mean float64    `json:"mean"`
	SD   float64    `json:"sd"`
	Role ColumnRole `json:"role"`
}

// ColumnRole says whether a column has information of its own.
type ColumnRole string

// The roles that FitScaler would give the columns with DefaultTolerance. Which
// one of several interdependent columns counts as independent is a choice.
const (
	ColumnIndependent ColumnRole = "independent"
	ColumnConstant    ColumnRole = "constant"
	ColumnDependent   ColumnRole = "dependent"
)

// Spread tells how a quantity is distributed over the events.
type Spread struct {
	P5     float64 `json:"p5"` // the 5 % quantile
	Median float64 `json:"median"`
	P95    float64 `json:"p95"`
	Max    float64 `json:"max"`
}

// Describe summarises events. Where there are not more rows than columns,
// dependence could be coincidence, and no column is called dependent. Events
// whose parts do not fit together, which NewEvents and ReadCSV never return,
// have an empty summary.
func Describe(e *Events) Summary {
	if e.check() != nil || e.Len() == 0 {
		return Summary{}
	}
	s := Summary{Rows: e.Len(), Atoms: e.Atoms, MomentumUnit: orAtomic(e.MomentumUnit), IgnoredColumns: e.IgnoredColumns}
	positions, momenta := ColumnNames(e.Atoms)
	if e.HasPositions() {
		unit := orBohr(e.PositionUnit)
		s.PositionUnit = &unit
		s.Columns = describeColumns(positions, e.Positions)
	}
	s.Columns = append(s.Columns, describeColumns(momenta, e.Momenta)...)
	duplicates := duplicateRows(e)
	s.DuplicateRows = len(duplicates)
	sums, releases := momentumSums(e), kineticEnergyReleases(e)
	s.MomentumSum = spreadOf(sums)
	if releases != nil {
		release, histogram := spreadOf(releases), newHistogram(releases)
		s.KineticEnergyReleaseEV, s.KineticEnergyReleaseHistogramEV = &release, &histogram
	}
	s.Suspicious = suspicions(e, sums, releases, duplicates)
	return s
}

func describeColumns(names []string, data Matrix) []ColumnSummary {
	found := analyse(data, DefaultTolerance)
	columns := make([]ColumnSummary, len(names))
	for j, name := range names {
		columns[j] = ColumnSummary{Name: name, Min: math.Inf(1), Max: math.Inf(-1), Mean: found.mean[j], SD: found.sd[j], Role: ColumnIndependent}
		for i := range data.Rows {
			v := data.Row(i)[j]
			columns[j].Min, columns[j].Max = min(columns[j].Min, v), max(columns[j].Max, v)
		}
	}
	for _, j := range found.constant {
		columns[j].Role = ColumnConstant
	}
	if data.Rows > data.Cols {
		for _, j := range found.dependent {
			columns[j].Role = ColumnDependent
		}
	}
	return columns
}

// duplicateRows returns, ascending, the rows that an earlier one equals to the
// bit. It compares 64-bit hashes: among ten million rows the chance that two
// different ones look the same is below 1e-5.
func duplicateRows(e *Events) (duplicates []int) {
	var hash maphash.Hash
	hashes, order := make([]uint64, e.Len()), make([]int, e.Len())
	for i := range hashes {
		hash.Reset()
		writeBits(&hash, e.Momenta.Row(i))
		if e.HasPositions() {
			writeBits(&hash, e.Positions.Row(i))
		}
		hashes[i], order[i] = hash.Sum64(), i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Or(cmp.Compare(hashes[a], hashes[b]), a-b) })
	for k := 1; k < len(order); k++ {
		if hashes[order[k]] == hashes[order[k-1]] {
			duplicates = append(duplicates, order[k])
		}
	}
	slices.Sort(duplicates)
	return duplicates
}

func writeBits(hash *maphash.Hash, row []float64) {
	var bits [8]byte
	for _, v := range row {
		binary.LittleEndian.PutUint64(bits[:], math.Float64bits(v))
		hash.Write(bits[:]) // never fails
	}
}

func spreadOf(values []float64) Spread {
	values = slices.Sorted(slices.Values(values))
	at := func(p float64) float64 { return stat.Quantile(p, stat.LinInterp, values, nil) }
	return Spread{P5: at(0.05), Median: at(0.5), P95: at(0.95), Max: values[len(values)-1]}
}
