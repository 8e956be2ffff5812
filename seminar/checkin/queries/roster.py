"""What a desk needs to work by itself, and the counts it shows."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, func, or_, select

from seminar.agenda.queries import sitting_now
from seminar.agenda.rules import sitting_at
from seminar.checkin.models import Arrival, Desk
from seminar.checkin.queries.desks import PairedDesk
from seminar.checkin.queries.people import as_entry, people
from seminar.delegates.models import Delegate
from seminar.invitations.models import Invitation
from seminar.lib.database import db
from seminar.lib.text import fold
from seminar.planning.models import UnitAlias


@dataclass(frozen=True)
class Counts:
    """People of the list, of them those who came to the sitting, are in now, and went out again."""

    delegates: int
    arrived: int
    present: int
    left: int

    def as_dict(self) -> dict[str, int]:
        return {"delegates": self.delegates, "arrived": self.arrived, "present": self.present, "left": self.left}


def in_sitting(sitting_id: int | None) -> Any:
    return Arrival.sitting_id.is_(None) if sitting_id is None else Arrival.sitting_id == sitting_id


def counts_of(connection: Connection, seminar_id: int, sitting_id: int | None) -> Counts:
    listed = (
        select(func.count(Delegate.id))
        .where(Delegate.seminar_id == seminar_id, Delegate.removed_at.is_(None))
        .scalar_subquery()
    )
    row = connection.execute(
        select(listed, func.count(Arrival.id), func.count(Arrival.left_at))
        .join(Delegate, Delegate.id == Arrival.delegate_id)
        .where(Arrival.seminar_id == seminar_id, in_sitting(sitting_id), Delegate.removed_at.is_(None))
    ).one()
    total, arrived, left = row
    return Counts(total or 0, arrived, arrived - left, left)


def sitting_of_scan(sittings: Sequence[Any], moment: datetime) -> int | None:
    """Id of the sitting a scan belongs to if it names none; None where there is no programme."""
    found = sitting_at([(sitting.starts_at, sitting.ends_at) for sitting in sittings], moment)
    return None if found is None else sittings[found].id


def roster(desk: PairedDesk, now: datetime, say: Any) -> dict[str, Any]:
    """All that a desk needs to work by itself; `revision` changes when anything in it does."""
    sitting = sitting_now(desk.seminar_id, now)
    sitting_id = sitting.id if sitting else None
    here = and_(Arrival.delegate_id == Delegate.id, in_sitting(sitting_id))
    rows = db.session.execute(
        people()
        .add_columns(Delegate.folded, Arrival.arrived_at, Arrival.left_at, Desk.name.label("arrived_desk"))
        .outerjoin(Arrival, here)
        .outerjoin(Desk, Desk.id == Arrival.desk_id)
        .where(Delegate.seminar_id == desk.seminar_id, Delegate.removed_at.is_(None))
        .order_by(Delegate.number)
    )
    aliases: dict[int, list[str]] = defaultdict(list)
    for alias in db.session.scalars(select(UnitAlias).order_by(UnitAlias.folded)):
        aliases[alias.unit_id].append(alias.folded)
    delegates = []
    for row in rows:
        entry = as_entry(row)
        entry["alert"] = say(entry["alert"]) if entry["alert"] else ""
        entry["code_sha256"] = row.code_sha256
        entry["folded"] = searchable(row, aliases.get(row.unit_id, ()))
        entry["arrived_at"] = row.arrived_at.isoformat() if row.arrived_at else None
        entry["arrived_desk"] = row.arrived_desk
        entry["left_at"] = row.left_at.isoformat() if row.left_at else None
        delegates.append(entry)
    revoked = db.session.scalars(
        select(Invitation.code_sha256)
        .join(Delegate, Delegate.id == Invitation.delegate_id)
        .where(
            Delegate.seminar_id == desk.seminar_id,
            or_(Invitation.revoked_at.is_not(None), Delegate.removed_at.is_not(None)),
        )
        .order_by(Invitation.code_sha256)
    )
    content: dict[str, Any] = {
        "desk": desk.name,
        "seminar": desk.slug,
        "sitting": {"id": sitting.id, "name": sitting.name} if sitting else None,
        "delegates": delegates,
        "revoked": list(revoked),
        "counts": counts_of(db.session.connection(), desk.seminar_id, sitting_id).as_dict(),
    }
    return {"revision": hashlib.sha256(json.dumps(content).encode()).hexdigest()[:20], **content}


def searchable(person: Any, aliases: Iterable[str] = ()) -> str:
    """Folded name, unit with its other names, and position; the column also holds telephone numbers, which stay on the server."""
    parts = (person.name, person.body or person.unit or "", person.position, person.proxy_name or "")
    folded = fold(" ".join(part for part in parts if part))
    return " ".join([folded, *(alias for alias in aliases if alias not in folded)])
