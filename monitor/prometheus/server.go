package prometheus

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/gocei/gocei/trainer"
)

// Server answers with a training's gauges.
type Server struct {
	gauges     *gauges
	listener   net.Listener
	http       *http.Server
	checkpoint atomic.Pointer[string]
	done       chan error
}

// Listen begins to answer on an address, as 127.0.0.1:9100; port 0 takes a free one. An address that is in use is an error.
func Listen(address string) (*Server, error) {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("prometheus: %w", err)
	}
	registry := prometheus.NewRegistry()
	registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	s := &Server{gauges: newGauges(registry), listener: listener, done: make(chan error, 1)}
	s.checkpoint.Store(new(string))
	newCheckpointAge(registry, func() string { return *s.checkpoint.Load() })
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{MaxRequestsInFlight: 4}))
	s.http = &http.Server{Handler: mux, ReadTimeout: 10 * time.Second, WriteTimeout: 30 * time.Second, MaxHeaderBytes: 1 << 16}
	go func() { s.done <- s.http.Serve(listener) }()
	return s, nil
}

// Address returns where it listens.
func (s *Server) Address() string { return s.listener.Addr().String() }

// Watch names the checkpoint's file, whose age is shown.
func (s *Server) Watch(checkpoint string) { s.checkpoint.Store(&checkpoint) }

// Update shows how far the training is.
func (s *Server) Update(p trainer.Progress) { s.gauges.update(p) }

// Close ends the answering, and waits a second for answers under way.
func (s *Server) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	err := s.http.Shutdown(ctx)
	if err != nil {
		err = s.http.Close()
	}
	if served := <-s.done; !errors.Is(served, http.ErrServerClosed) {
		err = errors.Join(err, served)
	}
	if err != nil {
		return fmt.Errorf("prometheus: %w", err)
	}
	return nil
}
