// How a batch is shared among the threads of libtorch's pool, and how what they found is put together.
#pragma once

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <vector>

#include "guard.h"
#include "workers.h"

namespace ceitorch {

template <typename T>
const Workers<T>& workers_for();
template <>
inline const Workers<float>& workers_for<float>() { return workers().f32; }
template <>
inline const Workers<double>& workers_for<double>() { return workers().f64; }

// The lanes that a plan's layout needs, before the operands are known to fit.
inline int64_t lanes_for(const at::Tensor& t) {
  return t.scalar_type() == at::kDouble ? workers().f64.lanes : workers().f32.lanes;
}

// Each task has rows of its own, in whole panels. Results depend on the number of threads, since sums do, and on nothing else.
struct Shares {
  int64_t rows, panel, tasks;

  // The least of lanes times 1, 2, 4 … that holds a thread's rows, or the most.
  Shares(int64_t rows, int64_t lanes_of_unit, int64_t most) : rows(rows) {
    const int64_t lanes = std::max<int64_t>(lanes_of_unit, 4);  // panels are transposed by blocks of four
    const int64_t threads = std::max<int64_t>(1, at::get_num_threads()), each = (rows + threads - 1) / threads;
    panel = lanes;
    while (panel < each && panel < std::max(lanes, most)) panel *= 2;
    tasks = std::max<int64_t>(1, std::min(threads, panels()));
  }
  int64_t panels() const { return (rows + panel - 1) / panel; }
  int64_t first(int64_t task) const { return std::min(rows, panels() * task / tasks * panel); }
  int64_t last(int64_t task) const { return first(task + 1); }
};

// Calls do with the number of each task, one task a thread.
template <typename Do>
void each_task(const Shares& s, Do&& what) {
  at::parallel_for(0, s.tasks, 1, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) what(i);
  });
}

// Where trained parameters lie among all and in a thread's gradient.
class Layout {
 public:
  explicit Layout(int64_t lanes) : lanes_(lanes) {}

  // The layers of a perceptron with these sizes, input first.
  std::vector<Layer> perceptron(const std::vector<int64_t>& sizes) {
    std::vector<Layer> layers;
    for (size_t i = 0; i + 1 < sizes.size(); ++i) {
      Layer l{};
      l.in = sizes[i], l.out = sizes[i + 1], l.padded = (l.in + lanes_ - 1) / lanes_ * lanes_;
      l.weight = flat_, l.weight_gradient = own_;
      add({flat_, own_, l.out, l.in, l.padded}, l.out * l.padded);
      std::tie(l.bias, l.bias_gradient) = numbers(l.out);
      layers.push_back(l);
    }
    return layers;
  }

  // The places of n single numbers.
  std::pair<int64_t, int64_t> numbers(int64_t n) {
    const auto place = std::make_pair(flat_, own_);
    add({flat_, own_, n, 0, lanes_}, n * lanes_);
    return place;
  }

  int64_t count() const { return flat_; }
  int64_t own_size() const { return (own_ + 15) / 16 * 16; }

  // Adds the gradients of tasks, own_size() apart, to that of all parameters.
  template <typename T>
  void reduce(const T* own, int64_t tasks, T* gradient) const {
    const auto pieces = static_cast<int64_t>(pieces_.size());
    at::parallel_for(0, pieces, flat_ * tasks < kWorthSharing ? pieces : 1, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) reduce_piece(pieces_[i], own, tasks, gradient);
    });
  }

 private:
  struct Piece {
    int64_t flat, own, rows, columns, stride;  // no columns: the numbers of a row are to be added up
  };
  // Below so many numbers another thread is not worth waking.
  static constexpr int64_t kWorthSharing = 1 << 18;
  int64_t lanes_, flat_ = 0, own_ = 0;
  std::vector<Piece> pieces_;

  void add(Piece p, int64_t own) {
    pieces_.push_back(p);
    flat_ += p.rows * std::max<int64_t>(p.columns, 1);
    own_ += own;
  }

  template <typename T>
  void reduce_piece(const Piece& p, const T* own, int64_t tasks, T* gradient) const {
    T* to = gradient + p.flat;
    for (int64_t t = 0; t < tasks; ++t) {
      const T* from = own + t * own_size() + p.own;
      for (int64_t r = 0; r < p.rows; ++r, from += p.stride) {
        if (p.columns == 0) {
          T sum = 0;
          for (int64_t j = 0; j < p.stride; ++j) sum += from[j];
          to[r] += sum;
        } else {
          for (int64_t j = 0; j < p.columns; ++j) to[r * p.columns + j] += from[j];
        }
      }
    }
  }
};

// The memory of a tensor that may have grown since.
template <typename T>
T* room_in(const at::Tensor& work, int64_t n) {
  if (work.numel() < n) work.resize_({n});
  return work.data_ptr<T>();
}

inline void check_matrix(const at::Tensor& t, const char* what, int64_t columns) {
  TORCH_CHECK(t.dim() == 2 && t.size(1) == columns, what, " must have shape [B,", columns, "], not ", t.sizes());
}

inline void check_alike(const at::Tensor& t, const char* what, const at::Tensor& like) {
  TORCH_CHECK(t.scalar_type() == like.scalar_type(), what, " must have dtype ", like.scalar_type(), ", not ", t.scalar_type());
  TORCH_CHECK(t.device().is_cpu(), what, " must be on device cpu, not ", t.device());
}

// Conditions [B,C] as contiguous rows; one row, with stride 0, where all are one and the same in memory.
struct Conditions {
  at::Tensor rows;
  int64_t stride;

  Conditions(const at::Tensor& y, const char* what, int64_t columns, int64_t count) {
    check_matrix(y, what, columns);
    TORCH_CHECK(y.size(0) == count || y.size(0) == 1, what, " must have shape [", count, ",", columns, "], or [1,", columns,
                "] for all rows, not ", y.sizes());
    const bool one = count > 1 && (y.size(0) == 1 || y.stride(0) == 0);
    rows = (one ? y.narrow(0, 0, 1) : y).contiguous();
    stride = one ? 0 : columns;
  }
};

inline void check_flat_array(const at::Tensor& t, const char* what, int64_t n) {
  TORCH_CHECK(t.dim() == 1 && t.is_contiguous() && t.numel() == n, what, " must have shape [", n, "], not ", t.sizes());
}

// Calls with<T>() for the element type of t.
template <typename With>
void with_type(const at::Tensor& t, With&& with) {
  if (t.scalar_type() == at::kFloat) return with(float{});
  if (t.scalar_type() == at::kDouble) return with(double{});
  TORCH_CHECK(false, "the operation needs dtype float32 or float64, not ", t.scalar_type());
}

}  // namespace ceitorch
