"""What letters said of the seminar when they were issued, and whether the plan says something else since."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import distinct, func, or_, select

from seminar.delegates.models import Delegate
from seminar.invitations.models import Delivery, Invitation, LetterParticulars, Purpose
from seminar.invitations.particulars import Difference, Particulars, differences, kept, particulars_of, read
from seminar.lib.database import db
from seminar.mail.models import Mail, MailStatus
from seminar.planning import queries as plans
from seminar.planning.models import Seminar


def particulars_now(seminar: Seminar) -> Particulars:
    """What a letter would say if it were issued now."""
    return particulars_of(seminar, plans.milestone(seminar, "answers"))


def latest_particulars(seminar: Seminar) -> LetterParticulars | None:
    query = select(LetterParticulars).where(LetterParticulars.seminar_id == seminar.id)
    return db.session.scalar(query.order_by(LetterParticulars.id.desc()).limit(1))


def outdated(seminar: Seminar) -> dict[int, list[Difference]]:
    """What is not as the letters say, by id of the particulars; only those from which something differs now."""
    now = particulars_now(seminar)
    said = kept(now)
    rows = db.session.scalars(select(LetterParticulars).where(LetterParticulars.seminar_id == seminar.id))
    differ = {one.id: differences(read(one.said), now) for one in rows if one.said != said}
    return {key: found for key, found in differ.items() if found}


def outdated_runs(seminar: Seminar) -> dict[int, tuple[int, list[Difference]]]:
    """(letters in force that say it otherwise, what differs) by id of the document."""
    differ = outdated(seminar)
    if not differ:
        return {}
    rows = db.session.execute(
        select(Invitation.document_id, Invitation.particulars_id, func.count())
        .join(Delegate, Delegate.id == Invitation.delegate_id)
        .where(
            Delegate.seminar_id == seminar.id,
            Delegate.removed_at.is_(None),
            Invitation.revoked_at.is_(None),
            Invitation.particulars_id.in_(differ),
        )
        .group_by(Invitation.document_id, Invitation.particulars_id)
    )
    found: dict[int, tuple[int, list[Difference]]] = {}
    for document_id, particulars_id, count in rows:
        before, labels = found.get(document_id, (0, []))
        found[document_id] = (before + count, list(dict.fromkeys([*labels, *differ[particulars_id]])))
    return found


def gone_out_counts(documents: Collection[int]) -> dict[int, int]:
    """How many letters in force of each run went out by mail or were handed over, by id of the document."""
    if not documents:
        return {}
    rows = db.session.execute(
        select(Invitation.document_id, func.count(distinct(Invitation.id)).label("letters"))
        .join(Delivery, Delivery.invitation_id == Invitation.id)
        .outerjoin(Mail, Mail.id == Delivery.mail_id)
        .where(
            Invitation.document_id.in_(documents),
            Invitation.revoked_at.is_(None),
            Delivery.purpose == Purpose.INVITATION,
            or_(Mail.id.is_(None), Mail.status.not_in((MailStatus.FAILED, MailStatus.CANCELLED))),
        )
        .group_by(Invitation.document_id)
    )
    return {row.document_id: row.letters for row in rows}


def says_otherwise(invitations: Sequence[Invitation], seminar: Seminar) -> list[Invitation]:
    """Those whose letters name another day, hour or place than the plan does now."""
    told = particulars_now(seminar).told
    known: Mapping[int, bool] = {
        one.id: read(one.said).told != told
        for one in db.session.scalars(select(LetterParticulars).where(LetterParticulars.seminar_id == seminar.id))
    }
    return [one for one in invitations if known[one.particulars_id]]
