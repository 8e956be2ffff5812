"""What a desk needs to work by itself, and the counts it shows."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, cast

from sqlalchemy import Connection, Integer, Table, and_, bindparam, func, or_, select

from seminar.agenda.queries import sitting_now, sittings_of
from seminar.agenda.rules import sitting_at
from seminar.checkin.models import Arrival, Desk, RehearsalArrival
from seminar.checkin.queries.desks import PairedDesk
from seminar.checkin.queries.people import as_entry, people
from seminar.checkin.queries.rehearsals import rehearsal_now
from seminar.delegates.models import Delegate
from seminar.invitations.models import Invitation
from seminar.lib.database import db
from seminar.lib.text import fold
from seminar.planning.models import Group, UnitAlias


@dataclass(frozen=True)
class Counts:
    """People of the list, of them those who came to the sitting, are in now, and went out again."""

    delegates: int
    arrived: int
    present: int
    left: int

    def as_dict(self) -> dict[str, int]:
        return {"delegates": self.delegates, "arrived": self.arrived, "present": self.present, "left": self.left}


DAY = cast(Table, Arrival.__table__)
REHEARSAL = cast(Table, RehearsalArrival.__table__)


def in_sitting(sitting_id: int | None, arrivals: Table = DAY) -> Any:
    return arrivals.c.sitting_id.is_(None) if sitting_id is None else arrivals.c.sitting_id == sitting_id


def counts_of(connection: Connection, seminar_id: int, sitting_id: int | None, arrivals: Table = DAY) -> Counts:
    values = {"seminar": seminar_id, "sitting": sitting_id}
    total, arrived, left = connection.execute(_counts(arrivals, sitting_id is None), values).one()
    return Counts(total or 0, arrived, arrived - left, left)


@cache
def _counts(arrivals: Table, is_whole: bool) -> Any:
    """Built once: (on the list, arrived, of them out again) of :seminar and :sitting."""
    of, sitting = bindparam("seminar", type_=Integer), bindparam("sitting", type_=Integer)
    people = select(func.count(Delegate.id)).where(Delegate.seminar_id == of, Delegate.removed_at.is_(None))
    # No join: with the statistics of a table that was empty a moment ago, PostgreSQL reads the list anew per arrival.
    removed = select(Delegate.id).where(Delegate.seminar_id == of, Delegate.removed_at.is_not(None))
    return select(people.scalar_subquery(), func.count(arrivals.c.id), func.count(arrivals.c.left_at)).where(
        arrivals.c.seminar_id == of,
        arrivals.c.sitting_id.is_(None) if is_whole else arrivals.c.sitting_id == sitting,
        arrivals.c.delegate_id.not_in(removed),
    )


def sitting_of_scan(sittings: Sequence[Any], moment: datetime) -> int | None:
    """Id of the sitting a scan belongs to if it names none; None where there is no programme."""
    found = sitting_at([(sitting.starts_at, sitting.ends_at) for sitting in sittings], moment)
    return None if found is None else sittings[found].id


def roster(desk: PairedDesk, now: datetime, say: Any) -> dict[str, Any]:
    """All that a desk needs to work by itself; `revision` changes when anything in it does."""
    sitting = sitting_now(desk.seminar_id, now)
    sitting_id = sitting.id if sitting else None
    rehearsal = rehearsal_now(desk.seminar_id, now)
    arrivals = REHEARSAL if rehearsal else DAY
    rows = db.session.execute(
        people()
        .add_columns(
            Delegate.folded,
            arrivals.c.arrived_at,
            arrivals.c.left_at,
            Desk.id.label("arrived_desk_id"),
            Desk.name.label("arrived_desk"),
        )
        .outerjoin(arrivals, and_(arrivals.c.delegate_id == Delegate.id, in_sitting(sitting_id, arrivals)))
        .outerjoin(Desk, Desk.id == arrivals.c.desk_id)
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
        entry["arrived_desk_id"] = row.arrived_desk_id
        entry["left_at"] = row.left_at.isoformat() if row.left_at else None
        delegates.append(entry)
    revoked = db.session.execute(
        select(Invitation.code_sha256, Invitation.delegate_id)
        .join(Delegate, Delegate.id == Invitation.delegate_id)
        .where(
            Delegate.seminar_id == desk.seminar_id,
            or_(Invitation.revoked_at.is_not(None), Delegate.removed_at.is_not(None)),
        )
        .order_by(Invitation.code_sha256)
    ).all()
    groups = db.session.execute(
        select(Group.code, Group.name)
        .where(Group.seminar_id == desk.seminar_id)
        .order_by(Group.protocol_rank, Group.id)
    )
    content: dict[str, Any] = {
        "desk": desk.name,
        "desk_id": desk.id,
        "seminar": desk.slug,
        "rehearsal": {"ends_at": rehearsal.ends_at.isoformat()} if rehearsal else None,
        "sitting": {"id": sitting.id, "name": sitting.name} if sitting else None,
        "sittings": [
            {
                "id": one.id,
                "name": one.name,
                "starts_at": one.starts_at.isoformat(),
                "ends_at": one.ends_at.isoformat() if one.ends_at else None,
            }
            for one in sittings_of(desk.seminar_id)
        ],
        "groups": [{"code": code, "name": name} for code, name in groups],
        "delegates": delegates,
        "revoked": [code for code, _ in revoked],
        "revoked_of": {one.code_sha256: one.delegate_id for one in revoked},
        "counts": counts_of(db.session.connection(), desk.seminar_id, sitting_id, arrivals).as_dict(),
    }
    return {"revision": hashlib.sha256(json.dumps(content).encode()).hexdigest()[:20], **content}


def searchable(person: Any, aliases: Iterable[str] = ()) -> str:
    """Folded name, unit with its other names, and position; the column also holds telephone numbers, which stay on the server."""
    parts = (person.name, person.body or person.unit or "", person.position, person.proxy_name or "")
    folded = fold(" ".join(part for part in parts if part))
    return " ".join([folded, *(alias for alias in aliases if alias not in folded)])
