"""A real server process over a data folder of its own, for what only a real one can show."""

import contextlib
import os
import random
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

HOUSE = Path(__file__).parents[1]
FLASK = [sys.executable, "-m", "flask", "--app", "app"]


def free_port() -> int:
    """A port below those that the system gives to clients.

    One of those would be taken while a killed server is away: whoever asks for it again and again is, once in some
    ten thousand tries, given that very port to ask from, is then connected to itself, and the server cannot come back.
    """
    while True:
        port = random.SystemRandom().randrange(20000, 32000)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


class Server:
    """`start` waits until /healthz answers; the process leads its own group, as `make run` does."""

    def __init__(self, data: Path, **env: str) -> None:
        self.data = data
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.env = {name: value for name, value in os.environ.items() if not name.startswith("SEMINAR_")} | {
            "SEMINAR_DATA": str(data),
            "SEMINAR_SECRET_KEY": "k" * 40,
            "SEMINAR_BASE_URL": self.address,
            "SEMINAR_SECOND_FACTOR": "none",
            **env,
        }
        self.program = [*FLASK, "serve"]
        self.process: subprocess.Popen[bytes] | None = None

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """A `flask …` command beside the server."""
        return subprocess.run(
            [*FLASK, *arguments], cwd=HOUSE, env=self.env, capture_output=True, text=True, check=False, timeout=120
        )

    def prepare(self) -> None:
        self.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        outcome = self.command("db", "upgrade")
        assert outcome.returncode == 0, outcome.stderr

    def start(self, within: float = 30) -> None:
        self.process = subprocess.Popen(
            [*self.program, "--port", str(self.port)],
            cwd=HOUSE,
            env=self.env,
            stdout=(self.data / "serve.log").open("ab"),
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        until = time.monotonic() + within
        while time.monotonic() < until:
            assert self.process.poll() is None, (self.data / "serve.log").read_text()
            if self.answers():
                return
            time.sleep(0.05)
        raise AssertionError((self.data / "serve.log").read_text())

    def answers(self, seconds: float = 2) -> bool:
        try:
            with urllib.request.urlopen(f"{self.address}/healthz", timeout=seconds) as answer:
                return answer.status == 200
        except OSError:
            return False

    def kill_group(self) -> None:
        """What a supervisor or `make run`'s terminal does at the worst: SIGKILL to all at once.

        Waits for the workers too: one that waits for a slow disk keeps the port until the disk answers.
        """
        assert self.process
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        assert self.is_gone(60), "a killed worker still lives"

    def stop(self) -> int:
        if self.process is None:
            return 0
        if self.process.poll() is None:
            self.process.terminate()
        try:
            return self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.kill_group()
            return -signal.SIGKILL

    def is_gone(self, within: float = 10) -> bool:
        """Whether every process of the group has ended, or does so soon."""
        until = time.monotonic() + within
        while self.processes() and time.monotonic() < until:
            time.sleep(0.05)
        return self.processes() == []

    def processes(self) -> list[int]:
        """Living processes of the group."""
        assert self.process
        outcome = subprocess.run(["ps", "-eo", "pid=,pgid=,stat="], capture_output=True, text=True, check=True)
        rows = [line.split() for line in outcome.stdout.splitlines()]
        return [int(pid) for pid, group, state in rows if int(group) == self.process.pid and "Z" not in state]
