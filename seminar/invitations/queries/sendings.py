"""Whom a sending reaches, what people were told of day and place, and what was sent to one of them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, not_, or_, select
from sqlalchemy.orm import aliased, joinedload

from seminar.delegates.models import Delegate, Membership
from seminar.delegates.queries import NO_UNIT
from seminar.invitations.models import Delivery, Invitation, LetterParticulars, Occasion, Purpose
from seminar.invitations.particulars import particulars_of
from seminar.invitations.queries.letters import in_force_query, with_letter
from seminar.invitations.queries.states import State, with_state
from seminar.invitations.rules import Told
from seminar.lib.database import db
from seminar.lib.numbers import whole
from seminar.mail.models import Mail, MailStatus
from seminar.planning.models import Group, Seminar

STATES_OF: dict[Purpose, tuple[State, ...]] = {
    Purpose.INVITATION: (State.NOT_SENT, State.INVITED, State.NO_ANSWER, State.ATTENDING, State.PROXIED, State.BOUNCED),
    Purpose.REMINDER: (State.NO_ANSWER,),
    Purpose.CHANGE: (State.INVITED,),
    Purpose.MESSAGE: (
        *(State.INVITED, State.NO_ANSWER, State.ANSWERED, State.ATTENDING, State.PROXIED, State.DECLINED),
        *(State.NOT_SENT, State.ASKS_PROXY),
    ),
    Purpose.CANCELLATION: (State.NO_INVITATION,),
}
"""Whom each kind of message may reach, the usual ones first."""
GONE = (MailStatus.FAILED, MailStatus.CANCELLED)


@dataclass(frozen=True)
class Choice:
    """What is sent to whom, as an address or a form says it."""

    purpose: Purpose = Purpose.INVITATION
    state: State = State.NOT_SENT
    groups: tuple[str, ...] = ()
    unit_id: int | None = None
    delegate_id: int | None = None

    @classmethod
    def of(cls, said: Any, most_groups: int = 100) -> "Choice":
        """Of a query or a form; what is unknown, or does not go with the purpose, is the usual."""
        words = {one.value for one in STATES_OF}
        purpose = Purpose(said["purpose"]) if said.get("purpose") in words else Purpose.INVITATION
        states = STATES_OF[purpose]
        state = next((one for one in states if one.value == said.get("state")), states[0])
        unit = said.get("unit", "")
        return cls(
            purpose,
            state,
            tuple(dict.fromkeys(code[:16] for code in said.getlist("group") if code))[:most_groups],
            NO_UNIT if unit == "none" else whole(unit),
            whole(said.get("delegate", "")),
        )

    def said(self) -> list[tuple[str, str]]:
        """The words by which the same is said again."""
        unit = "none" if self.unit_id == NO_UNIT else str(self.unit_id or "")
        words = [("purpose", self.purpose.value), ("state", self.state.value), ("unit", unit)]
        words += [("delegate", str(self.delegate_id or "")), *(("group", code) for code in self.groups)]
        return [(name, value) for name, value in words if value]


def told_now(seminar: Seminar) -> Told | None:
    """What a message would say today; None while something is open."""
    return particulars_of(seminar, None).told


def told_in(occasion: Occasion) -> Told:
    return Told(occasion.held_on, occasion.starts_at, occasion.place)


def latest_occasion(seminar: Seminar) -> Occasion | None:
    query = select(Occasion).where(Occasion.seminar_id == seminar.id).order_by(Occasion.id.desc()).limit(1)
    return db.session.scalar(query)


def change_count(seminar: Seminar) -> int:
    """How many times people were told something else, counting what a message would tell today."""
    count = db.session.scalar(select(func.count()).where(Occasion.seminar_id == seminar.id)) or 0
    latest = latest_occasion(seminar)
    return count if latest is not None and told_in(latest) == told_now(seminar) else count + 1


def _still_told(purposes: Collection[Purpose] = ()) -> Any:
    """Deliveries to an invitation that arrived, are under way, or are the word of whoever handed them over."""
    query = (
        select(Delivery.occasion_id)
        .outerjoin(Mail, Mail.id == Delivery.mail_id)
        .where(Delivery.invitation_id == Invitation.id, or_(Mail.id.is_(None), Mail.status.not_in(GONE)))
    )
    return query.where(Delivery.purpose.in_(purposes)) if purposes else query


def told_otherwise(seminar: Seminar) -> ColumnElement[bool] | None:
    """That the bearer was last told another day, hour or place than now, by the letter if by nothing else; None where
    nobody was.
    """
    current = told_now(seminar)
    occasions = db.session.scalars(select(Occasion).where(Occasion.seminar_id == seminar.id))
    stale = [one.id for one in occasions if told_in(one) != current]
    if not stale:
        return None
    last = (
        _still_told()
        .where(Delivery.occasion_id.is_not(None))
        .order_by(Delivery.id.desc())
        .limit(1)
        .correlate(Invitation)
        .scalar_subquery()
    )
    by_letter = select(LetterParticulars.occasion_id).where(LetterParticulars.id == Invitation.particulars_id)
    return func.coalesce(last, by_letter.correlate(Invitation).scalar_subquery()).in_(stale)


def told_otherwise_count(seminar: Seminar) -> int:
    """How many know of another day, hour or place than now; asks little where nothing was told or nothing changed."""
    stale = told_otherwise(seminar)
    if stale is None:
        return 0
    chosen = in_force_query(seminar).where(stale).with_only_columns(Invitation.id).order_by(None)
    return db.session.scalar(select(func.count()).select_from(chosen.subquery())) or 0


def _revoked(seminar: Seminar) -> Select[Invitation]:
    """Revoked invitations whose bearer knows of them, has no other, and was not told that they are not in force."""
    other = aliased(Invitation)
    has_other = exists().where(
        other.delegate_id == Invitation.delegate_id,
        other.revoked_at.is_(None),
        func.coalesce(other.proxy_id, 0) == func.coalesce(Invitation.proxy_id, 0),
        Delegate.removed_at.is_(None),
    )
    newer = aliased(Invitation)
    is_told = (
        select(Delivery.id)
        .join(newer, newer.id == Delivery.invitation_id)
        .outerjoin(Mail, Mail.id == Delivery.mail_id)
        .where(
            newer.delegate_id == Invitation.delegate_id,
            func.coalesce(newer.proxy_id, 0) == func.coalesce(Invitation.proxy_id, 0),
            newer.id >= Invitation.id,
            Delivery.purpose == Purpose.CANCELLATION,
            or_(Mail.id.is_(None), Mail.status.not_in(GONE)),
        )
        .correlate(Invitation)
        .exists()
    )
    knows = _still_told((Purpose.INVITATION, Purpose.REMINDER, Purpose.CHANGE)).correlate(Invitation).exists()
    return with_letter(
        select(Invitation)
        .join(Delegate, Delegate.id == Invitation.delegate_id)
        .join(Membership, and_(Membership.delegate_id == Delegate.id, Membership.is_primary))
        .join(Group, Group.id == Membership.group_id)
        .where(
            Delegate.seminar_id == seminar.id,
            or_(Invitation.revoked_at.is_not(None), Delegate.removed_at.is_not(None)),
            not_(has_other),
            knows,
            not_(is_told),
        )
        .order_by(Group.protocol_rank, Delegate.sort_key, Delegate.id, Invitation.id)
    )


def recipients(seminar: Seminar, choice: Choice) -> list[Invitation]:
    """Whom the choice reaches, in protocol order, with and without an address."""
    if choice.purpose == Purpose.CANCELLATION:
        query = _revoked(seminar)
    else:
        query = with_state(in_force_query(seminar), choice.state)
    if choice.purpose == Purpose.CHANGE:
        stale = told_otherwise(seminar)
        if stale is None:
            return []
        query = query.where(stale)
    if choice.groups:
        query = query.where(Group.code.in_(choice.groups))
    if choice.unit_id == NO_UNIT:
        query = query.where(Delegate.unit_id.is_(None))
    elif choice.unit_id is not None:
        query = query.where(Delegate.unit_id == choice.unit_id)
    if choice.delegate_id is not None:
        query = query.where(Delegate.id == choice.delegate_id)
    found = list(db.session.scalars(query))
    if choice.purpose == Purpose.CANCELLATION:  # one of each bearer, the newest that was known
        found = list({(one.delegate_id, one.proxy_id): one for one in found}.values())
    return found


def last_told(invitations: Sequence[Invitation]) -> dict[int, Told]:
    """What each was told last of day and place, by id of the invitation; by the letter if by nothing else."""
    by_letter = db.session.execute(
        select(Invitation.id, Occasion)
        .join(LetterParticulars, LetterParticulars.id == Invitation.particulars_id)
        .join(Occasion, Occasion.id == LetterParticulars.occasion_id)
        .where(Invitation.id.in_([one.id for one in invitations]))
    )
    rows = db.session.execute(
        select(Delivery.invitation_id, Occasion)
        .join(Occasion, Occasion.id == Delivery.occasion_id)
        .outerjoin(Mail, Mail.id == Delivery.mail_id)
        .where(
            Delivery.invitation_id.in_([one.id for one in invitations]),
            or_(Mail.id.is_(None), Mail.status.not_in(GONE)),
        )
        .order_by(Delivery.id)
    )
    return {invitation_id: told_in(occasion) for invitation_id, occasion in [*by_letter, *rows]}


def mailed_to(invitations: Sequence[Invitation]) -> dict[int, str]:
    """The address to which each went last, by id of the invitation."""
    rows = db.session.execute(
        select(Delivery.invitation_id, Delivery.to)
        .where(Delivery.invitation_id.in_([one.id for one in invitations]), Delivery.mail_id.is_not(None))
        .order_by(Delivery.id)
    )
    return {row.invitation_id: row.to for row in rows}


def deliveries_of(delegate: Delegate) -> list[Delivery]:
    """All that was sent or handed over, the latest first, with what became of each; of revoked invitations too."""
    return list(
        db.session.scalars(
            select(Delivery)
            .join(Invitation, Invitation.id == Delivery.invitation_id)
            .where(Invitation.delegate_id == delegate.id)
            .options(joinedload(Delivery.mail).load_only(Mail.status, Mail.answer, Mail.sent_at, Mail.maybe_twice))
            .order_by(Delivery.id.desc())
        )
    )


def failed_for(delegate: Delegate) -> Mail | None:
    """The last message that could not be delivered, to whatever address, if nothing arrived since."""
    query = select(Mail).where(Mail.delegate_id == delegate.id, Mail.status != MailStatus.CANCELLED)
    last = db.session.scalar(query.order_by(Mail.id.desc()).limit(1))
    return last if last is not None and last.status == MailStatus.FAILED else None
