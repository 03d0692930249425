#!/usr/bin/env bash
# The Windows program and its installer, on Debian: the standard library is built
# from Debian's own source package, the linker is mingw-w64.
# Results: target/packages/innkeeper.exe, target/packages/innkeeper-VERSION-setup.exe
set -euo pipefail
. "$(dirname "$0")/../common.sh"
need /usr/bin/rustc=rustc-web /usr/lib/rustlib/src=rust-web-src x86_64-w64-mingw32-gcc=gcc-mingw-w64-x86-64-posix \
  x86_64-w64-mingw32-windres=binutils-mingw-w64-x86-64 makensis=nsis rsvg-convert=librsvg2-bin python3=python3

target=x86_64-pc-windows-gnu
folder=${CARGO_TARGET_DIR:-$root/target/windows}
mkdir -p "$folder"
python3 packaging/icon.py ico "$folder/innkeeper.ico"
small_pages
say "building innkeeper $version for $target"
# Debian's compiler stands for nightly here, for the standard library alone.
RUSTC_BOOTSTRAP=1 RUSTC=/usr/bin/rustc RUSTFLAGS="$remap --remap-path-prefix=/usr/lib/rustlib=/rustlib -C link-arg=-Wl,--no-insert-timestamp" \
  INNKEEPER_ICON="$folder/innkeeper.ico" \
  cargo build --locked --profile shipped --bin innkeeper --target "$target" --target-dir "$folder" -Z build-std=std,panic_abort
install -m 755 "$folder/$target/shipped/innkeeper.exe" "$out/innkeeper.exe"
x86_64-w64-mingw32-strip --strip-all --enable-deterministic-archives "$out/innkeeper.exe"

say "packing the installer"
stage=$folder/stage
rm -rf "$stage" && mkdir -p "$stage"
cp "$out/innkeeper.exe" "$folder/innkeeper.ico" "$stage/"
packaging/fonts.sh "$stage/fonts"
sed 's/$/\r/' LICENSE > "$stage/LICENSE.txt"
find "$stage" -exec touch -d "@$SOURCE_DATE_EPOCH" {} +
makensis -V2 -WX "-DVERSION=$version" "-DSTAGE=$stage" "-DOUTPUT=$out/innkeeper-$version-setup.exe" packaging/windows/innkeeper.nsi
ls -l "$out/innkeeper.exe" "$out/innkeeper-$version-setup.exe"
