package monitor_test

import (
	"fmt"
	"os"
	"time"

	"github.com/gocei/gocei/monitor"
	"github.com/gocei/gocei/monitor/tensorboard"
	"github.com/gocei/gocei/trainer"
)

// A training of one's own tells TensorBoard of its epochs.
func Example() {
	dir, err := os.MkdirTemp("", "events")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = os.RemoveAll(dir) }()
	events, err := tensorboard.Create(dir, 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	config := trainer.Robust(1000)
	config.Progress = func(p trainer.Progress) {
		if p.Metrics != nil {
			err = events.Scalars(int64(p.Epoch), time.Now(), monitor.Figures(*p.Metrics))
		}
	}
	config.Progress(trainer.Progress{Epoch: 1, Metrics: &trainer.Metrics{Epoch: 1, TrainLoss: 0.5}}) // as trainer.Fit does
	fmt.Println(err, events.Close())
	// Output: <nil> <nil>
}
