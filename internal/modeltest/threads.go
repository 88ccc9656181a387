package modeltest

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/bindingtest"
)

// FusedByThreads holds that the number of threads changes how sums are rounded, and nothing else; the same number gives the
// same bits.
func FusedByThreads[M Fused](t *testing.T, u Subject[M]) {
	var first []float64
	atThreads(t, func(threads int) {
		got := fusedNumbers(t, u)
		assert.Equal(t, got, fusedNumbers(t, u), "with %d threads again", threads)
		if first == nil {
			first = got
		}
		near(t, first, got, u.Tolerance(), fmt.Sprint(threads, " threads"))
	}, 1, 2, 3)
}

// fusedNumbers returns loss, gradient and draws.
func fusedNumbers[M Fused](t *testing.T, u Subject[M]) (all []float64) {
	s := bindingtest.OpenSeeded(t, 4, binding.NoGrad())
	x, y := u.Rows(s)
	g := u.Model.Params().Gradient()
	s.Zero(g)
	all = append(all, bindingtest.Item(t, s, u.Model.LossAndGradient(s, x, y).Total))
	all = append(all, bindingtest.Float64s(t, s, g)...)
	return append(all, bindingtest.Float64s(t, s, u.Model.Sample(s, y))...)
}

// atThreads calls do with each number of threads, and puts the number back that was.
func atThreads(t *testing.T, do func(threads int), numbers ...int) {
	before, err := binding.Threads()
	require.NoError(t, err)
	defer func() { require.NoError(t, binding.SetThreads(before)) }()
	for _, n := range numbers {
		require.NoError(t, binding.SetThreads(n))
		do(n)
	}
}
