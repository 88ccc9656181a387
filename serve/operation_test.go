package serve

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestRoutes(t *testing.T) {
	c := newClient(t, Config{Version: "1.2.3"}, "molecule", "table", "ensemble")
	version := "/v2/models/molecule/versions/" + c.server.models["molecule"].Version
	for path, want := range map[string]string{
		"/v2":                       `{"name":"cei","version":"1.2.3","extensions":["binary_tensor_data"]}`,
		"/v2/health/live":           `{"live":true}`,
		"/v2/health/ready":          `{"ready":true}`,
		"/v2/models/molecule/ready": `{"name":"molecule","ready":true}`,
		version + "/ready":          `{"name":"molecule","ready":true}`,
		"/v2/models/molecule":       "",
		"/v2/models/table":          "",
		version:                     "",
		"/v1/models":                "",
		"/openapi.yaml":             "",
		"/metrics":                  "",
		"/":                         "",
	} {
		got := c.ask("GET", path, "")
		require.Equal(t, http.StatusOK, got.status, path)
		if want != "" {
			require.JSONEq(t, want, string(got.body))
		}
		require.NotEmpty(t, got.header.Get("X-Request-Id"))
		require.Equal(t, "nosniff", got.header.Get("X-Content-Type-Options"))
	}
	var models struct {
		Models []struct {
			Name            string
			Members         int
			Atoms           []string
			MomentumColumns []string `json:"momentum_columns"`
		}
	}
	c.ask("GET", "/v1/models", "").into(t, &models)
	require.Len(t, models.Models, 3)
	require.Equal(t, []string{"C", "O"}, models.Models[0].Atoms)
	require.Equal(t, []string{"u", "v", "w"}, models.Models[1].MomentumColumns)
	require.Equal(t, 3, models.Models[2].Members)
}

func TestWrongPathsAndMethods(t *testing.T) {
	c := newClient(t, Config{}, "molecule")
	for _, of := range []struct {
		method, path string
		status       int
		allow        string
	}{
		{"GET", "/v2/models/nobody", http.StatusNotFound, ""},
		{"GET", "/v2/models/molecule/versions/1", http.StatusNotFound, ""},
		{"GET", "/v2/models/molecule/versions/1/ready", http.StatusNotFound, ""},
		{"GET", "/v2/nothing", http.StatusNotFound, ""},
		{"GET", "/v2/", http.StatusNotFound, ""},
		{"POST", "/v1/nothing", http.StatusNotFound, ""},
		{"GET", "/v1/retrieve", http.StatusMethodNotAllowed, "POST"},
		{"GET", inferPath, http.StatusMethodNotAllowed, "POST"},
		{"DELETE", "/v2/models/molecule", http.StatusMethodNotAllowed, "GET, HEAD"},
		{"POST", "/v2/health/live", http.StatusMethodNotAllowed, "GET, HEAD"},
		{"POST", "/", http.StatusMethodNotAllowed, "GET, HEAD"},
		{"PUT", "/metrics", http.StatusMethodNotAllowed, "GET, HEAD"},
	} {
		got := c.ask(of.method, of.path, "")
		require.Equal(t, of.status, got.status, "%s %s", of.method, of.path)
		require.Equal(t, of.allow, got.header.Get("Allow"))
		require.NotEmpty(t, got.problem(t))
	}
	require.Equal(t, http.StatusNotFound, c.ask("GET", "/no/such/file", "").status)
}

// Every path that is described is a route and asks for a token, unless it says that it does not.
func TestDescriptionAndToken(t *testing.T) {
	const secret = "a secret of some length"
	c := newClient(t, Config{Token: secret}, "molecule")
	router, err := described()
	require.NoError(t, err)
	for _, path := range []string{"/v2", "/v2/models/molecule", "/v2/models/molecule/ready", "/v1/models", "/metrics", "/v2/health/live", "/v2/health/ready", "/openapi.yaml", "/"} {
		route, _, err := router.FindRoute(request("GET", path, ""))
		require.NoError(t, err)
		open := route.Operation.Security != nil && len(*route.Operation.Security) == 0
		for token, allowed := range map[string]bool{
			"": false, "Bearer " + secret: true, "bearer " + secret: true, "Bearer": false, "Bearer ": false, "Basic " + secret: false, secret: false,
			"Bearer " + secret + "x": false, "Bearer " + secret[1:]: false, "Bearer  " + secret: false,
		} {
			want := http.StatusUnauthorized
			if allowed || open {
				want = http.StatusOK
			}
			got := c.ask("GET", path, "", "Authorization", token)
			require.Equal(t, want, got.status, "%s with %q", path, token)
			if want == http.StatusUnauthorized {
				require.Contains(t, got.header.Get("WWW-Authenticate"), "Bearer")
			}
		}
	}
	for _, path := range []string{inferPath, retrievePath} {
		require.Equal(t, http.StatusUnauthorized, c.ask("POST", path, "{}").status)
		require.Equal(t, http.StatusBadRequest, c.ask("POST", path, "{}", "Authorization", "Bearer "+secret).status)
	}
	require.NotContains(t, c.log.String(), secret, "the log does not tell")
}

// A panic is an answer and a line in the log, not the end of the server, and tells the client nothing.
func TestPanic(t *testing.T) {
	c := newClient(t, Config{}, "molecule")
	w := httptest.NewRecorder()
	c.server.wrap(route{path: "/panic", handle: func(*visit, http.ResponseWriter, *http.Request) { panic("the inside") }}).ServeHTTP(w, request("GET", "/panic", ""))
	require.Equal(t, http.StatusInternalServerError, w.Code)
	require.NotContains(t, w.Body.String(), "inside")
	require.Contains(t, c.log.String(), "the inside")
	require.Contains(t, c.log.String(), `"status":500`)
}

// A request's line has its id, which is the client's where that may stand in a log.
func TestLog(t *testing.T) {
	c := newClient(t, Config{}, "molecule")
	c.ask("POST", inferPath, inferBody(2, 3, 7), "X-Request-Id", "mine-1")
	c.ask("POST", inferPath, "{", "X-Request-Id", `no"good`+"\t")
	lines := strings.Split(strings.TrimSpace(c.log.String()), "\n")
	require.Len(t, lines, 2)
	var first, second map[string]any
	require.NoError(t, json.Unmarshal([]byte(lines[0]), &first))
	require.NoError(t, json.Unmarshal([]byte(lines[1]), &second))
	require.Equal(t, "mine-1", first["id"])
	require.Equal(t, "/v2/models/{model}/infer", first["route"])
	require.Equal(t, []any{"molecule", 6.0, 200.0}, []any{first["model"], first["draws"], first["status"]})
	require.Regexp(t, "^[0-9a-f]{16}$", second["id"])
	require.Equal(t, 400.0, second["status"])
	require.Contains(t, second["error"], "ends too early")
}

// Clients cannot make labels.
func TestMetrics(t *testing.T) {
	c := newClient(t, Config{}, "molecule")
	c.ask("POST", inferPath, inferBody(1, 5, 7))
	series := func() int {
		return strings.Count(string(c.ask("GET", "/metrics", "").body), "\ncei_http_requests_total{")
	}
	c.ask("GET", "/nothing", "")
	c.ask("GET", "/v2/models/nobody", "")
	c.ask("GET", "/metrics", "")
	before := series()
	for i := range 20 {
		c.ask("GET", fmt.Sprintf("/nothing%d", i), "")
		c.ask("GET", fmt.Sprintf("/v2/models/nobody%d", i), "")
	}
	require.Equal(t, before, series())
	text := string(c.ask("GET", "/metrics", "").body)
	for _, line := range []string{
		`cei_draws_total{model="molecule"} 5`, `cei_model_errors_total{model="molecule"} 0`, `cei_batch_draws_count{model="molecule"} 1`,
		`cei_http_requests_total{route="/v2/models/{model}/infer",status="200"} 1`, `cei_requests_under_way 0`, `cei_queue_requests{model="molecule"} 0`,
	} {
		require.Contains(t, text, line+"\n")
	}
}
