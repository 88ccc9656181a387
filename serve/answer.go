package serve

import (
	"math"
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/gocei/gocei/dataset"
)

// defaultSamples is how many draws an event has that is asked for no number.
const defaultSamples = 100

// mostChosenSeed bounds seeds that the server chooses, so that every JSON reader tells them exactly.
const mostChosenSeed = 1 << 53

// settle returns the number of samples and the seed of a request, by chance where it names none.
func settle(samples *int, seed *uint64) (int, uint64) {
	n, s := defaultSamples, rand.Uint64N(mostChosenSeed)
	if samples != nil {
		n = *samples
	}
	if seed != nil {
		s = *seed
	}
	return n, s
}

// checkSize refuses questions beyond the limits.
func (c Config) checkSize(q question) error {
	events := q.events.Len()
	switch {
	case events < 1:
		return failf(http.StatusBadRequest, "there is no event: want at least one")
	case events > c.MaxEvents:
		return failf(http.StatusBadRequest, "%d events: want %d at most", events, c.MaxEvents)
	case q.samples < 1 || q.samples > c.MaxSamples:
		return failf(http.StatusBadRequest, "%d samples: want from 1 to %d", q.samples, c.MaxSamples)
	case q.weight() > c.MaxDraws:
		return failf(http.StatusBadRequest, "%d events with %d samples each take the memory of %d draws: want %d at most in one request", events, q.samples, q.weight(), c.MaxDraws)
	}
	return nil
}

// weight is how many draws take as much memory as the question: its draws, or where it asks for summaries those with all
// their columns, and the statistics of these.
func (q question) weight() int {
	draws := float64(q.events.Len()) * float64(q.samples)
	if q.summarised {
		wider := float64(len(q.model.digest.Columns)) / float64(len(q.model.encoding.PositionColumns))
		draws = (draws + float64(q.events.Len()*len(statistics))) * wider
	}
	return int(min(math.Ceil(draws), math.MaxInt32))
}

// ask has a question answered: it waits for its turns and the draws.
func (v *visit) ask(q question) (*answer, error) {
	drawing, err := q.model.Inverse.NewDrawing(q.events, q.samples, q.seed)
	if err != nil {
		return nil, badRequest(err)
	}
	v.model = q.model.Name
	if err := v.server.admission.reserve(q.weight()); err != nil {
		return nil, err
	}
	v.weight, v.draws = q.weight(), drawing.Left()
	j := &job{ctx: v.ctx, drawing: drawing, since: time.Now(), done: make(chan error, 1)}
	q.model.queue.push(j)
	select {
	case err = <-j.done:
	case <-v.ctx.Done():
		err = v.ctx.Err()
	}
	if err != nil {
		return nil, err
	}
	q.model.observeWait(j.since)
	draws, err := drawing.Draws()
	if err != nil {
		return nil, failf(http.StatusUnprocessableEntity, "%s", err)
	}
	return &answer{draws: draws, outside: q.model.encoding.OutsideDomain(drawing.Conditions()), asked: drawing}, nil
}

// of returns the draws [samples, D] of one event.
func (a *answer) of(event int) dataset.Matrix {
	d := a.draws
	size := d.PerEvent * d.Coordinates
	return dataset.Matrix{Rows: d.PerEvent, Cols: d.Coordinates, Data: d.Data[event*size : (event+1)*size]}
}
