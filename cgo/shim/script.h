// The entry point that writes TorchScript; ceitorch.h says what it does.
#pragma once

#include "ceitorch.h"

namespace ceitorch {

ct_status script_save(const char* path, const char* source, const char* names, const ct_tensor* tensors, int32_t count,
                      const char* note_name, const char* note, ct_error* error);

}  // namespace ceitorch
