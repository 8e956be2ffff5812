"""What is done with mail: put into the outbox, cancelled, tried again at once, and the steps of the worker.

The three steps of a try are transactions of their own: `claim` (commit), the sending outside any transaction, `finish`
(commit). `drain_once` is the one function here that commits, because a message that left cannot be rolled back.
"""

import os
import socket
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, or_, select, update

from seminar.access.actor import Actor
from seminar.audit.models import record
from seminar.lib import clock, codes
from seminar.lib.database import db, reading
from seminar.lib.errors import Refused
from seminar.lib.settings import Settings
from seminar.lib.text import clean, clean_block, shorten
from seminar.mail import queries, rules, transport
from seminar.mail.models import Mail, MailStatus

STOPPABLE = (MailStatus.HELD, MailStatus.QUEUED, MailStatus.RETRY, MailStatus.STOPPED)


def enqueue(
    to_name: str,
    to_address: str,
    subject: str,
    text: str,
    html: str,
    purpose: str,
    by: Actor,
    now: datetime,
    *,
    seminar_id: int | None = None,
    delegate_id: int | None = None,
    batch: str = "",
    inline_png: bytes | None = None,
    calendar: str = "",
    attachment_sha256: str = "",
    attachment_name: str = "",
    has_server: bool | None = None,
) -> Mail:
    """Puts one message to one person into the outbox, in the transaction of the change; it leaves after the commit.

    Refuses a line break in what becomes a header. What is no address becomes a row that failed at once and says so, so
    that one slip of the pen does not stop a whole batch; ask `rules.sendable` before where a person is still typing.
    `has_server` is only for those who know better than the settings.
    """
    if rules.has_line_break(to_name, to_address, subject):
        raise Refused("Name, address and subject of a message must each be one line.")
    settings = transport.configured()
    if has_server is None:
        has_server = bool(settings.mail_server)
    mail = Mail(
        seminar_id=seminar_id,
        purpose=purpose,
        delegate_id=delegate_id,
        batch=batch,
        to_name=clean(to_name),
        to_address=to_address.strip()[:254],
        subject=shorten(clean(subject), 300),
        text=clean_block(text),
        html=html,
        inline_png=inline_png,
        calendar=calendar,
        attachment_sha256=attachment_sha256,
        attachment_name=shorten(clean(attachment_name), 120),
        message_id=f"<{uuid.uuid4().hex}@{transport.host_of(settings)}>"[:120],
        status=MailStatus.QUEUED if has_server else MailStatus.HELD,
        created_at=now,
        created_by=by.name,
        due_at=now,
    )
    if rules.sendable(to_address) is None:
        mail.status, mail.answer = MailStatus.FAILED, rules.NO_ADDRESS
    db.session.add(mail)
    db.session().info["mail"] = True  # the worker is woken after the commit
    return mail


def cancel_mail(mail: Mail, by: Actor, now: datetime) -> None:
    """Stops a message that has not left. Cancelling twice is harmless; what is being sent or was sent is refused."""
    if mail.status == MailStatus.CANCELLED:
        return
    if not _moved(mail, STOPPABLE, status=MailStatus.CANCELLED, worker=""):
        raise Refused("It cannot be stopped any more: the message has left or is just leaving.")
    record(by, now, "cancel", "mail", seminar_id=mail.seminar_id, object_id=mail.id, summary=mail.to_name)


def retry_mail(mail: Mail, by: Actor, now: datetime) -> None:
    """Puts a message that waits, failed or was cancelled at the head of the queue, with the same Message-ID."""
    if rules.sendable(mail.to_address) is None:
        raise Refused("“%(address)s” is not an e-mail address: correct it and send anew.", address=mail.to_address)
    if mail.answer == rules.OUTDATED:
        raise Refused("The message tells a day, an hour or a place that changed since: send a new one instead.")
    status = MailStatus.QUEUED if transport.configured().mail_server else MailStatus.HELD
    again = (*STOPPABLE, MailStatus.FAILED, MailStatus.CANCELLED)
    if not _moved(mail, again, status=status, due_at=now, attempts=0, worker=""):
        raise Refused("The message has left or is just leaving; it is not sent a second time.")
    db.session().info["mail"] = db.session().info["mail_now"] = True
    record(by, now, "retry", "mail", seminar_id=mail.seminar_id, object_id=mail.id, summary=mail.to_name)


def retry_all(seminar_id: int, by: Actor, now: datetime) -> int:
    """Lets every message of the seminar that waits for another try go now: the mail server is back. Says how many."""
    waiting = (Mail.seminar_id == seminar_id, Mail.status == MailStatus.RETRY)
    moved = db.session.execute(
        update(Mail).where(*waiting).values(status=MailStatus.QUEUED, due_at=now, worker="").returning(Mail.id)
    ).all()
    db.session().info["mail"] = db.session().info["mail_now"] = True
    record(by, now, "retry", "mail", seminar_id=seminar_id, summary=str(len(moved)))
    return len(moved)


def stop_batch(seminar_id: int, batch: str, by: Actor, now: datetime) -> int:
    """Nothing more of the batch leaves until a person lets it go on; what is in flight ends. Says how many wait now."""
    waiting = (MailStatus.HELD, MailStatus.QUEUED, MailStatus.RETRY)
    return _moved_batch(seminar_id, batch, waiting, MailStatus.STOPPED, "stop", by, now)


def resume_batch(seminar_id: int, batch: str, by: Actor, now: datetime) -> int:
    """What was stopped of the batch leaves after all. Says how many."""
    to = MailStatus.QUEUED if transport.configured().mail_server else MailStatus.HELD
    count = _moved_batch(seminar_id, batch, (MailStatus.STOPPED,), to, "resume", by, now)
    db.session().info["mail"] = True
    return count


def drop_batch(seminar_id: int, batch: str, by: Actor, now: datetime) -> int:
    """What was stopped of the batch never leaves. Says how many."""
    return _moved_batch(seminar_id, batch, (MailStatus.STOPPED,), MailStatus.CANCELLED, "cancel", by, now)


def _moved_batch(
    seminar_id: int, batch: str, where: tuple[MailStatus, ...], to: MailStatus, verb: str, by: Actor, now: datetime
) -> int:
    query = (
        update(Mail)
        .where(Mail.seminar_id == seminar_id, Mail.batch == batch, Mail.status.in_(where))
        .values(status=to, worker="", due_at=now)
        .returning(Mail.id)
    )
    count = len(db.session.execute(query).all())
    if count:
        record(by, now, verb, "batch", seminar_id=seminar_id, object_id=batch, summary=str(count))
    return count


def stop_telling(seminar_id: int, by: Actor, now: datetime) -> int:
    """Day, hour or place changed: what tells the old ones (it carries a calendar entry) and has not left never leaves,
    nor is it tried again, by hand or by the worker that is just sending it. A notice of revocation holds all the same. Says how many were stopped.
    """
    tells = (Mail.seminar_id == seminar_id, Mail.calendar != "", Mail.purpose != "cancellation")
    in_flight = update(Mail).where(*tells, Mail.status == MailStatus.SENDING).values(answer=rules.OUTDATED)
    db.session.execute(in_flight, execution_options={"synchronize_session": "fetch"})
    query = (
        update(Mail)
        .where(*tells, Mail.status.in_(STOPPABLE))
        .values(status=MailStatus.CANCELLED, worker="", answer=rules.OUTDATED)
        .returning(Mail.id)
    )
    count = len(db.session.scalars(query, execution_options={"synchronize_session": "fetch"}).all())
    if count:
        record(by, now, "cancel", "mail", seminar_id=seminar_id, summary=str(count))
    return count


def return_mail(mail: Mail, reason: str, by: Actor, now: datetime) -> None:
    """The office found the message come back in its own mailbox, after the server had taken it: it did not arrive."""
    told = shorten(clean(reason), 300)
    if not told:
        raise Refused("Write what the returned message says.")
    if not _moved(mail, (MailStatus.SENT,), status=MailStatus.FAILED, answer=told):
        raise Refused("Only a message that was sent can have come back.")
    record(by, now, "return", "mail", seminar_id=mail.seminar_id, object_id=mail.id, summary=mail.to_name, reason=told)


def _moved(mail: Mail, where: tuple[MailStatus, ...], **values: object) -> bool:
    """Changes the row if it still is in one of the states; the worker may have taken it in the meantime."""
    query = update(Mail).where(Mail.id == mail.id, Mail.status.in_(where)).values(**values).returning(Mail.id)
    done = db.session.scalar(query) is not None
    db.session.refresh(mail)
    return done


@dataclass
class Drained:
    """What one round did. `trouble` is why the round ended early: the server is away or refuses us altogether."""

    sent: int = 0
    later: int = 0
    failed: int = 0
    trouble: str = ""
    is_paused: bool = False
    """The provider's limit a minute is reached."""

    @property
    def tried(self) -> int:
        return self.sent + self.later + self.failed


def release_held(now: datetime) -> int:
    """A mail server is configured now: what was held may leave."""
    query = update(Mail).where(Mail.status == MailStatus.HELD).values(status=MailStatus.QUEUED, due_at=now)
    return len(db.session.scalars(query.returning(Mail.id)).all())


def claim(worker: str, now: datetime) -> Mail | None:
    """Takes the message that is due first; it is `sending` until it is finished or the lease ends.

    One at a time, so that `sending` is exactly what is in flight: where a worker dies, that one message may have been
    taken by the server, comes back by itself and is marked. One portable statement; several workers never take the
    same row (SKIP LOCKED on PostgreSQL, one writer at a time on SQLite).
    """
    due = and_(
        Mail.status.in_((MailStatus.QUEUED, MailStatus.RETRY, MailStatus.SENDING)),
        Mail.due_at <= now,
    )
    first = select(Mail.id).where(due).order_by(Mail.due_at, Mail.id).limit(1).with_for_update(skip_locked=True)
    query = (
        update(Mail)
        .where(Mail.id.in_(first.scalar_subquery()))
        .values(
            maybe_twice=or_(Mail.maybe_twice, Mail.status == MailStatus.SENDING),
            status=MailStatus.SENDING,
            due_at=now + rules.LEASE,
            attempts=Mail.attempts + 1,
            worker=worker,
        )
        .returning(Mail)
        .execution_options(synchronize_session=False)
    )
    return db.session.scalar(query)


def finish(
    mail_id: int, worker: str, now: datetime, attempts: int, error: transport.NotSent | None
) -> MailStatus | None:
    """Writes down how the try ended; None where the lease had ended and somebody else has the message now."""
    values: dict[str, object]
    if error is None:
        values = {"status": MailStatus.SENT, "sent_at": now, "answer": ""}
    elif error.is_final or (not error.is_server and rules.is_final(error.code, attempts)):
        values = {"status": MailStatus.FAILED, "answer": error.text}
    elif db.session.scalar(select(Mail.answer).where(Mail.id == mail_id)) == rules.OUTDATED:
        values = {"status": MailStatus.CANCELLED}
    else:
        wait = rules.wait_after(attempts, server_away=error.is_server)
        values = {"status": MailStatus.RETRY, "answer": error.text, "due_at": now + wait}
        if error.maybe_taken:
            values["maybe_twice"] = True
    query = update(Mail).where(Mail.id == mail_id, Mail.worker == worker, Mail.status == MailStatus.SENDING)
    done = db.session.scalar(query.values(**values).returning(Mail.id))
    return MailStatus(str(values["status"])) if done is not None else None


def worker_name() -> str:
    return f"{socket.gethostname()[:30]}:{os.getpid()}:{codes.token()[:12]}"


def drain_once(
    settings: Settings,
    limit: int = 50,
    *,
    worker: str = "",
    timeout: float = transport.TIMEOUT_SECONDS,
    stops: Callable[[], bool] = lambda: False,
) -> Drained:
    """Sends what is due, at most `limit` messages over one connection; ends early where the server is away.

    Without a configured server it does nothing. Commits after each step; call it outside any transaction.
    """
    drained = Drained()
    if not settings.mail_server:
        return drained
    worker = worker or worker_name()
    with reading():
        work = queries.work_for_worker(clock.now())
        limit = min(limit, _allowed(settings, clock.now()))
    if not work:
        return drained
    if limit <= 0:
        drained.is_paused = True
        return drained
    release_held(clock.now())
    db.session.commit()
    with transport.Connection(settings, timeout) as connection:
        mail = claim(worker, clock.now())
        db.session.commit()
        while mail is not None:
            outgoing = transport.outgoing(mail, queries.office_address(mail.seminar_id))
            mail_id, attempts = mail.id, mail.attempts
            db.session.rollback()  # nothing is open while the network is waited for
            error = _try(connection, outgoing, settings)
            status = finish(mail_id, worker, clock.now(), attempts, error)
            drained.sent += status == MailStatus.SENT
            drained.later += status == MailStatus.RETRY
            drained.failed += status == MailStatus.FAILED
            if error is not None and error.is_server:
                drained.trouble = error.text
            # The end of this one and the beginning of the next are one commit: half the waiting for the disk.
            goes_on = drained.tried < limit and not drained.trouble and not stops()
            mail = claim(worker, clock.now()) if goes_on else None
            db.session.commit()
    return drained


def _try(
    connection: transport.Connection, outgoing: transport.Outgoing, settings: Settings
) -> transport.NotSent | None:
    try:
        message = transport.compose(outgoing, settings.mail_sender)
    except Exception as error:  # it can never be written as a message, and must not stop the others
        return transport.NotSent(0, str(error) or type(error).__name__, is_final=True)
    try:
        connection.send(message)
    except transport.NotSent as error:
        return error
    return None


def _allowed(settings: Settings, now: datetime) -> int:
    """How many may still leave in this minute, whichever worker sent the others."""
    if not settings.mail_per_minute:
        return 10**6
    return settings.mail_per_minute - queries.sent_since(now - timedelta(minutes=1))
