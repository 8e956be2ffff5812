"""Who is on the printed pack, each with the invitation in force; and who came and was not thanked."""

from sqlalchemy import exists, not_, or_, select
from sqlalchemy.orm import joinedload

from seminar.checkin.queries import Presence, is_in_state
from seminar.delegates import queries as delegates
from seminar.delegates.models import Delegate
from seminar.invitations.models import Delivery, Invitation, Purpose
from seminar.invitations.queries import in_force_query
from seminar.lib.database import db
from seminar.mail.models import Mail, MailStatus
from seminar.planning.models import Seminar
from seminar.reports.queries import people
from seminar.reports.queries.people import Who

GONE = (MailStatus.FAILED, MailStatus.CANCELLED)


def pack_people(seminar: Seminar, who: Who, order: str = "protocol") -> list[tuple[Delegate, Invitation | None]]:
    """In a constant number of statements."""
    query = delegates.ordered(people.matching(seminar, who), order if order in delegates.ORDERS else "protocol")
    found = list(db.session.scalars(delegates.with_groups(query)))
    chosen = people.matching(seminar, who).with_only_columns(Delegate.id)
    invitations = {
        one.delegate_id: one
        for one in db.session.scalars(
            select(Invitation)
            .where(Invitation.revoked_at.is_(None), Invitation.delegate_id.in_(chosen))
            .options(joinedload(Invitation.proxy))
        )
    }
    return [(delegate, invitations.get(delegate.id)) for delegate in found]


def to_thank(seminar: Seminar) -> list[Invitation]:
    """Invitations in force of those who came and were not thanked yet, with and without an address."""
    thanked = (
        exists()
        .where(
            Delivery.invitation_id == Invitation.id,
            Delivery.purpose == Purpose.THANKS,
            or_(
                Delivery.mail_id.is_(None),
                exists().where(Mail.id == Delivery.mail_id, Mail.status.not_in(GONE)),
            ),
        )
        .correlate(Invitation)
    )
    query = in_force_query(seminar).where(is_in_state(Presence.ARRIVED), not_(thanked))
    return list(db.session.scalars(query))


def came_without_invitation(seminar: Seminar) -> int:
    """Who came and has none in force: registered at the desk, or revoked since."""
    has_one = exists().where(Invitation.delegate_id == Delegate.id, Invitation.revoked_at.is_(None))
    query = delegates.matching(seminar, delegates.Wanted())
    return delegates.counted(query.where(is_in_state(Presence.ARRIVED), not_(has_one)))
