// A whole conditional variational autoencoder in one operation on the CPU: its loss, that with its gradient, draws, and the bound of its
// log-density.
//
// The trained parameters come as one array: encoder, decoder, with learned variance its logarithm over gain [D], and with a
// learned prior that; each network layer by layer, weight [out,in] and bias [out]. Integers: D, C, L, whether the encoder sees
// the conditions, whether the variance is learned, whether the prior is, number of hidden layers, their widths. Numbers: gain
// of the log-variance, share of the divergence in the loss. Draws take standard normal noise [B,D] where the variance is
// learned, and the latent variable's mean and standard deviation [L] where the prior is not; the bound takes those too.
#include "shares.h"

namespace ceitorch {

namespace {

using at::Tensor;

struct VaePlan {
  Vae vae{};
  Layout layout;
  std::vector<Layer> encoder, decoder, prior;

  VaePlan(const Call& c, int64_t lanes) : layout(lanes) {
    vae.dim = c.integer(0), vae.conditions = c.integer(1), vae.latent = c.integer(2);
    vae.encoder_sees_conditions = c.integer(3) != 0;
    vae.gain = c.number(0), vae.share = c.number(1);
    if (vae.dim < 1 || vae.conditions < 1 || vae.latent < 1) throw ArgumentError("an autoencoder's sizes must be positive");
    encoder = layout.perceptron(sizes(c, vae.dim + (vae.encoder_sees_conditions ? vae.conditions : 0), 2 * vae.latent));
    decoder = layout.perceptron(sizes(c, vae.latent + vae.conditions, vae.dim));
    if (c.integer(4) != 0) std::tie(vae.slow_log, vae.slow_log_gradient) = layout.numbers(vae.dim);
    if (c.integer(5) != 0) prior = layout.perceptron(sizes(c, vae.conditions, 2 * vae.latent));
    vae.encoder = net(encoder), vae.decoder = net(decoder), vae.prior = net(prior);
  }

 private:
  static Perceptron net(const std::vector<Layer>& layers) { return {layers.data(), static_cast<int64_t>(layers.size())}; }

  static std::vector<int64_t> sizes(const Call& c, int64_t in, int64_t out) {
    std::vector<int64_t> all{in};
    for (int64_t i = 0; i < c.integer(6); ++i) all.push_back(c.integer(static_cast<int32_t>(7 + i)));
    all.push_back(out);
    for (auto n : all)
      if (n < 1) throw ArgumentError("the widths of an autoencoder's networks must be positive");
    return all;
  }
};

void check_parameters(const Tensor& flat, const VaePlan& plan, const Tensor& like) {
  check_flat_array(flat, "an autoencoder's parameters", plan.layout.count());
  check_alike(flat, "an autoencoder's parameters", like);
}

// x, y and ε, as the loss sees them.
struct Batch {
  Tensor x, y, epsilon, flat;

  Batch(const Call& c, const VaePlan& plan)
      : x(c.tensor(0).contiguous()), y(c.tensor(1).contiguous()), epsilon(c.tensor(2).contiguous()), flat(c.tensor(3)) {
    check_matrix(x, "an autoencoder's positions", plan.vae.dim);
    check_matrix(y, "an autoencoder's conditions", plan.vae.conditions);
    check_matrix(epsilon, "an autoencoder's noise", plan.vae.latent);
    TORCH_CHECK(x.size(0) > 0 && y.size(0) == x.size(0) && epsilon.size(0) == x.size(0),
                "an autoencoder's loss needs as many conditions and noises as rows, not shapes ", x.sizes(), ", ", y.sizes(), " and ",
                epsilon.sizes());
    for (const auto& t : {x, y, epsilon}) check_alike(t, "an autoencoder's batch", x);
    check_parameters(flat, plan, x);
  }
};

template <typename T>
std::pair<double, double> loss(const VaePlan& plan, const Batch& b, const Tensor& gradient, const Tensor& work) {
  const Shares s(b.x.size(0), workers_for<T>().lanes, workers_for<T>().panel);
  VaeTask<T> common{};
  common.vae = &plan.vae, common.parameters = b.flat.template data_ptr<T>();
  common.x = b.x.template data_ptr<T>(), common.y = b.y.template data_ptr<T>(), common.epsilon = b.epsilon.template data_ptr<T>();
  common.panel = s.panel, common.y_stride = plan.vae.conditions, common.weight = 1.0 / static_cast<double>(s.rows);
  const int64_t each = workers_for<T>().vae_work(common), own = gradient.defined() ? plan.layout.own_size() : 0;
  T* memory = room_in<T>(work, s.tasks * (each + own));
  std::vector<VaeTask<T>> tasks(s.tasks, common);
  each_task(s, [&](int64_t i) {
    auto& t = tasks[i];
    t.first = s.first(i), t.last = s.last(i);
    if (own > 0) t.gradient = memory + i * own;
    t.work = memory + s.tasks * own + i * each;
    workers_for<T>().vae_loss(t);
  });
  if (own > 0) plan.layout.reduce(memory, s.tasks, gradient.data_ptr<T>());
  double cost = 0, divergence = 0;
  for (const auto& t : tasks) cost += t.cost, divergence += t.divergence;
  return {cost, divergence};
}

void give_loss(Call& c, const VaePlan& plan, const Batch& b, const Tensor& gradient, const Tensor& work) {
  with_type(b.x, [&](auto zero) {
    const auto sums = loss<decltype(zero)>(plan, b, gradient, work);
    c.give(at::full({}, sums.first, b.x.options()));
    c.give(at::full({}, sums.second, b.x.options()));
  });
}

template <typename T>
void draw(const VaePlan& plan, VaeTask<T> common, const Tensor& out) {
  const Shares s(out.size(0), workers_for<T>().lanes, workers_for<T>().panel);
  if (s.rows == 0) return;
  common.panel = s.panel, common.out = out.data_ptr<T>();
  const int64_t each = workers_for<T>().vae_work(common);
  const auto memory = at::empty({s.tasks * each}, out.options());
  each_task(s, [&](int64_t i) {
    auto t = common;
    t.first = s.first(i), t.last = s.last(i);
    t.work = memory.data_ptr<T>() + i * each;
    workers_for<T>().vae_draw(t);
  });
}

// Panels hold draws, of which a row has many.
template <typename T>
void bound(const VaePlan& plan, VaeTask<T> common, const Tensor& out) {
  const auto& workers = workers_for<T>();
  const Shares s(out.size(0), workers.lanes, workers.panel);
  if (s.rows == 0) return;
  common.panel = s.panel;
  while (common.panel < workers.panel && common.panel < s.rows * common.draws) common.panel *= 2;
  common.out = out.data_ptr<T>();
  const int64_t each = workers.vae_bound_work(common);
  const auto memory = at::empty({s.tasks * each}, out.options());
  each_task(s, [&](int64_t i) {
    auto t = common;
    t.first = s.first(i), t.last = s.last(i);
    t.work = memory.data_ptr<T>() + i * each;
    workers.vae_bound(t);
  });
}

// The moments [L] of the latent variable, given where no prior is learned.
struct LatentMoments {
  Tensor mean, sd;

  LatentMoments(const Call& c, const VaePlan& plan, int32_t first, const Tensor& like) {
    if (plan.vae.prior.count > 0) return;
    mean = c.tensor(first), sd = c.tensor(first + 1);
    for (const auto& t : {mean, sd}) {
      check_alike(t, "a latent variable's moments", like);
      check_flat_array(t, "a latent variable's moments", plan.vae.latent);
    }
  }

  template <typename T>
  void give(VaeTask<T>& t) const {
    if (mean.defined()) t.latent_mean = mean.data_ptr<T>(), t.latent_sd = sd.data_ptr<T>();
  }
};

}  // namespace

void vae_loss(Call& c) {
  at::AutoGradMode mode(false);
  const VaePlan plan(c, lanes_for(c.tensor(0)));
  const Batch b(c, plan);
  give_loss(c, plan, b, Tensor(), at::empty({0}, b.x.options()));
}

void vae_gradient(Call& c) {
  at::AutoGradMode mode(false);
  const VaePlan plan(c, lanes_for(c.tensor(0)));
  const Batch b(c, plan);
  const auto &gradient = c.tensor(4), &work = c.tensor(5);
  check_flat_array(gradient, "an autoencoder's gradient", plan.layout.count());
  check_alike(gradient, "an autoencoder's gradient", b.x);
  check_alike(work, "an autoencoder's working memory", b.x);
  give_loss(c, plan, b, gradient, work);
}

void vae_draw(Call& c) {
  at::AutoGradMode mode(false);
  const VaePlan plan(c, lanes_for(c.tensor(0)));
  const auto epsilon = c.tensor(0).contiguous(), flat = c.tensor(2);
  check_matrix(epsilon, "an autoencoder's noise", plan.vae.latent);
  const int64_t rows = epsilon.size(0);
  const Conditions y(c.tensor(1), "an autoencoder's conditions", plan.vae.conditions, rows);
  for (const auto& t : {epsilon, y.rows}) check_alike(t, "an autoencoder's operands", epsilon);
  check_parameters(flat, plan, epsilon);
  int32_t next = 3;
  Tensor noise;
  if (plan.vae.slow_log >= 0) {
    noise = c.tensor(next++).contiguous();
    check_alike(noise, "an autoencoder's noise", epsilon);
    TORCH_CHECK(noise.dim() == 2 && noise.size(0) == rows && noise.size(1) == plan.vae.dim, "an autoencoder's noise must have shape [",
                rows, ",", plan.vae.dim, "], not ", noise.sizes());
  }
  const LatentMoments moments(c, plan, next, epsilon);
  const auto out = at::empty({rows, plan.vae.dim}, epsilon.options());
  with_type(epsilon, [&](auto zero) {
    using T = decltype(zero);
    VaeTask<T> t{};
    t.vae = &plan.vae, t.parameters = flat.data_ptr<T>(), t.y = y.rows.data_ptr<T>(), t.epsilon = epsilon.data_ptr<T>();
    t.y_stride = y.stride;
    if (noise.defined()) t.noise = noise.data_ptr<T>();
    moments.give(t);
    draw<T>(plan, t, out);
  });
  c.give(out);
}

void vae_bound(Call& c) {
  at::AutoGradMode mode(false);
  const VaePlan plan(c, lanes_for(c.tensor(0)));
  const auto x = c.tensor(0).contiguous(), y = c.tensor(1).contiguous(), epsilon = c.tensor(2).contiguous(), flat = c.tensor(3);
  check_matrix(x, "an autoencoder's positions", plan.vae.dim);
  check_matrix(y, "an autoencoder's conditions", plan.vae.conditions);
  check_matrix(epsilon, "an autoencoder's noise", plan.vae.latent);
  const int64_t rows = x.size(0), draws = rows > 0 ? epsilon.size(0) / rows : 1;
  TORCH_CHECK(y.size(0) == rows && draws > 0 && epsilon.size(0) == rows * draws,
              "a log-density's bound needs as many conditions as rows, and the same number of draws for each, not shapes ", x.sizes(), ", ",
              y.sizes(), " and ", epsilon.sizes());
  for (const auto& t : {x, y, epsilon}) check_alike(t, "an autoencoder's batch", x);
  check_parameters(flat, plan, x);
  const LatentMoments moments(c, plan, 4, x);
  const auto out = at::empty({rows}, x.options());
  with_type(x, [&](auto zero) {
    using T = decltype(zero);
    VaeTask<T> t{};
    t.vae = &plan.vae, t.parameters = flat.data_ptr<T>(), t.draws = draws;
    t.x = x.data_ptr<T>(), t.y = y.data_ptr<T>(), t.epsilon = epsilon.data_ptr<T>();
    moments.give(t);
    bound<T>(plan, t, out);
  });
  c.give(out);
}

}  // namespace ceitorch
