package binding_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/bindingtest"
)

// Gathered rows are those that SelectRows selects, whatever their width, and rows behind them stay as they are.
func TestGather(t *testing.T) {
	bindingtest.NoLeak(t)
	for _, on := range bindingtest.Devices(t) {
		for _, dtype := range []binding.DType{binding.Float32, binding.Float64} {
			for _, columns := range []int64{1, 2, 3, 4, 5, 9, 33} {
				for _, c := range []struct{ rows, first, count, room int64 }{{1, 0, 1, 1}, {7, 2, 3, 5}, {7, 7, 0, 2}, {9001, 0, 9001, 9001}, {9001, 17, 8500, 8501}} {
					t.Run(fmt.Sprintf("%s/%s/%dx%v", on, dtype, columns, c), func(t *testing.T) {
						s := binding.NewScope(binding.WithGenerator(bindingtest.Generator(t, on, 3)))
						defer s.Close()
						x, y, order := s.Normal(dtype, c.rows, columns), s.Normal(dtype, c.rows, 2), s.RandPerm(c.rows)
						toX, toY := s.Full(7, dtype, on, c.room, columns), s.Full(7, dtype, on, c.room, 2)
						s.Gather(order, c.first, c.count, toX, x, toY, y)
						index := s.Narrow(order, 0, c.first, c.count)
						for _, pair := range [][2]binding.Tensor{{toX, x}, {toY, y}} {
							rest := s.Narrow(pair[0], 0, c.count, c.room-c.count)
							assert.Equal(t, float64s(t, s, s.SelectRows(pair[1], index)), float64s(t, s, s.Narrow(pair[0], 0, 0, c.count)))
							for _, v := range float64s(t, s, rest) {
								assert.Equal(t, 7.0, v)
							}
						}
					})
				}
			}
		}
	}
}

func TestGatherRefusesWhatDoesNotFit(t *testing.T) {
	bindingtest.NoLeak(t)
	order := func(s *binding.Scope, numbers ...int64) binding.Tensor {
		return s.FromInt64s(numbers, binding.CPU, int64(len(numbers)))
	}
	for name, c := range map[string]struct {
		do   func(s *binding.Scope)
		kind binding.Kind
	}{
		"a row that there is not": {func(s *binding.Scope) { s.Gather(order(s, 0, 3), 0, 2, zeros(s, 2, 4), zeros(s, 3, 4)) }, binding.ErrShape},
		"a negative row":          {func(s *binding.Scope) { s.Gather(order(s, 0, -1), 0, 2, zeros(s, 2, 4), zeros(s, 3, 4)) }, binding.ErrShape},
		"behind the order":        {func(s *binding.Scope) { s.Gather(order(s, 0, 1), 1, 2, zeros(s, 2, 4), zeros(s, 3, 4)) }, binding.ErrShape},
		"no room":                 {func(s *binding.Scope) { s.Gather(order(s, 0, 1), 0, 2, zeros(s, 1, 4), zeros(s, 3, 4)) }, binding.ErrShape},
		"another width":           {func(s *binding.Scope) { s.Gather(order(s, 0, 1), 0, 2, zeros(s, 2, 5), zeros(s, 3, 4)) }, binding.ErrShape},
		"a flat table":            {func(s *binding.Scope) { s.Gather(order(s, 0, 1), 0, 2, zeros(s, 2), zeros(s, 3)) }, binding.ErrShape},
		"a transposed table":      {func(s *binding.Scope) { s.Gather(order(s, 0), 0, 1, zeros(s, 1, 4), s.Transpose(zeros(s, 4, 3), 0, 1)) }, binding.ErrShape},
		"another type": {func(s *binding.Scope) {
			s.Gather(order(s, 0), 0, 1, s.Zeros(binding.Float32, binding.CPU, 1, 4), s.Zeros(binding.Float64, binding.CPU, 1, 4))
		}, binding.ErrDType},
		"an order of fractions": {func(s *binding.Scope) { s.Gather(vector(s, 0), 0, 1, zeros(s, 1, 4), zeros(s, 3, 4)) }, binding.ErrDType},
		"itself":                {func(s *binding.Scope) { a := zeros(s, 3, 4); s.Gather(order(s, 0), 0, 1, a, a) }, binding.ErrArgument},
		"half a pair":           {func(s *binding.Scope) { s.Gather(order(s, 0), 0, 1, zeros(s, 1, 4)) }, binding.ErrArgument},
	} {
		t.Run(name, func(t *testing.T) {
			s := bindingtest.Open(t)
			c.do(s)
			require.ErrorIs(t, s.Err(), c.kind)
			assertReadable(t, s.Err().Error())
		})
	}
}

// Values count times their rows, apart or joined, in float64, and leave no trace in autograd.
func TestTally(t *testing.T) {
	bindingtest.NoLeak(t)
	for _, on := range bindingtest.Devices(t) {
		for _, dtype := range []binding.DType{binding.Float32, binding.Float64} {
			s := bindingtest.Open(t)
			sums := s.Full(1, binding.Float64, on, 3)
			leaf := s.Full(0.5, dtype, on)
			s.RequireGrad(leaf)
			s.Tally(sums, 512, leaf, s.FromFloat64s([]float64{-2, 1 << 20}, dtype, on, 2))
			s.Tally(sums, 3, s.FromFloat64s([]float64{1, 2, 3}, dtype, on, 1, 3))
			assert.Equal(t, []float64{1 + 256 + 3, 1 - 1024 + 6, 1 + 512*(1<<20) + 9}, float64s(t, s, sums))
			s.Tally(s.Zeros(binding.Float64, on, 0), 1)
			require.NoError(t, s.Err())
		}
	}
}

func TestTallyRefusesWhatDoesNotFit(t *testing.T) {
	bindingtest.NoLeak(t)
	for name, c := range map[string]struct {
		do   func(s *binding.Scope)
		kind binding.Kind
	}{
		"a value too many":   {func(s *binding.Scope) { s.Tally(vector(s, 1), 1, vector(s, 1, 2)) }, binding.ErrShape},
		"a value missing":    {func(s *binding.Scope) { s.Tally(vector(s, 1, 2), 1, vector(s, 1)) }, binding.ErrShape},
		"sums in a table":    {func(s *binding.Scope) { s.Tally(zeros(s, 1, 1), 1, vector(s, 1)) }, binding.ErrShape},
		"sums in float32":    {func(s *binding.Scope) { s.Tally(s.Zeros(binding.Float32, binding.CPU, 1), 1, vector(s, 1)) }, binding.ErrDType},
		"values in integers": {func(s *binding.Scope) { s.Tally(vector(s, 1), 1, s.FromInt64s([]int64{1}, binding.CPU, 1)) }, binding.ErrDType},
	} {
		t.Run(name, func(t *testing.T) {
			s := bindingtest.Open(t)
			c.do(s)
			require.ErrorIs(t, s.Err(), c.kind)
			assertReadable(t, s.Err().Error())
		})
	}
}
