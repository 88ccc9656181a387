package trainer

import (
	"math"
	"path/filepath"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/optim"
)

// Tape is a recorder without CUDA. A replay runs the step again, while whatever the fitter counts on the host has a value
// that would spoil it: a step must not look there, since a CUDA graph would keep what it saw when it was captured.
type Tape struct {
	Warmed, Captured, Replayed int
	Closed                     bool
	Generators                 []*binding.Generator
	Refuse                     error // what Capture fails with, if set

	fitter *fitter
	step   func() error
}

// RecordOn makes trainings record on the tape instead of in a CUDA graph.
func (r *Tape) RecordOn(c *Config) {
	c.Graph = true
	c.newRecorder = func(f *fitter) (recorder, error) { r.fitter = f; return r, nil }
}

func (r *Tape) Warm(do func() error) error {
	r.Warmed++
	return r.run(do)
}

func (r *Tape) Capture(do func() error, generators ...*binding.Generator) error {
	r.Captured++
	r.step, r.Generators = do, generators
	return r.Refuse
}

func (r *Tape) Replay() error {
	r.Replayed++
	return r.run(r.step)
}

func (r *Tape) Close() error {
	r.Closed = true
	return nil
}

func (r *Tape) run(do func() error) error {
	f := r.fitter
	schedule, counters, config := f.schedule, f.counters, f.config
	f.schedule = optim.Schedule{Kind: optim.ConstantRate, Rate: math.NaN()}
	f.counters.Epoch, f.counters.Step = -1, -1
	f.config.Noise, f.config.Average = spoiled(config.Noise), spoiled(config.Average)
	defer func() { f.schedule, f.counters, f.config = schedule, counters, config }()
	return do()
}

// spoiled is another number than x, which is none still if x is none.
func spoiled(x float64) float64 {
	if x > 0 {
		return math.Inf(1)
	}
	return x
}

// CheckpointAt returns how many epochs, and steps of the next, the newest checkpoint in a run directory has.
func CheckpointAt(dir string) (epoch, step int, err error) {
	st, err := readState(filepath.Join(dir, StateFile))
	return st.counters.Epoch, st.counters.Step, err
}

// ErrDamaged is in the error of what is no whole checkpoint.
var ErrDamaged = errDamaged

// DecodeCheckpoint returns what is wrong with the bytes of a checkpoint.
func DecodeCheckpoint(data []byte) error {
	_, err := decodeState(data)
	return err
}

// RewriteCheckpoint decodes a checkpoint and encodes what it says.
func RewriteCheckpoint(data []byte) ([]byte, error) {
	st, err := decodeState(data)
	if err != nil {
		return nil, err
	}
	return st.encode()
}

// Seal gives the bytes the checksum that they should have, where they have room for one.
func Seal(data []byte) { _ = seal(data) }

// Draws reports whether the generator is the one that the tape's training draws from.
func (r *Tape) Draws(g *binding.Generator) bool { return g == r.fitter.generator }

// Piece is a piece of a batch.
type Piece struct {
	First, Count int
	Weight       float64
}

// Pieces returns the pieces of a process of a group.
func Pieces(rank, size, rows, most int) (all []Piece) {
	for _, p := range (Config{Group: seat{rank, size}}).pieces(rows, most) {
		all = append(all, Piece{p.first, p.count, p.weight})
	}
	return all
}

// seat is a place in a group that does nothing together.
type seat struct{ rank, size int }

func (s seat) Rank() int                              { return s.rank }
func (s seat) Size() int                              { return s.size }
func (seat) Sum(*binding.Scope, binding.Tensor)       {}
func (seat) Broadcast(*binding.Scope, binding.Tensor) {}

// NewSeat returns a place in a group that does nothing together.
func NewSeat(rank, size int) Group { return seat{rank, size} }
