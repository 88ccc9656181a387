// How an exception becomes a status, and the few numbers that all of the shim shares.
#include "guard.h"

#include <cstring>
#include <limits>
#include <new>

namespace ceitorch {

std::atomic<int64_t> live_tensors{0};
std::atomic<int64_t> live_generators{0};

at::ScalarType scalar_type(int64_t dtype) {
  switch (dtype) {
    case CT_FLOAT32: return at::kFloat;
    case CT_FLOAT64: return at::kDouble;
    case CT_INT64: return at::kLong;
  }
  throw ArgumentError("unknown element type");
}

at::Device device_of(int64_t type, int64_t index) {
  switch (type) {
    case CT_CPU: return at::Device(at::kCPU);
    case CT_CUDA:
      TORCH_CHECK(at::globalContext().hasCUDART(), "this libtorch was built without CUDA");
      TORCH_CHECK(index >= 0 && index <= std::numeric_limits<c10::DeviceIndex>::max(), "there is no device index ", index);
      return at::Device(at::kCUDA, static_cast<c10::DeviceIndex>(index));
  }
  throw ArgumentError("unknown device type");
}

namespace {

void write_message(ct_error* error, const char* text) noexcept {
  if (error == nullptr) return;
  size_t n = std::strcspn(text, "\n");
  if (n >= CT_MESSAGE_BYTES) n = CT_MESSAGE_BYTES - 1;
  std::memcpy(error->message, text, n);
  error->message[n] = '\0';
}

bool mentions(const std::string& text, std::initializer_list<const char*> words) {
  for (const char* w : words)
    if (text.find(w) != std::string::npos) return true;
  return false;
}

// libtorch throws one type for nearly everything, so the kind is read from the words that its checks use.
ct_status kind_of(const std::string& text) {
  if (mentions(text, {"out of memory", "can't allocate memory", "not enough memory"})) return CT_OUT_OF_MEMORY;
  if (mentions(text, {"same device", "CUDA", "NVIDIA", "device index", "device type", "invalid device"})) return CT_DEVICE;
  if (mentions(text, {"dtype", "scalar type", "same type", "data type"})) return CT_DTYPE;
  if (mentions(text, {"shape", "size", "dimension", "Dimension", "dims", "out of range", "for scalar outputs", "broadcast",
                      "non-scalar", "must match", "narrow()", "must be a matrix", "-D tensor", "at least 1D"}))
    return CT_SHAPE;
  if (mentions(text, {"negative", "non-empty"})) return CT_ARGUMENT;
  return CT_ERROR;
}

std::atomic<int32_t> armed_fault{CT_FAULT_NONE};

}  // namespace

ct_status describe_exception(ct_error* error) noexcept {
  try {
    try {
      throw;
    } catch (const ArgumentError& e) {
      write_message(error, e.what());
      return CT_ARGUMENT;
    } catch (const PeerError& e) {
      write_message(error, e.what());
      return CT_PEER;
    } catch (const c10::Error& e) {
      const std::string text = e.what_without_backtrace();
      write_message(error, text.c_str());
      return kind_of(text);
    } catch (const std::bad_alloc&) {
      write_message(error, "out of memory");
      return CT_OUT_OF_MEMORY;
    } catch (const std::exception& e) {
      const std::string text = e.what();
      write_message(error, text.c_str());
      return kind_of(text);
    } catch (...) {
      write_message(error, "an exception of unknown type");
      return CT_ERROR;
    }
  } catch (...) {  // describing it ran out of memory
    write_message(error, "out of memory while describing an error");
    return CT_OUT_OF_MEMORY;
  }
}

void throw_armed_fault() {
  if (armed_fault.load(std::memory_order_relaxed) == CT_FAULT_NONE) return;
  switch (armed_fault.exchange(CT_FAULT_NONE)) {
    case CT_FAULT_TORCH: TORCH_CHECK(false, "injected libtorch error\nwith a second line");
    case CT_FAULT_STD: throw std::runtime_error("injected standard error");
    case CT_FAULT_MEMORY: throw std::bad_alloc();
    case CT_FAULT_FOREIGN: throw 42;
  }
}

void arm_fault(int32_t fault) { armed_fault.store(fault); }

}  // namespace ceitorch
