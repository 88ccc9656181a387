package serve

import (
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// metrics are what Prometheus reads. Labels are routes, statuses and the names of models, of which there are few whatever
// clients send.
type metrics struct {
	registry *prometheus.Registry

	requests      *prometheus.CounterVec
	seconds       *prometheus.HistogramVec
	batches       *prometheus.HistogramVec
	batchRequests *prometheus.HistogramVec
	batchSeconds  *prometheus.HistogramVec
	draws         *prometheus.CounterVec
	modelErrors   *prometheus.CounterVec
	waited        *prometheus.HistogramVec
}

func newMetrics() *metrics {
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
	}
	histogram := func(name, help string, buckets []float64, labels ...string) *prometheus.HistogramVec {
		return prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: name, Help: help, Buckets: buckets}, labels)
	}
	times := prometheus.ExponentialBuckets(0.001, 2, 15) // to 16 s
	m := &metrics{
		registry:      prometheus.NewRegistry(),
		requests:      counter("cei_http_requests_total", "Requests by route and status; 499 is a client that went away.", "route", "status"),
		seconds:       histogram("cei_http_request_duration_seconds", "Time from a request's header to the last byte of its answer.", times, "route"),
		batches:       histogram("cei_batch_draws", "Draws that went through a model together.", prometheus.ExponentialBuckets(1, 4, 9), "model"),
		batchRequests: histogram("cei_batch_requests", "Requests of which parts went through a model together.", prometheus.ExponentialBuckets(1, 2, 9), "model"),
		batchSeconds:  histogram("cei_batch_duration_seconds", "Time that a model took for a batch.", times, "model"),
		draws:         counter("cei_draws_total", "Draws made.", "model"),
		modelErrors:   counter("cei_model_errors_total", "Batches that a model failed on.", "model"),
		waited:        histogram("cei_draw_wait_seconds", "Time from a request's place in the queue to its last draw.", times, "model"),
	}
	m.registry.MustRegister(m.requests, m.seconds, m.batches, m.batchRequests, m.batchSeconds, m.draws, m.modelErrors, m.waited,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}

func (m *metrics) request(route string, status int, took time.Duration) {
	m.requests.WithLabelValues(route, strconv.Itoa(status)).Inc()
	m.seconds.WithLabelValues(route).Observe(took.Seconds())
}

func (m *metrics) batch(model string, requests, draws int, took time.Duration, err error) {
	if err != nil {
		m.modelErrors.WithLabelValues(model).Inc()
		return
	}
	m.batches.WithLabelValues(model).Observe(float64(draws))
	m.batchRequests.WithLabelValues(model).Observe(float64(requests))
	m.batchSeconds.WithLabelValues(model).Observe(took.Seconds())
	m.draws.WithLabelValues(model).Add(float64(draws))
}

// watch adds what is under way and what waits.
func (m *metrics) watch(a *admission, models map[string]*served) {
	gauge := func(name, help string, labels prometheus.Labels, value func() float64) {
		m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help, ConstLabels: labels}, value))
	}
	gauge("cei_requests_under_way", "Requests from their arrival to the last byte of their answer.", nil, func() float64 {
		requests, _ := a.underWay()
		return float64(requests)
	})
	gauge("cei_draws_under_way", "Draws that they ask for.", nil, func() float64 {
		_, draws := a.underWay()
		return float64(draws)
	})
	for name, model := range models {
		m.modelErrors.WithLabelValues(name)
		m.draws.WithLabelValues(name)
		gauge("cei_queue_requests", "Requests that wait for their turn.", prometheus.Labels{"model": name}, func() float64 { return float64(model.queue.waiting()) })
	}
}
