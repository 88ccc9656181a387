package bindingtest

import (
	"context"
	"net"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gocei/gocei/binding"
)

// FreePort returns a port of the loopback that nothing listens on.
func FreePort(t testing.TB) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// NeedGroups skips the test where the native library was built without groups of processes.
func NeedGroups(t testing.TB) {
	t.Helper()
	g, err := binding.NewGroup(context.Background(), binding.Place{Size: 1, Host: "127.0.0.1", Port: FreePort(t)})
	if err != nil && strings.Contains(err.Error(), "without groups") {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	_ = g.Close()
}

// InGroup calls do on goroutines that stand for the processes of a group on the loopback, and closes their groups. Each must
// return by itself, so that do must not end its goroutine as t.FailNow does.
func InGroup(t testing.TB, size int, do func(g *binding.Group) error) []error {
	t.Helper()
	NeedGroups(t)
	var all sync.WaitGroup
	failures, port := make([]error, size), FreePort(t)
	for rank := range size {
		all.Add(1)
		go func() {
			defer all.Done()
			awaitListener(rank, port)
			failures[rank] = inPlace(binding.Place{
				Rank: rank, Size: size, Host: "127.0.0.1", Port: port, Rendezvous: 20 * time.Second, Timeout: 20 * time.Second,
			}, do)
		}()
	}
	all.Wait()
	return failures
}

// awaitListener lets process 0 come first: c10d asks again only after a second.
func awaitListener(rank, port int) {
	for range 1000 {
		if rank == 0 {
			return
		}
		if c, err := net.Dial("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port))); err == nil {
			_ = c.Close()
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
}

func inPlace(p binding.Place, do func(g *binding.Group) error) error {
	g, err := binding.NewGroup(context.Background(), p)
	if err != nil {
		return err
	}
	if err := do(g); err != nil {
		_ = g.Abandon(err)
		return err
	}
	return g.Close()
}
