package modelbench

import (
	"context"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"time"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/trainer"
)

// epoch measures the epochs of a training by trainer.Fit into a run directory, as cei train does it. Turn by turn, it trains
// for some epochs without a pause, the same steps and validation are done as often without a trainer, and the peer trains for
// an epoch. A training that paused after each epoch would make a checkpoint in each.
func (b *bench) epoch(ctx context.Context, c Case) (r Result, err error) {
	r = b.result(c)
	d, err := b.split(ctx)
	if err != nil {
		return r, err
	}
	m, err := b.newModelFor(c, d)
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, m.Close()) }()
	r.Parameters, r.Operations = m.Params().Count(), epochOperations(m.Params(), d.Train.Len(), d.Validation.Len())
	peer, err := b.trainingPeer(ctx, c, m, d)
	if err != nil {
		return r, err
	}
	bare, err := b.newBareEpoch(c, d)
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, bare.close()) }()
	h, err := b.fitEpochs(ctx, c, m, d, bare, peer)
	if err != nil {
		return r, err
	}
	h.describe(&r)
	if peer != nil {
		r.describePeer(h.ours, h.peer)
		r.Peer = peer.described()
	}
	return r, nil
}

// epochHeat is what the epochs of a training found.
type epochHeat struct {
	heat
	steps, validation [][]float64
}

func (h *epochHeat) describe(r *Result) {
	r.heat(h.heat)
	r.StepsMS, _, _ = figures(flat(h.steps))
	r.ValidationMS, _, _ = figures(flat(h.validation))
	var bare []float64
	for i := range h.steps {
		bare = append(bare, h.steps[i][0]+h.validation[i][0])
	}
	r.OverBare = spread(ratios(medians(h.ours), bare))
}

// fitEpochs trains until there are enough rounds. The first two epochs warm up, and the second tells how many there are to be in a
// turn. Whatever is measured beside them is measured from inside the trainer's report of the last one of a turn.
func (b *bench) fitEpochs(ctx context.Context, c Case, m model, d *dataset.Split, bare *bareEpoch, peer *entrant) (h epochHeat, err error) {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	config, effort := c.training(), b.options.effort(c)
	config.Epochs, config.Batch, config.Patience = math.MaxInt32, c.Batch, 0
	config.Dir, config.CheckpointEvery = filepath.Join(b.folder, "epochs-of-"+string(c.Model)), time.Hour
	begin, started := time.Now(), time.Now()
	inTurn, left := 0, 1
	config.Progress = func(p trainer.Progress) {
		if p.Metrics == nil || ctx.Err() != nil {
			return
		}
		if left--; left > 0 {
			return
		}
		switch took := sinceMS(begin); {
		case inTurn > 0:
			h.ours = append(h.ours, []float64{took / float64(inTurn)})
			if err := b.besideEpochs(ctx, &h, bare, inTurn, peer); err != nil {
				stop(err)
			}
		case p.Metrics.Epoch > 1:
			inTurn = b.epochsInTurn(took)
		}
		if effort.enough(len(h.ours), len(h.ours), time.Since(started)) {
			stop(errEnough)
		}
		if err := awaitIdle(ctx, b.others(nil)); err != nil {
			stop(err)
		}
		left, begin = max(inTurn, 1), time.Now()
	}
	_, err = trainer.Fit(ctx, m, d, config)
	if cause := context.Cause(ctx); errors.Is(cause, errEnough) {
		return h, nil
	} else if cause != nil {
		return h, fmt.Errorf("modelbench: %s: %w", c, cause)
	}
	return h, err
}

// errEnough ends a training in which enough was measured.
var errEnough = errors.New("enough was measured")

// turnsInCase is how many turns of epochs there is time for, if nothing is measured beside them.
const turnsInCase = 10

// epochsInTurn returns how many epochs of so many milliseconds are measured together, with the checkpoints between them.
func (b *bench) epochsInTurn(milliseconds float64) int {
	turn := min(roundTime, b.options.CaseTime/turnsInCase)
	return max(1, int(turn.Seconds()*1e3/milliseconds))
}

// besideEpochs measures what is compared with the epochs that have just ended, as many of them.
func (b *bench) besideEpochs(ctx context.Context, h *epochHeat, bare *bareEpoch, n int, peer *entrant) error {
	steps, validation, err := bare.measure(ctx, n)
	if err != nil {
		return err
	}
	h.steps, h.validation = append(h.steps, []float64{steps}), append(h.validation, []float64{validation})
	if peer != nil {
		if err := b.turn(ctx, peer.candidate, func() error { return h.add(&h.peer)(peer.measure(ctx, 1, 1)) }); err != nil {
			return err
		}
	}
	rate, err := b.floorRate(ctx)
	h.gflops = append(h.gflops, rate)
	return err
}
