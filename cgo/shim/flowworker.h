// A thread's share of a conditional flow: forward, inverse, and the gradient of the mean negative log-likelihood, written by
// hand. A coupling is that of fused.cc or, with splines, of spline.cc.
//
// A batch goes through in groups of panels. All panels of a group pass one stage before any passes the next, so that the
// stage's weights are read from memory and made ready once a group; what backward needs of them is kept, and no more than a
// group's of it exists, however large the batch.
#pragma once

#include "network.h"
#include "splinestage.h"

namespace ceitorch {
namespace CEI_UNIT {

// What one panel keeps of one stage.
template <typename T>
struct Kept {
  T* x;       // [dim][panel], what the coupling saw
  T* raw;     // [Flow::raw()][panel], the networks' results; then s in place of the raw scale, shares in place of raw bins
  T* hidden;  // of each network
};

template <typename T>
class FlowWorker {
 public:
  FlowWorker(FlowTask<T>& task, bool gradient)
      : t(task), f(*task.flow), panel(task.panel), arena{task.work}, network{ready(gradient, 0), ready(gradient, 1)} {
    for (int64_t i = 0; i < t.panels; ++i) {
      in[i] = arena.take((f.passing() + f.conditions) * panel);
      z[i] = arena.take(f.dim * panel);
      log_det[i] = arena.take(panel);
      weight[i] = arena.take(panel);
    }
    const Perceptron* nets = f.stage[0].networks;
    hidden_each = gradient ? hidden_size<T>(nets[0], panel) : 0;
    kept_x = rounded_up(f.dim * panel, 16), kept_raw = rounded_up(f.raw() * panel, 16);
    kept_ = kept_x + kept_raw + rounded_up(f.networks * hidden_each, 16);
    keep = arena.take(gradient ? t.panels * f.stages * kept_ : kept_);
    scratch = arena.take((f.dim + 1) * panel);
    if (gradient) {
      draw = arena.take(f.raw() * panel);
      room = Backward<T>::take(arena, widest(nets[0]), panel);
    }
    if (t.y_stride == 0) given = arena.take(f.networks * nets[0].layers[0].out);
  }

  int64_t size() const { return arena.used; }

  void forward_all() {
    each_group([&](int64_t row, int64_t n) {
      for (int64_t s = 0; s < f.stages; ++s) {
        prepare(f.stage[s]);
        for (int64_t i = 0; i < n; ++i) forward_stage(s, i, kept_of(0, 0), kApplied);
      }
      for (int64_t i = 0; i < n; ++i, row += panel) {
        rows_from_panel(z[i], panel, rows_at(row), f.dim, t.z + row * f.dim, f.dim);
        memcpy(t.log_det + row, log_det[i], rows_at(row) * sizeof(T));
      }
    });
  }

  void inverse_all() {
    each_group([&](int64_t row, int64_t n) {
      for (int64_t s = f.stages; s-- > 0;) {
        prepare(f.stage[s]);
        for (int64_t i = 0; i < n; ++i) inverse_stage(s, i);
      }
      for (int64_t i = 0; i < n; ++i, row += panel) rows_from_panel(z[i], panel, rows_at(row), f.dim, t.z + row * f.dim, f.dim);
    });
  }

  void gradient_all() {
    each_group([&](int64_t row, int64_t n) { gradient_group(n, row == t.first); });
  }

 private:
  enum Use { kApplied, kDifferentiated };  // networks that are ready, or such that keep what backward needs

  FlowTask<T>& t;
  const Flow& f;
  const int64_t panel;
  Arena<T> arena;
  T *in[kMostPanels], *z[kMostPanels], *log_det[kMostPanels], *weight[kMostPanels];
  T *keep, *scratch, *draw = nullptr, *given = nullptr;
  Network<T> network[2];
  Backward<T> room{};
  int64_t kept_, kept_x, kept_raw, hidden_each;

  Network<T> ready(bool gradient, int64_t number) {
    const bool unused = gradient || number >= f.networks;
    return Network<T>(unused ? Perceptron{} : f.stage[0].networks[number], panel, arena);
  }

  // Reads group after group, and calls with its first row and number of panels.
  template <typename Do>
  void each_group(Do&& what) {
    for (int64_t row = t.first; row < t.last; row += t.panels * panel) {
      int64_t n = 0;
      for (int64_t at = row; n < t.panels && at < t.last; ++n, at += panel) read(n, at, rows_at(at));
      what(row, n);
    }
  }

  int64_t rows_at(int64_t row) const { return t.last - row < panel ? t.last - row : panel; }

  Kept<T> kept_of(int64_t i, int64_t stage) const {
    T* p = keep + (i * f.stages + stage) * kept_;
    return {p, p + kept_x, p + kept_x + kept_raw};
  }

  SplineShape<T> spline() const { return {f.bins, panel, T(f.bound)}; }

  void read(int64_t i, int64_t row, int64_t count) {
    panel_from_rows(t.x + row * f.dim, f.dim, count, f.dim, z[i], panel);
    panel_from_rows(t.y + row * t.y_stride, t.y_stride, count, f.conditions, in[i] + f.passing() * panel, panel);
    for (int64_t j = 0; j < panel; ++j) log_det[i][j] = 0, weight[i][j] = j < count ? T(t.weight) : T(0);
  }

  // Makes a stage's networks ready. Under one condition for all rows, what that adds to their first layers is found once.
  void prepare(const Stage& stage) {
    for (int64_t n = 0; n < f.networks; ++n) {
      const Perceptron& net = stage.networks[n];
      if (t.y_stride != 0) {
        network[n].prepare(net, t.parameters, nothing_given(net, t.parameters));
        continue;
      }
      T* bias = given + n * net.layers[0].out;
      first_layer_given(net, t.parameters, f.passing(), t.y, bias);
      network[n].prepare(net, t.parameters, {bias, f.passing()});
    }
  }

  // z [dim][panel] becomes what the stage makes of it.
  void forward_stage(int64_t number, int64_t i, const Kept<T>& kept, Use use) {
    const Stage& stage = f.stage[number];
    memcpy(kept.x, z[i], f.dim * panel * sizeof(T));
    if (stage.norm >= 0) normalise(stage, kept.x, log_det[i]);
    run_networks(stage, in[i], kept, use);
    const int64_t first = f.passing();
    const T* bent = kept.x + first * panel;
    T* out = scratch;
    if (f.kind == kSpline) {
      for (int64_t e = 0; e < f.bent(); ++e)
        spline_forward(bent + e * panel, out + e * panel, log_det[i], kept.raw + e * (3 * f.bins - 1) * panel, spline());
    } else {
      stretch(bent, kept.raw, out, log_det[i]);
    }
    place(stage, kept.x, out, z[i]);
  }

  // The networks' results for the columns that pass, ready for the coupling.
  void run_networks(const Stage& stage, T* input, const Kept<T>& kept, Use use) {
    memcpy(input, kept.x, f.passing() * panel * sizeof(T));
    const int64_t each = f.raw() / f.networks;
    for (int64_t n = 0; n < f.networks; ++n) {
      T* out = kept.raw + n * each * panel;
      if (use == kApplied) network[n].apply(input, out);
      else forward<T>(stage.networks[n], t.parameters, input, panel, kept.hidden + n * hidden_each, out);
    }
    if (f.kind == kSpline) {
      for (int64_t e = 0; e < f.bent(); ++e) {
        T* raw = kept.raw + e * (3 * f.bins - 1) * panel;
        softmax<T>(raw, f.bins, panel);
        softmax<T>(raw + f.bins * panel, f.bins, panel);
      }
    } else if (f.clamp > 0) {
      const T clamp = T(f.clamp), by = T(1 / f.clamp);
      for (int64_t j = 0; j < f.bent() * panel; j += kLanes<T>)
        store<T>(kept.raw + j, tanh<T>(load<T>(kept.raw + j) * by) * clamp);
    }
  }

  void stretch(const T* x, const T* raw, T* out, T* dets) {
    const int64_t n = f.bent() * panel;
    for (int64_t e = 0; e < n; e += panel)
      for (int64_t j = 0; j < panel; j += kLanes<T>) {
        const Vec<T> s = load<T>(raw + e + j);
        store<T>(out + e + j, load<T>(x + e + j) * exp<T>(s) + load<T>(raw + n + e + j));
        store<T>(dets + j, load<T>(dets + j) + s);
      }
  }

  // Column j of the stage's result is column source[j] of [passing, out].
  void place(const Stage& stage, const T* x, const T* out, T* to) {
    for (int64_t j = 0; j < f.dim; ++j) {
      const int64_t from = stage.source[j];
      const T* column = from < f.passing() ? x + from * panel : out + (from - f.passing()) * panel;
      memcpy(to + j * panel, column, panel * sizeof(T));
    }
  }

  void normalise(const Stage& stage, T* x, T* dets) {
    const T *shift = t.parameters + stage.norm, *log_scale = shift + f.dim;
    T total = 0;
    for (int64_t c = 0; c < f.dim; ++c) {
      const T scale = exp<T>(splat<T>(log_scale[c]))[0];
      total += log_scale[c];
      for (int64_t j = 0; j < panel; j += kLanes<T>) store<T>(x + c * panel + j, (load<T>(x + c * panel + j) - shift[c]) * scale);
    }
    for (int64_t j = 0; j < panel; j += kLanes<T>) store<T>(dets + j, load<T>(dets + j) + total);
  }

  // The other way round: z in place.
  void inverse_stage(int64_t number, int64_t i) {
    const Stage& stage = f.stage[number];
    const Kept<T> kept = kept_of(0, 0);
    const int64_t first = f.passing();
    T* bent = scratch;
    for (int64_t j = 0; j < f.dim; ++j) {
      const int64_t from = stage.source[j];
      memcpy(from < first ? kept.x + from * panel : bent + (from - first) * panel, z[i] + j * panel, panel * sizeof(T));
    }
    run_networks(stage, in[i], kept, kApplied);
    T* x = kept.x + first * panel;
    if (f.kind == kSpline) {
      for (int64_t e = 0; e < f.bent(); ++e)
        spline_inverse(bent + e * panel, x + e * panel, kept.raw + e * (3 * f.bins - 1) * panel, spline());
    } else {
      const int64_t n = f.bent() * panel;
      for (int64_t j = 0; j < n; j += kLanes<T>)
        store<T>(x + j, (load<T>(bent + j) - load<T>(kept.raw + n + j)) * exp<T>(-load<T>(kept.raw + j)));
    }
    memcpy(z[i], kept.x, f.dim * panel * sizeof(T));
    if (stage.norm >= 0) denormalise(stage, z[i]);
  }

  void denormalise(const Stage& stage, T* x) {
    const T *shift = t.parameters + stage.norm, *log_scale = shift + f.dim;
    for (int64_t c = 0; c < f.dim; ++c) {
      const T scale = exp<T>(splat<T>(-log_scale[c]))[0];
      for (int64_t j = 0; j < panel; j += kLanes<T>) store<T>(x + c * panel + j, load<T>(x + c * panel + j) * scale + shift[c]);
    }
  }

  void gradient_group(int64_t n, bool fresh) {
    for (int64_t s = 0; s < f.stages; ++s)
      for (int64_t i = 0; i < n; ++i) forward_stage(s, i, kept_of(i, s), kDifferentiated);
    for (int64_t i = 0; i < n; ++i) start_backward(i);
    for (int64_t s = f.stages; s-- > 0;)
      for (int64_t i = 0; i < n; ++i) backward_stage(s, i, kept_of(i, s), fresh && i == 0);
  }

  // The loss's two sums, and its gradient: weight·z of z, -weight of the log-determinant. z holds the gradient from here on.
  void start_backward(int64_t i) {
    Vec<T> squares{}, dets{};
    for (int64_t j = 0; j < panel; j += kLanes<T>) {
      const Vec<T> w = load<T>(weight[i] + j);
      Vec<T> square{};
      for (int64_t c = 0; c < f.dim; ++c) {
        const Vec<T> v = load<T>(z[i] + c * panel + j);
        square += v * v;
        store<T>(z[i] + c * panel + j, v * w);
      }
      squares += square * w * T(0.5);
      dets += load<T>(log_det[i] + j) * w;
      store<T>(log_det[i] + j, -w);
    }
    t.squares += double(sum_lanes<T>(squares));
    t.log_dets += double(sum_lanes<T>(dets));
  }

  void backward_stage(int64_t number, int64_t i, const Kept<T>& kept, bool fresh) {
    const Stage& stage = f.stage[number];
    const int64_t first = f.passing(), bent = f.bent(), n = bent * panel;
    T *dx = scratch, *dbent = scratch + first * panel, *x = kept.x + first * panel;
    for (int64_t j = 0; j < f.dim; ++j) memcpy(dx + stage.source[j] * panel, z[i] + j * panel, panel * sizeof(T));
    if (f.kind == kSpline) {
      for (int64_t e = 0; e < bent; ++e) {
        const int64_t at = e * (3 * f.bins - 1) * panel;
        spline_backward(x + e * panel, dbent + e * panel, log_det[i], dbent + e * panel, kept.raw + at, draw + at, spline());
      }
    } else {
      stretch_backward(x, kept.raw, dbent, log_det[i], n);
    }
    memcpy(in[i], kept.x, first * panel * sizeof(T));
    const bool needed = number > 0 || stage.norm >= 0;
    const int64_t each = f.raw() / f.networks;
    for (int64_t k = 0; k < f.networks; ++k)
      backward<T>(stage.networks[k], t.parameters, in[i], kept.hidden + k * hidden_each, draw + k * each * panel, panel, room,
                  t.gradient, fresh, needed ? dx : nullptr, first, true);
    if (stage.norm >= 0) normalise_backward(stage, kept.x, dx, log_det[i], fresh);
    memcpy(z[i], dx, f.dim * panel * sizeof(T));
  }

  // draw receives the gradients of the raw scale and of the shift, and dbent that of x in place of z's.
  void stretch_backward(const T* x, const T* raw, T* dbent, const T* dlog, int64_t n) {
    const T by = f.clamp > 0 ? T(1 / f.clamp) : T(0);
    for (int64_t e = 0; e < n; e += panel)
      for (int64_t j = 0; j < panel; j += kLanes<T>) {
        const Vec<T> s = load<T>(raw + e + j), dz = load<T>(dbent + e + j), dx = dz * exp<T>(s), bounded = s * by;
        const Vec<T> ds = dx * load<T>(x + e + j) + load<T>(dlog + j);
        store<T>(draw + e + j, ds * (T(1) - bounded * bounded));
        store<T>(draw + n + e + j, dz);
        store<T>(dbent + e + j, dx);
      }
  }

  // dx becomes the gradient of what was normalised; x is the result.
  void normalise_backward(const Stage& stage, const T* x, T* dx, const T* dlog, bool fresh) {
    const T* log_scale = t.parameters + stage.norm + f.dim;
    T* shift_gradient = t.gradient + stage.norm_gradient;
    T* scale_gradient = shift_gradient + f.dim * kLanes<T>;
    for (int64_t c = 0; c < f.dim; ++c) {
      const T scale = exp<T>(splat<T>(log_scale[c]))[0];
      Vec<T> of_shift = fresh ? Vec<T>{} : load<T>(shift_gradient + c * kLanes<T>);
      Vec<T> of_scale = fresh ? Vec<T>{} : load<T>(scale_gradient + c * kLanes<T>);
      for (int64_t j = 0; j < panel; j += kLanes<T>) {
        const Vec<T> d = load<T>(dx + c * panel + j);
        of_scale += d * load<T>(x + c * panel + j) + load<T>(dlog + j);
        of_shift -= d * scale;
        store<T>(dx + c * panel + j, d * scale);
      }
      store<T>(shift_gradient + c * kLanes<T>, of_shift);
      store<T>(scale_gradient + c * kLanes<T>, of_scale);
    }
  }
};

}  // namespace CEI_UNIT
}  // namespace ceitorch
