package binding

import (
	"context"
	"fmt"
	"runtime"
	"time"

	"github.com/gocei/gocei/cgo"
)

// Group is this process's part in a group of processes that compute together. All of them call the same methods in the same
// order, with tensors of the same type and shape on the group's device. It must be closed, or abandoned, and used by one
// goroutine at a time.
//
// Where a process is lost, or does not answer in time, the others' calls fail with an error of kind ErrPeer, and the group is of
// no use any more. One that died is noticed at once, since its connections close.
type Group struct {
	handle cgo.Group
	place  Place
}

// Place is a process's place in a group.
type Place struct {
	Rank int    // which of the processes this is, from 0
	Size int    // how many there are
	Host string // name or address of process 0's machine
	Port int    // where process 0 listens
	On   Device // of the tensors: the CPU's go by Gloo, CUDA's by NCCL

	Rendezvous time.Duration // to wait for all processes to come, and again to their first call; 0 for 10 minutes
	Timeout    time.Duration // to wait for the others in any call after the first; 0 for 5 minutes
}

// The times that a Place has where it says none.
const (
	DefaultRendezvous   = 10 * time.Minute
	DefaultGroupTimeout = 5 * time.Minute
)

// NewGroup returns when all processes of the group have come. Process 0 is where they meet. On the CPU, the others reach this
// process at the network interface that GLOO_SOCKET_IFNAME names, or else at the address from which it reaches process 0. The
// error is of kind ErrPeer where processes do not come, or do not agree on how many they are. When ctx is done, NewGroup
// returns, and what it began is left to end with the program or the time for the rendezvous.
func NewGroup(ctx context.Context, p Place) (*Group, error) {
	if _, err := Load(); err != nil {
		return nil, err
	}
	place, err := p.native()
	if err != nil {
		return nil, err
	}
	type joined struct {
		group *Group
		err   error
	}
	result := make(chan joined, 1)
	go func() {
		var failure cgo.Error
		h, status := cgo.NewGroup(place, &failure)
		if err := check("new group", status, &failure); err != nil {
			result <- joined{nil, err}
			return
		}
		result <- joined{&Group{handle: h, place: p}, nil}
	}()
	select {
	case r := <-result:
		return r.group, r.err
	case <-ctx.Done():
		return nil, fmt.Errorf("binding: new group: %w", ctx.Err())
	}
}

func (p Place) native() (cgo.Place, error) {
	if p.Size < 1 || p.Rank < 0 || p.Rank >= p.Size {
		return cgo.Place{}, groupError("process %d of %d: want 0 to %d", p.Rank, p.Size, p.Size-1)
	}
	if p.Host == "" || p.Port < 1 || p.Port > 65535 {
		return cgo.Place{}, groupError("process 0 at %q, port %d: want a host and a port from 1 to 65535", p.Host, p.Port)
	}
	if p.Rendezvous == 0 {
		p.Rendezvous = DefaultRendezvous
	}
	if p.Timeout == 0 {
		p.Timeout = DefaultGroupTimeout
	}
	network := networkInterface()
	return cgo.Place{
		Rank: p.Rank, Size: p.Size, Host: p.Host, Port: p.Port, Interface: network, Address: ownAddress(p.Host, p.Port),
		Rendezvous: p.Rendezvous, Timeout: p.Timeout, On: p.On.native(),
	}, nil
}

func groupError(format string, args ...any) error {
	return &Error{Op: "new group", Kind: ErrArgument, Msg: fmt.Sprintf(format, args...)}
}

// Rank returns which of the processes this is, from 0.
func (g *Group) Rank() int { return g.place.Rank }

// Size returns how many processes there are.
func (g *Group) Size() int { return g.place.Size }

// Sum replaces t by its sum over the processes. All get the same bits. The scope carries the error.
func (g *Group) Sum(s *Scope, t Tensor) { g.together(s, "group sum", t, cgo.GroupSum) }

// Broadcast replaces t by process 0's. The scope carries the error.
func (g *Group) Broadcast(s *Scope, t Tensor) {
	g.together(s, "group broadcast", t, cgo.GroupBroadcast)
}

// together keeps the goroutine on its OS thread, which libtorch keeps CUDA's current stream for.
func (g *Group) together(s *Scope, op string, t Tensor, call func(cgo.Group, cgo.Tensor, *cgo.Error) cgo.Status) {
	if !s.usable(op, t) {
		return
	}
	if g.handle == 0 {
		s.fail(op, ErrClosed, "the group is closed")
		return
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if status := call(g.handle, t.of.handle, &s.native); status != cgo.OK {
		s.Fail(check(op, status, &s.native))
	}
}

// Close leaves the group when all others have come to their Close too, or after the group's timeout. Closing twice does nothing.
func (g *Group) Close() error { return g.release("") }

// Abandon leaves the group at once. The others' next call fails, with the reason in its error where this process had not lost
// another one itself.
func (g *Group) Abandon(reason error) error {
	if reason == nil {
		reason = fmt.Errorf("no reason given")
	}
	return g.release(reason.Error())
}

func (g *Group) release(reason string) error {
	if g == nil || g.handle == 0 {
		return nil
	}
	var native cgo.Error
	status := cgo.ReleaseGroup(g.handle, reason, &native)
	g.handle = 0
	return check("close group", status, &native)
}
