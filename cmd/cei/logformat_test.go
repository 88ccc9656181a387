package main

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// records decodes stderr, each line of which has to be a JSON object with time, level and message.
func records(t *testing.T, stderr string) (all []map[string]any) {
	t.Helper()
	for _, line := range strings.Split(strings.TrimSuffix(stderr, "\n"), "\n") {
		r := decoded(t, line)
		for _, key := range []string{"time", "level", "msg"} {
			require.IsType(t, "", r[key], line)
		}
		all = append(all, r)
	}
	return all
}

func auto(t *testing.T) { t.Helper(); t.Setenv("CEI_LOG_FORMAT", "") }

// A training that is on no terminal writes JSON records only, whose numbers are numbers.
func TestTrainLogsJSONOffTerminals(t *testing.T) {
	data, dir := simulated(t, 200), filepath.Join(t.TempDir(), "run")
	auto(t)
	a := succeed(t, trainArgs("cinn", data, dir, "--max-ker", "200", "--latent", "3")...)
	all := records(t, a.err)
	last := all[len(all)-1]
	assert.Equal(t, []any{"INFO", "epoch", 1.0, 3.0, losses(t, dir)[0].TrainLoss}, []any{last["level"], last["msg"], last["epoch"], last["of"], last["train_loss"]})
	assert.Contains(t, a.err, "kinetic-energy-release-max")
	assert.NotContains(t, a.out, "{", "results are no messages")

	a = cei(t, trainArgs("cinn", data, dir)...)
	all = records(t, a.err)
	last = all[len(all)-1]
	assert.Equal(t, []any{"ERROR", 1.0}, []any{last["level"], last["exit_code"]})
	assert.Contains(t, last["msg"], dir+" holds a run already")

	a = interrupted(t, `"msg":"epoch"`, trainArgs("cinn", data, dir, "--force", "--epochs", "100000")...)
	all = records(t, a.err)
	last = all[len(all)-1]
	assert.Equal(t, []any{"ERROR", 130.0}, []any{last["level"], last["exit_code"]})
	assert.Contains(t, last["msg"], "--resume continues the run")
}

// Other commands write text unless JSON is asked for, by flag or variable; wrong usage is told in the form that was asked
// for, wherever the flag stands.
func TestLogFormatIsChosen(t *testing.T) {
	data, json := simulated(t, 5), []string{"--log-format", "json"}
	retrieve := func(more ...string) []string {
		return append([]string{"retrieve", "--data", data, "--shapes", "500"}, more...)
	}
	auto(t)
	assert.True(t, strings.HasPrefix(succeed(t, retrieve()...).err, "5 events: "))
	asked := succeed(t, retrieve(json...)...)
	assert.Contains(t, records(t, asked.err)[0]["msg"], "5 events: ")
	t.Setenv("CEI_LOG_FORMAT", "json")
	assert.Len(t, records(t, succeed(t, retrieve()...).err), 2)
	assert.True(t, strings.HasPrefix(succeed(t, retrieve("--log-format=text")...).err, "5 events: "))

	for _, args := range [][]string{{"nosuch"}, {"train", "--nosuch"}, {"train"}, {"inspect", "a", "b"}, {"train", "--epochs", "many"}} {
		a := cei(t, args...)
		assert.Equal(t, exitUsage, a.code)
		last := records(t, a.err)
		require.Len(t, last, 1, args)
		assert.Equal(t, 2.0, last[0]["exit_code"])
	}
	auto(t)
	for _, args := range [][]string{{"inspect", "--log-format", "json", "nosuch.csv"}, {"inspect", "nosuch.csv", "--log-format=json"}, {"inspect", "nosuch.csv", "-log-format", "json"}} {
		assert.Contains(t, records(t, cei(t, args...).err)[0]["msg"], "nosuch.csv")
	}
	a := cei(t, "inspect", "--log-format", "xml", data)
	assert.Equal(t, exitUsage, a.code)
	assert.Contains(t, a.err, `--log-format must be auto, text or json, got "xml"`)
	assert.Contains(t, cei(t, "inspect", "--", "--log-format=json").err, "cei: ", "what follows -- is an argument")
}

// A bar is drawn where nothing else was asked for, on a terminal alone.
func TestBarOnTerminalsOnly(t *testing.T) {
	for _, c := range []struct {
		terminal  bool
		format    string
		bar, json bool
	}{
		{true, "", true, false}, {true, "auto", true, false}, {true, "text", false, false}, {true, "json", false, true},
		{false, "", false, true}, {false, "auto", false, true}, {false, "text", false, false}, {false, "json", false, true},
	} {
		t.Setenv("CEI_LOG_FORMAT", c.format)
		s := streams{terminal: c.terminal}.logged([]string{"cei", "train"})
		assert.Equal(t, []bool{c.bar, c.json}, []bool{s.terminal, s.log.records != nil}, c)
	}
}

// Whatever pieces text comes in and whoever writes it, every record is whole.
func TestMessagesAreWholeRecords(t *testing.T) {
	var out bytes.Buffer
	m := newMessages(&out, true)
	for _, piece := range []string{"a", "b\nwarn", "ing: c \"d\"\n\n", "  e\r\n", `{"time":"t","level":"INFO","msg":"own"}` + "\n", "{no JSON\n", "rest"} {
		n, err := m.Write([]byte(piece))
		require.NoError(t, err)
		require.Len(t, piece, n)
	}
	m.note("two\nlines")
	m.flush()
	m.flush()
	var got []string
	for _, r := range records(t, out.String()) {
		got = append(got, fmt.Sprint(r["level"], " ", r["msg"]))
	}
	assert.Equal(t, []string{"INFO ab", `WARN c "d"`, "INFO   e", "INFO own", "INFO {no JSON", "INFO two\nlines", "INFO rest"}, got)

	out.Reset()
	var wait sync.WaitGroup
	for i := range 8 {
		wait.Add(1)
		go func() {
			defer wait.Done()
			for range 50 {
				fmt.Fprintf(m, "line of %d\n", i)
				m.note("note")
			}
		}()
	}
	wait.Wait()
	assert.Len(t, records(t, out.String()), 800)
}
