// A multilayer perceptron on one panel, with ELU after every layer but the last.
#pragma once

#include "multiply.h"
#include "transpose.h"
#include "workers.h"

namespace ceitorch {
namespace CEI_UNIT {

inline int64_t rounded_up(int64_t n, int64_t to) { return (n + to - 1) / to * to; }

// Memory handed out piece by piece, each on a cache line of its own. With null it only counts.
template <typename T>
struct Arena {
  T* start;
  int64_t used = 0;

  T* take(int64_t n) {
    T* p = start == nullptr ? nullptr : start + used;
    used += rounded_up(n, 64 / sizeof(T));
    return p;
  }
};

template <typename T>
int64_t hidden_size(const Perceptron& net, int64_t panel) {
  int64_t n = 0;
  for (int64_t l = 0; l + 1 < net.count; ++l) n += net.layers[l].out * panel;
  return n;
}

inline int64_t widest(const Perceptron& net) {
  int64_t n = 0;
  for (int64_t l = 0; l < net.count; ++l) {
    if (net.layers[l].in > n) n = net.layers[l].in;
    if (net.layers[l].out > n) n = net.layers[l].out;
  }
  return n;
}

// What a layer is added to: its bias, or where part of the input is the same for all rows, that part's product with it.
template <typename T>
struct Given {
  const T* bias;
  int64_t inputs;  // that vary, the first ones
};

// hidden receives the results of all layers but the last [width][panel], one after another, and out that of the last.
template <typename T>
void forward(const Perceptron& net, const T* parameters, const T* in, int64_t panel, T* hidden, T* out,
             const Given<T>* given = nullptr) {
  for (int64_t l = 0; l < net.count; ++l) {
    const Layer& layer = net.layers[l];
    const bool last = l + 1 == net.count;
    Product<T> p{};
    p.a = parameters + layer.weight, p.a_row = layer.in, p.a_column = 1;
    p.b = in, p.b_row = panel;
    p.c = last ? out : hidden, p.c_row = panel;
    p.m = layer.out, p.n = panel, p.k = layer.in;
    p.bias = parameters + layer.bias;
    if (l == 0 && given != nullptr) p.bias = given->bias, p.k = given->inputs;
    if (last) multiply<T, Start::bias, Finish::none>(p);
    else multiply<T, Start::bias, Finish::elu>(p);
    in = hidden;
    hidden += layer.out * panel;
  }
}

// bias [out] of the first layer, and what inputs from the given one on contribute to it.
template <typename T>
void first_layer_given(const Perceptron& net, const T* parameters, int64_t from, const T* rest, T* bias) {
  const Layer& layer = net.layers[0];
  for (int64_t o = 0; o < layer.out; ++o) {
    T sum = parameters[layer.bias + o];
    for (int64_t i = from; i < layer.in; ++i) sum += parameters[layer.weight + o * layer.in + i] * rest[i - from];
    bias[o] = sum;
  }
}

// Sums along a panel stay as wide as a vector until all panels are done: to is [rows][lanes].
template <typename T>
void add_row_sums(const T* of, int64_t rows, int64_t panel, T* to, bool fresh) {
  for (int64_t r = 0; r < rows; ++r) {
    Vec<T> sum = fresh ? Vec<T>{} : load<T>(to + r * kLanes<T>);
    for (int64_t j = 0; j < panel; j += kLanes<T>) sum += load<T>(of + r * panel + j);
    store<T>(to + r * kLanes<T>, sum);
  }
}

// Room for one panel's way back.
template <typename T>
struct Backward {
  T* transposed;  // [panel][widest, padded]
  T* here;        // [widest][panel]
  T* there;       // [widest][panel]

  static Backward take(Arena<T>& arena, int64_t widest_layer, int64_t panel) {
    const int64_t wide = rounded_up(widest_layer, kLanes<T>);
    return {arena.take(panel * wide), arena.take(wide * panel), arena.take(wide * panel)};
  }
};

// The gradients of weights and biases from that of the result, out [out][panel], go to gradient, which they fill where it is
// fresh and are added to otherwise. in_gradient receives that of the first inputs of the input; more adds to what it holds.
template <typename T>
void backward(const Perceptron& net, const T* parameters, const T* in, const T* hidden, const T* out, int64_t panel,
              Backward<T> room, T* gradient, bool fresh, T* in_gradient, int64_t inputs, bool more) {
  const T* result = hidden + hidden_size<T>(net, panel);
  const T* slope = out;
  for (int64_t l = net.count; l-- > 0;) {
    const Layer& layer = net.layers[l];
    const T* input = in;
    if (l > 0) input = result -= layer.in * panel;
    transpose(input, panel, layer.in, panel, room.transposed, layer.padded);
    Product<T> w{};
    w.a = slope, w.a_row = panel, w.a_column = 1;
    w.b = room.transposed, w.b_row = layer.padded;
    w.c = gradient + layer.weight_gradient, w.c_row = layer.padded;
    w.m = layer.out, w.n = layer.padded, w.k = panel;
    if (fresh) multiply<T, Start::zero, Finish::none>(w);
    else multiply<T, Start::existing, Finish::none>(w);
    add_row_sums(slope, layer.out, panel, gradient + layer.bias_gradient, fresh);

    Product<T> p{};
    p.a = parameters + layer.weight, p.a_row = 1, p.a_column = layer.in;
    p.b = slope, p.b_row = panel;
    p.c_row = panel, p.n = panel, p.k = layer.out;
    if (l > 0) {
      p.c = room.here, p.m = layer.in, p.result = input;
      multiply<T, Start::zero, Finish::slope>(p);
      slope = room.here;
      T* swap = room.here;
      room.here = room.there, room.there = swap;
    } else if (in_gradient != nullptr) {
      p.c = in_gradient, p.m = inputs;
      if (more) multiply<T, Start::existing, Finish::none>(p);
      else multiply<T, Start::zero, Finish::none>(p);
    }
  }
}

}  // namespace CEI_UNIT
}  // namespace ceitorch
