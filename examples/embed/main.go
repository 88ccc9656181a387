// Command embed trains a cINN on a table of events inside a Go program, and draws geometries for its test events.
//
//	go run ./examples/embed events.parquet run/embedded
package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"os"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/nn"
	"github.com/gocei/gocei/cinn"
	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/dataset/table"
	"github.com/gocei/gocei/explosion"
	"github.com/gocei/gocei/posterior"
	"github.com/gocei/gocei/trainer"
)

func main() {
	if len(os.Args) != 3 {
		log.Fatal("usage: embed EVENTS RUN-DIRECTORY")
	}
	if err := run(context.Background(), os.Stdout, os.Args[1], os.Args[2], 20); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, out io.Writer, path, dir string, epochs int) error {
	events, err := table.ReadEvents(path, dataset.Layout{NeedPositions: true}, table.Options{})
	if err != nil {
		return err
	}
	split, err := dataset.Prepare(events, dataset.Options{Frame: explosion.FrameBody})
	if err != nil {
		return err
	}
	d, c := split.Train.Positions.Cols, split.Train.Momenta.Cols
	model, err := cinn.New(cinn.Robust(int64(d), int64(c), split.Train.Len()), nn.Placement{DType: binding.Float32})
	if err != nil {
		return err
	}
	defer model.Close()
	config := trainer.Robust(split.Train.Len())
	config.Dir, config.Epochs = dir, epochs
	result, err := trainer.Fit(ctx, model, split, config)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "best of %d epochs: %d\n", result.Epochs, result.BestEpoch)

	inverse, err := posterior.Open(ctx, dir)
	if err != nil {
		return err
	}
	defer inverse.Close()
	draws, err := inverse.Sample(ctx, events.SelectRows(split.Partition.Test[:1]), 1000)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%d draws of %v in %s\n", draws.PerEvent, draws.Columns, inverse.Encoding().PositionUnit.Name)
	return nil
}
