"""Reads of the outbox. Lists never load the bodies."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, column, func, or_, select, table
from sqlalchemy.orm import load_only
from werkzeug.exceptions import NotFound

from seminar.lib.database import db
from seminar.lib.text import clean
from seminar.mail.models import WAITING, Mail, MailStatus

SEMINARS = table("seminar", column("id"), column("contact_email"))
"""All that outgoing mail knows of a seminar; its model belongs to planning, which is above."""
LISTED = (
    Mail.id,
    Mail.to_name,
    Mail.to_address,
    Mail.subject,
    Mail.status,
    Mail.answer,
    Mail.attempts,
    Mail.due_at,
    Mail.created_at,
    Mail.sent_at,
    Mail.maybe_twice,
    Mail.purpose,
    Mail.batch,
    Mail.created_by,
)


@dataclass(frozen=True)
class Wanted:
    """Which messages a list shows; everything empty is all of them."""

    status: MailStatus | None = None
    search: str = ""
    batch: str = ""
    purpose: str = ""
    delegate_id: int | None = None
    maybe_twice: bool = False

    @classmethod
    def from_args(cls, args: Any) -> "Wanted":
        status = args.get("status", "")
        delegate = args.get("delegate", "")
        return cls(
            status=MailStatus(status) if status in list(MailStatus) else None,
            search=clean(args.get("search"))[:100],
            batch=args.get("batch", "")[:36],
            purpose=args.get("purpose", "")[:32],
            delegate_id=int(delegate) if delegate.isascii() and delegate.isdecimal() and len(delegate) < 10 else None,
            maybe_twice=args.get("maybe_twice") == "1",
        )


def office_address(seminar_id: int | None) -> str:
    """Where answers to the seminar's messages go, as the plan says it now; "" where it names none."""
    query = select(SEMINARS.c.contact_email).where(SEMINARS.c.id == seminar_id)
    return db.session.scalar(query) or ""


def matching(seminar_id: int, wanted: Wanted) -> Select[Mail]:
    query = select(Mail).where(Mail.seminar_id == seminar_id)
    if wanted.status:
        query = query.where(Mail.status == wanted.status)
    if wanted.batch:
        query = query.where(Mail.batch == wanted.batch)
    if wanted.purpose:
        query = query.where(Mail.purpose == wanted.purpose)
    if wanted.delegate_id is not None:
        query = query.where(Mail.delegate_id == wanted.delegate_id)
    if wanted.maybe_twice:
        query = query.where(Mail.maybe_twice)
    for word in wanted.search.split():
        query = query.where(
            or_(*(column.icontains(word, autoescape=True) for column in (Mail.to_name, Mail.to_address, Mail.subject)))
        )
    return query


def counted(query: Select[Mail]) -> int:
    return db.session.scalar(select(func.count()).select_from(query.with_only_columns(Mail.id).subquery())) or 0


def page_of(query: Select[Mail], page: int, size: int = 50) -> list[Mail]:
    """Newest first."""
    rows = query.options(load_only(*LISTED)).order_by(Mail.id.desc()).offset((page - 1) * size).limit(size)
    return list(db.session.scalars(rows))


def counts_by_status(seminar_id: int) -> dict[MailStatus, int]:
    """Every status, also with 0."""
    query = select(Mail.status, func.count()).where(Mail.seminar_id == seminar_id).group_by(Mail.status)
    found = {MailStatus(status): count for status, count in db.session.execute(query)}
    return {status: found.get(status, 0) for status in MailStatus}


@dataclass(frozen=True)
class Batch:
    """What was put in together: by whom, when, about what, and how much of it is in which state."""

    id: str
    purpose: str
    created_at: datetime
    created_by: str
    counts: dict[MailStatus, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def open_count(self) -> int:
        """What may still leave by itself."""
        return sum(self.counts[status] for status in WAITING)

    @property
    def settled_count(self) -> int:
        return self.total - self.open_count - self.counts[MailStatus.STOPPED]


def batches(seminar_id: int, only: str = "", most: int = 20) -> list[Batch]:
    """The latest batches of the seminar, or the one named, in one statement."""
    last = func.max(Mail.id)
    chosen = (
        select(Mail.batch, last.label("last"))
        .where(Mail.seminar_id == seminar_id, Mail.batch == only if only else Mail.batch != "")
        .group_by(Mail.batch)
        .order_by(last.desc())
        .limit(most)
        .subquery()
    )
    rows = db.session.execute(
        select(
            Mail.batch,
            Mail.status,
            func.count(),
            func.min(Mail.created_at),
            func.max(Mail.created_by),
            func.max(Mail.purpose),
            func.max(chosen.c.last),
        )
        .join(chosen, chosen.c.batch == Mail.batch)
        .where(Mail.seminar_id == seminar_id)
        .group_by(Mail.batch, Mail.status)
    ).all()
    found: dict[str, Batch] = {}
    for batch, status, count, at, by, purpose, _last in sorted(rows, key=lambda row: -row[6]):
        one = found.setdefault(batch, Batch(batch, purpose, at, by, dict.fromkeys(MailStatus, 0)))
        one.counts[MailStatus(status)] = count
    return list(found.values())


def batch_or_404(seminar_id: int, batch: str) -> Batch:
    found = batches(seminar_id, batch)
    if not found:
        raise NotFound
    return found[0]


def mail_or_404(seminar_id: int, mail_id: int) -> Mail:
    if mail_id >= 2**31:
        mail_id = 0
    return db.one_or_404(select(Mail).where(Mail.id == mail_id, Mail.seminar_id == seminar_id))


def totals() -> dict[MailStatus, int]:
    """Of all seminars, for the command line and the doctor; every status, also with 0."""
    found = {
        MailStatus(status): count
        for status, count in db.session.execute(select(Mail.status, func.count()).group_by(Mail.status))
    }
    return {status: found.get(status, 0) for status in MailStatus}


def last_trouble() -> str:
    """What the mail server said last about a message that still waits; empty where nothing waits for a second try."""
    query = select(Mail.answer).where(Mail.status == MailStatus.RETRY).order_by(Mail.due_at.desc()).limit(1)
    return db.session.scalar(query) or ""


def work_for_worker(now: datetime) -> bool:
    """Is there anything that may leave now?"""
    active = (MailStatus.QUEUED, MailStatus.RETRY, MailStatus.SENDING)
    due = select(Mail.id).where(or_(Mail.status == MailStatus.HELD, Mail.status.in_(active) & (Mail.due_at <= now)))
    return db.session.scalar(due.limit(1)) is not None


def sent_since(moment: datetime) -> int:
    return db.session.scalar(select(func.count()).where(Mail.status == MailStatus.SENT, Mail.sent_at > moment)) or 0
