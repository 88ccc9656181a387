// CUDA graphs: operations that are recorded once and then replayed as one launch (NVIDIA, CUDA C++ Programming Guide, CUDA
// Graphs; PyTorch's notes on CUDA semantics, whole-network capture).
//
// Warm-up and capture run on a side stream of the graph's own, since the default stream cannot be captured, and since
// autograd adds gradients up on the stream that a parameter was first used on in that pass. Replays run on the calling
// thread's current stream, in order with what else runs there. What was made while capturing lives in a private pool of
// memory that stays the graph's until it is released or captures again, so that a replay finds the same addresses.
//
// Each branch has a stream of its own, which waits for an event on the side stream where the branch begins; the side stream
// waits for all branches at the end. libtorch's allocator gives memory that was freed on one stream to that stream alone, also
// in a graph's pool, so that branches share none.
#include "graph.h"

#include <torch/cuda.h>
#include <torch/version.h>

#include "guard.h"

// scripts/setup sets CEI_CUDA_HEADERS where libtorch has CUDA and CUDA's own headers are found. Random numbers from a
// generator other than the default one can be captured from libtorch 2.4 on.
#if CEI_CUDA_HEADERS && (TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 4))

#include <ATen/cuda/CUDAGeneratorImpl.h>
#include <ATen/cuda/CUDAGraph.h>
#include <c10/core/Event.h>
#include <c10/core/StreamGuard.h>
#include <c10/core/impl/VirtualGuardImpl.h>

#include <memory>
#include <optional>
#include <thread>
#include <vector>

namespace ceitorch {

namespace {

enum class Stage { kEmpty, kCapturing, kCaptured, kFailed };

c10::Stream new_stream(c10::Device on) { return c10::impl::VirtualGuardImpl(on.type()).getStreamFromGlobalPool(on); }

struct Graph {
  explicit Graph(c10::Device on) : device(on), side(new_stream(on)) {}

  c10::Device device;
  c10::Stream side;
  std::optional<at::cuda::CUDAGraph> graph;  // from the first capture on
  Stage stage = Stage::kEmpty;
  std::optional<c10::StreamGuard> inside;  // from begin to end: the thread's current stream is the side stream
  std::thread::id thread;                  // that began

  std::vector<c10::Stream> streams;        // of branches; kept, since cuBLAS keeps memory for each stream
  std::vector<c10::Event> ends;            // of the branches since begin, on the first of those streams
  std::optional<c10::StreamGuard> branch;  // from its begin to its end
};

Graph& graph_at(ct_graph handle) {
  if (handle == 0) throw ArgumentError("a graph handle is null");
  return *reinterpret_cast<Graph*>(handle);
}

// Versions up to 2.13 must be told which generators a capture draws from; later ones have no such function for a
// generator, and notice by themselves.
template <typename G>
auto enroll(G& graph, const at::Generator& generator, int) -> decltype(graph.register_generator_state(generator)) {
  graph.register_generator_state(generator);
}
template <typename G>
void enroll(G&, const at::Generator&, long) {}

// A graph that a capture has made is dropped first, and its replays still use its memory. Generators keep a tensor on what is
// then the current device.
void prepare_capture(Graph& g, const ct_generator* generators, int32_t count) {
  if (g.stage == Stage::kFailed) throw ArgumentError("the graph is of no use since a capture failed");
  const c10::DeviceGuard on(g.device);
  if (g.stage == Stage::kCaptured) torch::cuda::synchronize(g.device.index());
  g.stage = Stage::kEmpty;
  g.graph.emplace();
  for (int32_t i = 0; i < count; ++i) enroll(*g.graph, generator_at(generators[i]), 0);
}

// Only this thread is held to what may be done during a capture: other goroutines may use the device meanwhile.
void begin_capture(Graph& g) {
  try {
    g.graph->capture_begin({0, 0}, cudaStreamCaptureModeThreadLocal);
    g.stage = Stage::kCapturing;
  } catch (...) {
    g.stage = Stage::kFailed;
    g.inside.reset();
    throw;
  }
}

void check_thread(const Graph& g) {
  if (g.thread != std::this_thread::get_id()) throw ArgumentError("a graph's begin and end must come from one thread");
}

void begin(Graph& g, bool capture, const ct_generator* generators, int32_t count) {
  if (g.inside) throw ArgumentError("the graph's stream is in use already");
  if (capture) prepare_capture(g, generators, count);
  torch::cuda::synchronize(g.device.index());  // the side stream sees what other streams were asked for
  g.inside.emplace(g.side);                    // and the graph's device is the thread's current one
  g.thread = std::this_thread::get_id();
  if (capture) begin_capture(g);
}

void begin_branch(Graph& g) {
  if (!g.inside) throw ArgumentError("a branch must begin where the graph's stream is in use");
  if (g.branch) throw ArgumentError("a branch cannot begin within another");
  check_thread(g);
  if (g.ends.size() == g.streams.size()) g.streams.push_back(new_stream(g.device));
  const auto stream = g.streams[g.ends.size()];
  c10::Event start(g.device.type());
  start.record(g.side);
  start.block(stream);
  g.branch.emplace(stream);
}

void end_branch(Graph& g) {
  check_thread(g);
  const auto stream = g.branch->current_stream();
  g.branch.reset();  // the side stream is current again, whatever happens
  g.ends.emplace_back(g.device.type());
  g.ends.back().record(stream);
}

void join_branches(Graph& g) {
  for (const auto& each : g.ends) each.block(g.side);
}

// A capture is ended also where its branches cannot be joined, so that the stream and libtorch's allocator leave it.
void end_capture(Graph& g) {
  g.stage = Stage::kFailed;
  try {
    join_branches(g);
  } catch (...) {
    g.graph->capture_end();
    throw;
  }
  g.graph->capture_end();
  g.stage = Stage::kCaptured;
}

// The thread's own stream is current again, whatever happens.
void end(Graph& g) {
  if (!g.inside) throw ArgumentError("the graph's stream is not in use");
  check_thread(g);
  struct Leave {
    Graph& graph;
    ~Leave() {
      graph.ends.clear();
      graph.inside.reset();
    }
  } leave{g};
  if (g.stage == Stage::kCapturing) return end_capture(g);
  torch::cuda::synchronize(g.device.index());  // branches too
}

void release(std::unique_ptr<Graph> g) {
  if (g->branch) end_branch(*g);
  if (g->inside) return end(*g);
  if (g->stage == Stage::kCaptured) torch::cuda::synchronize(g->device.index());  // replays still use the memory
}

}  // namespace

ct_status graph_new(int32_t device_type, int32_t device_index, ct_graph* out, ct_error* error) {
  return guard(error, [&] {
    const auto device = device_of(device_type, device_index);
    TORCH_CHECK(device.is_cuda(), "a CUDA graph needs a CUDA device, not ", device.str());
    const int64_t there = torch::cuda::device_count();
    TORCH_CHECK(device.index() < there, "there is no CUDA device index ", device_index, ": libtorch sees ", there);
    const c10::DeviceGuard on(device);
    *out = reinterpret_cast<ct_graph>(new Graph(device));
  });
}

ct_status graph_begin(ct_graph g, int32_t part, const ct_generator* generators, int32_t count, ct_error* error) {
  return guard(error, [&] {
    auto& graph = graph_at(g);
    if (part == CT_GRAPH_BRANCH) return begin_branch(graph);
    begin(graph, part == CT_GRAPH_CAPTURE, generators, count);
  });
}

ct_status graph_end(ct_graph g, ct_error* error) {
  return guard(error, [&] {
    auto& graph = graph_at(g);
    graph.branch ? end_branch(graph) : end(graph);
  });
}

ct_status graph_replay(ct_graph g, ct_error* error) {
  return guard(error, [&] {
    auto& graph = graph_at(g);
    if (graph.stage != Stage::kCaptured) throw ArgumentError("the graph has captured nothing");
    const c10::DeviceGuard on(graph.device);
    graph.graph->replay();
  });
}

ct_status graph_release(ct_graph g, ct_error* error) {
  return guard(error, [&] {
    if (g != 0) release(std::unique_ptr<Graph>(&graph_at(g)));
  });
}

}  // namespace ceitorch

#else

namespace ceitorch {

namespace {

// No graph can be made, so there is none to do anything with.
ct_status no_graph(ct_error* error) {
  return guard(error, [] { throw ArgumentError("a graph handle is null"); });
}

}  // namespace

ct_status graph_new(int32_t device_type, int32_t device_index, ct_graph*, ct_error* error) {
  return guard(error, [&] {
    const auto device = device_of(device_type, device_index);
    TORCH_CHECK(device.is_cuda(), "a CUDA graph needs a CUDA device, not ", device.str());
#if CEI_CUDA_HEADERS
    TORCH_CHECK(false, "CUDA graphs need libtorch 2.4 or newer, and the one in use is ", TORCH_VERSION);
#else
    TORCH_CHECK(false, "the native library was built without CUDA graphs, for want of CUDA's headers: scripts/setup says how to get them");
#endif
  });
}

ct_status graph_begin(ct_graph, int32_t, const ct_generator*, int32_t, ct_error* error) { return no_graph(error); }

ct_status graph_end(ct_graph, ct_error* error) { return no_graph(error); }

ct_status graph_replay(ct_graph, ct_error* error) { return no_graph(error); }

ct_status graph_release(ct_graph g, ct_error* error) {
  return guard(error, [&] {
    if (g != 0) throw ArgumentError("no graph has this handle");
  });
}

}  // namespace ceitorch

#endif
