"""Reads of letters and invitations."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Select, and_, case, func, select
from sqlalchemy.orm import joinedload, selectinload

from seminar.delegates.models import Delegate, Membership
from seminar.documents.models import IssuedDocument
from seminar.invitations.models import Invitation
from seminar.invitations.queries.states import State, with_state
from seminar.invitations.rules import LETTER_KINDS
from seminar.lib.database import db
from seminar.planning.models import Group, LetterKind, Seminar


def with_letter(query: Select[Invitation]) -> Select[Invitation]:
    """Loads all that a letter or a mail prints, in a constant number of statements."""
    return query.options(
        joinedload(Invitation.proxy),
        selectinload(Invitation.particulars),
        joinedload(Invitation.delegate).options(
            joinedload(Delegate.seminar), joinedload(Delegate.unit), selectinload(Delegate.memberships)
        ),
    )


def invitation_by_code(code: str) -> Invitation | None:
    """Also a revoked one: its page says so."""
    return db.session.scalar(with_letter(select(Invitation).where(Invitation.code == code)))


def in_force_of(delegate: Delegate) -> Invitation | None:
    return db.session.scalar(
        select(Invitation).where(Invitation.delegate_id == delegate.id, Invitation.revoked_at.is_(None))
    )


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


def in_force_query(seminar: Seminar) -> Select[Invitation]:
    """Invitations in force of the seminar, in protocol order."""
    return with_letter(
        select(Invitation)
        .join(Delegate, Delegate.id == Invitation.delegate_id)
        .join(Membership, and_(Membership.delegate_id == Delegate.id, Membership.is_primary))
        .join(Group, Group.id == Membership.group_id)
        .where(Delegate.seminar_id == seminar.id, Delegate.removed_at.is_(None), Invitation.revoked_at.is_(None))
        .order_by(Group.protocol_rank, Delegate.sort_key, Delegate.id)
    )


def invitations_in_force(seminar: Seminar, *states: State, group_codes: Collection[str] = ()) -> list[Invitation]:
    """Those whose delegates are in all of the states, of the groups named or of all."""
    query = with_state(in_force_query(seminar), *states)
    if group_codes:
        query = query.where(Group.code.in_(group_codes))
    return list(db.session.scalars(query))


def invitations_of_document(document: IssuedDocument, seminar: Seminar) -> list[Invitation]:
    """Those of the run that are in force, in protocol order."""
    return list(db.session.scalars(in_force_query(seminar).where(Invitation.document_id == document.id)))


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
