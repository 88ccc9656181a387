package serve

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	widePath  = "/v2/models/wide/infer"
	wideDraws = 8_000 // which take the wide model a good while
)

// meanOnly asks for draws of which only the mean is sent.
func meanOnly(samples int) string {
	return strings.TrimSuffix(inferBody(1, samples, 7), "}") + `,"outputs":[{"name":"mean"}]}`
}

// background asks without waiting for the answer.
func (c *client) background(ctx context.Context, path, body string) <-chan *httptest.ResponseRecorder {
	answered := make(chan *httptest.ResponseRecorder, 1)
	go func() {
		w := httptest.NewRecorder()
		c.server.Handler().ServeHTTP(w, request("POST", path, body).WithContext(ctx))
		answered <- w
	}()
	return answered
}

// untilUnderWay waits until so many draws are under way.
func (c *client) untilUnderWay(draws int) {
	c.t.Helper()
	require.Eventually(c.t, func() bool {
		_, n := c.server.admission.underWay()
		return n == draws
	}, 10*time.Second, time.Millisecond)
}

// A full house is told at once, and is none when somebody has left.
func TestFull(t *testing.T) {
	for name, config := range map[string]Config{
		"requests": {QueueRequests: 2, Workers: 1},
		"draws":    {QueueDraws: 2 * wideDraws, MaxDraws: wideDraws, Workers: 1},
	} {
		t.Run(name, func(t *testing.T) {
			c := newClient(t, config, "wide")
			first, second := c.background(t.Context(), widePath, meanOnly(wideDraws)), c.background(t.Context(), widePath, meanOnly(wideDraws))
			c.untilUnderWay(2 * wideDraws)
			got := c.ask("POST", widePath, meanOnly(1))
			require.Equal(t, http.StatusServiceUnavailable, got.status)
			seconds, err := strconv.Atoi(got.header.Get("Retry-After"))
			require.NoError(t, err)
			require.Positive(t, seconds)
			require.Contains(t, got.problem(t), "too much is under way")
			require.Equal(t, http.StatusOK, c.ask("GET", "/v2/health/ready", "").status, "it is full, and well")
			require.Equal(t, http.StatusOK, (<-first).Code)
			require.Equal(t, http.StatusOK, (<-second).Code)
			require.Equal(t, http.StatusOK, c.ask("POST", widePath, meanOnly(1)).status)
			requests, draws := c.server.admission.underWay()
			require.Equal(t, []int{0, 0}, []int{requests, draws}, "refusals and answers have left")
		})
	}
}

func TestFullOfBodies(t *testing.T) {
	body := inferBody(1, 1, 7)
	c := newClient(t, Config{MaxBody: int64(len(body)), QueueBody: int64(2*len(body) - 1)}, "molecule")
	require.NoError(t, c.server.admission.enter(int64(len(body))))
	require.Equal(t, http.StatusServiceUnavailable, c.ask("POST", inferPath, body).status)
	c.server.admission.leave(int64(len(body)), 0)
	require.Equal(t, http.StatusOK, c.ask("POST", inferPath, body).status)
}

// Small requests do not wait for a huge one to end.
func TestSmallBesideHuge(t *testing.T) {
	c := newClient(t, Config{Workers: 1}, "wide")
	huge := c.background(t.Context(), widePath, meanOnly(2*wideDraws))
	c.untilUnderWay(2 * wideDraws)
	for range 5 {
		require.Equal(t, http.StatusOK, c.ask("POST", widePath, meanOnly(10)).status)
	}
	select {
	case <-huge:
		require.Fail(t, "the huge request was answered first")
	default:
	}
	require.Equal(t, http.StatusOK, (<-huge).Code)
}

func TestTimeout(t *testing.T) {
	c := newClient(t, Config{Timeout: 30 * time.Millisecond, Workers: 1}, "wide")
	got := c.ask("POST", widePath, meanOnly(5*wideDraws))
	require.Equal(t, http.StatusGatewayTimeout, got.status)
	require.Contains(t, got.problem(t), "time is up")
	made := testutil.ToFloat64(c.server.metrics.draws.WithLabelValues("wide"))
	require.Less(t, made, 5.0*wideDraws, "the rest is not drawn")
}

// Requests whose clients went away while they waited are not drawn.
func TestClientsThatGoAway(t *testing.T) {
	c := newClient(t, Config{Workers: 1, BatchDraws: wideDraws}, "wide")
	first := c.background(t.Context(), widePath, meanOnly(wideDraws))
	c.untilUnderWay(wideDraws)
	require.Eventually(t, func() bool { return c.server.models["wide"].queue.waiting() == 0 }, 10*time.Second, time.Millisecond)
	ctx, goAway := context.WithCancel(t.Context())
	waiting := c.background(ctx, widePath, meanOnly(1000))
	c.untilUnderWay(wideDraws + 1000)
	goAway()
	require.Empty(t, (<-waiting).Body.String())
	require.Contains(t, c.log.String(), `"status":499`)
	require.Equal(t, http.StatusOK, (<-first).Code)
	require.Equal(t, http.StatusOK, c.ask("POST", widePath, meanOnly(10)).status)
	require.Equal(t, float64(wideDraws+10), testutil.ToFloat64(c.server.metrics.draws.WithLabelValues("wide")))
}

// Whatever is sent at once, each request gets an answer or 503, and then the house is empty.
func TestStorm(t *testing.T) {
	c := newClient(t, Config{QueueRequests: 8, QueueDraws: 2000, MaxDraws: 1000}, "molecule", "ensemble")
	var asking sync.WaitGroup
	for i := range 64 {
		asking.Add(1)
		go func() {
			defer asking.Done()
			for k := range 10 {
				ctx, cancel := context.WithCancel(context.Background())
				if (i+k)%7 == 0 {
					time.AfterFunc(time.Millisecond, cancel)
				}
				w := httptest.NewRecorder()
				path := []string{inferPath, "/v2/models/ensemble/infer"}[i%2]
				c.server.Handler().ServeHTTP(w, request("POST", path, inferBody(1, 1+(37*i+k)%1000, 7)).WithContext(ctx))
				assert.Contains(t, []int{http.StatusOK, http.StatusServiceUnavailable}, w.Code)
				cancel()
			}
		}()
	}
	asking.Wait()
	requests, draws := c.server.admission.underWay()
	require.Equal(t, []int{0, 0}, []int{requests, draws})
	require.Equal(t, http.StatusOK, c.ask("POST", inferPath, inferBody(1, 1, 7)).status)
}
