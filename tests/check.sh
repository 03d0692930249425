#!/usr/bin/env bash
# All checks of the project, on a fresh machine too: format, lints, unit and
# integration tests, the UI's type check, the browser tests in real Chromium.
# Installs what is missing (apt, npm, cargo) and says so.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf '\n== %s\n' "$1"; }

# Debian packages that are not there yet.
need() {
  local missing=()
  command -v node >/dev/null || missing+=(nodejs npm)
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

say "format"
cargo fmt --check

say "lints"
cargo clippy --locked --all-targets -- -D warnings

say "unit and integration tests"
cargo test --locked

say "the web UI's tools (npm ci)"
(cd tests/browser && npm ci --no-audit --no-fund --silent)

say "the web UI's types, against what the API says of itself"
cargo build --locked
(cd tests/browser && npm run --silent typecheck)

say "the web UI's words in every language, its dates and amounts in every country's way"
(cd tests/browser && npm run --silent words && npm run --silent formats)

# Against the pages as the packages ship them, made small.
say "browser tests"
(cd tests/browser && INNKEEPER_SHIPPED_PAGES=1 INNKEEPER_BIN="$PWD/../../target/debug/innkeeper" npm test --silent)

say "all checks passed"
