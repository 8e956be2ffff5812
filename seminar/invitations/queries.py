"""Reads of invitations and answers. A state is one condition in SQL, used by the list and by its count alike."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, not_, or_, select
from sqlalchemy.orm import joinedload, selectinload

from seminar.delegates.models import Delegate, Membership
from seminar.documents.models import IssuedDocument
from seminar.invitations.models import Answer, Delivery, Invitation, Proxy, Rsvp
from seminar.invitations.rules import LETTER_KINDS
from seminar.lib.database import db
from seminar.lib.errors import N_
from seminar.mail.models import Mail, MailStatus
from seminar.planning.models import Group, LetterKind, Seminar

INVITES = "invitation"
REMINDS = "reminder"
"""`Mail.purpose` of what this feature sends."""


class State(StrEnum):
    """Where a delegate stands. The first five are one of each for everybody; the others cut across them."""

    ATTENDING = "attending"
    PROXIED = "proxied"
    DECLINED = "declined"
    NO_ANSWER = "no_answer"
    NO_INVITATION = "no_invitation"

    INVITED = "invited"
    LATE = "late"
    HAS_EMAIL = "has_email"
    NO_EMAIL = "no_email"
    NOT_SENT = "not_sent"
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
    State.LATE: N_("answered late"),
    State.HAS_EMAIL: N_("have an e-mail address"),
    State.NO_EMAIL: N_("no e-mail address"),
    State.NOT_SENT: N_("not yet sent"),
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


def _handed_over() -> ColumnElement[bool]:
    """Mail is on its way for this invitation (not for one before it), or it was handed over in another way."""
    mailed = select(Mail.id).where(
        Mail.delegate_id == Invitation.delegate_id,
        Mail.purpose == INVITES,
        Mail.status.not_in(_LEFT),
        Mail.created_at >= Invitation.issued_at,
    )
    delivered = select(Delivery.id).where(Delivery.invitation_id == Invitation.id)
    return or_(mailed.correlate(Invitation).exists(), delivered.correlate(Invitation).exists())


def _group_letter(*kinds: LetterKind) -> ColumnElement[bool]:
    return (
        select(Membership.id)
        .join(Group, Group.id == Membership.group_id)
        .where(Membership.delegate_id == Delegate.id, Membership.is_primary, Group.letter_kind.in_(kinds))
        .correlate(Delegate)
        .exists()
    )


def condition(state: State) -> ColumnElement[bool]:
    """The state as a condition on `Delegate`."""
    latest = _latest(Rsvp.answer)
    declined = func.coalesce(latest, "") == Answer.DECLINED
    match state:
        case State.ATTENDING:
            return and_(_in_force(Invitation.proxy_id.is_(None)), func.coalesce(latest, "") == Answer.ATTENDING)
        case State.PROXIED:
            return and_(_in_force(Invitation.proxy_id.is_not(None)), not_(declined))
        case State.DECLINED:
            return and_(_in_force(), declined)
        case State.NO_ANSWER:
            return and_(_in_force(Invitation.proxy_id.is_(None)), latest.is_(None))
        case State.NO_INVITATION:
            return not_(_in_force())
        case State.INVITED:
            return _in_force()
        case State.LATE:
            return and_(_in_force(), func.coalesce(_latest(Rsvp.is_late), False).is_(True))
        case State.HAS_EMAIL:
            return _in_force(_ADDRESS != "")
        case State.NO_EMAIL:
            return _in_force(_ADDRESS == "")
        case State.NOT_SENT:
            return _in_force(not_(_handed_over()))
        case State.ASKS_PROXY:
            return (
                select(Proxy.id)
                .where(Proxy.delegate_id == Delegate.id, Proxy.outcome.is_(None))
                .correlate(Delegate)
                .exists()
            )
        case State.TO_INVITE:
            return and_(not_(_in_force()), _group_letter(LetterKind.INVITATION, LetterKind.SUMMONS))
        case State.NO_LETTER:
            return and_(not_(_in_force()), _group_letter(LetterKind.NONE))


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
    states: dict[State, int]

    def __getitem__(self, state: State) -> int:
        return self.states[state]


def _counts(seminar: Seminar, key: Any, states: Sequence[State]) -> dict[int | None, Counts]:
    query = (
        select(key, func.count(), *(func.sum(case((condition(state), 1), else_=0)) for state in states))
        .select_from(Delegate)
        .join(Membership, and_(Membership.delegate_id == Delegate.id, Membership.is_primary))
        .where(Delegate.seminar_id == seminar.id, Delegate.removed_at.is_(None))
        .group_by(key)
    )
    return {
        row[0]: Counts(row[1], {state: int(count) for state, count in zip(states, row[2:], strict=True)})
        for row in db.session.execute(query)
    }


def answer_counts(seminar: Seminar, states: Sequence[State] = tuple(State)) -> dict[int | None, Counts]:
    """By id of the primary group, in one statement."""
    return _counts(seminar, Membership.group_id, states)


def answer_counts_by_unit(seminar: Seminar, states: Sequence[State] = PARTITION) -> dict[int | None, Counts]:
    """By id of the unit (None: of no unit), in one statement."""
    return _counts(seminar, Delegate.unit_id, states)


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


def _with_letter(query: Select[Invitation]) -> Select[Invitation]:
    """Loads all that a letter or a mail prints, in a constant number of statements."""
    return query.options(
        joinedload(Invitation.proxy),
        joinedload(Invitation.delegate).options(
            joinedload(Delegate.seminar), joinedload(Delegate.unit), selectinload(Delegate.memberships)
        ),
    )


def invitation_by_code(code: str) -> Invitation | None:
    """Also a revoked one: its page says so."""
    return db.session.scalar(_with_letter(select(Invitation).where(Invitation.code == code)))


def in_force_of(delegate: Delegate) -> Invitation | None:
    return db.session.scalar(
        select(Invitation).where(Invitation.delegate_id == delegate.id, Invitation.revoked_at.is_(None))
    )


def current_rsvp(delegate: Delegate) -> Rsvp | None:
    """The answer that counts: the latest."""
    return db.session.scalar(select(Rsvp).where(Rsvp.delegate_id == delegate.id).order_by(Rsvp.id.desc()).limit(1))


def rsvps_of(delegate: Delegate) -> list[Rsvp]:
    """All answers, the newest first."""
    return list(db.session.scalars(select(Rsvp).where(Rsvp.delegate_id == delegate.id).order_by(Rsvp.id.desc())))


def invitations_of(delegate: Delegate) -> list[Invitation]:
    """All invitations, revoked ones too, the newest first."""
    return list(
        db.session.scalars(
            select(Invitation)
            .where(Invitation.delegate_id == delegate.id)
            .options(joinedload(Invitation.proxy))
            .order_by(Invitation.id.desc())
        )
    )


def open_proxy_of(delegate: Delegate) -> Proxy | None:
    return db.session.scalar(select(Proxy).where(Proxy.delegate_id == delegate.id, Proxy.outcome.is_(None)))


def _of(seminar: Seminar) -> Select[Invitation]:
    """Invitations in force of the seminar, in protocol order."""
    return _with_letter(
        select(Invitation)
        .join(Delegate, Delegate.id == Invitation.delegate_id)
        .join(Membership, and_(Membership.delegate_id == Delegate.id, Membership.is_primary))
        .join(Group, Group.id == Membership.group_id)
        .where(Delegate.seminar_id == seminar.id, Delegate.removed_at.is_(None), Invitation.revoked_at.is_(None))
        .order_by(Group.protocol_rank, Delegate.sort_key, Delegate.id)
    )


def invitations_in_force(seminar: Seminar, *states: State, group_codes: Collection[str] = ()) -> list[Invitation]:
    """Those whose delegates are in all of the states, of the groups named or of all."""
    query = with_state(_of(seminar), *states)
    if group_codes:
        query = query.where(Group.code.in_(group_codes))
    return list(db.session.scalars(query))


def invitations_of_document(document: IssuedDocument, seminar: Seminar) -> list[Invitation]:
    """Those of the run that are in force, in protocol order."""
    return list(db.session.scalars(_of(seminar).where(Invitation.document_id == document.id)))


def delegates_to_invite(seminar: Seminar, group_codes: Collection[str] = ()) -> list[Delegate]:
    """Without an invitation in force, of groups that have a letter; of the groups named or of all."""
    query = (
        select(Delegate)
        .join(Membership, and_(Membership.delegate_id == Delegate.id, Membership.is_primary))
        .join(Group, Group.id == Membership.group_id)
        .where(Delegate.seminar_id == seminar.id, Delegate.removed_at.is_(None))
        .options(selectinload(Delegate.memberships))
        .order_by(Group.protocol_rank, Delegate.sort_key, Delegate.id)
    )
    if group_codes:
        query = query.where(Group.code.in_(group_codes))
    return list(db.session.scalars(with_state(query, State.TO_INVITE)))


@dataclass(frozen=True)
class Run:
    """One letter of the register with its invitations: issued, and still in force."""

    document: IssuedDocument
    issued_count: int
    in_force_count: int


def runs_of(seminar: Seminar) -> list[Run]:
    """The letters issued, the newest first."""
    live = case(
        (and_(Invitation.id.is_not(None), Invitation.revoked_at.is_(None), Delegate.removed_at.is_(None)), 1), else_=0
    )
    rows = db.session.execute(
        select(IssuedDocument, func.count(Invitation.id), func.coalesce(func.sum(live), 0))
        .outerjoin(Invitation, Invitation.document_id == IssuedDocument.id)
        .outerjoin(Delegate, Delegate.id == Invitation.delegate_id)
        .where(IssuedDocument.seminar_id == seminar.id, IssuedDocument.kind.in_(LETTER_KINDS))
        .group_by(IssuedDocument.id)
        .order_by(IssuedDocument.id.desc())
    )
    return [Run(document, issued, int(in_force)) for document, issued, in_force in rows]


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


def proxies_of(seminar: Seminar) -> list[Proxy]:
    """The requests, open ones first, then the latest decided."""
    return list(
        db.session.scalars(
            select(Proxy)
            .join(Delegate, Delegate.id == Proxy.delegate_id)
            .where(Delegate.seminar_id == seminar.id)
            .options(joinedload(Proxy.delegate).options(joinedload(Delegate.unit), selectinload(Delegate.memberships)))
            .order_by(Proxy.outcome.is_not(None), Proxy.decided_at.desc(), Proxy.id)
        )
    )


def proxy_or_404(seminar: Seminar, proxy_id: int) -> Proxy:
    return db.first_or_404(
        select(Proxy)
        .join(Delegate, Delegate.id == Proxy.delegate_id)
        .where(Delegate.seminar_id == seminar.id, Proxy.id == proxy_id)
    )


def deliveries_of(delegate: Delegate) -> list[Delivery]:
    """Handed over on paper or by Zalo, the latest first; of revoked invitations too."""
    return list(
        db.session.scalars(
            select(Delivery)
            .join(Invitation, Invitation.id == Delivery.invitation_id)
            .where(Invitation.delegate_id == delegate.id)
            .order_by(Delivery.id.desc())
        )
    )


def samples(seminar: Seminar) -> list[Delegate]:
    """One delegate for each kind of letter, the first in protocol order: for a preview."""
    found: list[Delegate] = []
    for kind in (LetterKind.INVITATION, LetterKind.SUMMONS):
        query = (
            select(Delegate)
            .join(Membership, and_(Membership.delegate_id == Delegate.id, Membership.is_primary))
            .join(Group, Group.id == Membership.group_id)
            .where(Delegate.seminar_id == seminar.id, Delegate.removed_at.is_(None), Group.letter_kind == kind)
            .order_by(Group.protocol_rank, Delegate.sort_key, Delegate.id)
            .limit(1)
        )
        found += db.session.scalars(query)
    return found
