package modelbench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"time"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/dataset"
)

// Options say what to measure, on what, and how thoroughly.
type Options struct {
	Works []Work
	Grid  Grid
	Full  bool // add what figures show: the steps along widths, batches and depths

	Rounds      int           // of a case; ours, the peer and the floor take turns in each
	Steps       int           // samples of either side in a round
	CaseTime    time.Duration // after which a case gets no more rounds, once it has three and 50 samples, and after three times as long in any case
	LongestWork time.Duration // cases whose work takes longer at the floor are left out
	Events      int           // simulated ones, of works that train
	Draws       int           // an event, of the evaluation
	TargetLoss  *float64      // of the time to a loss; nil for one that suits the default events
	FloorSizes  []int         // of the square matrices; nil for those that reach the device's rate

	Device  binding.Device
	Pythons []string // that may have PyTorch; none measures no peer
	Compile bool     // try torch.compile too, which takes minutes
	Binary  string   // of cei, for what is measured from outside
	Version string   // of cei, for the report

	Progress func(format string, args ...any) // is told what is done next
	Keep     func(*Report) error              // gets the report so far after each case; nil keeps none
}

// DefaultOptions returns what takes some minutes.
func DefaultOptions() Options {
	return Options{
		Works: Works(), Grid: DefaultGrid(), Rounds: 12, Steps: 5, CaseTime: 20 * time.Second, LongestWork: 5 * time.Second,
		Events: 25_600, Draws: 500, Progress: func(string, ...any) {},
	}
}

// bench is a run of the benchmark under way.
type bench struct {
	options    Options
	folder     string // of files for the peer and runs of ours
	script     string // the peer's program
	candidates []*candidate
	floorPeer  *candidate // whose matrix products are the fastest
	chosen     map[Case]*entrant
	quickest   map[family][]*entrant // without a compiler, from the fastest on
	events     *dataset.Events       // simulated ones, once they are needed
	report     *Report
}

func newBench(o Options, m Machine) *bench {
	return &bench{
		options: o, chosen: map[Case]*entrant{}, quickest: map[family][]*entrant{},
		report: &Report{Machine: m, Peers: []Peer{}, Results: []Result{}},
	}
}

// Run measures. Where a Python cannot be used, or ends on the way, the report says why and the run goes on without; a peer
// that does not compute the same is an error. With an error comes the report of what was measured before.
func Run(ctx context.Context, o Options) (report *Report, err error) {
	runtime.LockOSThread() // OpenMP keeps a team of threads for each thread that it is called from
	defer runtime.UnlockOSThread()
	machine, err := describeMachine(o)
	if err != nil {
		return nil, err
	}
	b := newBench(o, machine)
	if b.folder, err = os.MkdirTemp("", "cei-bench-"); err != nil {
		return nil, fmt.Errorf("modelbench: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(b.folder)) }()
	defer b.closePeers()
	if err := b.startPeers(ctx); err != nil {
		return nil, err
	}
	if err := b.findFloor(ctx); err != nil {
		return nil, err
	}
	return b.report, b.measureAll(ctx, b.planned())
}

func (b *bench) measure(ctx context.Context, c Case) (Result, error) {
	switch c.Work {
	case Epoch:
		return b.epoch(ctx, c)
	case TimeToLoss:
		return b.timeToLoss(ctx, c)
	case Evaluation:
		return b.evaluation(ctx, c)
	case StartUp:
		return b.startUp(ctx, c)
	case PeakMemory:
		return b.peakMemory(ctx, c)
	}
	return b.race(ctx, c)
}

// result returns an empty one.
func (b *bench) result(c Case) Result {
	return Result{Case: c, Device: b.report.Machine.Device, Threads: b.report.Machine.Threads}
}
