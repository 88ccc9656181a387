// One step of Adam (Kingma & Ba 2015, arXiv:1412.6980) or AdamW (Loshchilov & Hutter 2019, arXiv:1711.05101) over flat
// arrays: clipping, moments, update and the zeroing of the gradient in one pass.
#include <ATen/Parallel.h>

#include <cmath>

#include "guard.h"

namespace ceitorch {

namespace {

struct Step {
  double rate, beta1, beta2, epsilon, decay, correction1, correction2;
  bool decoupled;
};

// On the CPU one loop reads and writes each array once. The arithmetic is in the element type, as PyTorch's is.
template <typename T>
void step_on_cpu(const Step& s, T clip, T* p, T* g, T* m, T* v, int64_t begin, int64_t end) {
  const T shrink = s.decoupled ? T(1 - s.rate * s.decay) : T(1), l2 = s.decoupled ? T(0) : T(s.decay);
  const T b1 = s.beta1, b2 = s.beta2, c1 = 1 - s.beta1, c2 = 1 - s.beta2;
  const T size = s.rate / s.correction1, root = std::sqrt(s.correction2), eps = s.epsilon;
  for (int64_t i = begin; i < end; ++i) {
    const T weight = p[i] * shrink;
    const T slope = g[i] * clip + l2 * p[i];
    m[i] = b1 * m[i] + c1 * slope;
    v[i] = b2 * v[i] + c2 * slope * slope;
    p[i] = weight - size * m[i] / (std::sqrt(v[i]) / root + eps);
    g[i] = 0;
  }
}

// Below so many elements a thread is not worth waking: to add up squares, and to update.
constexpr int64_t kGrain = 1 << 15, kUpdateGrain = 1 << 17;

// Summed in fixed blocks, so that the norm does not depend on the number of threads.
template <typename T>
double norm_on_cpu(const T* g, int64_t n) {
  const int64_t blocks = (n + kGrain - 1) / kGrain;
  std::vector<double> sums(blocks, 0.0);
  at::parallel_for(0, blocks, 1, [&](int64_t first, int64_t last) {
    for (int64_t b = first; b < last; ++b) {
      double sum = 0;
      for (int64_t i = b * kGrain, end = std::min(n, i + kGrain); i < end; ++i) sum += double(g[i]) * double(g[i]);
      sums[b] = sum;
    }
  });
  double total = 0;
  for (double s : sums) total += s;
  return std::sqrt(total);
}

double clip_factor(double norm, double clip_norm) { return clip_norm > 0 && norm > clip_norm ? clip_norm / norm : 1; }

template <typename T>
at::Tensor adam_on_cpu(const Step& s, double clip_norm, const at::Tensor& p, const at::Tensor& g, const at::Tensor& m,
                       const at::Tensor& v) {
  T *pp = p.data_ptr<T>(), *gg = g.data_ptr<T>(), *mm = m.data_ptr<T>(), *vv = v.data_ptr<T>();
  const double norm = norm_on_cpu(gg, g.numel());
  const T clip = clip_factor(norm, clip_norm);
  at::parallel_for(0, p.numel(), kUpdateGrain, [&](int64_t begin, int64_t end) { step_on_cpu<T>(s, clip, pp, gg, mm, vv, begin, end); });
  return at::full({}, norm, at::TensorOptions().dtype(at::kDouble));
}

// On another device the same arithmetic in a few flat kernels, without waiting for a number to come back.
at::Tensor adam_on_device(const Step& s, double clip_norm, at::Tensor p, at::Tensor g, at::Tensor m, at::Tensor v) {
  const auto norm = at::norm(g, 2);
  if (clip_norm > 0) g.mul_(at::clamp_max(clip_norm / at::clamp_min(norm, 1e-30), 1.0));
  if (s.decoupled) p.mul_(1 - s.rate * s.decay);
  else if (s.decay != 0) g.add_(p, s.decay);
  m.mul_(s.beta1).add_(g, 1 - s.beta1);
  v.mul_(s.beta2).addcmul_(g, g, 1 - s.beta2);
  p.addcdiv_(m, at::sqrt(v).div_(std::sqrt(s.correction2)).add_(s.epsilon), -s.rate / s.correction1);
  g.zero_();
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
  if (!p.device().is_cpu()) return c.give(adam_on_device(s, clip_norm, p, g, m, v));
  if (p.scalar_type() == at::kFloat) return c.give(adam_on_cpu<float>(s, clip_norm, p, g, m, v));
  if (p.scalar_type() == at::kDouble) return c.give(adam_on_cpu<double>(s, clip_norm, p, g, m, v));
  TORCH_CHECK(false, "adam needs dtype float32 or float64");
}

}  // namespace ceitorch
