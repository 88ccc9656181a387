// The workers for any processor.
#define CEI_UNIT baseline
#define CEI_VECTOR_BYTES 16

#include "workerset.h"

namespace ceitorch {

const WorkerSet kBaselineWorkers = {"baseline", baseline::workers_of<float>(), baseline::workers_of<double>()};

}  // namespace ceitorch
