"""Does the reminders whose moment has come: by a thread beside the server, or by `flask invitations remind-due`."""

import logging
import threading

from flask import Flask, current_app

from seminar.invitations import actions, messages, queries
from seminar.invitations.rules import reminds_at
from seminar.lib import clock
from seminar.lib.database import db, reading
from seminar.lib.errors import Refused
from seminar.planning import queries as plans

log = logging.getLogger("seminar.reminders")
LOOKS_SECONDS = 30.0


def remind_due() -> int:
    """Puts all reminders that are due into the outbox; says how many. Composes outside of the writing transaction."""
    base_url: str = current_app.config["SEMINAR"].base_url
    now = clock.now()
    with reading():
        composed = []
        for rule in queries.due_rules(now):
            deadline = plans.milestone(rule.seminar, "answers")
            assert deadline is not None
            runs_at = reminds_at(deadline, rule.days_before, rule.at)
            chosen = queries.to_remind(rule.seminar, rule, runs_at)
            if chosen:
                composed.append((rule.id, messages.composed(chosen, base_url, queries.REMINDS, now=now)))
    count = 0
    for rule_id, mails in composed:
        try:
            count += actions.remind_by_rule(rule_id, mails, now)
            db.session.commit()
        except Refused as refusal:  # an answer, a new code, another hour came between: the next look composes anew
            db.session.rollback()
            log.info("reminders wait: %s", refusal)
    return count


class Worker:
    """A daemon thread that survives everything but the end of the process."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.ends = threading.Event()
        self.thread = threading.Thread(target=self._run, name="reminders", daemon=True)

    def stop(self, seconds: float = 10.0) -> None:
        self.ends.set()
        self.thread.join(seconds)

    def _run(self) -> None:
        while not self.ends.wait(LOOKS_SECONDS):
            try:
                with self.app.app_context():
                    remind_due()
            except Exception:
                log.exception("the reminders go on after an error")


def start(app: Flask) -> Worker:
    worker = Worker(app)
    worker.thread.start()
    return worker
