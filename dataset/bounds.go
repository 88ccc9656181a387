package dataset

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"gonum.org/v1/gonum/stat"

	"github.com/gocei/gocei/internal/excerpt"
)

// Bound says between which ends a target lies. The ends are no values of it: a
// density that is mapped to the whole line has none there.
type Bound struct {
	Column string
	Low    float64
	High   float64
}

// ParseBound reads a bound such as theta_1=-1:1.
func ParseBound(text string) (Bound, error) {
	b := Bound{}
	at := strings.LastIndex(text, "=") // a column's name may hold one
	low, high, ok := strings.Cut(text[at+1:], ":")
	if at < 1 || !ok {
		return b, fmt.Errorf("dataset: parse bound %s: want a column and its ends, as in theta_1=-1:1", excerpt.Of(text))
	}
	b.Column = strings.TrimSpace(text[:at])
	for _, end := range []struct {
		text  string
		value *float64
	}{{low, &b.Low}, {high, &b.High}} {
		value, err := strconv.ParseFloat(strings.TrimSpace(end.text), 64)
		if err != nil {
			return Bound{}, fmt.Errorf("dataset: parse bound %s: %s is not a number", excerpt.Of(text), excerpt.Of(end.text))
		}
		*end.value = value
	}
	if err := b.check(); err != nil {
		return Bound{}, fmt.Errorf("dataset: parse bound: %w", err)
	}
	return b, nil
}

func (b Bound) check() error {
	width := b.High - b.Low
	if b.Column == "" || !(width > 0) || math.IsInf(width, 0) {
		return fmt.Errorf("column %s from %g to %g: want a column and two finite ends, the smaller first", excerpt.Of(b.Column), b.Low, b.High)
	}
	return nil
}

// checkBounds wants each bound to name a target, and every target [N, D] to be
// between its ends.
func (c Encoding) checkBounds(bounds []Bound, targets Matrix) error {
	if len(bounds) > 0 && !c.Plain() {
		return fmt.Errorf("bounds such as that of %s are for targets, which may be any columns: the positions of atoms have none", excerpt.Of(bounds[0].Column))
	}
	for i, b := range bounds {
		if err := b.check(); err != nil {
			return fmt.Errorf("bound targets: %w", err)
		}
		if slices.ContainsFunc(bounds[:i], func(other Bound) bool { return other.Column == b.Column }) {
			return fmt.Errorf("bound targets: %s has two bounds", excerpt.Of(b.Column))
		}
		if !slices.Contains(c.PositionColumns, b.Column) {
			return fmt.Errorf("bound targets: %s is not among the targets %s", excerpt.Of(b.Column), excerpt.List(c.PositionColumns))
		}
	}
	return checkInside(c.bounded(bounds), c.PositionColumns, targets)
}

// bounded returns the bounded columns, without what is to be fitted.
func (c Encoding) bounded(bounds []Bound) (all []BoundedColumn) {
	for _, b := range bounds {
		all = append(all, BoundedColumn{Column: slices.Index(c.PositionColumns, b.Column), Low: b.Low, High: b.High})
	}
	return all
}

// fitBounded fits the scaler of bounded targets: the others' is fitted to them as
// they are on the whole line.
func (c Encoding) fitBounded(train Matrix, o Options) (Scaler, error) {
	bounded := c.bounded(o.Bounds)
	column := make([]float64, train.Rows)
	for i := range bounded {
		b := &bounded[i]
		for row := range column {
			column[row] = train.Row(row)[b.Column]
		}
		b.Mean, b.SD = stat.MeanStdDev(column, nil)
	}
	unbounded, err := Scaler{Columns: c.PositionColumns, Bounded: bounded}.unbound(train)
	if err != nil {
		return Scaler{}, err
	}
	s, err := o.fitter(true).fit(c.PositionColumns, unbounded)
	s.Bounded = bounded
	return s, err
}

// MeanPosition returns the mean position [D] over the training part, in the run's
// frame and units.
func (c Encoding) MeanPosition() ([]float64, error) {
	mean, err := c.DecodePositions(NewMatrix(1, c.Positions.Dim()))
	if err != nil {
		return nil, err
	}
	for _, b := range c.Positions.Bounded { // the mean is no mean on the whole line
		mean.Data[b.Column] = b.Mean
	}
	return mean.Data, nil
}
