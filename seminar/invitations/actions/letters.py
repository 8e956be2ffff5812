"""Issuing letters, revoking and re-issuing codes."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from seminar.access.actor import Actor
from seminar.audit.models import record
from seminar.delegates.models import Delegate
from seminar.documents.actions import take_number
from seminar.documents.models import DocumentKind, IssuedDocument
from seminar.invitations import queries, rules
from seminar.invitations.actions.sendings import occasion_now, stop_waiting
from seminar.invitations.models import Invitation, LetterParticulars
from seminar.invitations.particulars import kept
from seminar.lib import codes
from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.lib.text import clean, shorten
from seminar.planning.models import Seminar


def one_at_a_time(seminar_id: int) -> None:
    """On PostgreSQL two people of the office wait for each other here; SQLite has one writer anyway."""
    db.session.execute(select(Seminar.id).where(Seminar.id == seminar_id).with_for_update())


def particulars_said(seminar: Seminar, now: datetime) -> LetterParticulars | None:
    """The row of what letters say now; a new one where it is not what they said last. None while something is open."""
    occasion = occasion_now(seminar, now)
    if occasion is None:
        return None
    said = kept(queries.particulars_now(seminar))
    latest = queries.latest_particulars(seminar)
    if latest is not None and latest.said == said:
        return latest
    latest = LetterParticulars(seminar_id=seminar.id, occasion=occasion, said=said, first_said_at=now)
    db.session.add(latest)
    db.session.flush()
    return latest


def invite(
    delegate_id: int, document_id: int, particulars_id: int, by: Actor, now: datetime, proxy_id: int | None = None
) -> Invitation:
    code = codes.link_code()
    invitation = Invitation(
        delegate_id=delegate_id,
        document_id=document_id,
        particulars_id=particulars_id,
        code=code,
        code_sha256=codes.digest(code),
        proxy_id=proxy_id,
        issued_at=now,
        issued_by=by.name,
    )
    db.session.add(invitation)
    return invitation


def issue_letters(seminar: Seminar, delegates: Sequence[Delegate], by: Actor, now: datetime) -> list[IssuedDocument]:
    """One number per kind of letter for the whole run, and a personal code for each delegate.

    Whoever has an invitation in force, or is in a group without a letter, gets none; refused where nobody is left, and
    as long as venue, date or hour are open.
    """
    for lack in rules.what_lacks(seminar.venue is not None, seminar.held_on, seminar.starts_at):
        raise Refused(rules.LACK_SENTENCES[lack])
    one_at_a_time(seminar.id)
    has_one = set(
        db.session.scalars(
            select(Invitation.delegate_id).where(
                Invitation.delegate_id.in_([delegate.id for delegate in delegates]), Invitation.revoked_at.is_(None)
            )
        )
    )
    runs: dict[DocumentKind, list[Delegate]] = {}
    for delegate in delegates:
        kind = rules.DOCUMENT_OF.get(delegate.group.letter_kind)
        if kind and delegate.id not in has_one and delegate.removed_at is None:
            runs.setdefault(kind, []).append(delegate)
    if not runs:
        raise Refused("Nobody is left to issue a letter to: all chosen have one, or their group has none.")
    particulars = particulars_said(seminar, now)
    assert particulars is not None  # nothing lacks
    subject = f"Dự {rules.quoted_title(seminar.title)}"
    documents = []
    for kind in rules.LETTER_KINDS:
        if kind in runs:
            document = take_number(seminar, kind, subject, by, now, addressee_count=len(runs[kind]))
            for delegate in runs[kind]:
                invite(delegate.id, document.id, particulars.id, by, now)
            documents.append(document)
    db.session.flush()
    return documents


def revoke(invitation: Invitation, reason: str, by: Actor, now: datetime) -> None:
    """The code opens nothing any more, and the desk says so; revoking twice is harmless."""
    if invitation.revoked_at is not None:
        return
    invitation.revoked_at, invitation.revoked_by = now, by.name
    invitation.revoked_because = shorten(clean(reason), 300)
    record(
        by,
        now,
        "revoke",
        "invitation",
        seminar_id=invitation.delegate.seminar_id,
        object_id=invitation.id,
        summary=invitation.delegate.name,
        reason=invitation.revoked_because,
    )
    db.session.flush()  # the old one goes before a new one comes: one in force at a time
    stop_waiting(invitation, by, now)


def invite_instead(old: Invitation, proxy_id: int | None, by: Actor, now: datetime) -> Invitation:
    """Another code on the same letter, which says what the plan says now; what it said before while something is open."""
    said = particulars_said(old.delegate.seminar, now)
    new = invite(old.delegate_id, old.document_id, said.id if said else old.particulars_id, by, now, proxy_id)
    db.session.flush()
    return new


def reissue(delegate: Delegate, reason: str, by: Actor, now: datetime) -> Invitation:
    """A new code on the same letter, for the same bearer; the old code is revoked. Refused where none is in force."""
    one_at_a_time(delegate.seminar_id)
    old = queries.in_force_of(delegate)
    if old is None:
        raise Refused("%(name)s has no invitation in force: issue a letter.", name=delegate.name)
    revoke(old, reason, by, now)
    new = invite_instead(old, old.proxy_id, by, now)
    record(by, now, "reissue", "invitation", seminar_id=delegate.seminar_id, object_id=new.id, summary=delegate.name)
    return new


def reword(document: IssuedDocument, seminar: Seminar, reason: str, by: Actor, now: datetime) -> int:
    """Lets the letters of a run that are in force say what the plan says now; how many said something else.

    For letters that have not gone out: whoever has theirs is told by a change notice instead. Codes stay.
    """
    for lack in rules.what_lacks(seminar.venue is not None, seminar.held_on, seminar.starts_at):
        raise Refused(rules.LACK_SENTENCES[lack])
    reason = shorten(clean(reason), 300)
    if not reason:
        raise Refused("Say why the text of letters already issued changes.")
    one_at_a_time(seminar.id)
    found = queries.outdated_runs(seminar).get(document.id)
    if found is None:
        raise Refused("These letters say what the plan says.")
    particulars = particulars_said(seminar, now)
    assert particulars is not None  # nothing lacks
    for invitation in queries.invitations_of_document(document, seminar):
        invitation.particulars = particulars
    count, differ = found
    record(
        by,
        now,
        "rewrite",
        "letters",
        seminar_id=seminar.id,
        object_id=document.id,
        summary=document.symbol,
        reason=reason,
        count=count,
        **{one.label: [one.before, one.now] for one in differ},
    )
    db.session.flush()
    return count


def require_in_force(invitation: Invitation | None) -> Invitation:
    """The invitation of a code that somebody holds; refuses one that is revoked or unknown."""
    if invitation is None:
        raise Refused("This code is not known. Check the digits, or call the office.")
    if invitation.revoked_at is not None:
        raise Refused("This code is no longer valid: a newer letter replaced it. Call the office if you have none.")
    return invitation
