package serve

import (
	"io/fs"
	"net/http"
	"net/http/httptest"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var (
	otherHost = regexp.MustCompile(`https?://[^\s"']*`)
	inline    = regexp.MustCompile(`(?i)\son\w+=|\sstyle=|<style|<script>|javascript:`)
	asMarkup  = regexp.MustCompile(`innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function|localStorage|sessionStorage|\.cookie`)
)

// The page's files come with its policy and obey it: nothing inline, nothing from elsewhere, and no text that becomes markup.
func TestPageFiles(t *testing.T) {
	c := newClient(t, Config{Token: "asked for by others"}, "molecule")
	entries, err := fs.ReadDir(pageFiles, "page")
	require.NoError(t, err)
	for _, file := range entries {
		w := httptest.NewRecorder()
		path := "/" + file.Name()
		if file.Name() == "index.html" {
			path = "/"
		}
		c.server.Handler().ServeHTTP(w, request("GET", path, ""))
		require.Equal(t, http.StatusOK, w.Code, path)
		assert.Equal(t, pagePolicy, w.Header().Get("Content-Security-Policy"))
		assert.Equal(t, "nosniff", w.Header().Get("X-Content-Type-Options"))
		assert.Regexp(t, `^(text/(html|css|javascript)|application/javascript|image/svg\+xml)`, w.Header().Get("Content-Type"), path)
		for _, url := range otherHost.FindAllString(w.Body.String(), -1) {
			assert.Equal(t, "http://www.w3.org/2000/svg", url, path)
		}
		assert.NotRegexp(t, inline, w.Body.String(), path)
		assert.NotRegexp(t, asMarkup, w.Body.String(), path)
	}
}

// An example lies within what the model knows; a model of explosions into every direction has none.
func TestExampleMomenta(t *testing.T) {
	c := newClient(t, Config{}, "molecule", "table")
	assert.Nil(t, c.server.models["molecule"].example())
	example := c.server.models["table"].example()
	require.Len(t, example, 3)
	r := c.retrieve(`{"model":"table","momenta":{"u":%g,"v":%g,"w":%g}}`, example[0], example[1], example[2])
	assert.False(t, r.Events[0].OutsideDomain)
	numbers := []float64{1.23456789, 1e-15, -3}
	roundForPeople(numbers)
	assert.Equal(t, []float64{1.23457, 0, -3}, numbers)
}
