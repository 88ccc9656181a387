package binding_test

import (
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/bindingtest"
)

// osThread runs functions on an OS thread of its own, as a goroutine that moves would.
type osThread chan func()

func newOSThread(t *testing.T) osThread {
	calls := make(osThread)
	go func() {
		runtime.LockOSThread()
		for f := range calls {
			f()
		}
	}()
	t.Cleanup(func() { close(calls) })
	return calls
}

func (o osThread) do(f func()) {
	done := make(chan struct{})
	o <- func() { f(); close(done) }
	<-done
}

// The gradient of x is a sum of three terms, and (1 + 2⁻⁶⁰) - 1 is not (1 - 1) + 2⁻⁶⁰. libtorch numbers the nodes of
// the graph per thread, and would add the terms up by those numbers.
func TestGradientsDoNotDependOnTheThread(t *testing.T) {
	bindingtest.NoLeak(t)
	fresh, busy := newOSThread(t), newOSThread(t)
	slope := func(threads ...osThread) float64 {
		s := bindingtest.Open(t)
		x := leaf(s, 3)
		factors := []float64{1, 0x1p-60, -1}
		terms := make([]binding.Tensor, len(factors))
		for i, factor := range factors {
			threads[i].do(func() { terms[i] = s.Scale(x, factor) })
		}
		threads[0].do(func() {
			require.NoError(t, s.Backward(s.Sum(s.Add(s.Add(terms[0], terms[1]), terms[2]))))
		})
		return item(t, s, s.Grad(x))
	}
	busy.do(func() {
		s := bindingtest.Open(t)
		x := leaf(s, 1)
		for range 1000 {
			s.Exp(x)
		}
	})
	want := slope(fresh, fresh, fresh)
	for _, threads := range [][]osThread{{busy, fresh, fresh}, {fresh, busy, fresh}, {fresh, fresh, busy}, {busy, busy, busy}} {
		assert.Equal(t, want, slope(threads...))
	}
}
