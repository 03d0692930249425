"""The macOS application as far as it can be checked elsewhere: its layout, its
property lists, its icon. It was not run. Usage: macos.py PROGRAM (of any system)"""

import os
import pathlib
import plistlib
import struct
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]


def check(is_so: bool, what: str) -> None:
    """Says what was seen, or ends the test."""
    if not is_so:
        raise SystemExit(f"FAILED: {what}")
    print(f"ok: {what}")


def icon_sizes(path: pathlib.Path) -> set[int]:
    """The widths of the pictures in an icon file, from their own heads."""
    data = path.read_bytes()
    kind, length = struct.unpack(">4sI", data[:8])
    check(kind == b"icns" and length == len(data), "the icon file is as long as it says")
    at, sizes = 8, set()
    while at < len(data):
        _, length = struct.unpack(">4sI", data[at:at + 8])
        check(data[at + 8:at + 16] == b"\x89PNG\r\n\x1a\n", "each picture of it is a PNG")
        sizes.add(struct.unpack(">I", data[at + 24:at + 28])[0])
        at += length
    return sizes


def main() -> None:
    """Builds the application around a program and looks at it."""
    with tempfile.TemporaryDirectory() as folder:
        env = {**os.environ, "PROGRAM": sys.argv[1], "OUT": folder}
        subprocess.run([ROOT / "packaging" / "macos" / "build.sh"], env=env, check=True, stdout=subprocess.DEVNULL)
        contents = pathlib.Path(folder) / "Innkeeper.app" / "Contents"
        info = plistlib.loads((contents / "Info.plist").read_bytes())
        program = contents / "MacOS" / info["CFBundleExecutable"]
        check(os.access(program, os.X_OK), "the property list names the program, and it can be run")
        check((contents / "PkgInfo").read_text() == "APPL????", "it says that it is an application")
        version = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout.split()[1]
        check(info["CFBundleShortVersionString"] == version, f"its version is the program's, {version}")
        icon = contents / "Resources" / (info["CFBundleIconFile"] + ".icns")
        check(icon_sizes(icon) == {16, 32, 64, 128, 256, 512, 1024}, "it has an icon in every size")
        agent = plistlib.loads((contents / "Resources" / "org.innkeeper.Innkeeper.plist").read_bytes())
        check(agent["Label"] == info["CFBundleIdentifier"], "the launch agent belongs to it")
        check(agent["ProgramArguments"][0] == f"/Applications/Innkeeper.app/Contents/MacOS/{program.name}", "and starts its program")
        command = [program, *agent["ProgramArguments"][1:], "--help"]
        check(subprocess.run(command, capture_output=True).returncode == 0, "with arguments that it knows")


main()
