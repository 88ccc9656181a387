package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// writeGrid measures the command on a grid of 8,000 geometries, from its start to its end.
func writeGrid(ctx context.Context, w io.Writer, s settings) error {
	var seconds sample
	for range s.rounds {
		begin := time.Now()
		path := filepath.Join(s.folder, "grid.parquet")
		c := exec.CommandContext(ctx, s.cei, "simulate", "--grid", "C-O=1:5:20,C-S=1:5:20,O-C-S=140:180:20", "--out", path, "--force")
		if out, err := c.CombinedOutput(); err != nil {
			return fmt.Errorf("%v: %w: %s", c.Args, err, out)
		}
		seconds = append(seconds, time.Since(begin).Seconds())
	}
	_, err := fmt.Fprintf(w, `## A grid

%scei simulate --grid C-O=1:5:20,C-S=1:5:20,O-C-S=140:180:20 --out grid.parquet%s, 8,000 geometries of OCS (r_CO and r_CS from 100 to 500 pm, θ from
140° to 180°), from the start of the program to its end: %s s.

`, "`", "`", seconds)
	return err
}

// writeStream simulates to a file and looks at the memory of the process meanwhile.
func writeStream(ctx context.Context, w io.Writer, s settings) (err error) {
	path := filepath.Join(s.folder, "stream.parquet")
	defer func() { err = errors.Join(err, os.Remove(path)) }()
	c := exec.CommandContext(ctx, s.cei, "simulate", "--events", strconv.Itoa(s.stream), "--out", path)
	begin := time.Now()
	if err := c.Start(); err != nil {
		return err
	}
	done := make(chan error, 1)
	go func() { done <- c.Wait() }()
	var resident []float64
	for tick := time.NewTicker(200 * time.Millisecond); ; {
		select {
		case err := <-done:
			tick.Stop()
			if err != nil {
				return fmt.Errorf("%v: %w", c.Args, err)
			}
			return describeStream(w, s, time.Since(begin).Seconds(), resident, path)
		case <-tick.C:
			if mib := residentMiB(c.Process.Pid); mib > 0 {
				resident = append(resident, mib)
			}
		}
	}
}

func describeStream(w io.Writer, s settings, seconds float64, resident []float64, path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if len(resident) < 10 {
		_, err := fmt.Fprintf(w, "## A stream\n\n%s events to Parquet in %.1f s: too short to tell of memory.\n\n", thousands(float64(s.stream)), seconds)
		return err
	}
	n := len(resident)
	_, err = fmt.Fprintf(w, `## A stream

%scei simulate --events %d --out stream.parquet%s: %.0f s, %s events/s with the file, %.2f GB. Resident memory: %.0f MiB after a tenth of the time, %.0f
MiB after half, %.0f MiB at the end, %.0f MiB at most.

`, "`", s.stream, "`", seconds, thousands(float64(s.stream)/seconds), float64(info.Size())/1e9,
		resident[n/10], resident[n/2], resident[n-1], quantile(resident, 1))
	return err
}

func residentMiB(pid int) float64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	for _, line := range strings.Split(string(text), "\n") {
		if value, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kib, _ := strconv.ParseFloat(strings.Fields(value)[0], 64) // of the kernel
			return kib / 1024
		}
	}
	return 0
}
