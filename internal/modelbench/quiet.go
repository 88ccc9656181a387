package modelbench

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// processTime returns how long the threads of a process have run, and false where the system does not say.
func processTime(pid int) (total time.Duration, ok bool) {
	files, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/schedstat", pid)) // a pattern without a fault
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			continue // the thread has ended
		}
		first, _, _ := strings.Cut(string(text), " ")
		nanoseconds, err := strconv.ParseInt(first, 10, 64)
		if err != nil {
			return 0, false
		}
		total, ok = total+time.Duration(nanoseconds), true
	}
	return total, ok
}

// totalTime returns how long the threads of several processes have run, and false where the system does not say.
func totalTime(pids []int) (total time.Duration, ok bool) {
	ok = true
	for _, pid := range pids {
		t, known := processTime(pid)
		total, ok = total+t, ok && known
	}
	return total, ok
}

// How processes are found to be idle: over a look they take less than a fifth of a core.
const (
	look         = 10 * time.Millisecond
	idleShare    = 0.2 // of which the looking itself takes some
	longestQuiet = 2 * time.Second
	blindPause   = 250 * time.Millisecond // longer than OpenMP's threads turn after their work, where one cannot look
)

// awaitIdle returns once processes compute nothing. Threads of OpenMP that have done their work turn for a while before they
// sleep, and would slow down who comes next.
func awaitIdle(ctx context.Context, pids []int) error {
	before, ok := totalTime(pids)
	if !ok {
		return pause(ctx, blindPause)
	}
	for begin := time.Now(); time.Since(begin) < longestQuiet; {
		asleep := time.Now()
		if err := pause(ctx, look); err != nil {
			return err
		}
		after, _ := totalTime(pids)
		if float64(after-before) < idleShare*float64(time.Since(asleep)) {
			return nil
		}
		before = after
	}
	return nil // what they take shows in the report
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}
