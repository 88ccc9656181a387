// The entry points of CUDA graphs; ceitorch.h says what each does.
#pragma once

#include "ceitorch.h"

namespace ceitorch {

ct_status graph_new(int32_t device_type, int32_t device_index, ct_graph* out, ct_error* error);
ct_status graph_begin(ct_graph g, int32_t part, const ct_generator* generators, int32_t count, ct_error* error);
ct_status graph_end(ct_graph g, ct_error* error);
ct_status graph_replay(ct_graph g, ct_error* error);
ct_status graph_release(ct_graph g, ct_error* error);

}  // namespace ceitorch
