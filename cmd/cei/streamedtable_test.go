package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding/bindingtest"
	"github.com/gocei/gocei/trainer"
)

// simulatedAs returns the path of a table of simulated events in a format.
func simulatedAs(t *testing.T, ending string, events int) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "events"+ending)
	succeed(t, "simulate", "--events", strconv.Itoa(events), "--out", path)
	return path
}

// streamArgs are those of a training that passes about twice over 600 events.
func streamArgs(data, out string, more ...string) []string {
	return trainArgs("cvae", data, out, append([]string{"--preset", "reference", "--frame", "body", "--rows-in-memory", "200", "--epochs", "8", "--batch", "64"}, more...)...)
}

func streamedOf(t *testing.T, dir string) streamedTable {
	t.Helper()
	run, err := trainer.ReadRunConfig(dir)
	require.NoError(t, err)
	from, ok := sourceOf(run)
	require.True(t, ok)
	require.NotNil(t, from.Streamed)
	return *from.Streamed
}

// A table that is read part by part is trained on in any format, and its test part is found again.
func TestTrainOnStreamedTable(t *testing.T) {
	bindingtest.NoLeak(t)
	for _, ending := range tableEndings(t) {
		t.Run(ending, func(t *testing.T) {
			data, dir := simulatedAs(t, ending, 600), filepath.Join(t.TempDir(), "run")
			a := succeed(t, streamArgs(data, dir, "--json")...)
			assert.Regexp(t, `(?m)^600 events: 5\d\d to train on, 3\d to validate, 3\d to test; frame body$`, a.err)
			assert.Regexp(t, `(?m)^an epoch trains on 140 of them, read from .* meanwhile: a pass over all takes 3\.\d+ epochs$`, a.err)
			inOrder := ending == ".csv" || ending == ".tsv" || ending == ".csv.gz"
			assert.Equal(t, inOrder, bytes.Contains([]byte(a.err), []byte("can only be read in their order")))
			assert.EqualValues(t, 8, decoded(t, a.out)["epochs"])
			run, err := trainer.ReadRunConfig(dir)
			require.NoError(t, err)
			assert.Equal(t, &trainer.OnlineConfig{RowsPerEpoch: 140}, run.Online)
			assert.Equal(t, 600, run.Split.Rows)
			assert.Equal(t, 600, streamedOf(t, dir).Rows)
			evaluation := decoded(t, succeed(t, "evaluate", dir, "--samples", "3", "--json").out)
			assert.InDelta(t, 32, evaluation["events"], 4)
			assert.FileExists(t, filepath.Join(dir, evaluationFile))
			assert.Contains(t, succeed(t, "evaluate", dir, "--data", data, "--samples", "1").err, "holds events that the run was trained on")
			report := succeed(t, "report", dir, "--samples", "3", "--events", "4")
			assert.NotContains(t, report.out, "left out")
		})
	}
}

// Whatever the format, the same rows make the same run, where rows can be read anywhere.
func TestStreamedFormatsAgree(t *testing.T) {
	parquet := simulatedAs(t, ".parquet", 600)
	var first []trainer.Metrics
	for _, ending := range []string{".parquet", ".npy", ".npz"} {
		data, dir := filepath.Join(t.TempDir(), "t"+ending), filepath.Join(t.TempDir(), "run")
		succeed(t, "convert", parquet, data)
		succeed(t, streamArgs(data, dir)...)
		if first == nil {
			first = losses(t, dir)
		}
		assert.Equal(t, first, losses(t, dir), ending)
	}
}

// A table with no more rows than are to be in memory is trained on as without the flag.
func TestSmallTableIsNotStreamed(t *testing.T) {
	for _, c := range []struct{ ending, flags string }{{".parquet", ""}, {".csv", ""}, {".parquet", "--max-ker=100"}} {
		data := simulatedAs(t, c.ending, 200)
		whole, dir := filepath.Join(t.TempDir(), "a"), filepath.Join(t.TempDir(), "b")
		args := []string{"--seed=1"}
		if c.flags != "" {
			args = append(args, c.flags)
		}
		succeed(t, trainArgs("cinn", data, whole, args...)...)
		a := succeed(t, trainArgs("cinn", data, dir, append(args, "--rows-in-memory", "200")...)...)
		assert.NotContains(t, a.err, "an epoch trains on")
		assert.Equal(t, losses(t, whole), losses(t, dir))
		assert.Equal(t, readFile(t, whole, "model.safetensors"), readFile(t, dir, "model.safetensors"))
		assert.Equal(t, succeed(t, "evaluate", whole, "--samples", "2", "--json").out, succeed(t, "evaluate", dir, "--samples", "2", "--json").out)
	}
}

// A training on a streamed table that was interrupted and resumed ends as one that was not.
func TestStreamedInterruptAndResume(t *testing.T) {
	for _, c := range []struct{ ending, when, flag string }{
		{".parquet", "training the ", "--noise=0.1"}, {".parquet", "msg=epoch epoch=1 ", "--max-ker=110"}, {".csv", "msg=epoch epoch=1 ", "--noise=0.1"}, {".npy", "msg=epoch epoch=1 ", "--momentum-noise=0.01"},
	} {
		t.Run(c.ending+" at "+c.when, func(t *testing.T) {
			data, undisturbed, dir := simulatedAs(t, c.ending, 600), filepath.Join(t.TempDir(), "a"), filepath.Join(t.TempDir(), "b")
			succeed(t, streamArgs(data, undisturbed, c.flag)...)
			a := interrupted(t, c.when, streamArgs(data, dir, c.flag)...)
			assert.Equal(t, exitInterrupted, a.code, a.err)
			assert.Less(t, len(losses(t, dir)), 8)
			succeed(t, append(streamArgs(data, dir, c.flag), "--resume")...)
			assert.Equal(t, losses(t, undisturbed), losses(t, dir))
			assert.Equal(t, readFile(t, undisturbed, "model.safetensors"), readFile(t, dir, "model.safetensors"))
		})
	}
}

// A table that is cut off in the middle of a training ends it with a checkpoint, from which it goes on where the table is
// whole again.
func TestStreamedTableIsCutOffMeanwhile(t *testing.T) {
	for _, ending := range []string{".parquet", ".npy", ".csv"} {
		t.Run(ending, func(t *testing.T) {
			data, undisturbed, dir := simulatedAs(t, ending, 600), filepath.Join(t.TempDir(), "a"), filepath.Join(t.TempDir(), "b")
			succeed(t, streamArgs(data, undisturbed)...)
			whole := readFile(t, data)
			cut := func() { assert.NoError(t, os.Truncate(data, int64(len(whole)/2))) }
			err := &interrupter{word: "msg=epoch epoch=1 ", cancel: cut}
			code := run(t.Context(), append([]string{"cei"}, streamArgs(data, dir)...), streams{out: &bytes.Buffer{}, err: err})
			assert.Equal(t, exitFailed, code)
			assert.Regexp(t, `cei: trainer: make the events of epoch \d: dataset: read part \d of the table: `, err.String())
			assert.FileExists(t, filepath.Join(dir, trainer.StateFile))
			assert.NotEmpty(t, losses(t, dir))
			require.NoError(t, os.WriteFile(data, []byte(whole), 0o600))
			succeed(t, append(streamArgs(data, dir), "--resume")...)
			assert.Equal(t, losses(t, undisturbed), losses(t, dir))
			assert.Equal(t, readFile(t, undisturbed, "model.safetensors"), readFile(t, dir, "model.safetensors"))
		})
	}
}

// A run is not continued, and not judged by its test rows, on a table that is another.
func TestStreamedTableHasChanged(t *testing.T) {
	data, dir := simulatedAs(t, ".parquet", 600), filepath.Join(t.TempDir(), "run")
	succeed(t, streamArgs(data, dir, "--epochs", "2")...)
	resumed := func(more ...string) answer { return cei(t, streamArgs(data, dir, append(more, "--resume")...)...) }
	for says, more := range map[string][]string{
		"begun with --rows-in-memory 200, and 300 were asked for": {"--rows-in-memory", "300"},
		"begun with --rows-in-memory 200, and 600 were asked for": {"--rows-in-memory", "600"}, // which is all of the table
		"settings differ from those asked for":                    {"--seed", "2"},
		"its data settings differ":                                {"--max-ker", "110"},
	} {
		a := resumed(more...)
		assert.Equal(t, exitFailed, a.code, more)
		assert.Contains(t, a.err, says, more)
	}
	content := []byte(readFile(t, data))
	content[len(content)/2] ^= 1
	require.NoError(t, os.WriteFile(data, content, 0o600))
	a := resumed()
	assert.Equal(t, exitFailed, a.code)
	assert.Contains(t, a.err, data+" has changed since the run in "+dir+" was begun on it")
	a = cei(t, "evaluate", dir, "--samples", "2")
	assert.Equal(t, exitFailed, a.code)
	assert.Contains(t, a.err, data+" has changed since the run was trained on it")
	require.NoError(t, os.Remove(data))
	assert.Contains(t, cei(t, "evaluate", dir, "--samples", "2").err, "put it back, or give another with --data")
}

// Without the flag, a run is resumed as it was begun.
func TestStreamedRunIsResumedWithoutSayingHow(t *testing.T) {
	data, dir := simulatedAs(t, ".parquet", 600), filepath.Join(t.TempDir(), "run")
	succeed(t, streamArgs(data, dir)...)
	args := trainArgs("cvae", data, dir, "--preset", "reference", "--frame", "body", "--epochs", "9", "--batch", "64", "--resume")
	a := succeed(t, args...)
	assert.Contains(t, a.err, "an epoch trains on 140 of them")
	assert.Len(t, losses(t, dir), 9)
	assert.Equal(t, 200, streamedOf(t, dir).RowsInMemory)
}

func TestStreamedTableWithOtherFlags(t *testing.T) {
	bindingtest.NoLeak(t)
	data := simulatedAs(t, ".parquet", 600)
	plain := filepath.Join(t.TempDir(), "plain.csv")
	writePlain(t, plain, 500)
	for name, args := range map[string][]string{
		"a selection": streamArgs(data, "", "--min-ker", "60", "--max-ker", "110", "--max-momentum-sum", "1"),
		"an ensemble": streamArgs(data, "", "--members", "2", "--epochs", "2"),
		"other parts": streamArgs(data, "", "--split", "0.5,0.2,0.3"),
		"robust":      trainArgs("cinn", data, "", "--rows-in-memory", "200", "--frame", "internal", "--average", "0.9"),
		"targets":     trainArgs("cinn", plain, "", "--rows-in-memory", "100", "--targets", "a,b", "--conditions", "x", "--bounds", "a=-2:2"),
	} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "run")
			for i := range args {
				if args[i] == "--out" {
					args[i+1] = dir
				}
			}
			a := succeed(t, args...)
			assert.Contains(t, a.err, "an epoch trains on")
			if name == "a selection" {
				assert.Contains(t, a.err, "kinetic-energy-release-max")
			}
			evaluation := decoded(t, succeed(t, "evaluate", dir, "--samples", "2", "--json").out)
			assert.Positive(t, evaluation["events"])
			inside := cei(t, "evaluate", dir, "--samples", "2", "--inside-domain")
			assert.Equal(t, exitDone, inside.code, inside.err)
		})
	}
}

func writePlain(t *testing.T, path string, rows int) {
	t.Helper()
	var text bytes.Buffer
	fmt.Fprintln(&text, "a,b,x")
	for i := range rows {
		fmt.Fprintf(&text, "%g,%g,%g\n", float64(i%37)/20, float64(i%41), float64(i%37+i%11))
	}
	require.NoError(t, os.WriteFile(path, text.Bytes(), 0o600))
}

func TestStreamedTableUsage(t *testing.T) {
	for says, args := range map[string][]string{
		"--rows-in-memory is of a table":             {"train", "--model", "cvae", "--events", "100", "--out", "run", "--rows-in-memory", "10"},
		"--add does not go with --rows-in-memory":    streamArgs("a.csv", "run", "--add", "b.csv"),
		"--rows-in-memory must be at least 1, got 0": streamArgs("a.csv", "run", "--rows-in-memory", "0"),
	} {
		a := cei(t, args...)
		assert.Equal(t, exitUsage, a.code, says)
		assert.Contains(t, a.err, says)
	}
	a := cei(t, streamArgs(simulatedAs(t, ".parquet", 100), filepath.Join(t.TempDir(), "run"), "--rows-in-memory", "10")...)
	assert.Equal(t, exitFailed, a.code)
	assert.Contains(t, a.err, "10 rows in memory are too few for 9 columns and parts of 0.7/0.15/0.15: want at least 14")
}

func TestFingerprintSeesWhatFilesDifferIn(t *testing.T) {
	content := bytes.Repeat([]byte("0123456789abcdef"), 1<<17) // 2 MiB
	of := func(content []byte) string {
		path := filepath.Join(t.TempDir(), "t")
		require.NoError(t, os.WriteFile(path, content, 0o600))
		print, err := fingerprint(path)
		require.NoError(t, err)
		return print
	}
	want := of(content)
	require.Equal(t, want, of(content))
	require.NotEqual(t, want, of(content[:len(content)-16]))
	for _, at := range []int{0, 60_000, len(content) - 1, len(content) - 60_000, len(content) / 2} {
		changed := bytes.Clone(content)
		changed[at] ^= 1
		require.NotEqual(t, want, of(changed), "byte %d", at)
	}
	small := content[:1<<20]
	for at := 0; at < len(small); at += 9973 {
		changed := bytes.Clone(small)
		changed[at] ^= 1
		require.NotEqual(t, of(small), of(changed), "byte %d: all of a small file counts", at)
	}
	require.NotEqual(t, of(nil), of([]byte{0}))
	_, err := fingerprint(filepath.Join(t.TempDir(), "none"))
	require.ErrorContains(t, err, "read events: ")
}

func TestSettingsOfStreamedRunAreWholeJSON(t *testing.T) {
	data, dir := simulatedAs(t, ".parquet", 600), filepath.Join(t.TempDir(), "run")
	succeed(t, streamArgs(data, dir, "--epochs", "1")...)
	run, err := trainer.ReadRunConfig(dir)
	require.NoError(t, err)
	var kept map[string]json.RawMessage
	require.NoError(t, json.Unmarshal(run.Settings, &kept))
	require.NotContains(t, kept, "data_sha256", "the table was not read as a whole")
	require.Contains(t, kept, "recipe")
}
