package cgo

import (
	"strings"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Whatever numbers come, the shim reads no memory that it was not given.
func TestImpossibleArguments(t *testing.T) {
	library(t)
	x, g := vector(t, 1, 2), generator(t)
	room := make([]Tensor, 1)
	run := func(op Op, in []Tensor, ints []int64, floats []float64, out []Tensor) func(*Error) Status {
		return func(e *Error) Status { _, status := Run(op, true, in, ints, floats, 0, out, e); return status }
	}
	for name, call := range map[string]func(*Error) Status{
		"unknown operation":   run(Op(opCount), nil, nil, nil, room),
		"negative operation":  run(-1, nil, nil, nil, room),
		"null tensor":         run(OpExp, []Tensor{0}, nil, nil, room),
		"no tensor":           run(OpExp, nil, nil, nil, room),
		"second tensor":       run(OpAdd, []Tensor{x}, nil, nil, room),
		"integer missing":     run(OpNarrow, []Tensor{x}, []int64{0, 0}, nil, room),
		"float missing":       run(OpClamp, []Tensor{x}, nil, []float64{1}, room),
		"no room":             run(OpExp, []Tensor{x}, nil, nil, nil),
		"no generator":        run(OpNormal, nil, []int64{int64(Float32), int64(CPU), 0, 2}, nil, room),
		"unknown type":        run(OpFull, nil, []int64{99, int64(CPU), 0, 2}, []float64{1}, room),
		"unknown device":      run(OpFull, nil, []int64{int64(Float32), 99, 0, 2}, []float64{1}, room),
		"parameters cut off":  run(OpParameters, []Tensor{x, x}, []int64{0, 2, 1}, nil, room),
		"adam without floats": run(OpAdam, []Tensor{x, x, x, x}, []int64{1, 0}, []float64{1}, room),
		"null to host":        func(e *Error) Status { return ToHost(0, Float64, nil, 0, e) },
		"small buffer":        func(e *Error) Status { return ToHost(x, Float64, unsafe.Pointer(&[2]float64{}), 1, e) },
		"unknown host type":   func(e *Error) Status { return ToHost(x, 99, unsafe.Pointer(&[2]float64{}), 2, e) },
		"negative size":       func(e *Error) Status { _, s := FromHost(nil, Float64, []int64{-1}, Float64, Device{}, e); return s },
		"unknown source type": func(e *Error) Status { _, s := FromHost(nil, 99, []int64{0}, Float64, Device{}, e); return s },
		"null description":    func(e *Error) Status { _, s := Describe(0, make([]int64, 8), e); return s },
		"short description":   func(e *Error) Status { _, s := Describe(x, make([]int64, 4), e); return s },
		"null seed":           func(e *Error) Status { return SeedGenerator(0, 1, e) },
		"null state":          func(e *Error) Status { _, s := GeneratorState(0, nil, e); return s },
		"short state":         func(e *Error) Status { _, s := GeneratorState(g, make([]byte, 1), e); return s },
		"null restore":        func(e *Error) Status { return RestoreGenerator(0, nil, e) },
		"unknown generator":   func(e *Error) Status { _, s := NewGenerator(Device{Type: 99}, 1, e); return s },
		"unknown synchronize": func(e *Error) Status { return Synchronize(Device{Type: 99}, e) },
		"no threads":          func(e *Error) Status { return SetThreads(0, e) },
		"unknown precision":   func(e *Error) Status { return SetMatmulPrecision(3, e) },
		"negative precision":  func(e *Error) Status { return SetMatmulPrecision(-1, e) },
		"unknown graph":       func(e *Error) Status { _, s := NewGraph(Device{Type: 99}, e); return s },
		"null graph":          func(e *Error) Status { return BeginGraph(0, CaptureGraph, nil, e) },
		"null graph's end":    func(e *Error) Status { return EndGraph(0, e) },
		"null graph's replay": func(e *Error) Status { return ReplayGraph(0, e) },
		"gather from nothing": run(OpGather, nil, []int64{0, 1}, nil, nil),
		"tally without rows":  run(OpTally, []Tensor{x, x}, nil, nil, nil),
		"adam at no numbers":  run(OpAdamDevice, []Tensor{x, x, x, x}, []int64{0}, make([]float64, 5), room),
	} {
		var e Error
		assert.Equal(t, BadArgument, call(&e), name)
		assert.NotEmpty(t, e.String(), name)
	}
}

func TestLongMessagesAreCutAndEnd(t *testing.T) {
	library(t)
	var e Error
	shape := make([]int64, 300) // named in full by libtorch's message
	for i := range shape {
		shape[i] = 1
	}
	shape[0] = 2
	x := vector(t, 1)
	_, status := Run(OpReshape, true, []Tensor{x}, shape, nil, 0, make([]Tensor, 1), &e)
	require.NotEqual(t, OK, status)
	assert.Len(t, e.String(), 511)
	assert.False(t, strings.ContainsAny(e.String(), "\n\x00"))
}

func TestParallelInfoNamesTheThreads(t *testing.T) {
	library(t)
	var e Error
	text, status := ParallelInfo(&e)
	require.Equal(t, OK, status)
	assert.Contains(t, text, "get_num_threads")
}
