package binding_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/bindingtest"
)

func TestSumAndBroadcastOverProcesses(t *testing.T) {
	bindingtest.NoLeak(t)
	const n = 1001 // no multiple of any number of processes
	for _, size := range []int{1, 2, 3, 4} {
		sums, copies := make([][]float64, size), make([][]float64, size)
		for rank, err := range bindingtest.InGroup(t, size, func(g *binding.Group) error {
			s := binding.NewScope()
			defer s.Close()
			r := rand.New(rand.NewPCG(uint64(g.Rank()), 1))
			x, y := vector(s, draw(r, n, normal)...), s.Full(float64(g.Rank()), binding.Float32, binding.CPU, 2, 3)
			g.Sum(s, x)
			g.Broadcast(s, y)
			sums[g.Rank()], _ = s.Float64s(x)
			copies[g.Rank()], _ = s.Float64s(y)
			return s.Err()
		}) {
			require.NoError(t, err, "process %d of %d", rank, size)
		}
		want := make([]float64, n)
		for rank := range size {
			for i, v := range draw(rand.New(rand.NewPCG(uint64(rank), 1)), n, normal) {
				want[i] += v
			}
		}
		near(t, want, sums[0], 1e-14)
		for rank := range size {
			assert.Equal(t, sums[0], sums[rank], "all have the same bits")
			assert.Equal(t, make([]float64, 6), copies[rank])
		}
	}
}

func TestTheOthersLearnWhyAProcessLeft(t *testing.T) {
	bindingtest.NoLeak(t)
	for leaver := range 3 {
		failures := bindingtest.InGroup(t, 3, func(g *binding.Group) error {
			if g.Rank() == leaver {
				return errors.New("the disk is full")
			}
			s := binding.NewScope()
			defer s.Close()
			g.Sum(s, s.Zeros(binding.Float64, binding.CPU, 4))
			if err := s.Err(); !assert.ErrorIs(t, err, binding.ErrPeer) {
				return err
			}
			again := binding.NewScope()
			defer again.Close()
			g.Sum(again, again.Zeros(binding.Float64, binding.CPU, 4))
			assert.ErrorIs(t, again.Err(), binding.ErrPeer, "the group stays of no use")
			return s.Err()
		})
		for rank, err := range failures {
			if rank != leaver {
				assert.ErrorContains(t, err, "left: the disk is full")
			}
		}
	}
}

func place(t *testing.T, rank, size, port int) binding.Place {
	t.Helper()
	return binding.Place{Rank: rank, Size: size, Host: "127.0.0.1", Port: port, Rendezvous: 500 * time.Millisecond, Timeout: time.Second}
}

// patient is a place of one that may come too early, and then asks again after a second.
func patient(t *testing.T, rank, size, port int) binding.Place {
	t.Helper()
	p := place(t, rank, size, port)
	p.Rendezvous = 5 * time.Second
	return p
}

// join lets goroutines take their places and returns what each found.
func join(places ...binding.Place) []error {
	var all sync.WaitGroup
	failures := make([]error, len(places))
	for i, p := range places {
		all.Add(1)
		go func() {
			defer all.Done()
			var g *binding.Group
			if g, failures[i] = binding.NewGroup(context.Background(), p); failures[i] == nil {
				failures[i] = g.Abandon(nil)
			}
		}()
	}
	all.Wait()
	return failures
}

func TestProcessesThatDoNotMeet(t *testing.T) {
	bindingtest.NeedGroups(t)
	port := bindingtest.FreePort(t)
	for _, err := range join(place(t, 0, 3, port)) {
		require.ErrorIs(t, err, binding.ErrPeer)
		assert.ErrorContains(t, err, "of 3 processes, these did not come within 500 ms: 1, 2")
	}
	for _, err := range join(place(t, 1, 2, bindingtest.FreePort(t))) {
		require.ErrorIs(t, err, binding.ErrPeer)
		assert.ErrorContains(t, err, "process 0 does not answer at 127.0.0.1:")
	}
}

func TestProcessesThatDoNotAgree(t *testing.T) {
	bindingtest.NeedGroups(t)
	port := bindingtest.FreePort(t)
	failures := join(patient(t, 0, 2, port), patient(t, 1, 3, port))
	assert.ErrorContains(t, errors.Join(failures...), "takes itself for one of 3 on the CPU, and process 0 for one of 2 on the CPU")
	for _, err := range failures {
		assert.ErrorIs(t, err, binding.ErrPeer)
	}
	port = bindingtest.FreePort(t)
	failures = join(patient(t, 0, 3, port), patient(t, 1, 3, port), patient(t, 1, 3, port))
	assert.ErrorContains(t, errors.Join(failures...), "two processes say that they are process 1")
}

func TestAPortThatIsTaken(t *testing.T) {
	bindingtest.NeedGroups(t)
	l, err := net.Listen("tcp", ":0")
	require.NoError(t, err)
	defer l.Close()
	port := l.Addr().(*net.TCPAddr).Port
	_, err = binding.NewGroup(context.Background(), place(t, 0, 2, port))
	require.ErrorIs(t, err, binding.ErrPeer)
	assert.ErrorContains(t, err, "process 0 cannot open 127.0.0.1:")
}

func TestAHungProcessIsGivenUp(t *testing.T) {
	bindingtest.NoLeak(t)
	bindingtest.NeedGroups(t)
	port, free := bindingtest.FreePort(t), make(chan struct{})
	var all sync.WaitGroup
	all.Add(1)
	go func() {
		defer all.Done()
		g, err := binding.NewGroup(context.Background(), patient(t, 1, 2, port))
		if assert.NoError(t, err) {
			<-free
			assert.NoError(t, g.Abandon(nil))
		}
	}()
	g, err := binding.NewGroup(context.Background(), patient(t, 0, 2, port))
	if assert.NoError(t, err) {
		s := binding.NewScope()
		g.Sum(s, s.Zeros(binding.Float64, binding.CPU, 4))
		assert.ErrorIs(t, s.Err(), binding.ErrPeer)
		assert.NoError(t, s.Close())
		assert.NoError(t, g.Close())
	}
	close(free)
	all.Wait()
}

func TestJoiningIsGivenUpWithItsContext(t *testing.T) {
	bindingtest.NeedGroups(t)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := binding.NewGroup(ctx, place(t, 0, 2, bindingtest.FreePort(t)))
	assert.ErrorIs(t, err, context.Canceled)
}

func TestPlacesThatMakeNoSense(t *testing.T) {
	for _, p := range []binding.Place{
		{Rank: 0, Size: 0, Host: "h", Port: 1}, {Rank: 2, Size: 2, Host: "h", Port: 1}, {Rank: -1, Size: 2, Host: "h", Port: 1},
		{Size: 1, Port: 1}, {Size: 1, Host: "h"}, {Size: 1, Host: "h", Port: 65536},
	} {
		_, err := binding.NewGroup(context.Background(), p)
		assert.ErrorIs(t, err, binding.ErrArgument)
	}
}

func TestWhatAGroupCannotSum(t *testing.T) {
	bindingtest.NoLeak(t)
	for _, err := range bindingtest.InGroup(t, 1, func(g *binding.Group) error {
		s := binding.NewScope()
		defer s.Close()
		g.Sum(s, s.Transpose(s.Zeros(binding.Float64, binding.CPU, 2, 3), 0, 1))
		assert.ErrorIs(t, s.Err(), binding.ErrArgument)
		require.NoError(t, s.Reset())
		g.Sum(s, binding.Tensor{})
		assert.ErrorIs(t, s.Err(), binding.ErrArgument)
		require.NoError(t, s.Reset())
		require.NoError(t, g.Close())
		require.NoError(t, g.Close())
		g.Sum(s, s.Zeros(binding.Float64, binding.CPU, 2))
		assert.ErrorIs(t, s.Err(), binding.ErrClosed)
		return nil
	}) {
		assert.NoError(t, err)
	}
}
