# shellcheck shell=bash
# Finds Go and holds it to the version that go.mod asks for.

find_go() {
  if ! command -v go >/dev/null && [[ -x /usr/local/go/bin/go ]]; then
    export PATH=$PATH:/usr/local/go/bin
  fi
  local wanted have
  wanted=$(awk '$1 == "go" { print $2; exit }' "$root/go.mod")
  command -v go >/dev/null ||
    fail "Go is missing: install Go $wanted or newer (https://go.dev/doc/install), put it on PATH and run $script again"
  have=$(cd "$root" && go env GOVERSION) || fail "go env failed: see above"
  have=${have#go}
  [[ $(printf '%s\n' "$wanted" "${have%%[!0-9.]*}" | sort -V | head -n 1) == "$wanted" ]] ||
    fail "Go $have is too old: install Go $wanted or newer (https://go.dev/doc/install) and run $script again"
}
