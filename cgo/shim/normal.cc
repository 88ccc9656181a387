// Draws of N(0,1). On the CPU the generator gives a key, and from that all threads make their share of the numbers: which they are
// does not depend on how many threads there are. Other devices draw in parallel by themselves.
#include <ATen/CPUGeneratorImpl.h>

#include "shares.h"

namespace ceitorch {

namespace {

uint64_t key_from(at::Generator& generator) {
  const std::lock_guard<std::mutex> lock(generator.mutex());
  return at::check_generator<at::CPUGeneratorImpl>(generator)->random64();
}

template <typename T>
void fill(const at::Tensor& out, uint64_t key) {
  // Fewer are not worth another thread's waking.
  constexpr int64_t kBlocksAThread = 8192 / kNormalBlock<T>;
  const int64_t count = out.numel(), blocks = (count + kNormalBlock<T> - 1) / kNormalBlock<T>;
  at::parallel_for(0, blocks, kBlocksAThread, [&](int64_t first, int64_t last) {
    workers_for<T>().normal({key, first, last, count, out.data_ptr<T>()});
  });
}

}  // namespace

void normal(Call& c) {
  const auto like = c.like(0);
  const auto out = at::empty(c.integers_from(3), like);
  if (!out.device().is_cpu() || c.generator().device() != out.device() || (out.scalar_type() != at::kFloat && out.scalar_type() != at::kDouble))
    return c.give(out.normal_(0, 1, c.generator()));
  const uint64_t key = key_from(c.generator());
  with_type(out, [&](auto zero) { fill<decltype(zero)>(out, key); });
  c.give(out);
}

}  // namespace ceitorch
