package modelbench

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// Ways of running PyTorch: as most programs do; compiled; and captured once and replayed. The peer knows which there are.
const (
	eager     = "eager"
	compiled  = "compile"
	cudaGraph = "cuda-graph"
)

// isCompiled reports whether a mode takes a compiler, which takes its time.
func isCompiled(mode string) bool { return mode != eager && mode != cudaGraph }

// candidate is one Python with one setting of threads.
type candidate struct {
	*process
	python  string
	setting threadSetting
	torch   string
	modes   []string
	loaded  string // the mode that the last work was loaded in
}

// startCandidate starts a Python and asks what it has. The error of one without PyTorch is errNoPeer.
func startCandidate(ctx context.Context, b *bench, python string, setting threadSetting) (*candidate, error) {
	p, err := startProcess(python, b.script, setting.environment()...)
	if err != nil {
		if isMissing(err) {
			return nil, fmt.Errorf("%w: %w", errNoPeer, err)
		}
		return nil, fmt.Errorf("modelbench: start %s: %w", python, err)
	}
	var has struct {
		Torch    string   `json:"torch"`
		Graphics string   `json:"graphics"`
		OwnBLAS  bool     `json:"own_blas"`
		Modes    []string `json:"modes"`
	}
	err = p.ask(ctx, map[string]any{"do": "start", "threads": setting.threads, "device": b.options.Device.String()}, &has)
	if err != nil {
		p.close()
		var refused refusal
		if errors.As(err, &refused) {
			return nil, fmt.Errorf("%w: %w", errNoPeer, refused)
		}
		return nil, err
	}
	if has.Graphics != "" {
		b.report.Machine.Graphics = has.Graphics
	}
	c := &candidate{process: p, python: python, setting: setting, torch: has.Torch, modes: has.Modes}
	if !b.options.Compile {
		c.modes = slices.DeleteFunc(c.modes, isCompiled)
	}
	if setting.ownPool() {
		c.modes = []string{eager} // compiled code takes its threads from OpenMP
		if !has.OwnBLAS {
			c.modes = nil // another setting is the same
		}
	}
	return c, nil
}

// load gets the case ready in a mode and returns the number that both sides must find.
func (c *candidate) load(ctx context.Context, request map[string]any, mode string) (value float64, err error) {
	request["do"], request["mode"], c.loaded = "load", mode, mode
	var answer struct {
		Value *float64 `json:"value"`
	}
	if err := c.ask(ctx, request, &answer); err != nil {
		return 0, err
	}
	if answer.Value == nil {
		return 0, fmt.Errorf("modelbench: %s: load: it found no number, or none that is finite", c.name)
	}
	return *answer.Value, nil
}

// measure returns the milliseconds of each sample, the mean of a burst.
func (c *candidate) measure(ctx context.Context, samples, burst int) ([]float64, error) {
	var answer struct {
		MS []float64 `json:"ms"`
	}
	err := c.ask(ctx, map[string]any{"do": "run", "samples": samples, "burst": burst}, &answer)
	if err == nil && len(answer.MS) != samples {
		err = fmt.Errorf("modelbench: %s: run: asked for %d samples, got %d", c.name, samples, len(answer.MS))
	}
	return answer.MS, err
}

// gemm returns the rate of square matrix products in GFLOP/s.
func (c *candidate) gemm(ctx context.Context, sizes []int, repeats int) (float64, error) {
	var answer struct {
		GFLOPS float64 `json:"gflops"`
	}
	err := c.ask(ctx, map[string]any{"do": "gemm", "sizes": sizes, "repeats": repeats}, &answer)
	return answer.GFLOPS, err
}

func (c *candidate) contestant(mode string) *Contestant {
	return &Contestant{Python: c.python, Torch: c.torch, Mode: mode, Threads: c.setting.name}
}
