#!/usr/bin/env bash
# The fonts that the packages carry beside the program, for documents in scripts that the executable has none for:
# taken from Debian's packages, which say whose they are (Noto: OFL 1.1, Droid: Apache 2.0). Nothing is installed.
# Usage: fonts.sh [FOLDER], target/packages/fonts when left out.
set -euo pipefail
. "$(dirname "$0")/common.sh"
need dpkg-deb=dpkg apt-get=apt

folder=${1:-$out/fonts}
noto=usr/share/fonts/truetype/noto
scripts=(Arabic Hebrew Thai Devanagari Bengali Tamil Telugu Gujarati Gurmukhi Kannada Malayalam Sinhala Khmer Lao Myanmar
  Ethiopic Georgian Armenian)
# Those that letters are often written in have their bold face.
bold=(Arabic Hebrew Thai Devanagari)

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for package in fonts-noto-core fonts-droid-fallback; do
  (cd "$work" && apt-get download -q -o APT::Sandbox::User=root "$package" >/dev/null) || { echo "$package cannot be had from this machine's package sources." >&2; exit 1; }
  dpkg-deb -x "$work/$package"_*.deb "$work/files"
done
rm -rf "$folder" && mkdir -p "$folder"
cd "$work/files"
# Signs of currencies and letters that the face in the executable is too old for.
cp "$noto/NotoSans-Regular.ttf" "$folder/"
for script in "${scripts[@]}"; do cp "$noto/NotoSans$script-Regular.ttf" "$folder/"; done
for script in "${bold[@]}"; do cp "$noto/NotoSans$script-Bold.ttf" "$folder/"; done
# Chinese, Japanese and Korean in one face. The larger one of the package has no Korean.
cp usr/share/fonts-droid-fallback/truetype/DroidSansFallback.ttf "$folder/"
cp usr/share/doc/fonts-noto-core/copyright "$folder/copyright-noto.txt"
cp usr/share/doc/fonts-droid-fallback/copyright "$folder/copyright-droid.txt"
chmod 644 "$folder"/*
find "$folder" -exec touch -d "@$SOURCE_DATE_EPOCH" {} +
say "$(find "$folder" -name '*.ttf' | wc -l) fonts, $(du -sk --apparent-size "$folder" | cut -f1) kB, in $folder"
