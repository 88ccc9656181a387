package serve

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding/bindingtest"
)

// running is a server on a port of its own.
type running struct {
	*client
	url   string
	end   context.CancelFunc
	ended chan error
}

func run(t *testing.T, c Config, name string) *running {
	t.Helper()
	bindingtest.NoLeak(t)
	log := &syncBuffer{}
	c.Listen, c.Log = "127.0.0.1:0", slog.New(slog.NewJSONHandler(log, nil))
	s, err := New(open(t, name), c)
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	r := &running{client: &client{t, s, log}, end: cancel, ended: make(chan error, 1)}
	at := make(chan net.Addr, 1)
	go func() { r.ended <- s.Run(ctx, func(a net.Addr) { at <- a }) }()
	r.url = "http://" + (<-at).String()
	t.Cleanup(cancel)
	return r
}

type posted struct {
	status int
	body   string
	err    error
}

func (r *running) post(path, body string) <-chan posted {
	answered := make(chan posted, 1)
	go func() {
		response, err := http.Post(r.url+path, kindJSON, strings.NewReader(body))
		if err != nil {
			answered <- posted{err: err}
			return
		}
		defer response.Body.Close()
		text, err := io.ReadAll(response.Body)
		answered <- posted{response.StatusCode, string(text), err}
	}()
	return answered
}

// What is under way at the end is answered; what is new is refused.
func TestDrain(t *testing.T) {
	before := runtime.NumGoroutine()
	r := run(t, Config{Workers: 1}, "wide")
	get := func(path string) int {
		response, err := http.Get(r.url + path)
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		return response.StatusCode
	}
	require.Equal(t, http.StatusOK, get("/v2/health/ready"))
	under := r.post(widePath, meanOnly(2*wideDraws))
	r.untilUnderWay(2 * wideDraws)
	r.end()
	require.Eventually(t, func() bool { return !r.server.isReady() }, 5*time.Second, time.Millisecond)
	require.Equal(t, http.StatusServiceUnavailable, get("/v2/health/ready"))
	require.Equal(t, http.StatusServiceUnavailable, get("/v2/models/wide/ready"))
	require.Equal(t, http.StatusOK, get("/v2/health/live"))
	refused := <-r.post(widePath, meanOnly(1))
	require.NoError(t, refused.err)
	require.Equal(t, http.StatusServiceUnavailable, refused.status)
	require.Contains(t, refused.body, "about to end")
	answered := <-under
	require.NoError(t, answered.err)
	require.Equal(t, http.StatusOK, answered.status)
	require.NoError(t, <-r.ended)
	_, err := net.Dial("tcp", strings.TrimPrefix(r.url, "http://"))
	require.Error(t, err, "nobody listens any more")
	http.DefaultClient.CloseIdleConnections()
	for range 500 {
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	require.Fail(t, "goroutines are left", "%d, before there were %d", runtime.NumGoroutine(), before)
}

// During the delay it is not ready, and answers all the same.
func TestDrainDelay(t *testing.T) {
	r := run(t, Config{DrainDelay: 500 * time.Millisecond}, "molecule")
	r.end()
	require.Eventually(t, func() bool { return !r.server.isReady() }, 5*time.Second, time.Millisecond)
	require.Equal(t, http.StatusOK, (<-r.post(inferPath, inferBody(1, 1, 7))).status)
	require.NoError(t, <-r.ended)
}

func TestDrainTimeout(t *testing.T) {
	r := run(t, Config{Workers: 1, DrainTimeout: time.Millisecond}, "wide")
	under := r.post(widePath, meanOnly(5*wideDraws))
	r.untilUnderWay(5 * wideDraws)
	r.end()
	require.ErrorContains(t, <-r.ended, "1 requests were under way when the time was up")
	if got := <-under; got.err == nil { // it may be cut off too
		require.Equal(t, http.StatusServiceUnavailable, got.status)
	}
}

func TestListenRefused(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer taken.Close()
	bindingtest.NoLeak(t)
	s, err := New(open(t, "molecule"), Config{Listen: taken.Addr().String()})
	require.NoError(t, err)
	require.ErrorContains(t, s.Run(t.Context(), nil), "address already in use")
}

// A client that is slow or says too much is not waited for for ever.
func TestPatienceIsBounded(t *testing.T) {
	c := newClient(t, Config{}, "molecule")
	h := c.server.httpServer()
	for _, d := range []time.Duration{h.ReadHeaderTimeout, h.ReadTimeout, h.WriteTimeout, h.IdleTimeout} {
		require.Positive(t, d)
	}
	require.Greater(t, h.WriteTimeout, c.server.config.Timeout)
	require.Positive(t, h.MaxHeaderBytes)
}
