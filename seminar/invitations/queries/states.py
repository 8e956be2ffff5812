"""Where a delegate stands. A state is one condition in SQL, used by the list and by its count alike."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, not_, or_, select
from sqlalchemy.orm import aliased

from seminar.access.actor import Channel
from seminar.delegates.models import Delegate, Membership
from seminar.invitations.models import Answer, Delivery, Invitation, Proxy, Purpose, Rsvp
from seminar.lib.database import db
from seminar.lib.errors import N_
from seminar.mail.models import Mail, MailStatus
from seminar.planning.models import Group, LetterKind, Seminar

INVITES = Purpose.INVITATION
REMINDS = Purpose.REMINDER
REFUSES_PROXY = Purpose.PROXY_REFUSAL


class State(StrEnum):
    """Where a delegate stands. The first five are one of each for everybody; the others cut across them."""

    ATTENDING = "attending"
    PROXIED = "proxied"
    DECLINED = "declined"
    NO_ANSWER = "no_answer"
    NO_INVITATION = "no_invitation"

    INVITED = "invited"
    ANSWERED = "answered"
    EXCUSED = "excused"
    UNEXCUSED = "unexcused"
    LATE = "late"
    HAS_EMAIL = "has_email"
    NO_EMAIL = "no_email"
    NOT_SENT = "not_sent"
    BOUNCED = "bounced"
    ASKS_PROXY = "asks_proxy"
    TO_INVITE = "to_invite"
    NO_LETTER = "no_letter"


PARTITION = (State.ATTENDING, State.PROXIED, State.DECLINED, State.NO_ANSWER, State.NO_INVITATION)

STATE_LABELS = {
    State.ATTENDING: N_("come"),
    State.PROXIED: N_("a proxy comes"),
    State.DECLINED: N_("cannot come"),
    State.NO_ANSWER: N_("no answer yet"),
    State.NO_INVITATION: N_("no invitation in force"),
    State.INVITED: N_("invitation in force"),
    State.ANSWERED: N_("have answered"),
    State.EXCUSED: N_("absent, with a reason"),
    State.UNEXCUSED: N_("absent, without a reason"),
    State.LATE: N_("answered late"),
    State.HAS_EMAIL: N_("have an e-mail address"),
    State.NO_EMAIL: N_("no e-mail address"),
    State.NOT_SENT: N_("not yet sent"),
    State.BOUNCED: N_("mail does not arrive"),
    State.ASKS_PROXY: N_("ask for a proxy"),
    State.TO_INVITE: N_("wait for their letter"),
    State.NO_LETTER: N_("group without a letter"),
}

_ADDRESS = case((Invitation.proxy_id.is_(None), Delegate.email), else_=Proxy.email)
_LEFT = (MailStatus.FAILED, MailStatus.CANCELLED)


def _in_force(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """The delegate has an invitation in force of which the conditions hold."""
    return (
        select(Invitation.id)
        .outerjoin(Proxy, Proxy.id == Invitation.proxy_id)
        .where(Invitation.delegate_id == Delegate.id, Invitation.revoked_at.is_(None), *conditions)
        .correlate(Delegate)
        .exists()
    )


def _latest(column: Any) -> ColumnElement[Any]:
    """A column of the delegate's latest answer."""
    return (
        select(column)
        .where(Rsvp.delegate_id == Delegate.id)
        .order_by(Rsvp.id.desc())
        .limit(1)
        .correlate(Delegate)
        .scalar_subquery()
    )


@dataclass(frozen=True)
class _Known:
    """What a state is decided by, in SQL; the answer is NULL where there is none."""

    is_invited: ColumnElement[bool]
    has_proxy: ColumnElement[bool]
    """The invitation in force is a proxy's."""
    answer: Any
    reason: Any
    is_late: Any


_ASKED = _Known(
    _in_force(),
    _in_force(Invitation.proxy_id.is_not(None)),
    _latest(Rsvp.answer),
    _latest(Rsvp.reason),
    _latest(Rsvp.is_late),
)
"""Asked of each delegate by sub-queries: for filters, which take any query of delegates."""

_Live, _Said = aliased(Invitation), aliased(Rsvp)
_JOINED = _Known(_Live.id.is_not(None), _Live.proxy_id.is_not(None), _Said.answer, _Said.reason, _Said.is_late)
"""The same of columns joined once: for counts, which ask many states of everybody."""


def _joined(query: Select[Any]) -> Select[Any]:
    newest = select(func.max(Rsvp.id)).where(Rsvp.delegate_id == Delegate.id).correlate(Delegate).scalar_subquery()
    return query.outerjoin(_Live, and_(_Live.delegate_id == Delegate.id, _Live.revoked_at.is_(None))).outerjoin(
        _Said, _Said.id == newest
    )


def _handed_over() -> ColumnElement[bool]:
    """Mail is on its way for this invitation (not for one before it), or it was handed over in another way."""
    mailed = select(Mail.id).where(
        Mail.delegate_id == Invitation.delegate_id,
        Mail.purpose == INVITES,
        Mail.status.not_in(_LEFT),
        Mail.created_at >= Invitation.issued_at,
    )
    delivered = select(Delivery.id).where(
        Delivery.invitation_id == Invitation.id,
        Delivery.purpose == INVITES,
        Delivery.channel != Channel.EMAIL,
    )
    return or_(mailed.correlate(Invitation).exists(), delivered.correlate(Invitation).exists())


def _bounced() -> ColumnElement[bool]:
    """To the address known now, the last message failed for good: it is to be corrected, or another way is to be found."""
    failed, later = aliased(Mail), aliased(Mail)
    arrived = select(later.id).where(
        later.delegate_id == failed.delegate_id,
        later.to_address == failed.to_address,
        later.id > failed.id,
        later.status.not_in(_LEFT),
    )
    return (
        select(failed.id)
        .where(
            failed.delegate_id == Invitation.delegate_id,
            failed.to_address == _ADDRESS,
            failed.status == MailStatus.FAILED,
            not_(arrived.correlate(failed).exists()),
        )
        .correlate(Invitation, Delegate, Proxy)
        .exists()
    )


def _group_letter(*kinds: LetterKind) -> ColumnElement[bool]:
    return (
        select(Membership.id)
        .join(Group, Group.id == Membership.group_id)
        .where(Membership.delegate_id == Delegate.id, Membership.is_primary, Group.letter_kind.in_(kinds))
        .correlate(Delegate)
        .exists()
    )


def condition(state: State, known: _Known = _ASKED) -> ColumnElement[bool]:
    """The state as a condition on `Delegate`."""
    declined = and_(known.is_invited, func.coalesce(known.answer, "") == Answer.DECLINED)
    match state:
        case State.ATTENDING:
            comes = func.coalesce(known.answer, "") == Answer.ATTENDING
            return and_(known.is_invited, not_(known.has_proxy), comes)
        case State.PROXIED:
            return and_(known.has_proxy, func.coalesce(known.answer, "") != Answer.DECLINED)
        case State.DECLINED:
            return declined
        case State.NO_ANSWER:
            return and_(known.is_invited, not_(known.has_proxy), known.answer.is_(None))
        case State.NO_INVITATION:
            return not_(known.is_invited)
        case State.INVITED:
            return known.is_invited
        case State.ANSWERED:
            return and_(known.is_invited, or_(known.has_proxy, known.answer.is_not(None)))
        case State.EXCUSED:
            return and_(declined, func.coalesce(known.reason, "") != "")
        case State.UNEXCUSED:
            return and_(declined, func.coalesce(known.reason, "") == "")
        case State.LATE:
            return and_(known.is_invited, func.coalesce(known.is_late, False).is_(True))
        case State.HAS_EMAIL:
            return _in_force(_ADDRESS != "")
        case State.NO_EMAIL:
            return _in_force(_ADDRESS == "")
        case State.NOT_SENT:
            return _in_force(not_(_handed_over()))
        case State.BOUNCED:
            return _in_force(_bounced())
        case State.ASKS_PROXY:
            return (
                select(Proxy.id)
                .where(Proxy.delegate_id == Delegate.id, Proxy.outcome.is_(None))
                .correlate(Delegate)
                .exists()
            )
        case State.TO_INVITE:
            return and_(not_(known.is_invited), _group_letter(LetterKind.INVITATION, LetterKind.SUMMONS))
        case State.NO_LETTER:
            return and_(not_(known.is_invited), _group_letter(LetterKind.NONE))


def with_state(query: Select[Any], *states: State) -> Select[Any]:
    """Narrows a query of delegates to those in all of the states."""
    return query.where(*(condition(state) for state in states))


def of_letter(query: Select[Any], document_id: int) -> Select[Any]:
    """Narrows a query of delegates to those whose invitation in force is of the letter."""
    return query.where(_in_force(Invitation.document_id == document_id))


@dataclass(frozen=True)
class Counts:
    """How many delegates of one group or unit there are, and how many in each state."""

    total: int
    states: Mapping[State, int]

    def __getitem__(self, state: State) -> int:
        return self.states[state]


def _counts(seminar: Seminar, keys: Sequence[Any], states: Sequence[State], *only: Any) -> dict[Any, Counts]:
    sums = [func.sum(case((condition(state, _JOINED), 1), else_=0)) for state in states]
    query = (
        _joined(select(*keys, func.count(), *sums).select_from(Delegate))
        .join(Membership, Membership.delegate_id == Delegate.id)
        .where(Delegate.seminar_id == seminar.id, Delegate.removed_at.is_(None), *only)
        .group_by(*keys)
    )
    width = len(keys)
    return {
        tuple(row[:width]): Counts(
            row[width], {state: int(count) for state, count in zip(states, row[width + 1 :], strict=True)}
        )
        for row in db.session.execute(query)
    }


def answer_counts(seminar: Seminar, states: Sequence[State] = tuple(State)) -> dict[int | None, Counts]:
    """People by id of the primary group, in one statement."""
    found = _counts(seminar, [Membership.group_id], states, Membership.is_primary)
    return {key: counts for (key,), counts in found.items()}


def answer_counts_by_unit(seminar: Seminar, states: Sequence[State] = PARTITION) -> dict[int | None, Counts]:
    """People by id of the unit (None: of no unit), in one statement."""
    found = _counts(seminar, [Delegate.unit_id], states, Membership.is_primary)
    return {key: counts for (key,), counts in found.items()}


def membership_counts(seminar: Seminar, states: Sequence[State]) -> dict[tuple[int, int | None, bool], Counts]:
    """Memberships by (id of the group, id of the delegate's unit, whether the group is the primary one), in one statement.

    Those of primary groups are people ("người"), all together memberships ("lượt"; domain.md Đ9).
    """
    return _counts(seminar, [Membership.group_id, Delegate.unit_id, Membership.is_primary], states)


def summed(counts: Collection[Counts], states: Sequence[State] = tuple(State)) -> Counts:
    return Counts(sum(one.total for one in counts), {state: sum(one[state] for one in counts) for state in states})


def state_of(invitation: Invitation | None, rsvp: Rsvp | None) -> State:
    """The one of PARTITION for rows that are loaded already; the same cases as `condition`."""
    if invitation is None:
        return State.NO_INVITATION
    if rsvp is not None and rsvp.answer == Answer.DECLINED:
        return State.DECLINED
    if invitation.proxy_id is not None:
        return State.PROXIED
    return State.ATTENDING if rsvp is not None else State.NO_ANSWER
