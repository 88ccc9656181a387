// The workers for x86-64 processors with AVX-512; scripts/lib/compile.sh has this unit's flags.
#ifdef __x86_64__
#define CEI_UNIT avx512
#define CEI_VECTOR_BYTES 64

#include "workerset.h"

namespace ceitorch {

const WorkerSet kAvx512Workers = {"avx512", avx512::workers_of<float>(), avx512::workers_of<double>()};

}  // namespace ceitorch
#endif
