"""`make test`: every check and every test, two at a time, each reported when it ends; the first red one stops all.

Two lanes, because the machines we have in mind have two cores.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import environment

PYTHON = str(environment.PYTHON)
BIN = environment.VENV / "bin"
COUNT = re.compile(r"(\d+) (passed|failed|error|errors|warning|warnings)\b")
NEEDED = {
    "chromium": ("/usr/bin/chromium", "the browser tests"),
    "postgresql": ("/usr/lib/postgresql/*/bin/initdb", "the tests on PostgreSQL"),
    "libreoffice-writer-nogui": ("/usr/bin/soffice", "the tests of papers in Word"),
    "libreoffice-math-nogui": ("/usr/lib/libreoffice/program/libsmlo.so", "the tests of equations"),
    "poppler-utils": ("/usr/bin/pdftoppm", "the tests of printed documents"),
}


@dataclass
class Section:
    """One command, its output, and how it ended."""

    name: str
    command: list[str]
    env: dict[str, str] = field(default_factory=dict)
    output: str = ""
    status: int | None = None
    seconds: float = 0.0

    @property
    def counts(self) -> dict[str, int]:
        if "pytest" not in self.command:
            return {}
        last = next((line for line in reversed(self.output.splitlines()) if COUNT.search(line)), "")
        return {word: int(number) for number, word in COUNT.findall(last)}


def pytest(name: str, *folders: str, engine: str = "sqlite") -> Section:
    return Section(name, [PYTHON, "-m", "pytest", *folders], {"SEMINAR_TEST_ENGINE": engine})


FAST = [
    Section("lint (ruff)", [str(BIN / "ruff"), "check", "--quiet", "."]),
    Section("format (ruff)", [str(BIN / "ruff"), "format", "--check", "--quiet", "."]),
    Section("layers (import-linter)", [str(BIN / "lint-imports")]),
    Section("types (mypy)", [str(BIN / "mypy")]),
]
LANES = [
    [
        pytest("unit", "tests/unit"),
        pytest("house", "tests/house"),
        pytest("web on SQLite", "tests/web"),
        # Hypothesis compiles code at the end of the session, on which Python 3.11 trips after Playwright's greenlets.
        pytest("browser", "-p", "no:hypothesispytest", "tests/browser"),
    ],
    [pytest("web on PostgreSQL", "tests/web", engine="postgresql"), pytest("faults", "tests/fault")],
]


def quick_folder() -> Path:
    """A folder for the tests' databases, in memory where there is room: a third quicker, and none is worth a disk."""
    memory = Path("/dev/shm")  # noqa: S108 - only for a folder of our own in it
    has_room = os.access(memory, os.W_OK | os.X_OK) and shutil.disk_usage(memory).free > 2 * 1024**3
    return Path(tempfile.mkdtemp(prefix="seminar-check-", dir=memory if has_room else None))


class Runner:
    """Runs sections, prints each when it ends, and stops everything at the first red one."""

    def __init__(self) -> None:
        # The caller's own settings are none of the tests' business.
        self._env = {name: value for name, value in os.environ.items() if not name.startswith("SEMINAR_")}
        self._folder = quick_folder()
        self._env["TMPDIR"] = str(self._folder)
        self._running: set[subprocess.Popen[bytes]] = set()
        self._printing = threading.Lock()
        self.red: Section | None = None

    def _start(self, section: Section, out: int) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            section.command,
            cwd=environment.HOUSE,
            env={**self._env, **section.env, "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
        )

    def run(self, section: Section) -> bool:
        with tempfile.TemporaryFile() as out:
            with self._printing:
                if self.red:
                    return False
                process = self._start(section, out.fileno())
                self._running.add(process)
            began = time.monotonic()
            section.status = process.wait()
            section.seconds = time.monotonic() - began
            out.seek(0)
            section.output = out.read().decode(errors="replace")
        with self._printing:
            self._running.discard(process)
            if self.red:
                return False
            self._report(section)
            if section.status:
                self.red = section
                self.stop()
                return False
        return True

    def _report(self, section: Section) -> None:
        word = "ok" if section.status == 0 else f"FAILED (status {section.status})"
        counted = ", ".join(f"{number} {name}" for name, number in section.counts.items())
        print(f"── {section.name} {'─' * max(2, 34 - len(section.name))} {word}  {counted}  {section.seconds:.0f} s")
        if section.status:
            print(section.output)
        sys.stdout.flush()

    def stop(self) -> None:
        for process in self._running:
            process.send_signal(signal.SIGINT)
        for process in self._running:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()

    def tidy(self) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)

    def lane(self, sections: list[Section]) -> None:
        for section in sections:
            if not self.run(section):
                return

    def lanes(self, *lanes: list[Section]) -> None:
        threads = [threading.Thread(target=self.lane, args=(lane,)) for lane in lanes]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


def find_system_packages() -> None:
    missing = {name: why for name, (path, why) in NEEDED.items() if not any(Path("/").glob(path.lstrip("/")))}
    if missing:
        environment.apt_install(sorted(missing), ", ".join(sorted(missing.values())))


def main() -> None:
    began = time.monotonic()
    find_system_packages()
    environment.prepare("requirements-dev.txt")
    runner = Runner()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        runner.lanes(FAST[:3], FAST[3:])
        if not runner.red:
            runner.lanes(*LANES)
    except (KeyboardInterrupt, SystemExit):
        runner.stop()
        raise
    finally:
        runner.tidy()
    totals: dict[str, int] = {}
    for section in [*FAST, *(one for lane in LANES for one in lane)]:
        for word, number in section.counts.items():
            totals[word] = totals.get(word, 0) + number
    counted = ", ".join(f"{number} {word}" for word, number in sorted(totals.items())) or "no tests"
    ended = f"red at: {runner.red.name}; " if runner.red else ""
    print(f"==== {ended}{counted} in {time.monotonic() - began:.0f} s ====", flush=True)
    sys.exit(1 if runner.red else 0)


if __name__ == "__main__":
    main()
