// A whole conditional flow in one operation on the CPU: its density, its inverse, and its loss with the gradient.
//
// The trained parameters come as one array, stage by stage: with normalisation its shift and log-scale [D], then the networks
// of the coupling, layer by layer, weight [out,in] and bias [out]. Integers: D, C, stages, networks, kind of coupling (0
// affine, 1 spline), bins, normalised, permuted, number of hidden layers, their widths. Numbers: clamp, bound. Where the stages
// are permuted, a permutation matrix [D,D] for each follows the other tensors; otherwise columns are reversed.
#include <memory>

#include "shares.h"

namespace ceitorch {

namespace {

using at::Tensor;

struct FlowPlan {
  Flow flow{};
  Layout layout;
  std::vector<std::vector<Layer>> layers;
  std::vector<Perceptron> networks;
  std::vector<int64_t> sources;
  std::vector<Stage> stages;

  FlowPlan(const Call& c, int64_t lanes, int32_t permutations) : layout(lanes) {
    flow.dim = c.integer(0), flow.conditions = c.integer(1), flow.stages = c.integer(2), flow.networks = c.integer(3);
    flow.kind = c.integer(4), flow.bins = c.integer(5);
    flow.clamp = c.number(0), flow.bound = c.number(1);
    check();
    const bool normalised = c.integer(6) != 0, permuted = c.integer(7) != 0;
    const auto sizes = sizes_with(c);
    stages.resize(flow.stages);
    networks.reserve(flow.stages * flow.networks);
    layers.reserve(flow.stages * flow.networks);
    sources.resize(flow.stages * flow.dim);
    for (int64_t s = 0; s < flow.stages; ++s) {
      if (normalised) {
        std::tie(stages[s].norm, stages[s].norm_gradient) = layout.numbers(2 * flow.dim);
      }
      stages[s].networks = networks.data() + networks.size();
      for (int64_t n = 0; n < flow.networks; ++n) {
        layers.push_back(layout.perceptron(sizes));
        networks.push_back({layers.back().data(), static_cast<int64_t>(layers.back().size())});
      }
      read_source(permuted ? &c.tensor(permutations + s) : nullptr, sources.data() + s * flow.dim);
      stages[s].source = sources.data() + s * flow.dim;
    }
    flow.stage = stages.data();
  }

 private:
  void check() const {
    if (flow.dim < 2 || flow.conditions < 1 || flow.stages < 1) throw ArgumentError("a flow needs two columns, a condition and a stage");
    if (flow.kind == kAffine ? flow.networks != 1 && flow.networks != 2 : flow.networks != 1)
      throw ArgumentError("an affine coupling has one network or two, a spline coupling one");
    if (flow.kind == kSpline && (flow.bins < 2 || flow.bins > 999 || !(flow.bound > 0)))
      throw ArgumentError("a spline needs from 2 to 999 bins and a positive bound");
  }

  std::vector<int64_t> sizes_with(const Call& c) const {
    std::vector<int64_t> sizes{flow.passing() + flow.conditions};
    for (int64_t i = 0; i < c.integer(8); ++i) sizes.push_back(c.integer(static_cast<int32_t>(9 + i)));
    sizes.push_back(flow.raw() / flow.networks);
    for (auto n : sizes)
      if (n < 1) throw ArgumentError("the widths of a flow's networks must be positive");
    return sizes;
  }

  static constexpr const char* kNoPermutation = "a permutation needs a one in each row and column, and zeros";

  void read_source(const Tensor* permutation, int64_t* source) const {
    const int64_t d = flow.dim;
    for (int64_t j = 0; j < d; ++j) source[j] = permutation == nullptr ? d - 1 - j : -1;
    if (permutation == nullptr) return;
    TORCH_CHECK(permutation->dim() == 2 && permutation->size(0) == d && permutation->size(1) == d, "a permutation must have shape [",
                d, ",", d, "], not ", permutation->sizes());
    const auto ones = permutation->to(at::kCPU, at::kDouble).contiguous();
    const double* p = ones.data_ptr<double>();
    for (int64_t i = 0; i < d; ++i) {
      int64_t ones_in_row = 0;
      for (int64_t j = 0; j < d; ++j) {
        if (p[i * d + j] == 0) continue;
        if (p[i * d + j] != 1 || ++ones_in_row > 1 || source[j] >= 0) throw ArgumentError(kNoPermutation);
        source[j] = i;
      }
      if (ones_in_row == 0) throw ArgumentError(kNoPermutation);
    }
  }
};

Tensor rows_of_variables(const Tensor& x, const FlowPlan& plan) {
  check_matrix(x, "a flow's variables", plan.flow.dim);
  check_alike(x, "a flow's variables", x);
  return x.contiguous();
}

struct Operands {
  Tensor x;
  Conditions y;
  Tensor flat;

  Operands(const Call& c, const FlowPlan& plan)
      : x(rows_of_variables(c.tensor(0), plan)), y(c.tensor(1), "a flow's conditions", plan.flow.conditions, x.size(0)), flat(c.tensor(2)) {
    check_flat_array(flat, "a flow's parameters", plan.layout.count());
    check_alike(y.rows, "a flow's conditions", x);
    check_alike(flat, "a flow's parameters", x);
  }

  template <typename T>
  FlowTask<T> task(const FlowPlan& plan, const Shares& s) const {
    FlowTask<T> t{};
    t.flow = &plan.flow, t.parameters = flat.data_ptr<T>(), t.x = x.data_ptr<T>(), t.y = y.rows.data_ptr<T>();
    t.y_stride = y.stride;
    t.panel = s.panel, t.panels = std::min<int64_t>(kMostPanels, std::max<int64_t>(1, kGroupRows / s.panel));
    t.first = 0, t.last = s.rows;
    return t;
  }

  // So many rows go through a stage together: enough to read its weights rarely, few enough for the cache to keep what
  // backward needs.
  static constexpr int64_t kGroupRows = 256;
};

template <typename T>
void run(const FlowPlan& plan, const Operands& o, const Tensor& out, const Tensor& log_det, void (*work)(FlowTask<T>&)) {
  const Shares s(o.x.size(0), workers_for<T>().lanes, workers_for<T>().panel);
  if (s.rows == 0) return;
  auto common = o.task<T>(plan, s);
  common.panels = std::min<int64_t>(kMostPanels, (s.panels() + s.tasks - 1) / s.tasks);
  const int64_t each = workers_for<T>().flow_work(common, false);
  const auto memory = at::empty({s.tasks * each}, o.x.options());
  each_task(s, [&](int64_t i) {
    auto t = common;
    t.first = s.first(i), t.last = s.last(i);
    t.work = memory.data_ptr<T>() + i * each;
    t.z = out.data_ptr<T>();
    if (log_det.defined()) t.log_det = log_det.data_ptr<T>();
    work(t);
  });
}

template <typename T>
std::pair<double, double> gradient(const FlowPlan& plan, const Operands& o, const Tensor& gradient, const Tensor& work) {
  const Shares s(o.x.size(0), workers_for<T>().lanes, workers_for<T>().panel);
  const auto common = o.task<T>(plan, s);
  const int64_t each = workers_for<T>().flow_work(common, true), own = plan.layout.own_size();
  T* memory = room_in<T>(work, s.tasks * (each + own));
  std::vector<FlowTask<T>> tasks(s.tasks, common);
  each_task(s, [&](int64_t i) {
    auto& t = tasks[i];
    t.first = s.first(i), t.last = s.last(i);
    t.gradient = memory + i * own;
    t.work = memory + s.tasks * own + i * each;
    t.weight = 1.0 / static_cast<double>(s.rows);
    workers_for<T>().flow_gradient(t);
  });
  plan.layout.reduce(memory, s.tasks, gradient.data_ptr<T>());
  double squares = 0, log_dets = 0;
  for (const auto& t : tasks) squares += t.squares, log_dets += t.log_dets;
  return {squares, log_dets};
}

}  // namespace

void flow(Call& c) {
  at::AutoGradMode mode(false);
  const FlowPlan plan(c, lanes_for(c.tensor(0)), 3);
  const Operands o(c, plan);
  const auto z = at::empty(o.x.sizes(), o.x.options()), log_det = at::empty({o.x.size(0)}, o.x.options());
  with_type(o.x, [&](auto zero) { run<decltype(zero)>(plan, o, z, log_det, workers_for<decltype(zero)>().flow_forward); });
  c.give(z);
  c.give(log_det);
}

void flow_inverse(Call& c) {
  at::AutoGradMode mode(false);
  const FlowPlan plan(c, lanes_for(c.tensor(0)), 3);
  const Operands o(c, plan);
  const auto x = at::empty(o.x.sizes(), o.x.options());
  with_type(o.x, [&](auto zero) { run<decltype(zero)>(plan, o, x, Tensor(), workers_for<decltype(zero)>().flow_inverse); });
  c.give(x);
}

void flow_gradient(Call& c) {
  at::AutoGradMode mode(false);
  const FlowPlan plan(c, lanes_for(c.tensor(0)), 5);
  const Operands o(c, plan);
  const auto& of_parameters = c.tensor(3);
  const auto& work = c.tensor(4);
  TORCH_CHECK(o.x.size(0) > 0, "a flow's gradient needs rows, not shape ", o.x.sizes());
  check_flat_array(of_parameters, "a flow's gradient", plan.layout.count());
  check_alike(of_parameters, "a flow's gradient", o.x);
  check_alike(work, "a flow's working memory", o.x);
  with_type(o.x, [&](auto zero) {
    const auto sums = gradient<decltype(zero)>(plan, o, of_parameters, work);
    c.give(at::full({}, sums.first, o.x.options()));
    c.give(at::full({}, sums.second, o.x.options()));
  });
}

}  // namespace ceitorch
