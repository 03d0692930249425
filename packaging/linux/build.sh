#!/usr/bin/env bash
# The Linux program: one static file that runs on every distribution.
# Results: target/packages/innkeeper, and the fonts that lie beside it (override the folder with OUT).
set -euo pipefail
. "$(dirname "$0")/../common.sh"
need cc=build-essential

target=x86_64-unknown-linux-gnu
folder=${CARGO_TARGET_DIR:-$root/target/static}
small_pages
say "building innkeeper $version for $target"
# Unwinding never passes through SQLite's C, and addresses to be moved at the start are
# listed as a map: both are what most of a program's size that is no code goes to.
CFLAGS="$CFLAGS -fno-asynchronous-unwind-tables -fno-unwind-tables" \
  RUSTFLAGS="-C target-feature=+crt-static -C link-arg=-Wl,-z,pack-relative-relocs $remap" \
  cargo build --locked --profile shipped --bin innkeeper --target "$target" --target-dir "$folder"
install -m 755 "$folder/$target/shipped/innkeeper" "$out/innkeeper"
strip --strip-all "$out/innkeeper"
packaging/fonts.sh "$out/fonts"
ls -l "$out/innkeeper"
