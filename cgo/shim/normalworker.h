// Independent draws of N(0,1), as many threads at once as there are: each number comes from its place in the sequence and the
// sequence's key alone, by the counter-based generator Philox4x32-10 (Salmon et al. 2011, Parallel random numbers: as easy as
// 1, 2, 3, SC11) and Box & Muller's transform (1958, A note on the generation of random normal deviates, Ann. Math. Stat. 29).
//
// Numbers come in blocks of 16 counters, row by row of 16: four rows of float32, of which a counter's four words make two pairs,
// or two of float64. The order does not depend on the width of the vectors.
#pragma once

#ifdef __SSE2__
#include <immintrin.h>
#endif

#include "vector.h"
#include "workers.h"

namespace ceitorch {
namespace CEI_UNIT {

constexpr int64_t kCounters = 16;  // of a block

// Numbers of 32 bits in lanes of 64, whose upper halves are nobody's.
typedef uint64_t Words __attribute__((vector_size(CEI_VECTOR_BYTES)));
constexpr int64_t kWords = CEI_VECTOR_BYTES / 8;

// All 64 bits of the product.
inline Words wide_product(Words a, uint64_t b) {
#if CEI_VECTOR_BYTES == 64 && defined(__AVX512F__)
  return reinterpret_cast<Words>(_mm512_mul_epu32(reinterpret_cast<__m512i>(a), _mm512_set1_epi64(static_cast<int64_t>(b))));
#elif CEI_VECTOR_BYTES == 32 && defined(__AVX2__)
  return reinterpret_cast<Words>(_mm256_mul_epu32(reinterpret_cast<__m256i>(a), _mm256_set1_epi64x(static_cast<int64_t>(b))));
#elif CEI_VECTOR_BYTES == 16 && defined(__SSE2__)
  return reinterpret_cast<Words>(_mm_mul_epu32(reinterpret_cast<__m128i>(a), _mm_set1_epi64x(static_cast<int64_t>(b))));
#else
  return (a & 0xffffffffu) * b;
#endif
}

struct Philox {
  Words word[4];

  // The words of kWords counters from first on.
  Philox(uint64_t key, uint64_t first) {
    Words low{}, high{};
    for (int64_t i = 0; i < kWords; ++i) {
      low[i] = (first + i) & 0xffffffffu;
      high[i] = (first + i) >> 32;
    }
    word[0] = low, word[1] = high, word[2] = Words{}, word[3] = Words{};
    uint32_t k0 = static_cast<uint32_t>(key), k1 = static_cast<uint32_t>(key >> 32);
    for (int round = 0; round < 10; ++round, k0 += 0x9e3779b9u, k1 += 0xbb67ae85u) {
      const Words p = wide_product(word[0], 0xd2511f53u), q = wide_product(word[2], 0xcd9e8d57u);
      word[0] = (q >> 32) ^ word[1] ^ uint64_t(k0);
      word[2] = (p >> 32) ^ word[3] ^ uint64_t(k1);
      word[1] = q, word[3] = p;
    }
  }
};

template <typename T>
struct Pattern;
template <>
struct Pattern<float> {
  typedef uint32_t Lanes __attribute__((vector_size(CEI_VECTOR_BYTES)));
  static constexpr uint32_t one = 0x3f800000;  // bits of 1
};
template <>
struct Pattern<double> {
  typedef uint64_t Lanes __attribute__((vector_size(CEI_VECTOR_BYTES)));
  static constexpr uint64_t one = 0x3ff0000000000000;
};

template <typename T>
using Random = typename Pattern<T>::Lanes;

// Uniform in [0,1), by steps of an ulp of 1, from the upper bits.
template <typename T>
inline Vec<T> unit_interval(Random<T> bits) {
  const Random<T> pattern = (bits >> (8 * sizeof(T) - Bits<T>::mantissa)) | Pattern<T>::one;
  Vec<T> v;
  memcpy(&v, &pattern, sizeof v);
  return v - T(1);
}

template <typename T>
inline Vec<T> square_root(Vec<T> x) {
  alignas(CEI_VECTOR_BYTES) T numbers[kLanes<T>];
  store<T>(numbers, x);
  for (auto& n : numbers) n = sizeof(T) == 4 ? T(__builtin_sqrtf(float(n))) : T(__builtin_sqrt(double(n)));
  return load<T>(numbers);
}

// Sine and cosine within ±π/4, by Taylor's series.
template <typename T>
inline void sine_cosine(Vec<T> x, Vec<T>& sine, Vec<T>& cosine) {
  constexpr int terms = sizeof(T) == 4 ? 5 : 9;
  const Vec<T> square = x * x;
  Vec<T> s = splat<T>(T(1)), c = splat<T>(T(1));
  for (int k = terms - 1; k >= 1; --k) {
    s = T(1) - s * square * (T(1) / T(2 * k * (2 * k + 1)));
    c = T(1) - c * square * (T(1) / T(2 * k * (2 * k - 1)));
  }
  sine = s * x, cosine = c;
}

template <typename T>
inline Vec<T> with_sign(Vec<T> x, Random<T> sign) {
  Random<T> bits;
  memcpy(&bits, &x, sizeof bits);
  bits ^= sign << (8 * sizeof(T) - 1);
  memcpy(&x, &bits, sizeof x);
  return x;
}

// Two independent normal numbers from the bits of two uniform ones: a radius, and an angle as a quarter turn, of which its two
// upper bits tell the number, and what remains.
template <typename T>
inline void box_muller(Random<T> of_radius, Random<T> of_angle, Vec<T>& x, Vec<T>& y) {
  constexpr T half_step = sizeof(T) == 4 ? T(0x1p-24) : T(0x1p-53);  // keeps the logarithm's argument off zero
  const Vec<T> radius = square_root<T>(log<T>(unit_interval<T>(of_radius) + half_step) * T(-2));
  const Vec<T> angle = (unit_interval<T>(of_angle << 2) - T(0.5)) * T(1.57079632679489661923);
  const Random<T> quarter = of_angle >> (8 * sizeof(T) - 2);
  Vec<T> sine, cosine;
  sine_cosine<T>(angle, sine, cosine);
  sine *= radius, cosine *= radius;
  const auto odd = (quarter & 1) != 0;
  x = with_sign<T>(odd ? sine : cosine, (quarter ^ (quarter >> 1)) & 1);
  y = with_sign<T>(odd ? cosine : sine, quarter >> 1);
}

// Block number of the sequence.
inline void normal_block(uint64_t key, uint64_t number, float* out) {
  for (int64_t p = 0; p < kCounters; p += kLanes<float>, out += kLanes<float>) {
    const uint64_t first = number * kCounters + static_cast<uint64_t>(p) / 2;
    const Philox even(key, first), odd(key, first + kCounters / 2);
    Random<float> bits[4];
    for (int w = 0; w < 4; ++w) {
      const Words both = (even.word[w] & 0xffffffffu) | (odd.word[w] << 32);
      memcpy(&bits[w], &both, sizeof both);
    }
    for (int w = 0; w < 4; w += 2) {
      Vec<float> x, y;
      box_muller<float>(bits[w], bits[w + 1], x, y);
      store<float>(out + w * kCounters, x);
      store<float>(out + (w + 1) * kCounters, y);
    }
  }
}

inline void normal_block(uint64_t key, uint64_t number, double* out) {
  for (int64_t p = 0; p < kCounters; p += kWords, out += kWords) {
    const Philox words(key, number * kCounters + static_cast<uint64_t>(p));
    Random<double> bits[2];
    for (int w = 0; w < 2; ++w) bits[w] = (words.word[2 * w] << 32) | (words.word[2 * w + 1] & 0xffffffffu);
    Vec<double> x, y;
    box_muller<double>(bits[0], bits[1], x, y);
    store<double>(out, x);
    store<double>(out + kCounters, y);
  }
}

template <typename T>
void normal(const NormalTask<T>& t) {
  constexpr int64_t size = kNormalBlock<T>;
  for (int64_t block = t.first; block < t.last; ++block) {
    T* to = t.out + block * size;
    const int64_t left = t.count - block * size;
    if (left >= size) {
      normal_block(t.key, static_cast<uint64_t>(block), to);
      continue;
    }
    T whole[size];
    normal_block(t.key, static_cast<uint64_t>(block), whole);
    memcpy(to, whole, left * sizeof(T));
  }
}

}  // namespace CEI_UNIT
}  // namespace ceitorch
