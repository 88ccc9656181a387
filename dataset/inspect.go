package dataset

import (
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
	// KineticEnergyReleaseEV is Σ p²/2m an event with standard atomic weights; nil
	// where an atom has none.
	KineticEnergyReleaseEV *Spread `json:"kinetic_energy_release_ev,omitempty"`
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
	s.DuplicateRows = duplicateRows(e)
	s.MomentumSum = spreadOf(e, momentumSum)
	if masses, ok := electronMasses(e.Atoms); ok {
		au := s.MomentumUnit.AU
		release := spreadOf(e, func(momenta []float64) float64 { return kineticEnergyEV(momenta, masses, au) })
		s.KineticEnergyReleaseEV = &release
	}
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

// duplicateRows counts by 64-bit hashes: among ten million rows the chance that
// two different ones look the same is below 1e-5.
func duplicateRows(e *Events) (duplicates int) {
	var hash maphash.Hash
	hashes := make([]uint64, e.Len())
	for i := range hashes {
		hash.Reset()
		writeBits(&hash, e.Momenta.Row(i))
		if e.HasPositions() {
			writeBits(&hash, e.Positions.Row(i))
		}
		hashes[i] = hash.Sum64()
	}
	slices.Sort(hashes)
	for i := 1; i < len(hashes); i++ {
		if hashes[i] == hashes[i-1] {
			duplicates++
		}
	}
	return duplicates
}

func writeBits(hash *maphash.Hash, row []float64) {
	var bits [8]byte
	for _, v := range row {
		binary.LittleEndian.PutUint64(bits[:], math.Float64bits(v))
		hash.Write(bits[:]) // never fails
	}
}

func spreadOf(e *Events, quantity func(momenta []float64) float64) Spread {
	values := make([]float64, e.Len())
	for i := range values {
		values[i] = quantity(e.Momenta.Row(i))
	}
	slices.Sort(values)
	at := func(p float64) float64 { return stat.Quantile(p, stat.LinInterp, values, nil) }
	return Spread{P5: at(0.05), Median: at(0.5), P95: at(0.95), Max: values[len(values)-1]}
}

func momentumSum(momenta []float64) float64 {
	var sum [3]float64
	for i, p := range momenta {
		sum[i%3] += p
	}
	return math.Sqrt(sum[0]*sum[0] + sum[1]*sum[1] + sum[2]*sum[2])
}

func electronMasses(atoms []string) (masses []float64, ok bool) {
	for _, atom := range atoms {
		symbol, _ := splitLabel(atom)
		dalton, known := explosion.AtomicMass(symbol)
		if !known {
			return nil, false
		}
		masses = append(masses, dalton*explosion.DaltonElectronMass)
	}
	return masses, true
}

func kineticEnergyEV(momenta, masses []float64, au float64) (energy float64) {
	for i, p := range momenta {
		p *= au
		energy += p * p / (2 * masses[i/3])
	}
	return energy * explosion.HartreeElectronVolt
}
