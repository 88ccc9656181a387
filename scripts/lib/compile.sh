# shellcheck shell=bash
# Compiles a folder of C++ against libtorch into a shared library, in parallel, and only what changed.

export CXX=${CXX:-g++}

# unit_flags UNIT: what a unit is compiled with besides the others' flags. The workers exist for several kinds of vector
# registers, of which the processor is asked when the library runs.
unit_flags() {
  case $(uname -m)/$1 in
    x86_64/*_avx2) echo -mavx2 -mfma ;;
    x86_64/*_avx512) echo -mavx512f -mavx512dq -mavx512bw -mavx512vl -mfma ;;
    x86_64/*_amx) if "$CXX" -mamx-bf16 -E - </dev/null >/dev/null 2>&1; then echo -mavx512f -mavx512dq -mavx512bw -mavx512vl -mfma -mamx-tile -mamx-bf16; fi ;;
  esac
}
export -f unit_flags

fingerprint() { sha256sum | cut -d ' ' -f 1; }

# build_library NAME FOLDER FLAG...: build/lib/NAME.so from FOLDER/*.cc. Beside each object lies the fingerprint of all that
# went into it: its source, every header of FOLDER, of its names and of the folder above, the flags, the compiler and libtorch.
build_library() {
  local name=$1 folder=$2
  shift 2
  local objects=$root/build/obj/$name library=$root/build/lib/$name.so flags=("$@" -fPIC "${torch_compile_flags[@]}")
  local units=() stale=() unit context
  local -A keys=()
  mkdir -p "$objects" "$(dirname "$library")"
  context=$(compile_context "$folder" "${flags[@]}")
  for unit in "$folder"/*.cc; do
    [[ -e $unit ]] || fail "$folder holds no C++ source"
    unit=$(basename "$unit" .cc)
    units+=("$unit")
    keys[$unit]=$({ echo "$context"; unit_flags "$unit"; cat "$folder/$unit.cc"; } | fingerprint)
    if [[ $(cat "$objects/$unit.key" 2>/dev/null) != "${keys[$unit]}" ]]; then stale+=("$unit"); fi
  done
  if ((${#stale[@]})); then compile_units "$folder" "$objects"; fi
  link_units "$objects" "$library"
}

compile_context() {
  local folder=$1
  shift
  { printf '%s\n' "$@"; "$CXX" --version; cat "$folder"/*.h "$folder"/../*.h "$folder"/names/*/*.h "$torch_lib/libc10.so" 2>/dev/null || true; } | fingerprint
}

# Uses build_library's flags, keys and stale. An object and its key appear only once the whole object is written. The key was
# taken before, so that a source edited meanwhile is compiled again next time.
compile_units() {
  local folder=$1 objects=$2 failed=0 unit new=new.$$
  say "compiling ${#stale[@]} of ${#units[@]} units of $name for $torch_name"
  # shellcheck disable=SC2016 # the inner shell expands what stands between the quotes
  printf '%s\n' "${stale[@]}" |
    xargs -P "$(nproc)" -I '{}' bash -c '"$CXX" "${@:4}" $(unit_flags "$1") -c "$2/$1.cc" -o "$3/$1.o.'"$new"'"' compile '{}' "$folder" "$objects" "${flags[@]}" || failed=1
  for unit in "${stale[@]}"; do
    if [[ -e $objects/$unit.o.$new ]]; then
      mv "$objects/$unit.o.$new" "$objects/$unit.o"
      echo "${keys[$unit]}" >"$objects/$unit.key"
    fi
  done
  ((failed == 0)) || fail "$name did not compile: see above"
}

# Uses build_library's units. The library is renamed into place, so that a process that has the old one loaded keeps it.
link_units() {
  local objects=$1 library=$2 key
  local files=("${units[@]/#/$objects/}")
  key=$({ cat "${files[@]/%/.key}"; printf '%s\n' "${torch_link_flags[@]}"; } | fingerprint)
  if [[ -e $library && $(cat "$objects/link.key" 2>/dev/null) == "$key" ]]; then return; fi
  "$CXX" -shared -o "$library.new.$$" "${files[@]/%/.o}" "${torch_link_flags[@]}" || fail "$name did not link: see above"
  mv "$library.new.$$" "$library"
  echo "$key" >"$objects/link.key"
}
