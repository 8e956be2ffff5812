"""What is done across all features: clearing the list of delegates with everything that hangs on them."""

from datetime import datetime

from sqlalchemy import ColumnElement, Table, func, select, update

from seminar.access.actor import Actor
from seminar.audit.models import record
from seminar.checkin.models import Arrival, RehearsalScan, Scan
from seminar.delegates.models import Delegate
from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.mail.models import WAITING, Mail, MailStatus
from seminar.papers.models import Extension, PaperReminder
from seminar.planning.models import Seminar

DELEGATES = Delegate.__table__
THEIRS = (Scan.__table__, RehearsalScan.__table__, Extension.__table__, PaperReminder.__table__)
"""Rows that are a person's although their column may be empty: an unknown scan, an extension or a reminder for a unit."""


def clear_delegates(seminar: Seminar, by: Actor, now: datetime) -> int:
    """Removes all delegates with memberships, invitations, answers and scans; returns how many there were.

    Papers, items and notes stay and lose only the link to the person; numbers of letters stay taken; mail that has not
    left is cancelled. Refused once somebody has arrived, except in the demo.
    """
    arrived = db.session.scalar(select(func.count()).select_from(Arrival).where(Arrival.seminar_id == seminar.id))
    if arrived and not seminar.is_demo:
        raise Refused(
            "%(count)d delegates have arrived already: the list of a seminar that has begun is not cleared.",
            count=arrived,
        )
    seminar_id, title = seminar.id, seminar.title
    mine = select(Delegate.id).where(Delegate.seminar_id == seminar_id)
    count = db.session.scalar(select(func.count()).select_from(mine.subquery())) or 0
    db.session.execute(
        update(Mail)
        .where(Mail.delegate_id.in_(mine), Mail.status.in_((*WAITING, MailStatus.STOPPED)))
        .values(status=MailStatus.CANCELLED)
    )
    for table in reversed(db.metadata.sorted_tables):
        condition = hangs_on(table, seminar_id)
        if condition is not None:
            db.session.execute(table.delete().where(condition))
    db.session.expire_all()
    record(by, now, "clear", "delegates", seminar_id=seminar_id, summary=title, count=count)
    return count


def hangs_on(table: Table, seminar_id: int) -> ColumnElement[bool] | None:
    """That a row goes with the seminar's delegates, directly or by a row that goes; frees rows that merely name one."""
    if table is DELEGATES:
        return DELEGATES.c.seminar_id == seminar_id
    for column in table.c:
        for key in column.foreign_keys:
            above = key.column.table
            condition = hangs_on(above, seminar_id) if above is not table else None
            if condition is None:
                continue
            gone = column.in_(select(key.column).where(condition))
            if not column.nullable or table in THEIRS:
                return gone
            db.session.execute(table.update().where(gone).values({column.name: None}))
    return None
