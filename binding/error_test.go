package binding_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/bindingtest"
)

// mistakes are calls that must fail, with the operation and the kind that their errors name.
var mistakes = []struct {
	name, op string
	kind     binding.Kind
	make     func(s *binding.Scope)
}{
	{"inner sizes", "matmul", binding.ErrShape, func(s *binding.Scope) { s.MatMul(zeros(s, 2, 3), zeros(s, 2, 3)) }},
	{"no dimension", "matmul", binding.ErrShape, func(s *binding.Scope) { s.MatMul(zeros(s), zeros(s, 2, 3)) }},
	{"no broadcast", "add", binding.ErrShape, func(s *binding.Scope) { s.Add(zeros(s, 2), zeros(s, 3)) }},
	{"element count", "reshape", binding.ErrShape, func(s *binding.Scope) { s.Reshape(zeros(s, 2, 3), 4) }},
	{"two unknown sizes", "reshape", binding.ErrShape, func(s *binding.Scope) { s.Reshape(zeros(s, 2, 3), -1, -1) }},
	{"past the end", "narrow", binding.ErrShape, func(s *binding.Scope) { s.Narrow(zeros(s, 3), 0, 2, 2) }},
	{"no such dimension", "flip", binding.ErrShape, func(s *binding.Scope) { s.Flip(zeros(s, 3), 1) }},
	{"no such dimension", "transpose", binding.ErrShape, func(s *binding.Scope) { s.Transpose(zeros(s, 3, 2), 0, 2) }},
	{"smaller", "expand", binding.ErrShape, func(s *binding.Scope) { s.Expand(zeros(s, 3), 2) }},
	{"other columns", "cat", binding.ErrShape, func(s *binding.Scope) { s.Cat(0, zeros(s, 2, 3), zeros(s, 2, 4)) }},
	{"nothing", "cat", binding.ErrArgument, func(s *binding.Scope) { s.Cat(0) }},
	{"no such row", "select rows", binding.ErrShape, func(s *binding.Scope) { s.SelectRows(zeros(s, 3), s.FromInt64s([]int64{3}, binding.CPU, 1)) }},
	{"negative row", "select rows", binding.ErrShape, func(s *binding.Scope) { s.SelectRows(zeros(s, 3), s.FromInt64s([]int64{-1}, binding.CPU, 1)) }},
	{"index of floats", "select rows", binding.ErrDType, func(s *binding.Scope) { s.SelectRows(zeros(s, 3), zeros(s, 1)) }},
	{"negative count", "repeat rows", binding.ErrArgument, func(s *binding.Scope) { s.RepeatRows(zeros(s, 3), -1) }},
	{"bias", "linear", binding.ErrShape, func(s *binding.Scope) { s.Linear(zeros(s, 2, 3), zeros(s, 4, 3), zeros(s, 5)) }},
	{"mixed types", "matmul", binding.ErrDType, func(s *binding.Scope) { s.MatMul(zeros(s, 2, 2), s.Zeros(binding.Float32, binding.CPU, 2, 2)) }},
	{"unknown type", "full", binding.ErrArgument, func(s *binding.Scope) { s.Zeros(binding.DType(9), binding.CPU, 1) }},
	{"mean of integers", "mean", binding.ErrDType, func(s *binding.Scope) { s.Mean(s.FromInt64s([]int64{1, 2}, binding.CPU, 2)) }},
	{"zero Tensor", "exp", binding.ErrArgument, func(s *binding.Scope) { s.Exp(binding.Tensor{}) }},
	{"zero Tensor", "describe", binding.ErrArgument, func(s *binding.Scope) { _, _ = s.Shape(binding.Tensor{}) }},
	{"scalar", "backward", binding.ErrShape, func(s *binding.Scope) { a := zeros(s, 2); s.RequireGrad(a); _ = s.Backward(s.Exp(a)) }},
	{"step zero", "adam", binding.ErrArgument, func(s *binding.Scope) { s.Adam(binding.AdamStep{}, zeros(s, 2), zeros(s, 2), zeros(s, 2), zeros(s, 2)) }},
	{"sizes", "adam", binding.ErrShape, func(s *binding.Scope) {
		s.Adam(binding.AdamStep{Step: 1}, zeros(s, 2), zeros(s, 3), zeros(s, 2), zeros(s, 2))
	}},
	{"not flat", "adam", binding.ErrShape, func(s *binding.Scope) {
		s.Adam(binding.AdamStep{Step: 1}, zeros(s, 1, 2), zeros(s, 1, 2), zeros(s, 1, 2), zeros(s, 1, 2))
	}},
	{"mixed types", "adam", binding.ErrDType, func(s *binding.Scope) {
		s.Adam(binding.AdamStep{Step: 1}, zeros(s, 2), zeros(s, 2), s.Zeros(binding.Float32, binding.CPU, 2), zeros(s, 2))
	}},
	{"integers", "adam", binding.ErrDType, func(s *binding.Scope) {
		w := s.FromInt64s([]int64{1}, binding.CPU, 1)
		s.Adam(binding.AdamStep{Step: 1}, w, w, w, w)
	}},
}

func zeros(s *binding.Scope, shape ...int64) binding.Tensor {
	return s.Zeros(binding.Float64, binding.CPU, shape...)
}

func TestMistakesAreErrorsOfTheirKind(t *testing.T) {
	bindingtest.NoLeak(t)
	for _, m := range mistakes {
		t.Run(m.op+"/"+m.name, func(t *testing.T) {
			s := bindingtest.Open(t)
			m.make(s)
			err := s.Err()
			require.ErrorIs(t, err, m.kind)
			var structured *binding.Error
			require.ErrorAs(t, err, &structured)
			assert.Equal(t, m.op, structured.Op)
			assert.Equal(t, m.kind, structured.Kind)
			assert.Equal(t, "binding: "+m.op+": "+structured.Msg, err.Error())
			assertReadable(t, structured.Msg)
		})
	}
}

// assertReadable asserts that a message is one short line without a trace of C++.
func assertReadable(t *testing.T, message string) {
	t.Helper()
	assert.NotEmpty(t, strings.TrimSpace(message))
	assert.Less(t, len(message), 512)
	for _, trace := range []string{"\n", "frame #", "Exception raised from", "0x", ".cpp:"} {
		assert.NotContains(t, message, trace)
	}
}

func TestKinds(t *testing.T) {
	err := error(&binding.Error{Op: "add", Kind: binding.ErrShape, Msg: "2 and 3"})
	assert.EqualError(t, err, "binding: add: 2 and 3")
	assert.EqualError(t, &binding.Error{Op: "add", Kind: binding.ErrShape}, "binding: add: shapes do not fit")
	assert.ErrorIs(t, err, binding.ErrShape)
	assert.NotErrorIs(t, err, binding.ErrDType)
	assert.EqualError(t, binding.ErrClosed, "used after Close")
}
