package dataset

import (
	"slices"

	"gonum.org/v1/gonum/stat"

	"github.com/gocei/gocei/explosion"
)

// Summary is what Describe finds in a table.
type Summary struct {
	Rows           int                    `json:"rows"`
	Atoms          []string               `json:"atoms,omitempty"`         // none in a plain table
	PositionUnit   *explosion.LengthUnit  `json:"position_unit,omitempty"` // nil without positions
	MomentumUnit   explosion.MomentumUnit `json:"momentum_unit,omitzero"`  // zero in a plain table
	Columns        []ColumnSummary        `json:"columns"`
	IgnoredColumns int                    `json:"ignored_columns"`
	DuplicateRows  int                    `json:"duplicate_rows"` // rows that an earlier one equals to the bit
	// MomentumSum is |Σp| an event, in MomentumUnit; 0 where the centre of mass
	// rests and every fragment was measured; nil in a plain table.
	MomentumSum *Spread `json:"momentum_sum,omitempty"`
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
// dependence could be coincidence, and no column is called dependent. Events that
// Describer.Add refuses have an empty summary.
func Describe(e *Events) Summary {
	if e.check() != nil {
		return Summary{}
	}
	d := NewDescriber(e)
	if err := d.Add(e); err != nil {
		return Summary{}
	}
	return d.Summary()
}

func spreadOf(values []float64) Spread {
	values = slices.Sorted(slices.Values(values))
	at := func(p float64) float64 { return stat.Quantile(p, stat.LinInterp, values, nil) }
	return Spread{P5: at(0.05), Median: at(0.5), P95: at(0.95), Max: values[len(values)-1]}
}
