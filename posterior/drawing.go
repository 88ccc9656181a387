package posterior

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"

	"github.com/gocei/gocei/dataset"
)

// Drawing is the draws that somebody asked for, on their way: Samplers go on with it, beside those of others, until
// nothing is Left. Its draws depend on the model, its momenta, their number an event, and its seed, and neither on what
// was drawn with them nor in how many parts they came (see Sampler for how exactly). They are others than Sample's.
type Drawing struct {
	inverse    *Inverse
	conditions dataset.Matrix
	perEvent   int
	seed       uint64
	done       int
	positions  dataset.Matrix
	source     *rand.ChaCha8
	random     *rand.Rand // of the event under way
	err        error
}

// NewDrawing asks for perEvent draws for the momenta of each event. Unlike what computes with the model, it may be called
// by any goroutine at any time. The error says what is wrong with the events.
func (v *Inverse) NewDrawing(events *dataset.Events, perEvent int, seed uint64) (*Drawing, error) {
	if perEvent < 1 || events.Len() < 1 {
		return nil, fmt.Errorf("posterior: ask for draws: want at least one event and one draw, got %d and %d", events.Len(), perEvent)
	}
	conditions, err := v.run.Encoding.EncodeMomenta(events)
	if err != nil {
		return nil, fmt.Errorf("posterior: ask for draws: %w", err)
	}
	d := &Drawing{inverse: v, conditions: conditions, perEvent: perEvent, seed: seed, source: rand.NewChaCha8([32]byte{})}
	d.random = rand.New(d.source)
	return d, nil
}

// Conditions returns what the model is given for the events [events, c].
func (d *Drawing) Conditions() dataset.Matrix { return d.conditions }

// Left returns how many draws are still to be made.
func (d *Drawing) Left() int {
	if d.err != nil {
		return 0
	}
	return d.conditions.Rows*d.perEvent - d.done
}

// Draws returns all draws, in the run's frame and the units that Encoding.PositionUnits names, once nothing is Left; before
// that, and where the model overflows for some event, an error.
func (d *Drawing) Draws() (*Draws, error) {
	switch {
	case d.err != nil:
		return nil, d.err
	case d.Left() > 0:
		return nil, errors.New("posterior: take draws: they are not all made")
	}
	return &Draws{
		Columns: d.inverse.run.Encoding.PositionColumns, Events: d.conditions.Rows, PerEvent: d.perEvent,
		Coordinates: d.positions.Cols, Data: d.positions.Data,
	}, nil
}

// Streams of random numbers, beside which tries of a draw that overflowed have theirs.
const (
	eventStream = iota
	againStream
)

// seek starts the stream of one event, or of one draw that overflowed: streams of ChaCha8 under different keys are
// independent.
func (d *Drawing) seek(stream, number uint64) {
	var key [32]byte
	binary.LittleEndian.PutUint64(key[0:], d.seed)
	binary.LittleEndian.PutUint64(key[8:], stream)
	binary.LittleEndian.PutUint64(key[16:], number)
	d.source.Seed(key)
}

// grow makes room for the draws when the first are made.
func (d *Drawing) grow() {
	if d.positions.Data == nil {
		d.positions = dataset.NewMatrix(d.conditions.Rows*d.perEvent, len(d.inverse.run.Encoding.PositionColumns))
	}
}
