"""What a desk had saved and can no longer send, handed in by the office: the same rows with the same ids."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from seminar.access.actor import Actor
from seminar.audit.models import record
from seminar.checkin.actions.scans import Call, Result, record_scans
from seminar.checkin.actions.walk_ins import register_walk_in
from seminar.checkin.forms.api import ScanInput, WalkInInput
from seminar.checkin.forms.queues import QueuedRow
from seminar.checkin.models import RehearsalScan, Scan, Verdict
from seminar.checkin.queries import PairedDesk, desks_of
from seminar.lib.database import db
from seminar.lib.errors import Message, Refused
from seminar.planning.models import Seminar


@dataclass(frozen=True)
class HandedIn:
    """What became of a row: a verdict, or a refusal that says what to do. `at` is when it happened by the hall's clock,
    None where nothing is kept (a practised walk-in); `is_known`: the server had it already, and nothing was changed.
    """

    desk: PairedDesk | None
    verdict: Verdict | None = None
    person: dict[str, Any] | None = None
    refusal: Message | None = None
    at: datetime | None = None
    is_known: bool = False
    is_practised: bool = False


def hand_in_queue(
    seminar: Seminar, rows: Sequence[QueuedRow], fallback: PairedDesk | None, by: Actor, now: datetime
) -> list[HandedIn]:
    """Stores the rows as their desks would, whether these are still paired or not; one answer per row, in their order.

    What the server knows already gets the answer it had. Rows of a desk that this seminar does not know are of `fallback`.
    Walk-ins come first, so that taking one back finds it.
    """
    desks = {
        (desk.id, desk.name): PairedDesk(desk.id, desk.name, seminar.id, seminar.slug) for desk in desks_of(seminar)
    }
    chosen = [desks.get((row.desk_id or 0, row.desk), fallback) for row in rows]
    ids = [row.told.id for row in rows if row.told]
    known = _times(Scan, seminar, ids).keys() | _times(RehearsalScan, seminar, ids).keys()
    results: dict[int, Result | Refused] = {}
    scans: dict[PairedDesk, list[tuple[int, ScanInput]]] = {}
    for position, (row, desk) in enumerate(zip(rows, chosen, strict=True)):
        if row.told is None:
            results[position] = Refused("This row cannot be understood: write it by hand from the device.")
        elif desk is None:
            results[position] = Refused("The desk of this row is not known here: choose one above and look again.")
        elif isinstance(row.told, WalkInInput):
            results[position] = _register(seminar, desk, row.told, by, now)
        else:
            scans.setdefault(desk, []).append((position, row.told))
    calls = [Call(desk, [scan for _, scan in told], entered_by=by.name[:200]) for desk, told in scans.items()]
    if calls:
        for told, answered in zip(
            scans.values(), record_scans(db.session.connection(), calls, lambda: now), strict=True
        ):
            results |= {position: result for (position, _), result in zip(told, answered.results, strict=True)}
        db.session.expire_all()
    handed = _told(seminar, rows, chosen, results, known)
    fresh = [one for one in handed if one.verdict and not one.is_known]
    if fresh:
        record(
            by,
            now,
            "enter",
            "desk queue",
            seminar_id=seminar.id,
            summary=f"{len(fresh)} lượt của {', '.join(sorted({one.desk.name for one in fresh if one.desk}))}",
            verdicts=[one.verdict for one in fresh],
        )
    return handed


def _register(seminar: Seminar, desk: PairedDesk, told: WalkInInput, by: Actor, now: datetime) -> Result | Refused:
    try:
        with db.session.begin_nested():
            return register_walk_in(seminar, desk, told, now, by=by).results[0]
    except Refused as refusal:
        return refusal


def _times(model: type[Scan | RehearsalScan], seminar: Seminar, ids: list[str]) -> dict[str, datetime]:
    query = select(model.id, model.corrected_at).where(model.seminar_id == seminar.id, model.id.in_(ids))
    return {row.id: row.corrected_at for row in db.session.execute(query)}


def _told(
    seminar: Seminar,
    rows: Sequence[QueuedRow],
    desks: Sequence[PairedDesk | None],
    results: dict[int, Result | Refused],
    known: set[str],
) -> list[HandedIn]:
    ids = [row.told.id for row in rows if row.told]
    of_day, practised = _times(Scan, seminar, ids), _times(RehearsalScan, seminar, ids)
    handed = []
    for position, (row, desk) in enumerate(zip(rows, desks, strict=True)):
        result, told = results[position], row.told
        if isinstance(result, Refused) or told is None:
            handed.append(HandedIn(desk, refusal=result.message if isinstance(result, Refused) else None))
        elif result.verdict in (Verdict.MALFORMED, Verdict.CONFLICT):
            handed.append(HandedIn(desk, refusal=_unstored(result.verdict)))
        else:
            handed.append(
                HandedIn(
                    desk,
                    result.verdict,
                    result.person,
                    at=of_day.get(told.id) or practised.get(told.id),
                    is_known=told.id in known,
                    is_practised=told.id not in of_day,
                )
            )
    return handed


def _unstored(verdict: Verdict) -> Message:
    if verdict == Verdict.CONFLICT:
        return Message("Another scan is stored under the number of this row: write it by hand from the device.")
    return Message("The sitting of this row is not one of this seminar: write it by hand from the device.")
