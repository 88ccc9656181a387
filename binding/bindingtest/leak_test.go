package bindingtest_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/bindingtest"
)

// trial is a test within a test: it notes what it would be failed with, and ends when told to.
type trial struct {
	testing.TB
	cleanups []func()
	failures []string
}

func (r *trial) Cleanup(f func()) { r.cleanups = append(r.cleanups, f) }

func (r *trial) Errorf(format string, args ...any) {
	r.failures = append(r.failures, fmt.Sprintf(format, args...))
}

func (r *trial) end() {
	for i := len(r.cleanups) - 1; i >= 0; i-- {
		r.cleanups[i]()
	}
}

func TestWhatHelpersOpenIsNoLeak(t *testing.T) {
	r := &trial{TB: t}
	bindingtest.NoLeak(r)
	s := bindingtest.OpenSeeded(r, 1, binding.NoGrad())
	x := s.Normal(binding.Float64, 2, 3)
	assert.Equal(t, []int64{2, 3}, bindingtest.Shape(t, s, x))
	assert.Len(t, bindingtest.Values(t, x), 6)
	r.end()
	assert.Empty(t, r.failures)
	assert.False(t, x.Valid(), "the scope was closed")
	assert.ErrorIs(t, s.Generator().Seed(1), binding.ErrClosed)
}

func TestLeaksAreFound(t *testing.T) {
	bindingtest.NoLeak(t)
	s := bindingtest.Open(t)
	for what, leak := range map[string]func(t testing.TB){
		"a tensor":    func(testing.TB) { s.Zeros(binding.Float32, binding.CPU, 1) },
		"a generator": func(testing.TB) { bindingtest.Generator(t, binding.CPU, 1) },
	} {
		r := &trial{TB: t}
		bindingtest.NoLeak(r)
		leak(r)
		r.end()
		if assert.Len(t, r.failures, 1, what) {
			assert.Contains(t, r.failures[0], "native memory is not as it was: ")
		}
	}
}
