"""The server process: granian, one worker of four threads on SQLite, one worker per core on PostgreSQL.

Killing granian's master leaves a worker that keeps the port, and a second server on the same folder would start beside
it (recipes.md): so a lock on the data folder refuses the second, and a worker whose master died ends itself.
"""

import fcntl
import multiprocessing
import os
import socket
import ssl
import sys
import threading
import time
import urllib.request
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, TextIO

from flask import Flask

from seminar.lib import certificates
from seminar.lib.errors import Refused
from seminar.lib.settings import Settings, mark_demo

THREADS = 4
DESK_THREADS = 32
"""Scans wait for the disk together; a waiting thread costs nothing, and the more wait, the more one commit carries."""
DESK_BYTES = 512 * 1024
"""A call with the most scans; such bodies never queue with uploads."""
LOOKS_SECONDS = 0.5
STARTS_WITHIN_SECONDS = 60
STOPS_WITHIN_SECONDS = 15


def lock_folder(data: Path) -> TextIO:
    """Holds the data folder for this server until the process ends; refuses where another server holds it."""
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = (data / "serve.lock").open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.seek(0)
        holder = file.read().strip() or "?"
        file.close()
        raise Refused(
            "Another server (process %(holder)s) is serving the data folder %(folder)s: stop it first, or give this one a folder of its own with SEMINAR_DATA.",
            holder=holder,
            folder=str(data),
        ) from None
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()
    return file


def check_port(host: str, port: int) -> None:
    """Refuses a port that somebody listens on; granian itself would share it with another granian."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Refused(
                "The address %(host)s port %(port)d cannot be used (%(reason)s): choose another port, for example `make run PORT=%(other)d`.",
                host=host,
                port=port,
                reason=error.strerror or str(error),
                other=port + 1 if port < 65535 else 8000,
            ) from None


def workers_for(settings: Settings) -> int:
    return 1 if settings.database_url.startswith("sqlite") else max(1, os.cpu_count() or 1)


def address_of(host: str, port: int, *, is_https: bool = False) -> str:
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    return f"{'https' if is_https else 'http'}://{shown}:{port}"


def tls_of(settings: Settings) -> dict[str, Any]:
    """What granian needs for https; refuses where no certificate was made."""
    folder = certificates.folder_of(settings.data)
    if not (folder / certificates.KEY).exists():
        raise Refused("There is no certificate yet: make one with `flask --app app certificates make --host NAME`.")
    return {"ssl_cert": folder / certificates.SERVER, "ssl_key": folder / certificates.KEY}


def end_with(master: int) -> None:
    """Ends this worker soon after its master is gone: nobody would restart, stop or replace it."""

    def watch() -> None:
        while os.getppid() == master:
            time.sleep(LOOKS_SECONDS)
        os._exit(1)

    threading.Thread(target=watch, daemon=True, name="master-watch").start()


def application(target: str, master: int, build: Callable[[], Flask] | None = None) -> Any:
    """Called in each worker: the application, with the threads of the outbox, the reminders and the proceedings beside it."""
    end_with(master)
    from seminar.factory import UPLOAD_BYTES, create_app
    from seminar.invitations import worker as reminders
    from seminar.lib import files, scratch
    from seminar.lib.gateway import Gateway, Lane, Limits
    from seminar.mail import worker as mail
    from seminar.reports import worker as proceedings

    app = (build or create_app)()
    if "SEMINAR" in app.config:
        with app.app_context():
            files.recover()
        scratch.sweep()
    workers: list[mail.Worker | reminders.Worker | proceedings.Worker] = [proceedings.start(app)]
    if app.config["SEMINAR"].mail_worker:
        workers += [mail.start(app), reminders.start(app)]

    def stop() -> None:
        for one in workers:
            one.stop(STOPS_WITHIN_SECONDS / len(workers))

    return Gateway(app, THREADS, Limits(UPLOAD_BYTES), stop, Lane("/api/v1/desk/", DESK_THREADS, DESK_BYTES))


def announce(address: str, lines: list[str], out: TextIO) -> None:
    """Says where the pages are once they really answer."""

    # It is our own server on this machine; its name need not be 127.0.0.1.
    context = ssl._create_unverified_context() if address.startswith("https") else None  # noqa: S323

    def wait() -> None:
        until = time.monotonic() + STARTS_WITHIN_SECONDS
        while time.monotonic() < until:
            try:
                with urllib.request.urlopen(f"{address}/healthz", timeout=2, context=context) as answer:  # noqa: S310 - our own address
                    if answer.status == 200:
                        print("\n".join(lines), file=out, flush=True)
                        return
            except OSError:
                time.sleep(0.1)

    threading.Thread(target=wait, daemon=True, name="announce").start()


def serve(
    settings: Settings,
    host: str,
    port: int,
    lines: list[str],
    *,
    is_https: bool = False,
    build: Callable[[], Flask] | None = None,
) -> None:
    """Serves until interrupted. Refuses a held folder and a taken port; the caller checked settings and database.

    `build` makes another application than ours, for the bench and for tests; workers import it by its name.
    """
    from granian import Granian
    from granian.constants import HTTPModes, Interfaces, Loops
    from granian.log import LogLevels

    tls = tls_of(settings) if is_https else {}
    held = lock_folder(settings.data)
    check_port(host, port)
    if settings.is_demo:
        mark_demo(settings.data, base_url=address_of(host, port, is_https=is_https))
    # A worker is a fresh interpreter: a forked one would share the parent's locks and database connections.
    multiprocessing.set_start_method("spawn", force=True)
    server = Granian(
        "seminar",
        address=host,
        port=port,
        interface=Interfaces.RSGI,
        loop=Loops.asyncio,
        workers=workers_for(settings),
        http=HTTPModes.http1,
        respawn_failed_workers=True,
        respawn_interval=0.5,
        workers_kill_timeout=STOPS_WITHIN_SECONDS,
        log_level=LogLevels.warning,
        websockets=False,
        **tls,
    )
    server.on_startup(partial(announce, address_of(host, port, is_https=is_https), lines, sys.stdout))
    try:
        server.serve(target_loader=partial(application, master=os.getpid(), build=build))
    finally:
        held.close()
