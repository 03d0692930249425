#!/usr/bin/env bash
# All checks of the project, on a fresh machine too: format, lints, unit and
# integration tests, the UI's type check, the browser tests in real Chromium.
# Installs what is missing (apt, npm, cargo) and says so. Tells what each step took.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf '\n== %s\n' "$1"; }

# A step by its name and its command.
took=()
step() {
  local begun=$SECONDS name=$1
  shift
  say "$name"
  "$@"
  took+=("$(printf '%5d s  %s' $((SECONDS - begun)) "$name")")
}

in_browser_tests() { (cd tests/browser && "$@"); }

# Debian packages that are not there yet.
need() {
  local missing=()
  command -v node >/dev/null || missing+=(nodejs npm)
  command -v pdftotext >/dev/null || missing+=(poppler-utils)
  command -v cc >/dev/null || missing+=(build-essential)
  [ -x "${CHROMIUM:-/usr/bin/chromium}" ] || missing+=(chromium)
  [ ${#missing[@]} -eq 0 ] && return
  say "installing ${missing[*]}"
  local sudo=()
  [ "$(id -u)" -eq 0 ] || sudo=(sudo)
  "${sudo[@]}" apt-get update -qq
  DEBIAN_FRONTEND=noninteractive "${sudo[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

need
command -v cargo >/dev/null || { echo "Rust is missing: install it with rustup, then run this again." >&2; exit 1; }
cargo fmt --version >/dev/null 2>&1 || rustup component add rustfmt
cargo clippy --version >/dev/null 2>&1 || rustup component add clippy

pages=(--manifest-path packaging/pages/Cargo.toml)
step "format" cargo fmt --check
step "format of the packages' tool" cargo fmt --check "${pages[@]}"
step "lints" cargo clippy --locked --all-targets -- -D warnings
step "lints of the packages' tool" cargo clippy --locked "${pages[@]}" --target-dir target/small -- -D warnings
step "unit and integration tests, compiled" cargo test --locked --no-run
# Compiled and made while the tests run, which leave a processor free now and then.
packaging/pages/make.sh &
pages_made=$!
step "unit and integration tests" cargo test --locked
step "the pages as the packages ship them" wait "$pages_made"
step "the web UI's tools (npm ci)" in_browser_tests npm ci --no-audit --no-fund --silent
step "the program" cargo build --locked
step "the web UI's types, against what the API says of itself" in_browser_tests npm run --silent typecheck
step "the web UI's words in every language" in_browser_tests npm run --silent words
step "its dates and amounts in every country's way" in_browser_tests npm run --silent formats
# Against the pages as the packages ship them.
export INNKEEPER_SHIPPED_PAGES=1 INNKEEPER_BIN=$PWD/target/debug/innkeeper
step "files of ours, read by other programs" tests/judges
step "browser tests" in_browser_tests npm test --silent

say "all checks passed"
printf '%s\n' "${took[@]}"
printf '%5d s  in all\n' "$SECONDS"
