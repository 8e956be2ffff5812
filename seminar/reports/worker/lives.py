"""A builder says again and again that it lives, so that what it holds is taken up by another only when it was killed."""

import logging
import os
import socket
import threading
from collections.abc import Callable
from datetime import datetime

from flask import Flask, current_app

from seminar.lib import clock
from seminar.lib.database import db
from seminar.reports.rules.proceedings import TELLS_SECONDS

log = logging.getLogger("seminar.proceedings")


class Overtaken(Exception):
    """Another builder has taken the work up; this one lets it go."""


def builder_name() -> str:
    return f"{socket.gethostname()[:30]}-{os.getpid()}-{threading.get_ident() % 10**6}"


class lives:  # noqa: N801 - read as a word: with lives(…)
    """Calls `tell(now)` in the background, also through the long steps in child processes."""

    def __init__(self, tell: Callable[[datetime], bool]) -> None:
        self.app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
        self.tell = tell
        self.ends = threading.Event()
        self.thread = threading.Thread(target=self._run, name="proceedings-lives", daemon=True)

    def __enter__(self) -> None:
        self.thread.start()

    def __exit__(self, *error: object) -> None:
        self.ends.set()
        self.thread.join(TELLS_SECONDS)

    def _run(self) -> None:
        while not self.ends.wait(TELLS_SECONDS):
            try:
                with self.app.app_context():
                    self.tell(clock.now())
                    db.session.commit()
            except Exception:
                log.exception("a sign of life was not written")
