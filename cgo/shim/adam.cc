// One step of Adam (Kingma & Ba 2015, arXiv:1412.6980) or AdamW (Loshchilov & Hutter 2019, arXiv:1711.05101) over flat
// arrays: clipping, moments, update, the parameters' running mean and the zeroing of the gradient in one pass.
#include <cmath>

#include "shares.h"

namespace ceitorch {

namespace {

struct Step {
  double rate, beta1, beta2, epsilon, decay, correction1, correction2;
  bool decoupled;
};

// Elements that are worked on together; fixed, so that the norm does not depend on the number of threads.
constexpr int64_t kBlock = 1 << 12;
// Below so many blocks a thread is not worth calling.
constexpr int64_t kBlocksAThread = 4;

double clip_factor(double norm, double clip_norm) { return clip_norm > 0 && norm > clip_norm ? clip_norm / norm : 1; }

template <typename T, typename Do>
double sum_over_blocks(int64_t n, Do&& block) {
  const int64_t blocks = (n + kBlock - 1) / kBlock;
  std::vector<double> sums(blocks, 0.0);
  at::parallel_for(0, blocks, kBlocksAThread, [&](int64_t first, int64_t last) {
    for (int64_t b = first; b < last; ++b) sums[b] = block(b * kBlock, std::min(n, (b + 1) * kBlock));
  });
  double total = 0;
  for (double s : sums) total += s;
  return total;
}

// The parameters' running mean, and the share of its way to them that it goes.
struct Average {
  at::Tensor of;
  double share = 0;
};

// Without clipping, the norm is found in the same pass.
template <typename T>
at::Tensor adam_on_cpu(const Step& s, double clip_norm, const at::Tensor& p, const at::Tensor& g, const at::Tensor& m,
                       const at::Tensor& v, const Average& average) {
  const auto& work = workers_for<T>();
  AdamTask<T> task{};
  task.parameters = p.data_ptr<T>(), task.gradient = g.data_ptr<T>(), task.mean = m.data_ptr<T>(), task.square = v.data_ptr<T>();
  if (average.of.defined()) task.average = average.of.data_ptr<T>();
  task.shrink = s.decoupled ? T(1 - s.rate * s.decay) : T(1), task.l2 = s.decoupled ? T(0) : T(s.decay);
  task.beta1 = s.beta1, task.beta2 = s.beta2, task.one_less_beta1 = 1 - s.beta1, task.one_less_beta2 = 1 - s.beta2;
  task.size = s.rate / s.correction1, task.root = std::sqrt(s.correction2), task.epsilon = s.epsilon;
  task.share = average.share, task.clip = 1;
  const auto squares = [&](int64_t first, int64_t last) { return work.sum_of_squares(task.gradient + first, last - first); };
  const auto step = [&](int64_t first, int64_t last) {
    auto t = task;
    t.first = first, t.last = last;
    work.adam(t);
  };
  double sum = 0;
  if (clip_norm > 0) {
    sum = sum_over_blocks<T>(p.numel(), squares);
    task.clip = clip_factor(std::sqrt(sum), clip_norm);
    sum_over_blocks<T>(p.numel(), [&](int64_t first, int64_t last) { return step(first, last), 0.0; });
  } else {
    sum = sum_over_blocks<T>(p.numel(), [&](int64_t first, int64_t last) {
      const double part = squares(first, last);
      return step(first, last), part;
    });
  }
  return at::full({}, std::sqrt(sum), at::TensorOptions().dtype(at::kDouble));
}

// What a step multiplies by, as tensors without dimensions: of the CPU where the host knows the numbers, and of the device
// where they are read there.
struct Factors {
  at::Tensor shrink;  // of the weights, by decoupled decay
  at::Tensor size;    // of the step: rate / correction1
  at::Tensor root;    // of correction2
};

Factors factors_of(const Step& s, at::ScalarType type) {
  const auto scalar = [type](double value) { return at::scalar_tensor(value, at::TensorOptions().dtype(type)); };
  return {scalar(1 - s.rate * s.decay), scalar(s.rate / s.correction1), scalar(std::sqrt(s.correction2))};
}

// 1 - beta^step, without a loss of digits for the first steps.
at::Tensor correction_on_device(double beta, const at::Tensor& step) { return at::expm1(step * std::log(beta)).neg_(); }

// In float64 until the end.
Factors factors_on_device(const Step& s, const at::Tensor& numbers, at::ScalarType type) {
  const auto step = numbers.select(0, 0), rate = numbers.select(0, 1);
  const auto correction1 = correction_on_device(s.beta1, step), correction2 = correction_on_device(s.beta2, step);
  return {(1 - rate * s.decay).to(type), (rate / correction1).to(type), at::sqrt(correction2).to(type)};
}

// The same arithmetic in a few flat kernels, without waiting for a number to come back.
at::Tensor adam_in_kernels(const Step& s, const Factors& f, double clip_norm, at::Tensor p, at::Tensor g, at::Tensor m,
                           at::Tensor v, const Average& average = {}) {
  const auto norm = at::norm(g, 2);
  if (clip_norm > 0) g.mul_(at::clamp_max(clip_norm / at::clamp_min(norm, 1e-30), 1.0));
  if (s.decay != 0 && s.decoupled) p.mul_(f.shrink);
  else if (s.decay != 0) g.add_(p, s.decay);
  m.mul_(s.beta1).add_(g, 1 - s.beta1);
  v.mul_(s.beta2).addcmul_(g, g, 1 - s.beta2);
  p.sub_(at::mul(m, f.size).div_(at::sqrt(v).div_(f.root).add_(s.epsilon)));
  g.zero_();
  if (average.of.defined()) at::Tensor(average.of).add_(p - average.of, average.share);
  return norm.to(at::kDouble);
}

void check_flat(const at::Tensor& t, const at::Tensor& like) {
  TORCH_CHECK(t.dim() == 1 && t.is_contiguous() && t.numel() == like.numel(),
              "adam needs flat arrays of one size, got shapes ", t.sizes(), " and ", like.sizes());
  TORCH_CHECK(t.scalar_type() == like.scalar_type(), "adam needs arrays of one dtype");
  TORCH_CHECK(t.device() == like.device(), "adam needs arrays on the same device");
}

}  // namespace

void adam(Call& c) {
  at::AutoGradMode mode(false);
  const auto p = c.tensor(0).detach(), g = c.tensor(1).detach(), m = c.tensor(2).detach(), v = c.tensor(3).detach();
  for (const auto& t : {p, g, m, v}) check_flat(t, p);
  const double step = static_cast<double>(c.integer(0)), beta1 = c.number(1), beta2 = c.number(2);
  if (step < 1) throw ArgumentError("adam counts its steps from 1");
  const Step s{c.number(0), beta1, beta2, c.number(3), c.number(4), 1 - std::pow(beta1, step), 1 - std::pow(beta2, step),
               c.integer(1) != 0};
  const double clip_norm = c.number(5);
  Average average;
  if (c.tensors() > 4) {
    average = {c.tensor(4).detach(), c.number(6)};
    check_flat(average.of, p);
  }
  if (!p.device().is_cpu()) return c.give(adam_in_kernels(s, factors_of(s, p.scalar_type()), clip_norm, p, g, m, v, average));
  if (p.scalar_type() == at::kFloat) return c.give(adam_on_cpu<float>(s, clip_norm, p, g, m, v, average));
  if (p.scalar_type() == at::kDouble) return c.give(adam_on_cpu<double>(s, clip_norm, p, g, m, v, average));
  TORCH_CHECK(false, "adam needs dtype float32 or float64");
}

// The step's number and the learning rate come from the device, so that a captured step can be replayed with other ones. The
// CPU does it in the same way, for tests.
void adam_device(Call& c) {
  at::AutoGradMode mode(false);
  const auto p = c.tensor(0).detach(), g = c.tensor(1).detach(), m = c.tensor(2).detach(), v = c.tensor(3).detach();
  for (const auto& t : {p, g, m, v}) check_flat(t, p);
  TORCH_CHECK(at::isFloatingType(p.scalar_type()), "adam needs dtype float32 or float64");
  const auto& numbers = c.tensor(4);
  TORCH_CHECK(numbers.dim() == 1 && numbers.numel() == 2, "adam needs its step and rate in shape [2], not ", numbers.sizes());
  TORCH_CHECK(numbers.scalar_type() == at::kDouble, "adam needs its step and rate in dtype float64");
  TORCH_CHECK(numbers.device() == p.device(), "adam needs its step and rate on the same device as its arrays");
  Step s{};
  s.beta1 = c.number(0), s.beta2 = c.number(1), s.epsilon = c.number(2), s.decay = c.number(3), s.decoupled = c.integer(0) != 0;
  c.give(adam_in_kernels(s, factors_on_device(s, numbers, p.scalar_type()), c.number(4), p, g, m, v));
}

}  // namespace ceitorch
