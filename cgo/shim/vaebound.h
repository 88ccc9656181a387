// A thread's share of the bound of a variational autoencoder's log-density: log 1/K Σ p(x|z,y) p(z|y) / q(z|x,y) over K draws z of
// q (Burda, Grosse & Salakhutdinov 2016, Importance weighted autoencoders, arXiv:1509.00519, equation 8).
//
// A panel of rows is encoded; then their draws, K for each, go through the decoder, a panel of draws after the other. Nothing of
// them is ever in memory at once but their weights.
#pragma once

#include "network.h"

namespace ceitorch {
namespace CEI_UNIT {

template <typename T>
class VaeBound {
 public:
  explicit VaeBound(const VaeTask<T>& task)
      : t(task), m(*task.vae), panel(task.panel), arena{task.work}, encoder(m.encoder, panel, arena), prior(m.prior, panel, arena),
        decoder(m.decoder, panel, arena) {
    x = take(m.dim), y = take(m.conditions), mean = take(2 * m.latent), prior_mean = take(2 * m.latent), encoder_in = take(m.dim + m.conditions);
    decoder_in = take(m.latent + m.conditions), epsilon = take(m.latent), of_draw = take(4 * m.latent + m.dim), out = take(m.dim);
    precision = arena.take(m.dim);
    log_weight = arena.take(panel * t.draws + panel);
  }

  int64_t size() const { return arena.used; }

  void bound_all() {
    prepare();
    for (int64_t row = t.first; row < t.last; row += panel) {
      const int64_t count = t.last - row < panel ? t.last - row : panel;
      encode(row, count);
      for (int64_t draw = 0; draw < count * t.draws; draw += panel) weigh(row, count, draw);
      for (int64_t r = 0; r < count; ++r) t.out[row + r] = log_mean(log_weight + r * t.draws);
    }
  }

 private:
  const VaeTask<T>& t;
  const Vae& m;
  const int64_t panel;
  Arena<T> arena;
  Network<T> encoder, prior, decoder;
  T *x, *y, *encoder_in;
  T *mean, *prior_mean;         // [latent][panel] of the rows, and log-variances after them
  T *decoder_in, *epsilon, *out;
  T* of_draw;                   // of the draws' rows: mean, log-variance, both of the prior, x
  T *precision, *log_weight;    // [dim], [rows][draws]
  T constant = 0;               // of the decoder's log-density

  T* take(int64_t features) { return arena.take(features * panel); }
  bool learned_prior() const { return m.prior.count > 0; }

  void prepare() {
    encoder.prepare(m.encoder, t.parameters, nothing_given(m.encoder, t.parameters));
    decoder.prepare(m.decoder, t.parameters, nothing_given(m.decoder, t.parameters));
    if (learned_prior()) prior.prepare(m.prior, t.parameters, nothing_given(m.prior, t.parameters));
    const bool learned = m.slow_log >= 0;
    double sum = -0.5 * double(m.dim) * (learned ? 1.83787706640934548356 : 1.14472988584940017414);  // log 2π, log π
    for (int64_t c = 0; c < m.dim; ++c) {
      const T v = learned ? T(m.gain) * t.parameters[m.slow_log + c] : T(0);
      precision[c] = learned ? T(0.5) * exp<T>(splat<T>(-v))[0] : T(1);
      sum -= 0.5 * double(v);
    }
    constant = T(sum);
  }

  // The rows' distributions of the latent variable, by the encoder and by the prior.
  void encode(int64_t row, int64_t count) {
    panel_from_rows(t.x + row * m.dim, m.dim, count, m.dim, x, panel);
    panel_from_rows(t.y + row * m.conditions, m.conditions, count, m.conditions, y, panel);
    memcpy(encoder_in, x, m.dim * panel * sizeof(T));
    if (m.encoder_sees_conditions) memcpy(encoder_in + m.dim * panel, y, m.conditions * panel * sizeof(T));
    encoder.apply(encoder_in, mean);
    if (learned_prior()) return prior.apply(y, prior_mean);
    for (int64_t l = 0; l < m.latent; ++l) {
      const T log_variance = T(2) * log<T>(splat<T>(t.latent_sd[l]))[0];
      for (int64_t j = 0; j < panel; ++j) prior_mean[l * panel + j] = t.latent_mean[l], prior_mean[(m.latent + l) * panel + j] = log_variance;
    }
  }

  // The logarithms of the weights of a panel of draws, from the first row's given one on.
  void weigh(int64_t row, int64_t count, int64_t draw) {
    const int64_t left = count * t.draws - draw, draws = left < panel ? left : panel;
    const int64_t n = m.latent * panel;
    T *of_mean = of_draw, *of_prior = of_mean + 2 * n, *of_x = of_prior + 2 * n;
    spread(mean, 2 * m.latent, draw, of_mean);
    spread(prior_mean, 2 * m.latent, draw, of_prior);
    spread(x, m.dim, draw, of_x);
    spread(y, m.conditions, draw, decoder_in + n);
    panel_from_rows(t.epsilon + (row * t.draws + draw) * m.latent, m.latent, draws, m.latent, epsilon, panel);
    T* weight = log_weight + draw;
    start_weights(of_mean, of_prior, weight);
    decoder.apply(decoder_in, out);
    for (int64_t c = 0; c < m.dim; ++c)
      for (int64_t j = 0; j < panel; j += kLanes<T>) {
        const Vec<T> error = load<T>(out + c * panel + j) - load<T>(of_x + c * panel + j);
        store<T>(weight + j, load<T>(weight + j) - error * error * precision[c]);
      }
  }

  // to receives, for each draw of the panel from the given one on, its row's features. Beyond the last draw it is the last row's.
  void spread(const T* from, int64_t features, int64_t draw, T* to) const {
    for (int64_t j = 0; j < panel;) {
      const int64_t row = (draw + j) / t.draws, of_row = (row + 1) * t.draws - draw;
      const int64_t end = of_row < panel ? of_row : panel;
      for (int64_t f = 0; f < features; ++f) {
        const T value = from[f * panel + row];
        for (int64_t i = j; i < end; ++i) to[f * panel + i] = value;
      }
      j = end;
    }
  }

  // The draws, to where the decoder reads them, and log p(z|y) - log q(z|x,y), in which 2π cancels.
  void start_weights(const T* of_mean, const T* of_prior, T* weight) {
    const int64_t n = m.latent * panel;
    for (int64_t j = 0; j < panel; j += kLanes<T>) {
      Vec<T> sum = splat<T>(constant);
      for (int64_t at = j; at < n; at += panel) {
        const Vec<T> e = load<T>(epsilon + at), log_variance = load<T>(of_mean + n + at), prior_log = load<T>(of_prior + n + at);
        const Vec<T> z = load<T>(of_mean + at) + e * exp<T>(log_variance * T(0.5));
        const Vec<T> score = (z - load<T>(of_prior + at)) * exp<T>(prior_log * T(-0.5));
        store<T>(decoder_in + at, z);
        sum += (e * e + log_variance - score * score - prior_log) * T(0.5);
      }
      store<T>(weight + j, sum);
    }
  }

  T log_mean(const T* logs) const {
    T most = logs[0];
    for (int64_t k = 1; k < t.draws; ++k) most = logs[k] > most || logs[k] != logs[k] ? logs[k] : most;
    if (most == -T(__builtin_inf())) return most;
    T sum = 0;
    for (int64_t k = 0; k < t.draws; k += kLanes<T>) {
      T part[kLanes<T>];
      const int64_t n = t.draws - k < kLanes<T> ? t.draws - k : kLanes<T>;
      for (int64_t i = 0; i < kLanes<T>; ++i) part[i] = i < n ? logs[k + i] - most : T(-1e30);
      sum += sum_lanes<T>(exp<T>(load<T>(part)));
    }
    return most + log<T>(splat<T>(sum / T(t.draws)))[0];
  }
};

}  // namespace CEI_UNIT
}  // namespace ceitorch
