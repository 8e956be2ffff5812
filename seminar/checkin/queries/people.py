"""The people as a desk sees them, and one scan as it was answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, exists, func, select
from sqlalchemy.orm import joinedload

from seminar.checkin.models import RehearsalScan, Scan
from seminar.checkin.queries.walk_ins import represented_by
from seminar.delegates.models import Delegate, Membership
from seminar.delegates.queries import holds
from seminar.invitations.models import Answer, Invitation, Proxy, Rsvp
from seminar.lib.database import db
from seminar.lib.errors import Message
from seminar.planning.models import Group, Unit


def people() -> Select[*tuple[Any, ...]]:
    """One row per delegate with what a desk may know: no telephone, no e-mail, no code in clear."""
    latest = select(func.max(Rsvp.id)).where(Rsvp.delegate_id == Delegate.id).correlate(Delegate).scalar_subquery()
    return (
        select(
            Delegate.id,
            Delegate.seminar_id,
            Delegate.number,
            Delegate.name,
            Delegate.name_folded,
            Delegate.position,
            Delegate.body,
            Delegate.seat,
            Delegate.alert,
            Delegate.removed_at,
            Unit.name.label("unit"),
            Delegate.unit_id,
            Group.code.label("group_code"),
            Group.name.label("group_name"),
            Group.protocol_rank.label("rank"),
            Group.is_met,
            Group.hand_out,
            Invitation.code_sha256,
            Rsvp.answer,
            Proxy.name.label("proxy_name"),
            Proxy.position.label("proxy_position"),
            represented_by().label("represented"),
        )
        .join(Membership, and_(Membership.delegate_id == Delegate.id, Membership.is_primary))
        .join(Group, Group.id == Membership.group_id)
        .outerjoin(Unit, Unit.id == Delegate.unit_id)
        .outerjoin(Invitation, and_(Invitation.delegate_id == Delegate.id, Invitation.revoked_at.is_(None)))
        .outerjoin(Proxy, Proxy.id == Invitation.proxy_id)
        .outerjoin(Rsvp, Rsvp.id == latest)
    )


def has_declined(person: Any) -> bool:
    """The answer stands for the person invited, not for an approved proxy."""
    return person.answer == Answer.DECLINED and person.proxy_name is None


def alert_of(person: Any) -> Message | str:
    if person.represented:
        return Message("%(name)s came instead of this delegate already. Call the office.", name=person.represented)
    if person.alert:
        return person.alert
    return Message("Tell the reception party: somebody must meet this delegate.") if person.is_met else ""


def as_entry(person: Any) -> dict[str, Any]:
    """The person in JSON; `alert` may still be a Message, to be said in the reader's language."""
    return {
        "id": person.id,
        "number": person.number,
        "name": person.name,
        "position": person.position,
        "unit": person.body or person.unit or "",
        "group": person.group_name,
        "group_code": person.group_code,
        "rank": person.rank,
        "seat": person.seat,
        "alert": alert_of(person),
        "answer": person.answer,
        "proxy": {"name": person.proxy_name, "position": person.proxy_position} if person.proxy_name else None,
        "represented": person.represented,
        "hand_out": person.hand_out,
    }


def bearer(person: dict[str, Any] | None) -> str:
    """Who stands at the desk: the proxy, where one comes instead, else the delegate; "" for nobody known."""
    if person is None:
        return ""
    return person["proxy"]["name"] if person["proxy"] else person["name"]


SEARCH_SHOWS = 8


def people_named(seminar_id: int, words: Sequence[str]) -> list[Any]:
    """At most eight whose name, unit (by any of its names) or position holds every folded word, in the order of names."""
    query = people().where(Delegate.seminar_id == seminar_id, Delegate.removed_at.is_(None))
    for word in words:
        query = query.where(holds(word))
    return list(db.session.execute(query.order_by(Delegate.sort_key, Delegate.id).limit(SEARCH_SHOWS)))


def id_by_number(seminar_id: int, number: int) -> int | None:
    """Whom a number of the list means."""
    listed = (Delegate.seminar_id == seminar_id, Delegate.removed_at.is_(None))
    return db.session.scalar(select(Delegate.id).where(*listed, Delegate.number == number))


def is_known_scan(seminar_id: int, scan_id: str) -> bool:
    """That the scan is stored, of the day or of a rehearsal."""
    return any(
        db.session.scalar(select(exists().where(log.id == scan_id, log.seminar_id == seminar_id)))
        for log in (Scan, RehearsalScan)
    )


@dataclass(frozen=True)
class Shown:
    """A stored scan with the person and the entry it points to, for the page that shows it again."""

    scan: Scan
    person: dict[str, Any] | None
    first_at: datetime | None
    first_desk: str
    first_desk_id: int | None
    is_annulled: bool


def shown_scan(seminar_id: int, scan_id: str) -> Shown | None:
    scan = db.session.scalar(select(Scan).where(Scan.id == scan_id, Scan.seminar_id == seminar_id))
    if scan is None:
        return None
    person = db.session.execute(people().where(Delegate.id == scan.delegate_id)).first() if scan.delegate_id else None
    first = db.session.scalar(select(Scan).where(Scan.id == scan.first_scan_id).options(joinedload(Scan.desk)))
    annulled = db.session.scalar(select(exists().where(Scan.annuls == scan.id, Scan.seminar_id == seminar_id)))
    return Shown(
        scan,
        as_entry(person) if person else None,
        first.corrected_at if first else None,
        first.desk.name if first else "",
        first.desk_id if first else None,
        bool(annulled),
    )
