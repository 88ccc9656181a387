// A thread's share of a conditional variational autoencoder: the loss of package cvae with its gradient, written by hand, and
// draws. A panel goes all the way before the next begins: the weights are few.
#pragma once

#include "network.h"

namespace ceitorch {
namespace CEI_UNIT {

constexpr double kHalfLogTwoPi = 0.91893853320467274178;

template <typename T>
class VaeWorker {
 public:
  explicit VaeWorker(VaeTask<T>& task)
      : t(task), m(*task.vae), panel(task.panel), arena{task.work}, prior(ready(m.prior)), decoder(ready(m.decoder)) {
    encoder_in = arena.take((m.dim + m.conditions) * panel);
    decoder_in = arena.take((m.latent + m.conditions) * panel);
    epsilon = arena.take(m.latent * panel);
    encoder_hidden = arena.take(hidden_size<T>(m.encoder, panel));
    decoder_hidden = arena.take(hidden_size<T>(m.decoder, panel));
    prior_hidden = arena.take(hidden_size<T>(m.prior, panel));
    heads = arena.take(2 * m.latent * panel);
    prior_heads = arena.take(2 * m.latent * panel);
    out = arena.take(m.dim * panel);
    dz = arena.take(m.latent * panel);
    weight = arena.take(panel);
    sd = arena.take(m.dim);
    if (t.out != nullptr && same_conditions()) given = arena.take(m.decoder.layers[0].out);
    int64_t wide = widest(m.encoder);
    if (widest(m.decoder) > wide) wide = widest(m.decoder);
    if (widest(m.prior) > wide) wide = widest(m.prior);
    room = Backward<T>::take(arena, wide, panel);
  }

  int64_t size() const { return arena.used; }

  void loss_all() {
    for (int64_t row = t.first; row < t.last; row += panel) loss_panel(row, row == t.first);
  }

  void draw_all() {
    for (int64_t c = 0; c < m.dim; ++c)
      sd[c] = m.slow_log < 0 ? T(0) : exp<T>(splat<T>(T(0.5 * m.gain) * t.parameters[m.slow_log + c]))[0];
    prepare_decoder();
    if (learned_prior()) prior.prepare(m.prior, t.parameters, nothing_given(m.prior, t.parameters));
    for (int64_t row = t.first; row < t.last; row += panel) draw_panel(row, row == t.first);
  }

 private:
  VaeTask<T>& t;
  const Vae& m;
  const int64_t panel;
  Arena<T> arena;
  Network<T> prior, decoder;  // for draws
  T *encoder_in, *decoder_in, *epsilon, *encoder_hidden, *decoder_hidden, *prior_hidden;
  T *heads, *prior_heads, *out, *dz, *weight, *sd, *given = nullptr;
  Backward<T> room;

  Network<T> ready(const Perceptron& net) { return Network<T>(t.out == nullptr ? Perceptron{} : net, panel, arena); }
  int64_t rows_at(int64_t row) const { return t.last - row < panel ? t.last - row : panel; }
  bool learned_prior() const { return m.prior.count > 0; }
  bool same_conditions() const { return t.y_stride == 0; }

  // Under one condition for all rows, what that adds to the first layer is found once.
  void prepare_decoder() {
    if (!same_conditions()) return decoder.prepare(m.decoder, t.parameters, nothing_given(m.decoder, t.parameters));
    first_layer_given(m.decoder, t.parameters, m.latent, t.y, given);
    decoder.prepare(m.decoder, t.parameters, {given, m.latent});
  }

  void loss_panel(int64_t row, bool fresh) {
    const int64_t count = rows_at(row), heads_size = m.latent * panel;
    panel_from_rows(t.x + row * m.dim, m.dim, count, m.dim, encoder_in, panel);
    panel_from_rows(t.y + row * m.conditions, m.conditions, count, m.conditions, decoder_in + heads_size, panel);
    panel_from_rows(t.epsilon + row * m.latent, m.latent, count, m.latent, epsilon, panel);
    for (int64_t j = 0; j < panel; ++j) weight[j] = j < count ? T(t.weight) : T(0);
    const T* y = decoder_in + heads_size;
    if (m.encoder_sees_conditions) memcpy(encoder_in + m.dim * panel, y, m.conditions * panel * sizeof(T));

    forward<T>(m.encoder, t.parameters, encoder_in, panel, encoder_hidden, heads);
    reparameterise(heads);
    forward<T>(m.decoder, t.parameters, decoder_in, panel, decoder_hidden, out);
    cost(fresh);
    back(m.decoder, decoder_in, decoder_hidden, out, fresh, dz);
    if (learned_prior()) {
      forward<T>(m.prior, t.parameters, y, panel, prior_hidden, prior_heads);
      divergence_from_prior();
      back(m.prior, y, prior_hidden, prior_heads, fresh, nullptr);
    } else {
      divergence();
    }
    back(m.encoder, encoder_in, encoder_hidden, heads, fresh, nullptr);
  }

  // The gradient of a network's parameters, and in z_gradient, unless null, that of the latent variable among its inputs.
  void back(const Perceptron& net, const T* in, const T* hidden, const T* of, bool fresh, T* z_gradient) {
    if (t.gradient == nullptr) return;
    backward<T>(net, t.parameters, in, hidden, of, panel, room, t.gradient, fresh, z_gradient, m.latent, false);
  }

  // z = mean + sd·ε, to where the decoder reads it.
  void reparameterise(const T* of) {
    const int64_t n = m.latent * panel;
    for (int64_t j = 0; j < n; j += kLanes<T>)
      store<T>(decoder_in + j, load<T>(of + j) + load<T>(epsilon + j) * exp<T>(load<T>(of + n + j) * T(0.5)));
  }

  // What the reconstruction in out costs; out becomes the gradient of that.
  void cost(bool fresh) {
    Vec<T> total{};
    for (int64_t c = 0; c < m.dim; ++c) {
      const bool learned = m.slow_log >= 0;
      const T v = learned ? T(m.gain) * t.parameters[m.slow_log + c] : T(0);
      const T precision = learned ? T(0.5) * exp<T>(splat<T>(-v))[0] : T(1);
      const T constant = learned ? T(0.5) * v + T(kHalfLogTwoPi) : T(0);
      Vec<T> dv{};
      for (int64_t j = 0; j < panel; j += kLanes<T>) {
        const Vec<T> error = load<T>(out + c * panel + j) - load<T>(encoder_in + c * panel + j), w = load<T>(weight + j);
        const Vec<T> part = error * error * precision;
        total += (part + constant) * w;
        dv += (T(0.5) - part) * w;
        store<T>(out + c * panel + j, error * w * (T(2) * precision));
      }
      if (!learned || t.gradient == nullptr) continue;
      T* g = t.gradient + m.slow_log_gradient + c * kLanes<T>;
      store<T>(g, (fresh ? Vec<T>{} : load<T>(g)) + dv * T(m.gain));
    }
    t.cost += double(sum_lanes<T>(total));
  }

  // KL(q || N(0, I)); heads become the gradient of the loss, with dz from the decoder.
  void divergence() {
    const int64_t n = m.latent * panel;
    Vec<T> total{};
    for (int64_t r = 0; r < n; r += panel)
      for (int64_t j = 0; j < panel; j += kLanes<T>) {
        T *mean = heads + r + j, *log_variance = mean + n;
        const Vec<T> w = load<T>(weight + j) * T(m.share), mu = load<T>(mean), lv = load<T>(log_variance), v = exp<T>(lv);
        total += (mu * mu + v - lv - T(1)) * w * T(0.5);
        give_heads(r + j, mu * w, (v - T(1)) * w * T(0.5));
      }
    t.divergence += double(sum_lanes<T>(total));
  }

  // KL(q || p), p the learned prior's, whose heads become their own gradient.
  void divergence_from_prior() {
    const int64_t n = m.latent * panel;
    Vec<T> total{};
    for (int64_t r = 0; r < n; r += panel)
      for (int64_t j = 0; j < panel; j += kLanes<T>) {
        const T *mean = heads + r + j, *log_variance = mean + n;
        T *prior_mean = prior_heads + r + j, *prior_log_variance = prior_mean + n;
        const Vec<T> w = load<T>(weight + j) * T(m.share), apart = load<T>(mean) - load<T>(prior_mean);
        const Vec<T> pl = load<T>(prior_log_variance), log_ratio = load<T>(log_variance) - pl;
        const Vec<T> ratio = exp<T>(log_ratio), pull = apart * exp<T>(-pl), distance = apart * pull;
        total += (distance + ratio - log_ratio - T(1)) * w * T(0.5);
        store<T>(prior_mean, -pull * w);
        store<T>(prior_log_variance, (T(1) - distance - ratio) * w * T(0.5));
        give_heads(r + j, pull * w, (ratio - T(1)) * w * T(0.5));
      }
    t.divergence += double(sum_lanes<T>(total));
  }

  // The gradient of the encoder's heads at one place: that of the divergence, and what came back through z.
  void give_heads(int64_t at, Vec<T> of_mean, Vec<T> of_log_variance) {
    T *mean = heads + at, *log_variance = mean + m.latent * panel;
    const Vec<T> back = load<T>(dz + at), half_sd = exp<T>(load<T>(log_variance) * T(0.5)) * T(0.5);
    store<T>(mean, of_mean + back);
    store<T>(log_variance, of_log_variance + back * load<T>(epsilon + at) * half_sd);
  }

  void draw_panel(int64_t row, bool first) {
    const int64_t count = rows_at(row), n = m.latent * panel;
    panel_from_rows(t.epsilon + row * m.latent, m.latent, count, m.latent, epsilon, panel);
    const bool same = same_conditions();
    if (first || !same) panel_from_rows(t.y + row * t.y_stride, t.y_stride, same ? panel : count, m.conditions, decoder_in + n, panel);
    if (learned_prior()) {
      if (first || !same) prior.apply(decoder_in + n, prior_heads);
      reparameterise(prior_heads);
    } else {
      for (int64_t c = 0; c < m.latent; ++c)
        for (int64_t j = c * panel; j < (c + 1) * panel; j += kLanes<T>)
          store<T>(decoder_in + j, load<T>(epsilon + j) * t.latent_sd[c] + t.latent_mean[c]);
    }
    decoder.apply(decoder_in, out);
    rows_from_panel(out, panel, count, m.dim, t.out + row * m.dim, m.dim);
    if (t.noise == nullptr) return;
    for (int64_t r = row; r < row + count; ++r)
      for (int64_t c = 0; c < m.dim; ++c) t.out[r * m.dim + c] += t.noise[r * m.dim + c] * sd[c];
  }
};

}  // namespace CEI_UNIT
}  // namespace ceitorch
