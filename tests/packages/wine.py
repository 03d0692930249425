"""A fresh Windows under Wine, for the tests of the Windows program."""

import os
import pathlib
import shutil
import subprocess

# Wine 8 lacks a DLL that Rust's standard library asks for random numbers. Windows
# has had it since 7; this stand-in is for the test alone.
RANDOM_SOURCE = """
#include <windows.h>
BOOLEAN NTAPI SystemFunction036(PVOID, ULONG);
__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T length) { return SystemFunction036(data, (ULONG)length); }
"""
COMPILER = "x86_64-w64-mingw32-gcc"
# Without a screen Wine makes no windows, and so no icon.
DISPLAY = ":87"
SCREEN = "1000x700"


def install_tools(**more: list[str]) -> None:
    """Wine and a compiler for the stand-in, where they are missing; `more` programs with their packages."""
    wanted = {"wine": ["wine", "wine64"], "Xvfb": ["xvfb"], COMPILER: ["gcc-mingw-w64-x86-64-posix"], **more}
    missing = [package for tool, packages in wanted.items() if not shutil.which(tool) for package in packages]
    if missing:
        sudo = [] if os.geteuid() == 0 else ["sudo"]
        subprocess.run([*sudo, "apt-get", "update", "-qq"], check=True)
        subprocess.run([*sudo, "apt-get", "install", "-y", "-qq", "--no-install-recommends", *missing], check=True)


class Windows:
    """A fresh Windows of its own in a folder, with a screen."""

    def __init__(self, folder: pathlib.Path, **env: str) -> None:
        """Made by wineboot."""
        self.screen = subprocess.Popen(["Xvfb", DISPLAY, "-screen", "0", f"{SCREEN}x24", "-nolisten", "tcp"])
        self.drive = folder / "drive_c"
        self.env = {
            **os.environ, "WINEPREFIX": str(folder), "WINEDEBUG": "-all",
            "WINEDLLOVERRIDES": "mscoree=;mshtml=;winemenubuilder.exe=d", "DISPLAY": DISPLAY,
            **env,
        }
        self.run("wineboot", "-i")
        self.run("wineserver", "-w")
        source = folder / "random.c"
        source.write_text(RANDOM_SOURCE)
        dll = self.drive / "windows" / "system32" / "bcryptprimitives.dll"
        compiler = [COMPILER, "-O2", "-s", "-shared", "-o", dll, source, "-ladvapi32"]
        subprocess.run(compiler, check=True)

    def run(self, *command: str | pathlib.Path) -> subprocess.CompletedProcess:
        """A command of the host that sees this Windows."""
        return subprocess.run(command, env=self.env, capture_output=True, text=True, timeout=120)

    def end(self) -> None:
        """Nothing of it goes on."""
        self.run("wineserver", "-k")
        self.screen.terminate()
        self.screen.wait()

    def registry(self, key: str) -> bool:
        """Whether a key is there."""
        return self.run("wine", "reg", "query", key, "/reg:64").returncode == 0


def check(is_so: bool, what: str) -> None:
    """Says what was seen, or ends the test."""
    if not is_so:
        raise SystemExit(f"FAILED: {what}")
    print(f"ok: {what}", flush=True)
