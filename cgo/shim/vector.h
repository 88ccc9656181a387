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

// The polynomial for 2^f within ±½, 1 at zero: by least squares with weights that level the relative error, which is 9e-8
// in float; Taylor's series in double.
template <typename T>
inline Vec<T> exp2_fraction(Vec<T> f);
template <>
inline Vec<float> exp2_fraction<float>(Vec<float> f) {
  const Vec<float> high = (f * 0.001326472731307149f + 0.009671512991189957f) * f + 0.05550733581185341f;
  return ((high * f + 0.24022242426872253f) * f + 0.6931470036506653f) * f + 1.0f;
}
template <>
inline Vec<double> exp2_fraction<double>(Vec<double> f) {
  constexpr int terms = Bits<double>::exp_terms;
  const Vec<double> r = f * 0.69314718055994530942;
  double factorial = 1;
  for (int k = 2; k <= terms; ++k) factorial *= k;
  Vec<double> sum = splat<double>(1 / factorial);
  for (int k = terms; k >= 1; --k) {
    factorial /= k;
    sum = sum * r + 1 / factorial;
  }
  return sum;
}

// ELU, which needs no relative accuracy of the exponential: below zero it is that less 1. So the reduction to 2ⁿ·2^f goes
// by one product with log₂e.
template <typename T>
__attribute__((always_inline)) inline Vec<T> elu(Vec<T> x) {
  using B = Bits<T>;
  using I = typename Simd<T>::I;
  constexpr T log2e = T(1.4426950408889634074);
  const Vec<T> low = splat<T>(B::exp_low), within = x > low ? x : low;
  const Vec<T> shifted = within * log2e + B::magic;
  const Vec<T> n = shifted - B::magic;
  Vec<T> power = exp2_fraction<T>(within * log2e - n);
  I bits, exponent;
  memcpy(&bits, &power, sizeof bits);
  memcpy(&exponent, &shifted, sizeof exponent);
  bits += exponent << B::mantissa;
  memcpy(&power, &bits, sizeof power);
  return x < splat<T>(T(0)) ? power - T(1) : x;
}

#ifdef __AVX512F__
// The same in two operations less: the processor has a greatest of two, and a product with a power of two.
template <>
__attribute__((always_inline)) inline Vec<float> elu<float>(Vec<float> x) {
  using B = Bits<float>;
  constexpr float log2e = 1.4426950408889634074f;
  const __m512 from = reinterpret_cast<__m512>(x), low = _mm512_set1_ps(B::exp_low);
  const Vec<float> within = reinterpret_cast<Vec<float>>(_mm512_max_ps(from, low));  // low where x is not a number
  const Vec<float> n = (within * log2e + B::magic) - B::magic;
  const Vec<float> fraction = exp2_fraction<float>(within * log2e - n);
  const __m512 power = _mm512_scalef_ps(reinterpret_cast<__m512>(fraction), reinterpret_cast<__m512>(n));
  const __mmask16 below = _mm512_cmp_ps_mask(from, _mm512_setzero_ps(), _CMP_LT_OQ);
  return reinterpret_cast<Vec<float>>(_mm512_mask_sub_ps(from, below, power, _mm512_set1_ps(1)));
}
#endif

// The slope of ELU from its result: 1 above zero, result + 1 below.
template <typename T>
inline Vec<T> elu_slope(Vec<T> result) {
  return at_most<T>(result, T(0)) + T(1);
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
