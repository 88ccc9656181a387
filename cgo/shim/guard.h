// What every unit of the shim shares: how an exception becomes a status, and how a call's arguments are read.
#pragma once

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <atomic>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "ceitorch.h"

namespace ceitorch {

// An argument that the call cannot mean; becomes CT_ARGUMENT.
struct ArgumentError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Another process of a group that did not do its part; becomes CT_PEER.
struct PeerError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

extern std::atomic<int64_t> live_tensors;
extern std::atomic<int64_t> live_generators;

// Throws the armed fault, if one is, and disarms it.
void throw_armed_fault();

// Makes this OS thread use the number of threads that was set: OpenMP keeps it per thread, and goroutines move.
void adopt_thread_count();

// The status and message of the exception being handled. Call it inside a catch block.
ct_status describe_exception(ct_error* error) noexcept;

// Runs body so that nothing it throws gets out.
template <typename Body>
ct_status guard(ct_error* error, Body&& body) noexcept {
  try {
    throw_armed_fault();
    body();
    return CT_OK;
  } catch (...) {
    return describe_exception(error);
  }
}

inline const at::Tensor& tensor_at(ct_tensor handle) {
  if (handle == 0) throw ArgumentError("a tensor handle is null");
  return *reinterpret_cast<const at::Tensor*>(handle);
}

inline ct_tensor new_handle(at::Tensor t) {
  auto* p = new at::Tensor(std::move(t));
  live_tensors.fetch_add(1, std::memory_order_relaxed);
  return reinterpret_cast<ct_tensor>(p);
}

inline at::Generator& generator_at(ct_generator handle) {
  if (handle == 0) throw ArgumentError("the operation needs a generator, and the scope has none");
  return *reinterpret_cast<at::Generator*>(handle);
}

at::ScalarType scalar_type(int64_t dtype);
at::Device device_of(int64_t type, int64_t index);

// The arguments and results of one operation. Reading past what was passed is an ArgumentError, never undefined.
class Call {
 public:
  Call(const ct_tensor* in, int32_t n_in, const int64_t* ints, int32_t n_ints, const double* floats, int32_t n_floats,
       ct_generator generator, int32_t max_out)
      : in_(in), n_in_(n_in), ints_(ints), n_ints_(n_ints), floats_(floats), n_floats_(n_floats),
        generator_(generator), max_out_(max_out) {}

  int32_t tensors() const { return n_in_; }
  const at::Tensor& tensor(int32_t i) const {
    if (i < 0 || i >= n_in_) throw ArgumentError("a tensor argument is missing");
    return tensor_at(in_[i]);
  }
  std::vector<at::Tensor> tensors_from(int32_t first) const {
    std::vector<at::Tensor> all;
    for (int32_t i = first; i < n_in_; ++i) all.push_back(tensor(i));
    return all;
  }
  int64_t integer(int32_t i) const {
    if (i < 0 || i >= n_ints_) throw ArgumentError("an integer argument is missing");
    return ints_[i];
  }
  int32_t integers() const { return n_ints_; }
  std::vector<int64_t> integers_from(int32_t first) const {
    return first < n_ints_ ? std::vector<int64_t>(ints_ + first, ints_ + n_ints_) : std::vector<int64_t>();
  }
  double number(int32_t i) const {
    if (i < 0 || i >= n_floats_) throw ArgumentError("a floating-point argument is missing");
    return floats_[i];
  }
  at::Generator& generator() const { return generator_at(generator_); }
  // dtype and device from the three ints that start at first.
  at::TensorOptions like(int32_t first) const {
    return at::TensorOptions().dtype(scalar_type(integer(first))).device(device_of(integer(first + 1), integer(first + 2)));
  }

  void give(at::Tensor t) {
    if (static_cast<int32_t>(results.size()) >= max_out_) throw ArgumentError("no room for the operation's results");
    results.push_back(std::move(t));
  }
  void give(std::vector<at::Tensor> all) {
    for (auto& t : all) give(std::move(t));
  }

  std::vector<at::Tensor> results;

 private:
  const ct_tensor* in_;
  int32_t n_in_;
  const int64_t* ints_;
  int32_t n_ints_;
  const double* floats_;
  int32_t n_floats_;
  ct_generator generator_;
  int32_t max_out_;
};

// The operations, by unit.
void run_op(int32_t code, Call& c);  // ops.cc; passes the fused ones on
void mlp(Call& c);                   // fused.cc
void coupling(Call& c);
void uncoupling(Call& c);
void adam(Call& c);                  // adam.cc
void adam_device(Call& c);
void normal(Call& c);                // normal.cc
void spline(Call& c);                // spline.cc
void mixing(Call& c);                // mixing.cc
void flow(Call& c);                  // flow.cc
void flow_inverse(Call& c);
void flow_gradient(Call& c);
void vae_loss(Call& c);              // vae.cc
void vae_gradient(Call& c);
void vae_draw(Call& c);
void vae_bound(Call& c);
void gather(Call& c);                // batch.cc
void tally(Call& c);

}  // namespace ceitorch
