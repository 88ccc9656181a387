package main

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/dataset/table"
)

const (
	killedEvents = 6000
	olderEvents  = 7
	kills        = 8 // of each writer, at moments spread over its time
)

// Whenever a program that writes a table is killed, the table is there whole or not at all.
func TestKilledWritersLeaveWholeTables(t *testing.T) {
	for _, w := range writers(t) {
		t.Run(w.args[0]+" "+w.ending, func(t *testing.T) {
			t.Parallel() // one waits for its disk while another computes
			w.killAtManyMoments(t, "", func(path string) {
				_, err := os.Stat(path)
				if !os.IsNotExist(err) {
					assert.Equal(t, killedEvents, eventsIn(t, path))
				}
			})
		})
	}
}

// Whenever a program that replaces a table is killed, one of both is there whole, also where metadata are in a file beside.
func TestKilledWritersLeaveOneOfBothTables(t *testing.T) {
	for _, w := range writers(t) {
		t.Run(w.args[0]+" "+w.ending, func(t *testing.T) {
			older := filepath.Join(t.TempDir(), "older"+w.ending)
			succeed(t, "simulate", "--events", strconv.Itoa(olderEvents), "--out", older)
			t.Parallel()
			w.args = append([]string{w.args[0], "--force"}, w.args[1:]...)
			w.killAtManyMoments(t, readFile(t, older), func(path string) {
				assert.Contains(t, []int{olderEvents, killedEvents}, eventsIn(t, path))
			})
		})
	}
}

// writer is a command that writes a table whose path is its last argument.
type writer struct {
	ending string
	args   []string
}

func writers(t *testing.T) (all []writer) {
	t.Helper()
	from := simulated(t, killedEvents)
	for _, ending := range []string{".csv", ".csv.gz", ".parquet", ".npz", ".npy"} {
		all = append(all, writer{ending, []string{"convert", from}})
	}
	for _, ending := range []string{".csv", ".parquet"} {
		all = append(all, writer{ending, []string{"simulate", "--events", strconv.Itoa(killedEvents), "--out"}})
	}
	return all
}

// killAtManyMoments runs the writer until it has been killed often enough, each time into a folder of its own, which holds
// an older table unless that is "", and calls check with the table's path after each run. A run that ends before it is
// killed tells how long the next ones may take at most.
func (w writer) killAtManyMoments(t *testing.T, older string, check func(path string)) {
	t.Helper()
	takes, killed := time.Hour, 0
	for i := 0; killed < kills; i++ {
		require.Less(t, i, 20*kills, "it ends before it can be killed")
		path := filepath.Join(t.TempDir(), "events"+w.ending)
		if older != "" {
			require.NoError(t, os.WriteFile(path, []byte(older), 0o600))
		}
		after := takes
		if i > 0 {
			_, part := math.Modf(float64(i) * math.Phi) // lies evenly between 0 and 1, however many there are
			after = time.Duration(part * float64(takes))
		}
		took, wasKilled := killedAfter(t, append(w.args[:len(w.args):len(w.args)], path), after)
		if wasKilled {
			killed++
		} else {
			takes = min(takes, took)
			assert.Equal(t, killedEvents, eventsIn(t, path), "it was not killed")
		}
		check(path)
		noneElse(t, path)
	}
}

// killedAfter runs the command line as a process, for that long at most, and reports whether it was killed.
func killedAfter(t *testing.T, args []string, after time.Duration) (took time.Duration, killed bool) {
	t.Helper()
	c := process(t, nil, args...)
	var stderr bytes.Buffer
	c.Stderr = &stderr
	started := time.Now()
	require.NoError(t, c.Start())
	timer := time.AfterFunc(after, func() { _ = c.Process.Kill() })
	defer timer.Stop()
	err := c.Wait()
	took = time.Since(started)
	status := c.ProcessState.Sys().(syscall.WaitStatus)
	if killed = status.Signaled() && status.Signal() == syscall.SIGKILL; !killed {
		require.NoError(t, err, stderr.String())
	}
	return took, killed
}

func eventsIn(t *testing.T, path string) int {
	t.Helper()
	e, err := table.ReadEvents(path, dataset.Layout{NeedPositions: true}, table.Options{})
	if !assert.NoError(t, err) {
		return -1
	}
	return e.Len()
}

// noneElse asserts that beside the table there is at most its sidecar, and what is hidden.
func noneElse(t *testing.T, path string) {
	t.Helper()
	for _, name := range filesIn(t, filepath.Dir(path)) {
		assert.True(t, strings.HasPrefix(name, ".") || name == filepath.Base(path) || name == filepath.Base(table.SidecarPath(path)), name)
	}
}
