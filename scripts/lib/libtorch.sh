# shellcheck shell=bash
# Finds libtorch and reads from its own files how to compile and link against it.
#
# find_libtorch sets torch_include (holds torch/csrc), torch_lib, torch_name (for messages), and the arrays torch_compile_flags
# and torch_link_flags. It takes LIBTORCH with LIBTORCH_INCLUDE and LIBTORCH_LIB, else the Python torch if
# LIBTORCH_USE_PYTORCH=1, else the system's. What was asked for and is not there is an error, never passed over.

torch_include='' torch_lib='' torch_name=''
torch_compile_flags=() torch_link_flags=()

wants_system_libtorch() {
  [[ -z ${LIBTORCH-}${LIBTORCH_INCLUDE-}${LIBTORCH_LIB-} && ${LIBTORCH_USE_PYTORCH-} != 1 ]]
}

find_libtorch() {
  if wants_system_libtorch; then
    system_libtorch || fail "no libtorch: scripts/setup installs it or says how"
  elif [[ -n ${LIBTORCH-}${LIBTORCH_INCLUDE-}${LIBTORCH_LIB-} ]]; then
    libtorch_at "${LIBTORCH_INCLUDE:-${LIBTORCH-}}" "${LIBTORCH_LIB:-${LIBTORCH-}}"
  else
    local package
    package=$(python_torch)
    libtorch_at "$package" "$package"
  fi
  read_version
  read_flags
}

# libtorch_at INCLUDE LIB: each the folder itself or the one above it, as users of other bindings know LIBTORCH_INCLUDE and LIBTORCH_LIB.
libtorch_at() {
  torch_include=$1 torch_lib=$2
  if [[ -d $1/include/torch ]]; then torch_include=$1/include; fi
  if [[ -e $2/lib/libtorch_cpu.so ]]; then torch_lib=$2/lib; fi
  [[ -e $torch_include/torch/csrc/api/include/torch/torch.h ]] ||
    fail "no libtorch headers: expected torch/csrc/api/include/torch/torch.h in $1 or $1/include (LIBTORCH, LIBTORCH_INCLUDE)"
  [[ -e $torch_lib/libtorch_cpu.so && -e $torch_lib/libc10.so ]] ||
    fail "no libtorch libraries: expected libtorch_cpu.so and libc10.so in $2 or $2/lib (LIBTORCH, LIBTORCH_LIB)"
  torch_include=$(cd "$torch_include" && pwd)
  torch_lib=$(cd "$torch_lib" && pwd)
}

# The package is located without importing it, which would take seconds.
python_torch() {
  local python=${PYTHON:-python3}
  command -v "$python" >/dev/null || fail "LIBTORCH_USE_PYTORCH=1, but $python is not on PATH (PYTHON names another interpreter)"
  "$python" -c '
import importlib.util, sys
spec = importlib.util.find_spec("torch")
sys.exit(1) if spec is None else print(spec.submodule_search_locations[0])' ||
    fail "LIBTORCH_USE_PYTORCH=1, but $(command -v "$python") has no torch (PYTHON names another interpreter)"
}

system_libtorch() {
  local include lib
  for include in /usr/include /usr/local/include; do
    for lib in "/usr/lib/$(uname -m)-linux-gnu" /usr/lib64 /usr/lib /usr/local/lib; do
      if [[ -e $include/torch/csrc/api/include/torch/torch.h && -e $lib/libtorch_cpu.so ]]; then
        torch_include=$include torch_lib=$lib
        return
      fi
    done
  done
  return 1
}

# The version's macros moved from the first of these files to the second during 2.x.
read_version() {
  local version headers=("$torch_include"/torch/{csrc/api/include/torch,headeronly}/version.h)
  version=$({ cat "${headers[@]}" 2>/dev/null || true; } |
    awk '$1 == "#define" && $2 ~ /^TORCH_VERSION_(MAJOR|MINOR|PATCH)$/ { v = v sep $3; sep = "." } END { print v }')
  [[ $version == 1.13.* || $version =~ ^[2-9]\. ]] ||
    fail "libtorch ${version:-of unknown version} in $torch_lib is not supported: 1.13 or any 2.x is needed"
  torch_name="libtorch $version"
}

read_flags() {
  local standard abi includes=(-isystem "$torch_include/torch/csrc/api/include")
  # The compiler's own order of /usr/include must stay: its headers use #include_next.
  if [[ $torch_include != /usr/include ]]; then includes+=(-isystem "$torch_include"); fi
  standard=$(torch_standard)
  abi=$(torch_cxx11_abi)
  torch_compile_flags=("-std=c++$standard" "-D_GLIBCXX_USE_CXX11_ABI=$abi" "${includes[@]}")
  # Debian's compilers pass --as-needed, which would drop torch_cuda: it registers itself and no symbol of it is named.
  torch_link_flags=("-L$torch_lib" "-Wl,--no-as-needed" -ltorch -ltorch_cpu -lc10)
  if [[ -e $torch_lib/libtorch_cuda.so ]]; then
    torch_name+=" with CUDA"
    torch_link_flags+=(-ltorch_cuda -lc10_cuda)
    add_cuda_headers
  fi
  add_groups
  if [[ $torch_lib != /usr/lib* ]]; then torch_link_flags+=("-Wl,-rpath,$torch_lib"); fi
  add_openmp
}

# CUDA graphs need headers that libtorch does not bring along: those of the CUDA that it was built with.
add_cuda_headers() {
  local wanted folders flags folder
  wanted=$(readelf -d "$torch_lib/libtorch_cuda.so" | sed -n 's/.*libcudart[^]]*\.so\.\([0-9]*\).*/\1/p' | head -n 1)
  while read -r folders; do
    flags=()
    for folder in $folders; do # but the compiler's own stays where it is in its order
      if [[ $folder != /usr/include ]]; then flags+=(-isystem "$folder"); fi
    done
    if is_cuda "$wanted" "${flags[@]}"; then
      torch_compile_flags+=(-DCEI_CUDA_HEADERS=1 "${flags[@]}")
      return
    fi
  done < <(cuda_include_folders)
  say "warning: without CUDA graphs (cei train --cuda-graph), since the headers of CUDA $wanted are not found:"
  say "  CUDA_HOME=/path/to/cuda names the folder above their include; PyTorch's pip packages of CUDA lack crt/host_defines.h without triton or nvcc"
}

# A line a place to try, each of one or several folders: what the user names, the packages beside a Python torch, those that its
# triton brings along, and a toolkit's usual places.
cuda_include_folders() {
  local site=${torch_lib%/torch/lib} home
  for home in "${CUDA_HOME-}" "${CUDA_PATH-}"; do
    if [[ -n $home ]]; then echo "$home/include"; fi
  done
  if [[ $site != "$torch_lib" ]]; then
    echo "$site"/nvidia/*/include
    echo "$site/triton/backends/nvidia/include"
  fi
  echo /usr/local/cuda/include
  echo "${CONDA_PREFIX:-/usr}/targets/$(uname -m)-linux/include"
  echo /usr/include
}

# is_cuda MAJOR FLAG...: whether CUDA's headers are found with these flags, complete and of that version; any, where it is empty.
is_cuda() {
  local wanted=$1 version
  shift
  version=$(printf '#include <cuda_runtime_api.h>\nCUDART_VERSION\n' | "$CXX" "$@" -x c++ -E -P - 2>/dev/null | tail -n 1)
  [[ $version =~ ^[0-9]+$ && ( -z $wanted || $((version / 1000)) == "$wanted" ) ]]
}

# Groups of processes need c10d with Gloo, which a libtorch may have been built without. Their Gloo headers are those in
# cgo/shim/names.
add_groups() {
  if [[ ! -e $torch_include/torch/csrc/distributed/c10d/ProcessGroupGloo.hpp ]] || ! exports libtorch_cpu.so ProcessGroupGloo; then
    say "warning: without training in several processes, since c10d's Gloo or its headers are missing"
    return
  fi
  torch_compile_flags+=(-DCEI_GLOO=1 -I "$root/cgo/shim/names")
  if [[ -e $torch_lib/libtorch_cuda.so ]] && exports libtorch_cuda.so ProcessGroupNCCL; then add_nccl; fi
}

# exports LIBRARY CLASS: whether the library has a constructor of c10d's class.
exports() { [[ $(nm -D --defined-only "$torch_lib/$1") == *_ZN4c10d*"$2"C[12]E* ]]; }

# Devices' processes need NCCL's header, and those of CUDA's libraries that c10d's include beside it.
add_nccl() {
  local folders flags folder
  while read -r folders; do
    flags=()
    for folder in $folders; do flags+=(-isystem "$folder"); done
    if [[ ${torch_compile_flags[*]} == *CEI_CUDA_HEADERS* ]] && has_nccl "${flags[@]}"; then
      torch_compile_flags+=(-DCEI_NCCL=1 "${flags[@]}")
      return
    fi
  done < <(nccl_include_folders)
  say "warning: without training on several CUDA devices, since not all of nccl.h, cublas_v2.h, cusparse.h and CUDA's own headers are found:"
  say "  NCCL_HOME=/path/to/nccl names the folder above NCCL's include; PyTorch's pip packages and Debian's libnccl-dev have it"
}

# A line a place to try, as in cuda_include_folders; the first is what is on the compiler's path already.
nccl_include_folders() {
  local site=${torch_lib%/torch/lib}
  echo
  if [[ -n ${NCCL_HOME-} ]]; then echo "$NCCL_HOME/include"; fi
  if [[ $site != "$torch_lib" ]]; then echo "$site"/nvidia/*/include; fi
}

has_nccl() {
  printf '#include <%s>\n' nccl.h cublas_v2.h cusparse.h cusolverDn.h | "$CXX" "${torch_compile_flags[@]}" "$@" -x c++ -E - >/dev/null 2>&1
}

# C++17 up to where libtorch's own headers ask for more.
torch_standard() {
  local asked
  asked=$(sed -n '/C++[0-9]* or later/ { s/.*C++\([0-9]*\) or later.*/\1/p; q }' "$torch_include/torch/csrc/api/include/torch/all.h")
  if [[ -n $asked && $asked -gt 17 ]]; then echo "$asked"; else echo 17; fi
}

# How libc10 mangles the std::string argument of one function that every version exports.
torch_cxx11_abi() {
  local symbol
  symbol=$(nm -D --defined-only "$torch_lib/libc10.so" | grep -o '_ZN3c106detail14torchCheckFailEPKcS2_jRK.*' || true)
  case $symbol in
    *RKNSt7__cxx1112basic_string*) echo 1 ;;
    *RKSs) echo 0 ;;
    *) fail "$torch_lib/libc10.so does not show which C++ ABI it has (c10::detail::torchCheckFail is not exported)" ;;
  esac
}

# OpenMP's symbols are left for libtorch's own runtime to fill at load time. Naming a runtime when linking could bring in a second
# one, and with it a second pool of threads: the copy inside a Python torch answers to the system's name.
add_openmp() {
  local needed compiler
  needed=$(readelf -d "$torch_lib/libtorch_cpu.so")
  compiler=$("$CXX" --version)
  if [[ $needed == *libgomp* && $compiler != *clang* ]]; then torch_compile_flags+=(-fopenmp); fi
}
