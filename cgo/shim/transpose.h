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

// to[j][i] = from[i][j] for i below m and j below n, a multiple of four.
template <typename T>
void transpose(const T* from, int64_t from_row, int64_t m, int64_t n, T* to, int64_t to_row) {
  const int64_t whole = m - m % 4;
  for (int64_t j = 0; j < n; j += 4) {
    for (int64_t i = 0; i < whole; i += 4) transpose_block(from + i * from_row + j, from_row, to + j * to_row + i, to_row);
    for (int64_t i = whole; i < m; ++i)
      for (int64_t l = j; l < j + 4; ++l) to[l * to_row + i] = from[i * from_row + l];
  }
}

// Rows of a batch become a panel's; the panel's rows beyond them are zero.
template <typename T>
void panel_from_rows(const T* rows, int64_t stride, int64_t count, int64_t features, T* panel, int64_t width) {
  for (int64_t f = 0; f < features; ++f) {
    for (int64_t r = 0; r < count; ++r) panel[f * width + r] = rows[r * stride + f];
    for (int64_t r = count; r < width; ++r) panel[f * width + r] = 0;
  }
}

template <typename T>
void rows_from_panel(const T* panel, int64_t width, int64_t count, int64_t features, T* rows, int64_t stride) {
  for (int64_t r = 0; r < count; ++r)
    for (int64_t f = 0; f < features; ++f) rows[r * stride + f] = panel[f * width + r];
}

}  // namespace CEI_UNIT
}  // namespace ceitorch
