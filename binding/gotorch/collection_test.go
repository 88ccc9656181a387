//go:build gotorch

package gotorch_test

import (
	"fmt"
	"os"
	"runtime"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	torch "github.com/wangkuiyi/gotorch"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/bindingtest"
	"github.com/gocei/gocei/binding/gotorch"
)

// collectMeanwhile forces one garbage collection after another until the test ends.
func collectMeanwhile(t *testing.T) {
	t.Helper()
	stop := make(chan struct{})
	var collector sync.WaitGroup
	collector.Add(1)
	go func() {
		defer collector.Done()
		for {
			select {
			case <-stop:
				return
			default:
				runtime.GC()
			}
		}
	}()
	t.Cleanup(func() {
		close(stop)
		collector.Wait()
	})
}

// Every tensor of gotorch here is used for the last time where it crosses, while its finalizer is always due.
func TestCrossingTemporariesWhileCollecting(t *testing.T) {
	bindingtest.NoLeak(t)
	collectMeanwhile(t)
	for i := range 2000 {
		func() {
			s := binding.NewScope()
			defer s.Close()
			ours, err := gotorch.FromGoTorch(s, torch.Full([]int64{50, 20}, 2, false))
			require.NoError(t, err)
			theirs, err := gotorch.ToGoTorch(s, s.Scale(ours, float64(i)))
			require.NoError(t, err)
			back, err := gotorch.FromGoTorch(s, theirs)
			require.NoError(t, err)
			mean, err := s.Item(s.Mean(back))
			require.NoError(t, err)
			require.InDelta(t, float64(2*i), mean, 1e-3)
		}()
	}
}

func TestCrossingFromManyGoroutines(t *testing.T) {
	bindingtest.NoLeak(t)
	collectMeanwhile(t)
	var workers sync.WaitGroup
	for worker := range 4 {
		workers.Add(1)
		go func() {
			defer workers.Done()
			for range 200 {
				s := binding.NewScope()
				ours, err := gotorch.FromGoTorch(s, torch.Full([]int64{100}, float32(worker), false))
				assert.NoError(t, err)
				sum, err := s.Item(s.Sum(ours))
				assert.NoError(t, err)
				assert.Equal(t, float64(100*worker), sum)
				assert.NoError(t, s.Close())
			}
		}()
	}
	workers.Wait()
}

// 300 tensors of 8 MB cross in each direction: 4.8 GB, were they not freed.
func TestMemoryIsFreed(t *testing.T) {
	bindingtest.NoLeak(t)
	const elements = 1 << 21
	before := residentBytes(t)
	for range 300 {
		s := binding.NewScope()
		_, err := gotorch.ToGoTorch(s, s.Full(1, binding.Float32, binding.CPU, elements))
		require.NoError(t, err)
		_, err = gotorch.FromGoTorch(s, torch.Full([]int64{elements}, 1, false))
		require.NoError(t, err)
		require.NoError(t, s.Close())
		runtime.GC()
	}
	assert.Less(t, residentBytes(t)-before, int64(1<<30))
}

// residentBytes returns how much memory of the machine the process holds.
func residentBytes(t *testing.T) int64 {
	t.Helper()
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		t.Skipf("the process's memory cannot be read here: %v", err)
	}
	var size, resident int64
	_, err = fmt.Sscan(string(text), &size, &resident)
	require.NoError(t, err)
	return resident * int64(os.Getpagesize())
}
