// Command sweep trains a cINN with several settings side by side, one thread each, and keeps the best.
//
//	go run ./examples/sweep events.parquet run/best
package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"os"
	"path/filepath"
	"runtime"
	"sync"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/nn"
	"github.com/gocei/gocei/cinn"
	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/dataset/table"
	"github.com/gocei/gocei/explosion"
	"github.com/gocei/gocei/trainer"
)

func main() {
	if len(os.Args) != 3 {
		log.Fatal("usage: sweep EVENTS RUN-DIRECTORY")
	}
	if err := run(context.Background(), os.Stdout, os.Args[1], os.Args[2], 20); err != nil {
		log.Fatal(err)
	}
}

// trial is one choice of settings, and what came of it.
type trial struct {
	couplings int
	width     int64
	rate      float64

	loss float64
	err  error
}

func (t *trial) String() string {
	return fmt.Sprintf("couplings-%d-width-%d-rate-%g", t.couplings, t.width, t.rate)
}

func trials() (all []*trial) {
	for _, couplings := range []int{4, 8} {
		for _, width := range []int64{32, 64} {
			for _, rate := range []float64{1e-3, 3e-3} {
				all = append(all, &trial{couplings: couplings, width: width, rate: rate})
			}
		}
	}
	return all
}

func run(ctx context.Context, out io.Writer, path, dir string, epochs int) error {
	events, err := table.ReadEvents(path, dataset.Layout{NeedPositions: true}, table.Options{})
	if err != nil {
		return err
	}
	split, err := dataset.Prepare(events, dataset.Options{Frame: explosion.FrameBody})
	if err != nil {
		return err
	}
	if err := binding.SetThreads(1); err != nil { // trainings are what runs side by side
		return err
	}
	folder, err := os.MkdirTemp(filepath.Dir(dir), "sweep-*") // beside dir, to be renamed
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(folder) }() // what is left there is of no use
	all := trials()
	work := make(chan *trial)
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Add(1)
		go func() {
			defer workers.Done()
			for t := range work {
				t.loss, t.err = t.train(ctx, split, filepath.Join(folder, t.String()), epochs)
			}
		}()
	}
	for _, t := range all {
		work <- t
	}
	close(work)
	workers.Wait()
	best, err := bestOf(out, all)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "best: %s\n", best)
	return os.Rename(filepath.Join(folder, best.String()), dir)
}

// bestOf prints what came of the trials and returns the one with the smallest loss. One that failed fails all.
func bestOf(out io.Writer, all []*trial) (*trial, error) {
	best := all[0]
	for _, t := range all {
		if t.err != nil {
			return nil, fmt.Errorf("%s: %w", t, t.err)
		}
		fmt.Fprintf(out, "%-40s validation loss %.4f\n", t, t.loss)
		if t.loss < best.loss {
			best = t
		}
	}
	return best, nil
}

// train may run beside others: a model is one goroutine's, and a split is only read.
func (t *trial) train(ctx context.Context, split *dataset.Split, dir string, epochs int) (loss float64, err error) {
	rows, d, c := split.Train.Len(), split.Train.Positions.Cols, split.Train.Momenta.Cols
	settings := cinn.Robust(int64(d), int64(c), rows)
	settings.Couplings, settings.Hidden = t.couplings, []int64{t.width, t.width}
	model, err := cinn.New(settings, nn.Placement{DType: binding.Float32, Seed: 1})
	if err != nil {
		return 0, err
	}
	defer model.Close()
	config := trainer.Robust(rows)
	config.Dir, config.Epochs, config.LearningRate = dir, epochs, t.rate
	result, err := trainer.Fit(ctx, model, split, config)
	if err != nil {
		return 0, err
	}
	return result.BestLoss, nil
}
