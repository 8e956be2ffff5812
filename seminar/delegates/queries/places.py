"""Groups with the free places of their quotas."""

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import not_, select

from seminar.delegates.models import Membership, Nomination
from seminar.delegates.rules import GroupFacts
from seminar.lib.database import db
from seminar.planning.models import Audience, Group, Place, Seminar, Unit
from seminar.planning.queries import groups_of


def free_places(group_ids: Collection[int]) -> dict[tuple[int, int | None], list[int]]:
    """Ids of places that nobody holds and nobody is named for, by (group id, unit id)."""
    held = select(Membership.id).where(Membership.place_id == Place.id).exists()
    named = select(Nomination.id).where(Nomination.place_id == Place.id, Nomination.outcome.is_(None)).exists()
    query = select(Place.group_id, Place.unit_id, Place.id).where(
        Place.group_id.in_(group_ids), not_(held), not_(named)
    )
    found: dict[tuple[int, int | None], list[int]] = defaultdict(list)
    for group_id, unit_id, place_id in db.session.execute(query.order_by(Place.id)):
        found[group_id, unit_id].append(place_id)
    return found


def group_facts(seminar: Seminar) -> dict[str, GroupFacts]:
    groups = groups_of(seminar)
    free: dict[int, dict[int | None, int]] = defaultdict(dict)
    for (group_id, unit_id), places in free_places([group.id for group in groups]).items():
        free[group_id][unit_id] = len(places)
    names = {row.id: row.name for row in db.session.execute(select(Unit.id, Unit.name))}
    return {
        group.code: GroupFacts(
            group.code,
            group.name,
            group.quota_kind,
            group.quota_count,
            group.audience == Audience.UNASSIGNED,
            free[group.id],
            names,
        )
        for group in groups
    }


def unassigned_group(seminar: Seminar) -> Group | None:
    """ "Chưa phân nhóm": where rows go that name no group."""
    return db.session.scalar(
        select(Group)
        .where(Group.seminar_id == seminar.id, Group.audience == Audience.UNASSIGNED)
        .order_by(Group.protocol_rank)
    )


def place_or_404(seminar: Seminar, place_id: int) -> Place:
    query = select(Place).join(Group, Group.id == Place.group_id)
    return db.first_or_404(query.where(Place.id == place_id, Group.seminar_id == seminar.id))
