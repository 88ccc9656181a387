package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"time"

	"github.com/gocei/gocei/trainer"
)

// result is what the training on a table of one size took, medians over rounds.
type result struct {
	Events       int     `json:"events"`
	RowsPerEpoch int     `json:"rows_per_epoch"`
	Streamed     bool    `json:"streamed"`
	Microseconds float64 `json:"us_per_event"`       // of an epoch, its validation included
	Slowest      float64 `json:"slowest_epoch_us"`   // per event
	WholeRun     float64 `json:"whole_run_us"`       // per event that was trained on, from the program's start to its end
	PeakMiB      float64 `json:"peak_mib"`           // resident memory
	ProgramMiB   float64 `json:"program_mib"`        // of that, what there is beside the table: program, libtorch, model, batches
	BuffersMiB   float64 `json:"buffers_mib"`        // what the parts of the table are to take beside
	MemoryRatio  float64 `json:"peak_over_expected"` // of the sum of these two
}

// smallest is the size of the table whose training tells what there is in memory beside data: as few as fill the batches
// to train on and to validate on.
const smallest = 30_000

// measureAll trains on tables of all sizes, round after round, so that what else the machine does meets all alike.
func (s settings) measureAll(ctx context.Context) (results []result, err error) {
	sizes := append([]int{smallest}, s.sizes...)
	rounds := make([][]result, len(sizes))
	for range s.rounds {
		for i, size := range sizes {
			r, err := s.measure(ctx, size)
			if err != nil {
				return nil, fmt.Errorf("%d events: %w", size, err)
			}
			fmt.Fprintf(os.Stderr, "%d events: %.3g µs an event, %.0f MiB\n", size, r.Microseconds, r.PeakMiB)
			rounds[i] = append(rounds[i], r)
		}
	}
	program := median(rounds[0], func(r result) float64 { return r.PeakMiB - r.BuffersMiB })
	for _, all := range rounds[1:] {
		r := all[0]
		r.Microseconds = median(all, func(r result) float64 { return r.Microseconds })
		r.Slowest = median(all, func(r result) float64 { return r.Slowest })
		r.WholeRun = median(all, func(r result) float64 { return r.WholeRun })
		r.PeakMiB = median(all, func(r result) float64 { return r.PeakMiB })
		r.ProgramMiB = program
		r.MemoryRatio = r.PeakMiB / (r.ProgramMiB + r.BuffersMiB)
		results = append(results, r)
	}
	return results, nil
}

func median(all []result, of func(result) float64) float64 {
	values := make([]float64, len(all))
	for i, r := range all {
		values[i] = of(r)
	}
	slices.Sort(values)
	return (values[(len(values)-1)/2] + values[len(values)/2]) / 2
}

// table returns the path of a table of that many events, which is made if need be.
func (s settings) table(ctx context.Context, events int) (string, error) {
	path := filepath.Join(s.folder, fmt.Sprintf("events-%d.parquet", events))
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	return path, command(ctx, s.cei, "simulate", "--events", strconv.Itoa(events), "--out", path).Run()
}

func command(ctx context.Context, name string, args ...string) *exec.Cmd {
	c := exec.CommandContext(ctx, name, args...)
	c.Stderr = os.Stderr
	return c
}

// measure trains for one pass over a table; small ones are passed over more often.
func (s settings) measure(ctx context.Context, events int) (result, error) {
	path, err := s.table(ctx, events)
	if err != nil {
		return result{}, err
	}
	dir := filepath.Join(s.folder, "run")
	perEpoch := min(events, s.memory) * 7 / 10
	epochs := max((events*7/10+perEpoch-1)/perEpoch, (s.least+perEpoch-1)/perEpoch)
	args := append([]string{"train", "--data", path, "--out", dir, "--force", "--epochs", strconv.Itoa(epochs), "--patience", "0", "--rows-in-memory", strconv.Itoa(s.memory)}, s.train...)
	c := command(ctx, s.cei, args...)
	c.Stderr = nil
	begin := time.Now()
	if err := c.Run(); err != nil {
		return result{}, fmt.Errorf("%v: %w", c.Args, err)
	}
	seconds := time.Since(begin).Seconds()
	r, err := readRun(dir)
	r.Events = events
	r.WholeRun = seconds * 1e6 / float64(epochs*r.RowsPerEpoch)
	r.PeakMiB = float64(c.ProcessState.SysUsage().(*syscall.Rusage).Maxrss) / 1024 // KiB on Linux
	return r, err
}

// readRun returns what a run says of its epochs and parts.
func readRun(dir string) (r result, err error) {
	run, err := trainer.ReadRunConfig(dir)
	if err != nil {
		return r, err
	}
	metrics, err := trainer.ReadMetrics(dir)
	if err != nil {
		return r, err
	}
	var each []float64 // microseconds per event
	for _, m := range metrics {
		each = append(each, 1e6/m.EventsPerS)
		r.RowsPerEpoch = int(m.EventsPerS*m.Seconds + 0.5)
	}
	slices.Sort(each)
	r.Microseconds, r.Slowest = each[len(each)/2], each[len(each)-1]
	r.Streamed = run.Online != nil
	r.BuffersMiB = buffers(run, r.RowsPerEpoch) / (1 << 20)
	return r, nil
}
