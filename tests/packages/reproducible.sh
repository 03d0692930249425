#!/usr/bin/env bash
# The same commit gives the same bytes: cloned into two folders, built twice.
# Usage: [KEEP=FOLDER] reproducible.sh [linux|windows|deb]…; deb has the Linux program in it.
set -euo pipefail
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
[ $# -gt 0 ] || set -- linux
git clone -q . "$work/one"
git clone -q "$work/one" "$work/another-place"
for kind in "$@"; do
  case $kind in
    linux) script=packaging/linux/build.sh ;;
    deb) script=packaging/linux/deb.sh ;;
    windows) script=packaging/windows/build.sh ;;
    *) echo "there is no package $kind" >&2; exit 2 ;;
  esac
  for copy in one another-place; do
    (cd "$work/$copy" && OUT="$work/out-$copy" "$script" >/dev/null)
  done
  for file in "$work/out-one"/*; do
    other=$work/out-another-place/$(basename "$file")
    cmp "$file" "$other" || { diff <(strings -a "$file") <(strings -a "$other") | head -20; exit 1; }
    echo "ok: $(basename "$file"), $(stat -c %s "$file") bytes, twice the same"
  done
  [ -z "${KEEP:-}" ] || { mkdir -p "$KEEP" && cp -p "$work/out-one"/* "$KEEP"; }
  rm -rf "$work/out-one" "$work/out-another-place"
done
