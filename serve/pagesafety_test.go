package serve

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/internal/browsertest"
)

// renaming puts a name into all that a server says of a model, and takes it out of what it is asked.
func renaming(model, name string) func(http.Handler) http.Handler {
	long, _ := json.Marshal(name) // of a string
	short := []byte(`"` + model + `"`)
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			var asked bytes.Buffer
			if r.Body != nil {
				_, _ = asked.ReadFrom(r.Body) // what is missing is missed later
			}
			again := r.Clone(r.Context())
			body := strings.ReplaceAll(asked.String(), `"model":`+strconv.Quote(name), `"model":`+string(short))
			again.Body, again.ContentLength = http.NoBody, int64(len(body))
			if body != "" {
				again = httptest.NewRequestWithContext(r.Context(), r.Method, r.URL.String(), strings.NewReader(body))
				again.Header = r.Header.Clone()
			}
			got := httptest.NewRecorder()
			next.ServeHTTP(got, again)
			for key, values := range got.Header() {
				w.Header()[key] = values
			}
			w.Header().Del("Content-Length")
			w.WriteHeader(got.Code)
			_, _ = w.Write(bytes.ReplaceAll(got.Body.Bytes(), short, long))
		})
	}
}

// Names of models and columns, and errors that quote them, stay text.
func TestPageTakesNamesAsText(t *testing.T) {
	v := newVisitor(t, Config{}, renaming("hostile", markup), "hostile")
	v.asks("1 2")
	require.Empty(t, v.text("#problem"))
	assert.Equal(t, markup, v.text("#model option"))
	assert.Contains(t, v.text(".facts"), markup)
	assert.Equal(t, "t"+markup, v.text("tbody th"))
	assert.Contains(t, v.text("#event-note"), "u"+markup)
	assert.Contains(t, v.text(".small svg .label"), "t"+markup)
	v.asks(`{"` + strings.ReplaceAll(markup, `"`, `\"`) + `":1}`)
	assert.Contains(t, v.text("#problem"), "img")
	assert.Equal(t, 0, v.count("img"))
	assert.NotEqual(t, "taken", v.text("title"))
	complaints, _ := v.Heard()
	for _, complaint := range complaints {
		assert.Contains(t, complaint, "400", "the refused question alone")
	}
}

// Even markup that got into the page could do nothing.
func TestPagePolicyHolds(t *testing.T) {
	v := newVisitor(t, Config{}, nil, "molecule")
	v.do(chromedp.WaitEnabled("#submit"), chromedp.Evaluate(`{
		const script = document.createElement("script");
		script.textContent = "document.title = 'taken'";
		const image = document.createElement("img");
		image.setAttribute("onerror", "document.title = 'taken'");
		image.src = "http://127.0.0.2:1/";
		document.body.append(script, image);
	}`, nil), browsertest.Settle)
	assert.True(t, browsertest.Value[bool](t, v.Browser, `fetch("http://127.0.0.2:1/").then(() => false, () => true)`))
	assert.NotEqual(t, "taken", v.text("title"))
	complaints, _ := v.Heard()
	text := strings.Join(complaints, "\n")
	for _, directive := range []string{"script-src", "img-src", "connect-src"} {
		assert.Contains(t, text, directive, "the browser refused it")
	}
}

// A server with a token is asked with it once it is typed, and it is kept nowhere.
func TestPageToken(t *testing.T) {
	const secret = "open sesame"
	v := newVisitor(t, Config{Token: secret}, nil, "molecule")
	v.do(chromedp.WaitVisible("#token"))
	assert.Equal(t, v.ask("GET", "/v1/models", "").problem(t), v.text("#problem"))
	v.do(chromedp.SetValue("#token", "wrong"), chromedp.Click("#connect"), chromedp.WaitEnabled("#connect"), chromedp.WaitVisible("#problem"))
	v.do(chromedp.SetValue("#token", secret), chromedp.Click("#connect"), chromedp.WaitNotVisible("#token"))
	v.asks(pasted)
	assert.Empty(t, v.text("#problem"))
	assert.NotEmpty(t, v.numbers())
	assert.Contains(t, v.text("#curl"), "$CEI_TOKEN")
	assert.NotContains(t, v.text("#curl"), secret)
	assert.Equal(t, 0, browsertest.Value[int](t, v.Browser, `localStorage.length + sessionStorage.length + document.cookie.length`))
	v.do(chromedp.Reload(), chromedp.WaitVisible("#token"))
	complaints, requests := v.Heard()
	for _, complaint := range complaints {
		assert.Contains(t, complaint, "401", "the refusals alone")
	}
	assert.NotContains(t, strings.Join(requests, "\n"), "sesame")
}

// Events unlike the training part are told apart.
func TestPageWarns(t *testing.T) {
	v := newVisitor(t, Config{}, nil, "table")
	v.asks("1 2 900")
	assert.Contains(t, v.text(".warning"), "Outside the training domain.")
	v.asks("25 -25 25")
	assert.Contains(t, v.text(".warning"), "An unusual event.")
	v.do(chromedp.Click("#example"), chromedp.Click("#submit"), answered)
	assert.NotEmpty(t, v.numbers())
	assert.Equal(t, 0, v.count(".warning"))
	v.quiet()
}

// The file has the API's draws to the last digit.
func TestPageDownload(t *testing.T) {
	v := newVisitor(t, Config{}, nil, "molecule")
	dir := t.TempDir()
	v.asks(pasted)
	v.do(browser.SetDownloadBehavior(browser.SetDownloadBehaviorBehaviorAllow).WithDownloadPath(dir), chromedp.Click("#download"))
	path := filepath.Join(dir, "molecule-seed1.csv")
	require.Eventually(t, func() bool { _, err := os.Stat(path); return err == nil }, 10*time.Second, 20*time.Millisecond)
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	lines := strings.Split(strings.TrimSpace(string(content)), "\n")
	r := v.retrieve(`{"momenta":%s,"samples":1000,"seed":1,"return":["draws"]}`, byAtom)
	require.Len(t, lines, 1001)
	assert.Equal(t, strings.Join(r.DrawColumns, ","), lines[0])
	for i, draw := range r.Events[0].Draws {
		for j, field := range strings.Split(lines[i+1], ",") {
			x, err := strconv.ParseFloat(field, 64)
			require.NoError(t, err)
			require.Equal(t, draw[j], x)
		}
	}
	v.quiet()
}
