package modelbench

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/trainer"
)

// How the time to a loss is measured: at a constant learning rate from the same weights, with another order of the rows each
// time, until an epoch's validation loss is no more than the target.
const (
	quickRate     = 3e-4
	mostEpochs    = 60
	mostTrainings = 3 // of either side
)

// What the default events lead the two models to in some ten epochs.
const (
	cinnTarget = -2.0
	cvaeTarget = 3.7
)

// targetLoss returns the loss that was asked for, or what suits the case's model.
func (b *bench) targetLoss(c Case) float64 {
	switch {
	case b.options.TargetLoss != nil:
		return *b.options.TargetLoss
	case c.isCVAE():
		return cvaeTarget
	}
	return cinnTarget
}

// timeToLoss measures ours and the peer in turn, from the beginning of a training until its loss is low enough.
func (b *bench) timeToLoss(ctx context.Context, c Case) (r Result, err error) {
	r = b.result(c)
	r.TargetLoss = ptr(b.targetLoss(c))
	d, err := b.split(ctx)
	if err != nil {
		return r, err
	}
	m, err := b.newModelFor(c, d)
	if err != nil {
		return r, err
	}
	r.Parameters = m.Params().Count()
	peer, err := b.trainingPeer(ctx, c, m, d)
	if err = errors.Join(err, m.Close()); err != nil {
		return r, err
	}
	t := trainings{bench: b, Case: c, target: *r.TargetLoss, split: d, peer: peer}
	for round := range min(b.options.effort(c).rounds, mostTrainings) {
		err := t.add(ctx, round)
		if errors.Is(err, errNotReached) {
			r.LeftOut = err.Error()
			return r, nil
		}
		if err != nil {
			return r, err
		}
	}
	return t.describe(r), nil
}

// trainings go up to a loss, ours and the peer's in turn.
type trainings struct {
	*bench
	Case
	target                float64
	split                 *dataset.Split
	peer                  *entrant
	ours, theirs          [][]float64 // milliseconds, round by round
	ourEpochs, peerEpochs []float64
}

// add does a training of either side.
func (t *trainings) add(ctx context.Context, round int) error {
	err := t.turn(ctx, nil, func() error {
		ms, epochs, err := t.fit(ctx, uint64(round))
		t.ours, t.ourEpochs = append(t.ours, []float64{ms}), append(t.ourEpochs, float64(epochs))
		return err
	})
	if err != nil || t.peer == nil {
		return err
	}
	return t.turn(ctx, t.peer.candidate, func() error {
		ms, epochs, err := t.fitPeer(ctx)
		t.theirs, t.peerEpochs = append(t.theirs, []float64{ms}), append(t.peerEpochs, float64(epochs))
		return err
	})
}

// errNotReached is in the error of a training that came to its end above the target.
var errNotReached = fmt.Errorf("not reached in %d epochs", mostEpochs)

// fit trains ours until the loss is low enough.
func (t *trainings) fit(ctx context.Context, seed uint64) (ms float64, epochs int, err error) {
	m, err := t.newModelFor(t.Case, t.split)
	if err != nil {
		return 0, 0, err
	}
	defer func() { err = errors.Join(err, m.Close()) }()
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	config := trainer.Reference()
	config.Epochs, config.Batch, config.Patience = mostEpochs, t.Batch, 0
	config.LearningRate, config.Seed = quickRate, seed
	begin, loss := time.Now(), 0.0
	config.Progress = func(p trainer.Progress) {
		if p.Metrics == nil {
			return
		}
		ms, epochs, loss = sinceMS(begin), p.Metrics.Epoch, p.Metrics.ValidationLoss
		if loss <= t.target {
			stop(errEnough)
		}
	}
	_, err = trainer.Fit(ctx, m, t.split, config)
	switch cause := context.Cause(ctx); {
	case errors.Is(cause, errEnough):
		return ms, epochs, nil
	case err == nil:
		return ms, epochs, fmt.Errorf("the loss is %.4g, the target %.4g was %w", loss, t.target, errNotReached)
	}
	return ms, epochs, err
}

// fitPeer trains the peer until the loss is low enough.
func (t *trainings) fitPeer(ctx context.Context) (ms float64, epochs int, err error) {
	var answer struct {
		MS     []float64 `json:"ms"`
		Epochs int       `json:"epochs"`
		Loss   *float64  `json:"loss"`
	}
	if err := t.peer.ask(ctx, map[string]any{"do": "fit", "target": t.target, "epochs": mostEpochs}, &answer); err != nil {
		return 0, 0, err
	}
	if len(answer.MS) != 1 || answer.Loss == nil {
		return 0, 0, fmt.Errorf("modelbench: %s: fit: got no time or no loss", t.peer.name)
	}
	if *answer.Loss > t.target {
		return 0, 0, fmt.Errorf("the peer's loss is %.4g, the target %.4g was %w", *answer.Loss, t.target, errNotReached)
	}
	return answer.MS[0], answer.Epochs, nil
}

func (t *trainings) describe(r Result) Result {
	r.describe(t.ours)
	r.Epochs = spread(t.ourEpochs)
	if t.peer != nil {
		r.describePeer(t.ours, t.theirs)
		r.Peer, r.PeerEpochs = t.peer.described(), spread(t.peerEpochs)
	}
	return r
}
