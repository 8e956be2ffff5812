"""Reads of answers."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from seminar.delegates.models import Delegate
from seminar.invitations.models import Invitation, Proxy, Rsvp
from seminar.invitations.queries.states import State, state_of, with_state
from seminar.lib.database import db


def current_rsvp(delegate: Delegate) -> Rsvp | None:
    """The answer that counts: the latest."""
    return db.session.scalar(select(Rsvp).where(Rsvp.delegate_id == delegate.id).order_by(Rsvp.id.desc()).limit(1))


def rsvps_of(delegate: Delegate) -> list[Rsvp]:
    """All answers, the newest first."""
    return list(db.session.scalars(select(Rsvp).where(Rsvp.delegate_id == delegate.id).order_by(Rsvp.id.desc())))


@dataclass(frozen=True)
class AnswerRow:
    """One line of the list of answers."""

    delegate: Delegate
    invitation: Invitation | None
    rsvp: Rsvp | None
    proxy_wanted: Proxy | None
    is_sent: bool

    @property
    def state(self) -> State:
        return state_of(self.invitation, self.rsvp)

    @property
    def has_email(self) -> bool:
        bearer = self.invitation.proxy if self.invitation and self.invitation.proxy else self.delegate
        return bool(bearer.email)


def answer_rows(delegates: Sequence[Delegate]) -> list[AnswerRow]:
    """The rows of one page of delegates, in four statements however many they are."""
    ids = [delegate.id for delegate in delegates]
    invitations = {
        one.delegate_id: one
        for one in db.session.scalars(
            select(Invitation)
            .where(Invitation.delegate_id.in_(ids), Invitation.revoked_at.is_(None))
            .options(joinedload(Invitation.proxy))
        )
    }
    newest = select(func.max(Rsvp.id)).where(Rsvp.delegate_id.in_(ids)).group_by(Rsvp.delegate_id)
    rsvps = {one.delegate_id: one for one in db.session.scalars(select(Rsvp).where(Rsvp.id.in_(newest)))}
    wanted = {
        one.delegate_id: one
        for one in db.session.scalars(select(Proxy).where(Proxy.delegate_id.in_(ids), Proxy.outcome.is_(None)))
    }
    unsent = set(db.session.scalars(with_state(select(Delegate.id).where(Delegate.id.in_(ids)), State.NOT_SENT)))
    return [
        AnswerRow(
            delegate,
            invitations.get(delegate.id),
            rsvps.get(delegate.id),
            wanted.get(delegate.id),
            delegate.id in invitations and delegate.id not in unsent,
        )
        for delegate in delegates
    ]
