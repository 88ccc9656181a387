package serve

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// What is just at a limit is answered, and what is just above it is refused.
func TestLimits(t *testing.T) {
	most := len(inferBody(3, 4, 7))
	c := newClient(t, Config{MaxBody: int64(most), MaxEvents: 3, MaxSamples: 6, MaxDraws: 12}, "molecule")
	for _, of := range []struct {
		events, samples, status int
		problem                 string
	}{
		{3, 4, http.StatusOK, ""},
		{2, 6, http.StatusOK, ""},
		{1, 6, http.StatusOK, ""},
		{1, 7, http.StatusBadRequest, "7 samples: want from 1 to 6"},
		{3, 5, http.StatusBadRequest, "the memory of 15 draws: want 12 at most"},
		{4, 1, http.StatusRequestEntityTooLarge, fmt.Sprintf("want %d at most", most)},
	} {
		got := c.ask("POST", inferPath, inferBody(of.events, of.samples, 7))
		require.Equal(t, of.status, got.status, "%d events, %d samples: %s", of.events, of.samples, got.body)
		if of.problem != "" {
			require.Contains(t, got.problem(t), of.problem)
		}
	}
	padded := strings.Repeat(" ", most-len(inferBody(1, 1, 7))) + inferBody(1, 1, 7)
	require.Equal(t, http.StatusOK, c.ask("POST", inferPath, padded).status)
	require.Equal(t, http.StatusRequestEntityTooLarge, c.ask("POST", inferPath, " "+padded).status)
	unknown := request("POST", inferPath, " "+padded)
	unknown.ContentLength = -1
	require.Equal(t, http.StatusRequestEntityTooLarge, c.send(unknown, nil).status, "of a body whose length is not said")
	// A summary has nine statistics of seven columns, an event of six coordinates.
	require.Equal(t, http.StatusOK, c.ask("POST", retrievePath, `{"samples":1,"momenta":`+byAtom+`}`).status)
	got := c.ask("POST", retrievePath, `{"samples":2,"momenta":`+byAtom+`}`)
	require.Equal(t, http.StatusBadRequest, got.status)
	require.Contains(t, got.problem(t), "the memory of 13 draws: want 12 at most")
	require.Equal(t, http.StatusOK, c.ask("POST", retrievePath, `{"return":["draws"],"samples":2,"momenta":`+byAtom+`}`).status)
	atoms := `{"return":["draws"],"momenta":{"C":[[1,2,3]%s],"O":[[1,2,3]%s]},"samples":1}`
	three, four := strings.Repeat(",[1,2,3]", 2), strings.Repeat(",[1,2,3]", 3)
	require.Equal(t, http.StatusOK, c.ask("POST", retrievePath, fmt.Sprintf(atoms, three, three)).status)
	got = c.ask("POST", retrievePath, fmt.Sprintf(atoms, four, four))
	require.Equal(t, http.StatusBadRequest, got.status)
	require.Contains(t, got.problem(t), "4 events: want 3 at most")
}

func TestContentTypes(t *testing.T) {
	c := newClient(t, Config{}, "molecule")
	body := inferBody(1, 1, 7)
	for kind, status := range map[string]int{
		"application/json": http.StatusOK, "application/json; charset=utf-8": http.StatusOK,
		"text/plain": http.StatusUnsupportedMediaType, "application/x-www-form-urlencoded": http.StatusUnsupportedMediaType,
		"nonsense;;": http.StatusUnsupportedMediaType, "application/octet-stream": http.StatusBadRequest,
	} {
		require.Equal(t, status, c.ask("POST", inferPath, body, "Content-Type", kind).status, kind)
	}
	r := request("POST", inferPath, body)
	r.Header.Del("Content-Type")
	w := c.send(r, []byte(body))
	require.Equal(t, http.StatusOK, w.status, "none, as some clients of the protocol send none")
	require.Equal(t, http.StatusUnsupportedMediaType, c.ask("POST", inferPath, body, "Content-Encoding", "gzip").status)
}

func TestBadConfigs(t *testing.T) {
	models := open(t, "molecule")
	for problem, c := range map[string]Config{
		"must be above 0":                  {Timeout: -time.Second},
		"share of 20 draws is more":        {BatchDraws: 10, ShareDraws: 20},
		"would never fit into a queue of":  {MaxDraws: 10, QueueDraws: 9},
		"body of 10 bytes would never fit": {MaxBody: 10, QueueBody: 9},
		"a certificate and its key":        {TLSCert: "a"},
	} {
		_, err := New(models, c)
		require.ErrorContains(t, err, problem)
	}
	_, err := New(nil, Config{})
	require.ErrorContains(t, err, "no model")
	_, err = New([]*Model{models[0], models[0]}, Config{})
	require.ErrorContains(t, err, "two models are called molecule")
	for _, name := range []string{"", "a/b", "..", ".a", "a b", "ä", strings.Repeat("a", 65)} {
		_, err := Open(t.Context(), name, runs["molecule"])
		require.ErrorContains(t, err, "name model", name)
	}
	_, err = Open(t.Context(), "a", t.TempDir())
	require.ErrorContains(t, err, "open model a")
}
