"""A child that opens a stranger's file does not outlive a server that was killed."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.servers import HOUSE

PARENT = """
from seminar.lib.isolated import run_isolated
run_isolated(__import__("tests.fault.test_orphans", fromlist=["sleep"]).sleep, {path!r})
"""


def sleep(path: str) -> None:
    """Run in the child: says who it is, and never ends by itself."""
    Path(path).write_text(str(os.getpid()))
    time.sleep(60)


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
