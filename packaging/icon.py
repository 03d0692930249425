"""Draws static/icon.svg in the sizes that Windows and macOS want, with
rsvg-convert, and puts the pictures into their containers: icon.py ico|icns FILE."""

import pathlib
import struct
import subprocess
import sys

ICON = pathlib.Path(__file__).parent.parent / "static" / "icon.svg"


def png(size: int) -> bytes:
    """The icon as a square picture."""
    command = ["rsvg-convert", "--width", str(size), "--height", str(size), str(ICON)]
    return subprocess.run(command, check=True, capture_output=True).stdout


def ico() -> bytes:
    """Windows: a directory of 16-byte entries, then the pictures."""
    sizes = [16, 24, 32, 48, 64, 256]
    pictures = [png(size) for size in sizes]
    entries, at = b"", 6 + 16 * len(sizes)
    for size, picture in zip(sizes, pictures):
        # 256 is written as 0.
        entries += struct.pack("<BBBBHHII", size % 256, size % 256, 0, 0, 1, 32, len(picture), at)
        at += len(picture)
    return struct.pack("<HHH", 0, 1, len(sizes)) + entries + b"".join(pictures)


def icns() -> bytes:
    """macOS: chunks of a type, a length with its head, and the picture."""
    kinds = {b"icp4": 16, b"icp5": 32, b"icp6": 64, b"ic07": 128, b"ic08": 256, b"ic09": 512, b"ic10": 1024}
    chunks = b""
    for kind, size in kinds.items():
        picture = png(size)
        chunks += kind + struct.pack(">I", 8 + len(picture)) + picture
    return b"icns" + struct.pack(">I", 8 + len(chunks)) + chunks


def main() -> None:
    kind, target = sys.argv[1:]
    pathlib.Path(target).write_bytes({"ico": ico, "icns": icns}[kind]())


main()
