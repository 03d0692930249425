#!/usr/bin/env bash
# The same commit gives the same bytes: cloned into two folders, built twice.
# Usage: [KEEP=FOLDER] reproducible.sh [linux|windows|deb]…; deb has the Linux program in it.
set -euo pipefail
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
[ $# -gt 0 ] || set -- linux
for kind in "$@"; do
  case $kind in
    linux) script=packaging/linux/build.sh ;;
    deb) script=packaging/linux/deb.sh ;;
    windows) script=packaging/windows/build.sh ;;
    *) echo "there is no package $kind" >&2; exit 2 ;;
  esac
  for copy in one another-place; do
    [ -d "$work/$copy" ] || git clone -q . "$work/$copy"
    (cd "$work/$copy" && OUT="$work/out-$copy" "$script" >/dev/null)
  done
  for file in "$work/out-one"/*; do
    cmp "$file" "$work/out-another-place/$(basename "$file")"
    echo "ok: $(basename "$file"), $(stat -c %s "$file") bytes, twice the same"
  done
  [ -z "${KEEP:-}" ] || { mkdir -p "$KEEP" && cp -p "$work/out-one"/* "$KEEP"; }
  rm -rf "$work/out-one" "$work/out-another-place"
done
