package serve

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/internal/browsertest"
)

// visitor is somebody with a browser at the page.
type visitor struct {
	*client
	*browsertest.Browser
	t   *testing.T
	url string
}

// newVisitor opens the page of a server of some runs; between, unless nil, stands between them.
func newVisitor(t *testing.T, c Config, between func(http.Handler) http.Handler, names ...string) *visitor {
	t.Helper()
	browsertest.Path(t)
	v := &visitor{client: newClient(t, c, names...), t: t}
	handler := v.server.Handler()
	if between != nil {
		handler = between(handler)
	}
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	v.Browser, v.url = browsertest.New(t), server.URL
	v.do(chromedp.Navigate(v.url))
	return v
}

func (v *visitor) do(actions ...chromedp.Action) {
	v.t.Helper()
	v.Run(v.t, actions...)
}

// answered waits for what came of a question.
var answered = chromedp.Tasks{chromedp.WaitEnabled("#submit"), chromedp.WaitReady("#answer:not([aria-busy])"), browsertest.Settle}

// asks pastes an event and asks.
func (v *visitor) asks(event string) {
	v.t.Helper()
	v.do(chromedp.WaitEnabled("#submit"), chromedp.SetValue("#event", event), chromedp.Click("#submit"), answered)
}

func (v *visitor) text(selector string) string {
	v.t.Helper()
	return browsertest.Value[string](v.t, v.Browser, fmt.Sprintf(`document.querySelector(%q)?.textContent ?? ""`, selector))
}

func (v *visitor) count(selector string) int {
	v.t.Helper()
	return browsertest.Value[int](v.t, v.Browser, fmt.Sprintf(`document.querySelectorAll(%q).length`, selector))
}

// quiet holds that nothing complained and that nothing was asked of anybody else.
func (v *visitor) quiet() {
	v.t.Helper()
	complaints, requests := v.Heard()
	assert.Empty(v.t, complaints)
	for _, url := range requests {
		assert.True(v.t, strings.HasPrefix(url, v.url+"/"), url)
	}
}

type shownNumber struct {
	Column, Statistic, Text string
	Value                   float64
}

func (v *visitor) numbers() []shownNumber {
	v.t.Helper()
	return browsertest.Value[[]shownNumber](v.t, v.Browser, `[...document.querySelectorAll("tr[data-column] data")].map(d =>
		({Column: d.closest("tr").dataset.column, Statistic: d.dataset.statistic, Text: d.textContent, Value: Number(d.value)}))`)
}

const pasted = "px_C\tpy_C\tpz_C\tpx_O\tpy_O\tpz_O\n1.5\t-2\t3\t4\t5.25\t-6\n"

// The page shows the numbers that the API says, in windows wide and narrow, light and dark.
func TestPageAnswers(t *testing.T) {
	v := newVisitor(t, Config{}, nil, "molecule")
	r := v.retrieve(`{"momenta":%s,"samples":1000,"seed":1}`, byAtom)
	for _, screen := range browsertest.Screens {
		t.Run(screen.String(), func(t *testing.T) {
			v.Forget()
			v.do(screen.Use(), chromedp.Navigate(v.url))
			v.asks(pasted)
			shown := v.numbers()
			require.Len(t, shown, 6*len(r.Columns))
			for _, n := range shown {
				assert.Equal(t, r.Events[0].Summary[n.Column][n.Statistic], n.Value, "%s of %s", n.Statistic, n.Column)
			}
			assert.Equal(t, 1, v.count(".small figure svg"), "the bond")
			assert.Equal(t, 2, v.count(".wide figure svg"), "two projections")
			assert.InDelta(t, 2*2*500, v.count(".dots > path"), 20, "all atoms of 500 draws, but for outliers")
			assert.Equal(t, 0, v.count(".warning"))
			assert.True(t, browsertest.Value[bool](t, v.Browser, `document.getElementById("example-line").hidden`), "there is no example")
			assert.LessOrEqual(t, browsertest.Value[int64](t, v.Browser, `document.documentElement.scrollWidth`), screen.Width)
			assert.Equal(t, 0, browsertest.Value[int](t, v.Browser, `[...document.querySelectorAll("svg[role=img], select, button, input, textarea, [role=region]")].filter(e =>
				!(e.getAttribute("aria-label") || e.labels?.length || e.textContent.trim())).length`), "everything has a name")
			v.quiet()
		})
	}
}

// Units are the service's to know.
func TestPageUnits(t *testing.T) {
	v := newVisitor(t, Config{}, nil, "molecule")
	v.do(chromedp.WaitEnabled("#submit"), chromedp.SetValue("#momentum-unit", "1e-22*kg_m_s"))
	for _, unit := range []string{"angstrom", "m", "bohr"} {
		v.do(chromedp.SetValue("#position-unit", unit))
		v.asks("0.03,-0.04,0.06,0.08,0.1,-0.12")
		r := v.retrieve(`{"momenta":{"C":[0.03,-0.04,0.06],"O":[0.08,0.1,-0.12]},"momentum_unit":"1e-22*kg_m_s","position_unit":%q,"samples":1000,"seed":1}`, unit)
		shown := v.numbers()
		require.Len(t, shown, 6*len(r.Columns))
		for _, n := range shown {
			assert.Equal(t, r.Events[0].Summary[n.Column][n.Statistic], n.Value)
			read, err := strconv.ParseFloat(strings.ReplaceAll(n.Text, "−", "-"), 64)
			require.NoError(t, err)
			assert.InDelta(t, n.Value, read, 0.01*r.Events[0].Summary[n.Column]["sd"], "what is read is what is meant")
		}
		assert.Contains(t, v.text(".small .label"), map[string]string{"angstrom": "(Å)", "m": "(m)", "bohr": "(bohr)"}[unit])
	}
	v.quiet()
}

// All can be done by keyboard, and the command that is shown gives the same answer.
func TestPageByKeyboard(t *testing.T) {
	v := newVisitor(t, Config{}, nil, "molecule", "table")
	v.do(chromedp.WaitEnabled("#submit"), chromedp.Focus("#model"), chromedp.KeyEvent(kb.ArrowDown), chromedp.KeyEvent(kb.Tab))
	assert.Equal(t, "Conditions of one event", strings.TrimSpace(v.text("label[for=event]")))
	v.do(chromedp.KeyEvent("1 2 3"), chromedp.KeyEvent(kb.Tab)) // to the example
	v.do(chromedp.KeyEvent(kb.Tab), chromedp.KeyEvent(kb.Tab), chromedp.KeyEvent(kb.Delete), chromedp.KeyEvent(kb.Enter), answered)
	assert.Regexp(t, `^1000 draws, answered in `, v.text("#status"))
	assert.Equal(t, 3, v.count(".small figure svg"), "the targets")
	assert.Equal(t, 0, v.count(".wide figure"), "there is no molecule")
	v.quiet()
	if _, err := exec.LookPath("curl"); err != nil {
		t.Log("no curl to try the command with")
		return
	}
	out, err := exec.CommandContext(t.Context(), "sh", "-c", v.text("#curl")).Output()
	require.NoError(t, err)
	var r retrieved
	response{status: http.StatusOK, body: out}.into(t, &r)
	assert.Len(t, r.Events[0].Draws, 1000)
	assert.Contains(t, v.text(".facts"), fmt.Sprintf("seed %d", r.Seed), "the server chose it")
	shown := v.numbers()
	require.Len(t, shown, 6*3)
	for _, n := range shown {
		assert.Equal(t, r.Events[0].Summary[n.Column][n.Statistic], n.Value)
	}
}

// What is wrong is said, in the service's words where the service found it.
func TestPageProblems(t *testing.T) {
	v := newVisitor(t, Config{MaxSamples: 5000}, nil, "molecule")
	for event, want := range map[string]string{
		"1 2 3":                    "there are 3 numbers: want 6, px_C, py_C, pz_C, px_O, py_O, pz_O",
		"1,2,3,4,5,six":            `column 6: "six" is no number`,
		"1 2 3 4 5 1e999":          `column 6: "1e999" is no number`,
		"{":                        "this is no JSON",
		"[1,2,3,4,5,null]":         "value 6: null is no number",
		"1 2 3 4 5 6\n1 2 3 4 5 6": "there are 2 events",
		`{"C":[1,2,3]}`:            v.ask("POST", retrievePath, `{"momenta":{"C":[1,2,3]}}`).problem(t),
		`{"C":[[1,2,3],[1,2,3]],"O":[[1,2,3],[1,2,3]]}`: "there are 2 events: paste one",
		`{"C":"text"}`:             v.ask("POST", retrievePath, `{"momenta":{"C":"text"}}`).problem(t),
		"a b c d e f\n1 2 3 4 5 6": v.ask("POST", retrievePath, `{"momenta":{"a":1,"b":2,"c":3,"d":4,"e":5,"f":6}}`).problem(t),
		"1 2 3 4 5 1e308":          v.ask("POST", retrievePath, `{"momenta":{"px_C":1,"py_C":2,"pz_C":3,"px_O":4,"py_O":5,"pz_O":1e308}}`).problem(t),
	} {
		v.asks(pasted)
		require.Empty(t, v.text("#problem"))
		v.asks(event)
		assert.Contains(t, v.text("#problem"), want, event)
		assert.Equal(t, 0, v.count("#answer > *"), "the last answer is not this event's")
	}
	v.do(chromedp.SetValue("#momentum-unit", "parsec"))
	v.asks(pasted)
	assert.Equal(t, v.ask("POST", retrievePath, `{"momenta":{"C":[1,2,3],"O":[1,2,3]},"momentum_unit":"parsec"}`).problem(t), v.text("#problem"))
	v.do(chromedp.SetValue("#samples", "5001"))
	assert.False(t, browsertest.Value[bool](t, v.Browser, `document.getElementById("form").checkValidity()`))
}
