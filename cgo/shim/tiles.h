// Products of float32 matrices by the processor's tile registers (Intel's AMX), which multiply bfloat16 numbers sixteen times as
// fast as vectors multiply float32.
//
// A float32 has 24 significant bits: cut into three pieces of eight, it is the sum of three bfloat16 numbers, exactly. Of the
// nine products of pieces, the three that lie below a float32's last digit are left out; the other six are summed in float32,
// so that the result is as near to the exact one as a sum of float32 products (Henry, Tang & Heinecke 2019, Leveraging the
// bfloat16 artificial intelligence datatype for higher-precision computations, ARITH 26, arXiv:1904.06376).
#pragma once

#include <immintrin.h>

#include "matmul.h"
#include "transpose.h"

namespace ceitorch {
namespace CEI_UNIT {

constexpr int64_t kTile = 16;           // rows of a tile, and float32 columns
constexpr int64_t kDepth = 32;          // bfloat16 columns of a tile
constexpr int64_t kPiece = 16 * 32;     // bfloat16 numbers of a tile
constexpr int64_t kPieces = 3 * kPiece;
constexpr int64_t kMostDepth = 256;     // rows, and depth, of what is packed at once
constexpr int64_t kMostRows = 256;

// Whatever a product packs, pieces of a tile one after another. A thread keeps it for as long as it lives.
struct Packed {
  uint16_t a[kMostRows / kTile * (kMostDepth / kDepth) * kPieces];
  uint16_t b[2 * (kMostDepth / kDepth) * kPieces];  // two tiles' columns
};

inline Packed& packed() {
  alignas(64) static thread_local Packed own;
  return own;
}

// The thread's tiles for the time of a worker's task: eight of 16 rows of 64 bytes.
class Tiles {
 public:
  Tiles() {
    struct {
      uint8_t palette = 1, start_row = 0, reserved[14] = {};
      uint16_t bytes[16] = {64, 64, 64, 64, 64, 64, 64, 64};
      uint8_t rows[16] = {16, 16, 16, 16, 16, 16, 16, 16};
    } shape;
    static_assert(sizeof shape == 64, "as the processor reads it");
    _tile_loadconfig(&shape);
  }
  ~Tiles() { _tile_release(); }
  Tiles(const Tiles&) = delete;
  Tiles& operator=(const Tiles&) = delete;
};

// The first pieces of 32 numbers, as pairs of one of x and one of y, to a row of a tile.
inline void pack_piece(__m512 x, __m512 y, uint16_t* to) {
  _mm512_store_si512(to, _mm512_mask_blend_epi16(0xaaaaaaaa, _mm512_srli_epi32(_mm512_castps_si512(x), 16), _mm512_castps_si512(y)));
}

// What the first piece leaves of a number.
inline __m512 after_piece(__m512 x) {
  const __m512i high = _mm512_set1_epi32(static_cast<int>(0xffff0000));
  return _mm512_sub_ps(x, _mm512_castsi512_ps(_mm512_and_si512(_mm512_castps_si512(x), high)));
}

// All three pieces, to a row of a tile each.
inline void pack(__m512 x, __m512 y, uint16_t* to) {
  for (int piece = 0; piece < 3; ++piece, to += kPiece) {
    pack_piece(x, y, to);
    x = after_piece(x), y = after_piece(y);
  }
}

inline __mmask16 first_lanes(int64_t n) { return n >= 16 ? 0xffff : n <= 0 ? 0 : static_cast<__mmask16>((1 << n) - 1); }

// A's tiles: rows of C by depth, where number l of the depth stands beside number l+16. The rows beyond the last are zero.
inline void pack_rows(const Product<float>& p, int64_t rows, uint16_t* to) {
  for (int64_t i = 0; i < rows; i += kTile)
    for (int64_t l = 0; l < p.k; l += kDepth, to += kPieces) {
      const __mmask16 first = first_lanes(p.k - l), second = first_lanes(p.k - l - 16);
      for (int64_t r = 0; r < kTile; ++r) {
        const float* from = p.a + (i + r) * p.a_row + l;
        const bool there = i + r < p.m;
        pack(_mm512_maskz_loadu_ps(there ? first : 0, from), _mm512_maskz_loadu_ps(there ? second : 0, from + 16), to + r * kDepth);
      }
    }
}

// Sixteen rows of sixteen numbers become columns.
inline void transpose_tile(__m512 (&rows)[16]) {
  __m512 half[16];
  for (int i = 0; i < 16; i += 2) {
    half[i] = _mm512_unpacklo_ps(rows[i], rows[i + 1]);
    half[i + 1] = _mm512_unpackhi_ps(rows[i], rows[i + 1]);
  }
  for (int i = 0; i < 16; i += 4) {
    rows[i] = _mm512_shuffle_ps(half[i], half[i + 2], 0x44);
    rows[i + 1] = _mm512_shuffle_ps(half[i], half[i + 2], 0xee);
    rows[i + 2] = _mm512_shuffle_ps(half[i + 1], half[i + 3], 0x44);
    rows[i + 3] = _mm512_shuffle_ps(half[i + 1], half[i + 3], 0xee);
  }
  for (int i = 0; i < 4; ++i) {
    const __m512 a = rows[i], b = rows[i + 4], c = rows[i + 8], d = rows[i + 12];
    const __m512 ab_even = _mm512_shuffle_f32x4(a, b, 0x88), ab_odd = _mm512_shuffle_f32x4(a, b, 0xdd);
    const __m512 cd_even = _mm512_shuffle_f32x4(c, d, 0x88), cd_odd = _mm512_shuffle_f32x4(c, d, 0xdd);
    half[i] = _mm512_shuffle_f32x4(ab_even, cd_even, 0x88);
    half[i + 4] = _mm512_shuffle_f32x4(ab_odd, cd_odd, 0x88);
    half[i + 8] = _mm512_shuffle_f32x4(ab_even, cd_even, 0xdd);
    half[i + 12] = _mm512_shuffle_f32x4(ab_odd, cd_odd, 0xdd);
  }
  for (int i = 0; i < 16; ++i) rows[i] = half[i];
}

// The same for an A whose rows lie along columns.
inline void pack_columns(const Product<float>& p, uint16_t* to) {
  for (int64_t i = 0; i < p.m; i += kTile)
    for (int64_t l = 0; l < p.k; l += kDepth, to += kPieces) {
      __m512 first[16], second[16];
      for (int64_t r = 0; r < 16; ++r) {
        const __mmask16 lanes = first_lanes(p.m - i);
        const float* from = p.a + i + (l + r) * p.a_column;
        first[r] = _mm512_maskz_loadu_ps(l + r < p.k ? lanes : 0, from);
        second[r] = _mm512_maskz_loadu_ps(l + r + 16 < p.k ? lanes : 0, from + 16 * p.a_column);
      }
      transpose_tile(first);
      transpose_tile(second);
      for (int64_t r = 0; r < kTile; ++r) pack(first[r], second[r], to + r * kDepth);
    }
}

// B's tiles of sixteen columns from j on: pairs of depth by columns, in the same order.
inline void pack_depth(const Product<float>& p, int64_t j, uint16_t* to) {
  for (int64_t l = 0; l < p.k; l += kDepth, to += kPieces)
    for (int64_t r = 0; r < kTile; ++r) {
      const float* from = p.b + (l + r) * p.b_row + j;
      const __mmask16 first = l + r < p.k ? 0xffff : 0, second = l + r + 16 < p.k ? 0xffff : 0;
      pack(_mm512_maskz_loadu_ps(first, from), _mm512_maskz_loadu_ps(second, from + 16 * p.b_row), to + r * kDepth);
    }
}

// Tiles 0 to 3 are sums, 4 and 5 of A, 6 and 7 of B.
template <int M>
inline void load_a(const uint16_t* a, int64_t next) {
  _tile_loadd(4, a, 64);
  if constexpr (M == 2) _tile_loadd(5, a + next, 64);
}

template <int N>
inline void load_b(const uint16_t* b, int64_t next) {
  _tile_loadd(6, b, 64);
  if constexpr (N == 2) _tile_loadd(7, b + next, 64);
}

template <int M, int N>
inline void add_products() {
  _tile_dpbf16ps(0, 4, 6);
  if constexpr (N == 2) _tile_dpbf16ps(1, 4, 7);
  if constexpr (M == 2) _tile_dpbf16ps(2, 5, 6);
  if constexpr (M == 2 && N == 2) _tile_dpbf16ps(3, 5, 7);
}

// A block of C of up to 32 rows and columns as the tiles left it. What becomes of it is done bit by bit while the tiles are busy
// with the next one: vectors and tiles work side by side, but not within few instructions, since a number that a tile has
// just stored is slow to load.
template <Start start, Finish finish>
struct Block {
  static constexpr int64_t kParts = 2 * kTile;  // rows
  alignas(64) float sums[4][kTile * kTile];
  int64_t i = 0, j = 0, rows = 0, done = 0;  // done: rows that are finished
  bool wide = false;                         // 32 columns, not 16

  template <int M, int N>
  void take(const Product<float>& p, int64_t row, int64_t column) {
    _tile_stored(0, sums[0], 64);
    if constexpr (N == 2) _tile_stored(1, sums[1], 64);
    if constexpr (M == 2) _tile_stored(2, sums[2], 64);
    if constexpr (M == 2 && N == 2) _tile_stored(3, sums[3], 64);
    rows = p.m - row < M * kTile ? p.m - row : M * kTile;
    i = row, j = column, done = 0, wide = N == 2;
  }

  void finish_some(const Product<float>& p, int64_t count) {
    const int64_t end = done + count < rows ? done + count : rows;
    for (; done < end; ++done) {
      finish_vector(p, done, 0);
      if (wide) finish_vector(p, done, 1);
    }
  }

  void finish_vector(const Product<float>& p, int64_t r, int64_t v) {
    const int64_t at = (i + r) * p.c_row + j + v * kTile;
    Vec<float> out = load<float>(sums[r / kTile * 2 + v] + r % kTile * kTile);
    if (start == Start::bias) out += p.bias[i + r];
    if (start == Start::existing) out += load<float>(p.c + at);
    if (finish == Finish::elu) out = elu<float>(out);
    if (finish == Finish::slope) out *= elu_slope<float>(load<float>(p.result + at));
    store<float>(p.c + at, out);
  }
};

// Operands whose three pieces of a tile lie one after another.
struct InPieces {
  static constexpr int64_t kSize = kPieces;  // of a block of depth
  static constexpr int64_t kSteps = 6;       // that a block takes

  // Adds the six products of pieces to the sums, in an order in which each step loads little, and calls meanwhile after each.
  template <int M, int N, typename Meanwhile>
  static inline void add(const uint16_t* a, const uint16_t* b, int64_t blocks, Meanwhile&& meanwhile) {
    const int64_t next = blocks * kSize;
    for (int64_t l = 0; l < blocks; ++l, a += kSize, b += kSize) {
      load_a<M>(a, next);
      load_b<N>(b + 2 * kPiece, next);
      add_products<M, N>();
      meanwhile();
      load_b<N>(b + kPiece, next);
      add_products<M, N>();
      meanwhile();
      load_b<N>(b, next);
      add_products<M, N>();
      meanwhile();
      load_a<M>(a + 2 * kPiece, next);
      add_products<M, N>();
      meanwhile();
      load_a<M>(a + kPiece, next);
      add_products<M, N>();
      meanwhile();
      load_b<N>(b + kPiece, next);
      add_products<M, N>();
      meanwhile();
    }
  }
};

// C by strips of up to 32 columns, from packed operands. What becomes of a block is the Block's part; two take turns.
template <typename Pieces, typename Block, typename Result>
class Strips {
 public:
  Strips(const Result& result, const uint16_t* a, int64_t blocks)  // blocks of depth
      : result_(result), a_(a), blocks_(blocks), finished_a_step_((Block::kParts + Pieces::kSteps * blocks - 1) / (Pieces::kSteps * blocks)) {}

  template <int N>
  void strip(int64_t j, const uint16_t* b) {
    for (int64_t i = 0; i < result_.m; i += 2 * kTile) {
      const uint16_t* a = a_ + i / kTile * blocks_ * Pieces::kSize;
      if (i + kTile < result_.m) compute<2, N>(i, j, a, b);
      else compute<1, N>(i, j, a, b);
    }
  }

  void end() { block_[now_ ^ 1].finish_some(result_, Block::kParts); }

 private:
  const Result& result_;
  const uint16_t* a_;
  const int64_t blocks_, finished_a_step_;  // parts, so that one block is done when the next one is
  Block block_[2];
  int now_ = 0;

  template <int M, int N>
  void compute(int64_t i, int64_t j, const uint16_t* a, const uint16_t* b) {
    _tile_zero(0);
    _tile_zero(1);
    _tile_zero(2);
    _tile_zero(3);
    auto& last = block_[now_ ^ 1];
    Pieces::template add<M, N>(a, b, blocks_, [&] { last.finish_some(result_, finished_a_step_); });
    last.finish_some(result_, Block::kParts);
    block_[now_].template take<M, N>(result_, i, j);
    now_ ^= 1;
  }
};

// A product whose A is packed.
template <Start start, Finish finish>
void strips_product(const Product<float>& p, Packed& of) {
  const int64_t blocks = (p.k + kDepth - 1) / kDepth;
  Strips<InPieces, Block<start, finish>, Product<float>> strips(p, of.a, blocks);
  int64_t j = 0;
  for (; j + 2 * kTile <= p.n; j += 2 * kTile) {
    pack_depth(p, j, of.b);
    pack_depth(p, j + kTile, of.b + blocks * kPieces);
    strips.template strip<2>(j, of.b);
  }
  for (; j < p.n; j += kTile) {
    pack_depth(p, j, of.b);
    strips.template strip<1>(j, of.b);
  }
  strips.end();
}

// A product of which m and k are not above what is packed at once.
template <Start start, Finish finish>
void packed_product(const Product<float>& p) {
  Packed& of = packed();
  if (p.a_column == 1) pack_rows(p, p.m, of.a);
  else pack_columns(p, of.a);
  strips_product<start, finish>(p, of);
}

template <Start start, Finish finish>
void rows_product(Product<float> p) {
  const int64_t depth = p.k;
  if (depth <= kMostDepth) return packed_product<start, finish>(p);
  p.k = kMostDepth;
  packed_product<start, Finish::none>(p);
  for (int64_t l = kMostDepth; l < depth; l += kMostDepth) {
    p.a += kMostDepth * p.a_column, p.b += kMostDepth * p.b_row;
    p.k = depth - l < kMostDepth ? depth - l : kMostDepth;
    if (l + kMostDepth < depth) packed_product<Start::existing, Finish::none>(p);
    else packed_product<Start::existing, finish>(p);
  }
}

template <Start start, Finish finish>
void multiply_by_tiles(const Product<float>& whole) {
  for (int64_t i = 0; i < whole.m; i += kMostRows) {
    Product<float> p = whole;
    p.a += i * p.a_row, p.c += i * p.c_row;
    p.m = whole.m - i < kMostRows ? whole.m - i : kMostRows;
    if (p.bias != nullptr) p.bias += i;
    if (p.result != nullptr) p.result += i * p.c_row;
    rows_product<start, finish>(p);
  }
}

// Smaller products would pack more than they multiply. The number of columns, which are a batch's rows, does not decide, so that
// a row's result does not depend on how many others there are.
inline bool worth_tiles(const Product<float>& p) { return p.m >= 2 * kTile && p.k >= kDepth; }

}  // namespace CEI_UNIT
}  // namespace ceitorch
