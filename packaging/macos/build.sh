#!/usr/bin/env bash
# The macOS application: target/packages/Innkeeper.app. On a Mac the program is
# built here; elsewhere name one that was built on a Mac: PROGRAM=… build.sh
# Signing and notarising need Apple's tools and an account, and are not done here.
set -euo pipefail
. "$(dirname "$0")/../common.sh"
need rsvg-convert=librsvg2-bin python3=python3

program=${PROGRAM:-}
if [ -z "$program" ]; then
  [ "$(uname -s)" = Darwin ] || { echo "This is no Mac: name a program that was built on one with PROGRAM=…" >&2; exit 1; }
  small_pages
  MACOSX_DEPLOYMENT_TARGET=11.0 RUSTFLAGS="$remap" cargo build --locked --profile shipped --bin innkeeper --target-dir "$root/target/macos"
  program=$root/target/macos/shipped/innkeeper
fi
app=$out/Innkeeper.app
rm -rf "$app"
mkdir -p "$app/Contents/MacOS" "$app/Contents/Resources"
sed "s/@VERSION@/$version/" packaging/macos/Info.plist > "$app/Contents/Info.plist"
printf 'APPL????' > "$app/Contents/PkgInfo"
install -m 755 "$program" "$app/Contents/MacOS/innkeeper"
python3 packaging/icon.py icns "$app/Contents/Resources/innkeeper.icns"
cp LICENSE packaging/macos/org.innkeeper.Innkeeper.plist "$app/Contents/Resources/"
find "$app" -exec touch -d "@$SOURCE_DATE_EPOCH" {} + 2>/dev/null || true
echo "$app"
