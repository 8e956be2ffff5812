"""A child that opens a stranger's file does not outlive a server that was killed, nor does LibreOffice."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from seminar.papers import converting
from tests import manuscripts
from tests.servers import HOUSE

PARENT = """
from seminar.lib.isolated import run_isolated
run_isolated(__import__("tests.fault.test_orphans", fromlist=["sleep"]).sleep, {path!r})
"""


def sleep(path: str) -> None:
    """Run in the child: says who it is, and never ends by itself."""
    Path(path).write_text(str(os.getpid()))
    time.sleep(60)


def group_of_the_child_of(pid: int) -> int:
    """The child leads a group of its own, in which all run that it starts."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return int(children[0]) if children else 0


def programs_in(group: int) -> dict[int, str]:
    found = {}
    for one in Path("/proc").glob("[0-9]*"):
        try:
            pid = int(one.name)
            if group and os.getpgid(pid) == group and lives(pid):
                found[pid] = (one / "comm").read_text().strip()
        except OSError:
            continue
    return found


def lives(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


def test_a_child_ends_when_its_server_is_killed(tmp_path):
    told = tmp_path / "pid"
    parent = subprocess.Popen([sys.executable, "-c", PARENT.format(path=str(told))], cwd=HOUSE)
    until = time.monotonic() + 20
    while not (told.exists() and told.read_text()):
        assert time.monotonic() < until
        time.sleep(0.05)
    child = int(told.read_text())
    assert lives(child)
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    while lives(child):
        assert time.monotonic() < until
        time.sleep(0.05)


CONVERTING = """
from pathlib import Path
from seminar.papers import converting
converting.convert({str(n): Path(PATH).read_bytes() for n in range(9)}, "pdf")
"""


@pytest.mark.parametrize("who", ["server", "child"])
def test_libreoffice_ends_when_its_server_or_its_child_is_killed(tmp_path, who):
    assert converting.program(), "make test installs LibreOffice"
    paper = tmp_path / "1.docx"
    paper.write_bytes(manuscripts.word("everything", 1).content)
    parent = subprocess.Popen([sys.executable, "-c", CONVERTING.replace("PATH", repr(str(paper)))], cwd=HOUSE)
    until = time.monotonic() + 30
    group = 0
    while "soffice.bin" not in programs_in(group).values():
        assert time.monotonic() < until
        time.sleep(0.05)
        group = group or group_of_the_child_of(parent.pid)
    try:
        for pid, name in programs_in(group).items():
            if name == "soffice.bin":
                os.kill(pid, signal.SIGSTOP)  # it would end by itself when the files are done
        os.kill(parent.pid if who == "server" else group, signal.SIGKILL)
        while left := programs_in(group):
            assert time.monotonic() < until, left
            time.sleep(0.05)
    finally:
        parent.kill()
        parent.wait()
        if programs_in(group):
            os.killpg(group, signal.SIGKILL)
