// Monotone rational-quadratic splines. libtorch's own autograd follows their operations, inside one call.
//
// A spline maps [-bound, bound] to itself by bins pieces, each a quotient of quadratics, with knots and slopes that raw
// [B,d*(3*bins-1)] gives each element of x [B,d]: first bins numbers for the widths, then bins for the heights, then
// bins-1 for the slopes at the knots between. Outside, and in slope at both ends, it is the identity
// (Durkan et al. 2019, Neural spline flows, arXiv:1906.04032, section 3.1 and equations 4 to 8; the quadratic's root is
// that of their appendix A.2). Zeros give the identity inside too.
#include "guard.h"

#include <cmath>

namespace ceitorch {

namespace {

using at::Tensor;

// The least width and height of a bin, as a share of all, and the least slope.
constexpr double kLeastShare = 1e-3;
constexpr double kLeastSlope = 1e-3;

struct Spline {
  Tensor x, width, y, height, slope, next_slope;  // of the bin of each element: its left knot, size, and slopes

  Tensor steepness() const { return height / width; }
};

// Sizes of the bins, which add up to 2*bound.
Tensor sizes_of(const Tensor& raw, double bound) {
  const double share = 1 - kLeastShare * raw.size(-1);
  return (at::softmax(raw, -1) * share + kLeastShare) * (2 * bound);
}

// The left end of each bin.
Tensor left_knots(const Tensor& sizes, double bound) { return at::cumsum(sizes, -1) - sizes - bound; }

Tensor slopes_of(const Tensor& raw) {
  const double shift = std::log(std::expm1(1 - kLeastSlope));  // softplus of which is 1 - kLeastSlope
  const auto inner = at::softplus(raw + shift) + kLeastSlope;
  const auto end = at::ones_like(inner.narrow(-1, 0, 1));
  return at::cat({end, inner, end}, -1);
}

Tensor pick(const Tensor& of_bins, const Tensor& bin) { return at::gather(of_bins, -1, bin).squeeze(-1); }

// The pieces that the elements fall into: by their place among the knots of y where the spline is inverted.
Spline pieces(const Tensor& elements, const Tensor& raw, int64_t bins, double bound, bool inverse) {
  const auto each = raw.reshape({elements.size(0), elements.size(1), 3 * bins - 1});
  const auto widths = sizes_of(each.narrow(-1, 0, bins), bound), heights = sizes_of(each.narrow(-1, bins, bins), bound);
  const auto x = left_knots(widths, bound), y = left_knots(heights, bound);
  const auto slopes = slopes_of(each.narrow(-1, 2 * bins, bins - 1));
  const auto inner_knots = (inverse ? y : x).detach().narrow(-1, 1, bins - 1);
  const auto bin = elements.detach().unsqueeze(-1).ge(inner_knots).sum(-1, /*keepdim=*/true);
  return {pick(x, bin), pick(widths, bin), pick(y, bin), pick(heights, bin), pick(slopes, bin), pick(slopes, bin + 1)};
}

std::vector<Tensor> forward(const Tensor& x, const Tensor& raw, int64_t bins, double bound) {
  const auto inside = x.detach().abs().lt(bound);
  const auto within = at::clamp(x, -bound, bound);
  const auto p = pieces(within, raw, bins, bound, false);
  const auto steep = p.steepness();
  const auto part = (within - p.x) / p.width, rest = 1 - part, mixed = part * rest;
  const auto below = steep + (p.next_slope + p.slope - 2 * steep) * mixed;
  const auto y = p.y + p.height * (steep * part * part + p.slope * mixed) / below;
  const auto log_slope = 2 * at::log(steep) - 2 * at::log(below) +
                         at::log(p.next_slope * part * part + 2 * steep * mixed + p.slope * rest * rest);
  return {at::where(inside, y, x), at::where(inside, log_slope, at::zeros_like(x)).sum(1)};
}

Tensor inverse(const Tensor& y, const Tensor& raw, int64_t bins, double bound) {
  const auto inside = y.detach().abs().lt(bound);
  const auto within = at::clamp(y, -bound, bound);
  const auto p = pieces(within, raw, bins, bound, true);
  const auto steep = p.steepness();
  const auto above = within - p.y, bend = p.next_slope + p.slope - 2 * steep;
  const auto a = p.height * (steep - p.slope) + above * bend;
  const auto b = p.height * p.slope - above * bend;
  const auto c = -steep * above;
  const auto part = 2 * c / (-b - at::sqrt(at::clamp_min(b * b - 4 * a * c, 0)));
  return at::where(inside, p.x + part * p.width, y);
}

}  // namespace

void spline(Call& c) {
  const auto &x = c.tensor(0), &raw = c.tensor(1);
  const int64_t bins = c.integer(0);
  const double bound = c.number(0);
  if (bins < 2 || bins * kLeastShare >= 1) throw ArgumentError("a spline needs from 2 to 999 bins");
  if (!(bound > 0)) throw ArgumentError("a spline needs a positive bound");
  TORCH_CHECK(x.dim() == 2 && raw.dim() == 2 && raw.size(0) == x.size(0) && raw.size(1) == x.size(1) * (3 * bins - 1),
              "a spline of ", bins, " bins needs shapes [B,d] and [B,d*", 3 * bins - 1, "], not ", x.sizes(), " and ", raw.sizes());
  if (c.integer(1) != 0) return c.give(inverse(x, raw, bins, bound));
  c.give(forward(x, raw, bins, bound));
}

}  // namespace ceitorch
