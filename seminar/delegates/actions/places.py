"""Places of the quotas, as memberships take them. The database refuses what slips through here."""

from collections.abc import Collection
from typing import Any

from seminar.delegates import queries
from seminar.delegates.rules import GroupFacts, place_refusal
from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.planning.models import Group, QuotaKind, Unit


class Places:
    """The free places of some groups, read once under the seminar's lock and taken one after the other."""

    def __init__(self, groups: Collection[Group]) -> None:
        self._free = queries.free_places([group.id for group in groups if group.quota_kind != QuotaKind.OPEN])

    @staticmethod
    def _of(group: Group, unit_id: int | None) -> tuple[int, int | None]:
        return group.id, unit_id if group.quota_kind == QuotaKind.PER_UNIT else None

    def has(self, group: Group, unit_id: int | None) -> bool:
        return group.quota_kind == QuotaKind.OPEN or bool(self._free.get(self._of(group, unit_id)))

    def take(self, group: Group, unit_id: int | None) -> int | None:
        """Id of the place taken; None where the group is open. Refused where none is free."""
        if group.quota_kind == QuotaKind.OPEN:
            return None
        free = self._free.get(self._of(group, unit_id)) or []
        unit = db.session.get(Unit, unit_id) if unit_id else None
        facts = GroupFacts(
            group.code, group.name, group.quota_kind, group.quota_count, units={unit.id: unit.name} if unit else {}
        )
        refusal = place_refusal(facts, unit_id, len(free))
        if refusal:
            raise Refused(refusal.msgid, **refusal.values)
        return free.pop(0)

    def taken(self, group: Group, unit_id: int | None) -> dict[str, Any]:
        """As `take`, as the columns of a membership."""
        return {
            "quota_kind": group.quota_kind,
            "place_id": self.take(group, unit_id),
            "unit_id": unit_id if group.quota_kind == QuotaKind.PER_UNIT else None,
        }
