package serve

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding/bindingtest"
)

const host = "http://127.0.0.1:8000"

// described is the API's description, as a router of its paths.
var described = sync.OnceValues(func() (routers.Router, error) {
	openapi3filter.RegisterBodyDecoder("text/html", openapi3filter.PlainBodyDecoder)
	loader := openapi3.NewLoader()
	doc, err := loader.LoadFromData(Description)
	if err != nil {
		return nil, err
	}
	if err := doc.Validate(loader.Context); err != nil {
		return nil, err
	}
	return gorillamux.NewRouter(doc)
})

// open returns models, each called as its run is, that are closed when the test ends.
func open(t testing.TB, names ...string) (models []*Model) {
	t.Helper()
	for _, name := range names {
		m, err := Open(context.Background(), name, runs[name])
		require.NoError(t, err)
		t.Cleanup(func() { assert.NoError(t, m.Inverse.Close()) })
		models = append(models, m)
	}
	return models
}

// client asks a server, and holds every answer to the API's description.
type client struct {
	t      testing.TB
	server *Server
	log    *syncBuffer
}

// newClient returns a client of a server of some runs that ends with the test.
func newClient(t testing.TB, c Config, names ...string) *client {
	t.Helper()
	bindingtest.NoLeak(t)
	log := &syncBuffer{}
	c.Log = slog.New(slog.NewJSONHandler(log, nil))
	s, err := New(open(t, names...), c)
	require.NoError(t, err)
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		assert.NoError(t, s.Shutdown(ctx), "all have left")
	})
	return &client{t, s, log}
}

// response is an answer whose body was read.
type response struct {
	status int
	header http.Header
	body   []byte
}

func request(method, path, body string, headers ...string) *http.Request {
	r := httptest.NewRequest(method, host+path, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", kindJSON)
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return r
}

func (c *client) ask(method, path, body string, headers ...string) response {
	c.t.Helper()
	return c.send(request(method, path, body, headers...), []byte(body))
}

func (c *client) send(r *http.Request, body []byte) response {
	c.t.Helper()
	w := httptest.NewRecorder()
	c.server.Handler().ServeHTTP(w, r)
	got := response{w.Code, w.Header(), w.Body.Bytes()}
	got.check(c.t, r, body)
	return got
}

// check holds an answer to the description, and the request too where it succeeded.
func (got response) check(t testing.TB, r *http.Request, body []byte) {
	t.Helper()
	router, err := described()
	require.NoError(t, err)
	if got.status >= 400 && got.status != http.StatusServiceUnavailable && got.header.Get("Content-Type") == kindJSON {
		var e map[string]string
		require.NoError(t, json.Unmarshal(got.body, &e), "%s", got.body)
		require.Len(t, e, 1)
		require.NotEmpty(t, e["error"])
	}
	route, params, err := router.FindRoute(r)
	if err != nil {
		require.Contains(t, []int{http.StatusNotFound, http.StatusMethodNotAllowed}, got.status, "%s %s is not described", r.Method, r.URL)
		return
	}
	r = r.Clone(context.Background())
	r.Body = io.NopCloser(bytes.NewReader(body))
	options := &openapi3filter.Options{IncludeResponseStatus: true, AuthenticationFunc: openapi3filter.NoopAuthenticationFunc}
	in := &openapi3filter.RequestValidationInput{Request: r, PathParams: params, Route: route, Options: options}
	if got.status < 300 && (len(body) == 0 || r.Header.Get("Content-Type") != "") {
		require.NoError(t, openapi3filter.ValidateRequest(context.Background(), in))
	}
	out := &openapi3filter.ResponseValidationInput{RequestValidationInput: in, Status: got.status, Header: got.header, Options: options}
	require.NoError(t, openapi3filter.ValidateResponse(context.Background(), out.SetBodyBytes(got.body)), "%s", got.body)
}

// into reads an answer that has to be good.
func (got response) into(t testing.TB, value any) {
	t.Helper()
	require.Equal(t, http.StatusOK, got.status, "%s", got.body)
	require.NoError(t, json.Unmarshal(got.body, value), "%s", got.body)
}

// problem returns the text of an error.
func (got response) problem(t testing.TB) string {
	t.Helper()
	var e struct {
		Error string `json:"error"`
	}
	require.NoError(t, json.Unmarshal(got.body, &e), "%s", got.body)
	return e.Error
}

// syncBuffer is a log that goroutines write to.
type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *syncBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}
