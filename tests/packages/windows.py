"""The Windows installer and program under Wine, as an owner uses them: install,
open, book, back up, restart, start twice, restore, uninstall. Usage:
windows.py SETUP.EXE"""

import os
import pathlib
import shutil
import sys
import tempfile

from hotel import Hotel, wait_for
from wine import Windows, check, install_tools


def work_a_day(windows: Windows, program: pathlib.Path) -> None:
    """Open, book, back up, restart, start twice, restore."""
    folder = windows.drive / "hotel"
    folder.mkdir()
    data_file, start = folder / "hotel.db", ["wine", str(program)]
    shown = "C:\\hotel\\hotel.db"
    hotel = Hotel(start, shown, env=windows.env)
    hotel.set_up()
    first = hotel.book("Ana Silva", "2025-11-10", "2025-11-12")["confirmation_number"]
    check(data_file.is_file(), "the hotel opens and takes a booking")
    made = hotel.back_up()
    copy = folder / "backups" / made["name"]
    check(copy.is_file() and made["reservations"] == 1, f"a back-up is made: {made['name']}")
    second_start = windows.run(*start, "serve", "--db", shown, "--listen", "127.0.0.1:0", "--no-browser")
    check(f"Innkeeper is open at http://127.0.0.1:{hotel.port}/ already" in second_start.stdout, "a second start finds the first")
    hotel.book("Ben Brown", "2025-11-11", "2025-11-13")
    hotel.kill()
    windows.run("wineserver", "-k")
    hotel = Hotel(start, shown, env=windows.env)
    hotel.sign_in()
    check(hotel.ask("GET", "/api/reservations")["total"] == 2, "both bookings are there after it was killed and started again")
    hotel.ask("POST", f"/api/backups/{made['name']}/restore", {})
    line = next(line for line in hotel.process.stdout if "again" in line)
    check("with the restored data" in line, "the copy is put back and the hotel opens again")
    hotel.connection.close()
    hotel.sign_in()
    found = hotel.ask("GET", "/api/reservations")
    check(found["total"] == 1 and found["items"][0]["confirmation_number"] == first, "it holds what the copy held")
    check(any(folder.glob("hotel-replaced-*.db")), "the replaced file is kept")
    stopped = windows.run(*start, "restore", f"C:\\hotel\\backups\\{made['name']}", "--stop", "--db", shown)
    check(stopped.returncode == 0, f"restore --stop closes the open hotel{stopped.stderr}")
    check(hotel.process.wait(timeout=30) == 0, "in order")
    whole = windows.run(*start, "check", "--db", shown)
    check(whole.returncode == 0 and "No fault was found." in whole.stdout, "everything in the file agrees")


def reopen(windows: Windows, program: pathlib.Path) -> Hotel:
    """The hotel of the day before, with its icon."""
    return Hotel(["wine", str(program)], "C:\\hotel\\hotel.db", env=windows.env)


def live(windows: Windows, setup: pathlib.Path) -> None:
    """The whole life of an installation."""
    installed = windows.drive / "Program Files" / "Innkeeper"
    program = installed / "innkeeper.exe"
    windows.run("wine", setup, "/S")
    # The 32-bit installer would end well under a 64-bit Wine and install nothing.
    wait_for("the installed program", (installed / "uninstall.exe").is_file)
    check(program.is_file(), "the installer puts the program into its place")
    menu = windows.drive / "ProgramData" / "Microsoft" / "Windows" / "Start Menu" / "Programs" / "Innkeeper"
    check((menu / "Innkeeper.lnk").is_file(), "it stands in the start menu")
    uninstall_key = "HKLM\\Software\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\Innkeeper"
    check(windows.registry(uninstall_key), "Windows knows how to uninstall it")
    version = windows.run("wine", str(program), "--version").stdout.strip()
    check(version.startswith("innkeeper "), f"it says {version}")
    work_a_day(windows, program)
    beside = installed / "hotel.db"
    shutil.copy(windows.drive / "hotel" / "hotel.db", beside)
    hotel = reopen(windows, program)
    # Of another time, as one that was installed before would be.
    os.utime(program, (0, 0))
    windows.run("wine", setup, "/S")
    check(hotel.process.wait(timeout=30) == 0, "a newer installer closes the open hotel in order")
    check(program.stat().st_mtime > 0, "and puts the program in its place")
    hotel = reopen(windows, program)
    windows.run("wine", str(installed / "uninstall.exe"), "/S")
    check(hotel.process.wait(timeout=30) == 0, "the uninstaller closes the open hotel in order")
    wait_for("the end of the program", lambda: not program.exists())
    wait_for("the end of its entry", lambda: not windows.registry(uninstall_key))
    check(not menu.exists(), "the uninstaller takes the program and its menu away")
    check(beside.is_file() and (windows.drive / "hotel" / "hotel.db").is_file(), "the hotel's data stay")


def main() -> None:
    """In a Windows of its own, which is gone at the end."""
    setup = pathlib.Path(sys.argv[1]).resolve()
    install_tools()
    with tempfile.TemporaryDirectory() as folder:
        windows = Windows(pathlib.Path(folder))
        try:
            live(windows, setup)
        finally:
            windows.end()
    print("The Windows program works under Wine.")


main()
