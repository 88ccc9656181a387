// Panels [features][rows] to and from rows [rows][features].
#pragma once

#include "vector.h"

#ifdef __SSE2__
#include <immintrin.h>
#endif

namespace ceitorch {
namespace CEI_UNIT {

// to[j][i] = from[i][j] for four i and four j.
template <typename T>
inline void transpose_block(const T* from, int64_t from_row, T* to, int64_t to_row) {
  for (int i = 0; i < 4; ++i)
    for (int j = 0; j < 4; ++j) to[j * to_row + i] = from[i * from_row + j];
}

#ifdef __SSE2__
inline void transpose_block(const float* from, int64_t from_row, float* to, int64_t to_row) {
  __m128 a = _mm_loadu_ps(from), b = _mm_loadu_ps(from + from_row), c = _mm_loadu_ps(from + 2 * from_row),
         d = _mm_loadu_ps(from + 3 * from_row);
  _MM_TRANSPOSE4_PS(a, b, c, d);
  _mm_storeu_ps(to, a);
  _mm_storeu_ps(to + to_row, b);
  _mm_storeu_ps(to + 2 * to_row, c);
  _mm_storeu_ps(to + 3 * to_row, d);
}
#endif

// The same for sixteen i, by blocks of four in the four quarters of a register.
template <typename T>
inline void transpose_sixteen(const T* from, int64_t from_row, T* to, int64_t to_row) {
  for (int i = 0; i < 16; i += 4) transpose_block(from + i * from_row, from_row, to + i, to_row);
}

#ifdef __AVX512F__
inline __m512 quarters(const float* p, int64_t row) {
  const __m512 first = _mm512_castps128_ps512(_mm_loadu_ps(p));
  const __m512 half = _mm512_insertf32x4(first, _mm_loadu_ps(p + 4 * row), 1);
  return _mm512_insertf32x4(_mm512_insertf32x4(half, _mm_loadu_ps(p + 8 * row), 2), _mm_loadu_ps(p + 12 * row), 3);
}

inline void transpose_sixteen(const float* from, int64_t from_row, float* to, int64_t to_row) {
  const __m512 a = quarters(from, from_row), b = quarters(from + from_row, from_row),
               c = quarters(from + 2 * from_row, from_row), d = quarters(from + 3 * from_row, from_row);
  const __m512 ab_low = _mm512_unpacklo_ps(a, b), ab_high = _mm512_unpackhi_ps(a, b);
  const __m512 cd_low = _mm512_unpacklo_ps(c, d), cd_high = _mm512_unpackhi_ps(c, d);
  _mm512_storeu_ps(to, _mm512_shuffle_ps(ab_low, cd_low, 0x44));
  _mm512_storeu_ps(to + to_row, _mm512_shuffle_ps(ab_low, cd_low, 0xee));
  _mm512_storeu_ps(to + 2 * to_row, _mm512_shuffle_ps(ab_high, cd_high, 0x44));
  _mm512_storeu_ps(to + 3 * to_row, _mm512_shuffle_ps(ab_high, cd_high, 0xee));
}
#endif

// to[j][i] = from[i][j] for i below m and j below n, a multiple of four.
template <typename T>
void transpose(const T* from, int64_t from_row, int64_t m, int64_t n, T* to, int64_t to_row) {
  int64_t i = 0;
  for (; i + 16 <= m; i += 16)
    for (int64_t j = 0; j < n; j += 4) {
      // What backward reads was written long ago and is far away by now.
      const T* ahead = from + (i + 16) * from_row + j * 16;
      for (int64_t k = 0; k < 64; k += 64 / sizeof(T)) __builtin_prefetch(ahead + k);
      transpose_sixteen(from + i * from_row + j, from_row, to + j * to_row + i, to_row);
    }
  for (; i + 4 <= m; i += 4)
    for (int64_t j = 0; j < n; j += 4) transpose_block(from + i * from_row + j, from_row, to + j * to_row + i, to_row);
  for (; i < m; ++i)
    for (int64_t j = 0; j < n; ++j) to[j * to_row + i] = from[i * from_row + j];
}

// Rows of a batch become a panel's. The panel's rows beyond them are the last one again: though nothing counts them, none may
// overflow where no row of the batch does, since zero times infinity is no number.
template <typename T>
void panel_from_rows(const T* rows, int64_t stride, int64_t count, int64_t features, T* panel, int64_t width) {
  for (int64_t f = 0; f < features; ++f) {
    for (int64_t r = 0; r < count; ++r) panel[f * width + r] = rows[r * stride + f];
    for (int64_t r = count; r < width; ++r) panel[f * width + r] = panel[f * width + count - 1];
  }
}

template <typename T>
void rows_from_panel(const T* panel, int64_t width, int64_t count, int64_t features, T* rows, int64_t stride) {
  for (int64_t r = 0; r < count; ++r)
    for (int64_t f = 0; f < features; ++f) rows[r * stride + f] = panel[f * width + r];
}

}  // namespace CEI_UNIT
}  // namespace ceitorch
