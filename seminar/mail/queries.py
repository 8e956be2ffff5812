"""Reads of the outbox. Lists never load the bodies."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import load_only

from seminar.lib.database import db
from seminar.lib.text import clean
from seminar.mail.models import Mail, MailStatus

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
)


@dataclass(frozen=True)
class Wanted:
    """Which messages a list shows; everything empty is all of them."""

    status: MailStatus | None = None
    search: str = ""
    batch: str = ""
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
            delegate_id=int(delegate) if delegate.isascii() and delegate.isdecimal() and len(delegate) < 10 else None,
            maybe_twice=args.get("maybe_twice") == "1",
        )


def matching(seminar_id: int, wanted: Wanted) -> Select[Mail]:
    query = select(Mail).where(Mail.seminar_id == seminar_id)
    if wanted.status:
        query = query.where(Mail.status == wanted.status)
    if wanted.batch:
        query = query.where(Mail.batch == wanted.batch)
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
