// Chooses the workers for the processor that the program runs on.
#include "workers.h"

#include <cstdlib>
#include <stdexcept>
#include <string>

namespace ceitorch {

namespace {

bool has_avx2() {
#ifdef __x86_64__
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#else
  return false;
#endif
}

bool has_avx512() {
#ifdef __x86_64__
  return has_avx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
         __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl");
#else
  return false;
#endif
}

const WorkerSet& choose() {
  const char* asked = std::getenv("CEI_CPU");
  const std::string most = asked == nullptr || *asked == '\0' ? "avx512" : asked;
  if (most != "avx512" && most != "avx2" && most != "baseline")
    throw std::runtime_error("CEI_CPU is " + most + ": want baseline, avx2 or avx512");
#ifdef __x86_64__
  if (most == "avx512" && has_avx512()) return kAvx512Workers;
  if (most != "baseline" && has_avx2()) return kAvx2Workers;
#endif
  return kBaselineWorkers;
}

}  // namespace

const WorkerSet& workers() {
  static const WorkerSet& chosen = choose();
  return chosen;
}

}  // namespace ceitorch
