package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/dataset/table"
)

// divided makes the parts of a command's output, which is written to path%d, and returns their paths.
func divided(t *testing.T, count int, ending string, args ...string) (paths []string) {
	t.Helper()
	dir := t.TempDir()
	for number := 1; number <= count; number++ {
		path := filepath.Join(dir, fmt.Sprintf("part-%d%s", number, ending))
		succeed(t, append(args, "--shard", fmt.Sprintf("%d/%d", number, count), "--out", path)...)
		paths = append(paths, path)
	}
	return paths
}

func joinedParts(t *testing.T, ending string, paths ...string) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "joined"+ending)
	a := succeed(t, append(append([]string{"join"}, paths...), "--out", path)...)
	assert.Contains(t, a.err, fmt.Sprintf("joined from %d parts", len(paths)))
	return path
}

// content is all that a table is: columns, rows and what it says of itself.
func content(t *testing.T, path string) string {
	t.Helper()
	r, err := table.Open(path, table.Options{})
	require.NoError(t, err)
	defer r.Close()
	rows, err := r.ReadAll()
	require.NoError(t, err)
	text, err := json.Marshal([]any{r.Columns(), r.Metadata(), rows})
	require.NoError(t, err)
	return string(text)
}

// undivided checks that joined parts are, to the byte, what a command writes in one go.
func undivided(t *testing.T, count int, ending string, args ...string) {
	t.Helper()
	whole := filepath.Join(t.TempDir(), "whole"+ending)
	succeed(t, append(args, "--out", whole)...)
	parts := divided(t, count, ending, args...)
	slices.Reverse(parts) // any order will do
	joined := joinedParts(t, ending, parts...)
	assert.Equal(t, content(t, whole), content(t, joined), "%d parts, %s", count, ending)
	if readFile(t, whole) != readFile(t, joined) { // which are too many to be shown
		t.Errorf("%d parts, %s: the bytes differ", count, ending)
	}
}

// For every number of parts, also more than there are events, and every format.
func TestJoinedDrawsAreTheUndividedOnes(t *testing.T) {
	dir, _ := trainedRun(t, "cinn", "--frame", "recoil")
	data := simulated(t, 5)
	for count := 1; count <= 7; count++ {
		undivided(t, count, ".npy", "sample", dir, "--data", data, "--samples", "10000") // three events a block
	}
	for _, ending := range tableEndings(t) {
		undivided(t, 3, ending, "sample", dir, "--data", data, "--samples", "20", "--seed", "7", "--coordinates", "laboratory")
		undivided(t, 7, ending, "sample", dir, "--data", data, "--samples", "1")
	}
	undivided(t, 2, ".csv", "sample", dir, "--data", simulated(t, 60), "--samples", "3", "--max-ker", "105")
}

// Summaries' modes are sought for many events at once, and a mixture's draws are dealt to its members by chance.
func TestJoinedSummariesAreTheUndividedOnes(t *testing.T) {
	data := simulated(t, 300)
	cvae, _ := trainedRun(t, "cvae")
	ensemble, _ := trainedRun(t, "cinn", "--members", "2")
	undivided(t, 3, ".csv", "sample", cvae, "--data", data, "--summary", "--samples", "50")
	undivided(t, 2, ".parquet", "sample", ensemble, "--data", data, "--summary", "--samples", "50")
	undivided(t, 2, ".csv", "sample", ensemble, "--data", data, "--samples", "200")
}

func TestJoinedSolutionsAreTheUndividedOnes(t *testing.T) {
	data := simulated(t, 5)
	for count := 1; count <= 7; count++ {
		undivided(t, count, ".csv", "retrieve", "--data", data, "--shapes", "500")
	}
	undivided(t, 3, ".parquet", "retrieve", "--data", data, "--shapes", "500", "--noise", "1")
	dir, _ := trainedRun(t, "cinn", "--frame", "body")
	undivided(t, 3, ".csv", "retrieve", "--data", simulated(t, 20), "--run", dir, "--samples", "5", "--shapes", "500", "--noise", "50")
}

// Parts of one format may be joined into another.
func TestJoinIntoAnotherFormat(t *testing.T) {
	dir, data := trainedRun(t, "cinn")
	args := []string{"sample", dir, "--data", data, "--samples", "2"}
	whole := filepath.Join(t.TempDir(), "whole.csv")
	succeed(t, append(args, "--out", whole)...)
	assert.Equal(t, readFile(t, whole), readFile(t, joinedParts(t, ".csv", divided(t, 3, ".parquet", args...)...)))
}

// What does not belong together, is not all, or is there twice is refused, and the message names the files.
func TestJoinRefuses(t *testing.T) {
	dir, data := trainedRun(t, "cinn")
	other, _ := trainedRun(t, "cinn", "--seed", "2")
	args := func(dir, data string, more ...string) []string {
		return append([]string{"sample", dir, "--data", data, "--samples", "1"}, more...)
	}
	good := divided(t, 3, ".csv", args(dir, data)...)
	parts := func(i int, replaced string) []string {
		paths := slices.Clone(good)
		paths[i] = replaced
		return paths
	}
	plain := filepath.Join(t.TempDir(), "plain.csv")
	succeed(t, append(args(dir, data), "--out", plain)...)
	bare := filepath.Join(t.TempDir(), "bare.csv")
	require.NoError(t, os.WriteFile(bare, []byte(readFile(t, good[0])), 0o600))
	forged := filepath.Join(t.TempDir(), "forged.csv")
	w, err := table.Create(forged, []string{"a"}, table.Metadata{partKey: `{"shard":{"number":2,"count":3},"first_event":0,"end_event":99,"events":200}`})
	require.NoError(t, err)
	require.NoError(t, w.Commit())

	for want, paths := range map[string][]string{
		"of the 3 parts, 2 are given: 3/3 is missing":      good[:2],
		"of the 3 parts, 1 are given: 1/3, 3/3 is missing": good[1:2],
		"are both part 2/3":                                append(slices.Clone(good), good[1]),
		"they are of different runs":                       parts(1, divided(t, 3, ".csv", args(other, data)...)[1]),
		"they are of different tables of events":           parts(1, divided(t, 3, ".csv", args(dir, simulated(t, 150))...)[1]),
		"they were made with different settings: ":         parts(1, divided(t, 3, ".csv", args(dir, data, "--seed", "9")...)[1]),
		"one is part 1/3, the other part 2/4":              parts(1, divided(t, 4, ".csv", args(dir, data)...)[1]),
		"one is of cei sample, the other of cei retrieve":  parts(1, divided(t, 2, ".csv", "retrieve", "--data", simulated(t, 2), "--shapes", "100")[1]),
		"does not say that it is a part made with --shard": parts(1, plain),
		bare + ".json, which belongs to it":                parts(0, bare),
		"which is none":                                    parts(1, forged),
		"nosuch.csv":                                       parts(1, "nosuch.csv"),
	} {
		out := filepath.Join(t.TempDir(), "all.csv")
		a := cei(t, append(append([]string{"join"}, paths...), "--out", out)...)
		assert.Equal(t, exitFailed, a.code, want)
		assert.Contains(t, a.err, want)
		assert.NoFileExists(t, out)
	}
	a := cei(t, append(append([]string{"join"}, good...), "--out", good[1], "--force")...)
	assert.Contains(t, a.err, "is one of the parts")
	a = cei(t, append(append([]string{"join"}, good...), "--out", plain)...)
	assert.Contains(t, a.err, "--force")
	for want, args := range map[string][]string{
		"give the parts": {"join", "--out", "a.csv"}, "--out is needed": {"join", good[0]}, "unknown format": {"join", good[0], "--out", "a.xls"},
		"--shard needs --out": {"sample", dir, "--data", data, "--shard", "1/2"}, "--shard takes I/N": {"retrieve", "--data", data, "--shard", "3/2"},
		"no task of an array job": {"sample", dir, "--data", data, "--shard", "auto"},
	} {
		a := cei(t, args...)
		assert.Equal(t, exitUsage, a.code)
		assert.Contains(t, a.err, want)
	}
}

// The parts that are missing are named, but not all of thousands.
func TestManyMissingParts(t *testing.T) {
	p := opened{part: part{Shard: shard{1, 5000}}, path: "a"}
	err := checkComplete([]opened{p})
	require.Error(t, err)
	assert.Less(t, len(err.Error()), 200)
	assert.True(t, strings.Contains(err.Error(), "2/5000") && strings.Contains(err.Error(), "…"))
}

// Whatever a table says of itself, a part that is accepted is one of its whole.
func FuzzReadPart(f *testing.F) {
	f.Add(`{"shard":{"number":2,"count":3},"first_event":66,"end_event":133,"events":200,"whole":{"settings":{}}}`)
	f.Add(`{"shard":{"number":1,"count":1000000},"first_event":0,"end_event":9223372036854,"events":9223372036854775807}`)
	f.Add(`{"shard":{"number":-1,"count":0}}`)
	f.Add(`[]`)
	f.Fuzz(func(t *testing.T, text string) {
		p, err := readPart("a.parquet", table.Metadata{partKey: text})
		if err != nil {
			return
		}
		require.True(t, 1 <= p.Shard.Number && p.Shard.Number <= p.Shard.Count, text)
		require.True(t, 0 <= p.First && p.First <= p.End && p.End <= p.Events, text)
	})
}
