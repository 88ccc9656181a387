package posterior

import (
	"context"
	"fmt"

	"github.com/gocei/gocei/cvae"
	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/explosion"
	"github.com/gocei/gocei/trainer"
)

// Evaluation is how well posteriors fit events whose positions are known. Lengths are in Unit. Errors and the energy
// score compare Cartesian positions in the frame's axes, which are rebuilt from internal coordinates in a run of such;
// PerComponent, Coverage and NLL are over the frame's own coordinates. In a run on a plain table, targets take the place of
// positions and conditions that of momenta; Unit is empty.
type Evaluation struct {
	Model         string      `json:"model"`
	Members       int         `json:"members"` // of the ensemble; 1 for a run that is none
	Events        int         `json:"events"`
	OutsideDomain int         `json:"outside_domain"` // events whose momenta the training part does not cover
	Draws         int         `json:"draws"`          // an event
	Redrawn       int         `json:"redrawn"`        // draws that overflowed and were drawn again
	Unit          string      `json:"unit"`
	Frame         string      `json:"frame"`
	MREThreshold  float64     `json:"mre_threshold"` // mre_masked leaves out components smaller than this
	Point         PointErrors `json:"point"`         // of the posterior mean
	Sample        PointErrors `json:"sample"`        // of a single draw an event
	ConstantMean  PointErrors `json:"constant_mean"` // of the training part's mean position, for comparison
	PerComponent  []Component `json:"per_component"`
	NLL           float64     `json:"nll"`          // mean of -log p(positions|momenta), see LogDensity
	NLLKind       string      `json:"nll_kind"`     // whether that is exact or a bound
	NLLLeftOut    int         `json:"nll_left_out"` // events whose density overflowed, which NLL does not count
	EnergyScore   float64     `json:"energy_score"`
	Coverage      Coverage    `json:"coverage"` // mean over the independent columns
	CoverageError Coverage    `json:"coverage_standard_error"`

	CoverageCurve []CoveragePoint `json:"coverage_curve"` // Coverage at many probabilities

	SBC            *SBC              `json:"sbc"`
	TARP           *ExpectedCoverage `json:"tarp"`                      // of balls about random points
	HighestDensity *ExpectedCoverage `json:"highest_density,omitempty"` // of highest-density regions; nil where densities are bounds
	ZScore         []ZScore          `json:"z_score"`
	Contraction    []Contraction     `json:"contraction"`
	Predictive     *Predictive       `json:"predictive,omitempty"` // nil without a recipe
	Unusual        *Unusual          `json:"unusual,omitempty"`    // nil for runs whose training had no validation part
	C2ST           *C2ST             `json:"c2st,omitempty"`       // nil without reference posteriors; see Inverse.C2ST

	RoundTrip RoundTrip `json:"round_trip"` // a check of invertibility, not a prediction

	MomentumNoise trainer.MomentumNoise `json:"momentum_noise,omitzero"` // that was added to the events' momenta
}

// PointErrors are the errors of one position estimate an event, over all components (the proposal's equations 8 and 9).
type PointErrors struct {
	MSE       float64 `json:"mse"`           // mean squared error
	MRE       float64 `json:"mre"`           // mean of |error| / |truth|, without components that are exactly zero
	MREMasked float64 `json:"mre_masked"`    // the same without components below the threshold
	ADE       float64 `json:"ade,omitempty"` // mean distance per atom; 0 of a plain table
}

// Component is one position column's share.
type Component struct {
	Column      string   `json:"column"`
	Unit        string   `json:"unit"`        // of the column, and of its errors and the threshold
	Independent bool     `json:"independent"` // whether the model has it, or it is put back
	MSE         float64  `json:"mse"`         // of the posterior mean
	MRE         float64  `json:"mre"`
	MREMasked   float64  `json:"mre_masked"`
	Coverage    Coverage `json:"coverage,omitempty"`

	CoverageError Coverage `json:"coverage_standard_error,omitempty"`
}

// RoundTrip is the error of positions mapped to the latent space and back, knowing them.
type RoundTrip struct {
	MSE  float64 `json:"mse"`
	Note string  `json:"note"`
}

const roundTripNote = "positions are mapped to the latent space and back: a check of invertibility, not a prediction"

// The kinds of negative log-likelihood.
const (
	nllExact = "exact"
	nllBound = "importance-weighted bound"
)

// defaultMaskBohr is the size below which mre_masked leaves a component out.
const defaultMaskBohr = 0.1

// EvaluateOptions say how to evaluate; zeros are the defaults.
type EvaluateOptions struct {
	Draws        int     // an event; 500
	MREThreshold float64 // in the run's position unit; 0.1 Bohr, or 0.1 in the units of a plain table
	// MomentumNoise is added to the events' momenta in the frame, in one realisation that follows from the seed.
	MomentumNoise trainer.MomentumNoise

	// Recipe is what the events were simulated from, or what their explosion is believed to be: draws are exploded by it
	// and compared with the events' momenta. Nil leaves Evaluation.Predictive out.
	Recipe *explosion.Recipe
}

func (o EvaluateOptions) withDefaults(unit explosion.LengthUnit) EvaluateOptions {
	if o.Draws == 0 {
		o.Draws = 500
	}
	if o.MREThreshold == 0 {
		o.MREThreshold = defaultMaskBohr / unit.OrBohr().Bohr
	}
	return o
}

// Evaluate compares posterior draws for the events' momenta with the events' positions. The positions are used for
// nothing but the comparison.
func (v *Inverse) Evaluate(ctx context.Context, events *dataset.Events, o EvaluateOptions) (*Evaluation, error) {
	c := v.run.Encoding
	o = o.withDefaults(c.PositionUnit)
	truth, err := c.FramePositions(events)
	if err != nil {
		return nil, fmt.Errorf("posterior: evaluate: %w", err)
	}
	if truth.Rows == 0 {
		return nil, fmt.Errorf("posterior: evaluate: there are no events")
	}
	outside, err := v.OutsideDomain(events)
	if err != nil {
		return nil, err
	}
	e := &Evaluation{
		Model: v.Kind(), Members: v.Members(), Events: truth.Rows, OutsideDomain: countTrue(outside), Draws: o.Draws,
		Unit: c.PositionUnit.Name, Frame: string(c.Frame.Kind), MREThreshold: o.MREThreshold, MomentumNoise: o.MomentumNoise,
	}
	if e.Unusual, err = v.judgeUnusual(events); err != nil {
		return nil, err
	}
	defer v.AddMomentumNoise(o.MomentumNoise)()
	if err := v.judgeDraws(ctx, e, events, truth, o); err != nil {
		return nil, err
	}
	if err := v.judgeDensity(ctx, e, events); err != nil {
		return nil, err
	}
	return e, v.judgeRoundTrip(ctx, e, events, truth)
}

// judgeDraws fills in what follows from comparing draws with the truth.
func (v *Inverse) judgeDraws(ctx context.Context, e *Evaluation, events *dataset.Events, truth dataset.Matrix, o EvaluateOptions) error {
	j, err := v.newJudge(events, truth, o)
	if err != nil {
		return fmt.Errorf("posterior: evaluate: %w", err)
	}
	redrawn := v.redrawn
	if err := v.Each(ctx, events, e.Draws, j.add); err != nil {
		return err
	}
	e.Point, e.Sample, e.ConstantMean = j.point.total(), j.single.total(), j.constant.total()
	e.EnergyScore, e.Redrawn = j.energy/float64(truth.Rows), v.redrawn-redrawn
	e.Coverage = j.covered.over(v.run.Encoding.Positions.Kept)
	e.CoverageError = j.covered.errorOfMean()
	e.CoverageCurve = j.covered.curve()
	e.PerComponent = j.components()
	if j.predicted != nil {
		e.Predictive = j.predicted.report()
	}
	return j.calibrated.report(e)
}

// components returns each column's share.
func (j *judge) components() []Component {
	units := j.encoding.PositionUnits()
	all := make([]Component, len(units))
	for i, name := range j.encoding.PositionColumns {
		part := j.columns.component(i)
		all[i] = Component{Column: name, Unit: units[i], MSE: part.MSE, MRE: part.MRE, MREMasked: part.MREMasked}
	}
	for _, i := range j.encoding.Positions.Kept {
		all[i].Independent, all[i].Coverage, all[i].CoverageError = true, j.covered.over([]int{i}), j.covered.errorOf(i)
	}
	return all
}

func (v *Inverse) judgeDensity(ctx context.Context, e *Evaluation, events *dataset.Events) error {
	logs, err := v.LogDensity(ctx, events)
	if err != nil {
		return err
	}
	total := 0.0
	for _, l := range logs {
		if finite(l) {
			total -= l
		} else {
			e.NLLLeftOut++
		}
	}
	e.NLL, e.NLLKind = ratio(total, len(logs)-e.NLLLeftOut), nllExact
	if v.Kind() == cvae.Kind {
		e.NLLKind = nllBound
	}
	return nil
}

func (v *Inverse) judgeRoundTrip(ctx context.Context, e *Evaluation, events *dataset.Events, truth dataset.Matrix) error {
	back, err := v.RoundTrip(ctx, events)
	if err != nil {
		return err
	}
	c := v.run.Encoding
	if back, err = c.CartesianPositions(back); err != nil {
		return fmt.Errorf("posterior: round trip: %w", err)
	}
	if truth, err = c.CartesianPositions(truth); err != nil {
		return fmt.Errorf("posterior: round trip: %w", err)
	}
	sums := newErrors(truth.Cols, len(c.Atoms), e.MREThreshold)
	for i := range truth.Rows {
		sums.add(back.Row(i), truth.Row(i))
	}
	e.RoundTrip = RoundTrip{MSE: sums.total().MSE, Note: roundTripNote}
	return nil
}

func countTrue(all []bool) (n int) {
	for _, is := range all {
		if is {
			n++
		}
	}
	return n
}

func meanRow(m dataset.Matrix) []float64 {
	mean := make([]float64, m.Cols)
	for i := range m.Rows {
		for j, x := range m.Row(i) {
			mean[j] += x / float64(m.Rows)
		}
	}
	return mean
}
