// The names of Gloo's that c10d's headers mention, declared where Gloo's own headers would be looked for. libtorch brings Gloo
// along, and c10d's headers, but not Gloo's headers; those of another Gloo, as a system may have, could differ from the one
// inside. Everything here is passed by pointer and never made, so that no layout matters: what would need one does not compile.
#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace gloo {

class Context {
 public:
  void setTimeout(std::chrono::milliseconds timeout);
};

namespace transport {
class Device;
class UnboundBuffer;
}  // namespace transport

namespace rendezvous {

// c10d's own store overrides these, in a class that the shim never makes.
class Store {
 public:
  static constexpr std::chrono::milliseconds kDefaultTimeout = std::chrono::seconds(30);
  virtual ~Store() = default;
  virtual void set(const std::string& key, const std::vector<char>& value) = 0;
  virtual std::vector<char> get(const std::string& key) = 0;
  virtual void wait(const std::vector<std::string>& keys) = 0;
  virtual void wait(const std::vector<std::string>& keys, const std::chrono::milliseconds& timeout) = 0;
};

}  // namespace rendezvous
}  // namespace gloo
