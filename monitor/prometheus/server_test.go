package prometheus

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/trainer"
)

// scrape returns the samples by their names with labels.
func scrape(t *testing.T, s *Server) map[string]string {
	t.Helper()
	response, err := http.Get("http://" + s.Address() + "/metrics") //nolint:noctx // a test's own server
	require.NoError(t, err)
	defer response.Body.Close()
	require.Equal(t, http.StatusOK, response.StatusCode)
	require.Contains(t, response.Header.Get("Content-Type"), "text/plain; version=0.0.4")
	text, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	samples := map[string]string{}
	for _, m := range regexp.MustCompile(`(?m)^([a-z_]+(?:\{[^}]*\})?) (\S+)$`).FindAllStringSubmatch(string(text), -1) {
		samples[m[1]] = m[2]
	}
	return samples
}

func listen(t *testing.T) *Server {
	t.Helper()
	s, err := Listen("127.0.0.1:0")
	require.NoError(t, err)
	return s
}

func TestShowsTheTraining(t *testing.T) {
	s := listen(t)
	before := scrape(t, s)
	assert.Equal(t, []string{"0", "NaN", "NaN"}, []string{before["cei_training_epoch"], before["cei_training_train_loss"], before["cei_training_checkpoint_age_seconds"]})
	assert.Contains(t, before, "go_goroutines")
	assert.Contains(t, before, "process_resident_memory_bytes")

	checkpoint := filepath.Join(t.TempDir(), "state")
	s.Watch(checkpoint)
	require.NoError(t, os.WriteFile(checkpoint, nil, 0o600))
	s.Update(trainer.Progress{Epoch: 2, Epochs: 9, Step: 3, Steps: 7, Rows: 50, Member: 1, Members: 5, BestEpoch: 1})
	s.Update(trainer.Progress{Epoch: 2, Epochs: 9, Step: 4, Steps: 7, Rows: 40, Member: 1, Members: 5, BestEpoch: 1})
	during := scrape(t, s)
	for name, want := range map[string]string{
		"epoch": "2", "epochs_max": "9", "step": "4", "steps_per_epoch": "7", "member": "1", "members": "5", "best_epoch": "1", "events_total": "90", "validation_loss": "NaN",
	} {
		assert.Equal(t, want, during["cei_training_"+name], name)
	}
	age, err := strconv.ParseFloat(during["cei_training_checkpoint_age_seconds"], 64)
	require.NoError(t, err)
	assert.True(t, age > -60 && age < 60, "%g", age)

	m := trainer.Metrics{Epoch: 2, TrainLoss: -1.5, ValidationLoss: 2.5, LearningRate: 1e-3, Seconds: 0.5, EventsPerS: 180, Terms: map[string]float64{"kl": 0.25}}
	s.Update(trainer.Progress{Epoch: 2, Epochs: 9, Steps: 7, Metrics: &m, BestEpoch: 2, BestLoss: 2.5})
	after := scrape(t, s)
	for name, want := range map[string]string{
		"step": "7", "train_loss": "-1.5", "validation_loss": "2.5", "best_validation_loss": "2.5", "learning_rate": "0.001", "events_per_second": "180", "epoch_seconds": "0.5",
		`term{term="kl"}`: "0.25", "events_total": "90", "members": "0",
	} {
		assert.Equal(t, want, after["cei_training_"+name], name)
	}
	require.NoError(t, s.Close())
}

// An address in use is refused, and free again once the server is closed.
func TestAddressInUse(t *testing.T) {
	s := listen(t)
	_, err := Listen(s.Address())
	require.ErrorContains(t, err, "prometheus: listen tcp "+s.Address()+": bind: address already in use")
	require.NoError(t, s.Close())
	again, err := Listen(s.Address())
	require.NoError(t, err)
	require.NoError(t, again.Close())
	_, err = Listen("nonsense")
	assert.ErrorContains(t, err, "missing port")
}

// There is nothing else to ask, and nothing to tell it.
func TestOnlyMetrics(t *testing.T) {
	s := listen(t)
	defer s.Close()
	for path, want := range map[string]int{"/": http.StatusNotFound, "/debug/pprof/": http.StatusNotFound} {
		response, err := http.Get("http://" + s.Address() + path) //nolint:noctx // a test's own server
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		assert.Equal(t, want, response.StatusCode)
	}
	response, err := http.Post("http://"+s.Address()+"/metrics", "text/plain", nil) //nolint:noctx // a test's own server
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	assert.Equal(t, http.StatusMethodNotAllowed, response.StatusCode)
}
