package main

import (
	"context"
	"fmt"
	"io"
	"math"
	"time"

	"github.com/gocei/gocei/explosion"
)

// contestant is a way to explode events.
type contestant struct {
	name    string
	events  int
	explode func(ctx context.Context, r explosion.Recipe) (momenta [][]float64, seconds float64, err error)
	rates   sample
	errors  []float64
	failure error // why it was not measured
}

const tolerance = 1e-6

// judged is how many events errors are over: SciPy's part has to be smaller, as it takes its time.
const judged, judgedSciPy = 2000, 60

func writeIntegrators(ctx context.Context, w io.Writer, s settings) error {
	r, err := explosion.Recipe{Events: judged}.Complete()
	if err != nil {
		return err
	}
	truth, _, err := explode(ctx, with(r, explosion.MethodReference, 1e-12, judged), 0)
	if err != nil {
		return err
	}
	contestants := []*contestant{
		goContestant("cei, one worker", explosion.MethodFast, 30_000, 1),
		goContestant("cei, two workers", explosion.MethodFast, 60_000, 2),
		goContestant("cei's reference method, one worker", explosion.MethodReference, 10_000, 1),
		scipyContestant(s, "RK45"),
		scipyContestant(s, "DOP853"),
	}
	for range s.rounds {
		for _, c := range contestants {
			if err := c.measure(ctx, r, truth); err != nil {
				return err
			}
		}
	}
	return writeContest(w, contestants)
}

// measure adds a round. What a peer fails at is not this program's failure.
func (c *contestant) measure(ctx context.Context, r explosion.Recipe, truth [][]float64) error {
	if c.failure != nil {
		return ctx.Err()
	}
	r.Events = c.events
	momenta, seconds, failure := c.explode(ctx, r)
	if c.failure = failure; failure != nil {
		return ctx.Err()
	}
	c.rates = append(c.rates, float64(len(momenta))/seconds)
	if c.errors == nil {
		for i := range min(len(momenta), len(truth)) {
			c.errors = append(c.errors, relativeError(momenta[i], truth[i]))
		}
	}
	return nil
}

func writeContest(w io.Writer, contestants []*contestant) error {
	fmt.Fprintf(w, `## Integrators

Explosions of OCS with charges 2, 2, 2, each coordinate up to 0.25 Å off equilibrium, at rest, at the same tolerance of %g. Errors are
those of the nine momenta, |p − p₀|/|p₀|, against the reference method at a tolerance of 1e-12. SciPy's solve_ivp is called for one event after
another, with NumPy in its right-hand side, as programs of the field do; it stops at a remaining energy of 1e-4.

| | events/s | error: median | 95 %% | largest | events judged |
|---|---|---|---|---|---|
`, tolerance)
	for _, c := range contestants {
		if c.failure != nil {
			fmt.Fprintf(w, "| %s | not measured: %v | | | | |\n", c.name, c.failure)
			continue
		}
		fmt.Fprintf(w, "| %s | %s | %.1e | %.1e | %.1e | %d |\n", c.name, c.rates, quantile(c.errors, 0.5), quantile(c.errors, 0.95), quantile(c.errors, 1), len(c.errors))
	}
	fmt.Fprintln(w)
	for _, peer := range contestants[3:] {
		if peer.failure == nil {
			fmt.Fprintf(w, "One worker makes %s times as many events as %s, round by round.\n", ratios(contestants[0].rates, peer.rates), peer.name)
		}
	}
	_, err := fmt.Fprintln(w)
	return err
}

func ratios(a, b sample) sample {
	var r sample
	for i := range a {
		r = append(r, a[i]/b[i])
	}
	return r
}

func goContestant(name string, method explosion.Method, events, workers int) *contestant {
	return &contestant{name: name, events: events, explode: func(ctx context.Context, r explosion.Recipe) ([][]float64, float64, error) {
		return explode(ctx, with(r, method, tolerance, events), workers)
	}}
}

func with(r explosion.Recipe, method explosion.Method, tolerance float64, events int) explosion.Recipe {
	r.Integrator = explosion.Options{Method: method, Tolerance: tolerance}
	r.Events = events
	return r
}

// explode returns the momenta of the first events of a recipe that are judged, and how long all took.
func explode(ctx context.Context, r explosion.Recipe, workers int) (momenta [][]float64, seconds float64, err error) {
	momenta = make([][]float64, 0, r.Events)
	begin := time.Now()
	report, err := explosion.Simulate(ctx, r, workers, func(e explosion.Event) error {
		var kept []float64
		if len(momenta) < judged {
			kept = append(kept, e.Momenta...)
		}
		momenta = append(momenta, kept)
		return nil
	})
	if err == nil && report.Failed > 0 {
		err = report.FirstFailure
	}
	return momenta, time.Since(begin).Seconds(), err
}

func relativeError(p, truth []float64) float64 {
	difference, norm := 0.0, 0.0
	for i := range truth {
		difference += (p[i] - truth[i]) * (p[i] - truth[i])
		norm += truth[i] * truth[i]
	}
	return math.Sqrt(difference / norm)
}
