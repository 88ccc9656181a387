// The entry points of groups of processes; ceitorch.h says what each does.
#pragma once

#include "ceitorch.h"

namespace ceitorch {

ct_status group_new(const ct_place* place, ct_group* out, ct_error* error);
ct_status group_sum(ct_group g, ct_tensor t, ct_error* error);
ct_status group_broadcast(ct_group g, ct_tensor t, ct_error* error);
ct_status group_release(ct_group g, const char* reason, ct_error* error);

}  // namespace ceitorch
