"""Who did not come, and in what way; who came in the place of another (domain.md 2.4 and 2.9).

The one rule by which the summary of the delegates, the minutes and the result report count: whoever sent somebody, before
the day or to the desk, is not absent without a word.
"""

from enum import StrEnum

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from seminar.checkin.models import WalkIn
from seminar.checkin.queries.presence import Presence, is_in_state
from seminar.checkin.queries.walk_ins import has_come_for_another
from seminar.delegates.models import Delegate
from seminar.invitations.queries import State, condition
from seminar.lib.database import db
from seminar.lib.errors import N_
from seminar.planning.models import Seminar


class Absence(StrEnum):
    """One for everybody who did not come."""

    REPRESENTED = "represented"
    """Somebody came in their place, by the word of a desk."""
    EXCUSED = "excused"
    UNEXCUSED = "unexcused"
    """They said so, and gave no reason."""
    PROXY_MISSING = "proxy_missing"
    """Their approved proxy has the invitation, and did not come."""
    SILENT = "silent"


ABSENCE_LABELS = {
    Absence.REPRESENTED: N_("represented"),
    Absence.EXCUSED: N_("absent, with a reason"),
    Absence.UNEXCUSED: N_("absent, without a reason"),
    Absence.PROXY_MISSING: N_("absent, and so is the proxy"),
    Absence.SILENT: N_("absent without a word"),
}
_SENT = aliased(Delegate)


def _is_represented() -> ColumnElement[bool]:
    return (
        exists()
        .where(
            WalkIn.instead_of_id == Delegate.id,
            _SENT.id == WalkIn.delegate_id,
            _SENT.removed_at.is_(None),
            has_come_for_another(),
        )
        .correlate(Delegate)
    )


def absence_of() -> ColumnElement[str]:
    """The way of being absent as a column of a query on Delegate; "" of those who came."""
    return case(
        (is_in_state(Presence.ARRIVED), ""),
        (_is_represented(), Absence.REPRESENTED.value),
        (condition(State.EXCUSED), Absence.EXCUSED.value),
        (condition(State.UNEXCUSED), Absence.UNEXCUSED.value),
        (condition(State.PROXIED), Absence.PROXY_MISSING.value),
        else_=Absence.SILENT.value,
    )


def is_proxy() -> ColumnElement[bool]:
    """Came in the place of another: with the other's invitation, or entered at the desk as such."""
    entered = exists().where(WalkIn.delegate_id == Delegate.id, has_come_for_another()).correlate(Delegate)
    return and_(is_in_state(Presence.ARRIVED), or_(condition(State.PROXIED), entered))


def absence_counts(seminar: Seminar) -> dict[Absence, int]:
    """People ("người"); together they are everybody who is absent."""
    listed = (Delegate.seminar_id == seminar.id, Delegate.removed_at.is_(None))
    ways = select(absence_of().label("way")).where(*listed).subquery()
    rows = db.session.execute(select(ways.c.way, func.count()).group_by(ways.c.way))
    counts: dict[str, int] = dict(row for row in rows)
    return {one: counts.get(one.value, 0) for one in Absence}
