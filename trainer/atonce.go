package trainer

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"

	"github.com/gocei/gocei/dataset"
)

// outcome is how a member's training ended.
type outcome struct {
	result *Result
	err    error
}

// fitAtOnce trains as many members side by side as the config says. It begins the next where one has ended, and none after an
// error.
func (e *ensembleFit) fitAtOnce(ctx context.Context, newModel newMember, d *dataset.Split) ([]*Result, error) {
	places := min(e.config.MembersAtOnce, e.members)
	j := newJoint(places, e.config.newRecorder)
	e.config.newRecorder = j.join
	begin, stop := context.WithCancel(ctx)
	defer stop()
	members, outcomes := e.queue(begin), make([]outcome, e.members)
	var underWay atomic.Int32
	train := func(member int) {
		underWay.Add(1)
		o := &outcomes[member-1]
		o.result, o.err = e.fit(ctx, member, newModel, d)
		others := underWay.Add(-1)
		if o.err == nil {
			return
		}
		stop()
		if others > 0 && ctx.Err() == nil {
			e.configOf(member).warn("member %d of %d ended with an error, and those under way go on: %v", member, e.members, o.err)
		}
	}
	for range places {
		go func() {
			defer j.leave()
			for member := range members {
				train(member)
			}
		}()
	}
	err := j.serve(ctx) // which ends after the trainings
	results, failed := e.gather(outcomes)
	if len(results) < e.members && failed == nil {
		failed = fmt.Errorf("trainer: interrupted before member %d of %d: %w", len(results)+1, e.members, context.Cause(ctx))
	}
	return results, errors.Join(failed, err)
}

// queue gives the members out in their order until ctx is done. The first one clears the ensemble's directory, so that the
// others are not begun before.
func (e *ensembleFit) queue(ctx context.Context) <-chan int {
	members := make(chan int)
	go func() {
		defer close(members)
		for member := 1; member <= e.members && ctx.Err() == nil; member++ {
			select {
			case members <- member:
			case <-ctx.Done():
				return
			}
			select {
			case <-e.claimed:
			case <-ctx.Done():
				return
			}
		}
	}()
	return members
}

// gather returns the results up to the last member that has one, and what went wrong.
func (e *ensembleFit) gather(outcomes []outcome) (results []*Result, err error) {
	for i, o := range outcomes {
		if o.result != nil {
			results = append(results, make([]*Result, i-len(results))...)
			results = append(results, o.result)
		}
		if o.err != nil {
			err = errors.Join(err, fmt.Errorf("trainer: member %d of %d: %w", i+1, e.members, o.err))
		}
	}
	return results, err
}
