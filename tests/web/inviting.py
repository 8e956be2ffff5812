"""What the tests of letters, answers, proxies and sendings share."""

from datetime import date, datetime

from seminar.invitations import actions, queries
from seminar.invitations.models import Invitation
from seminar.lib.database import db
from seminar.planning.models import Milestone, MilestoneRule
from tests import cast

HERE = f"/seminars/{cast.SLUG}"


def invite(*people, now: datetime = cast.NOW) -> dict[str, int]:
    """Adds the people (name, group, further values) and issues their letters; ids by name."""
    seminar = cast.find_seminar()
    added = [cast.add_delegate(seminar, name, group, **values) for name, group, values in people]
    actions.issue_letters(seminar, added, cast.OFFICE, now)
    db.session.commit()
    return {one.name: one.id for one in added}


def set_deadline(due_on: date = date(2024, 3, 8), closed_at: datetime | None = None) -> None:
    seminar = cast.find_seminar()
    found = db.session.scalar(db.select(Milestone).where(Milestone.code == "answers"))
    found = found or Milestone(seminar_id=seminar.id, position=1, code="answers", text="trả lời")
    found.rule, found.due_on, found.closed_at = MilestoneRule.BEFORE, due_on, closed_at
    db.session.add(found)
    db.session.commit()


def in_force(delegate_id: int) -> Invitation:
    found = db.session.scalar(
        db.select(Invitation).where(Invitation.delegate_id == delegate_id, Invitation.revoked_at.is_(None))
    )
    assert found is not None
    return found


def count(state: queries.State) -> int:
    return queries.summed(queries.answer_counts(cast.find_seminar()).values())[state]
