// ELU (Clevert, Unterthiner & Hochreiter 2016, arXiv:1511.07289) and its slope. A layer's results pass it while they are in
// registers, and after the products it is most of what a draw costs.
#pragma once

#include "vector.h"

namespace ceitorch {
namespace CEI_UNIT {

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
constexpr double two_to(double power) {
  double sum = 1, term = 1;
  for (int k = 1; k < 20; ++k) sum += term *= power * 0.69314718055994530942 / k;
  return sum;
}

// Bits of 2^(j/32), less what adding j << 18 to them adds.
struct PowersOfTwo {
  alignas(64) int32_t bits[32];

  constexpr PowersOfTwo() : bits() {
    for (int32_t j = 0; j < 32; ++j) bits[j] = int32_t(0x3f800000) + int32_t((two_to(j / 32.0) - 1) * (1 << 23) + 0.5) - (j << 18);
  }
};

// In eleven operations instead of sixteen, by a table: x·log₂e = n/32 + f, and 2^f within ±1/64 is a parabola, to 6e-8. What n
// adds to the table's bits puts its whole part into the exponent.
//
// Above zero the exponential of -x is taken: it less 1 is below zero, so that the greater of it and x is x. Below zero that less 1 is
// never below x. Where x is not a number, the greatest gives its second operand.
template <>
__attribute__((always_inline)) inline Vec<float> elu<float>(Vec<float> x) {
  static constexpr PowersOfTwo powers;
  constexpr float log2e = 1.4426950408889634074f, magic = Bits<float>::magic / 32;  // adding it rounds to n/32
  constexpr int kSmallerSizeNegative = 0b1110;
  const __m512 from = reinterpret_cast<__m512>(x);
  const Vec<float> within = reinterpret_cast<Vec<float>>(_mm512_range_ps(from, _mm512_set1_ps(Bits<float>::exp_low), kSmallerSizeNegative));
  const Vec<float> shifted = within * log2e + magic;
  const Vec<float> f = within * log2e - (shifted - magic);
  const __m512i n = reinterpret_cast<__m512i>(shifted);
  const __m512i near = _mm512_permutex2var_epi32(_mm512_load_si512(powers.bits), n, _mm512_load_si512(powers.bits + 16));
  const Vec<float> power = reinterpret_cast<Vec<float>>(_mm512_add_epi32(near, _mm512_slli_epi32(n, 18)));
  const Vec<float> below = power * ((f * 0.240226507f + 0.69315735f) * f + 1.0f) - 1.0f;
  return reinterpret_cast<Vec<float>>(_mm512_max_ps(reinterpret_cast<__m512>(below), from));
}
#endif

// The slope of ELU from its result: 1 above zero, result + 1 below.
template <typename T>
inline Vec<T> elu_slope(Vec<T> result) {
  return at_most<T>(result, T(0)) + T(1);
}

}  // namespace CEI_UNIT
}  // namespace ceitorch
