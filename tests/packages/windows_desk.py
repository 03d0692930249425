"""The Windows program under Wine as a double-click starts it, on a desktop: the tray
icon, its menu, a second start, and the boxes that say what is wrong. Usage:
windows_desk.py INNKEEPER.EXE [FOLDER_FOR_PICTURES]"""

import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import urllib.request

from hotel import PASSWORD, wait_for
from wine import COMPILER, DISPLAY, SCREEN, Windows, check, install_tools

HERE = pathlib.Path(__file__).resolve().parent
OK, YES = 1, 6
# The kinds of windows that Windows makes for a menu and for an icon's balloon.
MENU, BALLOON = "#32768", "tooltips_class32"


class Desk(Windows):
    """A Windows with a desktop, somebody at it, and a browser that only notes what it is to show."""

    def __init__(self, folder: pathlib.Path, program: pathlib.Path, pictures: pathlib.Path | None) -> None:
        """Everything in `folder`, the program on drive C."""
        self.shown = folder / "shown"
        self.pictures = pictures
        browser = folder / "bin" / "xdg-open"
        browser.parent.mkdir()
        browser.write_text(f'#!/bin/sh\necho "$1" >> {self.shown}\n')
        browser.chmod(0o755)
        super().__init__(folder / "windows", PATH=f"{browser.parent}:{os.environ['PATH']}")
        subprocess.run([COMPILER, "-O2", "-s", "-o", self.drive / "desk.exe", HERE / "desk.c"], check=True)
        (self.drive / "innkeeper.exe").write_bytes(program.read_bytes())
        # One desktop for all programs, with a place for icons.
        key = "HKCU\\Software\\Wine\\Explorer"
        self.run("wine", "reg", "add", key, "/v", "Desktop", "/d", "desk")
        self.run("wine", "reg", "add", f"{key}\\Desktops", "/v", "desk", "/d", SCREEN)
        self.run("wineserver", "-w")

    def do(self, *words: str) -> list[str]:
        """What the person at the desk does, and sees: the lines of it."""
        # Not into pipes: what it starts would hold them open.
        with tempfile.TemporaryFile("w+") as said:
            command = ["wine", "C:\\desk.exe", *words]
            done = subprocess.run(command, env=self.env, stdout=said, stderr=subprocess.STDOUT, timeout=60)
            said.seek(0)
            lines = said.read().splitlines()
        if done.returncode != 0:
            self.picture("failed")
            raise SystemExit(f"FAILED: {' '.join(words)}: {lines}")
        return lines

    def begin(self, *words: str) -> subprocess.Popen:
        """Something that takes a while."""
        return subprocess.Popen(["wine", "C:\\desk.exe", *words], env=self.env, stdout=subprocess.DEVNULL)

    def double_click(self, *flags: str) -> None:
        """Starts the program as the desktop does."""
        self.do("start", "C:\\innkeeper.exe", *flags)

    def picture(self, name: str) -> None:
        """Of the whole screen, where somebody wants pictures."""
        if self.pictures:
            self.pictures.mkdir(parents=True, exist_ok=True)
            command = ["import", "-display", DISPLAY, "-window", "root", self.pictures / f"{name}.png"]
            subprocess.run(command, check=True)

    def box(self, name: str, *flags: str) -> str:
        """What the box says that a start shows; it is read, pictured and closed."""
        self.double_click(*flags)
        text = " ".join(self.do("box"))
        self.picture(name)
        self.do("press", str(OK))
        print(f"   {name}: {text}", flush=True)
        return text

    def pages(self) -> list[str]:
        """The addresses that the browser was told to show."""
        return self.shown.read_text().split() if self.shown.exists() else []


def answers(port: int) -> bool:
    """Whether a hotel is open there."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/health", timeout=5) as answer:
            return answer.status == 200
    except OSError:
        return False


def free_port() -> int:
    """A port that nobody has."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def set_up(port: int) -> None:
    """A hotel with an owner, so that there is something to copy."""
    body = (
        '{"property_name": "Test", "currency": "EUR", "time_zone": "Europe/Lisbon", "business_date": "2025-11-10",'
        f' "username": "owner", "full_name": "The owner", "password": "{PASSWORD}"}}'
    )
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/api/setup", body.encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        check(answer.status < 300, "the hotel is set up")


def use_tray(desk: Desk) -> None:
    """A double-click, the icon and its menu, a second double-click, the end."""
    port = free_port()
    listen = f"--listen=127.0.0.1:{port}"
    page = f"http://127.0.0.1:{port}/"
    desk.double_click(listen)
    wait_for("the hotel", lambda: answers(port))
    wait_for("its page", lambda: desk.pages() == [page])
    wait_for("the icon", lambda: desk.do("icon") == ["1"])
    check(True, "a double-click opens the hotel, its page and an icon in the tray")
    desk.do("seen", BALLOON)
    desk.picture("start")
    set_up(port)
    looking = desk.begin("menu", "0")
    desk.do("seen", MENU)
    desk.picture("menu")
    looking.wait(timeout=60)
    desk.do("menu", "1")
    wait_for("the page again", lambda: desk.pages() == [page] * 2)
    desk.do("click")
    wait_for("the page again", lambda: desk.pages() == [page] * 3)
    check(True, "Open shows the page, and so does a click on the icon")
    desk.double_click(listen)
    wait_for("the page again", lambda: desk.pages() == [page] * 4)
    check(answers(port), "a second double-click shows the page of the first")
    [data] = desk.drive.glob("users/*/AppData/Local/Innkeeper")
    copies = data / "backups"
    desk.do("menu", "2")
    wait_for("a copy", lambda: any(copies.glob("*.db.gz")))
    wait_for("the end of the copy", lambda: not any(copies.glob("*.part*")))
    check(True, f"Back up now makes {next(copies.glob('*.db.gz')).name}")
    desk.picture("backed-up")
    quit_by_menu(desk, port)
    wait_for("the end of the icon", lambda: desk.do("icon") == ["0"])
    wait_for("the end of its lock", lambda: not (data / "hotel.db.lock").exists())
    check(not (data / "hotel.db-wal").exists(), "Quit closes the hotel in order and takes the icon away")


def quit_by_menu(desk: Desk, port: int) -> None:
    """The last line of the icon's menu."""
    desk.do("menu", "3")
    wait_for("the end", lambda: not answers(port))


def be_rescued(desk: Desk) -> None:
    """The data file is damaged, and the box offers the back-up."""
    [data] = desk.drive.glob("users/*/AppData/Local/Innkeeper")
    damaged = damage(data / "hotel.db", data / "hotel.db")
    port = free_port()
    desk.double_click(f"--listen=127.0.0.1:{port}")
    text = " ".join(desk.do("box"))
    print(f"   rescue: {text}", flush=True)
    check("is damaged" in text and "put the newest back-up in its place?" in text, "a damaged data file is told, and its newest back-up offered")
    desk.picture("rescue")
    desk.do("press", str(YES))
    wait_for("the hotel", lambda: answers(port))
    kept = [path.read_bytes() for path in data.glob("hotel-replaced-*.db")]
    check(kept == [damaged], "yes puts it in place, opens the hotel, and keeps the damaged file")
    quit_by_menu(desk, port)


def damage(good: pathlib.Path, to: pathlib.Path) -> bytes:
    """A data file whose first page makes no sense."""
    content = bytearray(good.read_bytes())
    content[100:4096] = b"\x55" * 3996
    to.write_bytes(content)
    return bytes(content)


def read_boxes(desk: Desk) -> None:
    """What is wrong is said in a box, with what to do."""
    folder = desk.drive / "wrong"
    folder.mkdir()
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        text = desk.box("taken-port", "--db=C:\\wrong\\new.db", f"--listen=127.0.0.1:{port}")
        check(f"port {port}" in text and "Close" in text and "start Innkeeper again" in text, "a taken port is told, and what to do")
    listen = "--listen=127.0.0.1:0"
    # Nobody writes there, not even root.
    text = desk.box("read-only-folder", "--db=Z:\\sys\\kernel\\hotel.db", listen)
    check("cannot be opened" in text and "written to" in text, "a folder that cannot be written to is told, and what to do")
    [good] = desk.drive.glob("users/*/AppData/Local/Innkeeper/hotel.db")
    damaged = damage(good, folder / "damaged.db")
    text = desk.box("damaged", "--db=C:\\wrong\\damaged.db", listen)
    check("is damaged" in text and "back-up" in text, "a damaged data file is told, and what to do")
    check((folder / "damaged.db").read_bytes() == damaged, "and left as it was")
    (folder / "letter.db").write_text("Dear guest, this is a letter and no hotel.\n" * 200)
    text = desk.box("not-ours", "--db=C:\\wrong\\letter.db", listen)
    check("is not an Innkeeper data file" in text, "another program's file is told")


def main() -> None:
    """On a desktop of its own, which is gone at the end."""
    program = pathlib.Path(sys.argv[1]).resolve()
    pictures = pathlib.Path(sys.argv[2]).resolve() if len(sys.argv) > 2 else None
    install_tools(**({"import": ["imagemagick"]} if pictures else {}))
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(pathlib.Path(folder), program, pictures)
        try:
            use_tray(desk)
            read_boxes(desk)
            be_rescued(desk)
        finally:
            desk.end()
    print("The Windows program works at a desk under Wine.")


main()
