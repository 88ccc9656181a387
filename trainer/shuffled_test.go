package trainer

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/bindingtest"
)

// Batches are the rows in the order, whether several or a part of one fit into the window, from the start or from the middle of
// an epoch, and in the next epoch's order.
func TestShuffledGathersInOrder(t *testing.T) {
	bindingtest.NoLeak(t)
	for _, rows := range []int{1, 7, shuffledAtOnce - 1, shuffledAtOnce + 1, 2*shuffledAtOnce + 5} {
		for _, size := range []int{1000, shuffledAtOnce, shuffledAtOnce + 3} {
			t.Run(fmt.Sprintf("%d by %d", rows, size), func(t *testing.T) {
				s := bindingtest.OpenSeeded(t, 1, binding.NoGrad())
				b, err := newBatches(s, counted(rows, 1), binding.Float32, binding.CPU, size)
				require.NoError(t, err)
				order := s.RandPerm(int64(rows))
				w := newShuffled(s, b, order)
				holds := func(start, n int) {
					step := bindingtest.Open(t, binding.NoGrad())
					x, y := w.gather(step, start, n)
					index := step.Narrow(order, 0, int64(start), int64(n))
					require.Equal(t, bindingtest.Float64s(t, step, step.SelectRows(b.x, index)), bindingtest.Float64s(t, step, x))
					require.Equal(t, bindingtest.Float64s(t, step, step.SelectRows(b.y, index)), bindingtest.Float64s(t, step, y))
				}
				for range 2 {
					for i := range b.count() {
						holds(i*size, b.length(i))
					}
					s.Copy(order, s.RandPerm(int64(rows)))
					w.forget()
				}
				last := b.count() - 1
				holds(last*size, b.length(last))
				holds(0, min(3, rows))
			})
		}
	}
}

// A window that could not be filled is filled again.
func TestShuffledForgetsWhatFailed(t *testing.T) {
	bindingtest.NoLeak(t)
	s := bindingtest.Open(t, binding.NoGrad())
	b, err := newBatches(s, counted(9, 1), binding.Float32, binding.CPU, 4)
	require.NoError(t, err)
	order := s.FromInt64s([]int64{8, 7, 6, 5, 4, 3, 2, 1, 0}, binding.CPU, 9)
	w := newShuffled(s, b, order)
	failed := bindingtest.Open(t)
	failed.Fail(fmt.Errorf("no memory"))
	w.gather(failed, 0, 4)
	_, y := w.gather(s, 4, 2)
	want := bindingtest.Float64s(t, s, s.SelectRows(b.y, s.FromInt64s([]int64{4, 3}, binding.CPU, 2)))
	require.Equal(t, want, bindingtest.Float64s(t, s, y))
}
