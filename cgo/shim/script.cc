// TorchScript archives: a module whose buffers are given tensors and whose methods are compiled from source, so that any
// program with libtorch or PyTorch loads it without this project.
#include "script.h"

#include <torch/script.h>

#include <fstream>
#include <sstream>

#include "guard.h"

namespace ceitorch {

namespace {

// Buffers are copies on the CPU: a view would be saved with all of the storage that it is part of.
void register_all(torch::jit::Module& module, const char* names, const ct_tensor* tensors, int32_t count) {
  std::istringstream lines(names);
  std::string name;
  for (int32_t i = 0; i < count; ++i) {
    if (!std::getline(lines, name)) throw ArgumentError("a script has fewer names than tensors");
    module.register_buffer(name, tensor_at(tensors[i]).detach().to(at::kCPU).clone(at::MemoryFormat::Contiguous));
  }
  if (std::getline(lines, name)) throw ArgumentError("a script has more names than tensors");
}

}  // namespace

// Through a stream, since the archive's inner folder would otherwise be called after the file.
ct_status script_save(const char* path, const char* source, const char* names, const ct_tensor* tensors, int32_t count,
                      const char* note_name, const char* note, ct_error* error) {
  return guard(error, [&] {
    at::AutoGradMode mode(false);
    torch::jit::Module module("cei");
    register_all(module, names, tensors, count);
    module.define(source);
    module.eval();
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    module.save(file, {{note_name, note}});
    file.close();
    TORCH_CHECK(file, "cannot write ", path);
  });
}

}  // namespace ceitorch
