package trainer

import (
	"context"
	"errors"
	"math"
	"path/filepath"
	"slices"
	"sync"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/optim"
)

// Tape is a recorder without CUDA. A replay runs the steps again, side by side, while whatever their fitters count on the host
// has a value that would spoil them: a step must not look there, since a CUDA graph would keep what it saw when it was captured.
type Tape struct {
	Warmed, Captured, Replayed int
	Together                   []int // how many steps each capture had
	Closed                     bool
	Refuse                     func(capture int) error // what Capture fails with, if set

	steps []*stepGraph
}

// RecordOn makes trainings record on the tape instead of in a CUDA graph.
func (r *Tape) RecordOn(c *Config) {
	c.Graph = true
	c.newRecorder = func(binding.Device) (recorder, error) { return r, nil }
}

func (r *Tape) Warm(step *stepGraph) error {
	r.Warmed++
	return run(step)
}

func (r *Tape) Capture(steps ...*stepGraph) error {
	r.Captured++
	r.steps, r.Together = slices.Clone(steps), append(r.Together, len(steps))
	if r.Refuse != nil {
		return r.Refuse(r.Captured)
	}
	return nil
}

func (r *Tape) Replay() error {
	r.Replayed++
	var all sync.WaitGroup
	failed := make([]error, len(r.steps))
	for i, step := range r.steps {
		all.Add(1)
		go func() {
			defer all.Done()
			failed[i] = run(step)
		}()
	}
	all.Wait()
	return errors.Join(failed...)
}

func (r *Tape) Close() error {
	r.Closed = true
	return nil
}

func run(step *stepGraph) error {
	f := step.fitter
	schedule, counters, config := f.schedule, f.counters, f.config
	f.schedule = optim.Schedule{Kind: optim.ConstantRate, Rate: math.NaN()}
	f.counters.Epoch, f.counters.Step = -1, -1
	f.config.Noise, f.config.Average = spoiled(config.Noise), spoiled(config.Average)
	defer func() { f.schedule, f.counters, f.config = schedule, counters, config }()
	return step.body()
}

// CaptureSteps captures steps that draw from these generators.
func CaptureSteps(by graph, generators ...*binding.Generator) error {
	var steps []*stepGraph
	for _, g := range generators {
		steps = append(steps, &stepGraph{fitter: &fitter{generator: g}})
	}
	return cudaGraph{by}.Capture(steps...)
}

// JoinOn returns what members that train at once on these devices are told, each in its turn.
func JoinOn(devices ...binding.Device) (told []error) {
	j := newJoint(1, func(binding.Device) (recorder, error) { return &Tape{}, nil })
	go func() {
		defer j.leave()
		for _, on := range devices {
			_, err := j.join(on)
			told = append(told, err)
		}
	}()
	err := j.serve(context.Background())
	return append(told, err)
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
	st, err := readState(filepath.Join(dir, StateFile), 1<<30)
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
