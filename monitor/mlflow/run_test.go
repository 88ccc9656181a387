package mlflow

import (
	"fmt"
	"io"
	"math"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/monitor"
)

func TestMain(m *testing.M) {
	firstPause, longPause, endPause = time.Millisecond, 10*time.Millisecond, time.Millisecond
	os.Exit(m.Run())
}

const enough = 30 * time.Second // for what takes a moment

func figures(x float64) []monitor.Figure {
	return []monitor.Figure{{Name: "train_loss", Value: x}, {Name: "term/kl", Value: 2 * x}}
}

// track tells of epochs first to last, and returns what End says.
func track(t *testing.T, o Options, first, last int64, s Status) error {
	t.Helper()
	run, err := Start(o)
	require.NoError(t, err)
	for step := first; step <= last; step++ {
		run.Log(step, time.Now(), figures(float64(step)))
	}
	return run.End(s, enough)
}

// All is told, once and in order, in requests within the limits.
func TestTellsAll(t *testing.T) {
	s := newStub(t)
	params := map[string]string{"long": strings.Repeat("λ", 7000), "": "no key", "empty": ""}
	for i := range 250 {
		params[fmt.Sprintf("p%03d", i)] = fmt.Sprint(i)
	}
	o := Options{URI: s.URL + "/", Experiment: "OCS / body", RunName: "one", Params: params, Tags: map[string]string{"mlflow.user": "me"}}
	require.NoError(t, track(t, o, 1, 3000, Finished))
	run := s.only(t)
	assert.Equal(t, "FINISHED", run.status)
	assert.Greater(t, run.ended, int64(1e12))
	assert.Equal(t, "one", run.name)
	assert.Equal(t, map[string]string{"mlflow.user": "me"}, run.tags)
	assert.Len(t, run.params, 251)
	assert.Len(t, []rune(run.params["long"]), 500)
	require.Len(t, run.metrics, 6000)
	for i, m := range run.metrics {
		assert.Equal(t, int64(i/2+1), m.Step)
		assert.Equal(t, figures(float64(m.Step))[i%2], monitor.Figure{Name: m.Key, Value: m.Value})
	}
	require.NoError(t, track(t, o, 1, 1, Failed), "in the experiment that is there")
	assert.Len(t, s.experiments, 1)
	assert.Len(t, s.runs, 2)
}

// Where little time is left at the end, the server is told first how the run ended.
func TestTellsTheEndFirst(t *testing.T) {
	s := newStub(t)
	var batches atomic.Int64
	released, began := make(chan struct{}), make(chan struct{})
	s.before = func(_ http.ResponseWriter, r *http.Request) bool {
		if strings.HasSuffix(r.URL.Path, "log-batch") {
			switch batches.Add(1) {
			case 1:
				close(began)
				<-released // the training ends meanwhile
			case 2:
				_, _ = io.Copy(io.Discard, r.Body) // before which the server does not see that the client is gone
				<-r.Context().Done()
				return true
			}
		}
		return false
	}
	run, err := Start(Options{URI: s.URL, Experiment: "e"})
	require.NoError(t, err)
	for step := range int64(3000) {
		run.Log(step, time.Now(), figures(1))
	}
	<-began
	time.AfterFunc(20*time.Millisecond, func() { close(released) })
	require.ErrorContains(t, run.End(Killed, 500*time.Millisecond), "did not answer in the time that was left")
	assert.Equal(t, "KILLED", s.only(t).status)
	assert.NotEmpty(t, s.only(t).metrics)
}

// A resumed training continues its run; where that is gone, or another server or experiment is asked for, it gets another.
func TestResumesItsRun(t *testing.T) {
	s := newStub(t)
	o := Options{URI: s.URL, Experiment: "e", File: filepath.Join(t.TempDir(), "run", File), Params: map[string]string{"epochs": "5"}}
	require.NoError(t, track(t, o, 1, 5, Killed))
	assert.Equal(t, "KILLED", s.only(t).status)
	o.Resume, o.Params = true, map[string]string{"epochs": "9"} // which MLflow does not let change
	require.NoError(t, track(t, o, 6, 9, Finished))
	assert.Equal(t, "FINISHED", s.only(t).status)
	assert.Equal(t, "5", s.only(t).params["epochs"])
	assert.Len(t, s.only(t).metrics, 18)
	s.only(t).stage = "deleted"
	require.NoError(t, track(t, o, 10, 10, Finished))
	assert.Len(t, s.runs, 2)
	clear(s.runs)
	require.NoError(t, track(t, o, 10, 10, Finished))
	assert.Len(t, s.runs, 1)
	o.Experiment = "another"
	require.NoError(t, track(t, o, 10, 10, Finished))
	assert.Len(t, s.runs, 2)
	o.Resume = false
	require.NoError(t, track(t, o, 1, 1, Finished))
	assert.Len(t, s.runs, 3)

	require.NoError(t, os.WriteFile(o.File, []byte("{torn"), 0o600))
	o.Resume = true
	var warning error
	o.Warn = func(err error) { warning = err }
	require.NoError(t, track(t, o, 1, 1, Finished))
	assert.ErrorContains(t, warning, o.File)
}

// The three ways in which MLflow's users prove who they are.
func TestAuthentication(t *testing.T) {
	s := newStub(t)
	basic := func(r *http.Request) bool { user, word, _ := r.BasicAuth(); return user == "me" && word == "se:cret" }
	bearer := func(r *http.Request) bool { return r.Header.Get("Authorization") == "Bearer abc" }
	var warnings []error
	o := Options{URI: s.URL, Experiment: "e", File: filepath.Join(t.TempDir(), File), Warn: func(err error) { warnings = append(warnings, err) }}
	s.authorised = basic
	err := track(t, o, 1, 1, Finished)
	require.ErrorContains(t, err, "401 Unauthorized: You are not authenticated.")
	assert.Len(t, warnings, 1, "and it is not tried again")
	assert.Equal(t, []string{"experiments/get-by-name"}, s.calls)

	t.Setenv("MLFLOW_TRACKING_USERNAME", "me")
	t.Setenv("MLFLOW_TRACKING_PASSWORD", "se:cret")
	require.NoError(t, track(t, o.FromEnvironment(), 1, 1, Finished))
	o.URI = strings.Replace(s.URL, "http://", "http://me:se%3Acret@", 1)
	require.NoError(t, track(t, o, 1, 1, Finished))
	text, err := os.ReadFile(o.File)
	require.NoError(t, err)
	assert.NotContains(t, string(text), "cret")
	t.Setenv("MLFLOW_TRACKING_TOKEN", "abc")
	s.authorised = bearer
	require.NoError(t, track(t, o.FromEnvironment(), 1, 1, Finished))
	assert.Len(t, warnings, 1)

	t.Setenv("MLFLOW_TRACKING_URI", s.URL)
	t.Setenv("MLFLOW_EXPERIMENT_NAME", "from-environment")
	require.NoError(t, track(t, Options{}.FromEnvironment(), 1, 1, Finished))
	assert.Contains(t, s.experiments, "from-environment")
}

// A server that fails now and then gets everything all the same, and there is one warning.
func TestTriesAgain(t *testing.T) {
	s := newStub(t)
	var requests atomic.Int64
	s.before = func(w http.ResponseWriter, r *http.Request) bool {
		switch requests.Add(1) % 4 {
		case 0:
			return false
		case 1:
			http.Error(w, "busy", http.StatusServiceUnavailable)
		case 2:
			http.Error(w, "slow down", http.StatusTooManyRequests)
		case 3:
			panic(http.ErrAbortHandler) // the connection breaks
		}
		return true
	}
	var warnings atomic.Int64
	o := Options{URI: s.URL, Experiment: "e", Params: map[string]string{"a": "b"}, Warn: func(error) { warnings.Add(1) }}
	require.NoError(t, track(t, o, 1, 50, Finished))
	assert.Len(t, s.only(t).metrics, 100)
	assert.Equal(t, "FINISHED", s.only(t).status)
	assert.Equal(t, int64(1), warnings.Load())
}

// Whatever the server does, the training does not wait for it: not in Log, and in End no longer than it says.
func TestNeverBlocks(t *testing.T) {
	hang := func(w http.ResponseWriter, r *http.Request) bool {
		<-r.Context().Done()
		return true
	}
	for name, before := range map[string]func(http.ResponseWriter, *http.Request) bool{
		"hangs": hang,
		"is broken": func(w http.ResponseWriter, r *http.Request) bool {
			http.Error(w, "broken", http.StatusInternalServerError)
			return true
		},
		"drips": func(w http.ResponseWriter, r *http.Request) bool {
			for r.Context().Err() == nil {
				_, _ = w.Write([]byte(" "))
				w.(http.Flusher).Flush() //nolint:forcetypeassert // of net/http's server it is one
				time.Sleep(time.Millisecond)
			}
			return true
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStub(t)
			s.before = before
			var warnings atomic.Int64
			run, err := Start(Options{URI: s.URL, Experiment: "e", Warn: func(error) { warnings.Add(1) }})
			require.NoError(t, err)
			for step := range int64(3 * queued) {
				run.Log(step, time.Now(), figures(1))
			}
			err = run.End(Killed, 50*time.Millisecond)
			require.ErrorContains(t, err, "not all was told")
			assert.ErrorContains(t, err, "epochs were left out")
			assert.LessOrEqual(t, warnings.Load(), int64(1))
			assert.Equal(t, err.Error(), run.End(Finished, 0).Error(), "a second End changes nothing")
		})
	}
	s := newStub(t)
	s.Close()
	assert.ErrorContains(t, trackOne(t, s.URL, 50*time.Millisecond), "refused")
}

func trackOne(t *testing.T, uri string, within time.Duration) error {
	t.Helper()
	run, err := Start(Options{URI: uri, Experiment: "e"})
	require.NoError(t, err)
	run.Log(1, time.Now(), figures(1))
	return run.End(Finished, within)
}

// What is no answer of MLflow's ends it, and does not fill the memory.
func TestForeignServers(t *testing.T) {
	for want, answer := range map[string]func(http.ResponseWriter){
		"404 Not Found": func(w http.ResponseWriter) { http.Error(w, "404 page not found", http.StatusNotFound) },
		"no answer of":  func(w http.ResponseWriter) { fmt.Fprint(w, "<html>please log in</html>") },
		"without an id": func(w http.ResponseWriter) { fmt.Fprint(w, "{}") },
		"it was deleted": func(w http.ResponseWriter) {
			fmt.Fprint(w, `{"experiment":{"experiment_id":"1","lifecycle_stage":"deleted"}}`)
		},
		"no answer of M": func(w http.ResponseWriter) {
			fmt.Fprint(w, `{"experiment":"`, strings.Repeat("a", 2*responseLimit), `"}`)
		},
		"403 Forbidden: ": func(w http.ResponseWriter) { http.Error(w, "", http.StatusForbidden) },
	} {
		s := newStub(t)
		s.before = func(w http.ResponseWriter, _ *http.Request) bool {
			answer(w)
			return true
		}
		assert.ErrorContains(t, trackOne(t, s.URL, enough), want)
	}
}

// JSON has no NaN, and one must not cost the others.
func TestLeavesOutWhatIsNotFinite(t *testing.T) {
	s := newStub(t)
	run, err := Start(Options{URI: s.URL, Experiment: "e"})
	require.NoError(t, err)
	run.Log(1, time.Now(), []monitor.Figure{{Name: "a", Value: math.NaN()}, {Name: "b", Value: math.Inf(-1)}, {Name: "c", Value: 3}})
	require.NoError(t, run.End(Finished, enough))
	require.Len(t, s.only(t).metrics, 1)
	assert.Equal(t, "c", s.only(t).metrics[0].Key)
}

func TestOptionsAreChecked(t *testing.T) {
	for uri, want := range map[string]string{
		"": "want that of a tracking server", "localhost:5000": "want that of a tracking server", "file:///tmp/mlruns": "want that of a tracking server",
		"http://": "want that of a tracking server", "http://me:secret@[::1": "the tracking URI is none", "ftp://me:secret@host": "want that of a tracking server",
	} {
		_, err := Start(Options{URI: uri, Experiment: "e"})
		require.ErrorContains(t, err, want, uri)
		assert.NotContains(t, err.Error(), "secret")
	}
	_, err := Start(Options{URI: "http://localhost:5000"})
	assert.ErrorContains(t, err, "experiment is empty")
	var refused *apiError
	assert.NotErrorAs(t, err, &refused)
}
