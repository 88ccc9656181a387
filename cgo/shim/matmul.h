// Products of small matrices at the speed of the registers: C[m,n] = A[m,k]·B[k,n] with whatever comes before and after, where
// n runs along vectors. A is read one number at a time, with any strides, so that one routine serves a layer, its transpose
// and the gradient of its weights, and no matrix is ever packed.
//
// Activations are panels [features][rows]: the rows of a batch lie along the vectors, so that inner and outer sizes of 13 or
// 5 waste nothing.
#pragma once

#include "elu.h"

namespace ceitorch {
namespace CEI_UNIT {

enum class Start { zero, bias, existing };   // what the product is added to: bias is one number for each row of C
enum class Finish { none, elu, slope };      // what becomes of the sum: slope multiplies by elu_slope of a matrix like C

template <typename T>
struct Product {
  const T* a;
  int64_t a_row, a_column;  // strides
  const T* b;
  int64_t b_row;
  T* c;
  int64_t c_row;
  int64_t m, n, k;            // n is a multiple of the lanes
  const T* bias = nullptr;    // [m]
  const T* result = nullptr;  // of ELU, shape and strides of c
};

// M rows by N vectors of C stay in registers while k runs.
template <typename T, int M, int N, Start start, Finish finish>
__attribute__((noinline)) void tile(const Product<T>& p, int64_t i, int64_t j) {
  using V = Vec<T>;
  const T* __restrict a = p.a + i * p.a_row;
  const T* __restrict b = p.b + j;
  T* __restrict c = p.c + i * p.c_row + j;
  const int64_t a_row = p.a_row, a_column = p.a_column, b_row = p.b_row, c_row = p.c_row, k = p.k;
  V sum[M][N];
  // Whole arrays in registers need whole loops unrolled.
#pragma GCC unroll 16
  for (int r = 0; r < M; ++r)
#pragma GCC unroll 4
    for (int v = 0; v < N; ++v) {
      if (start == Start::existing) sum[r][v] = load<T>(c + r * c_row + v * kLanes<T>);
      else sum[r][v] = splat<T>(start == Start::bias ? p.bias[i + r] : T(0));
    }
  for (int64_t l = 0; l < k; ++l) {
    V row[N];
#pragma GCC unroll 4
    for (int v = 0; v < N; ++v) row[v] = load<T>(b + l * b_row + v * kLanes<T>);
#pragma GCC unroll 16
    for (int r = 0; r < M; ++r) {
      const T number = a[r * a_row + l * a_column];
#pragma GCC unroll 4
      for (int v = 0; v < N; ++v) sum[r][v] += number * row[v];
    }
  }
#pragma GCC unroll 16
  for (int r = 0; r < M; ++r)
#pragma GCC unroll 4
    for (int v = 0; v < N; ++v) {
      V out = sum[r][v];
      if (finish == Finish::elu) out = elu<T>(out);
      if (finish == Finish::slope) out *= elu_slope<T>(load<T>(p.result + (i + r) * c_row + j + v * kLanes<T>));
      store<T>(c + r * c_row + v * kLanes<T>, out);
    }
}

template <typename T, int M, int N, Start start, Finish finish>
void columns(const Product<T>& p, int64_t j) {
  int64_t i = 0;
  for (; i + M <= p.m; i += M) tile<T, M, N, start, finish>(p, i, j);
  if constexpr (M > 4)
    for (; i + 4 <= p.m; i += 4) tile<T, 4, N, start, finish>(p, i, j);
  switch (p.m - i) {
    case 3: return tile<T, 3, N, start, finish>(p, i, j);
    case 2: return tile<T, 2, N, start, finish>(p, i, j);
    case 1: return tile<T, 1, N, start, finish>(p, i, j);
  }
}

// The shapes of tiles fill the registers: 32 with AVX-512, else 16. At least 8 sums hide the latency of an addition.
template <typename T, Start start, Finish finish>
void multiply_by_vectors(const Product<T>& p) {
  constexpr int64_t lanes = kLanes<T>;
  int64_t j = 0;
#if CEI_VECTOR_BYTES == 64
  for (; j + 4 * lanes <= p.n; j += 4 * lanes) columns<T, 4, 4, start, finish>(p, j);
  for (; j + 2 * lanes <= p.n; j += 2 * lanes) columns<T, 8, 2, start, finish>(p, j);
#else
  for (; j + 2 * lanes <= p.n; j += 2 * lanes) columns<T, 6, 2, start, finish>(p, j);
#endif
  for (; j < p.n; j += lanes) columns<T, 8, 1, start, finish>(p, j);
}

}  // namespace CEI_UNIT
}  // namespace ceitorch
