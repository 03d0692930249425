# What the packages' scripts have in common; sourced, not run.
# The same commit gives the same bytes: times come from the commit, paths are
# written as if everything lay in the same place.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$PWD
version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -1)
# Where the packages are laid down.
out=${OUT:-$root/target/packages}
mkdir -p "$out"

SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
export SOURCE_DATE_EPOCH LC_ALL=C TZ=UTC
cargo_home=${CARGO_HOME:-$HOME/.cargo}
remap="--remap-path-prefix=$root=/innkeeper --remap-path-prefix=$cargo_home=/cargo"
export CFLAGS="-ffile-prefix-map=$root=/innkeeper -ffile-prefix-map=$cargo_home=/cargo"

say() { printf '== %s\n' "$1"; }

# The web UI made small, where the program takes it from when it is compiled after this.
small_pages() {
  export INNKEEPER_PAGES=$root/target/pages
  say "making the pages small"
  packaging/pages/make.sh "$INNKEEPER_PAGES"
}

# Installs Debian packages whose program is not there: need PROGRAM=PACKAGE…
need() {
  local missing=() pair
  for pair in "$@"; do
    command -v "${pair%%=*}" >/dev/null || [ -e "${pair%%=*}" ] || missing+=("${pair#*=}")
  done
  [ ${#missing[@]} -eq 0 ] && return
  say "installing ${missing[*]}"
  local sudo=()
  [ "$(id -u)" -eq 0 ] || sudo=(sudo)
  "${sudo[@]}" apt-get update -qq
  DEBIAN_FRONTEND=noninteractive "${sudo[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}
