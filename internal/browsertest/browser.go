// Package browsertest is a headless Chromium for tests of pages.
package browsertest

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// Path returns where a Chromium is, and skips the test where there is none.
func Path(t *testing.T) string {
	t.Helper()
	for _, name := range []string{os.Getenv("CEI_CHROMIUM"), "chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); name != "" && err == nil {
			return path
		}
	}
	t.Skip("no Chromium to look at the page with: scripts/browser installs Debian's, and CEI_CHROMIUM names another")
	return ""
}

// Browser is a headless Chromium, and what it complained of or asked the network for.
type Browser struct {
	context.Context
	mutex      sync.Mutex
	complaints []string
	requests   []string
}

// New starts a browser with a profile of its own, which goes with it.
func New(t *testing.T) *Browser {
	t.Helper()
	options := []chromedp.ExecAllocatorOption{
		chromedp.ExecPath(Path(t)), chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun,
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
	b := &Browser{Context: ctx}
	chromedp.ListenTarget(ctx, b.hear)
	require.NoError(t, chromedp.Run(ctx, network.Enable(), log.Enable(), runtime.Enable()))
	return b
}

func (b *Browser) hear(event any) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	switch e := event.(type) {
	case *runtime.EventConsoleAPICalled:
		b.complaints = append(b.complaints, fmt.Sprintf("console.%s", e.Type))
	case *runtime.EventExceptionThrown:
		b.complaints = append(b.complaints, e.ExceptionDetails.Error())
	case *log.EventEntryAdded:
		b.complaints = append(b.complaints, fmt.Sprintf("%s: %s", e.Entry.Level, e.Entry.Text))
	case *network.EventRequestWillBeSent:
		b.requests = append(b.requests, e.Request.URL)
	}
}

// Forget starts a page with a clean record.
func (b *Browser) Forget() {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	b.complaints, b.requests = nil, nil
}

// Heard returns the record.
func (b *Browser) Heard() (complaints, requests []string) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.complaints, b.requests
}

// Run does something in the browser that has to succeed.
func (b *Browser) Run(t *testing.T, actions ...chromedp.Action) {
	t.Helper()
	require.NoError(t, chromedp.Run(b.Context, actions...))
}

// Value returns what an expression is in the page, or becomes where it is a promise.
func Value[T any](t *testing.T, b *Browser, expression string) (v T) {
	t.Helper()
	b.Run(t, chromedp.Evaluate(expression, &v, awaited))
	return v
}

// Settle waits until the page has painted.
var Settle = chromedp.Evaluate(`new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))`, nil, awaited)

func awaited(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }
