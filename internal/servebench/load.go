package main

import (
	"context"
	"slices"
	"sync"
	"time"
)

// result is what a phase measured.
type result struct {
	Connections int               `json:"connections"`
	Seconds     float64           `json:"seconds"`
	Answered    float64           `json:"answered_per_second"` // with 200
	Statuses    map[int]latencies `json:"statuses"`
	Failures    int               `json:"failures"` // connections that broke
	FirstError  string            `json:"first_error,omitempty"`
	AnswerBytes int               `json:"answer_bytes"`
	Load        string            `json:"load_average"`         // of the machine at the end
	MemoryMiB   []float64         `json:"memory_mib,omitempty"` // of the server, ten times over the phase
}

// latencies are quantiles in milliseconds.
type latencies struct {
	Requests int     `json:"requests"`
	P50      float64 `json:"p50_ms"`
	P99      float64 `json:"p99_ms"`
	P999     float64 `json:"p99_9_ms"`
	Most     float64 `json:"max_ms"`
}

const memoryReadings = 10

func (s settings) load(ctx context.Context, p phase, of *server) (result, error) {
	until, cancel := context.WithTimeout(ctx, p.length)
	defer cancel()
	connections := make([]*connection, p.connections)
	var asking sync.WaitGroup
	began := time.Now()
	for i := range connections {
		connections[i] = s.newConnection(i)
		asking.Add(1)
		go func() {
			defer asking.Done()
			connections[i].ask(until)
		}()
	}
	memory := of.watch(until, p.length/memoryReadings)
	asking.Wait()
	r := result{Connections: p.connections, Seconds: time.Since(began).Seconds(), Statuses: map[int]latencies{}, MemoryMiB: memory, Load: loadAverage()}
	r.add(connections)
	return r, nil
}

func (r *result) add(connections []*connection) {
	all := map[int][]time.Duration{}
	for _, c := range connections {
		for status, times := range c.latencies {
			all[status] = append(all[status], times...)
		}
		r.Failures += len(c.failures)
		if len(c.failures) > 0 && r.FirstError == "" {
			r.FirstError = c.failures[0].Error()
		}
		r.AnswerBytes = max(r.AnswerBytes, c.bytes)
	}
	for status, times := range all {
		slices.Sort(times)
		at := func(q float64) float64 { return times[min(int(q*float64(len(times))), len(times)-1)].Seconds() * 1e3 }
		r.Statuses[status] = latencies{len(times), at(0.5), at(0.99), at(0.999), at(1)}
	}
	r.Answered = float64(r.Statuses[200].Requests) / r.Seconds
}
