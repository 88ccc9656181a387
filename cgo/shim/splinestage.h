// Monotone rational-quadratic splines on panels: the same as spline.cc's, where the equations are cited, with the backward
// written by hand.
//
// The numbers of one element lie as rows of a panel: bins for the widths, bins for the heights, bins-1 for the slopes.
// softmax turns the first two kinds into shares in place, and all else reads those.
#pragma once

#include "vector.h"

namespace ceitorch {
namespace CEI_UNIT {

constexpr double kLeastSplineShare = 1e-3;  // of a bin, in width and height
constexpr double kLeastSplineSlope = 1e-3;
constexpr double kSplineSlopeShift = 0.5397424172369522;  // log(exp(1 - least slope) - 1): zeros give slope 1

template <typename T>
struct SplineShape {
  int64_t bins, panel;
  T bound;
  T spread() const { return T(2) * bound * T(1 - kLeastSplineShare * double(bins)); }
  T least() const { return T(2) * bound * T(kLeastSplineShare); }
};

// raw [bins][panel] becomes its softmax over the bins.
template <typename T>
void softmax(T* raw, int64_t bins, int64_t panel) {
  for (int64_t j = 0; j < panel; j += kLanes<T>) {
    Vec<T> top = load<T>(raw + j);
    for (int64_t k = 1; k < bins; ++k) {
      const Vec<T> next = load<T>(raw + k * panel + j);
      top = next > top ? next : top;
    }
    Vec<T> sum{};
    for (int64_t k = 0; k < bins; ++k) {
      const Vec<T> e = exp<T>(load<T>(raw + k * panel + j) - top);
      store<T>(raw + k * panel + j, e);
      sum += e;
    }
    const Vec<T> scale = T(1) / sum;
    for (int64_t k = 0; k < bins; ++k) store<T>(raw + k * panel + j, load<T>(raw + k * panel + j) * scale);
  }
}

// The bin that an element falls into: its left end and size in x and y, and the raw slopes at its ends, of which the outer
// two are 1 whatever they say.
template <typename T>
struct Bin {
  using I = typename Simd<T>::I;
  Vec<T> x, width, y, height, left_raw, right_raw;
  I number;
};

template <typename T>
inline Bin<T> find_bin(const T* raw, const SplineShape<T>& s, Vec<T> at, bool by_height) {
  const T *widths = raw, *heights = raw + s.bins * s.panel, *slopes = heights + s.bins * s.panel;
  const T spread = s.spread(), least = s.least();
  Bin<T> bin;
  Vec<T> x = splat<T>(-s.bound), y = x;
  Vec<T> width = load<T>(widths) * spread + least, height = load<T>(heights) * spread + least;
  bin.x = x, bin.y = y, bin.width = width, bin.height = height;
  bin.left_raw = Vec<T>{}, bin.right_raw = load<T>(slopes);
  bin.number = typename Simd<T>::I{};
  for (int64_t k = 1; k < s.bins; ++k) {
    x += width, y += height;
    width = load<T>(widths + k * s.panel) * spread + least;
    height = load<T>(heights + k * s.panel) * spread + least;
    const auto beyond = at >= (by_height ? y : x);
    bin.x = beyond ? x : bin.x, bin.y = beyond ? y : bin.y;
    bin.width = beyond ? width : bin.width, bin.height = beyond ? height : bin.height;
    bin.left_raw = beyond ? load<T>(slopes + (k - 1) * s.panel) : bin.left_raw;
    if (k + 1 < s.bins) bin.right_raw = beyond ? load<T>(slopes + k * s.panel) : bin.right_raw;
    bin.number -= beyond;  // which is -1 where it holds
  }
  return bin;
}

template <typename T>
inline Vec<T> left_slope(const Bin<T>& bin) {
  const Vec<T> inner = softplus<T>(bin.left_raw + T(kSplineSlopeShift)) + T(kLeastSplineSlope);
  return bin.number == typename Simd<T>::I{} ? splat<T>(T(1)) : inner;
}

template <typename T>
inline Vec<T> right_slope(const Bin<T>& bin, int64_t bins) {
  const Vec<T> inner = softplus<T>(bin.right_raw + T(kSplineSlopeShift)) + T(kLeastSplineSlope);
  return bin.number == typename Simd<T>::I{} + typename Simd<T>::Int(bins - 1) ? splat<T>(T(1)) : inner;
}

// x and y [panel] of one element, whose shares lie in raw; log_det is added to.
template <typename T>
void spline_forward(const T* x, T* y, T* log_det, const T* raw, const SplineShape<T>& s) {
  for (int64_t j = 0; j < s.panel; j += kLanes<T>) {
    const Vec<T> v = load<T>(x + j);
    const auto inside = (v < splat<T>(s.bound)) & (v > splat<T>(-s.bound));
    const Vec<T> within = at_most<T>(at_least<T>(v, -s.bound), s.bound);
    const Bin<T> bin = find_bin<T>(raw + j, s, within, false);
    const Vec<T> left = left_slope<T>(bin), right = right_slope<T>(bin, s.bins);
    const Vec<T> steep = bin.height / bin.width, part = (within - bin.x) / bin.width, rest = T(1) - part, mixed = part * rest;
    const Vec<T> below = steep + (right + left - T(2) * steep) * mixed;
    const Vec<T> bent = bin.y + bin.height * (steep * part * part + left * mixed) / below;
    const Vec<T> inner = right * part * part + T(2) * steep * mixed + left * rest * rest;
    const Vec<T> ratio = steep / below;
    store<T>(y + j, inside ? bent : v);
    store<T>(log_det + j, load<T>(log_det + j) + (inside ? log<T>(ratio * ratio * inner) : v - v));
  }
}

template <typename T>
void spline_inverse(const T* y, T* x, const T* raw, const SplineShape<T>& s) {
  for (int64_t j = 0; j < s.panel; j += kLanes<T>) {
    const Vec<T> v = load<T>(y + j);
    const auto inside = (v < splat<T>(s.bound)) & (v > splat<T>(-s.bound));
    const Vec<T> within = at_most<T>(at_least<T>(v, -s.bound), s.bound);
    const Bin<T> bin = find_bin<T>(raw + j, s, within, true);
    const Vec<T> left = left_slope<T>(bin), right = right_slope<T>(bin, s.bins);
    const Vec<T> steep = bin.height / bin.width, above = within - bin.y, bend = right + left - T(2) * steep;
    const Vec<T> a = bin.height * (steep - left) + above * bend, b = bin.height * left - above * bend, c = -steep * above;
    const Vec<T> square = at_least<T>(b * b - T(4) * a * c, T(0));
    Vec<T> root;
    for (int i = 0; i < kLanes<T>; ++i) root[i] = sizeof(T) == 4 ? T(__builtin_sqrtf(float(square[i]))) : T(__builtin_sqrt(double(square[i])));
    store<T>(x + j, inside ? bin.x + T(2) * c / (-b - root) * bin.width : v);
  }
}

// From the gradients dy [panel] of y and dlog [panel] of the log-determinant to dx [panel], and raw's in draw, rows as raw.
template <typename T>
void spline_backward(const T* x, const T* dy, const T* dlog, T* dx, const T* raw, T* draw, const SplineShape<T>& s) {
  using I = typename Simd<T>::I;
  const T spread = s.spread();
  for (int64_t j = 0; j < s.panel; j += kLanes<T>) {
    const Vec<T> v = load<T>(x + j), zero{};
    const auto inside = (v < splat<T>(s.bound)) & (v > splat<T>(-s.bound));
    const Vec<T> within = at_most<T>(at_least<T>(v, -s.bound), s.bound);
    const Bin<T> bin = find_bin<T>(raw + j, s, within, false);
    const Vec<T> left = left_slope<T>(bin), right = right_slope<T>(bin, s.bins);
    const Vec<T> g = load<T>(dy + j), h = load<T>(dlog + j);

    const Vec<T> steep = bin.height / bin.width, t = (within - bin.x) / bin.width, rest = T(1) - t, mixed = t * rest;
    const Vec<T> turn = T(1) - T(2) * t, bend = right + left - T(2) * steep;
    const Vec<T> below = steep + bend * mixed, by_below = T(1) / below;
    const Vec<T> share = (steep * t * t + left * mixed) * by_below;
    const Vec<T> inner = right * t * t + T(2) * steep * mixed + left * rest * rest, by_inner = T(1) / inner;

    const Vec<T> gh = g * bin.height * by_below, h_below = T(-2) * h * by_below, h_inner = h * by_inner;
    const Vec<T> dt = gh * (T(2) * steep * t + left * turn - share * bend * turn) + h_below * bend * turn +
                      h_inner * T(2) * (right * t + steep * turn - left * rest);
    const Vec<T> dsteep = gh * (t * t - share * (T(1) - T(2) * mixed)) + T(2) * h / steep + h_below * (T(1) - T(2) * mixed) +
                          h_inner * T(2) * mixed;
    const Vec<T> dleft = gh * (mixed - share * mixed) + h_below * mixed + h_inner * rest * rest;
    const Vec<T> dright = h_below * mixed + h_inner * t * t - gh * share * mixed;
    const Vec<T> by_width = T(1) / bin.width;
    const Vec<T> along = dt * by_width;
    store<T>(dx + j, inside ? along : g);

    // Of widths and heights: what each bin left of the element's own weighs, and its own.
    const Vec<T> x_left = inside ? -along : zero, y_left = inside ? g : zero;
    const Vec<T> width_own = inside ? -(dt * t + dsteep * steep) * by_width : zero;
    const Vec<T> height_own = inside ? g * share + dsteep * by_width : zero;
    const T *widths = raw + j, *heights = widths + s.bins * s.panel;
    T *dwidths = draw + j, *dheights = dwidths + s.bins * s.panel, *dslopes = dheights + s.bins * s.panel;
    Vec<T> width_mean{}, height_mean{};
    for (int64_t k = 0; k < s.bins; ++k) {
      const I number = I{} + typename Simd<T>::Int(k);
      const Vec<T> w = number < bin.number ? x_left : (number == bin.number ? width_own : zero);
      const Vec<T> y = number < bin.number ? y_left : (number == bin.number ? height_own : zero);
      width_mean += w * load<T>(widths + k * s.panel), height_mean += y * load<T>(heights + k * s.panel);
      store<T>(dwidths + k * s.panel, w), store<T>(dheights + k * s.panel, y);
    }
    for (int64_t k = 0; k < s.bins; ++k) {
      T *w = dwidths + k * s.panel, *y = dheights + k * s.panel;
      store<T>(w, (load<T>(w) - width_mean) * load<T>(widths + k * s.panel) * spread);
      store<T>(y, (load<T>(y) - height_mean) * load<T>(heights + k * s.panel) * spread);
    }
    const Vec<T> left_raw = inside ? dleft * sigmoid<T>(bin.left_raw + T(kSplineSlopeShift)) : zero;
    const Vec<T> right_raw = inside ? dright * sigmoid<T>(bin.right_raw + T(kSplineSlopeShift)) : zero;
    for (int64_t k = 0; k + 1 < s.bins; ++k) {
      const I knot = I{} + typename Simd<T>::Int(k);
      store<T>(dslopes + k * s.panel, knot + 1 == bin.number ? left_raw : (knot == bin.number ? right_raw : zero));
    }
  }
}

}  // namespace CEI_UNIT
}  // namespace ceitorch
