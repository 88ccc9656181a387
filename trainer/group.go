package trainer

import (
	"context"
	"errors"
	"fmt"

	"github.com/gocei/gocei/binding"
)

// Group is a group of processes that train one model together, each with Config.Group as its own part in it: a
// *binding.Group. All processes are given the same model, rows and settings. See the package's section on several processes.
type Group interface {
	Rank() int // which of the processes this is, from 0
	Size() int // how many there are
	// Sum replaces t, on the model's device, by its sum over the processes, of which all get the same bits.
	Sum(s *binding.Scope, t binding.Tensor)
	// Broadcast replaces t, on the model's device, by process 0's.
	Broadcast(s *binding.Scope, t binding.Tensor)
}

// ErrInterrupted is in the error of a training that stopped because another process of its group was interrupted.
var ErrInterrupted = errors.New("another process was interrupted")

// follows reports whether another process keeps what is trained.
func (c Config) follows() bool { return c.Group != nil && c.Group.Rank() > 0 }

// agree returns an error that ends the training before the epoch, such as ctx's. In a group one process's interruption is all
// processes', while err is for the process that has it to leave with.
func (f *fitter) agree(ctx context.Context, err error) error {
	group := f.config.Group
	switch {
	case group == nil && err == nil:
		return ctx.Err()
	case err != nil && (group == nil || !isOf(ctx, err)):
		return err
	}
	s := binding.NewScope(binding.NoGrad())
	defer s.Close()
	stop := s.Full(flagOf(ctx), binding.Float64, f.model.Params().Device(), 1)
	group.Sum(s, stop)
	if err := f.heed(ctx, s, stop); err != nil {
		return fmt.Errorf("trainer: epoch %d: agree with the other processes: %w", f.counters.Epoch+1, err)
	}
	return f.stop
}

// isOf reports whether err comes of ctx being done.
func isOf(ctx context.Context, err error) bool { return ctx.Err() != nil && errors.Is(err, ctx.Err()) }

// flagOf is what a process adds to the sum that tells all whether to stop.
func flagOf(ctx context.Context) float64 {
	if ctx.Err() != nil {
		return 1
	}
	return 0
}

// heed reads the sum [1] of all processes' flags, and keeps in f.stop the error to stop with.
func (f *fitter) heed(ctx context.Context, s *binding.Scope, flags binding.Tensor) error {
	asked, err := s.Item(flags)
	if err != nil || asked == 0 {
		return err
	}
	f.stop = ErrInterrupted
	if err := ctx.Err(); err != nil {
		f.stop = err
	}
	return nil
}

// stopped returns the error to stop with between two steps: ctx's, or in a group what its processes agreed on.
func (f *fitter) stopped(ctx context.Context) error {
	if f.config.Group == nil {
		return ctx.Err()
	}
	return f.stop
}

// overProcesses returns the sum of a number over the processes.
func (f *fitter) overProcesses(s *binding.Scope, own float64) (float64, error) {
	if f.config.Group == nil {
		return own, nil
	}
	t := s.Full(own, binding.Float64, f.model.Params().Device(), 1)
	f.config.Group.Sum(s, t)
	return s.Item(t)
}
