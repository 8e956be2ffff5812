"""The places of the quotas as the plan and the office allot them; who takes them is delegates'."""

from collections import Counter

from sqlalchemy import select

from seminar.lib.database import db
from seminar.planning.models import Allotment, Group, Place, QuotaKind, Seminar
from seminar.planning.queries.plan import groups_of
from seminar.planning.queries.units import units_on
from seminar.planning.rules import has_quota


def allotments(group_ids: list[int]) -> dict[tuple[int, int], Allotment]:
    """What the office allotted otherwise than the group says, by (group id, unit id)."""
    rows = db.session.scalars(select(Allotment).where(Allotment.group_id.in_(group_ids)))
    return {(one.group_id, one.unit_id): one for one in rows}


def origins(group_ids: list[int]) -> Counter[tuple[int, int | None]]:
    """How many places were allotted, by (group id, unit id) of those to whom they were allotted at first."""
    query = select(Place.group_id, Place.unit_id, Place.moved_from_id).where(Place.group_id.in_(group_ids))
    return Counter((group_id, moved_from or unit_id) for group_id, unit_id, moved_from in db.session.execute(query))


def missing_places(seminar: Seminar, only: Group | None = None) -> dict[tuple[int, int | None], int]:
    """How many places the quotas say that are not there, by (group id, unit id or None where the quota is not per unit).

    A unit that got or gave places counts with what it was allotted at first, and what the office allotted to a unit
    otherwise holds for it.
    """
    groups = [group for group in ([only] if only else groups_of(seminar)) if group.quota_kind != QuotaKind.OPEN]
    units = units_on(seminar.held_on)
    exceptions = allotments([group.id for group in groups])
    have = origins([group.id for group in groups])
    wanted: dict[tuple[int, int | None], int] = {}
    for group in groups:
        if group.quota_kind == QuotaKind.PER_UNIT:
            wanted |= {(group.id, unit.id): group.quota_count or 0 for unit in units if has_quota(group, unit)}
        else:
            wanted[group.id, None] = group.quota_count or 0
    wanted |= {key: one.place_count for key, one in exceptions.items()}
    return {key: count - have[key] for key, count in wanted.items() if count > have[key]}
