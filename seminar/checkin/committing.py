"""How scans reach the disk: through one thread of the process that commits what is waiting together.

The one exception to "actions never commit". One durable commit costs the same for one scan and for fifty, and so does
each statement: a single thread takes a call and all that wait behind it, records them in one transaction, commits, and
only then answers. SQLite has one writer anyhow; PostgreSQL commits together by itself, yet shares no statements: `make
bench` there gives half as much again with the thread, and a shorter tail.
"""

import logging
import queue
import threading
from concurrent.futures import Future

from flask import Flask, current_app
from sqlalchemy import Engine

from seminar.checkin.actions import Answered, Call, record_scans
from seminar.lib.clock import now
from seminar.lib.database import db
from seminar.lib.errors import Refused

log = logging.getLogger("seminar")
GROUP_CALLS = 64
GROUP_SCANS = 500
"""More gain nothing, and let the single scans behind them wait."""
ANSWER_SECONDS = 20.0

Waiting = tuple[Call, "Future[Answered]"]


class Unrecorded(TimeoutError):
    """The thread died before it could say whether this was stored: the desk tells it again."""


class Unpaired(Refused):
    """The pairing of the desk was ended; nothing of the call was stored."""

    def __init__(self) -> None:
        super().__init__("This device is not paired, or its pairing was ended. Keep what is queued and ask the office.")


class GroupCommit:
    """The thread of one process; it starts with the first call, ends with the process, and is replaced if it dies."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._waiting: queue.SimpleQueue[Waiting] = queue.SimpleQueue()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None

    def record(self, call: Call) -> Answered:
        future: Future[Answered] = Future()
        self._waiting.put((call, future))
        self._keep_running()
        return future.result(ANSWER_SECONDS)

    def _keep_running(self) -> None:
        with self._starting:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, daemon=True, name="group-commit")
                self._thread.start()

    def _run(self) -> None:
        while True:
            group = [self._waiting.get()]
            scans = len(group[0][0].scans)
            while len(group) < GROUP_CALLS and scans < GROUP_SCANS:
                try:
                    group.append(self._waiting.get_nowait())
                except queue.Empty:
                    break
                scans += len(group[-1][0].scans)
            try:
                self._commit(group)
            except BaseException as death:
                log.exception("the thread that records scans died; the next call starts another")
                for _, future in group:
                    if not future.done():
                        future.set_exception(Unrecorded(str(death)))
                return

    def _commit(self, group: list[Waiting]) -> None:
        """All of the group, or, if that fails, each call by itself: one that cannot be stored never takes others along."""
        try:
            answers = commit(self._engine, [call for call, _ in group])
        except Exception as error:
            if len(group) == 1:
                group[0][1].set_exception(error)
                return
            log.exception("a group of scans failed; trying each call by itself")
            for waiting in group:
                self._commit([waiting])
            return
        for (_, future), answer in zip(group, answers, strict=True):
            future.set_result(answer)


def commit(engine: Engine, calls: list[Call]) -> list[Answered]:
    with engine.begin() as connection:
        return record_scans(connection, calls, now)


_starting = threading.Lock()


def record_and_commit(call: Call) -> Answered:
    """Records the scans of one call durably: when this returns, they survive a kill and a power cut.

    Raises `Unpaired` for a desk that was revoked up to the moment of recording, SQLAlchemyError or TimeoutError where
    nothing is acknowledged.
    """
    answered = _thread_of(current_app._get_current_object(), db.engine).record(call)  # type: ignore[attr-defined]
    if answered.is_ended:
        raise Unpaired
    return answered


def _thread_of(app: Flask, engine: Engine) -> GroupCommit:
    with _starting:
        if "group_commit" not in app.extensions:
            app.extensions["group_commit"] = GroupCommit(engine)
    return app.extensions["group_commit"]
