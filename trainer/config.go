package trainer

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"math"
	"time"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/optim"
)

// Config says how to train. Reference and Robust return complete ones.
type Config struct {
	Epochs       int                `json:"epochs"`        // at most
	Batch        int                `json:"batch"`         // rows a step; the last step of an epoch may have fewer
	Patience     int                `json:"patience"`      // epochs without a better validation loss before stopping; 0 never stops
	LearningRate float64            `json:"learning_rate"` // the highest
	Schedule     optim.ScheduleKind `json:"schedule"`
	WarmupEpochs float64            `json:"warmup_epochs"` // over which the learning rate rises
	Adam         optim.AdamConfig   `json:"adam"`
	Noise        float64            `json:"noise"` // sd of the normal noise that steps add to positions, in model coordinates (but see Spreader), at the highest learning rate; it falls with that
	Seed         uint64             `json:"seed"`  // of shuffling and of the model's random numbers

	// MomentumNoise is drawn anew in each step; validation rows and those that a Settler sees have one realisation.
	MomentumNoise MomentumNoise `json:"momentum_noise,omitzero"`
	// Average is the decay a step of the running mean of the weights, as 0.999. The epochs' averages are judged then, and
	// the best is kept. 0 judges and keeps the weights themselves.
	Average float64 `json:"average,omitempty"`

	// Graph captures the training step in a CUDA graph and replays it, which spares the host the launch of each kernel. It
	// needs a CUDA device; see the package's section on CUDA graphs.
	Graph bool `json:"cuda_graph,omitempty"`

	// Source makes the training rows of each epoch after the first; nil trains on the split's training part in all. Where
	// no row repeats with it, as in a dataset.Simulation, Noise is not needed.
	Source Source `json:"-"`

	// Dir is the run directory, of one training at a time; empty keeps nothing on disk. Unless Resume is set, files of an earlier run there are
	// replaced; an ensemble's members are removed with all that is in their directories.
	Dir             string          `json:"-"`
	Resume          bool            `json:"-"` // continue from Dir's checkpoint, if it has one
	CheckpointEvery time.Duration   `json:"-"` // longest time between checkpoints, but for a step; 0 for one minute
	Settings        json.RawMessage `json:"-"` // the caller's own settings, kept in config.json
	Progress        func(Progress)  `json:"-"` // called after each step and each epoch; must be quick
	Warn            func(string)    `json:"-"` // told what is wrong and was got round, as a damaged checkpoint; nil for log/slog

	// Group is this process's part in a group of processes that train together; nil trains in this process alone. Process 0
	// alone reads and writes Dir.
	Group Group `json:"-"`
	// MicroBatch is how many rows are computed at once at most, which takes less memory; 0 sets no bound until memory runs
	// out. Steps are by Batch rows all the same, and the losses are the same but for rounding.
	MicroBatch int `json:"-"`
	// MembersAtOnce is how many members of an ensemble train side by side, where Graph is set: one launch does a step of each.
	// 0 and 1 train one after the other. The members' results are the same.
	MembersAtOnce int `json:"-"`

	newRecorder func(on binding.Device) (recorder, error) // nil for CUDA graphs
}

// Reference returns the proposal's settings: Adam with learning rate 1e-4, batches of 512, up to 1000 epochs, early
// stopping. It gives no patience; here it is 50 epochs.
func Reference() Config {
	return Config{
		Epochs: 1000, Batch: 512, Patience: 50,
		LearningRate: 1e-4, Schedule: optim.ConstantRate, Adam: optim.DefaultAdam(),
	}
}

// Robust returns settings that suit tables of hundreds to millions of rows: AdamW with learning rate 1e-3, which warms
// up and falls along a cosine, weight decay, clipped gradients, noise on positions that shrinks with the number of rows,
// and batches small enough for about 32 steps an epoch, but of 64 rows at least and 512 at most.
func Robust(trainRows int) Config {
	adam := optim.DefaultAdam()
	adam.WeightDecay, adam.Decoupled, adam.ClipNorm = 0.01, true, 10
	return Config{
		Epochs: 300, Batch: batchFor(trainRows), Patience: 60,
		LearningRate: 1e-3, Schedule: optim.CosineRate, WarmupEpochs: 5, Adam: adam,
		Noise: 2.5 / math.Sqrt(float64(max(trainRows, 1))),
	}
}

func batchFor(trainRows int) int {
	batch := 64
	for batch < 512 && batch*2*32 <= trainRows {
		batch *= 2
	}
	return batch
}

func (c Config) check() error {
	switch {
	case c.Epochs < 1:
		return fmt.Errorf("trainer: check config: epochs must be at least 1, got %d", c.Epochs)
	case c.Batch < 1:
		return fmt.Errorf("trainer: check config: batch must be at least 1, got %d", c.Batch)
	case c.MicroBatch < 0:
		return fmt.Errorf("trainer: check config: the micro-batch must not be negative, got %d rows", c.MicroBatch)
	case c.Graph && c.MicroBatch > 0:
		return fmt.Errorf("trainer: check config: a CUDA graph takes whole batches, and micro-batches of %d rows were asked for", c.MicroBatch)
	case c.Graph && c.Group != nil:
		return fmt.Errorf("trainer: check config: a CUDA graph cannot add up gradients over several processes")
	case c.MembersAtOnce < 0:
		return fmt.Errorf("trainer: check config: the number of members at once must not be negative, got %d", c.MembersAtOnce)
	case c.MembersAtOnce > 1 && !c.Graph:
		return fmt.Errorf("trainer: check config: %d members at once need a CUDA graph, which does a step of each in one launch; without one, a member alone uses the device or the processors best", c.MembersAtOnce)
	case c.MembersAtOnce > 1 && c.Source != nil:
		return fmt.Errorf("trainer: check config: a source makes the rows of one training at a time, and %d members at once were asked for", c.MembersAtOnce)
	case c.Patience < 0:
		return fmt.Errorf("trainer: check config: patience must not be negative, got %d", c.Patience)
	case c.Noise < 0:
		return fmt.Errorf("trainer: check config: the noise must not be negative, got %g", c.Noise)
	case c.WarmupEpochs < 0:
		return fmt.Errorf("trainer: check config: warm-up must not be negative, got %g epochs", c.WarmupEpochs)
	case !(c.Average >= 0 && c.Average < 1):
		return fmt.Errorf("trainer: check config: the average's decay must be in [0,1), got %g", c.Average)
	case c.CheckpointEvery < 0:
		return fmt.Errorf("trainer: check config: the time between checkpoints must not be negative, got %s", c.CheckpointEvery)
	case c.Resume && c.Dir == "":
		return fmt.Errorf("trainer: check config: resuming needs a run directory")
	}
	return c.MomentumNoise.check()
}

// warn tells what is wrong and was got round.
func (f *fitter) warn(format string, args ...any) { f.config.warn(format, args...) }

func (c Config) warn(format string, args ...any) {
	message := fmt.Sprintf(format, args...)
	if c.Warn == nil {
		slog.Warn(message)
		return
	}
	c.Warn(message)
}

// schedule returns the learning rate's course for epochs of that many steps. The warm-up takes half of a short training
// at most.
func (c Config) schedule(stepsPerEpoch int) optim.Schedule {
	total := int64(c.Epochs) * int64(stepsPerEpoch)
	warmup := min(c.WarmupEpochs*float64(stepsPerEpoch), float64(total/2))
	return optim.Schedule{Kind: c.Schedule, Rate: c.LearningRate, Warmup: int64(warmup), Total: total}
}
