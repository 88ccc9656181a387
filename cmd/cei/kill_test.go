package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/dataset/table"
)

// Whenever a program that writes a table is killed, the table is there whole, or what was there before is.
func TestKilledWritersLeaveWholeTables(t *testing.T) {
	const events = 3000
	folder := t.TempDir()
	from := filepath.Join(folder, "from.csv")
	succeed(t, "simulate", "--events", "3000", "--out", from)
	for _, ending := range []string{".csv", ".parquet", ".npz", ".npy", ".csv.gz"} {
		for command, args := range map[string][]string{
			"simulate": {"simulate", "--events", "3000"},
			"convert":  {"convert", from},
		} {
			t.Run(command+" "+ending, func(t *testing.T) {
				whole := time.Now()
				killedAfter(t, command, args, filepath.Join(t.TempDir(), "events"+ending), time.Hour)
				takes := time.Since(whole)
				for i := range 12 {
					path := filepath.Join(t.TempDir(), "events"+ending)
					killedAfter(t, command, args, path, takes*time.Duration(i)/10)
					assertWholeOrNone(t, path, events)
				}
			})
		}
	}
}

// killedAfter runs a command that writes path, for that long at most.
func killedAfter(t *testing.T, command string, args []string, path string, d time.Duration) {
	t.Helper()
	args = append([]string{}, args...)
	if command == "simulate" {
		args = append(args, "--out")
	}
	c := process(t, nil, append(args, path)...)
	require.NoError(t, c.Start())
	timer := time.AfterFunc(d, func() { _ = c.Process.Kill() })
	defer timer.Stop()
	_ = c.Wait() // killed or done: what is on the disk tells
}

func assertWholeOrNone(t *testing.T, path string, events int) {
	t.Helper()
	entries, err := os.ReadDir(filepath.Dir(path))
	require.NoError(t, err)
	for _, entry := range entries {
		name := entry.Name()
		assert.True(t, strings.HasPrefix(name, ".") || path == filepath.Join(filepath.Dir(path), name) || table.SidecarPath(path) == filepath.Join(filepath.Dir(path), name), name)
	}
	if _, err := os.Stat(path); os.IsNotExist(err) {
		return
	}
	e, err := table.ReadEvents(path, dataset.Layout{NeedPositions: true}, table.Options{})
	if assert.NoError(t, err) {
		assert.Equal(t, events, e.Len())
	}
}
