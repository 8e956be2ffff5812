"""The board: from whom a paper is expected, what came, where it stands, who is late and who was reminded."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from seminar.delegates.models import Delegate
from seminar.invitations.models import Invitation
from seminar.lib.clock import local
from seminar.lib.database import db
from seminar.papers.models import Expectation, Extension, Paper, PaperKind, PaperReminder, Submission
from seminar.papers.queries.call import call_of
from seminar.papers.queries.papers import BoardRow, board
from seminar.papers.rules import deadline
from seminar.papers.rules.senders import SenderState, days_late
from seminar.planning.models import Seminar, Unit, UnitLink
from seminar.planning.queries import milestone, unit_links, units_on


@dataclass(frozen=True)
class Sender:
    """One line of the board: a unit, a delegate, or (neither) whoever the office uploaded a paper for."""

    unit: Unit | None
    delegate: Delegate | None
    row: BoardRow | None = None
    states: Sequence[SenderState] = (SenderState.NOT_SENT,)
    due_at: datetime | None = None
    is_extended: bool = False
    late_days: int = 0
    """Of what came, by its first version; of what did not come, until now."""
    reminded_at: datetime | None = None
    link: UnitLink | None = None
    invitation: Invitation | None = None
    expectation: Expectation | None = None

    @property
    def key(self) -> tuple[int | None, int | None]:
        return (self.unit.id if self.unit else None, self.delegate.id if self.delegate else None)

    @property
    def name(self) -> str:
        if self.unit is not None:
            return self.unit.name
        if self.delegate is not None:
            return self.delegate.name
        return self.row.paper.authors if self.row else ""

    @property
    def is_missing(self) -> bool:
        return self.row is None

    @property
    def address(self) -> str:
        """Where a reminder goes: only with a page to send the paper on; "" where there is no way."""
        if self.unit is not None:
            return self.unit.contact_email if self.link else ""
        if self.invitation is not None:
            bearer = self.invitation.proxy or self.invitation.delegate
            return bearer.email
        return ""


def expectations(seminar: Seminar) -> list[Expectation]:
    query = select(Expectation).where(Expectation.seminar_id == seminar.id).join(Expectation.delegate)
    query = query.where(Delegate.removed_at.is_(None)).options(joinedload(Expectation.delegate))
    return list(db.session.scalars(query.order_by(Delegate.number)))


def expectation_or_404(seminar: Seminar, expectation_id: int) -> Expectation:
    return db.first_or_404(
        select(Expectation).where(Expectation.id == expectation_id, Expectation.seminar_id == seminar.id)
    )


def senders(seminar: Seminar, now: datetime) -> list[Sender]:
    """The units in their usual order, then the experts, then papers of nobody on the list. A constant number of
    statements.
    """
    rows = board(seminar)
    of_unit = {
        row.paper.unit_id: row for row in reversed(rows) if row.paper.kind == PaperKind.PAPER and row.paper.unit_id
    }
    of_delegate: dict[int, list[BoardRow]] = {}
    for row in rows:
        if row.paper.delegate_id and not row.paper.unit_id:
            of_delegate.setdefault(row.paper.delegate_id, []).append(row)
    expected = {one.delegate_id: one for one in expectations(seminar)}
    links = {link.unit_id: link for link in unit_links(seminar)}
    found = [Sender(unit, None, of_unit.get(unit.id), link=links.get(unit.id)) for unit in units_on(seminar.held_on)]
    people = {one.delegate_id: one.delegate for one in expected.values()}
    people |= {row.paper.delegate_id: row.paper.delegate for some in of_delegate.values() for row in some}  # type: ignore[misc]
    invitations = _invitations(list(people))
    for delegate_id, delegate in people.items():
        theirs: list[BoardRow | None] = [*of_delegate.get(delegate_id, [])]
        for one in theirs or [None]:
            found.append(
                Sender(
                    None,
                    delegate,
                    one,
                    invitation=invitations.get(delegate_id),
                    expectation=expected.get(delegate_id),
                )
            )
    known = {sender.row.paper.id for sender in found if sender.row}
    found += [
        Sender(row.paper.unit, row.paper.delegate, row)
        for row in rows
        if row.paper.id not in known and row.paper.kind == PaperKind.PAPER
    ]
    return _placed(seminar, found, now)


def _placed(seminar: Seminar, found: Sequence[Sender], now: datetime) -> list[Sender]:
    """The same with states, deadlines and reminders."""
    planned, call = milestone(seminar, "papers"), call_of(seminar)
    extended = _extensions(seminar)
    reminded = reminders(seminar)
    first = _first_at(seminar)
    placed = []
    for one in found:
        due = deadline(planned, call, extended.get(one.key), now)
        came, is_late = first.get(one.row.paper.id, (now, True)) if one.row else (now, True)
        placed.append(
            replace(
                one,
                states=_states(one.row),
                due_at=due.due_at,
                is_extended=due.is_extended,
                late_days=days_late(due.until, came) if is_late else 0,
                reminded_at=reminded.get(one.key),
            )
        )
    return placed


def _states(row: BoardRow | None) -> list[SenderState]:
    return [SenderState(state.value) for state in row.states] if row else [SenderState.NOT_SENT]


def _invitations(delegate_ids: Sequence[int]) -> dict[int, Invitation]:
    query = select(Invitation).where(Invitation.delegate_id.in_(delegate_ids), Invitation.revoked_at.is_(None))
    query = query.options(joinedload(Invitation.proxy), joinedload(Invitation.delegate))
    return {one.delegate_id: one for one in db.session.scalars(query)}


def _extensions(seminar: Seminar) -> dict[tuple[int | None, int | None], Extension]:
    """The latest that stands, by (unit, delegate)."""
    query = select(Extension).where(Extension.seminar_id == seminar.id, Extension.withdrawn_at.is_(None))
    return {(one.unit_id, one.delegate_id): one for one in db.session.scalars(query.order_by(Extension.id))}


def reminders(seminar: Seminar) -> dict[tuple[int | None, int | None], datetime]:
    """When each was reminded last, by (unit, delegate)."""
    query = select(PaperReminder).where(PaperReminder.seminar_id == seminar.id).order_by(PaperReminder.id)
    return {(one.unit_id, one.delegate_id): one.at for one in db.session.scalars(query)}


def is_today(moment: datetime | None, now: datetime) -> bool:
    return moment is not None and local(moment).date() == local(now).date()


def _first_at(seminar: Seminar) -> dict[int, tuple[datetime, bool]]:
    """When the first version of each paper was stored, and whether it had come too late."""
    query = select(Submission.paper_id, Submission.at, Submission.is_late).join(Paper, Paper.id == Submission.paper_id)
    query = query.where(Paper.seminar_id == seminar.id, Submission.version == 1)
    return {paper_id: (at, is_late) for paper_id, at, is_late in db.session.execute(query)}
