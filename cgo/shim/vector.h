// Vectors of the widest registers that this unit is compiled for, and the functions of them that libtorch would be called for
// element by element. Included by the units workers_*.cc alone, each with flags of its own: everything here has to stay in
// the unit's namespace, or the linker would keep one unit's version for all.
//
// What is not a number stays so in every function: a training that has gone wrong must show it.
#pragma once

#include <stdint.h>
#include <string.h>

#ifdef __AVX512F__
#include <immintrin.h>
#endif

#if !defined(CEI_VECTOR_BYTES) || !defined(CEI_UNIT)
#error "the unit says how wide its vectors are, and the name of its namespace"
#endif

namespace ceitorch {
namespace CEI_UNIT {

template <typename T>
struct Bits;
template <>
struct Bits<float> {
  using Int = int32_t;
  static constexpr int mantissa = 23, bias = 127;
  static constexpr Int root_half = 0x3f3504f3;  // bits of √½
  static constexpr float magic = 12582912.0f;   // 1.5·2²³: adding it rounds to an integer
  static constexpr float exp_low = -87.3f, exp_high = 88.7f;
  // Taylor's series within ±½ ln 2, to 2 units in the last place.
  static constexpr int exp_terms = 7, log_terms = 5;
};
template <>
struct Bits<double> {
  using Int = int64_t;
  static constexpr int mantissa = 52, bias = 1023;
  static constexpr Int root_half = 0x3fe6a09e667f3bcd;
  static constexpr double magic = 6755399441055744.0;
  static constexpr double exp_low = -708.3, exp_high = 709.7;
  static constexpr int exp_terms = 13, log_terms = 11;
};

template <typename T>
struct Simd {
  using Int = typename Bits<T>::Int;
  typedef T V __attribute__((vector_size(CEI_VECTOR_BYTES)));
  typedef Int I __attribute__((vector_size(CEI_VECTOR_BYTES)));
  static constexpr int lanes = CEI_VECTOR_BYTES / sizeof(T);
};

template <typename T>
using Vec = typename Simd<T>::V;

template <typename T>
constexpr int kLanes = Simd<T>::lanes;

template <typename T>
inline Vec<T> load(const T* p) {
  Vec<T> v;
  memcpy(&v, p, sizeof v);
  return v;
}

template <typename T>
inline void store(T* p, Vec<T> v) {
  memcpy(p, &v, sizeof v);
}

template <typename T>
inline Vec<T> splat(T value) {
  return Vec<T>{} + value;
}

template <typename T>
inline T sum_lanes(Vec<T> v) {
  T total = 0;
  for (int i = 0; i < kLanes<T>; ++i) total += v[i];
  return total;
}

// Of these two, the comparison's order lets x through where it is not a number.
template <typename T>
inline Vec<T> at_most(Vec<T> x, T bound) {
  return splat<T>(bound) < x ? splat<T>(bound) : x;
}

template <typename T>
inline Vec<T> at_least(Vec<T> x, T bound) {
  return splat<T>(bound) > x ? splat<T>(bound) : x;
}

// exp(x) for x of exp_low to exp_high: 2ⁿ·exp(r), with r within ±½ ln 2.
template <typename T>
inline Vec<T> exp_within(Vec<T> x) {
  using B = Bits<T>;
  using I = typename Simd<T>::I;
  constexpr T log2e = T(1.4426950408889634074);
  // ln2 in two parts, of which the first has so few digits that n times it is exact.
  constexpr T ln2_high = sizeof(T) == 4 ? T(0.693359375) : T(0.693147180369123816490);
  constexpr T ln2_low = sizeof(T) == 4 ? T(-2.12194440054690583e-4) : T(1.90821492927058770002e-10);
  const Vec<T> shifted = x * log2e + B::magic;
  const Vec<T> n = shifted - B::magic;
  const Vec<T> r = x - n * ln2_high - n * ln2_low;
  T factorial = 1;
  for (int k = 2; k <= B::exp_terms; ++k) factorial *= T(k);
  Vec<T> sum = splat<T>(T(1) / factorial);
  for (int k = B::exp_terms; k >= 1; --k) {
    factorial /= T(k);
    sum = sum * r + T(1) / factorial;
  }
  I power, value;
  memcpy(&power, &shifted, sizeof power);
  memcpy(&value, &sum, sizeof value);
  value += power << B::mantissa;
  memcpy(&sum, &value, sizeof value);
  return sum;
}

template <typename T>
inline Vec<T> exp(Vec<T> x) {
  using B = Bits<T>;
  const Vec<T> within = exp_within<T>(at_most<T>(at_least<T>(x, B::exp_low), B::exp_high));
  const Vec<T> infinite = splat<T>(T(__builtin_inf()));
  const Vec<T> number = x > splat<T>(B::exp_high) ? infinite : within;
  return x == x ? number : x;  // the shift of the exponent would make a number of some bits that are none
}

// log(x) for finite x above zero: with m = x/2ⁿ within √½ and √2, log m = 2 artanh((m-1)/(m+1)).
template <typename T>
inline Vec<T> log(Vec<T> x) {
  using B = Bits<T>;
  using I = typename Simd<T>::I;
  I bits;
  memcpy(&bits, &x, sizeof bits);
  const I power = (bits - B::root_half) >> B::mantissa;
  bits -= power << B::mantissa;
  Vec<T> m;
  memcpy(&m, &bits, sizeof m);
  const Vec<T> s = (m - T(1)) / (m + T(1)), square = s * s;
  Vec<T> sum = splat<T>(T(2) / T(2 * B::log_terms + 1));
  for (int k = B::log_terms - 1; k >= 0; --k) sum = sum * square + T(2) / T(2 * k + 1);
  const Vec<T> n = __builtin_convertvector(power, Vec<T>);
  return n * T(0.69314718055994530942) + s * sum + (x - x);
}

template <typename T>
inline Vec<T> tanh(Vec<T> x) {
  return T(1) - T(2) / (exp<T>(x * T(2)) + T(1));
}

// As libtorch's, softplus is the identity above 20.
template <typename T>
inline Vec<T> softplus(Vec<T> x) {
  const Vec<T> size = x < splat<T>(0) ? -x : x;
  const Vec<T> inner = at_least<T>(x, T(0)) + log<T>(exp<T>(-size) + T(1));
  return x > splat<T>(T(20)) ? x : inner;
}

template <typename T>
inline Vec<T> sigmoid(Vec<T> x) {
  const Vec<T> inner = T(1) / (exp<T>(-x) + T(1));
  return x > splat<T>(T(20)) ? splat<T>(T(1)) : inner;
}

}  // namespace CEI_UNIT
}  // namespace ceitorch
