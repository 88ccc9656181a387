// Groups of processes over libtorch's c10d: a TCPStore in process 0 where they meet, and Gloo on the CPU or NCCL on CUDA
// devices between them.
//
// The store has these keys beside c10d's own: what each process takes the group for, by which they see who is there; who is
// ready for the first call, until which they may read data for a long time; why a process left, for the others' messages; and
// who is done, so that none takes a connection away that another still reads.
#include "group.h"

#include <torch/version.h>

#include "guard.h"

// scripts/setup sets CEI_GLOO where libtorch has Gloo, and CEI_NCCL where it has NCCL whose header is found.
#if CEI_GLOO

#define USE_C10D_GLOO
#if CEI_NCCL
#define USE_C10D_NCCL
#endif

#include <torch/csrc/distributed/c10d/PrefixStore.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>
#if CEI_NCCL
#include <torch/csrc/distributed/c10d/ProcessGroupNCCL.hpp>
#endif

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <thread>

namespace ceitorch {

namespace {

#if TORCH_VERSION_MAJOR >= 2
using Backend = c10d::Backend;
#else
using Backend = c10d::ProcessGroup;
#endif
using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr milliseconds kPoll{10};
constexpr milliseconds kOwnStore{30000};  // for process 0 to reach the store that it opens itself
constexpr milliseconds kLinger{1000};     // process 0 keeps the store open for others to read why it left
const std::string kFailed = "cei/failed";

struct Group {
  int rank = 0, size = 1;
  std::string interface, address;
  milliseconds rendezvous{0}, timeout{0};
  c10::Device device{c10::kCPU};
  c10::intrusive_ptr<c10d::Store> store;
  c10::intrusive_ptr<Backend> backend;  // null before the first call, and once a peer was lost
  bool lost = false;
};

Group& group_at(ct_group handle) {
  if (handle == 0) throw ArgumentError("a group handle is null");
  return *reinterpret_cast<Group*>(handle);
}

std::string key(const char* what, int rank) { return std::string("cei/") + what + "/" + std::to_string(rank); }

std::vector<std::string> keys(const char* what, int size) {
  std::vector<std::string> all;
  for (int rank = 0; rank < size; ++rank) all.push_back(key(what, rank));
  return all;
}

void set(c10d::Store& store, const std::string& name, const std::string& text) {
  store.set(name, std::vector<uint8_t>(text.begin(), text.end()));
}

std::string get(c10d::Store& store, const std::string& name) {
  const auto value = store.get(name);
  return std::string(value.begin(), value.end());
}

// The first line of what is being thrown, without the place in Gloo's sources that it begins with.
std::string first_line(const std::exception& e) {
  const auto* torch = dynamic_cast<const c10::Error*>(&e);
  std::string text = torch != nullptr ? torch->what_without_backtrace() : e.what();
  text = text.substr(0, text.find('\n'));
  const auto place = text.find("] ");
  return text[0] == '[' && place != std::string::npos ? text.substr(place + 2) : text;
}

// Whether done became true in time. The store is asked again and again, since a question of c10d's that timed out may be
// answered later, in place of the next one's answer.
bool wait_until(const std::function<bool()>& done, milliseconds limit) {
  const auto end = Clock::now() + limit;
  while (!done()) {
    if (Clock::now() >= end) return false;
    std::this_thread::sleep_for(kPoll);
  }
  return true;
}

// libuv, which a libtorch may lack, is not needed for a few keys. Options of 1.13 do not know it.
template <typename Options>
auto without_libuv(Options& o, int) -> decltype(o.useLibUV, void()) {
  o.useLibUV = false;
}
template <typename Options>
void without_libuv(Options&, long) {}

std::string seconds(milliseconds limit) {
  const auto ms = limit.count();
  return ms % 1000 == 0 ? std::to_string(ms / 1000) + " s" : std::to_string(ms) + " ms";
}

c10::intrusive_ptr<c10d::Store> open_store(const ct_place& p) {
  c10d::TCPStoreOptions o;
  o.port = static_cast<uint16_t>(p.port);
  o.isServer = p.rank == 0;
  o.waitWorkers = false;
  o.timeout = std::chrono::ceil<std::chrono::seconds>(milliseconds(p.rendezvous_ms));  // 1.13 cuts the rest off
  if (o.isServer) o.timeout = std::max(o.timeout, kOwnStore);
  without_libuv(o, 0);
  const std::string where = std::string(p.host) + ":" + std::to_string(p.port);
  try {
    return c10::make_intrusive<c10d::TCPStore>(p.host, o);
  } catch (const std::exception& e) {
    const std::string what = p.rank == 0 ? "process 0 cannot open " + where + " for the others: "
                                         : "process 0 does not answer at " + where + " within " + seconds(o.timeout) + ": ";
    throw PeerError(what + first_line(e));
  }
}

// Why a process left, as it said itself; empty where it could not.
std::string farewell(c10d::Store& store) {
  try {
    return store.check({kFailed}) ? get(store, kFailed) : "";
  } catch (const std::exception&) {
    return "";  // process 0 is gone, and the store with it
  }
}

std::string list(const std::vector<int>& ranks) {
  std::string text;
  for (const int rank : ranks) text += (text.empty() ? "" : ", ") + std::to_string(rank);
  return text;
}

// Says that this process has come to a point, and waits for all others there.
void arrive(Group& g, const char* what, const std::string& value, const std::string& point) {
  set(*g.store, key(what, g.rank), value);
  const auto all = keys(what, g.size);
  bool left = false;
  const bool there = wait_until([&] { return g.store->check(all) || (left = g.store->check({kFailed})); }, g.rendezvous);
  if (left) throw PeerError(get(*g.store, kFailed));
  if (there) return;
  std::vector<int> missing;
  for (int rank = 0; rank < g.size; ++rank)
    if (!g.store->check({all[rank]})) missing.push_back(rank);
  throw PeerError("of " + std::to_string(g.size) + " processes, these " + point + " within " + seconds(g.rendezvous) + ": " + list(missing));
}

// Waits for all processes, which must take the group for the same.
void meet(Group& g) {
  if (g.store->add(key("taken", g.rank), 1) > 1) throw PeerError("two processes say that they are process " + std::to_string(g.rank));
  const std::string own = std::to_string(g.size) + (g.device.is_cuda() ? " on CUDA devices" : " on the CPU");
  arrive(g, "group", own, "did not come");
  for (int rank = 0; rank < g.size; ++rank) {
    const auto other = get(*g.store, key("group", rank));
    if (other != own)
      throw PeerError("process " + std::to_string(rank) + " takes itself for one of " + other + ", and process " +
                      std::to_string(g.rank) + " for one of " + own);
  }
}

c10::intrusive_ptr<Backend> connect_gloo(Group& g, const c10::intrusive_ptr<c10d::Store>& store) {
  auto o = c10d::ProcessGroupGloo::Options::create(g.timeout);
  o->devices.push_back(g.interface.empty() ? c10d::ProcessGroupGloo::createDeviceForHostname(g.address)
                                           : c10d::ProcessGroupGloo::createDeviceForInterface(g.interface));
  o->threads = 1;  // of Gloo's own: one call is under way at a time
  return c10::make_intrusive<c10d::ProcessGroupGloo>(store, g.rank, g.size, o);
}

c10::intrusive_ptr<Backend> connect(Group& g) {
  const auto store = c10::make_intrusive<c10d::PrefixStore>("c10d", g.store);
  if (g.device.is_cpu()) return connect_gloo(g, store);
#if CEI_NCCL
  const c10::DeviceGuard on(g.device);
  auto o = c10d::ProcessGroupNCCL::Options::create();
  o->timeout = g.timeout;
  return c10::make_intrusive<c10d::ProcessGroupNCCL>(store, g.rank, g.size, o);
#else
  TORCH_CHECK(false, "the native library was built without NCCL, for want of its header nccl.h: scripts/setup says how to get it");
#endif
}

// Runs action, whose errors are those of a group that does not come about.
void explained(const std::string& what, const std::function<void()>& action) {
  try {
    action();
  } catch (const PeerError&) {
    throw;
  } catch (const std::exception& e) {
    throw PeerError(what + ": " + first_line(e));
  }
}

std::unique_ptr<Group> join(const ct_place& p) {
  auto g = std::make_unique<Group>();
  g->rank = p.rank;
  g->size = p.size;
  g->interface = p.interface;
  g->address = p.address;
  g->rendezvous = milliseconds(p.rendezvous_ms);
  g->timeout = milliseconds(p.timeout_ms);
  g->device = device_of(p.device_type, p.device_index);
  g->store = open_store(p);
  explained("a process left before all had come", [&] { meet(*g); });
  return g;
}

// NCCL's own wait does not wait for the device, so that a lost peer would never be noticed.
void finish(Group& g, c10d::Work& work) {
  if (g.device.is_cuda() && !wait_until([&] { return work.isCompleted(); }, g.timeout))
    throw std::runtime_error("no answer within " + seconds(g.timeout));
  work.wait();
}

// Closes the connections. NCCL's would wait for a lost peer, and end with the process.
void drop(Group& g) {
  if (g.device.is_cpu()) g.backend.reset();
  else (void)g.backend.release();
}

// A connection that broke is closed at once, so that the processes that are left learn of it from each other.
void together(Group& g, ct_tensor t, const std::function<c10::intrusive_ptr<c10d::Work>(std::vector<at::Tensor>&)>& start) {
  std::vector<at::Tensor> tensors{tensor_at(t).detach()};
  if (!tensors[0].is_contiguous()) throw ArgumentError("the tensor is not contiguous");
  if (tensors[0].device() != g.device) throw ArgumentError("the tensor is not on the group's device");
  if (g.lost) throw PeerError("a process was lost before");
  if (!g.backend) {
    explained("cannot connect the processes", [&] {
      g.lost = true;
      arrive(g, "ready", "", "were not ready");
      g.backend = connect(g);
      g.lost = false;
    });
  }
  try {
    finish(g, *start(tensors));
  } catch (const std::exception& e) {
    const std::string why = first_line(e), said = farewell(*g.store);
    g.lost = true;
    drop(g);
    throw PeerError(said.empty() ? "a process was lost: " + why : said);
  }
}

// Answers once all have come here, or no longer can.
void part(Group& g, milliseconds limit) {
  set(*g.store, key("done", g.rank), "");
  const auto all = keys("done", g.size);
  wait_until([&] { return g.store->check(all); }, limit);
}

void leave(std::unique_ptr<Group> g, const std::string& reason) {
  try {
    if (!reason.empty() && !g->lost)
      set(*g->store, kFailed, "process " + std::to_string(g->rank) + " of " + std::to_string(g->size) + " left: " + reason);
    const bool well = reason.empty() && !g->lost;
    if (!well) drop(*g);
    part(*g, well ? g->timeout : g->rank == 0 ? kLinger : milliseconds(0));
  } catch (const std::exception&) {  // the store is gone: so are the others
  }
}

}  // namespace

ct_status group_new(const ct_place* place, ct_group* out, ct_error* error) {
  return guard(error, [&] {
    if (place == nullptr) throw ArgumentError("a group's place is null");
    if (place->size < 1 || place->rank < 0 || place->rank >= place->size) throw ArgumentError("a rank lies outside its group");
    if (place->port < 1 || place->port > 65535) throw ArgumentError("a port must be from 1 to 65535");
    *out = reinterpret_cast<ct_group>(join(*place).release());
  });
}

ct_status group_sum(ct_group g, ct_tensor t, ct_error* error) {
  return guard(error, [&] {
    auto& group = group_at(g);
    together(group, t, [&](auto& tensors) { return group.backend->allreduce(tensors); });
  });
}

ct_status group_broadcast(ct_group g, ct_tensor t, ct_error* error) {
  return guard(error, [&] {
    auto& group = group_at(g);
    together(group, t, [&](auto& tensors) { return group.backend->broadcast(tensors); });
  });
}

ct_status group_release(ct_group g, const char* reason, ct_error* error) {
  return guard(error, [&] {
    if (g != 0) leave(std::unique_ptr<Group>(&group_at(g)), reason == nullptr ? "" : reason);
  });
}

}  // namespace ceitorch

#else

namespace ceitorch {

namespace {

// No group can be made, so there is none to do anything with.
ct_status no_group(ct_error* error) {
  return guard(error, [] { throw ArgumentError("a group handle is null"); });
}

}  // namespace

ct_status group_new(const ct_place*, ct_group*, ct_error* error) {
  return guard(error, [] {
    TORCH_CHECK(false, "the native library was built without groups of processes: libtorch ", TORCH_VERSION,
                " as it is installed lacks c10d's Gloo or its headers");
  });
}

ct_status group_sum(ct_group, ct_tensor, ct_error* error) { return no_group(error); }

ct_status group_broadcast(ct_group, ct_tensor, ct_error* error) { return no_group(error); }

ct_status group_release(ct_group g, const char*, ct_error* error) {
  return guard(error, [&] {
    if (g != 0) throw ArgumentError("no group has this handle");
  });
}

}  // namespace ceitorch

#endif
