"""The people of a list with all that its columns print, and the shapes that the office keeps."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from werkzeug.exceptions import NotFound

from seminar.checkin.queries import attendance_of, desks_of
from seminar.delegates.models import Delegate, ListShape
from seminar.delegates.queries import ordered, with_groups
from seminar.invitations.models import Answer
from seminar.invitations.queries import AnswerRow, State, answer_rows
from seminar.lib.clock import short_moment
from seminar.lib.database import db
from seminar.lib.numbers import LARGEST
from seminar.lib.phones import spaced
from seminar.planning.models import QuotaKind, Seminar
from seminar.planning.queries import groups_of
from seminar.reports.queries.people import Who, matching
from seminar.reports.rules.lists import ANSWER_COLUMNS, ARRIVAL_COLUMNS, MOST_TABLES, READY_MADE, Entry, Shape

STATE_WORDS = {
    State.ATTENDING: "Dự",
    State.PROXIED: "Cử người dự thay",
    State.DECLINED: "Vắng",
    State.NO_ANSWER: "Chưa trả lời",
    State.NO_INVITATION: "",
}
"""As lists print an answer; always Vietnamese."""


def people_of(seminar: Seminar, who: Who) -> list[Delegate]:
    """In protocol order, with groups and unit."""
    return list(db.session.scalars(with_groups(ordered(matching(seminar, who), "protocol"))))


def entries(seminar: Seminar, who: Who, columns: Sequence[str]) -> list[Entry]:
    """Everybody of the list as plain values; answers and arrivals are read only where a column prints them."""
    delegates = people_of(seminar, who)
    answers: dict[int, AnswerRow] = {}
    came: dict[int, Any] = {}
    if ANSWER_COLUMNS & set(columns):
        answers = {row.delegate.id: row for row in answer_rows(delegates)}
    if ARRIVAL_COLUMNS & set(columns):
        came = attendance_of([delegate.id for delegate in delegates])
    return [_entry(delegate, answers.get(delegate.id), came.get(delegate.id)) for delegate in delegates]


def _entry(delegate: Delegate, answer: AnswerRow | None, attendance: Any) -> Entry:
    memberships = sorted(
        delegate.memberships, key=lambda one: (not one.is_primary, one.group.protocol_rank, one.group.name)
    )
    unit = delegate.unit
    return Entry(
        number=delegate.number,
        name=delegate.name,
        sort_key=delegate.sort_key,
        groups=tuple((one.group.protocol_rank, one.group.name) for one in memberships),
        unit=(unit.position, unit.name) if unit else None,
        honorific=delegate.honorific,
        academic_title=delegate.academic_title,
        birth_year=delegate.birth_year,
        gender=delegate.gender,
        position=delegate.position,
        body=delegate.body or (unit.name if unit else ""),
        further_groups="; ".join(one.group.code for one in memberships[1:]),
        phones=tuple(spaced(one) for one in (delegate.phone, delegate.phone_2) if one),
        email=delegate.email,
        arrived_at=_came(attendance),
        seat=delegate.seat,
        note=delegate.note,
        **_answered(answer),
    )


def _came(attendance: Any) -> str:
    if attendance is None:
        return ""
    if attendance.arrived_at:
        return short_moment(attendance.arrived_at)
    return f"có người dự thay: {attendance.represented.name}" if attendance.represented else ""


def _answered(row: AnswerRow | None) -> dict[str, str]:
    if row is None:
        return {}
    invitation, rsvp = row.invitation, row.rsvp
    proxy = invitation.proxy if invitation else None
    declined = rsvp is not None and rsvp.answer == Answer.DECLINED
    reason = rsvp.reason if declined and rsvp else proxy.reason if proxy else ""
    return {
        "answer": STATE_WORDS[row.state],
        "reason": reason if invitation else "",
        "proxy": ", ".join(part for part in (proxy.name, proxy.position) if part) if proxy else "",
        "letter": invitation.document.symbol if invitation else "",
    }


@dataclass(frozen=True)
class Offered:
    """A shape that may be chosen: ready-made, or kept by the office under a name. `key` is what an address says."""

    key: str
    name: str
    shape: Shape
    who: Who
    kept: ListShape | None = None


def offered(seminar: Seminar) -> list[Offered]:
    """Ready-made ones, then those of the office by name; lists by table for as many tables as there are desks in use."""
    desks = sum(desk.revoked_at is None for desk in desks_of(seminar))
    closed = tuple(group.code for group in groups_of(seminar) if group.quota_kind == QuotaKind.CLOSED)
    made = [
        Offered(
            one.key,
            one.name,
            replace(one.shape, tables=_tables(desks)),
            Who.of({"group": closed} if one.is_of_closed_groups else one.who),
        )
        for one in READY_MADE.values()
        if closed or not one.is_of_closed_groups
    ]
    kept = db.session.scalars(
        select(ListShape).where(ListShape.seminar_id == seminar.id).order_by(ListShape.name, ListShape.id)
    )
    return [*made, *(Offered(str(one.id), one.name, shape_of(one), Who.of(one.who), one) for one in kept)]


def _tables(desks: int) -> int:
    return min(desks, MOST_TABLES) or Shape.tables


def shape_of(kept: ListShape) -> Shape:
    return Shape.of(
        {
            **kept.options,
            "title": kept.title,
            "subtitle": kept.subtitle,
            "columns": kept.columns,
            "grouping": kept.grouping,
            "order": kept.order,
        }
    )


def last_kept(shapes: Sequence[Offered]) -> Offered:
    """What a list begins with: the shape kept last, else the first ready-made."""
    kept = [one for one in shapes if one.kept]
    return max(kept, key=lambda one: one.kept.saved_at) if kept else shapes[0]  # type: ignore[union-attr]


def shape_or_404(seminar: Seminar, shape_id: int) -> ListShape:
    if shape_id > LARGEST:
        raise NotFound
    return db.first_or_404(select(ListShape).where(ListShape.id == shape_id, ListShape.seminar_id == seminar.id))


def shape_named(seminar: Seminar, name: str) -> ListShape | None:
    return db.session.scalar(select(ListShape).where(ListShape.seminar_id == seminar.id, ListShape.name == name))
