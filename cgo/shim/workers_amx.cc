// The workers for x86-64 processors with AVX-512 and tile registers for bfloat16; scripts/lib/compile.sh has this unit's flags.
#ifdef __x86_64__
#include "workers.h"

#ifdef __AMX_BF16__
#define CEI_UNIT amx
#define CEI_VECTOR_BYTES 64
#define CEI_TILES 1

#include "workerset.h"

namespace ceitorch {

static const WorkerSet kWorkers = {"amx", amx::workers_of<float>(), amx::workers_of<double>()};
const WorkerSet* const kAmxWorkers = &kWorkers;

}  // namespace ceitorch
#else
namespace ceitorch {

const WorkerSet* const kAmxWorkers = nullptr;

}  // namespace ceitorch
#endif
#endif
