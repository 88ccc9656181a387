package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/dataset/table"
	"github.com/gocei/gocei/explosion"
	"github.com/gocei/gocei/posterior"
)

func TestRunKeepsTheBest(t *testing.T) {
	threads, err := binding.Threads()
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, binding.SetThreads(threads)) })
	events, _, err := dataset.Simulate(context.Background(), explosion.Recipe{Events: 200}, 1)
	require.NoError(t, err)
	folder := t.TempDir()
	path, dir := filepath.Join(folder, "events.parquet"), filepath.Join(folder, "best")
	require.NoError(t, table.WriteEvents(path, events, nil))

	var out bytes.Buffer
	require.NoError(t, run(context.Background(), &out, path, dir, 1))
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	require.Len(t, lines, len(trials())+1)
	inverse, err := posterior.Open(context.Background(), dir)
	require.NoError(t, err)
	require.NoError(t, inverse.Close())
	left, err := os.ReadDir(folder)
	require.NoError(t, err)
	assert.Len(t, left, 2, "the others are gone")
}

func TestBestOf(t *testing.T) {
	all := []*trial{{couplings: 1, loss: 3}, {couplings: 2, loss: -1}, {couplings: 3, loss: 2}}
	best, err := bestOf(io.Discard, all)
	require.NoError(t, err)
	assert.Same(t, all[1], best)
	all[2].err = errors.New("the disk is full")
	_, err = bestOf(io.Discard, all)
	assert.EqualError(t, err, "couplings-3-width-0-rate-0: the disk is full")
}
