// Command physicsbench measures the simulator and the table formats on this machine, beside what others use, and writes a
// page about it. scripts/bench runs it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"os/signal"

	"github.com/gocei/gocei/internal/atomicfile"
)

// settings are how much is measured, and with what.
type settings struct {
	rounds int    // of everything; medians are over these
	stream int    // events that are streamed to a file
	rows   int    // of the tables in each format
	cei    string // the binary
	python string // with SciPy, NumPy, and pyarrow where it is installed
	folder string // for tables
}

func main() {
	var s settings
	flag.IntVar(&s.rounds, "rounds", 7, "measurements of everything")
	flag.IntVar(&s.stream, "stream", 10_000_000, "events to stream to Parquet")
	flag.IntVar(&s.rows, "rows", 300_000, "rows of the tables in each format")
	flag.StringVar(&s.cei, "cei", "build/bin/cei", "the cei binary")
	flag.StringVar(&s.python, "python", "python3", "the Python with SciPy and NumPy")
	out := flag.String("out", "", "page to write; standard output without")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, s, *out); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, s settings, out string) (err error) {
	if s.folder, err = os.MkdirTemp("", "physicsbench"); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(s.folder)) }()
	if out == "" {
		return writePage(ctx, os.Stdout, s)
	}
	return atomicfile.WriteWith(out, func(w io.Writer) error { return writePage(ctx, w, s) })
}

func writePage(ctx context.Context, w io.Writer, s settings) error {
	fmt.Fprint(w, introduction(s))
	for _, section := range []func(context.Context, io.Writer, settings) error{writeIntegrators, writeMolecules, writeGrid, writeStream, writeFormats} {
		if err := section(ctx, w, s); err != nil {
			return err
		}
	}
	return nil
}
