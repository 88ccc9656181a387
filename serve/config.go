package serve

import (
	"cmp"
	"fmt"
	"log/slog"
	"runtime"
	"time"
)

// Config says how to serve. Zero values are the defaults named beside the fields.
type Config struct {
	Listen          string // address and port; 127.0.0.1:8000
	Token           string // that clients must send as "Authorization: Bearer …"; none where empty
	TLSCert, TLSKey string // files of a certificate and its key; without them HTTP is in the clear
	Version         string // of the program, for the server's metadata

	Workers    int // that draw at once, a model; one a processor
	BatchDraws int // that go through the model together at most; 1024
	ShareDraws int // of a batch that each request gets before any gets more; 256

	MaxBody    int64 // bytes of a request's body; 4 MiB
	MaxEvents  int   // of a request; 10,000
	MaxSamples int   // draws an event; 100,000
	MaxDraws   int   // of a request, all events together, and what its summaries take counted in draws; 100,000

	QueueRequests int   // under way at once, of all models; 256
	QueueDraws    int   // of them, which take about 40 bytes of memory a coordinate; 500,000
	QueueBody     int64 // bytes of bodies of them; 32 MiB

	Timeout      time.Duration // for a request, from its header to its answer; 30 s
	DrainDelay   time.Duration // after the end was asked for, in which the server is not ready but answers all the same; none
	DrainTimeout time.Duration // for what is under way at the end; 20 s

	Log *slog.Logger // slog.Default()
}

// withDefaults fills in what is not said.
func (c Config) withDefaults() Config {
	c.Listen = cmp.Or(c.Listen, "127.0.0.1:8000")
	c.Version = cmp.Or(c.Version, "unknown")
	c.Workers = cmp.Or(c.Workers, runtime.GOMAXPROCS(0))
	c.BatchDraws = cmp.Or(c.BatchDraws, 1024)
	c.ShareDraws = cmp.Or(c.ShareDraws, min(256, c.BatchDraws))
	c.MaxBody = cmp.Or(c.MaxBody, 4<<20)
	c.MaxEvents = cmp.Or(c.MaxEvents, 10_000)
	c.MaxSamples = cmp.Or(c.MaxSamples, 100_000)
	c.MaxDraws = cmp.Or(c.MaxDraws, 100_000)
	c.QueueRequests = cmp.Or(c.QueueRequests, 256)
	c.QueueDraws = cmp.Or(c.QueueDraws, max(500_000, c.MaxDraws))
	c.QueueBody = cmp.Or(c.QueueBody, max(32<<20, c.MaxBody))
	c.Timeout = cmp.Or(c.Timeout, 30*time.Second)
	c.DrainTimeout = cmp.Or(c.DrainTimeout, 20*time.Second)
	if c.Log == nil {
		c.Log = slog.Default()
	}
	return c
}

// check refuses what could never answer. It is of a Config that is filled in.
func (c Config) check() error {
	least := min(int64(c.Workers), int64(c.BatchDraws), int64(c.ShareDraws), c.MaxBody, int64(c.MaxEvents), int64(c.MaxSamples),
		int64(c.MaxDraws), int64(c.QueueRequests), int64(c.QueueDraws), c.QueueBody, int64(c.Timeout), int64(c.DrainTimeout))
	switch {
	case least < 0 || c.DrainDelay < 0:
		return fmt.Errorf("serve: check config: limits and times must be above 0")
	case c.ShareDraws > c.BatchDraws:
		return fmt.Errorf("serve: check config: a request's share of %d draws is more than a batch of %d", c.ShareDraws, c.BatchDraws)
	case c.MaxDraws > c.QueueDraws:
		return fmt.Errorf("serve: check config: a request of %d draws would never fit into a queue of %d", c.MaxDraws, c.QueueDraws)
	case c.MaxBody > c.QueueBody:
		return fmt.Errorf("serve: check config: a body of %d bytes would never fit into a queue of %d", c.MaxBody, c.QueueBody)
	case (c.TLSCert == "") != (c.TLSKey == ""):
		return fmt.Errorf("serve: check config: a certificate and its key go together, and one of them is missing")
	}
	return nil
}
