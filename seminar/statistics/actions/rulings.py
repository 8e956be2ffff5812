"""The office accepts what a unit sent, or returns it with a reason."""

from collections.abc import Sequence
from datetime import datetime

from seminar.access.actor import Actor
from seminar.audit.models import record
from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.statistics.models import ReturnVersion, Ruling, RulingKind
from seminar.statistics.rules import standing_ruling
from seminar.statistics.rules.returns import read_reason

VERBS = {RulingKind.ACCEPTED: "accept", RulingKind.RETURNED: "return"}


def rule_on(
    version: ReturnVersion, kind: RulingKind, reason: str, by: Actor, now: datetime, *, seen: int | None = None
) -> Ruling:
    """The ruling that stands from now on. To return needs a reason; the same ruling twice is one.

    `seen`: id of the ruling that the page showed, 0 for no ruling; refused where another stands meanwhile. The caller holds the
    sheet (`queries.sheets.hold_sheet`) since before the version was read, so that nothing is sent or ruled in between.
    """
    reason = read_reason(reason)
    if kind == RulingKind.RETURNED and not reason:
        raise Refused("Write what the unit should correct.")
    standing = standing_ruling(version)
    if standing is not None and (standing.kind, standing.reason) == (kind, reason):
        return standing
    if seen is not None and seen != (standing.id if standing else 0):
        raise Refused("Somebody else ruled on this version meanwhile, nothing was changed: look at it first.")
    ruling = Ruling(kind=kind, reason=reason, at=now, by=by.name[:200])
    version.rulings.append(ruling)
    db.session.flush()
    sheet = version.of.period.sheet
    record(
        by,
        now,
        VERBS[kind],
        "return",
        seminar_id=sheet.seminar_id,
        object_id=version.of.unit_id,
        summary=f"{version.of.unit.name}: {sheet.title}, {version.of.period.name}",
        version=version.number,
    )
    return ruling


def accept_returns(versions: Sequence[ReturnVersion], by: Actor, now: datetime) -> int:
    """Accepts those that are the latest of their unit and wait; returns how many that were. The caller holds the sheet."""
    accepted = 0
    for version in versions:
        if version is version.of.versions[-1] and standing_ruling(version) is None:
            rule_on(version, RulingKind.ACCEPTED, "", by, now)
            accepted += 1
    return accepted
