"""The office accepts what a unit sent, or returns it with a reason."""

from collections.abc import Sequence
from datetime import datetime

from seminar.access.actor import Actor
from seminar.audit.models import record
from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.statistics.models import ReturnVersion, Ruling, RulingKind
from seminar.statistics.queries.sheets import hold_sheet
from seminar.statistics.rules import standing_ruling
from seminar.statistics.rules.returns import read_reason

VERBS = {RulingKind.ACCEPTED: "accept", RulingKind.RETURNED: "return"}


def rule_on(version: ReturnVersion, kind: RulingKind, reason: str, by: Actor, now: datetime) -> Ruling:
    """The ruling that stands from now on. To return needs a reason; the same ruling twice is one."""
    reason = read_reason(reason)
    if kind == RulingKind.RETURNED and not reason:
        raise Refused("Write what the unit should correct.")
    _hold(version)
    standing = standing_ruling(version)
    if standing is not None and (standing.kind, standing.reason) == (kind, reason):
        return standing
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


def _hold(version: ReturnVersion) -> None:
    """Whoever else rules on a return of the sheet waits until commit; what stands by then is read anew."""
    hold_sheet(version.of.period.sheet)
    db.session.refresh(version, ["rulings"])


def accept_returns(versions: Sequence[ReturnVersion], by: Actor, now: datetime) -> int:
    """Accepts those that are the latest of their unit and wait; returns how many that were."""
    accepted = 0
    for version in versions:
        _hold(version)
        if version is version.of.versions[-1] and standing_ruling(version) is None:
            rule_on(version, RulingKind.ACCEPTED, "", by, now)
            accepted += 1
    return accepted
