package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/monitor/mlflow"
	"github.com/gocei/gocei/trainer"
)

// eventFilesIn returns the event files of a run directory.
func eventFilesIn(t *testing.T, dir string) []string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "tensorboard", "events.out.tfevents.*"))
	require.NoError(t, err)
	return names
}

// Each training adds a file; one that replaces a run leaves none of it, whether it writes events or not.
func TestTensorBoardFiles(t *testing.T) {
	data, dir := simulated(t, 200), filepath.Join(t.TempDir(), "run")
	plain := filepath.Join(t.TempDir(), "plain")
	succeed(t, trainArgs("cinn", data, plain)...)
	assert.NoDirExists(t, filepath.Join(plain, "tensorboard"), "which was not asked for")

	succeed(t, trainArgs("cinn", data, dir, "--tensorboard")...)
	first := eventFilesIn(t, dir)
	require.Len(t, first, 1)
	text := readFile(t, first[0])
	for _, tag := range []string{"train_loss", "validation_loss", "learning_rate", "events_per_s", "term/normal", "term/volume"} {
		assert.Equal(t, 3, strings.Count(text, tag), tag)
	}
	assert.Equal(t, losses(t, plain), losses(t, dir), "being watched changes nothing")
	succeed(t, trainArgs("cinn", data, dir, "--tensorboard", "--resume", "--epochs", "5")...)
	both := eventFilesIn(t, dir)
	require.Len(t, both, 2)
	assert.Equal(t, first[0], both[0])
	assert.Equal(t, 2, strings.Count(readFile(t, both[1]), "train_loss"))
	succeed(t, trainArgs("cinn", data, dir, "--tensorboard", "--resume", "--epochs", "5")...)
	assert.Equal(t, both, eventFilesIn(t, dir), "nothing was left to train")
	succeed(t, trainArgs("cinn", data, dir, "--force", "--members", "2")...)
	assert.NoDirExists(t, filepath.Join(dir, "tensorboard"))
}

// What cannot be written costs a warning, not the training.
func TestTensorBoardFailsQuietly(t *testing.T) {
	data, dir := simulated(t, 200), filepath.Join(t.TempDir(), "run")
	require.NoError(t, os.MkdirAll(dir, 0o777))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "tensorboard"), []byte("a file"), 0o600))
	a := succeed(t, trainArgs("cinn", data, dir, "--tensorboard", "--resume")...)
	assert.Equal(t, 1, strings.Count(a.err, "warning: tensorboard: create event file: "))
	assert.Len(t, losses(t, dir), 3)
}

// tracker is a tracking server that keeps what it is told.
type tracker struct {
	*httptest.Server
	mutex  sync.Mutex
	bodies map[string][]map[string]any // by method
}

func newTracker(t *testing.T) *tracker {
	t.Helper()
	k := &tracker{bodies: map[string][]map[string]any{}}
	k.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		k.mutex.Lock()
		defer k.mutex.Unlock()
		method := strings.TrimPrefix(r.URL.Path, "/api/2.0/mlflow/")
		body := map[string]any{}
		if r.Method == http.MethodPost {
			_ = json.NewDecoder(r.Body).Decode(&body)
		}
		k.bodies[method] = append(k.bodies[method], body)
		_, _ = io.WriteString(w, `{"experiment":{"experiment_id":"7"},"run":{"info":{"run_id":"r`+string(rune('0'+len(k.bodies["runs/create"])))+`"}}}`)
	}))
	t.Cleanup(k.Close)
	return k
}

// statuses returns how runs ended.
func (k *tracker) statuses() (all []string) {
	for _, body := range k.bodies["runs/update"] {
		all = append(all, body["run_id"].(string)+" "+body["status"].(string))
	}
	return all
}

func (k *tracker) metrics() (n int) {
	for _, body := range k.bodies["runs/log-batch"] {
		metrics, _ := body["metrics"].([]any)
		n += len(metrics)
	}
	return n
}

func TestMLflowIsTold(t *testing.T) {
	k, data, dir := newTracker(t), simulated(t, 200), filepath.Join(t.TempDir(), "run")
	args := trainArgs("cinn", data, dir, "--mlflow", k.URL, "--mlflow-experiment", "OCS")
	succeed(t, args...)
	assert.Equal(t, []string{"r1 FINISHED"}, k.statuses())
	assert.Equal(t, 3*6, k.metrics())
	params := k.bodies["runs/log-batch"][0]["params"].([]any)
	assert.Contains(t, params, map[string]any{"key": "hidden", "value": "[8 8]"})
	assert.Contains(t, params, map[string]any{"key": "learning_rate", "value": "0.001"})
	assert.Equal(t, "run", k.bodies["runs/create"][0]["run_name"])
	assert.Equal(t, "r1", decoded(t, readFile(t, dir, mlflow.File))["run_id"])
	assert.NotContains(t, readFile(t, dir, "config.json"), k.URL, "who is told is no part of what a run is")

	a := interrupted(t, "msg=epoch", append(args, "--resume", "--epochs", "100000", "--patience", "0")...)
	assert.Equal(t, exitInterrupted, a.code)
	assert.Equal(t, []string{"r1 FINISHED", "r1 RUNNING", "r1 KILLED"}, k.statuses())
	succeed(t, append(args, "--force")...)
	assert.Len(t, k.bodies["runs/create"], 2)
}

// Each member of an ensemble has a run and event files of its own.
func TestEnsembleIsWatched(t *testing.T) {
	k, data, dir := newTracker(t), simulated(t, 200), filepath.Join(t.TempDir(), "run")
	succeed(t, trainArgs("cinn", data, dir, "--members", "3", "--tensorboard", "--mlflow", k.URL)...)
	assert.ElementsMatch(t, []string{"r1 FINISHED", "r2 FINISHED", "r3 FINISHED"}, k.statuses())
	assert.Equal(t, 3*3*6, k.metrics())
	for member := 1; member <= 3; member++ {
		assert.Len(t, eventFilesIn(t, trainer.MemberDir(dir, member)), 1)
	}
}

// A server that is not there, or that says nothing, costs a warning or two.
func TestMLflowFailsQuietly(t *testing.T) {
	k, data, dir := newTracker(t), simulated(t, 200), filepath.Join(t.TempDir(), "run")
	k.Config.Handler = http.NotFoundHandler()
	a := succeed(t, trainArgs("cinn", data, dir, "--mlflow", k.URL)...)
	assert.Contains(t, a.err, "warning: mlflow: not all was told: ")
	assert.LessOrEqual(t, strings.Count(a.err, "warning: "), 2)
	assert.Len(t, losses(t, dir), 3)
}

// scraper asks for the metrics once an epoch has ended, before it is told to anyone else.
type scraper struct {
	strings.Builder
	mutex sync.Mutex
	found string
}

func (s *scraper) Write(p []byte) (int, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.Builder.Write(p)
	url := regexp.MustCompile(`http://\S+/metrics`).FindString(s.String())
	if strings.Contains(string(p), "msg=epoch") && s.found == "" && url != "" {
		if response, err := http.Get(url); err == nil { //nolint:noctx // a test's own server
			text, _ := io.ReadAll(response.Body)
			s.found = string(text)
			_ = response.Body.Close()
		}
	}
	return len(p), nil
}

func TestMetricsDuringTraining(t *testing.T) {
	data, dir := simulated(t, 200), filepath.Join(t.TempDir(), "run")
	err := &scraper{}
	code := run(t.Context(), append([]string{"cei"}, trainArgs("cinn", data, dir, "--metrics-listen", "127.0.0.1:0")...), streams{out: io.Discard, err: err})
	require.Equal(t, exitDone, code, err.String())
	assert.Contains(t, err.found, "\ncei_training_epoch 1\n")
	assert.Contains(t, err.found, "\ncei_training_epochs_max 3\n")
	assert.Regexp(t, `\ncei_training_term\{term="normal"\} \d`, err.found)
	url := regexp.MustCompile(`http://\S+/metrics`).FindString(err.String())
	_, e := http.Get(url) //nolint:noctx,bodyclose // which is to fail
	assert.Error(t, e, "closed at the end")
}

// A port in use is an error before anything is written.
func TestMetricsPortInUse(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	dir := filepath.Join(t.TempDir(), "run")
	a := cei(t, trainArgs("cinn", simulated(t, 200), dir, "--metrics-listen", l.Addr().String())...)
	assert.Equal(t, exitFailed, a.code)
	assert.Contains(t, a.err, "address already in use")
	assert.NoDirExists(t, dir)
}

func TestMonitorOptionsAreChecked(t *testing.T) {
	for want, flags := range map[string][]string{
		"--metrics-listen takes an address": {"--metrics-listen", "9100"},
		"--mlflow: mlflow: tracking URI":    {"--mlflow", "mlruns"},
		`tracking URI ""`:                   {"--mlflow", "env"},
	} {
		a := cei(t, trainArgs("cinn", "nosuch.csv", "nosuch", flags...)...)
		assert.Equal(t, exitUsage, a.code)
		assert.Contains(t, a.err, want)
	}
	t.Setenv("MLFLOW_TRACKING_URI", "http://tracking:5000")
	o, err := asked(t, needs("", "--mlflow", "env")...)
	require.NoError(t, err)
	assert.Equal(t, []string{"http://tracking:5000", "cei"}, []string{o.tracking().URI, o.tracking().Experiment})
}

// recorder is a monitor that keeps what it was told.
type recorder struct {
	mutex   sync.Mutex
	updates int
	ends    []error
}

func (r *recorder) update(trainer.Progress) { r.updates++ }

func (r *recorder) end(err error) {
	time.Sleep(10 * time.Millisecond)
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.ends = append(r.ends, err)
}

// Members' monitors end with the member, the last one as the training does, and end waits for all.
func TestMonitorsEndWithTheirRun(t *testing.T) {
	m, first, second := &monitors{}, &recorder{}, &recorder{}
	m.options.Out = t.TempDir()
	m.ofRuns = map[int][]runMonitor{1: {first}}
	m.update(trainer.Progress{Member: 1})
	m.update(trainer.Progress{Member: 2})
	m.ofRuns[2] = []runMonitor{second}
	m.update(trainer.Progress{Member: 2})
	failure := errors.Join(context.Canceled)
	m.end(failure)
	assert.Equal(t, []error{nil}, first.ends)
	assert.Equal(t, []error{failure}, second.ends)
	assert.Equal(t, []int{1, 1}, []int{first.updates, second.updates})
	m.end(failure)
	assert.Len(t, second.ends, 1)
}

// Members at once keep their monitors until the training ends.
func TestMonitorsOfMembersAtOnce(t *testing.T) {
	m, first, second := &monitors{}, &recorder{}, &recorder{}
	m.options.Out, m.options.MembersAtOnce = t.TempDir(), ptr(2)
	m.ofRuns = map[int][]runMonitor{1: {first}, 2: {second}}
	for _, member := range []int{1, 2, 3, 1, 2, 1} {
		m.update(trainer.Progress{Member: member})
	}
	assert.Equal(t, []int{3, 2}, []int{first.updates, second.updates})
	assert.Empty(t, append(first.ends, second.ends...))
	m.end(nil)
	assert.Equal(t, []error{nil}, first.ends)
	assert.Equal(t, []error{nil}, second.ends)
}
