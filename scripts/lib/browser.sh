# shellcheck shell=bash
# Finds the browser in which tests look at report.html, as those tests do.

has_browser() {
  local name
  for name in ${CEI_CHROMIUM-} chromium chromium-browser google-chrome; do
    if command -v "$name" >/dev/null; then return 0; fi
  done
  return 1
}
