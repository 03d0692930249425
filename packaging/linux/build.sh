#!/usr/bin/env bash
# The Linux program: one static file that runs on every distribution.
# Result: target/packages/innkeeper (override the folder with OUT).
set -euo pipefail
. "$(dirname "$0")/../common.sh"
need cc=build-essential

target=x86_64-unknown-linux-gnu
folder=${CARGO_TARGET_DIR:-$root/target/static}
say "building innkeeper $version for $target"
RUSTFLAGS="-C target-feature=+crt-static $remap" \
  cargo build --locked --release --bin innkeeper --target "$target" --target-dir "$folder"
install -m 755 "$folder/$target/release/innkeeper" "$out/innkeeper"
strip --strip-all "$out/innkeeper"
ls -l "$out/innkeeper"
