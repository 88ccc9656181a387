// What a thread does in the fused operations of the two models, on its share of a batch's rows. The workers know nothing of
// libtorch: numbers in, numbers out. They are compiled once for each kind of vector registers, and the widest that the
// processor has are chosen when they are first needed.
#pragma once

#include <stdint.h>

namespace ceitorch {

// One layer of a perceptron, w[out,in] and b[out]. Offsets count from the start of the parameters, which lie as trained,
// and of the thread's own gradient: there, rows of weights are padded to whole vectors, and what belongs to single numbers, as
// biases, is a vector of parts to be added up, [out][lanes].
struct Layer {
  int64_t in, out, padded;
  int64_t weight, bias;
  int64_t weight_gradient, bias_gradient;
};

struct Perceptron {
  const Layer* layers;
  int64_t count;
};

enum CouplingKind : int64_t { kAffine = 0, kSpline = 1 };

// The most panels that go through a stage together.
constexpr int64_t kMostPanels = 16;

// One stage of a flow.
struct Stage {
  int64_t norm = -1;                      // offset of the normalisation's shift, then log-scale; -1 for none
  int64_t norm_gradient = -1;
  const Perceptron* networks = nullptr;   // as many as Flow::networks
  const int64_t* source = nullptr;        // [dim]: which column of the coupling's result becomes column j
};

struct Flow {
  int64_t dim, conditions, stages, networks;
  int64_t kind, bins;
  double clamp, bound;
  const Stage* stage;

  __attribute__((always_inline)) int64_t passing() const { return dim / 2; }
  __attribute__((always_inline)) int64_t bent() const { return dim - dim / 2; }
  // Columns of all the networks' results together.
  __attribute__((always_inline)) int64_t raw() const { return bent() * (kind == kSpline ? 3 * bins - 1 : 2); }
};

// A share of a batch: rows first to last of x [B,dim], y [B,conditions] and what is made of them. A y of one row for all has
// stride 0.
template <typename T>
struct FlowTask {
  const Flow* flow;
  const T* parameters;
  const T *x, *y;
  int64_t y_stride;
  int64_t first, last;
  int64_t panel;      // rows computed side by side, a multiple of the lanes
  int64_t panels;     // of which so many go through a stage together, while its weights are near
  T* work;            // flow_work of them
  T* z = nullptr;         // [B,dim], or null
  T* log_det = nullptr;   // [B], or null
  T* gradient = nullptr;  // the thread's own; filled, not added to
  double weight = 0;      // of each row in the mean
  double squares = 0, log_dets = 0;  // of the rows: sums of ½|z|² and of log-determinants, weighted
};

struct Vae {
  int64_t dim, conditions, latent;
  bool encoder_sees_conditions;
  Perceptron encoder, decoder, prior;     // the prior has no layers where it is the standard normal distribution
  int64_t slow_log = -1;                  // offset of the decoder's log-variance over its gain; -1 where it is fixed
  int64_t slow_log_gradient = -1;
  double gain;
  double share;                           // of the divergence in the loss
};

template <typename T>
struct VaeTask {
  const Vae* vae;
  const T* parameters;
  const T *x, *y, *epsilon;  // [B,dim], [B,conditions], [B,latent]
  int64_t y_stride;          // 0 for a y of one row for all, when drawing
  int64_t first, last, panel;
  T* work;
  T* gradient = nullptr;     // the thread's own; filled, not added to
  double weight = 0;         // of each row in the mean
  double cost = 0, divergence = 0;  // sums over the rows, weighted, the divergence by its share too
  // When drawing:
  const T *latent_mean = nullptr, *latent_sd = nullptr;  // [latent]; null with a learned prior
  const T* noise = nullptr;  // [B,dim] of the decoder's; null for none
  T* out = nullptr;          // [B,dim]; [B] for the log-density's bound, which takes so many draws a row:
  int64_t draws = 0;
};

// One step of Adam on elements first to last of flat arrays: see adam.cc. average may be null.
template <typename T>
struct AdamTask {
  T *parameters, *gradient, *mean, *square, *average;
  int64_t first, last;
  T clip;             // what the gradient is multiplied by
  T shrink, l2;       // decoupled decay of the parameters, and decay through the gradient
  T beta1, beta2, one_less_beta1, one_less_beta2;
  T size, root, epsilon;
  T share;            // of its way to the parameters that the average goes
};

// Numbers of a block of a sequence of normal draws.
template <typename T>
constexpr int64_t kNormalBlock = 256 / sizeof(T);

// Blocks first to last of a sequence of count normal draws: see normalworker.h.
template <typename T>
struct NormalTask {
  uint64_t key;
  int64_t first, last, count;
  T* out;  // the whole sequence
};

template <typename T>
struct Workers {
  int64_t lanes;
  int64_t panel;  // rows computed side by side, at most
  int64_t (*flow_work)(const FlowTask<T>&, bool gradient);  // numbers of work that a task needs, and so below
  void (*flow_forward)(FlowTask<T>&);
  void (*flow_inverse)(FlowTask<T>&);
  void (*flow_gradient)(FlowTask<T>&);
  int64_t (*vae_work)(const VaeTask<T>&);
  void (*vae_loss)(VaeTask<T>&);  // with its gradient, where that has memory
  void (*vae_draw)(VaeTask<T>&);
  int64_t (*vae_bound_work)(const VaeTask<T>&);
  void (*vae_bound)(const VaeTask<T>&);
  void (*adam)(const AdamTask<T>&);
  double (*sum_of_squares)(const T* values, int64_t n);
  void (*normal)(const NormalTask<T>&);
};

struct WorkerSet {
  const char* name;
  Workers<float> f32;
  Workers<double> f64;
};

extern const WorkerSet kBaselineWorkers;
#ifdef __x86_64__
extern const WorkerSet kAvx2Workers, kAvx512Workers;
extern const WorkerSet* const kAmxWorkers;  // null where the compiler knows no tiles
#endif

// The set for this processor; CEI_CPU=baseline, avx2, avx512 or amx asks for less than it has.
const WorkerSet& workers();

}  // namespace ceitorch
