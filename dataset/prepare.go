package dataset

import (
	"errors"
	"fmt"

	"github.com/gocei/gocei/explosion"
)

// Options say how Prepare makes a split. The zero value leaves coordinates as
// they are, standardises them and splits 70/15/15 with seed 0.
type Options struct {
	Frame     explosion.FrameKind
	Axis      [2]string // labels of the frame's axis atoms; empty for the two heaviest
	Scaler    ScalerKind
	Fractions Fractions
	Seed      uint64
	Tolerance float64 // see FitScaler; in a plain table, relative to each column's own deviation
	// Added are further events for the training part alone, such as simulated
	// ones beside few that were measured. None may be among those to be split.
	Added *Events
	// Bounds are ends that targets of a plain table cannot reach: draws stay between
	// them, and the density is one between them.
	Bounds []Bound
}

// Part is one part of a split in model coordinates.
type Part struct {
	Positions Matrix // [n, d]
	Momenta   Matrix // [n, c]
}

// Len returns the number of events.
func (p Part) Len() int { return p.Momenta.Rows }

// Split is a table of events made ready for a model.
type Split struct {
	Train, Validation, Test Part
	Encoding                Encoding
	Partition               Partition // the table's rows in each part; added ones are counted on from them
	Fractions               Fractions // that the partition was made with
	Seed                    uint64
	Added                   int // rows of Options.Added, the last of the training part
	Later                   int // rows of a Stream's table that are trained on, but not in Train
}

// Prepare turns events into the frame, splits them, fits the encoding on the
// training part alone and applies it to all parts. Nothing in the result but the
// validation and test parts themselves depends on the rows in them, except that
// the validation part sets the limits of Encoding.Domain.
func Prepare(e *Events, o Options) (*Split, error) {
	if err := e.check(); err != nil {
		return nil, err
	}
	if !e.HasPositions() {
		return nil, errors.New("dataset: prepare events: they have momenta only, and there is nothing to learn from")
	}
	o = o.withDefaults()
	partition, err := SplitRows(e.Len(), o.Fractions, o.Seed)
	if err != nil {
		return nil, err
	}
	added := 0
	if o.Added != nil {
		added = o.Added.Len()
		if e, err = e.withAdded(o.Added); err != nil {
			return nil, err
		}
		partition = partition.extended(added)
	}
	c, err := newEncoding(e, partition.Train, o)
	if err != nil {
		return nil, err
	}
	positions, err := c.FramePositions(e)
	if err != nil {
		return nil, err
	}
	if err := c.checkBounds(o.Bounds, positions); err != nil {
		return nil, fmt.Errorf("dataset: prepare events: %w", err)
	}
	momenta, err := c.frameMomenta(e)
	if err != nil {
		return nil, err
	}
	if least := max(positions.Cols, momenta.Cols) + 1; len(partition.Train) < least {
		return nil, fmt.Errorf("dataset: prepare events: the training part of %d rows has %d: want at least %d for %d columns, which takes %d rows",
			e.Len(), len(partition.Train), least, least-1, o.Fractions.rowsFor(e.Len()-added, least-added)+added)
	}
	s := &Split{Encoding: c, Partition: partition, Fractions: o.Fractions, Seed: o.Seed, Added: added}
	return s, s.fit(positions, momenta, o)
}

func (o Options) withDefaults() Options {
	if o.Frame == "" {
		o.Frame = explosion.FrameAsIs
	}
	if o.Scaler == "" {
		o.Scaler = ScalerStandard
	}
	if o.Fractions == (Fractions{}) {
		o.Fractions = DefaultFractions
	}
	return o
}

// referenceRows is how many training rows an internal frame looks at to find
// bonds and the branches of dihedrals: medians and means of so many do not
// change with more.
const referenceRows = 10_000

// newEncoding returns all of an encoding that is known before it is fitted.
func newEncoding(e *Events, train []int, o Options) (c Encoding, err error) {
	if e.Plain() {
		return newPlainEncoding(e, o)
	}
	c.PositionUnit, c.MomentumUnit = e.PositionUnit.OrBohr(), e.MomentumUnit.OrAtomic()
	if c.Atoms, err = Labels(e.Atoms); err != nil {
		return Encoding{}, err
	}
	choices := explosion.FrameOptions{MassesDalton: e.MassesDalton, Axis: o.Axis}
	if o.Frame == explosion.FrameInternal {
		choices.Reference = e.Positions.SelectRows(train[:min(len(train), referenceRows)]).Data
	}
	if c.Frame, err = choices.NewFrame(o.Frame, c.Atoms); err != nil {
		return Encoding{}, fmt.Errorf("dataset: prepare events: %w", err)
	}
	_, c.MomentumColumns = ColumnNames(c.Atoms)
	c.PositionColumns = c.framePositionColumns()
	return c, nil
}

// fit fits the encoding's scalers and domain, and fills the parts.
func (s *Split) fit(positions, momenta Matrix, o Options) (err error) {
	c := &s.Encoding
	if c.Positions, err = c.fitPositions(positions.SelectRows(s.Partition.Train), o); err != nil {
		return fmt.Errorf("dataset: prepare positions: %w", err)
	}
	if c.Momenta, err = o.fitter(c.Plain()).fit(c.MomentumColumns, momenta.SelectRows(s.Partition.Train)); err != nil {
		return fmt.Errorf("dataset: prepare momenta: %w", err)
	}
	if positions, err = c.Positions.Apply(positions); err != nil {
		return err
	}
	if momenta, err = c.Momenta.Apply(momenta); err != nil {
		return err
	}
	part := func(rows []int) Part {
		return Part{Positions: positions.SelectRows(rows), Momenta: momenta.SelectRows(rows)}
	}
	s.Train, s.Validation, s.Test = part(s.Partition.Train), part(s.Partition.Validation), part(s.Partition.Test)
	c.setDomain(s.Train.Momenta)
	c.Domain = newDomain(s.Train.Momenta, s.Validation.Momenta)
	return nil
}
