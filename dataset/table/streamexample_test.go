package table_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/dataset/table"
	"github.com/gocei/gocei/explosion"
)

// A table of which a part is in memory at a time. The Stream is the trainer.Config.Source of the training, and the split is
// what Fit takes.
func Example_stream() {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = os.RemoveAll(dir) }()
	path := filepath.Join(dir, "events.parquet")
	events, _, err := dataset.Simulate(ctx, explosion.Recipe{Events: 5000, Seed: 1}, 0)
	if err == nil {
		err = table.WriteEvents(path, events, nil)
	}
	if err != nil {
		fmt.Println(err)
		return
	}

	t, err := table.OpenEvents(path, dataset.Layout{NeedPositions: true}, table.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer t.Close()
	stream, err := dataset.OpenStream(ctx, t, dataset.StreamOptions{Options: dataset.Options{Frame: explosion.FrameBody}, RowsInMemory: 1000})
	if err != nil {
		fmt.Println(err)
		return
	}
	split, err := stream.Prepare(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	second, err := stream.Part(ctx, 2)
	fmt.Println("first epoch:", split.Train.Len(), "events; second:", second.Len(), err)
	fmt.Println("validated on:", split.Validation.Len(), "tested on:", split.Test.Len())
	fmt.Printf("a pass over the table takes %.2f epochs\n", float64(stream.TrainRows())/float64(split.Train.Len()))
	// Output:
	// first epoch: 700 events; second: 700 <nil>
	// validated on: 168 tested on: 168
	// a pass over the table takes 6.66 epochs
}
