// A share of one step of Adam: each array is read and written once. The compiler makes vectors of these loops; the arithmetic
// is in the element type, as PyTorch's is.
#pragma once

#include "vector.h"
#include "workers.h"

namespace ceitorch {
namespace CEI_UNIT {

inline float root_of(float x) { return __builtin_sqrtf(x); }
inline double root_of(double x) { return __builtin_sqrt(x); }

template <typename T, bool averaged>
void adam_loop(const AdamTask<T>& t) {
  T *__restrict p = t.parameters, *__restrict g = t.gradient, *__restrict m = t.mean, *__restrict v = t.square;
  T* __restrict average = t.average;
  const T clip = t.clip, shrink = t.shrink, l2 = t.l2, b1 = t.beta1, b2 = t.beta2, c1 = t.one_less_beta1, c2 = t.one_less_beta2;
  const T size = t.size, root = t.root, epsilon = t.epsilon, share = t.share;
  for (int64_t i = t.first; i < t.last; ++i) {
    const T weight = p[i] * shrink, slope = g[i] * clip + l2 * p[i];
    const T mean = b1 * m[i] + c1 * slope, square = b2 * v[i] + c2 * slope * slope;
    const T next = weight - size * mean / (root_of(square) / root + epsilon);
    m[i] = mean, v[i] = square, p[i] = next, g[i] = 0;
    if (averaged) average[i] += (next - average[i]) * share;
  }
}

template <typename T>
void adam(const AdamTask<T>& t) {
  if (t.average == nullptr) adam_loop<T, false>(t);
  else adam_loop<T, true>(t);
}

// In eight parts, so that additions need not wait for each other.
template <typename T>
double sum_of_squares(const T* values, int64_t n) {
  double parts[8] = {};
  int64_t i = 0;
  for (; i + 8 <= n; i += 8)
    for (int j = 0; j < 8; ++j) parts[j] += double(values[i + j]) * double(values[i + j]);
  for (; i < n; ++i) parts[0] += double(values[i]) * double(values[i]);
  double sum = 0;
  for (double part : parts) sum += part;
  return sum;
}

}  // namespace CEI_UNIT
}  // namespace ceitorch
