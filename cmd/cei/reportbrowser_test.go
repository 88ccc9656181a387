package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	cdpruntime "github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// browserPath returns where a Chromium is, and skips the test where there is none.
func browserPath(t *testing.T) string {
	t.Helper()
	for _, name := range []string{os.Getenv("CEI_CHROMIUM"), "chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); name != "" && err == nil {
			return path
		}
	}
	t.Skip("no Chromium to look at the page with: scripts/browser installs Debian's, and CEI_CHROMIUM names another")
	return ""
}

// browser is a headless Chromium, and what it complained of or asked the network for.
type browser struct {
	context.Context
	mutex      sync.Mutex
	complaints []string
	requests   []string
}

// newBrowser starts a browser with a profile of its own, which goes with it.
func newBrowser(t *testing.T) *browser {
	t.Helper()
	options := []chromedp.ExecAllocatorOption{
		chromedp.ExecPath(browserPath(t)), chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun,
	}
	for _, flag := range []string{"disable-quic", "disable-background-networking", "disable-component-update", "disable-sync", "disable-dev-shm-usage"} {
		options = append(options, chromedp.Flag(flag, true))
	}
	ctx, stop := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(stop)
	ctx, stopTab := chromedp.NewContext(ctx)
	t.Cleanup(stopTab)
	ctx, stopClock := context.WithTimeout(ctx, time.Minute)
	t.Cleanup(stopClock)
	b := &browser{Context: ctx}
	chromedp.ListenTarget(ctx, b.hear)
	require.NoError(t, chromedp.Run(ctx, network.Enable(), log.Enable(), cdpruntime.Enable()))
	return b
}

func (b *browser) hear(event any) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	switch e := event.(type) {
	case *cdpruntime.EventConsoleAPICalled:
		b.complaints = append(b.complaints, fmt.Sprintf("console.%s", e.Type))
	case *cdpruntime.EventExceptionThrown:
		b.complaints = append(b.complaints, e.ExceptionDetails.Error())
	case *log.EventEntryAdded:
		b.complaints = append(b.complaints, fmt.Sprintf("%s: %s", e.Entry.Level, e.Entry.Text))
	case *network.EventRequestWillBeSent:
		b.requests = append(b.requests, e.Request.URL)
	}
}

// forget starts a page with a clean record.
func (b *browser) forget() {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	b.complaints, b.requests = nil, nil
}

func (b *browser) heard() (complaints, requests []string) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.complaints, b.requests
}

func (b *browser) run(t *testing.T, actions ...chromedp.Action) {
	t.Helper()
	require.NoError(t, chromedp.Run(b.Context, actions...))
}

// value returns what an expression is in the page.
func value[T any](t *testing.T, b *browser, expression string) (v T) {
	t.Helper()
	b.run(t, chromedp.Evaluate(expression, &v))
	return v
}

// screens are a desktop's and a phone's, light and dark.
var screens = []struct {
	width, height int64
	scheme        string
	touch         bool
}{{1280, 900, "light", false}, {1280, 900, "dark", false}, {390, 844, "light", true}, {390, 844, "dark", true}}

// The page works in a real browser: nothing complains, nothing is fetched, everything is seen, and the view of geometries
// can be turned.
func TestReportInBrowser(t *testing.T) {
	browserPath(t)
	dir, _ := trainedRun(t, "cinn", "--frame", "body")
	w := reported(t, dir, "--samples", "150")
	path, err := filepath.Abs(w.Report)
	require.NoError(t, err)
	b := newBrowser(t)
	for _, screen := range screens {
		t.Run(fmt.Sprintf("%d %s", screen.width, screen.scheme), func(t *testing.T) {
			b.forget()
			b.run(t,
				emulation.SetDeviceMetricsOverride(screen.width, screen.height, 1, screen.touch),
				emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: screen.scheme}}),
				chromedp.Navigate("file://"+path), settle,
			)
			lookAtPage(t, b, len(w.Figures)/2, screen.width)
			turnView(t, b)
			spinView(t, b, path)
			complaints, requests := b.heard()
			assert.Empty(t, complaints)
			for _, url := range requests {
				assert.Regexp(t, `^(file://.*/report\.html$|data:)`, url)
			}
		})
	}
}

// settle waits until the page has painted.
var settle = chromedp.Evaluate(`new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))`, nil, awaited)

func awaited(p *cdpruntime.EvaluateParams) *cdpruntime.EvaluateParams {
	return p.WithAwaitPromise(true)
}

func lookAtPage(t *testing.T, b *browser, figures int, width int64) {
	t.Helper()
	assert.LessOrEqual(t, value[int64](t, b, `document.documentElement.scrollWidth`), width, "the page is as wide as the screen")
	shown := `[...document.querySelectorAll("figure .picture > *")]`
	assert.Equal(t, figures, value[int](t, b, shown+`.length`))
	hidden := value[int](t, b, `document.querySelectorAll("[data-example][hidden] figure").length`)
	assert.Equal(t, figures-hidden, value[int](t, b, shown+`.filter(f => f.getBoundingClientRect().width > 200 && f.getBoundingClientRect().height > 60).length`))
	assert.Equal(t, 0, value[int](t, b, `[...document.querySelectorAll("img")].filter(i => !i.complete || i.naturalWidth === 0).length`))
	assert.Equal(t, 0, value[int](t, b, `[...document.querySelectorAll("canvas, img, svg[role=img], select, button, input")].filter(e =>
		!(e.getAttribute("aria-label") || e.alt || e.labels?.length || e.textContent.trim())).length`), "everything has a name")
	assert.Equal(t, 1, value[int](t, b, `document.querySelectorAll("h1").length`))
}

func click(selector string) chromedp.Action {
	return chromedp.Evaluate(fmt.Sprintf("document.querySelector(%q).click()", selector), nil)
}

const viewPixels = `document.getElementById("view").toDataURL()`

// turnView drags, zooms, types and chooses, each of which has to change the picture, and returns it to where it was.
func turnView(t *testing.T, b *browser) {
	t.Helper()
	b.run(t, chromedp.Evaluate(`document.getElementById("view").scrollIntoView({block: "center"})`, nil), settle)
	type point struct{ X, Y float64 }
	at := value[point](t, b, `(r => ({X: r.x + r.width / 2, Y: r.y + r.height / 2}))(document.getElementById("view").getBoundingClientRect())`)
	mouse := func(kind input.MouseType, dx float64) chromedp.Action {
		return input.DispatchMouseEvent(kind, at.X+dx, at.Y+dx/2).WithButton(input.Left).WithButtons(1).WithClickCount(1)
	}
	start := value[string](t, b, viewPixels)
	assert.Greater(t, len(start), 5000, "there is something in the view")
	before := start
	for _, step := range []struct {
		what    string
		actions []chromedp.Action
	}{
		{"drag", []chromedp.Action{mouse(input.MousePressed, 0), mouse(input.MouseMoved, 20), mouse(input.MouseMoved, 60), mouse(input.MouseReleased, 60)}},
		{"key", []chromedp.Action{chromedp.KeyEvent("+")}}, // of what was dragged, which has the focus
		{"wheel", []chromedp.Action{input.DispatchMouseEvent(input.MouseWheel, at.X, at.Y).WithDeltaX(0).WithDeltaY(-200)}},
		{"button", []chromedp.Action{click("#zoom-out")}},
		{"no draws", []chromedp.Action{click("#show-draws")}},
		{"draws again", []chromedp.Action{click("#show-draws")}},
		{"centre", []chromedp.Action{chromedp.Evaluate(`document.getElementById("centre").value = "1"; document.getElementById("centre").dispatchEvent(new Event("change"))`, nil)}},
		{"other event", []chromedp.Action{click(`[name="example"][value="1"]`)}},
	} {
		b.run(t, append(step.actions, settle, settle)...)
		after := value[string](t, b, viewPixels)
		assert.NotEqual(t, before, after, step.what)
		before = after
	}
	assert.Equal(t, "1", value[string](t, b, `document.querySelector("[data-example]:not([hidden])").dataset.example`))
	b.run(t, click(`[name="example"][value="0"]`), click("#reset"), settle, settle)
	assert.Equal(t, start, value[string](t, b, viewPixels), "reset")
}

// spinView lets the view spin, which it does only for those whom motion does not disturb.
func spinView(t *testing.T, b *browser, path string) {
	t.Helper()
	for _, motion := range []string{"no-preference", "reduce"} {
		b.run(t,
			emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-reduced-motion", Value: motion}}),
			chromedp.Navigate("file://"+path), settle,
		)
		before := value[string](t, b, viewPixels)
		b.run(t, click("#spin"), settle, settle, settle)
		after := value[string](t, b, viewPixels)
		assert.Equal(t, motion == "reduce", before == after, motion)
		assert.Equal(t, motion == "reduce", value[bool](t, b, `document.getElementById("spin").hidden`), motion)
	}
}

// The listener hears what it is to hear, so that silence means something.
func TestBrowserHears(t *testing.T) {
	browserPath(t)
	page := writeFile(t, "page.html", `<link rel="icon" href="data:,"><img src="file:///nowhere/a.png" alt=""><script>console.warn("mind"); throw new Error("thrown")</script>`)
	b := newBrowser(t)
	b.run(t, chromedp.Navigate("file://"+page), settle)
	complaints, requests := b.heard()
	text := strings.Join(complaints, "\n")
	assert.Contains(t, text, "console.warning")
	assert.Contains(t, text, "thrown")
	assert.Contains(t, text, "ERR_FILE_NOT_FOUND")
	assert.Contains(t, requests, "file:///nowhere/a.png")
}
