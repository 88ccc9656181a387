// A perceptron that is applied to panel after panel, with nothing kept for a way back.
#pragma once

#include "perceptron.h"
#ifdef CEI_TILES
#include "tilenetwork.h"
#endif

namespace ceitorch {
namespace CEI_UNIT {

// By vectors nothing needs to be ready.
template <typename T>
class VectorNetwork {
 public:
  VectorNetwork(const Perceptron& net, int64_t panel, Arena<T>& arena) : panel_(panel), hidden_(arena.take(hidden_size<T>(net, panel))) {}

  void prepare(const Perceptron& net, const T* parameters, const Given<T>& first) {
    net_ = net, parameters_ = parameters, first_ = first;
  }

  void apply(const T* in, T* out) { forward<T>(net_, parameters_, in, panel_, hidden_, out, &first_); }

 private:
  int64_t panel_;
  T* hidden_;
  Perceptron net_{};
  const T* parameters_ = nullptr;
  Given<T> first_{};
};

#ifdef CEI_TILES
template <typename T>
class Network;

template <>
class Network<double> : public VectorNetwork<double> {
 public:
  using VectorNetwork<double>::VectorNetwork;
};

template <>
class Network<float> {
 public:
  Network(const Perceptron& net, int64_t panel, Arena<float>& arena)
      : by_tiles_(TileNetwork::fits(net)), tiles_(by_tiles_ ? net : Perceptron{}, panel, arena), vectors_(by_tiles_ ? Perceptron{} : net, panel, arena) {}

  void prepare(const Perceptron& net, const float* parameters, const Given<float>& first) {
    if (by_tiles_) tiles_.prepare(net, parameters, first);
    else vectors_.prepare(net, parameters, first);
  }

  void apply(const float* in, float* out) {
    if (by_tiles_) tiles_.apply(in, out);
    else vectors_.apply(in, out);
  }

 private:
  bool by_tiles_;
  TileNetwork tiles_;
  VectorNetwork<float> vectors_;
};
#else
template <typename T>
using Network = VectorNetwork<T>;
#endif

// As a layer without anything given: its own bias, all its inputs.
template <typename T>
Given<T> nothing_given(const Perceptron& net, const T* parameters) {
  return {parameters + net.layers[0].bias, net.layers[0].in};
}

}  // namespace CEI_UNIT
}  // namespace ceitorch
