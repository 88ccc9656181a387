package serve

import (
	"context"
	"crypto/tls"
	_ "embed" // for the API's description
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// Server answers for models. Run it, or use its Handler elsewhere and Shutdown when done; either frees what it computes in,
// but not the models.
type Server struct {
	config    Config
	names     []string // of the models, in their order
	models    map[string]*served
	admission *admission
	metrics   *metrics
	token     *token
	handler   http.Handler
	notReady  atomic.Bool
	stop      func()
}

// Description is the OpenAPI description of all that a Server answers, in YAML.
//
//go:embed openapi.yaml
var Description []byte

// New returns a server of the models, with their workers at work.
func New(models []*Model, c Config) (*Server, error) {
	c = c.withDefaults()
	if err := c.check(); err != nil {
		return nil, err
	}
	if len(models) == 0 {
		return nil, errors.New("serve: there is no model to serve")
	}
	s := &Server{config: c, models: map[string]*served{}, admission: newAdmission(c), metrics: newMetrics(), token: newToken(c.Token)}
	s.stop = sync.OnceFunc(s.stopWorkers)
	for _, m := range models {
		if s.models[m.Name] != nil {
			return nil, fmt.Errorf("serve: two models are called %s", m.Name)
		}
		one, err := newServed(m, c, s.metrics)
		if err != nil {
			return nil, err
		}
		s.models[m.Name], s.names = one, append(s.names, m.Name)
	}
	s.metrics.watch(s.admission, s.models)
	s.handler = s.mux(s.routes())
	for _, m := range s.models {
		if err := m.start(c.Workers); err != nil {
			s.stop()
			return nil, err
		}
	}
	return s, nil
}

func (s *Server) routes() []route {
	infer, retrieve := s.admitted(s.infer), s.admitted(s.retrieve)
	routes := []route{
		{method: http.MethodGet, path: "/v2", handle: s.metadata},
		{method: http.MethodGet, path: "/v2/health/live", open: true, quiet: true, handle: s.live},
		{method: http.MethodGet, path: "/v2/health/ready", open: true, quiet: true, handle: s.ready},
		{method: http.MethodGet, path: "/v1/models", handle: s.describeModels},
		{method: http.MethodPost, path: "/v1/retrieve", handle: retrieve},
		{method: http.MethodGet, path: "/openapi.yaml", open: true, handle: describeAPI},
		{method: http.MethodGet, path: "/metrics", quiet: true, handle: plain(s.metrics.handler())},
	}
	for _, model := range []string{"/v2/models/{model}", "/v2/models/{model}/versions/{version}"} {
		routes = append(routes,
			route{method: http.MethodGet, path: model, handle: s.modelMetadata},
			route{method: http.MethodGet, path: model + "/ready", quiet: true, handle: s.modelReady},
			route{method: http.MethodPost, path: model + "/infer", handle: infer})
	}
	return routes
}

func describeAPI(v *visit, w http.ResponseWriter, _ *http.Request) {
	v.write(w, page{status: http.StatusOK, kind: "application/yaml", body: Description})
}

// plain makes a route of a handler that knows nothing of visits.
func plain(h http.Handler) func(*visit, http.ResponseWriter, *http.Request) {
	return func(v *visit, w http.ResponseWriter, r *http.Request) {
		counted := &countingWriter{ResponseWriter: w, visit: v}
		h.ServeHTTP(counted, r)
	}
}

// countingWriter notes status and length for the log.
type countingWriter struct {
	http.ResponseWriter
	visit *visit
}

func (w *countingWriter) WriteHeader(status int) {
	w.visit.status = status
	w.ResponseWriter.WriteHeader(status)
}

func (w *countingWriter) Write(b []byte) (int, error) {
	if w.visit.status == 0 {
		w.visit.status = http.StatusOK
	}
	n, err := w.ResponseWriter.Write(b)
	w.visit.bytes += n
	return n, err
}

// Handler answers requests.
func (s *Server) Handler() http.Handler { return s.handler }

func (s *Server) isReady() bool { return !s.notReady.Load() }

// Run listens and answers until ctx is done. Then it is not ready any more; after DrainDelay it refuses what is new and ends
// when all that is under way is answered, with an error if that takes longer than DrainTimeout. listening, unless nil, is told
// the address first.
func (s *Server) Run(ctx context.Context, listening func(net.Addr)) error {
	listener, err := net.Listen("tcp", s.config.Listen)
	if err != nil {
		s.stop()
		return fmt.Errorf("serve: listen: %w", err)
	}
	if s.token == nil && !isLoopback(listener.Addr()) {
		s.config.Log.Warn("whoever reaches this address may ask: there is no token", "address", listener.Addr().String())
	}
	if listening != nil {
		listening(listener.Addr())
	}
	server := s.httpServer()
	ended := make(chan error, 1)
	go func() {
		if s.config.TLSCert != "" {
			ended <- server.ServeTLS(listener, s.config.TLSCert, s.config.TLSKey)
			return
		}
		ended <- server.Serve(listener)
	}()
	select {
	case err := <-ended:
		s.stop()
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	return s.drain(server)
}

// httpServer bounds what a client may take of time and memory before it is answered.
func (s *Server) httpServer() *http.Server {
	return &http.Server{
		Handler:           s.handler,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       min(s.config.Timeout, 15*time.Second),
		WriteTimeout:      s.config.Timeout + 15*time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    16 << 10,
		TLSConfig:         &tls.Config{MinVersion: tls.VersionTLS12},
		ErrorLog:          slog.NewLogLogger(s.config.Log.Handler(), slog.LevelDebug), // of connections that clients broke
	}
}

func (s *Server) drain(server *http.Server) error {
	log := s.config.Log
	s.notReady.Store(true)
	requests, draws := s.admission.underWay()
	log.Info("draining", "requests", requests, "draws", draws, "delay", s.config.DrainDelay.String(), "timeout", s.config.DrainTimeout.String())
	time.Sleep(s.config.DrainDelay)
	ctx, cancel := context.WithTimeout(context.Background(), s.config.DrainTimeout)
	defer cancel()
	err := s.Shutdown(ctx)
	if e := server.Shutdown(ctx); e != nil {
		_ = server.Close() // cuts off whoever is left
		if err == nil {
			err = fmt.Errorf("serve: drain: %w", e)
		}
	}
	return err
}

// Shutdown says that the server is not ready, refuses what is new, waits until what is under way is answered, and frees what
// the server computes in. When ctx is done first, it refuses what is left too, and returns an error.
func (s *Server) Shutdown(ctx context.Context) error {
	s.notReady.Store(true)
	select {
	case <-s.admission.close():
		s.stop()
		return nil
	case <-ctx.Done():
		requests, _ := s.admission.underWay()
		for _, m := range s.models {
			m.queue.abandon()
		}
		s.stop()
		return fmt.Errorf("serve: drain: %d requests were under way when the time was up", requests)
	}
}

func (s *Server) stopWorkers() {
	for _, m := range s.models {
		m.stop()
	}
}

func isLoopback(a net.Addr) bool {
	tcp, ok := a.(*net.TCPAddr)
	return ok && tcp.IP.IsLoopback()
}
