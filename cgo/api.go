package cgo

/*
#cgo LDFLAGS: -ldl
#cgo noescape ct_op
#cgo nocallback ct_op
#include <dlfcn.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include "ceitorch.h"

static const ct_api* api;

// Opens a library and gives signals back to whom they belonged. Some of what libtorch loads takes them at once: UCX, below
// the MPI of Debian 13's, has SIGHUP and SIGSEGV, and a program would neither end with its terminal nor recover from a panic.
static void* ct_open_quietly(const char* path) {
  struct sigaction before[NSIG], after;
  int known[NSIG] = {0};
  for (int s = 1; s < NSIG; s++) known[s] = sigaction(s, NULL, &before[s]) == 0;
  void* library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  for (int s = 1; s < NSIG; s++)
    if (known[s] && sigaction(s, NULL, &after) == 0 && after.sa_sigaction != before[s].sa_sigaction) sigaction(s, &before[s], NULL);
  return library;
}

// Opens the shim and reads its table; returns 0, or writes why not.
static int ct_open(const char* path, char* why, int max_why) {
  void* library = ct_open_quietly(path);
  if (library == NULL) {
    strncpy(why, dlerror(), max_why - 1);
    return 1;
  }
  ct_api_function get = (ct_api_function)dlsym(library, "ceitorch_api");
  if (get == NULL) {
    strncpy(why, "it has no function ceitorch_api, so it is not cei's shim", max_why - 1);
    dlclose(library);
    return 1;
  }
  api = get();
  return 0;
}

static int32_t ct_abi(void) { return api->abi; }
static int32_t ct_entries(void) { return api->entries; }
static const char* ct_torch_version(void) { return api->torch_version; }
static int32_t ct_built_with_cuda(void) { return api->built_with_cuda; }
static void ct_forget(void) { api = NULL; }

static ct_status ct_op(int32_t code, int32_t grad, const ct_tensor* in, int32_t n_in, const int64_t* ints, int32_t n_ints,
    const double* floats, int32_t n_floats, ct_generator generator, ct_tensor* out, int32_t max_out, int32_t* n_out, ct_error* error) {
  return api->op(code, grad, in, n_in, ints, n_ints, floats, n_floats, generator, out, max_out, n_out, error);
}
static ct_status ct_from_host(const void* data, int32_t dtype, const int64_t* shape, int32_t n_shape, int32_t to_dtype,
    int32_t device_type, int32_t device_index, ct_tensor* out, ct_error* error) {
  return api->from_host(data, dtype, shape, n_shape, to_dtype, device_type, device_index, out, error);
}
static ct_status ct_to_host(ct_tensor t, int32_t dtype, void* data, int64_t count, ct_error* error) {
  return api->to_host(t, dtype, data, count, error);
}
static ct_status ct_describe(ct_tensor t, int64_t* out, int32_t max_out, int32_t* n_out, ct_error* error) {
  return api->describe(t, out, max_out, n_out, error);
}
static ct_status ct_release(const ct_tensor* tensors, int64_t count, ct_error* error) { return api->release(tensors, count, error); }
static ct_status ct_generator_new(int32_t type, int32_t index, uint64_t seed, ct_generator* out, ct_error* error) {
  return api->generator_new(type, index, seed, out, error);
}
static ct_status ct_generator_seed(ct_generator g, uint64_t seed, ct_error* error) { return api->generator_seed(g, seed, error); }
static ct_status ct_generator_state(ct_generator g, uint8_t* data, int64_t max_bytes, int64_t* n_bytes, ct_error* error) {
  return api->generator_state(g, data, max_bytes, n_bytes, error);
}
static ct_status ct_generator_restore(ct_generator g, const uint8_t* data, int64_t n_bytes, ct_error* error) {
  return api->generator_restore(g, data, n_bytes, error);
}
static ct_status ct_generator_release(ct_generator g, ct_error* error) { return api->generator_release(g, error); }
static ct_status ct_set_threads(int32_t threads, ct_error* error) { return api->set_threads(threads, error); }
static ct_status ct_threads(int32_t* threads, ct_error* error) { return api->threads(threads, error); }
static ct_status ct_parallel_info(char* text, int32_t max_bytes, ct_error* error) { return api->parallel_info(text, max_bytes, error); }
static ct_status ct_cuda_devices(int32_t* count, ct_error* error) { return api->cuda_devices(count, error); }
static ct_status ct_synchronize(int32_t type, int32_t index, ct_error* error) { return api->synchronize(type, index, error); }
static ct_status ct_live(int64_t* tensors, int64_t* generators, ct_error* error) { return api->live(tensors, generators, error); }
static ct_status ct_arm_fault(int32_t fault, ct_error* error) { return api->arm_fault(fault, error); }
static ct_status ct_set_matmul_precision(int32_t precision, ct_error* error) { return api->set_matmul_precision(precision, error); }
static ct_status ct_matmul_precision(int32_t* precision, ct_error* error) { return api->matmul_precision(precision, error); }
static ct_status ct_graph_new(int32_t type, int32_t index, ct_graph* out, ct_error* error) { return api->graph_new(type, index, out, error); }
static ct_status ct_graph_begin(ct_graph g, int32_t part, const ct_generator* generators, int32_t count, ct_error* error) {
  return api->graph_begin(g, part, generators, count, error);
}
static ct_status ct_graph_end(ct_graph g, ct_error* error) { return api->graph_end(g, error); }
static ct_status ct_graph_replay(ct_graph g, ct_error* error) { return api->graph_replay(g, error); }
static ct_status ct_graph_release(ct_graph g, ct_error* error) { return api->graph_release(g, error); }
static ct_status ct_group_new(const ct_place* place, ct_group* out, ct_error* error) { return api->group_new(place, out, error); }
static ct_status ct_group_sum(ct_group g, ct_tensor t, ct_error* error) { return api->group_sum(g, t, error); }
static ct_status ct_group_broadcast(ct_group g, ct_tensor t, ct_error* error) { return api->group_broadcast(g, t, error); }
static ct_status ct_group_release(ct_group g, const char* reason, ct_error* error) { return api->group_release(g, reason, error); }
static ct_status ct_script_save(const char* path, const char* source, const char* names, const ct_tensor* tensors, int32_t count,
    const char* note_name, const char* note, ct_error* error) {
  return api->script_save(path, source, names, tensors, count, note_name, note, error);
}
*/
import "C"

import (
	"bytes"
	"fmt"
	"strings"
	"time"
	"unsafe"
)

// ABIVersion is the version of the C ABI that this package speaks.
const ABIVersion = C.CT_ABI_VERSION

// Tensor is the address of a native tensor; zero is none.
type Tensor uintptr

// Generator is the address of a native random number generator; zero is none.
type Generator uintptr

// Graph is the address of a native CUDA graph; zero is none.
type Graph uintptr

// Group is the address of a native group of processes; zero is none.
type Group uintptr

// Place is a process's place in a group; ceitorch.h says what its fields are.
type Place struct {
	Rank, Size         int
	Host               string
	Port               int
	Interface, Address string
	Rendezvous         time.Duration
	Timeout            time.Duration
	On                 Device
}

// Device is where a tensor lives: Type CPU or CUDA, and the CUDA device's index.
type Device struct {
	Type  int32
	Index int32
}

// Error receives the text of a failed call. A zero value is ready, and it may be used again.
type Error struct{ c C.ct_error }

// String returns the text of the last failed call: one line.
func (e *Error) String() string {
	b := C.GoBytes(unsafe.Pointer(&e.c.message[0]), C.CT_MESSAGE_BYTES)
	if end := bytes.IndexByte(b, 0); end >= 0 {
		b = b[:end]
	}
	return string(b)
}

func open(path string) (Library, error) {
	name := C.CString(path)
	defer C.free(unsafe.Pointer(name))
	why := (*C.char)(C.calloc(1, 1024))
	defer C.free(unsafe.Pointer(why))
	if C.ct_open(name, why, 1024) != 0 {
		return Library{}, fmt.Errorf("%s", C.GoString(why))
	}
	lib := Library{Path: path, ABI: int(C.ct_abi())}
	if lib.ABI != ABIVersion {
		C.ct_forget()
		return Library{}, fmt.Errorf("it has version %d of the shim's ABI and this program needs version %d; run scripts/setup again", lib.ABI, ABIVersion)
	}
	lib.Entries = int(C.ct_entries())
	lib.TorchVersion = C.GoString(C.ct_torch_version())
	lib.BuiltWithCUDA = C.ct_built_with_cuda() != 0
	return lib, nil
}

// Run runs one operation and returns how many handles it wrote to out. Lists may be nil.
func Run(code Op, grad bool, in []Tensor, ints []int64, floats []float64, g Generator, out []Tensor, e *Error) (int, Status) {
	var n C.int32_t
	status := C.ct_op(C.int32_t(code), flag(grad),
		(*C.ct_tensor)(unsafe.Pointer(unsafe.SliceData(in))), C.int32_t(len(in)),
		(*C.int64_t)(unsafe.SliceData(ints)), C.int32_t(len(ints)),
		(*C.double)(unsafe.SliceData(floats)), C.int32_t(len(floats)),
		C.ct_generator(g), (*C.ct_tensor)(unsafe.Pointer(unsafe.SliceData(out))), C.int32_t(len(out)), &n, &e.c)
	return int(n), Status(status)
}

// FromHost copies the elements at data, of type dtype, into a new tensor of type to on the device.
func FromHost(data unsafe.Pointer, dtype DType, shape []int64, to DType, on Device, e *Error) (Tensor, Status) {
	var t C.ct_tensor
	status := C.ct_from_host(data, C.int32_t(dtype), (*C.int64_t)(unsafe.SliceData(shape)), C.int32_t(len(shape)),
		C.int32_t(to), C.int32_t(on.Type), C.int32_t(on.Index), &t, &e.c)
	return Tensor(t), Status(status)
}

// ToHost copies the tensor's count elements, converted to dtype, to data.
func ToHost(t Tensor, dtype DType, data unsafe.Pointer, count int, e *Error) Status {
	return Status(C.ct_to_host(C.ct_tensor(t), C.int32_t(dtype), data, C.int64_t(count), &e.c))
}

// Describe writes the tensor's type, device and shape to out as ceitorch.h says, and returns how many numbers.
func Describe(t Tensor, out []int64, e *Error) (int, Status) {
	var n C.int32_t
	status := C.ct_describe(C.ct_tensor(t), (*C.int64_t)(unsafe.SliceData(out)), C.int32_t(len(out)), &n, &e.c)
	return int(n), Status(status)
}

// Release frees tensors; zeros among them are passed over.
func Release(tensors []Tensor, e *Error) Status {
	return Status(C.ct_release((*C.ct_tensor)(unsafe.Pointer(unsafe.SliceData(tensors))), C.int64_t(len(tensors)), &e.c))
}

// NewGenerator returns a generator of the device's kind.
func NewGenerator(on Device, seed uint64, e *Error) (Generator, Status) {
	var g C.ct_generator
	status := C.ct_generator_new(C.int32_t(on.Type), C.int32_t(on.Index), C.uint64_t(seed), &g, &e.c)
	return Generator(g), Status(status)
}

// SeedGenerator starts the generator anew.
func SeedGenerator(g Generator, seed uint64, e *Error) Status {
	return Status(C.ct_generator_seed(C.ct_generator(g), C.uint64_t(seed), &e.c))
}

// GeneratorState writes the generator's state to data and returns its size; with data nil it only returns the size.
func GeneratorState(g Generator, data []byte, e *Error) (int, Status) {
	var n C.int64_t
	status := C.ct_generator_state(C.ct_generator(g), (*C.uint8_t)(unsafe.SliceData(data)), C.int64_t(len(data)), &n, &e.c)
	return int(n), Status(status)
}

// RestoreGenerator puts the generator into a state that GeneratorState wrote.
func RestoreGenerator(g Generator, state []byte, e *Error) Status {
	return Status(C.ct_generator_restore(C.ct_generator(g), (*C.uint8_t)(unsafe.SliceData(state)), C.int64_t(len(state)), &e.c))
}

// ReleaseGenerator frees the generator.
func ReleaseGenerator(g Generator, e *Error) Status {
	return Status(C.ct_generator_release(C.ct_generator(g), &e.c))
}

// SetThreads sets the size of the one thread pool.
func SetThreads(n int, e *Error) Status { return Status(C.ct_set_threads(C.int32_t(n), &e.c)) }

// Threads returns the size of the thread pool.
func Threads(e *Error) (int, Status) {
	var n C.int32_t
	status := C.ct_threads(&n, &e.c)
	return int(n), Status(status)
}

// ParallelInfo returns libtorch's own description of its threads, and that of the BLAS.
func ParallelInfo(e *Error) (string, Status) {
	const room = 8192
	text := (*C.char)(C.calloc(1, room))
	defer C.free(unsafe.Pointer(text))
	status := C.ct_parallel_info(text, room, &e.c)
	return C.GoString(text), Status(status)
}

// CUDADevices returns how many CUDA devices libtorch sees.
func CUDADevices(e *Error) (int, Status) {
	var n C.int32_t
	status := C.ct_cuda_devices(&n, &e.c)
	return int(n), Status(status)
}

// Synchronize waits until the device has done all that was asked of it.
func Synchronize(on Device, e *Error) Status {
	return Status(C.ct_synchronize(C.int32_t(on.Type), C.int32_t(on.Index), &e.c))
}

// Live returns how many tensors and generators have been made and not released.
func Live(e *Error) (tensors, generators int, s Status) {
	var t, g C.int64_t
	s = Status(C.ct_live(&t, &g, &e.c))
	return int(t), int(g), s
}

// ArmFault makes the next call of any entry fail inside, once: tests prove with it that no exception passes the border.
func ArmFault(f Fault, e *Error) Status { return Status(C.ct_arm_fault(C.int32_t(f), &e.c)) }

// SetMatmulPrecision says how exactly float32 matrices are multiplied, in the whole process.
func SetMatmulPrecision(p MatmulPrecision, e *Error) Status {
	return Status(C.ct_set_matmul_precision(C.int32_t(p), &e.c))
}

// MatmulPrecisionInForce returns how exactly float32 matrices are multiplied.
func MatmulPrecisionInForce(e *Error) (MatmulPrecision, Status) {
	var p C.int32_t
	status := C.ct_matmul_precision(&p, &e.c)
	return MatmulPrecision(p), Status(status)
}

// NewGraph returns a CUDA graph that has captured nothing.
func NewGraph(on Device, e *Error) (Graph, Status) {
	var g C.ct_graph
	status := C.ct_graph_new(C.int32_t(on.Type), C.int32_t(on.Index), &g, &e.c)
	return Graph(g), Status(status)
}

// BeginGraph sends this OS thread's operations to a stream of the graph's own; CaptureGraph records them there, and BranchGraph
// is for a part of either. The caller keeps its goroutine on the thread until EndGraph.
func BeginGraph(g Graph, part GraphPart, drawnFrom []Generator, e *Error) Status {
	return Status(C.ct_graph_begin(C.ct_graph(g), C.int32_t(part),
		(*C.ct_generator)(unsafe.Pointer(unsafe.SliceData(drawnFrom))), C.int32_t(len(drawnFrom)), &e.c))
}

// EndGraph ends what BeginGraph began last.
func EndGraph(g Graph, e *Error) Status { return Status(C.ct_graph_end(C.ct_graph(g), &e.c)) }

// ReplayGraph starts what the graph has captured, and does not wait for it.
func ReplayGraph(g Graph, e *Error) Status { return Status(C.ct_graph_replay(C.ct_graph(g), &e.c)) }

// ReleaseGraph frees the graph and its memory.
func ReleaseGraph(g Graph, e *Error) Status { return Status(C.ct_graph_release(C.ct_graph(g), &e.c)) }

// NewGroup waits until all processes of a group have come.
func NewGroup(p Place, e *Error) (Group, Status) {
	host, network, address := C.CString(p.Host), C.CString(p.Interface), C.CString(p.Address)
	defer C.free(unsafe.Pointer(host))
	defer C.free(unsafe.Pointer(network))
	defer C.free(unsafe.Pointer(address))
	place := C.ct_place{
		rank: C.int32_t(p.Rank), size: C.int32_t(p.Size), host: host, port: C.int32_t(p.Port), _interface: network, address: address,
		rendezvous_ms: C.int64_t(p.Rendezvous.Milliseconds()), timeout_ms: C.int64_t(p.Timeout.Milliseconds()),
		device_type: C.int32_t(p.On.Type), device_index: C.int32_t(p.On.Index),
	}
	var g C.ct_group
	status := C.ct_group_new(&place, &g, &e.c)
	return Group(g), Status(status)
}

// GroupSum replaces the tensor by its sum over the group's processes.
func GroupSum(g Group, t Tensor, e *Error) Status {
	return Status(C.ct_group_sum(C.ct_group(g), C.ct_tensor(t), &e.c))
}

// GroupBroadcast replaces the tensor by that of the group's process 0.
func GroupBroadcast(g Group, t Tensor, e *Error) Status {
	return Status(C.ct_group_broadcast(C.ct_group(g), C.ct_tensor(t), &e.c))
}

// ReleaseGroup leaves the group: without a reason when all others have come so far, with one at once.
func ReleaseGroup(g Group, reason string, e *Error) Status {
	why := C.CString(reason)
	defer C.free(unsafe.Pointer(why))
	return Status(C.ct_group_release(C.ct_group(g), why, &e.c))
}

func flag(b bool) C.int32_t {
	if b {
		return 1
	}
	return 0
}

// Script is what a TorchScript archive is made of.
type Script struct {
	Source  string   // of its methods
	Names   []string // of its buffers
	Tensors []Tensor
	// The archive has a file of that name with that text.
	NoteName, Note string
}

// SaveScript writes a TorchScript archive to path.
func SaveScript(path string, s Script, e *Error) Status {
	texts := []string{path, s.Source, strings.Join(s.Names, "\n"), s.NoteName, s.Note}
	native := make([]*C.char, len(texts))
	for i, text := range texts {
		native[i] = C.CString(text)
		defer C.free(unsafe.Pointer(native[i]))
	}
	return Status(C.ct_script_save(native[0], native[1], native[2],
		(*C.ct_tensor)(unsafe.Pointer(unsafe.SliceData(s.Tensors))), C.int32_t(len(s.Tensors)), native[3], native[4], &e.c))
}
