package cgo

import (
	"path/filepath"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// entry is a function of the shim's table, as a call that must succeed.
type entry struct {
	name string
	call func(e *Error) Status
}

// entries calls every function of the table once, with arguments that it accepts again and again.
func entries(t *testing.T) []entry {
	x, g, one, folder := vector(t, 1, 2), generator(t), 1.0, t.TempDir()
	made := func(e *Error, status Status, all ...Tensor) Status {
		if status == OK {
			return Release(all, e)
		}
		return status
	}
	size, status := GeneratorState(g, nil, new(Error))
	require.Equal(t, OK, status)
	state := make([]byte, size)
	_, status = GeneratorState(g, state, new(Error))
	require.Equal(t, OK, status)
	threads, status := Threads(new(Error))
	require.Equal(t, OK, status)
	return []entry{
		{"op", func(e *Error) Status {
			out := make([]Tensor, 1)
			_, status := Run(OpExp, true, []Tensor{x}, nil, nil, 0, out, e)
			return made(e, status, out...)
		}},
		{"from_host", func(e *Error) Status {
			y, status := FromHost(unsafe.Pointer(&one), Float64, []int64{1}, Float32, Device{}, e)
			return made(e, status, y)
		}},
		{"to_host", func(e *Error) Status { return ToHost(x, Float64, unsafe.Pointer(&[2]float64{}), 2, e) }},
		{"describe", func(e *Error) Status { _, status := Describe(x, make([]int64, 8), e); return status }},
		{"release", func(e *Error) Status { return Release([]Tensor{0}, e) }},
		{"generator_new", func(e *Error) Status {
			fresh, status := NewGenerator(Device{}, 1, e)
			if status == OK {
				return ReleaseGenerator(fresh, e)
			}
			return status
		}},
		{"generator_seed", func(e *Error) Status { return SeedGenerator(g, 1, e) }},
		{"generator_state", func(e *Error) Status { _, status := GeneratorState(g, state, e); return status }},
		{"generator_restore", func(e *Error) Status { return RestoreGenerator(g, state, e) }},
		{"generator_release", func(e *Error) Status { return ReleaseGenerator(0, e) }},
		{"set_threads", func(e *Error) Status { return SetThreads(threads, e) }},
		{"threads", func(e *Error) Status { _, status := Threads(e); return status }},
		{"parallel_info", func(e *Error) Status { _, status := ParallelInfo(e); return status }},
		{"cuda_devices", func(e *Error) Status { _, status := CUDADevices(e); return status }},
		{"synchronize", func(e *Error) Status { return Synchronize(Device{}, e) }},
		{"live", func(e *Error) Status { _, _, status := Live(e); return status }},
		{"arm_fault", func(e *Error) Status { return ArmFault(NoFault, e) }},
		{"set_matmul_precision", func(e *Error) Status { return SetMatmulPrecision(HighestPrecision, e) }},
		{"matmul_precision", func(e *Error) Status { _, status := MatmulPrecisionInForce(e); return status }},
		{"graph_release", func(e *Error) Status { return ReleaseGraph(0, e) }},
		{"group_release", func(e *Error) Status { return ReleaseGroup(0, "", e) }},
		{"script_save", func(e *Error) Status {
			return SaveScript(filepath.Join(folder, "script"), Script{Source: "def forward(self, a: Tensor) -> Tensor:\n    return torch.add(a, self.x)\n", Names: []string{"x"}, Tensors: []Tensor{x}, NoteName: "note", Note: "text"}, e)
		}},
	}
}

// refusing calls the other functions of the table, which can only succeed where there is a CUDA device or another process.
func refusing() []entry {
	return []entry{
		{"graph_new", func(e *Error) Status { _, status := NewGraph(Device{Type: CPU}, e); return status }},
		{"graph_begin", func(e *Error) Status { return BeginGraph(0, WarmGraph, nil, e) }},
		{"graph_end", func(e *Error) Status { return EndGraph(0, e) }},
		{"graph_replay", func(e *Error) Status { return ReplayGraph(0, e) }},
		{"group_new", func(e *Error) Status { _, status := NewGroup(Place{Rank: 1, Size: 1}, e); return status }},
		{"group_sum", func(e *Error) Status { return GroupSum(0, 0, e) }},
		{"group_broadcast", func(e *Error) Status { return GroupBroadcast(0, 0, e) }},
	}
}

var faults = []struct {
	fault   Fault
	status  Status
	message string
}{
	{TorchFault, Failed, "injected libtorch error"}, // without its second line and its backtrace
	{StdFault, Failed, "injected standard error"},
	{MemoryFault, OutOfMemory, "out of memory"},
	{ForeignFault, Failed, "an exception of unknown type"},
}

func TestNoExceptionPassesTheBorder(t *testing.T) {
	lib := library(t)
	all := entries(t)
	require.Equal(t, lib.Entries, len(all)+len(refusing()), "every entry of the shim's table stands in this test's")
	for _, entry := range refusing() {
		t.Run(entry.name, func(t *testing.T) {
			var e Error
			for _, f := range faults {
				require.Equal(t, OK, ArmFault(f.fault, &e), e.String())
				assert.Equal(t, f.status, entry.call(&e))
				assert.Equal(t, f.message, e.String())
				require.NotEqual(t, OK, entry.call(&e))
				assert.NotEqual(t, f.message, e.String(), "the fault was thrown once")
			}
		})
	}
	for _, entry := range all {
		t.Run(entry.name, func(t *testing.T) {
			var e Error
			for _, f := range faults {
				require.Equal(t, OK, entry.call(&e), e.String())
				require.Equal(t, OK, ArmFault(f.fault, &e), e.String())
				assert.Equal(t, f.status, entry.call(&e))
				assert.Equal(t, f.message, e.String())
				require.Equal(t, OK, entry.call(&e), "the next call works: %s", e.String())
			}
		})
	}
}

// A call that fails gives nothing that would have to be released.
func TestAFailedCallMakesNoHandle(t *testing.T) {
	library(t)
	x := vector(t, 1)
	var e Error
	out := make([]Tensor, 1)
	require.Equal(t, OK, ArmFault(StdFault, &e))
	n, status := Run(OpExp, true, []Tensor{x}, nil, nil, 0, out, &e)
	assert.Equal(t, Failed, status)
	assert.Zero(t, n)
	assert.Equal(t, []Tensor{0}, out)
}
