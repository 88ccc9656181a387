# shellcheck shell=bash source-path=SCRIPTDIR
# What every script shares: strict mode, the repository's root, how a step and a failure are told, and the parts in lib/.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
script=$(basename "$0")

say() { printf '%s: %s\n' "$script" "$*" >&2; }

fail() {
  say "$@"
  exit 1
}

source "$root/scripts/lib/golang.sh"
source "$root/scripts/lib/debian.sh"
source "$root/scripts/lib/libtorch.sh"
source "$root/scripts/lib/compile.sh"
source "$root/scripts/lib/shim.sh"
source "$root/scripts/lib/hdf5.sh"
source "$root/scripts/lib/browser.sh"
