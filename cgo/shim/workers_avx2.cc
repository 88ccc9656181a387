// The workers for x86-64 processors with AVX2 and FMA; scripts/lib/compile.sh has this unit's flags.
#ifdef __x86_64__
#define CEI_UNIT avx2
#define CEI_VECTOR_BYTES 32

#include "workerset.h"

namespace ceitorch {

const WorkerSet kAvx2Workers = {"avx2", avx2::workers_of<float>(), avx2::workers_of<double>()};

}  // namespace ceitorch
#endif
