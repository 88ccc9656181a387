# shellcheck shell=bash
# Installs what is missing on Debian and Ubuntu, and tells everyone else how.

can_install() { [[ $(id -u) == 0 ]] && command -v apt-get >/dev/null; }

install_packages() {
  local log=$root/build/apt.log
  say "installing $*"
  mkdir -p "$root/build"
  if ! { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"; } >"$log" 2>&1; then
    tail -n 5 "$log" >&2
    fail "apt-get could not install $*; its whole output is in $log"
  fi
}

# Debian's libtorch computes with whichever BLAS the system has. Alone it pulls in the reference one, which is many times slower.
# A system that already has OpenBLAS, or another BLAS of its own choice, is left as it is.
blas_is_slow() {
  local blas
  for blas in /usr/lib/*/libblas.so.3 /usr/lib/*/openblas*/libblas.so.3; do
    if [[ -e $blas && $(readlink -f "$blas") != */blas/* ]]; then return 1; fi
  done
}

explain_missing() {
  say "missing: $*"
  if command -v apt-get >/dev/null; then
    cat >&2 <<END
Installing packages needs root. Run

  sudo apt-get update
  sudo apt-get install --no-install-recommends $*

and then $0 again. To use another libtorch instead, run one of these:
END
  else
    cat >&2 <<END
This system's packages are not known here. Install a C++ compiler (g++), and run one of these:
END
  fi
  cat >&2 <<END

  LIBTORCH=/path/to/libtorch $0       the unpacked libtorch archive from https://pytorch.org/get-started/locally
  LIBTORCH_USE_PYTORCH=1 $0           the one inside an installed Python torch (PYTHON=python3 chooses the interpreter)
END
  exit 1
}
