package main

import (
	"bufio"
	"encoding/json"
	"io"
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// serving is a server as a process of its own.
type serving struct {
	t    *testing.T
	c    *exec.Cmd
	url  string
	logs []map[string]any // up to the line that tells the address
	rest *bufio.Scanner
}

func serveProcess(t *testing.T, environment []string, args ...string) *serving {
	t.Helper()
	v := &serving{t: t, c: process(t, environment, append([]string{"serve"}, args...)...)}
	stderr, err := v.c.StderrPipe()
	require.NoError(t, err)
	require.NoError(t, v.c.Start())
	t.Cleanup(func() { _ = v.c.Process.Kill() }) // where it did not end by itself
	v.rest = bufio.NewScanner(stderr)
	for v.url == "" {
		require.True(t, v.rest.Scan(), "it ends before it listens: %v", v.logs)
		line := decoded(t, v.rest.Text())
		v.logs = append(v.logs, line)
		if line["msg"] == "listening" {
			v.url = "http://" + line["address"].(string)
		}
	}
	return v
}

// end asks the process to end, and returns its code and what it logged since it listens.
func (v *serving) end() (code int, log string) {
	v.t.Helper()
	require.NoError(v.t, v.c.Process.Signal(syscall.SIGTERM))
	for v.rest.Scan() {
		log += v.rest.Text() + "\n"
	}
	_ = v.c.Wait() // the code is what counts
	return v.c.ProcessState.ExitCode(), log
}

func (v *serving) ask(method, path, body, token string) (status int, answer map[string]any) {
	v.t.Helper()
	r, err := http.NewRequestWithContext(v.t.Context(), method, v.url+path, strings.NewReader(body))
	require.NoError(v.t, err)
	r.Header.Set("Content-Type", "application/json")
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	got, err := http.DefaultClient.Do(r)
	require.NoError(v.t, err)
	defer got.Body.Close()
	text, err := io.ReadAll(got.Body)
	require.NoError(v.t, err)
	require.NoError(v.t, json.Unmarshal(text, &answer), "%s", text)
	return got.StatusCode, answer
}

// A server answers in the terms of the run, until it is told to end, which is no failure.
func TestServe(t *testing.T) {
	run, _ := trainedRun(t, "cinn")
	v := serveProcess(t, nil, "ocs="+run, run, "--listen", "127.0.0.1:0")
	status, models := v.ask("GET", "/v1/models", "", "")
	require.Equal(t, http.StatusOK, status)
	require.Len(t, models["models"], 2)
	assert.Equal(t, "ocs", models["models"].([]any)[0].(map[string]any)["name"])
	assert.Equal(t, filepath.Base(run), models["models"].([]any)[1].(map[string]any)["name"])
	const asked = `{"model":"ocs","momenta":{"C":[-11.4,38.2,0],"O":[-165.8,-38.2,0],"S":[177.2,0,0]},"samples":50,"seed":1}`
	status, answer := v.ask("POST", "/v1/retrieve", asked, "")
	require.Equal(t, http.StatusOK, status, answer)
	summary := answer["events"].([]any)[0].(map[string]any)["summary"].(map[string]any)
	assert.Contains(t, summary, "r_CO")
	assert.Contains(t, summary, "ker_ev", "the run's recipe says the charges")
	health := cei(t, "health", v.url+"/v2/health/ready")
	assert.Equal(t, exitDone, health.code, health.err)
	assert.JSONEq(t, `{"ready":true}`, health.out)
	code, log := v.end()
	assert.Equal(t, exitDone, code, log)
	assert.Contains(t, log, `"route":"/v1/retrieve"`)
	assert.Contains(t, log, `"msg":"draining"`)
	for _, line := range strings.Split(strings.TrimSpace(log), "\n") {
		decoded(t, line)
	}
	assert.Equal(t, exitFailed, cei(t, "health", v.url+"/v2/health/ready").code, "nobody is there")
}

func TestServeWithToken(t *testing.T) {
	run, _ := trainedRun(t, "cvae")
	file := writeFile(t, "token", "from-a-file\n")
	for token, from := range map[string]func() *serving{
		"from-the-environment": func() *serving {
			return serveProcess(t, []string{"CEI_TOKEN=from-the-environment"}, run, "--listen", "127.0.0.1:0")
		},
		"from-a-file": func() *serving { return serveProcess(t, nil, run, "--listen", "127.0.0.1:0", "--token-file", file) },
	} {
		v := from()
		status, _ := v.ask("GET", "/v1/models", "", "")
		assert.Equal(t, http.StatusUnauthorized, status)
		status, _ = v.ask("GET", "/v1/models", "", token)
		assert.Equal(t, http.StatusOK, status)
		assert.Equal(t, exitDone, cei(t, "health", v.url+"/v2/health/ready").code, "health asks for no token")
		assert.Equal(t, exitFailed, cei(t, "health", v.url+"/v1/models").code)
		code, log := v.end()
		assert.Equal(t, exitDone, code)
		assert.NotContains(t, log, token)
	}
}

func TestServeWarnsWithoutToken(t *testing.T) {
	run, _ := trainedRun(t, "cvae")
	v := serveProcess(t, nil, run, "--listen", "0.0.0.0:0")
	assert.Equal(t, "WARN", v.logs[0]["level"])
	code, _ := v.end()
	assert.Equal(t, exitDone, code)
}

func TestServeRefused(t *testing.T) {
	run, _ := trainedRun(t, "cvae")
	for _, of := range []struct {
		code int
		want string
		args []string
	}{
		{exitUsage, "give one run directory or more", nil},
		{exitUsage, "--workers must be at least 1", []string{run, "--workers", "0"}},
		{exitUsage, "--timeout must be above 0", []string{run, "--timeout", "0s"}},
		{exitUsage, "--log-level must be", []string{run, "--log-level", "loud"}},
		{exitFailed, "a run directory?", []string{t.TempDir()}},
		{exitFailed, "want 1 to 64 letters", []string{"a b=" + run}},
		{exitFailed, "two models are called", []string{run, run}},
		{exitFailed, "read the token", []string{run, "--token-file", filepath.Join(t.TempDir(), "none")}},
		{exitFailed, "is empty", []string{run, "--token-file", writeFile(t, "empty", "\n")}},
		{exitFailed, "would never fit into a queue", []string{run, "--max-draws", "10", "--queue-draws", "5"}},
		{exitFailed, "listen", []string{run, "--listen", "nowhere.invalid:1"}},
	} {
		a := cei(t, append([]string{"serve"}, of.args...)...)
		assert.Equal(t, of.code, a.code, "%v: %s", of.args, a.err)
		assert.Contains(t, a.err, of.want)
		assert.Empty(t, a.out)
	}
	assert.Equal(t, exitUsage, cei(t, "health", "http://a b").code)
	assert.Equal(t, exitUsage, cei(t, "health", "a", "b").code)
}
