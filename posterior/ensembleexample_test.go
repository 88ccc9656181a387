package posterior_test

import (
	"context"
	"fmt"
	"log"
	"os"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/nn"
	"github.com/gocei/gocei/cinn"
	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/explosion"
	"github.com/gocei/gocei/posterior"
	"github.com/gocei/gocei/trainer"
)

// An ensemble is trained by a function that makes a member, and opened as a run is.
func Example_ensemble() {
	dir, err := os.MkdirTemp("", "ensemble")
	if err != nil {
		log.Fatal(err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	if err := twoMembers(context.Background(), dir); err != nil {
		log.Fatal(err)
	}
	// Output: 1000 draws of 9 coordinates from 2 members
}

func twoMembers(ctx context.Context, dir string) error {
	events, _, err := dataset.Simulate(ctx, explosion.Recipe{Events: 300}, 0)
	if err != nil {
		return err
	}
	split, err := dataset.Prepare(events, dataset.Options{Frame: explosion.FrameBody})
	if err != nil {
		return err
	}
	config := trainer.Robust(split.Train.Len())
	config.Dir, config.Epochs = dir, 2
	architecture := cinn.Robust(int64(split.Train.Positions.Cols), int64(split.Train.Momenta.Cols), split.Train.Len())
	_, err = trainer.FitEnsemble(ctx, 2, func(_ int, seed uint64) (trainer.Model, error) {
		return cinn.New(architecture, nn.Placement{DType: binding.Float32, Seed: seed})
	}, split, config)
	if err != nil {
		return err
	}

	inverse, err := posterior.Open(ctx, dir)
	if err != nil {
		return err
	}
	defer inverse.Close()
	draws, err := inverse.Sample(ctx, events.SelectRows(split.Partition.Test[:1]), 1000)
	if err != nil {
		return err
	}
	fmt.Printf("%d draws of %d coordinates from %d members\n", draws.PerEvent, draws.Coordinates, inverse.Members())
	return nil
}
