// Command scalebench measures what an event costs and how much memory a training takes from 10⁴ to 10⁸ events, with tables
// that are read part by part where they are larger than what is held in memory, and prints a table.
//
//	go run ./internal/scalebench -cei build/bin/cei -sizes 1e4,1e5,1e6,1e7
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"os/signal"
	"strconv"
	"strings"
)

// settings are how much is measured, and with what.
type settings struct {
	cei    string // the binary
	folder string // for tables, which are kept there where it is given, and for runs
	sizes  []int  // events of the tables
	rounds int    // of all sizes, one after the other
	memory int    // rows in memory
	least  int    // events that are trained on at least, by more passes over small tables
	train  []string
	json   bool
}

func main() {
	s := settings{}
	flag.StringVar(&s.cei, "cei", "build/bin/cei", "the cei binary")
	flag.StringVar(&s.folder, "folder", "", "folder that keeps the tables for another time; a temporary one without")
	sizes := flag.String("sizes", "1e4,1e5,1e6,1e7", "events of the tables")
	flag.IntVar(&s.rounds, "rounds", 3, "measurements of everything, in turn")
	flag.IntVar(&s.memory, "rows-in-memory", 200_000, "rows of a table in memory at once")
	flag.IntVar(&s.least, "least", 300_000, "events to train on at least")
	train := flag.String("train", "--model cvae --preset reference --frame body", "flags of cei train")
	flag.BoolVar(&s.json, "json", false, "print JSON")
	flag.Parse()
	s.train = strings.Fields(*train)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := s.run(ctx, *sizes); err != nil {
		log.Fatal(err)
	}
}

func (s settings) run(ctx context.Context, sizes string) (err error) {
	for _, text := range strings.Split(sizes, ",") {
		size, err := strconv.ParseFloat(text, 64)
		if err != nil || size < 1000 {
			return fmt.Errorf("sizes: %q: want numbers of events, 1000 or more, as 1e4,1e5", text)
		}
		s.sizes = append(s.sizes, int(size))
	}
	if s.folder == "" {
		if s.folder, err = os.MkdirTemp("", "scalebench"); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, os.RemoveAll(s.folder)) }()
	}
	results, err := s.measureAll(ctx)
	if err != nil {
		return err
	}
	if s.json {
		return json.NewEncoder(os.Stdout).Encode(results)
	}
	printTable(s, results)
	return nil
}
