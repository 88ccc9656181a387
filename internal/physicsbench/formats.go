package main

import (
	"context"
	_ "embed" // the script
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/dataset/table"
	"github.com/gocei/gocei/explosion"
)

//go:embed readtables.py
var readTables string

var endings = []string{".csv", ".csv.zst", ".csv.gz", ".parquet", ".npz", ".npy"}

// figures are the rows a second of one format.
type figures struct {
	write, one, two sample
	megabytes       float64
}

func writeFormats(ctx context.Context, w io.Writer, s settings) error {
	events, _, err := dataset.Simulate(ctx, explosion.Recipe{Events: s.rows}, 0)
	if err != nil {
		return err
	}
	all := map[string]*figures{}
	peers := map[string]sample{}
	for range s.rounds {
		for _, ending := range endings {
			if all[ending] == nil {
				all[ending] = &figures{}
			}
			if err := all[ending].measure(filepath.Join(s.folder, "events"+ending), events); err != nil {
				return err
			}
		}
		if err := measurePeers(ctx, s, peers); err != nil {
			return err
		}
	}
	return describeFormats(w, s, all, peers)
}

func (f *figures) measure(path string, events *dataset.Events) error {
	begin := time.Now()
	if err := table.WriteEvents(path, events, nil); err != nil {
		return err
	}
	f.write = append(f.write, float64(events.Len())/time.Since(begin).Seconds())
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	f.megabytes = float64(info.Size()) / 1e6
	for workers, to := range map[int]*sample{1: &f.one, 2: &f.two} {
		begin = time.Now()
		rows, err := readThrough(path, workers)
		if err != nil {
			return err
		}
		if rows != events.Len() {
			return fmt.Errorf("%s: %d rows: want %d", path, rows, events.Len())
		}
		*to = append(*to, float64(rows)/time.Since(begin).Seconds())
	}
	return nil
}

// readThrough streams a table in blocks.
func readThrough(path string, workers int) (rows int, err error) {
	r, err := table.Open(path, table.Options{Workers: workers})
	if err != nil {
		return 0, err
	}
	defer r.Close()
	for {
		block, err := r.Next()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err != nil {
			return 0, err
		}
		rows += block.Rows
	}
}

// measurePeers adds what other readers make of the same files.
func measurePeers(ctx context.Context, s settings, peers map[string]sample) error {
	path := filepath.Join(s.folder, "events")
	begin := time.Now()
	rows, err := standardCSV(path + ".csv")
	if err != nil {
		return err
	}
	add := func(name string, seconds float64) {
		peers[name] = append(peers[name], float64(rows)/seconds)
	}
	add("Go's encoding/csv and strconv, CSV", time.Since(begin).Seconds())
	var answer map[string]float64 // seconds
	if err := python3(ctx, s.python, readTables, map[string]any{"path": path}, &answer); err != nil {
		return ctx.Err() // without NumPy there is nothing to compare with
	}
	for name, seconds := range answer {
		add(name, seconds)
	}
	return nil
}

func standardCSV(path string) (rows int, err error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.ReuseRecord = true
	if _, err := r.Read(); err != nil {
		return 0, err
	}
	for {
		fields, err := r.Read()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err != nil {
			return 0, err
		}
		for _, field := range fields {
			if _, err := strconv.ParseFloat(field, 64); err != nil {
				return 0, err
			}
		}
		rows++
	}
}

func describeFormats(w io.Writer, s settings, all map[string]*figures, peers map[string]sample) error {
	fmt.Fprintf(w, `## Tables

%s rows of 18 columns, full precision. Reading streams blocks of rows as float64; writing includes that the file is safe on the disk.

| | MB | rows/s written | read, one worker | read, two workers |
|---|---|---|---|---|
`, thousands(float64(s.rows)))
	for _, ending := range endings {
		f := all[ending]
		fmt.Fprintf(w, "| %s | %.0f | %s | %s | %s |\n", ending, f.megabytes, f.write, f.one, f.two)
	}
	fmt.Fprint(w, "\nThe same files, read by others into memory as float64:\n\n| | rows/s |\n|---|---|\n")
	for _, name := range []string{
		"Go's encoding/csv and strconv, CSV", "numpy.loadtxt, CSV", "pandas.read_csv, CSV", "pyarrow.csv, CSV", "pyarrow.parquet, Parquet", "numpy.load, npz",
	} {
		fmt.Fprintf(w, "| %s | %s |\n", name, peers[name])
	}
	return nil
}
