// The C ABI between Go and the native shim over libtorch.
//
// The shim exports one symbol, ceitorch_api, that returns a table of function pointers. Its first fields never move,
// so that a table of another version can be recognised and refused before anything else in it is touched.
//
// Every function returns its status, and on failure writes the error to the buffer its caller passed: nothing is kept
// in thread-local state, because a goroutine may ask for it from another thread. No C++ exception passes this border.
#ifndef CEITORCH_H
#define CEITORCH_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// Raised whenever a field of ct_api, an operation's number or its arguments change.
#define CT_ABI_VERSION 5

// Handles are addresses of at::Tensor and at::Generator objects and of the shim's graphs and groups, as numbers: Go keeps
// them where its garbage collector does not look. Zero is "no tensor".
typedef uintptr_t ct_tensor;
typedef uintptr_t ct_generator;
typedef uintptr_t ct_graph;
typedef uintptr_t ct_group;

typedef int32_t ct_status;
enum {
  CT_OK = 0,
  CT_ERROR = 1,          // anything not named below
  CT_OUT_OF_MEMORY = 2,  // host or device memory
  CT_SHAPE = 3,          // sizes or dimensions that do not fit each other
  CT_DEVICE = 4,         // tensors on different devices, or a device that is not there
  CT_DTYPE = 5,          // element types that do not fit each other
  CT_ARGUMENT = 6,       // a handle, number or count that the call cannot mean
  CT_PEER = 7,           // another process of a group did not come, was lost, or did not answer in time
};

#define CT_MESSAGE_BYTES 512
typedef struct {
  char message[CT_MESSAGE_BYTES];  // first line only, always ends in a zero byte
} ct_error;

enum { CT_FLOAT32 = 0, CT_FLOAT64 = 1, CT_INT64 = 2 };
enum { CT_CPU = 0, CT_CUDA = 1 };

// How exactly float32 matrices are multiplied, as in PyTorch's torch.set_float32_matmul_precision.
enum { CT_HIGHEST = 0, CT_HIGH = 1, CT_MEDIUM = 2 };

// What begins on a graph: operations that are done, operations that are recorded, or a branch within either.
enum { CT_GRAPH_WARM = 0, CT_GRAPH_CAPTURE = 1, CT_GRAPH_BRANCH = 2 };

// What can be injected to test that no exception passes the border.
enum { CT_FAULT_NONE = 0, CT_FAULT_TORCH, CT_FAULT_STD, CT_FAULT_MEMORY, CT_FAULT_FOREIGN };

// The operations. Arguments are listed as: tensors | ints | floats -> results. "like" stands for the three ints dtype,
// device type, device index. Dimensions may be negative and then count from the end, as in libtorch.
enum {
  // Creation
  CT_OP_FULL,        // | like, shape... | value -> t
  CT_OP_NORMAL,      // generator | like, shape... -> t, standard normal
  CT_OP_UNIFORM,     // generator | like, shape... -> t, uniform in [0,1)
  CT_OP_RANDPERM,    // generator | device type, device index, n -> int64 permutation of 0..n-1
  // Element by element, with broadcasting
  CT_OP_ADD,         // a b -> a+b
  CT_OP_SUB,         // a b -> a-b
  CT_OP_MUL,         // a b -> a*b
  CT_OP_DIV,         // a b -> a/b
  CT_OP_AFFINE,      // a | | scale shift -> scale*a+shift
  CT_OP_EXP,         // a -> exp(a)
  CT_OP_LOG,         // a -> log(a)
  CT_OP_SQRT,        // a -> sqrt(a)
  CT_OP_SQUARE,      // a -> a*a
  CT_OP_ABS,         // a -> |a|
  CT_OP_TANH,        // a -> tanh(a)
  CT_OP_ELU,         // a -> a>0 ? a : exp(a)-1
  CT_OP_CLAMP,       // a | | low high -> a limited to [low, high]
  // Linear algebra
  CT_OP_MATMUL,      // a b -> a@b
  CT_OP_LINEAR,      // x w [b] -> x@w^T + b
  // Reductions
  CT_OP_SUM,         // a | keepdim, dims... -> sum; no dims: over all
  CT_OP_MEAN,        // a | keepdim, dims... -> mean
  CT_OP_VARIANCE,    // a | keepdim, dims... -> variance with divisor n
  CT_OP_LOGSUMEXP,   // a | keepdim, dims... -> log sum exp
  CT_OP_ALL_FINITE,  // a -> one element, 1 if no element is NaN or infinite
  // Shape
  CT_OP_CAT,         // a b ... | dim -> joined
  CT_OP_NARROW,      // a | dim start length -> view
  CT_OP_RESHAPE,     // a | shape... -> same elements
  CT_OP_TRANSPOSE,   // a | dim0 dim1 -> view
  CT_OP_EXPAND,      // a | shape... -> broadcast view
  CT_OP_FLIP,        // a | dim -> reversed along dim
  CT_OP_SELECT_ROWS, // a index -> a[index], rows gathered
  CT_OP_REPEAT_ROWS, // a | times -> each row that many times, one after another
  // Copies
  CT_OP_TO,          // a | like -> a there; a itself where nothing changes
  CT_OP_CLONE,       // a -> copy
  CT_OP_DETACH,      // a -> same storage, cut from the graph
  CT_OP_ALIAS,       // a -> a second handle to the same tensor
  CT_OP_EXPORT,      // a -> an at::Tensor that the caller will delete; not counted as live
  CT_OP_COPY,        // target source -> ; writes source into target, of the same shape
  CT_OP_ZERO,        // target -> ; writes zeros
  // Autograd
  CT_OP_BACKWARD,    // scalar -> ; accumulates gradients in the leaves
  CT_OP_GRADIENT,    // output inputs... -> d(sum of output)/d(input) for each input, zeros where it does not depend
  CT_OP_REQUIRE_GRAD,// a | 0 or 1 -> ; for a leaf
  CT_OP_GRAD,        // leaf -> its gradient, zeros if none yet
  CT_OP_PARAMETERS,  // flat gradient | for each: offset, ndim, dims... -> leaves that are views of flat, with gradients
                     //   that are views of gradient
  // Fused, with hand-written backward
  CT_OP_MLP,         // x w0 b0 w1 b1 ... -> ELU after every layer but the last
  CT_OP_COUPLING,    // x y, networks... | networks flip | clamp -> z logdet; see fused.cc
  CT_OP_UNCOUPLING,  // z y, networks... | networks flip | clamp -> x
  CT_OP_ADAM,        // p g m v [mean of p] | step decoupled | lr beta1 beta2 epsilon weight_decay clip_norm [share] -> norm of g; g is zeroed
  // Parts of flows
  CT_OP_SPLINE,      // x raw | bins inverse | bound -> y logdet, or with inverse only x; see spline.cc
  CT_OP_MIXING,      // x m permutation | inverse -> z logdet, or with inverse only x; see mixing.cc
  // Whole models on the CPU, outside of any graph; flow.cc and vae.cc say what the integers and numbers are
  CT_OP_FLOW,           // x y flat [permutations...] | flow | clamp bound -> z logdet
  CT_OP_FLOW_INVERSE,   // z y flat [permutations...] | flow | clamp bound -> x
  CT_OP_FLOW_GRADIENT,  // x y flat gradient work [permutations...] | flow | clamp bound -> means of z*z/2 summed over
                        //   columns and of logdet; adds to gradient that of their difference, and work grows as needed
  CT_OP_VAE_LOSS,       // x y epsilon flat | vae | gain share -> means of the reconstruction's cost and of the divergence
  CT_OP_VAE_GRADIENT,   // x y epsilon flat gradient work | vae | gain share -> the same; adds to gradient that of their sum
  CT_OP_VAE_DRAW,       // epsilon y flat [noise] [mean sd] | vae | gain share -> x
  CT_OP_ADAM_DEVICE, // p g m v numbers | decoupled | beta1 beta2 epsilon weight_decay clip_norm -> norm of g; g is zeroed.
                     //   numbers: step and lr, float64 [2] where p is, so that no number comes from the host
  // A batch, outside of any graph
  CT_OP_GATHER,      // order, to from by turns... | first count -> ; writes the rows order[first..first+count) of from to to
  CT_OP_TALLY,       // sums values... | | rows -> ; adds rows times the values, one after another, to sums, float64 [values]
  CT_OP_VAE_BOUND,   // x y epsilon flat [mean sd] | vae | gain share -> log-density [B], of as many draws a row as epsilon has
  CT_OP_COUNT
};

// A process's place in a group of processes.
typedef struct {
  int32_t rank;  // from 0
  int32_t size;
  const char* host;  // where process 0 listens, and its port
  int32_t port;
  const char* interface;  // network interface that the others reach this process at; empty: the address, on the CPU
  const char* address;
  int64_t rendezvous_ms;  // to wait for all processes to come, and again to their first call
  int64_t timeout_ms;     // to wait for them in any call afterwards
  int32_t device_type;    // of the tensors: the CPU's go by Gloo, CUDA's by NCCL
  int32_t device_index;
} ct_place;

typedef struct {
  int32_t abi;              // CT_ABI_VERSION of the shim
  int32_t entries;          // function pointers that follow the fixed fields
  const char* torch_version;
  int32_t built_with_cuda;  // 1 when linked against libtorch's CUDA part

  // Runs one operation. out has room for max_out handles; *n_out is how many were written. Gradient mode is an
  // argument because libtorch keeps it per thread.
  ct_status (*op)(int32_t code, int32_t grad, const ct_tensor* in, int32_t n_in, const int64_t* ints, int32_t n_ints,
                  const double* floats, int32_t n_floats, ct_generator generator, ct_tensor* out, int32_t max_out,
                  int32_t* n_out, ct_error* error);
  // Copies host memory into a new tensor.
  ct_status (*from_host)(const void* data, int32_t dtype, const int64_t* shape, int32_t n_shape, int32_t to_dtype,
                         int32_t device_type, int32_t device_index, ct_tensor* out, ct_error* error);
  // Copies count elements, converted to dtype, into host memory.
  ct_status (*to_host)(ct_tensor t, int32_t dtype, void* data, int64_t count, ct_error* error);
  // Writes dtype, device type, device index, number of dimensions, sizes... and their count.
  ct_status (*describe)(ct_tensor t, int64_t* out, int32_t max_out, int32_t* n_out, ct_error* error);
  ct_status (*release)(const ct_tensor* tensors, int64_t count, ct_error* error);

  ct_status (*generator_new)(int32_t device_type, int32_t device_index, uint64_t seed, ct_generator* out,
                             ct_error* error);
  ct_status (*generator_seed)(ct_generator g, uint64_t seed, ct_error* error);
  // The state as bytes; with data null, only its size.
  ct_status (*generator_state)(ct_generator g, uint8_t* data, int64_t max_bytes, int64_t* n_bytes, ct_error* error);
  ct_status (*generator_restore)(ct_generator g, const uint8_t* data, int64_t n_bytes, ct_error* error);
  ct_status (*generator_release)(ct_generator g, ct_error* error);

  ct_status (*set_threads)(int32_t threads, ct_error* error);
  ct_status (*threads)(int32_t* threads, ct_error* error);
  ct_status (*parallel_info)(char* text, int32_t max_bytes, ct_error* error);
  ct_status (*cuda_devices)(int32_t* count, ct_error* error);
  ct_status (*synchronize)(int32_t device_type, int32_t device_index, ct_error* error);
  ct_status (*live)(int64_t* tensors, int64_t* generators, ct_error* error);
  // Makes the next call of any other entry fail inside, once.
  ct_status (*arm_fault)(int32_t fault, ct_error* error);

  // Of the whole process.
  ct_status (*set_matmul_precision)(int32_t precision, ct_error* error);
  ct_status (*matmul_precision)(int32_t* precision, ct_error* error);

  // A CUDA graph; see graph.cc. From begin to end, the calling OS thread's operations on the graph's device go to a
  // stream of the graph's own; with CT_GRAPH_CAPTURE, they are recorded instead of done, and take the place of what was
  // recorded before. The generators are those that they draw from. Within these, CT_GRAPH_BRANCH sends the operations up to
  // its own end to another stream, beside all that comes after its begin. Begins, the operations and ends must come from one
  // OS thread.
  ct_status (*graph_new)(int32_t device_type, int32_t device_index, ct_graph* out, ct_error* error);
  ct_status (*graph_begin)(ct_graph g, int32_t part, const ct_generator* generators, int32_t count, ct_error* error);
  ct_status (*graph_end)(ct_graph g, ct_error* error);
  ct_status (*graph_replay)(ct_graph g, ct_error* error);  // on the thread's current stream, without waiting
  ct_status (*graph_release)(ct_graph g, ct_error* error);

  // A group of processes; see group.cc. All processes do the same calls in the same order, with tensors of the same type and
  // shape, contiguous and on the group's device, and each returns when its tensor is ready for what is asked of the device
  // next. After a call that failed with CT_PEER the group is of no use but to be released.
  ct_status (*group_new)(const ct_place* place, ct_group* out, ct_error* error);
  ct_status (*group_sum)(ct_group g, ct_tensor t, ct_error* error);  // over the processes, in place
  ct_status (*group_broadcast)(ct_group g, ct_tensor t, ct_error* error);  // process 0's takes the place of the others'
  // Leaves the group, once all others have come to this point too; with a reason at once, which they are told.
  ct_status (*group_release)(ct_group g, const char* reason, ct_error* error);

  // Writes a TorchScript archive to path: a module with the tensors as buffers, under names a line each, the methods that
  // source defines, and a file note_name with the text note beside them.
  ct_status (*script_save)(const char* path, const char* source, const char* names, const ct_tensor* tensors, int32_t count,
                           const char* note_name, const char* note, ct_error* error);
} ct_api;

typedef const ct_api* (*ct_api_function)(void);

#ifdef __cplusplus
}
#endif
#endif
