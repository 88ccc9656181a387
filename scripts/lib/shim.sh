# shellcheck shell=bash
# Builds the native library, the C++ of cgo/shim, against the libtorch that find_libtorch found.

# build_shim NAME FLAG...: build/lib/NAME.so with further flags.
build_shim() {
  local name=$1
  shift
  # gcc 14 wrongly sees a std::vector<bool> overflow where it inlines libtorch's headers, and gcc 12 trips over its own intrinsics.
  local warnings=(-Wall -Wno-array-bounds -Wno-stringop-overflow -Wno-maybe-uninitialized -Wno-uninitialized)
  build_library "$name" "$root/cgo/shim" -I "$root/cgo" -O3 -fno-math-errno -fno-trapping-math -fvisibility=hidden "${warnings[@]}" "$@"
  say "build/lib/$name.so is ready ($torch_name in $torch_lib)"
}
