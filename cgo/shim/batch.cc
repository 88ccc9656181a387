// What a training step does with its batch beside the model: it gathers the rows, and adds up the losses of the epoch. On the
// CPU each is one loop, since a step of a small model takes less than a millisecond.
#include <ATen/Parallel.h>

#include <cstring>

#include "guard.h"

namespace ceitorch {

namespace {

using at::Tensor;

// How many rows before its turn a row is fetched: they lie anywhere, and memory takes longer than copying.
constexpr int64_t kAhead = 16;
// Below so many rows a thread is not worth waking.
constexpr int64_t kRowsAThread = 4096;

void check_table(const Tensor& table, const char* name) {
  TORCH_CHECK(table.dim() == 2 && table.is_contiguous(), name, " must be contiguous and have shape [N,columns], not ", table.sizes());
}

// By pieces of a vector, the last of which may lie over the one before: a call of memcpy takes longer than a short row.
void copy_row(char* to, const char* from, int64_t bytes) {
  constexpr int64_t kPiece = 16;
  if (bytes < kPiece) {
    std::memcpy(to, from, bytes);
    return;
  }
  for (int64_t i = 0; i + kPiece <= bytes; i += kPiece) std::memcpy(to + i, from + i, kPiece);
  std::memcpy(to + bytes - kPiece, from + bytes - kPiece, kPiece);
}

// Rows of so many bytes, of a table that has n.
struct Rows {
  const char* from;
  const int64_t* numbers;
  char* to;
  int64_t bytes, n;
};

void copy_rows(Rows r, int64_t first, int64_t last) {
  for (int64_t i = first; i < last; ++i) {
    const int64_t number = r.numbers[i];
    TORCH_CHECK(number >= 0 && number < r.n, "row ", number, " to gather is out of range of ", r.n, " rows");
    if (i + kAhead < last) {
      const char* ahead = r.from + r.numbers[i + kAhead] * r.bytes;
      __builtin_prefetch(ahead), __builtin_prefetch(ahead + r.bytes - 1);
    }
    copy_row(r.to + i * r.bytes, r.from + number * r.bytes, r.bytes);
  }
}

void gather_into(const Tensor& to, const Tensor& table, const Tensor& numbers) {
  check_table(to, "a table to gather into"), check_table(table, "a table to gather from");
  TORCH_CHECK(to.size(1) == table.size(1) && to.size(0) >= numbers.numel(), "cannot gather ", numbers.numel(), " rows of shape ",
              table.sizes(), " into shape ", to.sizes());
  if (to.is_alias_of(table)) throw ArgumentError("a table cannot be gathered into itself");
  TORCH_CHECK(to.scalar_type() == table.scalar_type(), "tables to gather into and from must have the same dtype");
  TORCH_CHECK(to.device() == table.device() && numbers.device() == table.device(), "tables and order to gather must be on the same device");
  if (!table.device().is_cpu()) {
    auto out = to.narrow(0, 0, numbers.numel());
    at::index_select_out(out, table, 0, numbers);
    return;
  }
  const Rows rows{static_cast<const char*>(table.data_ptr()), numbers.data_ptr<int64_t>(), static_cast<char*>(to.data_ptr()),
                  table.size(1) * table.element_size(), table.size(0)};
  at::parallel_for(0, numbers.numel(), kRowsAThread, [&](int64_t first, int64_t last) { copy_rows(rows, first, last); });
}

template <typename T>
double* add_times(double rows, const Tensor& values, double* sums) {
  const auto own = values.detach().contiguous();
  for (int64_t i = 0; i < own.numel(); ++i) *sums++ += rows * static_cast<double>(own.data_ptr<T>()[i]);
  return sums;
}

// The same in few kernels.
void add_on_device(double rows, const std::vector<Tensor>& values, Tensor sums) {
  std::vector<Tensor> flat;
  for (const auto& v : values) flat.push_back(v.detach().reshape({-1}));
  sums.add_(at::cat(flat).to(at::kDouble).mul_(rows));
}

}  // namespace

void gather(Call& c) {
  at::AutoGradMode mode(false);
  const auto& order = c.tensor(0);
  TORCH_CHECK(order.scalar_type() == at::kLong, "the order to gather in must have dtype int64, not ", order.scalar_type());
  TORCH_CHECK(order.dim() == 1 && order.is_contiguous(), "the order to gather in must be contiguous and have shape [N], not ", order.sizes());
  const auto numbers = order.narrow(0, c.integer(0), c.integer(1));
  for (int32_t i = 1; i < c.tensors(); i += 2) gather_into(c.tensor(i).detach(), c.tensor(i + 1).detach(), numbers);
}

void tally(Call& c) {
  at::AutoGradMode mode(false);
  const auto sums = c.tensor(0).detach();
  const auto values = c.tensors_from(1);
  TORCH_CHECK(sums.scalar_type() == at::kDouble, "sums must have dtype float64, not ", sums.scalar_type());
  TORCH_CHECK(sums.dim() == 1 && sums.is_contiguous(), "sums must be contiguous and have shape [K], not ", sums.sizes());
  int64_t count = 0;
  for (const auto& v : values) {
    TORCH_CHECK(v.device() == sums.device(), "sums and what is added must be on the same device");
    TORCH_CHECK(v.scalar_type() == at::kFloat || v.scalar_type() == at::kDouble, "what is added to sums must have dtype float32 or float64");
    count += v.numel();
  }
  TORCH_CHECK(count == sums.numel(), count, " values cannot be added to sums of shape ", sums.sizes());
  if (!sums.device().is_cpu()) return add_on_device(c.number(0), values, sums);
  double* next = sums.data_ptr<double>();
  for (const auto& v : values)
    next = v.scalar_type() == at::kFloat ? add_times<float>(c.number(0), v, next) : add_times<double>(c.number(0), v, next);
}

}  // namespace ceitorch
