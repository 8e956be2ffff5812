"""The thread that empties the outbox inside the server's process; `flask mail drain` does the same elsewhere.

One per server process, started by the process that serves, never at import. Several are safe: see `actions.claim`.
"""

import logging
import threading
from collections.abc import Callable

from flask import Flask
from sqlalchemy import event

from seminar.lib.database import db
from seminar.mail import actions

log = logging.getLogger("seminar.mail")
POLL_SECONDS = 3.0
"""Also finds what another process, a command or an ended lease put into the queue."""
LONGEST_BACKOFF_SECONDS = 60.0
ROUND = 50


class Worker:
    """A daemon thread that survives everything but the end of the process."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.name = actions.worker_name()
        self.wake = threading.Event()
        self.now = threading.Event()
        self.ends = threading.Event()
        self.thread = threading.Thread(target=self._run, name="mail", daemon=True)

    def stop(self, seconds: float = 30.0) -> None:
        """Lets the message in flight end, then the thread."""
        self.ends.set()
        self.wake.set()
        self.now.set()
        self.thread.join(seconds)

    def _run(self) -> None:
        troubles = 0
        while not self.ends.is_set():
            is_fine = self._round()
            troubles = 0 if is_fine else troubles + 1
            # New mail wakes the thread, but it does not hammer a server that is away; a person who says "now" does.
            waiter = self.wake if is_fine else self.now
            waiter.wait(pause(troubles))
            self.wake.clear()
            self.now.clear()

    def _round(self) -> bool:
        """Sends while there is something to send; False where the server is away or something broke."""
        try:
            with self.app.app_context():
                settings = self.app.config["SEMINAR"]
                while not self.ends.is_set():
                    drained = actions.drain_once(settings, ROUND, worker=self.name, stops=self.ends.is_set)
                    if drained.trouble:
                        log.warning("the mail server is in trouble: %s", drained.trouble)
                        return False
                    if drained.is_paused or not drained.tried:
                        return True
        except Exception:
            log.exception("the mail worker goes on after an error")
            return False
        return True


def pause(troubles: int) -> float:
    """Seconds until the next look: a few, or up to a minute while the server is away."""
    return min(POLL_SECONDS * 2 ** min(troubles, 10), LONGEST_BACKOFF_SECONDS)


def start(app: Flask) -> Worker:
    """Starts the thread of this process; without a mail server it has nothing to do but look."""
    worker = Worker(app)
    _wake_after_commits("mail", worker.wake.set)
    _wake_after_commits("mail_now", worker.now.set)
    worker.thread.start()
    return worker


def _wake_after_commits(sign: str, wake: Callable[[], None]) -> None:
    """Calls `wake` after each commit whose session carries the sign: mail was put in, or is to be tried now."""

    def committed(session: object) -> None:
        if session.info.pop(sign, False):  # type: ignore[attr-defined]
            wake()

    event.listen(db.session, "after_commit", committed)
