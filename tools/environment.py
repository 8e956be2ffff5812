"""Sets up what `make run` and `make test` stand on: .venv, locked dependencies, assets, system packages.

Only the standard library, because it runs before anything is installed. Each step is done only where something changed.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

HOUSE = Path(__file__).parents[1]
VENV = HOUSE / ".venv"
PYTHON = VENV / "bin" / "python"
STAMPS = VENV / "installed"


def say(line: str) -> None:
    print(f"==> {line}", flush=True)


def step(words: str, done: Callable[[], bool], work: Callable[[], None]) -> None:
    """Does the work where it is not done yet, with a line before and one after."""
    if done():
        return
    say(words)
    began = time.monotonic()
    work()
    print(f"    done in {time.monotonic() - began:.0f} s", flush=True)


def run(*command: str, **options: object) -> None:
    """Runs a command; where it fails, its own words have been shown and we stop with its status."""
    outcome = subprocess.run(command, cwd=HOUSE, **options)  # type: ignore[call-overload]
    if outcome.returncode:
        sys.exit(f"This command failed (status {outcome.returncode}): {' '.join(command)}")


def apt_install(packages: list[str], why: str) -> None:
    """Installs Debian packages where we may; else says exactly which are missing."""
    wanted = " ".join(packages)
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        sys.exit(f"Missing on this machine: {wanted} ({why}). As administrator: apt-get install {wanted}")
    say(f"installing {wanted} ({why})")
    quiet = {"env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}, "stdout": subprocess.DEVNULL}
    subprocess.run(["apt-get", "update", "-qq"], check=False, **quiet)  # type: ignore[call-overload]
    outcome = subprocess.run(
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages],
        check=False,
        **quiet,  # type: ignore[call-overload]
    )
    if outcome.returncode:
        sys.exit(f"Could not install {wanted} ({why}). Install by hand: apt-get install {wanted}")


def _has_venv_module() -> bool:
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        return False
    return True


def _venv_works() -> bool:
    if not PYTHON.exists():
        return False
    check = "import sys, pip; print('%d.%d' % sys.version_info[:2], sys.prefix)"
    outcome = subprocess.run([str(PYTHON), "-c", check], capture_output=True, text=True, check=False)
    return outcome.stdout.split() == ["{}.{}".format(*sys.version_info[:2]), str(VENV)]


def _make_venv() -> None:
    if not _has_venv_module():
        apt_install(["python3-venv"], "makes the Python environment")
    shutil.rmtree(VENV, ignore_errors=True)
    run(sys.executable, "-m", "venv", str(VENV))


def _digest(*files: Path) -> str:
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()


def _is_stamped(name: str) -> bool:
    stamp = STAMPS / f"{name}.sha256"
    return stamp.exists() and stamp.read_text() == _digest(HOUSE / name)


def _install(name: str) -> None:
    run(
        str(PYTHON),
        *("-m", "pip", "install", "-qq", "--disable-pip-version-check", "--no-input"),
        *("--require-hashes", "--no-deps", "-r", name),
    )
    STAMPS.mkdir(exist_ok=True)
    (STAMPS / f"{name}.sha256").write_text(_digest(HOUSE / name))


def prepare(requirements: str) -> None:
    """The environment with exactly the locked packages, and the assets of the pages."""
    step("making the Python environment .venv", _venv_works, _make_venv)
    step(
        f"installing the packages of {requirements} (a minute at the first time)",
        lambda: _is_stamped(requirements),
        lambda: _install(requirements),
    )
    assets = [str(PYTHON), str(HOUSE / "tools" / "assets.py")]
    outcome = subprocess.run([*assets, "--check"], cwd=HOUSE, check=False)
    if outcome.returncode:
        say("fetching scripts, fonts and icons of the pages")
        if subprocess.run(assets, cwd=HOUSE, check=False).returncode:
            print(
                "    They could not be fetched. The pages work without them, plainly: no live counters, no camera,\n"
                "    system fonts, and documents without the office's font. The next start tries again.",
                flush=True,
            )
