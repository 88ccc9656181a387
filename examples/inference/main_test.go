package main

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/nn"
	"github.com/gocei/gocei/cvae"
	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/explosion"
	"github.com/gocei/gocei/posterior"
	"github.com/gocei/gocei/trainer"
)

// trained returns a handler for a run that took a moment to train, and the momenta of its events.
func trained(t *testing.T) (*handler, dataset.Matrix) {
	t.Helper()
	events, _, err := dataset.Simulate(context.Background(), explosion.Recipe{Events: 200}, 1)
	require.NoError(t, err)
	split, err := dataset.Prepare(events, dataset.Options{Frame: explosion.FrameBody})
	require.NoError(t, err)
	settings := cvae.Robust(int64(split.Train.Positions.Cols), int64(split.Train.Momenta.Cols), split.Train.Len())
	settings.Hidden = []int64{8}
	model, err := cvae.New(settings, nn.Placement{DType: binding.Float32})
	require.NoError(t, err)
	defer model.Close()
	config := trainer.Robust(split.Train.Len())
	config.Dir, config.Epochs = t.TempDir(), 1
	_, err = trainer.Fit(context.Background(), model, split, config)
	require.NoError(t, err)
	inverse, err := posterior.Open(context.Background(), config.Dir)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, inverse.Close()) })
	return &handler{inverse: inverse}, events.Momenta
}

func ask(h http.Handler, body string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/posterior", strings.NewReader(body)))
	return w
}

func TestRequestsSideBySideGetTheSameAnswer(t *testing.T) {
	h, momenta := trained(t)
	body, err := json.Marshal(question{Momenta: [][]float64{momenta.Row(0), momenta.Row(1)}, Draws: 50})
	require.NoError(t, err)
	answers := make([]string, 4)
	var clients sync.WaitGroup
	for i := range answers {
		clients.Add(1)
		go func() {
			defer clients.Done()
			answers[i] = ask(h, string(body)).Body.String()
		}()
	}
	clients.Wait()
	var a answer
	require.NoError(t, json.Unmarshal([]byte(answers[0]), &a))
	assert.Len(t, a.Columns, 9)
	require.Len(t, a.Mean, 2)
	assert.Len(t, a.SD[1], 9)
	for _, other := range answers {
		assert.Equal(t, answers[0], other, "draws start from one seed")
	}
}

func TestRefuse(t *testing.T) {
	h, _ := trained(t)
	for body, says := range map[string]string{
		"momenta":                          "invalid character",
		`{"momenta":[[1,2]],"draws":10}`:   "event 0 has 2 momenta: want 3 each of [C O S]",
		`{"momenta":[],"draws":10}`:        "10 draws of 0 events",
		`{"momenta":[[]],"draws":1000000}`: "1000000 draws of 1 events: want 2 draws or more, and up to 100000 in all",
	} {
		w := ask(h, body)
		assert.Equal(t, http.StatusBadRequest, w.Code)
		assert.Contains(t, w.Body.String(), says)
	}
}
