// A perceptron by tile registers, on panel after panel: its weights are packed once for all of them, and what a layer gives is
// packed at once for the next, so that between layers no number is written and read in another form. Layers too narrow to
// be worth their packing otherwise go this way too.
#pragma once

#include "perceptron.h"
#include "sidebyside.h"

namespace ceitorch {
namespace CEI_UNIT {

// Where a hidden layer's result goes: rows are the next layer's depth.
struct HiddenResult {
  uint16_t* to;       // the next layer's B, by strips of 16 columns
  int64_t blocks;     // of its depth
  const float* bias;  // [m]
  int64_t m;          // a multiple of a block's rows, zero where the layer has no more
};

// A block whose rows r and r+16 go to one row of the next layer's tile.
struct HiddenBlock {
  static constexpr int64_t kParts = kTile;  // pairs of rows
  alignas(64) float sums[4][kTile * kTile];
  const float* bias = nullptr;
  uint16_t* to = nullptr;
  int64_t next_strip = 0, done = kParts;
  bool wide = false;

  template <int M, int N>
  void take(const HiddenResult& r, int64_t row, int64_t column) {
    static_assert(kDepth == 2 * kTile, "a block of C is as high as a block of depth");
    _tile_stored(0, sums[0], 64);
    if constexpr (N == 2) _tile_stored(1, sums[1], 64);
    if constexpr (M == 2) _tile_stored(2, sums[2], 64);
    if constexpr (M == 2 && N == 2) _tile_stored(3, sums[3], 64);
    bias = r.bias + row;
    to = r.to + (column / kTile * r.blocks + row / kDepth) * kPieces;
    next_strip = r.blocks * kPieces, done = 0, wide = N == 2;
  }

  void finish_some(const HiddenResult&, int64_t count) {
    const int64_t end = done + count < kParts ? done + count : kParts;
    for (; done < end; ++done) {
      finish_pair(0, to);
      if (wide) finish_pair(1, to + next_strip);
    }
  }

  void finish_pair(int64_t v, uint16_t* tile) {
    const Vec<float> low = load<float>(sums[v] + done * kTile) + bias[done];
    const Vec<float> high = load<float>(sums[2 + v] + done * kTile) + bias[done + kTile];
    pack(reinterpret_cast<__m512>(elu<float>(low)), reinterpret_cast<__m512>(elu<float>(high)), tile + done * kDepth);
  }
};

class TileNetwork {
 public:
  // Weights that are much larger than this belong into products by blocks of them, as multiply_by_tiles does.
  static bool fits(const Perceptron& net) {
    if (net.count < 2 || net.layers[0].in > kMostDepth) return false;
    for (int64_t l = 0; l + 1 < net.count; ++l)
      if (net.layers[l].out < kDepth || net.layers[l].out > kMostDepth) return false;
    return true;
  }

  TileNetwork(const Perceptron& net, int64_t panel, Arena<float>& arena) : panel_(panel) {
    int64_t weights = 0, biases = 0, deepest = 0;
    for (int64_t l = 0; l < net.count; ++l) {
      const Layer& layer = net.layers[l];
      weights += weights_size(layer);
      biases += rounded_up(layer.out, 2 * kTile);
      if (depth_size(layer.in) > deepest) deepest = depth_size(layer.in);
    }
    weights_ = take(arena, weights);
    bias_ = arena.take(biases);
    for (auto& p : activations_) p = take(arena, panel / kTile * deepest);
  }

  // Packs the weights, of the first layer those of the inputs that vary.
  void prepare(const Perceptron& net, const float* parameters, const Given<float>& first) {
    net_ = net, inputs_ = first.inputs;
    uint16_t* to = weights_;
    float* bias = bias_;
    for (int64_t l = 0; l < net.count; ++l) {
      const Layer& layer = net.layers[l];
      const int64_t rows = rounded_up(layer.out, 2 * kTile);
      Product<float> p{};
      p.a = parameters + layer.weight, p.a_row = layer.in, p.m = layer.out, p.k = l == 0 ? first.inputs : layer.in;
      if (l == 0 && shallow()) pack_rows_side_by_side(p, rows, to);
      else pack_rows(p, rows, to);
      to += weights_size(layer);
      memcpy(bias, l == 0 ? first.bias : parameters + layer.bias, layer.out * sizeof(float));
      memset(bias + layer.out, 0, (rows - layer.out) * sizeof(float));
      bias += rows;
    }
  }

  // out [last][panel] of in [inputs][panel].
  void apply(const float* in, float* out) {
    uint16_t *from = activations_[0], *to = activations_[1];
    pack_panel(in, from);
    const uint16_t* weights = weights_;
    const float* bias = bias_;
    for (int64_t l = 0; l + 1 < net_.count; ++l) {
      const Layer& layer = net_.layers[l];
      const HiddenResult hidden{to, depth_blocks(layer.out), bias, rounded_up(layer.out, 2 * kTile)};
      if (l > 0) multiply<InPieces, HiddenBlock>(hidden, weights, from, depth_blocks(layer.in));
      else if (shallow()) multiply<SideBySide, HiddenBlock>(hidden, weights, from, SideBySide::blocks(inputs_));
      else multiply<InPieces, HiddenBlock>(hidden, weights, from, depth_blocks(inputs_));
      uint16_t* swap = from;
      from = to, to = swap;
      weights += weights_size(layer), bias += hidden.m;
    }
    const Layer& last = net_.layers[net_.count - 1];
    Product<float> p{};
    p.c = out, p.c_row = panel_, p.m = last.out, p.bias = bias;
    multiply<InPieces, Block<Start::bias, Finish::none>>(p, weights, from, depth_blocks(last.in));
  }

 private:
  int64_t panel_, inputs_ = 0;
  Perceptron net_{};
  uint16_t *weights_, *activations_[2];
  float* bias_;

  bool shallow() const { return inputs_ <= SideBySide::kMostInputs; }

  static int64_t depth_blocks(int64_t depth) { return rounded_up(depth, kDepth) / kDepth; }
  // Room for one tile's rows or columns in that depth, however they are packed.
  static int64_t depth_size(int64_t depth) {
    const int64_t pieces = depth_blocks(depth) * kPieces, side_by_side = SideBySide::blocks(SideBySide::kMostInputs) * SideBySide::kSize;
    return pieces > side_by_side ? pieces : side_by_side;
  }
  static int64_t weights_size(const Layer& layer) { return rounded_up(layer.out, 2 * kTile) / kTile * depth_size(layer.in); }
  static uint16_t* take(Arena<float>& arena, int64_t n) { return reinterpret_cast<uint16_t*>(arena.take(n / 2)); }

  void pack_panel(const float* in, uint16_t* to) const {
    Product<float> p{};
    p.b = in, p.b_row = panel_, p.k = inputs_;
    for (int64_t j = 0; j < panel_; j += kTile) {
      if (shallow()) pack_depth_side_by_side(p, j, to), to += SideBySide::blocks(inputs_) * kPiece;
      else pack_depth(p, j, to), to += depth_blocks(inputs_) * kPieces;
    }
  }

  template <typename Pieces, typename Block, typename Result>
  void multiply(const Result& result, const uint16_t* weights, const uint16_t* from, int64_t blocks) const {
    const int64_t strip = blocks * Pieces::kSize;
    Strips<Pieces, Block, Result> strips(result, weights, blocks);
    int64_t j = 0;
    for (; j + 2 * kTile <= panel_; j += 2 * kTile, from += 2 * strip) strips.template strip<2>(j, from);
    for (; j < panel_; j += kTile, from += strip) strips.template strip<1>(j, from);
    strips.end();
  }
};

}  // namespace CEI_UNIT
}  // namespace ceitorch
