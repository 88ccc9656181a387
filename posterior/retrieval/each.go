package retrieval

import (
	"context"
	"fmt"
	"sync"

	"github.com/gocei/gocei/dataset"
)

// Each retrieves events [n, 3N] of momenta in atomic units, several at a time, and
// gives the solutions of one after another to emit, in order, on the caller's
// goroutine. What Retrieve returns for an event does not depend on the others nor on
// the number of workers.
//
// starts, if not nil, returns further starts of an event, positions [k, 3N] in Bohr;
// it is called from one goroutine, in order. Each stops at the first error, that of
// emit, of starts, or of an event that is no event of the molecule, or when ctx is
// done.
func (v *Retriever) Each(ctx context.Context, momenta dataset.Matrix, starts func(event int) (dataset.Matrix, error), emit func(event int, solutions []Solution) error) error {
	return v.EachBetween(ctx, momenta, 0, momenta.Rows, starts, emit)
}

// EachBetween is Each for the events from to end-1 alone.
func (v *Retriever) EachBetween(ctx context.Context, momenta dataset.Matrix, from, end int, starts func(event int) (dataset.Matrix, error), emit func(event int, solutions []Solution) error) error {
	if from < 0 || end < from || end > momenta.Rows {
		return fmt.Errorf("retrieval: events %d to %d of %d: want a range of them", from, end-1, momenta.Rows)
	}
	if momenta.Cols != 3*len(v.shape.labels) {
		return fmt.Errorf("retrieval: %d columns of momenta: want %d, three for each of %v", momenta.Cols, 3*len(v.shape.labels), v.shape.labels)
	}
	searches := make([]*search, v.options.Workers)
	for i := range searches {
		var err error
		if searches[i], err = v.search(); err != nil {
			return err
		}
		defer v.idle.Put(searches[i])
	}
	const perWorker = 64
	for first := from; first < end; first += perWorker * len(searches) {
		jobs, err := v.jobs(momenta, first, min(first+perWorker*len(searches), end), starts)
		if err != nil {
			return err
		}
		solve(ctx, searches, jobs)
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("retrieval: event %d: %w", first, err)
		}
		for i, job := range jobs {
			if job.err == nil {
				job.err = emit(first+i, job.solutions)
			}
			if job.err != nil {
				return fmt.Errorf("event %d: %w", first+i, job.err)
			}
		}
	}
	return nil
}

// job is an event to be retrieved.
type job struct {
	momenta   []float64
	starts    [][]float64
	solutions []Solution
	err       error
}

func (v *Retriever) jobs(momenta dataset.Matrix, first, end int, starts func(int) (dataset.Matrix, error)) ([]job, error) {
	jobs := make([]job, end-first)
	for i := range jobs {
		jobs[i].momenta = momenta.Row(first + i)
		if starts == nil {
			continue
		}
		more, err := starts(first + i)
		if err != nil {
			return nil, fmt.Errorf("retrieval: find starts for event %d: %w", first+i, err)
		}
		for k := range more.Rows {
			jobs[i].starts = append(jobs[i].starts, more.Row(k))
		}
	}
	return jobs, nil
}

func solve(ctx context.Context, searches []*search, jobs []job) {
	var wait sync.WaitGroup
	next := make(chan *job)
	for _, s := range searches {
		wait.Add(1)
		go func() {
			defer wait.Done()
			for j := range next {
				j.solutions, j.err = s.retrieve(j.momenta, j.starts)
			}
		}()
	}
	for i := range jobs {
		if ctx.Err() != nil {
			break
		}
		next <- &jobs[i]
	}
	close(next)
	wait.Wait()
}
