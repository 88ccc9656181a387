package dataset

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/gocei/gocei/explosion"
	"github.com/gocei/gocei/internal/nonfinite"
)

// Encoding is the way from an event to model coordinates and back. Prepare fits
// it on the training part alone; as JSON it is stored with a run and comes back
// to the bit.
type Encoding struct {
	Atoms           []string               `json:"atoms,omitempty"`  // none in a plain table
	PositionColumns []string               `json:"position_columns"` // names in the frame [D]
	MomentumColumns []string               `json:"momentum_columns"`
	PositionUnit    explosion.LengthUnit   `json:"position_unit,omitzero"` // zero, as MomentumUnit, in a plain table
	MomentumUnit    explosion.MomentumUnit `json:"momentum_unit,omitzero"`
	Frame           explosion.Frame        `json:"frame"`
	Positions       Scaler                 `json:"positions"`
	Momenta         Scaler                 `json:"momenta"`
	// The range of each model condition over the training part [c].
	ConditionMin []float64 `json:"condition_min"`
	ConditionMax []float64 `json:"condition_max"`
	// Domain knows events unlike the training part; nil where there was no
	// validation part, and in runs that are older than it.
	Domain *Domain `json:"domain,omitempty"`
}

// EncodeMomenta returns the model conditions [N, c] of events: their atoms
// matched by name, in the run's units and frame, scaled.
func (c Encoding) EncodeMomenta(e *Events) (Matrix, error) {
	momenta, err := c.frameMomenta(e)
	if err != nil {
		return Matrix{}, err
	}
	return c.Momenta.Apply(momenta)
}

// EncodePositions returns the model coordinates [N, d] of the events' positions.
func (c Encoding) EncodePositions(e *Events) (Matrix, error) {
	positions, err := c.FramePositions(e)
	if err != nil {
		return Matrix{}, err
	}
	return c.Positions.Apply(positions)
}

// FramePositions returns the events' positions [N, D] in the run's frame and
// units (see PositionUnits): the truth that decoded positions are compared with.
func (c Encoding) FramePositions(e *Events) (Matrix, error) {
	e, err := c.conform(e)
	if err != nil {
		return Matrix{}, err
	}
	if !e.HasPositions() {
		return Matrix{}, errors.New("dataset: encode positions: the events have momenta only")
	}
	if err := checkFinite(e.Positions); err != nil {
		return Matrix{}, err
	}
	return turn(e.Momenta, func(dst []float64, event int) ([]float64, error) {
		dst, _, err := c.Frame.Positions(dst, e.Positions.Row(event), e.Momenta.Row(event))
		return dst, err
	})
}

// DecodePositions returns the positions [N, D], in the run's frame and units, of
// model coordinates [N, d]. Angles beyond their range, which a model may draw,
// are folded back into it.
func (c Encoding) DecodePositions(model Matrix) (Matrix, error) {
	positions, err := c.Positions.Invert(model)
	if err != nil || c.Frame.Kind != explosion.FrameInternal {
		return positions, err
	}
	for i := range positions.Rows {
		c.Frame.ZMatrix.Fold(positions.Row(i))
	}
	return positions, nil
}

// domainMargin is how far, in widths of its training range, a condition may lie
// outside that before a model extrapolates rather than rounds off a corner.
const domainMargin = 0.05

// OutsideDomain reports for each row of model conditions [N, c] whether any of
// them lies beyond the range of the training part by more than 5 % of its width.
// It sees each condition alone: a row may be inside and yet unlike every
// training event. Conditions of the wrong width are all outside.
func (c Encoding) OutsideDomain(conditions Matrix) []bool {
	outside := make([]bool, max(conditions.Rows, 0))
	unknown := conditions.check() != nil || conditions.Cols != len(c.ConditionMin)
	for i := range outside {
		outside[i] = unknown || c.rowOutside(conditions.Row(i))
	}
	return outside
}

func (c Encoding) rowOutside(conditions []float64) bool {
	for j, v := range conditions {
		margin := domainMargin * (c.ConditionMax[j] - c.ConditionMin[j])
		if !(v >= c.ConditionMin[j]-margin && v <= c.ConditionMax[j]+margin) {
			return true
		}
	}
	return false
}

func (c Encoding) frameMomenta(e *Events) (Matrix, error) {
	e, err := c.conform(e)
	if err != nil {
		return Matrix{}, err
	}
	return turn(e.Momenta, func(dst []float64, event int) ([]float64, error) {
		dst, _, err := c.Frame.Momenta(dst, e.Momenta.Row(event))
		return dst, err
	})
}

// conform brings events into the run's order of atoms and its units, and plain
// tables into its order of columns.
func (c Encoding) conform(e *Events) (*Events, error) {
	if c.Plain() {
		return e.withColumns(c.PositionColumns, c.MomentumColumns)
	}
	e, err := e.Reordered(c.Atoms)
	if err != nil {
		return nil, err
	}
	return e.InUnits(c.PositionUnit, c.MomentumUnit), nil
}

// turn puts every event into a frame; like is a matrix with a row for each.
func turn(like Matrix, frame func(dst []float64, event int) ([]float64, error)) (Matrix, error) {
	if err := checkFinite(like); err != nil {
		return Matrix{}, err
	}
	out := Matrix{Rows: like.Rows, Data: make([]float64, 0, len(like.Data))}
	for i := range like.Rows {
		var err error
		if out.Data, err = frame(out.Data, i); err != nil {
			return Matrix{}, fmt.Errorf("dataset: turn event %d of %d into the frame: %w", i+1, like.Rows, err)
		}
	}
	if like.Rows > 0 {
		out.Cols = len(out.Data) / like.Rows
	}
	return out, nil
}

func checkFinite(m Matrix) error {
	if i := nonfinite.Index(m.Data); i >= 0 {
		return fmt.Errorf("dataset: turn event %d of %d into the frame: coordinate %d is %g: want a finite number", i/m.Cols+1, m.Rows, i%m.Cols+1, m.Data[i])
	}
	return nil
}

// setDomain takes the range of the conditions of the training part.
func (c *Encoding) setDomain(conditions Matrix) {
	c.ConditionMin, c.ConditionMax = slices.Clone(conditions.Row(0)), slices.Clone(conditions.Row(0))
	for i := range conditions.Rows {
		for j, v := range conditions.Row(i) {
			c.ConditionMin[j], c.ConditionMax[j] = min(c.ConditionMin[j], v), max(c.ConditionMax[j], v)
		}
	}
}

// UnmarshalJSON reads an encoding and refuses one whose parts do not fit
// together.
func (c *Encoding) UnmarshalJSON(text []byte) error {
	type plain Encoding
	if err := json.Unmarshal(text, (*plain)(c)); err != nil {
		return err
	}
	labels, err := Labels(c.Atoms)
	if err != nil {
		return err
	}
	switch conditions := c.Momenta.Dim(); {
	case !slices.Equal(labels, c.Atoms):
		err = fmt.Errorf("atoms %q: want names such as %q", c.Atoms, labels)
	case c.Plain() && (c.Frame.Kind != explosion.FrameAsIs || c.PositionUnit.Name+c.MomentumUnit.Name != "" || len(c.MomentumColumns) == 0):
		err = fmt.Errorf("atoms: none are named, as in a plain table, and yet there is a %q frame, a unit %q, or no condition", c.Frame.Kind, c.PositionUnit.Name)
	case len(c.framePositionColumns()) != len(c.PositionColumns):
		err = fmt.Errorf("a %q frame and %d position columns for %d atoms do not fit together", c.Frame.Kind, len(c.PositionColumns), len(c.Atoms))
	case !slices.Equal(c.PositionColumns, c.Positions.Columns) || !slices.Equal(c.MomentumColumns, c.Momenta.Columns):
		err = errors.New("the scalers are for other columns")
	case len(c.ConditionMin) != conditions || len(c.ConditionMax) != conditions:
		err = fmt.Errorf("ranges of %d and %d conditions: want %d", len(c.ConditionMin), len(c.ConditionMax), conditions)
	default:
		err = c.Domain.check(conditions)
	}
	if err != nil {
		return fmt.Errorf("dataset: read encoding: %w", err)
	}
	return nil
}
