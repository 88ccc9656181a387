package main

import (
	"cmp"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/serve"
)

type serveOptions struct {
	computeOptions
	Listen        string
	TokenFile     string
	TLSCert       string
	TLSKey        string
	Workers       *int
	BatchDraws    *int
	MaxBody       *int
	MaxEvents     *int
	MaxSamples    *int
	MaxDraws      *int
	QueueRequests *int
	QueueDraws    *int
	Timeout       *time.Duration
	DrainDelay    *time.Duration
	DrainTimeout  *time.Duration
	LogLevel      string
}

func serveSettings(o *serveOptions) []setting {
	all := []setting{
		text(&o.Listen, "listen", "`ADDRESS` and port; other than loopback, give a token", "127.0.0.1:8000"),
		text(&o.LogLevel, "log-level", "`LEVEL` of the log: debug, info, warn (which leaves requests out) or error", "info"),
		period(&o.Timeout, "timeout", "`TIME` that a request may take", "30s"),
		period(&o.DrainTimeout, "drain-timeout", "`TIME` at the end for what is under way", "20s"),
		period(&o.DrainDelay, "drain-delay", "`TIME` at the end in which it is not ready but answers what comes, for load balancers to notice", "none"),
	}
	all = append(all, category("Who may ask:", []setting{
		text(&o.TokenFile, "token-file", "`FILE` with the token that clients must send", "CEI_TOKEN, or none"),
		text(&o.TLSCert, "tls-cert", "`FILE` with a certificate, for HTTPS", ""),
		text(&o.TLSKey, "tls-key", "`FILE` with its key", ""),
	})...)
	all = append(all, category("Limits:", []setting{
		integer(&o.MaxBody, "max-body", "`BYTES` of a request", "4194304"),
		integer(&o.MaxEvents, "max-events", "`N` events of a request", "10000"),
		integer(&o.MaxSamples, "max-samples", "`N` draws of an event", "100000"),
		integer(&o.MaxDraws, "max-draws", "`N` draws of a request", "100000"),
		integer(&o.QueueRequests, "queue-requests", "`N` requests under way at once; more get 503", "256"),
		integer(&o.QueueDraws, "queue-draws", "`N` draws that they ask for; more get 503", "500000"),
	})...)
	return append(append(all, computeSettings(&o.computeOptions)...), category("What to compute on:", []setting{
		integer(&o.Workers, "workers", "`N` batches of a model at once, each with --threads threads, of which there is one unless it is given", "one a processor; one on a GPU"),
		integer(&o.BatchDraws, "batch-draws", "`N` draws that go through a model together at most", "1024"),
	})...)
}

// period is a setting of a length of time.
func period(field **time.Duration, name, usage, otherwise string) setting {
	return setting{&cli.DurationFlag{Name: name, Usage: usage, DefaultText: otherwise, EnvVars: variables(name)}, func(c *cli.Context) { *field = ptr(c.Duration(name)) }}
}

func (o serveOptions) check(runs []string) error {
	if len(runs) == 0 {
		return usagef("serve: give one run directory or more")
	}
	return cmp.Or(
		atLeast("workers", o.Workers, 1), atLeast("batch-draws", o.BatchDraws, 1), atLeast("max-body", o.MaxBody, 1),
		atLeast("max-events", o.MaxEvents, 1), atLeast("max-samples", o.MaxSamples, 1), atLeast("max-draws", o.MaxDraws, 1),
		atLeast("queue-requests", o.QueueRequests, 1), atLeast("queue-draws", o.QueueDraws, 1),
		positivePeriod("timeout", o.Timeout), positivePeriod("drain-timeout", o.DrainTimeout),
		o.computeOptions.check(),
	)
}

func positivePeriod(flag string, asked *time.Duration) error {
	if asked != nil && *asked <= 0 {
		return usagef("--%s must be above 0, got %v", flag, *asked)
	}
	return nil
}

func (o serveOptions) level() (level slog.Level, err error) {
	if o.LogLevel == "" {
		return slog.LevelInfo, nil
	}
	if err := level.UnmarshalText([]byte(o.LogLevel)); err != nil {
		return level, usagef("--log-level must be debug, info, warn or error, got %q", o.LogLevel)
	}
	return level, nil
}

// config fills in what is asked for; serve has the defaults.
func (o serveOptions) config(log *slog.Logger) (serve.Config, error) {
	token, err := o.token()
	if err != nil {
		return serve.Config{}, err
	}
	return serve.Config{
		Listen: o.Listen, Token: token, TLSCert: o.TLSCert, TLSKey: o.TLSKey, Version: version(), Log: log,
		Workers: given(o.Workers, 0), BatchDraws: given(o.BatchDraws, 0),
		MaxBody: int64(given(o.MaxBody, 0)), MaxEvents: given(o.MaxEvents, 0), MaxSamples: given(o.MaxSamples, 0), MaxDraws: given(o.MaxDraws, 0),
		QueueRequests: given(o.QueueRequests, 0), QueueDraws: given(o.QueueDraws, 0),
		Timeout: given(o.Timeout, 0), DrainDelay: given(o.DrainDelay, 0), DrainTimeout: given(o.DrainTimeout, 0),
	}, nil
}

// tokenVariable is not a flag, whose value everybody on the machine could read in the list of processes.
const tokenVariable = "CEI_TOKEN"

func (o serveOptions) token() (string, error) {
	if o.TokenFile == "" {
		return os.Getenv(tokenVariable), nil
	}
	content, err := os.ReadFile(o.TokenFile)
	if err != nil {
		return "", fmt.Errorf("read the token: %w", err)
	}
	token := strings.TrimSpace(string(content))
	if token == "" {
		return "", fmt.Errorf("read the token: %s is empty", o.TokenFile)
	}
	return token, nil
}

// startAlone is start with one thread a worker unless something else is asked for: workers are what runs at once.
func (o serveOptions) startAlone() (binding.Device, error) {
	if o.Threads == nil && os.Getenv("OMP_NUM_THREADS") == "" {
		o.Threads = ptr(1)
	}
	return o.start()
}
