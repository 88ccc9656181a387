# shellcheck shell=bash
# Finds the headers of libhdf5, which only programs built with the tag hdf5 need.

# has_hdf5 looks where cgo/hdf5 does. CGO_CFLAGS holds several flags.
has_hdf5() {
  # shellcheck disable=SC2086
  echo '#include <hdf5.h>' | "$(go env CC)" ${CGO_CFLAGS-} -I/usr/include/hdf5/serial -E - >/dev/null 2>&1
}
