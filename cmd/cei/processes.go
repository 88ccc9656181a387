package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"time"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/internal/launch"
	"github.com/gocei/gocei/trainer"
)

// processOptions say how a training is shared out.
type processOptions struct {
	Alone             bool     `json:"-"`
	RendezvousTimeout *float64 `json:"-"`
	PeerTimeout       *float64 `json:"-"`
	MicroBatch        *int     `json:"-"`
}

func processSettings(o *processOptions) []setting {
	return category("How a training is shared out:", []setting{
		integer(&o.MicroBatch, "micro-batch", "`N` events that are computed at once at most, which takes less memory and changes no result but by rounding", "whole batches, until memory runs out"),
		yes(&o.Alone, "alone", "train in this process alone, whatever the variables of torchrun, Kubeflow, Slurm or Kubernetes say"),
		number(&o.RendezvousTimeout, "rendezvous-timeout", "wait `SECONDS` for all processes of a training to come", fmt.Sprint(binding.DefaultRendezvous.Seconds())),
		number(&o.PeerTimeout, "peer-timeout", "wait `SECONDS` for a process that does not answer; one that ended is noticed at once", fmt.Sprint(binding.DefaultGroupTimeout.Seconds())),
	})
}

func (o processOptions) check() error {
	return cmp.Or(
		atLeast("micro-batch", o.MicroBatch, 1),
		aboveZero("rendezvous-timeout", o.RendezvousTimeout),
		aboveZero("peer-timeout", o.PeerTimeout),
	)
}

// processes are those that train together, as this one sees them.
type processes struct {
	place launch.Place
	group *binding.Group // nil where this process trains alone
}

// place returns this process's place among those that a launcher started.
func (o processOptions) place() (launch.Place, error) {
	if o.Alone {
		return launch.Alone(), nil
	}
	p, err := launch.FromEnvironment(os.LookupEnv)
	if err != nil {
		return p, usagef("%w\n--alone trains in this process alone", err)
	}
	return p, nil
}

// share gives each of several processes on a machine its device and its share of the processors, unless the user says
// otherwise: pools of threads that are together larger than the machine take turns.
func (o computeOptions) share(p launch.Place) computeOptions {
	if p.Size == 1 {
		return o
	}
	if o.Threads == nil && os.Getenv("OMP_NUM_THREADS") == "" {
		o.Threads = ptr(max(1, cmp.Or(p.Cores, runtime.NumCPU()/p.LocalSize)))
	}
	if devices, err := binding.CUDADevices(); err == nil && devices > 0 && (o.Device == "" || o.Device == "auto" || o.Device == "cuda") {
		index := p.LocalRank
		if devices == 1 {
			index = 0 // the launcher lets each process see one
		}
		o.Device = fmt.Sprintf("cuda:%d", index)
	}
	return o
}

// join returns when all processes have come.
func (o processOptions) join(ctx context.Context, p launch.Place, on binding.Device, s streams) (processes, error) {
	if p.Size == 1 {
		return processes{place: p}, nil
	}
	if p.Rank == 0 {
		s.note("waiting for the %d processes that %s started, at %s, port %d", p.Size, p.Launcher, p.Host, p.Port)
	}
	group, err := binding.NewGroup(ctx, binding.Place{
		Rank: p.Rank, Size: p.Size, Host: p.Host, Port: p.Port, On: on,
		Rendezvous: seconds(o.RendezvousTimeout), Timeout: seconds(o.PeerTimeout),
	})
	return processes{p, group}, err
}

func seconds(asked *float64) time.Duration {
	return time.Duration(given(asked, 0) * float64(time.Second))
}

// follows reports whether another process keeps and shows what is trained.
func (p processes) follows() bool { return p.place.Rank > 0 }

// streams are where this process tells how it goes: nowhere, if another does.
func (p processes) streams(s streams) streams {
	if p.follows() {
		return streams{out: io.Discard, err: io.Discard}
	}
	return s
}

// warn tells of something amiss in this process, whichever it is.
func (p processes) warn(s streams) func(string) {
	return func(text string) {
		if p.group != nil {
			text = fmt.Sprintf("process %d of %d: %s", p.place.Rank, p.place.Size, text)
		}
		s.note("warning: %s", text)
	}
}

// leave parts from the other processes, which learn of an error.
func (p processes) leave(err error) error {
	switch {
	case p.group == nil:
		return err
	case err == nil:
		return p.group.Close()
	}
	if p.follows() && stopped(context.Background(), err) {
		err = fmt.Errorf("%w\nprocess 0 keeps what is trained: --resume continues the run", err)
	}
	return fmt.Errorf("process %d of %d: %w", p.place.Rank, p.place.Size, errors.Join(err, p.group.Abandon(err)))
}

// follow trains with the other processes. Process 0 keeps what is trained.
func (o trainOptions) follow(ctx context.Context, data *training, c trainer.Config, on binding.Device, s streams) error {
	if o.members() > 1 {
		e := &ensemble{options: o, data: data, device: on, s: s, shown: newMembersProgress(s, false)}
		_, err := trainer.FitEnsemble(ctx, o.members(), e.newMember, data.split, c)
		return err
	}
	model, err := o.newModel(data, on)
	if err != nil {
		return err
	}
	defer model.Close()
	_, err = trainer.Fit(ctx, model, data.split, c)
	return err
}
