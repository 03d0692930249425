#!/usr/bin/env bash
# The Debian package: the static program, a hardened systemd unit, the manual,
# completions, a desktop entry, fonts for every script. Result: target/packages/innkeeper_VERSION_amd64.deb
set -euo pipefail
. "$(dirname "$0")/../common.sh"
need cc=build-essential dpkg-deb=dpkg
command -v cargo-deb >/dev/null || cargo install --locked --quiet cargo-deb

[ -n "${SKIP_BUILD:-}" ] || packaging/linux/build.sh
# What the package takes lies in one place; Cargo.toml names it there.
stage=$root/target/deb
rm -rf "$stage" && mkdir -p "$stage/man" "$stage/completions"
program=$out/innkeeper
install -m 755 "$program" "$stage/innkeeper"
"$program" man | gzip -n9 > "$stage/man/innkeeper.1.gz"
for command in serve demo import export backup restore user check; do
  "$program" man "$command" | gzip -n9 > "$stage/man/innkeeper-$command.1.gz"
done
"$program" completions bash > "$stage/completions/innkeeper.bash"
"$program" completions zsh > "$stage/completions/_innkeeper"
"$program" completions fish > "$stage/completions/innkeeper.fish"
"$program" licences > "$stage/licences.txt"
"$program" licences --sbom > "$stage/sbom.json"
cp -r "$out/fonts" "$stage/fonts"
gzip -n9 -c packaging/CHANGELOG.md > "$stage/changelog.gz"
find "$stage" -exec touch -d "@$SOURCE_DATE_EPOCH" {} +

cargo deb --no-build --no-strip --quiet --output "$out/innkeeper_${version}_amd64.deb"
ls -l "$out/innkeeper_${version}_amd64.deb"
