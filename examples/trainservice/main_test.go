package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/dataset/table"
	"github.com/gocei/gocei/explosion"
)

func events(t *testing.T) []byte {
	t.Helper()
	e, _, err := dataset.Simulate(context.Background(), explosion.Recipe{Events: 200}, 1)
	require.NoError(t, err)
	path := filepath.Join(t.TempDir(), "events.csv")
	require.NoError(t, table.WriteEvents(path, e, nil))
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	return text
}

func served(t *testing.T, epochs int) (dir string, ask func(method, path string, body []byte) (int, string)) {
	t.Helper()
	dir = t.TempDir()
	server := httptest.NewServer(newService(dir, epochs).handler())
	t.Cleanup(server.Close)
	return dir, func(method, path string, body []byte) (int, string) {
		r, err := http.NewRequestWithContext(t.Context(), method, server.URL+path, bytes.NewReader(body))
		require.NoError(t, err)
		answer, err := server.Client().Do(r)
		require.NoError(t, err)
		defer answer.Body.Close()
		text, err := io.ReadAll(answer.Body)
		require.NoError(t, err)
		return answer.StatusCode, string(text)
	}
}

// ended waits until the training has ended, and returns how.
func ended(t *testing.T, ask func(method, path string, body []byte) (int, string), path string) (last training) {
	t.Helper()
	require.Eventually(t, func() bool {
		code, text := ask(http.MethodGet, path, nil)
		require.Equal(t, http.StatusOK, code)
		last = training{}
		require.NoError(t, json.Unmarshal([]byte(text), &last))
		return last.State != "waiting" && last.State != "running"
	}, time.Minute, 5*time.Millisecond)
	return last
}

func TestTrain(t *testing.T) {
	dir, ask := served(t, 2)
	code, text := ask(http.MethodPost, "/trainings", events(t))
	assert.Equal(t, http.StatusAccepted, code)
	assert.Equal(t, "{\"id\":1}\n", text)
	last := ended(t, ask, "/trainings/1")
	assert.Equal(t, "done", last.State, last.Error)
	assert.Equal(t, 2, last.Last.Epoch)
	assert.FileExists(t, filepath.Join(dir, "1", "model.safetensors"))
}

func TestCancel(t *testing.T) {
	dir, ask := served(t, 1_000_000)
	ask(http.MethodPost, "/trainings", events(t))
	code, _ := ask(http.MethodDelete, "/trainings/1", nil)
	assert.Equal(t, http.StatusAccepted, code)
	assert.Equal(t, "cancelled", ended(t, ask, "/trainings/1").State)
	assert.NoFileExists(t, filepath.Join(dir, "2"))
}

func TestRefuse(t *testing.T) {
	_, ask := served(t, 1)
	ask(http.MethodPost, "/trainings", []byte("no table"))
	last := ended(t, ask, "/trainings/1")
	assert.Equal(t, "failed", last.State)
	assert.Contains(t, last.Error, "events.csv")
	for _, path := range []string{"/trainings/2", "/trainings/0", "/trainings/x"} {
		code, _ := ask(http.MethodGet, path, nil)
		assert.Equal(t, http.StatusNotFound, code)
	}
}
