package modelbench

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"
)

// peakMemory measures the most memory that cei train holds in an epoch, and a Python that does the same from tables in
// memory.
func (b *bench) peakMemory(ctx context.Context, c Case) (r Result, err error) {
	r = b.result(c)
	ours, err := b.trainMiB(ctx, c)
	if err != nil {
		return r, err
	}
	if ours == 0 {
		r.LeftOut = "this system does not tell of a process's memory"
		return r, nil
	}
	r.MedianMiB, r.Rounds, r.Samples = ptr(ours), 1, 1
	picked, err := b.pickedFor(ctx, c)
	if err != nil || picked == nil {
		return r, err
	}
	r.Peer = picked.contestant(eager)
	r.PeerMiB, err = b.peerMiB(ctx, c, picked)
	return r, err
}

// trainMiB returns the peak of a training by the command.
func (b *bench) trainMiB(ctx context.Context, c Case) (float64, error) {
	events, width := filepath.Join(b.folder, "events.npy"), strconv.Itoa(c.Width)
	_, err := watched(ctx, b.options.Binary, "simulate", "--events", strconv.Itoa(b.options.Events), "--out", events, "--force")
	if err != nil {
		return 0, err
	}
	return watched(ctx, b.options.Binary, "train", "--model", "cinn", "--preset", "reference", "--data", events, "--force",
		"--out", filepath.Join(b.folder, "run"), "--epochs", "1", "--batch", strconv.Itoa(c.Batch), "--hidden", width+","+width,
		"--couplings", strconv.Itoa(c.Couplings), "--device", b.report.Machine.Device, "--threads", strconv.Itoa(b.report.Machine.Threads))
}

// peerMiB returns the peak of a fresh peer that has trained for an epoch.
func (b *bench) peerMiB(ctx context.Context, c Case, like *entrant) (*float64, error) {
	d, err := b.split(ctx)
	if err != nil {
		return nil, err
	}
	m, err := b.newModelFor(c, d)
	if err != nil {
		return nil, err
	}
	defer m.Close()
	p, err := b.tableParcel(c, m, d)
	if err != nil {
		return nil, err
	}
	fresh, err := startCandidate(ctx, b, like.python, like.setting)
	if err != nil {
		return nil, err
	}
	defer fresh.close()
	if _, err := fresh.load(ctx, p.request, eager); err != nil {
		return nil, err
	}
	if _, err := fresh.measure(ctx, 0, 1); err != nil {
		return nil, err
	}
	var answer struct {
		MiB *float64 `json:"mib"`
	}
	err = fresh.ask(ctx, map[string]any{"do": "memory"}, &answer)
	return answer.MiB, err
}

// watched runs a program and returns the most memory in MiB that it has held, as the system sees it just before its end; 0
// where the system does not tell. The figure that comes with a process's exit is no use: it counts that of the process which
// started it.
func watched(ctx context.Context, program string, arguments ...string) (mib float64, err error) {
	command := exec.CommandContext(ctx, program, arguments...)
	var out bytes.Buffer
	command.Stdout, command.Stderr = &out, &out
	if err := command.Start(); err != nil {
		return 0, fmt.Errorf("modelbench: run %s: %w", program, err)
	}
	ended := make(chan error, 1)
	go func() { ended <- command.Wait() }()
	for tick := time.NewTicker(5 * time.Millisecond); ; {
		select {
		case err := <-ended:
			tick.Stop()
			if err != nil {
				return 0, fmt.Errorf("modelbench: run %s %s: %w: %.400s", program, arguments[0], err, out.String())
			}
			return mib, nil
		case <-tick.C:
			mib = max(mib, peakMiB(command.Process.Pid))
		}
	}
}

func peakMiB(pid int) float64 {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid)) // it may have ended, or the system may have none
	return kibibytes(string(text), "VmHWM:") / 1024
}
