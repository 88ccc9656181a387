// The product of few inputs by tile registers: where the depth is small, the six products of pieces (tiles.h) stand side by side in
// the depth of one tile, or of a few, that would be mostly empty otherwise.
#pragma once

#include "tiles.h"

namespace ceitorch {
namespace CEI_UNIT {

struct SideBySide {
  static constexpr int64_t kSize = kPiece, kSteps = 1;
  static constexpr int64_t kProducts = 6;
  static constexpr int64_t kMostInputs = 26;  // more fill six tiles, as many as their pieces one after another

  static int64_t blocks(int64_t inputs) { return (kProducts * inputs + kDepth - 1) / kDepth; }

  template <int M, int N, typename Meanwhile>
  static inline void add(const uint16_t* a, const uint16_t* b, int64_t blocks, Meanwhile&& meanwhile) {
    const int64_t next = blocks * kSize;
    for (int64_t l = 0; l < blocks; ++l, a += kSize, b += kSize) {
      load_a<M>(a, next);
      load_b<N>(b, next);
      add_products<M, N>();
      meanwhile();
    }
  }
};

// The pieces of A and of B in each of the products.
constexpr int kPieceOfA[SideBySide::kProducts] = {0, 0, 0, 2, 1, 1};
constexpr int kPieceOfB[SideBySide::kProducts] = {2, 1, 0, 0, 0, 1};

struct Split {
  __m512 piece[3];

  // Each with what belongs to the next ones still in its low bits, which no tile has room for.
  explicit Split(__m512 x) : piece{x, after_piece(x), after_piece(after_piece(x))} {}
};

// A's tiles, as pack_rows makes them of whole pieces.
inline void pack_rows_side_by_side(const Product<float>& p, int64_t rows, uint16_t* to) {
  const int64_t blocks = SideBySide::blocks(p.k);
  alignas(64) float row[SideBySide::kProducts * kDepth] = {};
  for (int64_t i = 0; i < rows; ++i) {
    for (int64_t l = 0; l < p.k; l += kTile) {
      const __mmask16 there = first_lanes(p.k - l);
      const Split x(_mm512_maskz_loadu_ps(i < p.m ? there : 0, p.a + i * p.a_row + l));
      for (int q = 0; q < SideBySide::kProducts; ++q) _mm512_mask_storeu_ps(row + q * p.k + l, there, x.piece[kPieceOfA[q]]);
    }
    uint16_t* tile = to + i / kTile * blocks * kPiece + i % kTile * kDepth;
    for (int64_t l = 0; l < blocks; ++l, tile += kPiece) pack_piece(_mm512_load_ps(row + l * kDepth), _mm512_load_ps(row + l * kDepth + kTile), tile);
  }
}

// B's tiles of sixteen columns from j on.
inline void pack_depth_side_by_side(const Product<float>& p, int64_t j, uint16_t* to) {
  const int64_t blocks = SideBySide::blocks(p.k);
  alignas(64) float rows[SideBySide::kProducts * kDepth][kTile];
  for (int64_t l = 0; l < p.k; ++l) {
    const Split x(_mm512_loadu_ps(p.b + l * p.b_row + j));
    for (int q = 0; q < SideBySide::kProducts; ++q) _mm512_store_ps(rows[q * p.k + l], x.piece[kPieceOfB[q]]);
  }
  for (int64_t l = SideBySide::kProducts * p.k; l < blocks * kDepth; ++l) _mm512_store_ps(rows[l], _mm512_setzero_ps());
  for (int64_t l = 0; l < blocks * kDepth; l += kDepth, to += kPiece)
    for (int64_t r = 0; r < kTile; ++r) pack_piece(_mm512_load_ps(rows[l + r]), _mm512_load_ps(rows[l + r + kTile]), to + r * kDepth);
}

}  // namespace CEI_UNIT
}  // namespace ceitorch
