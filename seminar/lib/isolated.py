"""Opens strangers' files in a child process with limits on CPU, memory and time; a crash there is a sentence here.

Some 5 kB spreadsheets make a reader ask for 549 GB and abort the whole process (recipes.md), so no file from outside
is opened in the server's own process. The child is a fresh interpreter in its own process group.
"""

import ctypes
import importlib
import os
import pickle  # noqa: S403 - only between this process and the child it started itself
import resource
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from seminar.lib.errors import Message, Refused

HOUSE = Path(__file__).parents[2]
CPU_SECONDS = 20
WALL_SECONDS = 30
MEMORY_BYTES = 1_500_000_000
PR_SET_PDEATHSIG = 1

TOO_MUCH = Message(
    "The file asks for too much memory or time and was not opened. Save it anew, without empty far rows and columns, and try again."
)
BROKEN = Message(
    "The file could not be opened: it is damaged, or not what its name says. Open it in its own program, save it anew, and try again."
)


def run_isolated(
    function: Callable[..., Any],
    *arguments: Any,
    cpu_seconds: int = CPU_SECONDS,
    wall_seconds: int = WALL_SECONDS,
    memory_bytes: int = MEMORY_BYTES,
) -> Any:
    """Calls the module-level function in a child and returns its result; arguments and result are plain data.

    Raises `Refused`: the function's own, or one that says the file is broken or too much.
    """
    order = pickle.dumps((function.__module__, function.__qualname__, arguments, cpu_seconds, memory_bytes))
    child = subprocess.Popen(
        [sys.executable, "-m", "seminar.lib.isolated"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        env=_harmless_environment(),
        cwd=HOUSE,
    )
    try:
        answer, _ = child.communicate(order, timeout=wall_seconds)
    except subprocess.TimeoutExpired:
        raise Refused(TOO_MUCH.msgid) from None
    finally:
        try:
            os.killpg(child.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        child.wait()
    if child.returncode in (-signal.SIGXCPU, -signal.SIGKILL, -signal.SIGABRT):
        raise Refused(TOO_MUCH.msgid)
    if child.returncode != 0 or not answer:
        raise Refused(BROKEN.msgid)
    outcome, value = pickle.loads(answer)  # noqa: S301
    if outcome == "refused":
        msgid, values = value
        raise Refused(msgid, **values)
    if outcome == "memory":
        raise Refused(TOO_MUCH.msgid)
    if outcome == "broken":
        raise Refused(BROKEN.msgid)
    return value


def _harmless_environment() -> dict[str, str]:
    """Ours without the settings: the secret key and the passwords are nothing for a process that opens strangers' files."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SEMINAR_")}
    return kept | {"PYTHONDONTWRITEBYTECODE": "1"}


def _end_with_parent() -> None:
    """A child leads a session of its own; after a SIGKILL of the server nobody else would end it."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def end_all_with_me() -> None:
    """In a child that starts programs of its own: whatever runs in its group ends when it does, however it ends.

    A process that does nothing else waits for the end of a pipe, which the kernel closes also after a SIGKILL.
    """
    end, _held = os.pipe()
    if os.fork() == 0:
        for open_one in [int(one.name) for one in Path("/proc/self/fd").iterdir()]:
            if open_one != end:
                try:
                    os.close(open_one)
                except OSError:
                    pass
        os.read(end, 1)
        os.killpg(0, signal.SIGKILL)


def _serve() -> None:
    """The child: reads one order, applies the limits, answers once."""
    _end_with_parent()
    module, name, arguments, cpu_seconds, memory_bytes = pickle.load(sys.stdin.buffer)  # noqa: S301
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    try:
        function = importlib.import_module(module)
        for part in name.split("."):
            function = getattr(function, part)
        answer: tuple[str, Any] = ("ok", function(*arguments))  # type: ignore[operator]
    except Refused as refusal:
        answer = ("refused", (refusal.message.msgid, refusal.message.values))
    except MemoryError:
        answer = ("memory", None)
    except Exception as error:  # noqa: BLE001 - whatever a stranger's file provokes
        answer = ("broken", repr(error)[:500])
    pickle.dump(answer, out)
    out.flush()


if __name__ == "__main__":
    _serve()
