package trainer

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"

	"github.com/gocei/gocei/binding"
)

// joint is where members of an ensemble that train at once have their steps recorded and done: those of all of them in one
// launch. Each of its places is one member's after the other.
//
// A launch is made when the members of all places have come for one. Whoever has something else to do, such as to validate
// or to make room for the next member, does it while the others wait: so nothing else uses the device during a capture, and
// nobody waits for somebody who waits. What is recorded is recorded anew when other members come than before. When the
// training is interrupted, a step that is still due is done alone, as a warm-up is, and nobody waits any more.
//
// All of that is done by one goroutine on one OS thread, since cuBLAS keeps memory for every pair of thread and stream.
type joint struct {
	newRecorder func(on binding.Device) (recorder, error)
	asked       chan func() // is done by serve

	// What is asked changes:
	places   int
	on       binding.Device
	recorder recorder // nil until the first member comes
	waiting  []arrival
	recorded []*stepGraph
	stopping bool
}

// arrival is a step that is to be done.
type arrival struct {
	step *stepGraph
	done chan error // takes one error without waiting
}

func newJoint(places int, newRecorder func(binding.Device) (recorder, error)) *joint {
	if newRecorder == nil {
		newRecorder = newCUDAGraph
	}
	return &joint{newRecorder: newRecorder, asked: make(chan func()), places: places}
}

// serve does what is asked until all places are given up.
func (j *joint) serve(ctx context.Context) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	interrupted := ctx.Done()
	for j.places > 0 {
		select {
		case do := <-j.asked:
			do()
		case <-interrupted:
			j.stopping, interrupted = true, nil
		}
		j.proceed()
	}
	if j.recorder == nil {
		return nil
	}
	return j.recorder.Close()
}

// proceed does the steps that are waiting if nobody is missing.
func (j *joint) proceed() {
	switch {
	case len(j.waiting) == 0 || len(j.waiting) < j.places && !j.stopping:
		return
	case j.stopping:
		for _, a := range j.waiting {
			a.done <- j.recorder.Warm(a.step)
		}
	default:
		err := j.launch()
		for _, a := range j.waiting {
			a.done <- err
		}
	}
	j.waiting = nil
}

// launch does the steps that are waiting together.
func (j *joint) launch() error {
	var steps []*stepGraph
	for _, a := range j.waiting {
		steps = append(steps, a.step)
	}
	if !sameSteps(steps, j.recorded) {
		j.recorded = nil
		if err := j.recorder.Capture(steps...); err != nil {
			return fmt.Errorf("capture the steps of all members under way in a CUDA graph: %w", err)
		}
		j.recorded = steps
	}
	return j.recorder.Replay()
}

// sameSteps tells whether two lists hold the same steps, in whatever order.
func sameSteps(a, b []*stepGraph) bool {
	missing := func(step *stepGraph) bool { return !slices.Contains(b, step) }
	return len(a) == len(b) && !slices.ContainsFunc(a, missing)
}

// do returns what doing it on serve's goroutine returned.
func (j *joint) do(what func() error) error {
	done := make(chan error, 1)
	j.asked <- func() { done <- what() }
	return <-done
}

// leave gives a place up.
func (j *joint) leave() { j.asked <- func() { j.places-- } }

// join returns the recorder of a member, whose place it is until the member ends.
func (j *joint) join(on binding.Device) (recorder, error) {
	return &participant{joint: j}, j.do(func() (err error) {
		switch {
		case j.recorder == nil:
			j.on = on
			j.recorder, err = j.newRecorder(on)
		case on != j.on:
			err = fmt.Errorf("members that train at once must be on one device, and this one is on %s, another on %s", on, j.on)
		}
		return err
	})
}

// participant is a joint to one member.
type participant struct {
	joint *joint
	step  *stepGraph
}

func (p *participant) Warm(step *stepGraph) error {
	return p.joint.do(func() error { return p.joint.recorder.Warm(step) })
}

// Capture leaves the recording to the launch, which knows with what other steps.
func (p *participant) Capture(steps ...*stepGraph) error {
	if len(steps) != 1 {
		return errors.New("a member has one step at a time")
	}
	p.step = steps[0]
	return nil
}

// Replay returns when the step was done, or asked of the device, with those of the other members.
func (p *participant) Replay() error {
	done := make(chan error, 1)
	p.joint.asked <- func() { p.joint.waiting = append(p.joint.waiting, arrival{p.step, done}) }
	return <-done
}

// Close leaves the recorder to the members after this one.
func (p *participant) Close() error { return nil }
