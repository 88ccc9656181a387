// The fused operations of the two models: a whole multilayer perceptron and a whole affine coupling, each one node of
// the autograd graph with its backward written by hand.
//
// A coupling splits x [B,D] into x1 (the first D/2 columns, rounded down) and x2 (the rest), and with y [B,C] computes
//     z1 = x1,   z2 = x2 * exp(s) + t,   s, t = networks([x1, y]),   log|det dz/dx| = sum of s over columns.
// (Dinh et al. 2017, Real NVP, arXiv:1605.08803, with the conditions of Ardizzone et al. 2019, arXiv:1907.02392.)
// With two networks, the first gives s and the second t; with one, s and t are the halves of its output. A positive
// clamp c bounds s softly: s = c * tanh(s_raw / c). With flip, the columns of z are reversed afterwards.
// Tensors: x, y, then w0 b0 w1 b1 ... of each network, all networks equally deep.
#include <torch/csrc/autograd/custom_function.h>

#include "guard.h"

namespace ceitorch {

namespace {

using at::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

// Weights and biases by turns, as they came.
struct Layers {
  std::vector<Tensor> parameters;
  size_t count() const { return parameters.size() / 2; }
  const Tensor& weight(size_t i) const { return parameters[2 * i]; }
  const Tensor& bias(size_t i) const { return parameters[2 * i + 1]; }
};

Layers layers_of(std::vector<Tensor> parameters) {
  if (parameters.empty() || parameters.size() % 2 != 0) throw ArgumentError("a network needs a weight and a bias for each layer");
  return Layers{std::move(parameters)};
}

// The output; activations receives the input of every layer, which is all that backward needs.
Tensor forward(const Layers& net, const Tensor& input, std::vector<Tensor>* activations) {
  Tensor h = input;
  for (size_t i = 0; i < net.count(); ++i) {
    if (activations != nullptr) activations->push_back(h);
    h = at::addmm(net.bias(i), h, net.weight(i).t());
    if (i + 1 < net.count()) at::elu_(h);
  }
  return h;
}

// The gradients of weights and biases by turns; grad_input receives that of the input unless it is null.
std::vector<Tensor> backward(const Layers& net, const std::vector<Tensor>& activations, Tensor grad, Tensor* grad_input) {
  std::vector<Tensor> grads(net.parameters.size());
  for (size_t i = net.count(); i-- > 0;) {
    grads[2 * i] = at::mm(grad.t(), activations[i]);
    grads[2 * i + 1] = grad.sum(0);
    if (i == 0 && grad_input == nullptr) break;
    grad = at::mm(grad, net.weight(i));
    // The activation is ELU's result, and its slope follows from that alone: 1 above zero, result + 1 below.
    if (i > 0) grad = at::elu_backward(grad, 1, 1, 1, /*is_result=*/true, activations[i]);
  }
  if (grad_input != nullptr) *grad_input = grad;
  return grads;
}

void append(variable_list& to, const std::vector<Tensor>& more) { to.insert(to.end(), more.begin(), more.end()); }

variable_list slice(const variable_list& all, size_t start, size_t count) {
  return variable_list(all.begin() + start, all.begin() + start + count);
}

struct Mlp : torch::autograd::Function<Mlp> {
  static Tensor forward(AutogradContext* ctx, const Tensor& x, at::TensorList parameters) {
    const auto net = layers_of(parameters.vec());
    variable_list saved;
    auto out = ceitorch::forward(net, x, &saved);
    append(saved, net.parameters);
    ctx->save_for_backward(saved);
    return out;
  }

  static variable_list backward(AutogradContext* ctx, variable_list grads) {
    auto saved = ctx->get_saved_variables();
    const size_t depth = saved.size() / 3;
    Layers net{slice(saved, depth, 2 * depth)};
    variable_list result(1);
    auto of_parameters = ceitorch::backward(net, slice(saved, 0, depth), grads[0],
                                            ctx->needs_input_grad(0) ? &result[0] : nullptr);
    append(result, of_parameters);
    return result;
  }
};

struct CouplingShape {
  int64_t networks;
  bool flip;
  double clamp;

  void check(const Tensor& x, const Tensor& y, size_t parameters) const {
    if (networks != 1 && networks != 2) throw ArgumentError("a coupling has one network or two");
    if (parameters == 0 || parameters % (2 * networks) != 0)
      throw ArgumentError("a coupling's networks need a weight and a bias for each layer");
    TORCH_CHECK(x.dim() == 2 && x.size(1) >= 2, "a coupling needs shape [B,D] with D of at least 2");
    TORCH_CHECK(y.dim() == 2 && y.size(0) == x.size(0), "a coupling's condition needs shape [B,C] with the same B");
  }
};

// Not in place, because autograd keeps tanh's result where it follows the inverse.
Tensor clamped(const Tensor& raw, double clamp) { return clamp > 0 ? at::tanh(raw / clamp) * clamp : raw; }

std::vector<Layers> networks_of(const std::vector<Tensor>& parameters, int64_t networks) {
  const size_t each = parameters.size() / networks;
  std::vector<Layers> nets;
  for (int64_t i = 0; i < networks; ++i) nets.push_back(layers_of(slice(parameters, i * each, each)));
  return nets;
}

// Other widths would broadcast, or pass unnoticed until backward.
Tensor checked(Tensor out, int64_t columns) {
  TORCH_CHECK(out.size(1) == columns, "a coupling's network must give shape [B,", columns, "], not ", out.sizes());
  return out;
}

// The raw scale and the translation, before the clamp.
std::pair<Tensor, Tensor> scale_and_shift(const std::vector<Layers>& nets, const Tensor& h, int64_t columns,
                                          std::vector<Tensor>* activations) {
  const int64_t each = nets.size() == 2 ? columns : 2 * columns;
  const auto out = checked(forward(nets[0], h, activations), each);
  if (nets.size() == 2) return {out, checked(forward(nets[1], h, activations), each)};
  return {out.narrow(1, 0, columns), out.narrow(1, columns, columns)};
}

struct Coupling : torch::autograd::Function<Coupling> {
  static variable_list forward(AutogradContext* ctx, const Tensor& x, const Tensor& y, at::TensorList parameters,
                               CouplingShape shape) {
    const auto nets = networks_of(parameters.vec(), shape.networks);
    const int64_t first = x.size(1) / 2, second = x.size(1) - first;
    const auto x1 = x.narrow(1, 0, first), x2 = x.narrow(1, first, second);
    variable_list activations;
    auto [raw, shift] = scale_and_shift(nets, at::cat({x1, y}, 1), second, &activations);
    const auto scale = clamped(raw, shape.clamp);
    const auto stretched = x2 * at::exp(scale);
    auto z = at::cat({x1, stretched + shift}, 1);
    if (shape.flip) z = at::flip(z, {1});

    variable_list saved{x, y, scale};
    append(saved, activations);
    append(saved, parameters.vec());
    ctx->save_for_backward(saved);
    ctx->saved_data["networks"] = shape.networks;
    ctx->saved_data["flip"] = shape.flip;
    ctx->saved_data["clamp"] = shape.clamp;
    return {z, scale.sum(1)};
  }

  static variable_list backward(AutogradContext* ctx, variable_list grads) {
    const auto saved = ctx->get_saved_variables();
    const auto networks = static_cast<size_t>(ctx->saved_data["networks"].toInt());
    const double clamp = ctx->saved_data["clamp"].toDouble();
    const auto &x = saved[0], &y = saved[1], &scale = saved[2];
    const size_t depth = (saved.size() - 3) / (3 * networks);
    const auto nets = networks_of(slice(saved, 3 + networks * depth, 2 * networks * depth), networks);
    const int64_t first = x.size(1) / 2, second = x.size(1) - first;

    auto dz = grads[0].defined() ? grads[0] : at::zeros_like(x);
    if (ctx->saved_data["flip"].toBool()) dz = at::flip(dz, {1});
    const auto dz1 = dz.narrow(1, 0, first), dz2 = dz.narrow(1, first, second).contiguous();
    const auto dx2 = dz2 * at::exp(scale);
    auto dscale = dx2 * x.narrow(1, first, second);
    if (grads[1].defined()) dscale.add_(grads[1].unsqueeze(1));
    if (clamp > 0) dscale.mul_(1 - at::square(scale / clamp));

    Tensor dh;
    std::vector<Tensor> of_parameters;
    const bool inputs_matter = ctx->needs_input_grad(0) || ctx->needs_input_grad(1);
    for (size_t i = 0; i < networks; ++i) {
      const auto dout = networks == 1 ? at::cat({dscale, dz2}, 1) : (i == 0 ? dscale : dz2);
      Tensor part;
      append(of_parameters, ceitorch::backward(nets[i], slice(saved, 3 + i * depth, depth), dout,
                                               inputs_matter ? &part : nullptr));
      if (inputs_matter) dh = dh.defined() ? dh.add_(part) : part;
    }
    variable_list result(2);
    if (ctx->needs_input_grad(0)) result[0] = at::cat({dz1 + dh.narrow(1, 0, first), dx2}, 1);
    if (ctx->needs_input_grad(1)) result[1] = dh.narrow(1, first, y.size(1));
    append(result, of_parameters);
    result.emplace_back();  // the shape is not a tensor
    return result;
  }
};

CouplingShape coupling_shape(const Call& c) {
  CouplingShape shape{c.integer(0), c.integer(1) != 0, c.number(0)};
  shape.check(c.tensor(0), c.tensor(1), c.tensors() - 2);
  return shape;
}

}  // namespace

// Function::apply takes as inputs of the graph only what it sees as a TensorList, not a vector.
void mlp(Call& c) {
  const auto parameters = c.tensors_from(1);
  c.give(Mlp::apply(c.tensor(0), at::TensorList(parameters)));
}

void coupling(Call& c) {
  const auto parameters = c.tensors_from(2);
  c.give(Coupling::apply(c.tensor(0), c.tensor(1), at::TensorList(parameters), coupling_shape(c)));
}

// The inverse is for sampling; where its gradient is wanted, libtorch's own autograd follows these few operations.
void uncoupling(Call& c) {
  const auto shape = coupling_shape(c);
  const auto nets = networks_of(c.tensors_from(2), shape.networks);
  auto z = c.tensor(0);
  if (shape.flip) z = at::flip(z, {1});
  const int64_t first = z.size(1) / 2, second = z.size(1) - first;
  const auto z1 = z.narrow(1, 0, first), z2 = z.narrow(1, first, second);
  const auto [raw, shift] = scale_and_shift(nets, at::cat({z1, c.tensor(1)}, 1), second, nullptr);
  c.give(at::cat({z1, (z2 - shift) * at::exp(-clamped(raw, shape.clamp))}, 1));
}

}  // namespace ceitorch
