#!/usr/bin/env bash
# The Linux program and the Debian package: static, small, alone in an empty root,
# everything in its place, the unit and the desktop entry as their tools want them.
# Usage: linux.sh [FOLDER_WITH_THE_PACKAGES]
set -euo pipefail
cd "$(dirname "$0")/../.."
folder=${1:-target/packages}
program=$(realpath "$folder/innkeeper")
most=$((18 * 1000 * 1000))
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

ok() { printf 'ok: %s\n' "$1"; }
fail() { printf 'FAILED: %s\n' "$1" >&2; exit 1; }

size=$(stat -c %s "$program")
[ "$size" -le "$most" ] || fail "the program has $size bytes, more than $most"
ok "the program has $size bytes"
ldd "$program" 2>&1 | grep -q "statically linked\|not a dynamic executable" || fail "it wants libraries: $(ldd "$program")"
ok "it wants no library"

# Nothing but the program, its data folder, a place for temporary files and the
# kernel's random numbers.
mkdir -p "$work/root/data" "$work/root/tmp" "$work/root/dev"
cp "$program" "$work/root/innkeeper"
cp -r "$folder/fonts" "$work/root/fonts"
as_root=()
[ "$(id -u)" -eq 0 ] || as_root=(sudo)
"${as_root[@]}" mknod -m 666 "$work/root/dev/random" c 1 8
"${as_root[@]}" mknod -m 666 "$work/root/dev/urandom" c 1 9
"${as_root[@]}" chroot "$work/root" /innkeeper demo --rooms 5 --years 0 --db /data/demo.db --listen 127.0.0.1:0 --no-browser \
  > "$work/out" 2> "$work/err" &
pid=$!
for _ in $(seq 200); do grep -q "Innkeeper is open" "$work/out" && break; sleep 0.05; done
address=$(sed -n 's|.*open at http://\([^/]*\)/.*|\1|p' "$work/out")
[ -n "$address" ] || fail "it did not open in an empty root: $(cat "$work/err")"
python3 - "$address" <<'PYTHON'
import json, sys, urllib.request
health = json.load(urllib.request.urlopen(f"http://{sys.argv[1]}/api/health"))
assert health["status"] == "ok", health
page = urllib.request.urlopen(f"http://{sys.argv[1]}/").read().decode()
assert "css/all.css" in page, "its pages are not made small"

def ask(target, body=None, token=None):
    request = urllib.request.Request(f"http://{sys.argv[1]}/api/{target}", json.dumps(body).encode() if body else None)
    request.add_header("Content-Type", "application/json")
    if token:
        request.add_header("Authorization", f"Bearer {token}")
    return urllib.request.urlopen(request)

token = json.load(ask("auth/login", {"username": "admin", "password": "admin123"}))["access_token"]
guest = {"full_name": "محمد נועה สมชาย राजेश 王小明 さくら 김민준 Նարեկ გიორგი ₽", "email": "guest@example.com"}
stay = {"guest": guest, "room_type_id": 1, "check_in_date": "2031-01-01", "check_out_date": "2031-01-02"}
stay = json.load(ask("reservations", stay, token))
answer = ask(f"reservations/{stay['id']}/documents/confirmation/pdf", token=token)
assert answer.read(8) == b"%PDF-1.7" and answer.headers["Missing-Characters"] is None, answer.headers
PYTHON
kill "$pid"
wait "$pid" || fail "it did not close in order: $(cat "$work/err")"
ok "it opens a hotel in a root that holds nothing else, and writes a name of ten scripts there"
"${as_root[@]}" chroot "$work/root" /innkeeper backup /data/copy.db.gz --db /data/demo.db > "$work/out"
"${as_root[@]}" chroot "$work/root" /innkeeper restore /data/copy.db.gz --dry-run --db /data/demo.db > "$work/out"
grep -q "It is good" "$work/out" || fail "$(cat "$work/out")"
ok "it backs up and restores there"
[ "$("$program" licences | wc -l)" -gt 1000 ] || fail "the licences are not in it"
"$program" licences --sbom | python3 -c 'import json, sys; assert len(json.load(sys.stdin)["components"]) > 50'
ok "it tells whose work it is made of"

deb=$(echo "$folder"/innkeeper_*_amd64.deb)
[ -f "$deb" ] || fail "there is no Debian package"
dpkg-deb -x "$deb" "$work/deb" && dpkg-deb -e "$deb" "$work/control"
grep -q '^Package: innkeeper$' "$work/control/control" || fail "its control file names another package"
for file in usr/bin/innkeeper usr/lib/systemd/system/innkeeper.service usr/share/man/man1/innkeeper.1.gz \
  usr/share/man/man1/innkeeper-serve.1.gz usr/share/bash-completion/completions/innkeeper \
  usr/share/zsh/vendor-completions/_innkeeper usr/share/fish/vendor_completions.d/innkeeper.fish \
  usr/share/applications/innkeeper.desktop usr/share/icons/hicolor/scalable/apps/innkeeper.svg \
  usr/share/doc/innkeeper/copyright usr/share/doc/innkeeper/licences.txt \
  usr/share/innkeeper/fonts/DroidSansFallback.ttf usr/share/innkeeper/fonts/copyright-noto.txt; do
  [ -s "$work/deb/$file" ] || fail "the Debian package lacks $file"
done
cmp -s "$program" "$work/deb/usr/bin/innkeeper" || fail "the package has another program"
ok "the Debian package has everything in its place, $(stat -c %s "$deb") bytes"
zcat "$work/deb/usr/share/man/man1/innkeeper.1.gz" | grep -q '^.TH innkeeper 1' || fail "the manual is none"
bash -n "$work/deb/usr/share/bash-completion/completions/innkeeper" || fail "the completions are none"
if command -v desktop-file-validate >/dev/null; then
  desktop-file-validate "$work/deb/usr/share/applications/innkeeper.desktop" || fail "the desktop entry is wrong"
  ok "the desktop entry is right"
fi
if command -v systemd-analyze >/dev/null; then
  unit=$work/deb/usr/lib/systemd/system/innkeeper.service
  sed "s|/usr/bin/innkeeper|$program|" "$unit" > "$work/innkeeper.service"
  systemd-analyze verify --man=no "$work/innkeeper.service" || fail "systemd does not take the unit"
  exposure=$(systemd-analyze security --offline=true "$work/innkeeper.service" | sed -n 's/.*Overall exposure level.*: \([0-9.]*\).*/\1/p')
  python3 -c "import sys; sys.exit(float('$exposure') > 2.0)" || fail "the unit's exposure is $exposure, more than 2.0"
  ok "systemd takes the unit; its exposure is $exposure of 10"
fi
echo "The Linux packages are good."
