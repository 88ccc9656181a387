package mlflow

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// stub is a tracking server that refuses what MLflow refuses, and keeps the rest in memory.
type stub struct {
	*httptest.Server
	mutex       sync.Mutex
	experiments map[string]string // ids by name
	runs        map[string]*stubRun
	calls       []string
	authorised  func(*http.Request) bool
	before      func(w http.ResponseWriter, r *http.Request) (answered bool) // for servers in trouble
}

type stubRun struct {
	experiment, name, status, stage string
	metrics                         []metric
	params, tags                    map[string]string
	ended                           int64
}

func newStub(t *testing.T) *stub {
	t.Helper()
	s := &stub{experiments: map[string]string{}, runs: map[string]*stubRun{}}
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	return s
}

func (s *stub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if s.before != nil && s.before(w, r) {
		return
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	method := strings.TrimPrefix(r.URL.Path, "/api/2.0/mlflow/")
	s.calls = append(s.calls, method)
	if s.authorised != nil && !s.authorised(r) {
		http.Error(w, "You are not authenticated.", http.StatusUnauthorized)
		return
	}
	answer, err := s.answer(method, r)
	if err != nil {
		refused := err.(*apiError) //nolint:errorlint,forcetypeassert // the stub's own, not wrapped
		w.WriteHeader(refused.Status)
		_ = json.NewEncoder(w).Encode(refused)
		return
	}
	_ = json.NewEncoder(w).Encode(answer)
}

func invalid(format string, args ...any) error {
	return &apiError{http.StatusBadRequest, "INVALID_PARAMETER_VALUE", fmt.Sprintf(format, args...)}
}

func (s *stub) answer(method string, r *http.Request) (any, error) {
	verb := http.MethodPost
	if method == "experiments/get-by-name" || method == "runs/get" {
		verb = http.MethodGet
	}
	if r.Method != verb {
		return nil, &apiError{http.StatusMethodNotAllowed, "METHOD_NOT_ALLOWED", r.Method}
	}
	body := map[string]json.RawMessage{}
	if verb == http.MethodPost {
		if r.Header.Get("Content-Type") != "application/json" {
			return nil, &apiError{http.StatusUnsupportedMediaType, "BAD_REQUEST", "content type"}
		}
		if err := json.NewDecoder(http.MaxBytesReader(nil, r.Body, 1_000_000)).Decode(&body); err != nil {
			return nil, invalid("body: %v", err)
		}
	}
	switch method {
	case "experiments/get-by-name":
		name := r.URL.Query().Get("experiment_name")
		if s.experiments[name] == "" {
			return nil, &apiError{http.StatusNotFound, "RESOURCE_DOES_NOT_EXIST", "Could not find experiment with name " + name}
		}
		return map[string]any{"experiment": map[string]any{"experiment_id": s.experiments[name], "name": name, "lifecycle_stage": "active"}}, nil
	case "experiments/create":
		return s.createExperiment(body)
	case "runs/create":
		return s.createRun(body)
	case "runs/get":
		return s.getRun(r.URL.Query().Get("run_id"))
	case "runs/update":
		return s.updateRun(body)
	case "runs/log-batch":
		return s.logBatch(body)
	}
	return nil, &apiError{http.StatusNotFound, "ENDPOINT_NOT_FOUND", method}
}

// take decodes a required field of the body.
func take[T any](body map[string]json.RawMessage, name string) (value T, err error) {
	raw, ok := body[name]
	if !ok {
		return value, invalid("Missing value for required parameter '%s'", name)
	}
	if err := json.Unmarshal(raw, &value); err != nil {
		return value, invalid("%s: %v", name, err)
	}
	return value, nil
}

func (s *stub) createExperiment(body map[string]json.RawMessage) (any, error) {
	name, err := take[string](body, "name")
	if err != nil {
		return nil, err
	}
	if s.experiments[name] != "" {
		return nil, &apiError{http.StatusBadRequest, "RESOURCE_ALREADY_EXISTS", name}
	}
	s.experiments[name] = fmt.Sprint(len(s.experiments) + 1)
	return map[string]any{"experiment_id": s.experiments[name]}, nil
}

func (s *stub) createRun(body map[string]json.RawMessage) (any, error) {
	experiment, err := take[string](body, "experiment_id")
	if err != nil {
		return nil, err
	}
	known := false
	for _, id := range s.experiments {
		known = known || id == experiment
	}
	if !known {
		return nil, &apiError{http.StatusNotFound, "RESOURCE_DOES_NOT_EXIST", "No Experiment with id=" + experiment}
	}
	if start, err := take[int64](body, "start_time"); err != nil || start < 1e12 {
		return nil, invalid("start_time %d ms", start)
	}
	run := &stubRun{experiment: experiment, status: "RUNNING", stage: "active", params: map[string]string{}, tags: map[string]string{}}
	run.name, _ = take[string](body, "run_name")
	tags, _ := take[[]pair](body, "tags")
	for _, tag := range tags {
		run.tags[tag.Key] = tag.Value
	}
	id := fmt.Sprintf("%032x", len(s.runs)+1)
	s.runs[id] = run
	return s.getRun(id)
}

func (s *stub) find(id string) (*stubRun, error) {
	run, ok := s.runs[id]
	if !ok {
		return nil, &apiError{http.StatusNotFound, "RESOURCE_DOES_NOT_EXIST", "Run with id=" + id + " not found"}
	}
	return run, nil
}

func (s *stub) getRun(id string) (any, error) {
	run, err := s.find(id)
	if err != nil {
		return nil, err
	}
	info := map[string]any{"run_id": id, "experiment_id": run.experiment, "status": run.status, "lifecycle_stage": run.stage}
	return map[string]any{"run": map[string]any{"info": info}}, nil
}

func (s *stub) active(body map[string]json.RawMessage) (*stubRun, error) {
	id, err := take[string](body, "run_id")
	if err != nil {
		return nil, err
	}
	run, err := s.find(id)
	if err == nil && run.stage != "active" {
		return nil, invalid("The run %s must be in the 'active' state. Current state is %s.", id, run.stage)
	}
	return run, err
}

func (s *stub) updateRun(body map[string]json.RawMessage) (any, error) {
	run, err := s.active(body)
	if err != nil {
		return nil, err
	}
	status, err := take[string](body, "status")
	if err != nil || !slices.Contains([]string{"RUNNING", "SCHEDULED", "FINISHED", "FAILED", "KILLED"}, status) {
		return nil, invalid("status %q", status)
	}
	run.status = status
	run.ended, _ = take[int64](body, "end_time")
	return map[string]any{"run_info": map[string]any{}}, nil
}

func (s *stub) logBatch(body map[string]json.RawMessage) (any, error) {
	run, err := s.active(body)
	if err != nil {
		return nil, err
	}
	metrics, _ := take[[]map[string]json.RawMessage](body, "metrics")
	params, _ := take[[]pair](body, "params")
	tags, _ := take[[]pair](body, "tags")
	if len(metrics) > 1000 || len(params) > 100 || len(tags) > 100 || len(metrics)+len(params)+len(tags) > 1000 {
		return nil, invalid("A batch logging request can contain at most 1000 metrics, 100 params, 100 tags: got %d, %d, %d", len(metrics), len(params), len(tags))
	}
	for _, p := range params {
		if before, ok := run.params[p.Key]; ok && before != p.Value {
			return nil, invalid("Changing param values is not allowed. Param with key='%s' was already logged", p.Key)
		}
		if p.Key == "" || len([]rune(p.Key)) > 250 || len([]rune(p.Value)) > 500 {
			return nil, invalid("param %q", p.Key)
		}
		run.params[p.Key] = p.Value
	}
	for _, fields := range metrics {
		var m metric
		var errs [4]error
		m.Key, errs[0] = take[string](fields, "key")
		m.Value, errs[1] = take[float64](fields, "value")
		m.Timestamp, errs[2] = take[int64](fields, "timestamp")
		m.Step, errs[3] = take[int64](fields, "step")
		for _, err := range errs {
			if err != nil {
				return nil, err
			}
		}
		if m.Key == "" || len(m.Key) > 250 || m.Timestamp < 1e12 {
			return nil, invalid("metric %+v", m)
		}
		run.metrics = append(run.metrics, m)
	}
	return map[string]any{}, nil
}

// only returns the only run.
func (s *stub) only(t *testing.T) *stubRun {
	t.Helper()
	s.mutex.Lock()
	defer s.mutex.Unlock()
	require.Len(t, s.runs, 1)
	for _, run := range s.runs {
		return run
	}
	return nil
}
