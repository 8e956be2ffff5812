"""What a quota refuses: one per unit (S1.37 to S1.39), exactly so many of a closed list (S1.40), at most so many in all."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from seminar.lib.errors import Message

RESERVES, NAMINGS = 10, 100
"""Of one unit in one group by its link: people in reserve at a time, and namings in all; more would only fill the disk."""


@dataclass(frozen=True)
class GroupFacts:
    """What judging needs of a group; `quota_kind` as in planning."""

    code: str
    name: str
    quota_kind: str
    quota_count: int | None
    is_unassigned: bool = False
    free: Mapping[int | None, int] = field(default_factory=dict)
    """Places that nobody holds, by unit where the quota is per unit, else under None; empty for an open group."""
    units: Mapping[int, str] = field(default_factory=dict)
    """Names of the units, for sentences."""


def place_refusal(group: GroupFacts, unit_id: int | None, free: int) -> Message | None:
    """Why one more cannot be taken: a place of the group must be free, of the person's own unit where it is per unit.

    A closed list takes exactly so many (S1.40: the 95th of 94 is refused), a unit so many as it was allotted (S1.37).
    """
    if group.quota_kind == "open":
        return None
    if group.quota_kind == "per_unit" and unit_id is None:
        return Message(
            "“%(group)s” is counted per unit: name one of the units as the page of units writes it.", group=group.name
        )
    if free > 0:
        return None
    if group.quota_kind == "per_unit":
        return Message(
            "%(unit)s has no free place in “%(group)s”. Take somebody off it, give the unit another place, or choose another group.",
            unit=group.units.get(unit_id or 0, ""),
            group=group.name,
        )
    if group.quota_kind == "closed":
        return Message(
            "The list “%(group)s” is closed at %(count)s: this would be number %(number)s. Take somebody off it first, or choose another group.",
            group=group.name,
            count=group.quota_count,
            number=(group.quota_count or 0) + 1,
        )
    return Message(
        "“%(group)s” takes at most %(count)s, and every place is taken. Take somebody off it, raise the quota on the page of the plan, or choose another group.",
        group=group.name,
        count=group.quota_count,
    )


class Quotas:
    """Takes places while rows are judged, as storing them will."""

    def __init__(self, groups: Mapping[str, GroupFacts]) -> None:
        self.groups = groups
        self.free = {code: Counter(group.free) for code, group in groups.items()}

    def _of(self, code: str, unit_id: int | None) -> int | None:
        return unit_id if self.groups[code].quota_kind == "per_unit" else None

    def refusal(self, codes: Collection[str], unit_id: int | None) -> Message | None:
        """Why the person cannot be taken into one of the groups."""
        for code in codes:
            refusal = place_refusal(self.groups[code], unit_id, self.free[code][self._of(code, unit_id)])
            if refusal:
                return refusal
        return None

    def take(self, codes: Collection[str], unit_id: int | None) -> None:
        for code in codes:
            if self.groups[code].quota_kind != "open":
                self.free[code][self._of(code, unit_id)] -= 1
