// The general operations: each a line that reads its arguments and calls libtorch.
#include <torch/csrc/autograd/autograd.h>

#include "guard.h"

namespace ceitorch {

namespace {

// The dims that follow keepdim; none means all.
std::vector<int64_t> reduced_dims(const Call& c, const at::Tensor& t) {
  auto dims = c.integers_from(1);
  if (dims.empty())
    for (int64_t d = 0; d < t.dim(); ++d) dims.push_back(d);
  return dims;
}

// In-place writes to leaves are what optimisers and loaders do; autograd must not record them.
at::Tensor written(const at::Tensor& target) { return target.detach(); }

// A source that broadcast would fill a model from a file that is not its own.
void overwrite(const at::Tensor& target, const at::Tensor& source) {
  TORCH_CHECK(target.sizes() == source.sizes(), "cannot copy shape ", source.sizes(), " into shape ", target.sizes());
  written(target).copy_(source.detach());
}

at::Tensor gradient_or_zeros(const at::Tensor& leaf) {
  const auto& g = leaf.grad();
  return g.defined() ? g : at::zeros_like(leaf);
}

std::vector<at::Tensor> gradients(const Call& c) {
  const auto& output = c.tensor(0);
  auto inputs = c.tensors_from(1);
  auto found = torch::autograd::grad({output}, inputs, {at::ones_like(output)}, /*retain_graph=*/true,
                                     /*create_graph=*/false, /*allow_unused=*/true);
  for (size_t i = 0; i < found.size(); ++i)
    if (!found[i].defined()) found[i] = at::zeros_like(inputs[i]);
  return found;
}

// Leaves that share one flat buffer, with gradients that share another: an optimiser's step is then one pass over two
// flat arrays, and backward accumulates straight into the second, because AccumulateGrad adds in place.
std::vector<at::Tensor> parameter_views(const Call& c) {
  const auto& flat = c.tensor(0);
  const auto& gradient = c.tensor(1);
  std::vector<at::Tensor> leaves;
  for (int32_t i = 0; i < c.integers();) {
    const int64_t offset = c.integer(i++);
    std::vector<int64_t> shape(c.integer(i++));
    int64_t count = 1;
    for (auto& s : shape) count *= (s = c.integer(i++));
    auto leaf = flat.detach().narrow(0, offset, count).view(shape).detach();
    leaf.set_requires_grad(true);
    leaf.mutable_grad() = gradient.detach().narrow(0, offset, count).view(shape).detach();
    leaves.push_back(std::move(leaf));
  }
  return leaves;
}

void create(int32_t code, Call& c) {
  switch (code) {
    case CT_OP_FULL: return c.give(at::full(c.integers_from(3), c.number(0), c.like(0)));
    case CT_OP_NORMAL: return normal(c);
    case CT_OP_UNIFORM: return c.give(at::empty(c.integers_from(3), c.like(0)).uniform_(0, 1, c.generator()));
    case CT_OP_RANDPERM:
      return c.give(at::randperm(c.integer(2), c.generator(),
                                 at::TensorOptions().dtype(at::kLong).device(device_of(c.integer(0), c.integer(1)))));
  }
}

void element_by_element(int32_t code, Call& c) {
  const auto& a = c.tensor(0);
  switch (code) {
    case CT_OP_ADD: return c.give(at::add(a, c.tensor(1)));
    case CT_OP_SUB: return c.give(at::sub(a, c.tensor(1)));
    case CT_OP_MUL: return c.give(at::mul(a, c.tensor(1)));
    case CT_OP_DIV: return c.give(at::div(a, c.tensor(1)));
    case CT_OP_AFFINE: return c.give(at::add(at::mul(a, c.number(0)), c.number(1)));
    case CT_OP_EXP: return c.give(at::exp(a));
    case CT_OP_LOG: return c.give(at::log(a));
    case CT_OP_SQRT: return c.give(at::sqrt(a));
    case CT_OP_SQUARE: return c.give(at::mul(a, a));
    case CT_OP_ABS: return c.give(at::abs(a));
    case CT_OP_TANH: return c.give(at::tanh(a));
    case CT_OP_ELU: return c.give(at::elu(a));
    case CT_OP_CLAMP: return c.give(at::clamp(a, c.number(0), c.number(1)));
    case CT_OP_MATMUL: return c.give(at::matmul(a, c.tensor(1)));
    case CT_OP_LINEAR: return c.give(at::linear(a, c.tensor(1), c.tensors() > 2 ? c.tensor(2) : at::Tensor()));
  }
}

void reduce(int32_t code, Call& c) {
  const auto& a = c.tensor(0);
  if (code == CT_OP_ALL_FINITE) return c.give(at::isfinite(a).all().to(at::kLong));
  const bool keep = c.integer(0) != 0;
  const auto dims = reduced_dims(c, a);
  switch (code) {
    case CT_OP_SUM: return c.give(at::sum(a, dims, keep));
    case CT_OP_MEAN: return c.give(at::mean(a, dims, keep));
    case CT_OP_VARIANCE: return c.give(at::var(a, at::OptionalIntArrayRef(dims), /*unbiased=*/false, keep));
    case CT_OP_LOGSUMEXP: return c.give(at::logsumexp(a, dims, keep));
  }
}

void reshape(int32_t code, Call& c) {
  if (code == CT_OP_CAT) return c.give(at::cat(c.tensors_from(0), c.integer(0)));
  const auto& a = c.tensor(0);
  switch (code) {
    case CT_OP_NARROW: return c.give(a.narrow(c.integer(0), c.integer(1), c.integer(2)));
    case CT_OP_RESHAPE: return c.give(a.reshape(c.integers_from(0)));
    case CT_OP_TRANSPOSE: return c.give(a.transpose(c.integer(0), c.integer(1)));
    case CT_OP_EXPAND: return c.give(a.expand(c.integers_from(0)));
    case CT_OP_FLIP: return c.give(at::flip(a, {c.integer(0)}));
    case CT_OP_SELECT_ROWS: return c.give(at::index_select(a, 0, c.tensor(1)));
    case CT_OP_REPEAT_ROWS: return c.give(a.repeat_interleave(c.integer(0), 0));
  }
}

void copy(int32_t code, Call& c) {
  const auto& a = c.tensor(0);
  switch (code) {
    case CT_OP_TO: return c.give(a.to(c.like(0)));
    case CT_OP_CLONE: return c.give(at::clone(a, at::MemoryFormat::Contiguous));
    case CT_OP_DETACH: return c.give(a.detach());
    case CT_OP_ALIAS:
    case CT_OP_EXPORT: return c.give(a);
    case CT_OP_COPY: overwrite(a, c.tensor(1)); return;
    case CT_OP_ZERO: written(a).zero_(); return;
  }
}

void differentiate(int32_t code, Call& c) {
  switch (code) {
    case CT_OP_BACKWARD: torch::autograd::backward({c.tensor(0)}, {}); return;
    case CT_OP_GRADIENT: return c.give(gradients(c));
    case CT_OP_REQUIRE_GRAD: c.tensor(0).set_requires_grad(c.integer(0) != 0); return;
    case CT_OP_GRAD: return c.give(gradient_or_zeros(c.tensor(0)));
    case CT_OP_PARAMETERS: return c.give(parameter_views(c));
  }
}

}  // namespace

void run_op(int32_t code, Call& c) {
  if (code < 0 || code >= CT_OP_COUNT) throw ArgumentError("unknown operation");
  if (code <= CT_OP_RANDPERM) return create(code, c);
  if (code <= CT_OP_LINEAR) return element_by_element(code, c);
  if (code <= CT_OP_ALL_FINITE) return reduce(code, c);
  if (code <= CT_OP_REPEAT_ROWS) return reshape(code, c);
  if (code <= CT_OP_ZERO) return copy(code, c);
  if (code <= CT_OP_PARAMETERS) return differentiate(code, c);
  switch (code) {
    case CT_OP_MLP: return mlp(c);
    case CT_OP_COUPLING: return coupling(c);
    case CT_OP_UNCOUPLING: return uncoupling(c);
    case CT_OP_ADAM: return adam(c);
    case CT_OP_SPLINE: return spline(c);
    case CT_OP_MIXING: return mixing(c);
    case CT_OP_FLOW: return flow(c);
    case CT_OP_FLOW_INVERSE: return flow_inverse(c);
    case CT_OP_FLOW_GRADIENT: return flow_gradient(c);
    case CT_OP_VAE_LOSS: return vae_loss(c);
    case CT_OP_VAE_GRADIENT: return vae_gradient(c);
    case CT_OP_VAE_DRAW: return vae_draw(c);
    case CT_OP_VAE_BOUND: return vae_bound(c);
    case CT_OP_ADAM_DEVICE: return adam_device(c);
    case CT_OP_GATHER: return gather(c);
    case CT_OP_TALLY: return tally(c);
  }
}

}  // namespace ceitorch
