package modelbench

import (
	"context"
	"fmt"
	"os/exec"
	"time"
)

// What a program's start is measured by: ours answers for help, and a Python that is to compute anything imports its library.
var (
	helpArguments   = []string{"--help"}
	importArguments = []string{"-c", "import torch"}
)

// startUp measures the time from the start of a process to its end.
func (b *bench) startUp(ctx context.Context, c Case) (r Result, err error) {
	r = b.result(c)
	python := ""
	if len(b.candidates) > 0 {
		python = b.candidates[0].python
		r.Peer = b.candidates[0].contestant("import torch")
	}
	var ours, peer [][]float64
	for round := range b.options.effort(c).rounds {
		samples, err := runs(ctx, b.options.Steps, b.options.Binary, helpArguments)
		if err != nil {
			return r, err
		}
		ours = append(ours, samples)
		if python == "" || round >= leastRounds { // an import takes seconds
			continue
		}
		if samples, err = runs(ctx, 1, python, importArguments); err != nil {
			return r, err
		}
		peer = append(peer, samples)
	}
	r.describe(ours)
	if python != "" {
		r.describePeer(ours, peer)
	}
	return r, nil
}

// runs returns the milliseconds of each run of a program. One more goes before, so that its files are in memory.
func runs(ctx context.Context, n int, program string, arguments []string) (milliseconds []float64, err error) {
	for range n + 1 {
		begin := time.Now()
		if out, err := exec.CommandContext(ctx, program, arguments...).CombinedOutput(); err != nil {
			return nil, fmt.Errorf("modelbench: run %s %v: %w: %.200s", program, arguments, err, out)
		}
		milliseconds = append(milliseconds, sinceMS(begin))
	}
	return milliseconds[1:], nil
}
