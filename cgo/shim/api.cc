// The table of entry points that Go calls.
#include <ATen/Parallel.h>
#include <ATen/SequenceNumber.h>
#include <dlfcn.h>
#include <torch/cuda.h>
#include <torch/version.h>

#include <cstring>

#include "graph.h"
#include "group.h"
#include "guard.h"
#include "script.h"

namespace ceitorch {

void arm_fault(int32_t fault);

namespace {

std::atomic<int32_t> wanted_threads{0};

// A BLAS with a thread pool of its own beside OpenMP's makes both crawl, so such a pool is sized to one thread whenever
// OpenMP has more. OpenBLAS says which kind it is: 0 sequential, 1 its own threads, 2 OpenMP.
void silence_second_pool() {
  auto parallel = reinterpret_cast<int (*)()>(dlsym(RTLD_DEFAULT, "openblas_get_parallel"));
  auto set = reinterpret_cast<void (*)(int)>(dlsym(RTLD_DEFAULT, "openblas_set_num_threads"));
  if (parallel != nullptr && set != nullptr && parallel() == 1) set(1);
}

}  // namespace

void adopt_thread_count() {
  thread_local int32_t adopted = 0;
  const int32_t wanted = wanted_threads.load(std::memory_order_relaxed);
  if (adopted == wanted) return;
  at::set_num_threads(wanted);
  adopted = wanted;
}

namespace {

std::atomic<uint64_t> next_node{0};

// Backward visits the graph's nodes by their numbers, the newest first, and libtorch numbers them per OS thread. While
// one of these lives, the thread goes on counting where the last operation stopped, whichever thread that was on:
// otherwise a goroutine that moves would have its gradients added up in another order, and rounded differently.
class NodeNumbers {
 public:
  NodeNumbers() {
    for (const uint64_t next = next_node.load(); at::sequence_number::peek() < next;) at::sequence_number::get_and_increment();
  }
  ~NodeNumbers() {
    const uint64_t mine = at::sequence_number::peek();
    for (uint64_t next = next_node.load(); next < mine && !next_node.compare_exchange_weak(next, mine);) {
    }
  }
};

ct_status op(int32_t code, int32_t grad, const ct_tensor* in, int32_t n_in, const int64_t* ints, int32_t n_ints,
             const double* floats, int32_t n_floats, ct_generator generator, ct_tensor* out, int32_t max_out,
             int32_t* n_out, ct_error* error) {
  return guard(error, [&] {
    *n_out = 0;
    adopt_thread_count();
    at::AutoGradMode mode(grad != 0);
    NodeNumbers numbers;
    Call call(in, n_in, ints, n_ints, floats, n_floats, generator, max_out);
    run_op(code, call);
    for (auto& t : call.results) {
      out[(*n_out)++] = new_handle(std::move(t));
      if (code == CT_OP_EXPORT) live_tensors.fetch_sub(1, std::memory_order_relaxed);
    }
  });
}

int64_t element_count(const int64_t* shape, int32_t n) {
  int64_t count = 1;
  for (int32_t i = 0; i < n; ++i) {
    if (shape[i] < 0) throw ArgumentError("a tensor's size is negative");
    count *= shape[i];
  }
  return count;
}

ct_status from_host(const void* data, int32_t dtype, const int64_t* shape, int32_t n_shape, int32_t to_dtype,
                    int32_t device_type, int32_t device_index, ct_tensor* out, ct_error* error) {
  return guard(error, [&] {
    adopt_thread_count();
    at::AutoGradMode mode(false);
    const int64_t count = element_count(shape, n_shape);
    auto host = at::empty(at::IntArrayRef(shape, n_shape), at::TensorOptions().dtype(scalar_type(dtype)));
    if (count > 0) std::memcpy(host.data_ptr(), data, count * host.element_size());
    *out = new_handle(host.to(device_of(device_type, device_index), scalar_type(to_dtype)));
  });
}

ct_status to_host(ct_tensor t, int32_t dtype, void* data, int64_t count, ct_error* error) {
  return guard(error, [&] {
    adopt_thread_count();
    at::AutoGradMode mode(false);
    auto host = tensor_at(t).detach().to(at::Device(at::kCPU), scalar_type(dtype)).contiguous();
    if (host.numel() != count) throw ArgumentError("the buffer's size is not the tensor's");
    if (count > 0) std::memcpy(data, host.data_ptr(), count * host.element_size());
  });
}

int64_t dtype_code(at::ScalarType type) {
  switch (type) {
    case at::kFloat: return CT_FLOAT32;
    case at::kDouble: return CT_FLOAT64;
    case at::kLong: return CT_INT64;
    default: TORCH_CHECK(false, "the dtype ", type, " is none of float32, float64 and int64");
  }
}

ct_status describe(ct_tensor t, int64_t* out, int32_t max_out, int32_t* n_out, ct_error* error) {
  return guard(error, [&] {
    const auto& tensor = tensor_at(t);
    if (!tensor.defined()) throw ArgumentError("the tensor is undefined");
    if (max_out < 4 + tensor.dim()) throw ArgumentError("no room for the tensor's shape");
    int32_t n = 0;
    out[n++] = dtype_code(tensor.scalar_type());
    out[n++] = tensor.is_cuda() ? CT_CUDA : CT_CPU;
    out[n++] = tensor.is_cuda() ? tensor.get_device() : 0;
    out[n++] = tensor.dim();
    for (auto s : tensor.sizes()) out[n++] = s;
    *n_out = n;
  });
}

ct_status release(const ct_tensor* tensors, int64_t count, ct_error* error) {
  return guard(error, [&] {
    for (int64_t i = 0; i < count; ++i) {
      if (tensors[i] == 0) continue;
      delete reinterpret_cast<at::Tensor*>(tensors[i]);
      live_tensors.fetch_sub(1, std::memory_order_relaxed);
    }
  });
}

// A clone of the device's default generator: the one way to make a generator of any device without its headers.
ct_status generator_new(int32_t device_type, int32_t device_index, uint64_t seed, ct_generator* out, ct_error* error) {
  return guard(error, [&] {
    const auto device = device_of(device_type, device_index);
    if (device.is_cuda() && !torch::cuda::is_available()) throw std::runtime_error("no CUDA device is available");
    auto generator = at::globalContext().defaultGenerator(device).clone();
    generator.set_current_seed(seed);
    *out = reinterpret_cast<ct_generator>(new at::Generator(std::move(generator)));
    live_generators.fetch_add(1, std::memory_order_relaxed);
  });
}

ct_status generator_seed(ct_generator g, uint64_t seed, ct_error* error) {
  return guard(error, [&] { generator_at(g).set_current_seed(seed); });
}

ct_status generator_state(ct_generator g, uint8_t* data, int64_t max_bytes, int64_t* n_bytes, ct_error* error) {
  return guard(error, [&] {
    auto state = generator_at(g).get_state();
    *n_bytes = state.numel();
    if (data == nullptr) return;
    if (max_bytes < state.numel()) throw ArgumentError("no room for the generator's state");
    std::memcpy(data, state.data_ptr(), state.numel());
  });
}

ct_status generator_restore(ct_generator g, const uint8_t* data, int64_t n_bytes, ct_error* error) {
  return guard(error, [&] {
    auto state = at::empty({n_bytes}, at::TensorOptions().dtype(at::kByte));
    if (n_bytes > 0) std::memcpy(state.data_ptr(), data, n_bytes);
    generator_at(g).set_state(state);
  });
}

ct_status generator_release(ct_generator g, ct_error* error) {
  return guard(error, [&] {
    if (g == 0) return;
    delete reinterpret_cast<at::Generator*>(g);
    live_generators.fetch_sub(1, std::memory_order_relaxed);
  });
}

ct_status set_threads(int32_t threads, ct_error* error) {
  return guard(error, [&] {
    if (threads < 1) throw ArgumentError("the number of threads must be at least 1");
    silence_second_pool();
    wanted_threads.store(threads);
    adopt_thread_count();
  });
}

ct_status threads(int32_t* count, ct_error* error) {
  return guard(error, [&] {
    adopt_thread_count();
    *count = at::get_num_threads();
  });
}

ct_status parallel_info(char* text, int32_t max_bytes, ct_error* error) {
  return guard(error, [&] {
    if (max_bytes < 1) throw ArgumentError("no room for the text");
    adopt_thread_count();
    auto info = at::get_parallel_info();
    auto config = reinterpret_cast<char* (*)()>(dlsym(RTLD_DEFAULT, "openblas_get_config"));
    if (config != nullptr) info += std::string("BLAS: ") + config() + "\n";
    const size_t n = std::min<size_t>(info.size(), max_bytes - 1);
    std::memcpy(text, info.data(), n);
    text[n] = '\0';
  });
}

ct_status cuda_devices(int32_t* count, ct_error* error) {
  return guard(error, [&] { *count = static_cast<int32_t>(torch::cuda::device_count()); });
}

ct_status synchronize(int32_t device_type, int32_t device_index, ct_error* error) {
  return guard(error, [&] {
    if (device_of(device_type, device_index).is_cuda()) torch::cuda::synchronize(device_index);
  });
}

ct_status live(int64_t* tensors, int64_t* generators, ct_error* error) {
  return guard(error, [&] {
    *tensors = live_tensors.load();
    *generators = live_generators.load();
  });
}

ct_status arm(int32_t fault, ct_error* error) {
  return guard(error, [&] { arm_fault(fault); });
}

const char* const kPrecisions[] = {"highest", "high", "medium"};  // by CT_HIGHEST, CT_HIGH, CT_MEDIUM

ct_status set_matmul_precision(int32_t precision, ct_error* error) {
  return guard(error, [&] {
    if (precision < CT_HIGHEST || precision > CT_MEDIUM) throw ArgumentError("unknown precision of matrix products");
    at::globalContext().setFloat32MatmulPrecision(std::string(kPrecisions[precision]));
  });
}

ct_status matmul_precision(int32_t* precision, ct_error* error) {
  return guard(error, [&] { *precision = static_cast<int32_t>(at::globalContext().float32MatmulPrecision()); });
}

static_assert(static_cast<int>(at::Float32MatmulPrecision::HIGHEST) == CT_HIGHEST &&
              static_cast<int>(at::Float32MatmulPrecision::HIGH) == CT_HIGH &&
              static_cast<int>(at::Float32MatmulPrecision::MEDIUM) == CT_MEDIUM);

int32_t built_with_cuda() noexcept {
  try {
    return at::globalContext().hasCUDART() ? 1 : 0;
  } catch (...) {
    return 0;
  }
}

const ct_api kApi = {
    CT_ABI_VERSION, 29,          TORCH_VERSION,     built_with_cuda(), op,          from_host,
    to_host,        describe,    release,           generator_new,     generator_seed, generator_state,
    generator_restore, generator_release, set_threads, threads,        parallel_info, cuda_devices,
    synchronize,    live,        arm,               set_matmul_precision, matmul_precision, graph_new,
    graph_begin,    graph_end,   graph_replay,      graph_release,     group_new,  group_sum,
    group_broadcast, group_release, script_save,
};

}  // namespace
}  // namespace ceitorch

extern "C" __attribute__((visibility("default"))) const ct_api* ceitorch_api(void) { return &ceitorch::kApi; }
