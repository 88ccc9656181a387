// Chooses the workers for the processor that the program runs on.
#include "workers.h"

#include <cstdlib>
#include <stdexcept>
#include <string>

#if defined(__x86_64__) && defined(__linux__)
#include <cpuid.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

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

// Linux lends a process its tiles when it asks for them.
bool has_tiles() {
#if defined(__x86_64__) && defined(__linux__)
  constexpr unsigned kBf16 = 1u << 22, kTile = 1u << 24;
  constexpr long kRequestPermission = 0x1023, kTileData = 18;  // ARCH_REQ_XCOMP_PERM, XFEATURE_XTILEDATA
  unsigned a = 0, b = 0, c = 0, d = 0;
  if (!has_avx512() || __get_cpuid_count(7, 0, &a, &b, &c, &d) == 0 || (d & kBf16) == 0 || (d & kTile) == 0) return false;
  return syscall(SYS_arch_prctl, kRequestPermission, kTileData) == 0;
#else
  return false;
#endif
}

const WorkerSet& choose() {
  const char* asked = std::getenv("CEI_CPU");
  const std::string most = asked == nullptr || *asked == '\0' ? "amx" : asked;
  if (most != "amx" && most != "avx512" && most != "avx2" && most != "baseline")
    throw std::runtime_error("CEI_CPU is " + most + ": want baseline, avx2, avx512 or amx");
#ifdef __x86_64__
  if (most == "amx" && kAmxWorkers != nullptr && has_tiles()) return *kAmxWorkers;
  if ((most == "amx" || most == "avx512") && has_avx512()) return kAvx512Workers;
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
