// Command servebench loads a server of cei with many connections, phase by phase, and says how it answers: requests a
// second, latencies, statuses, and the server's memory where it starts the server itself.
//
//	go run ./internal/servebench -cei build/bin/cei -run run/cinn -phases 64:60s,640:20s,64:20s
//
// Each connection sends its next request when the last one is answered; one that was refused with 503 comes again after
// -pause. The client shares the machine with the server, so it reads no more of an answer than it must.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"time"
)

// ocs are the momenta of an OCS molecule that lost two electrons from each atom, in atomic units.
const ocs = "-11.4,38.2,0,-165.8,-38.2,0,177.2,0,0"

type settings struct {
	cei, run, flags string
	address, model  string
	input           string
	momenta         string
	samples         int
	pause           time.Duration
	phases          []phase
	json            bool
}

// phase is so many connections for so long.
type phase struct {
	connections int
	length      time.Duration
}

func main() {
	s := settings{}
	flag.StringVar(&s.cei, "cei", "", "the cei binary, to start a server with")
	flag.StringVar(&s.run, "run", "", "the run directory that it serves")
	flag.StringVar(&s.flags, "flags", "", "further flags of cei serve")
	flag.StringVar(&s.address, "address", "127.0.0.1:8000", "of the server, started or not")
	flag.StringVar(&s.model, "model", "model", "name of the model")
	flag.StringVar(&s.input, "input", "momenta", "name of its input")
	flag.StringVar(&s.momenta, "momenta", ocs, "of the event that is asked for, in the model's columns")
	flag.IntVar(&s.samples, "samples", 100, "draws a request")
	flag.DurationVar(&s.pause, "pause", 100*time.Millisecond, "before a connection that was refused comes again")
	phases := flag.String("phases", "64:60s", "connections and their time, one phase after the other")
	flag.BoolVar(&s.json, "json", false, "print JSON")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := s.measure(ctx, *phases); err != nil {
		log.Fatal(err)
	}
}

func (s settings) measure(ctx context.Context, phases string) (err error) {
	if s.phases, err = parsePhases(phases); err != nil {
		return err
	}
	server := &server{}
	if s.cei != "" {
		if server, err = start(ctx, s); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, server.stop()) }()
	}
	var results []result
	for _, p := range s.phases {
		r, err := s.load(ctx, p, server)
		if err != nil {
			return err
		}
		results = append(results, r)
		if ctx.Err() != nil {
			break
		}
	}
	return s.print(results)
}

func parsePhases(text string) (all []phase, err error) {
	for _, part := range strings.Split(text, ",") {
		n, length, ok := strings.Cut(part, ":")
		connections, e1 := strconv.Atoi(n)
		duration, e2 := time.ParseDuration(length)
		if !ok || e1 != nil || e2 != nil || connections < 1 || duration <= 0 {
			return nil, fmt.Errorf("phases: %q: want connections and time, as 64:60s", part)
		}
		all = append(all, phase{connections, duration})
	}
	return all, nil
}
