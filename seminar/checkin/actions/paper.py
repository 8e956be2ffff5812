"""The list on paper, copied afterwards: who signed, when, and what was copied wrongly."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4, uuid5

from sqlalchemy import select

from seminar.access.actor import Actor
from seminar.audit.models import record
from seminar.checkin.actions.pairing import free_name
from seminar.checkin.actions.scans import Call, record_scans
from seminar.checkin.forms.api import ScanInput
from seminar.checkin.models import Desk, Scan, ScanKind, Source
from seminar.checkin.queries import PairedDesk
from seminar.checkin.queries.paper import standing_ticks
from seminar.delegates.models import Delegate
from seminar.lib.clock import short_time
from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.planning.models import Seminar

NAME = "Danh sách giấy"


@dataclass(frozen=True)
class Entered:
    """How many were entered now, and how many had been before and stayed as they were."""

    fresh: int
    known: int


def enter_ticks(
    seminar: Seminar, moments: Mapping[int, datetime], sitting_id: int | None, form_id: UUID, by: Actor, now: datetime
) -> Entered:
    """Stores that these delegates signed on paper, each at its moment; the same form again changes nothing.

    Who is entered from paper already stays as entered: a wrong time is taken back first.
    """
    _one_at_a_time(seminar.id)
    wanted = set(
        db.session.scalars(
            select(Delegate.id).where(
                Delegate.seminar_id == seminar.id, Delegate.removed_at.is_(None), Delegate.id.in_(moments)
            )
        )
    )
    if wanted != set(moments):
        raise Refused("Somebody ticked is no longer on the list. Reload the page and look again.")
    if not moments:
        raise Refused("Nobody is ticked: tick those who signed, or write their numbers.")
    known = set(standing_ticks(seminar.id, sitting_id))
    ids = {one: str(uuid5(form_id, f"{one} {sitting_id}")) for one in sorted(wanted - known)}
    if db.session.scalar(select(Scan.id).where(Scan.id.in_(ids.values())).limit(1)) is not None:
        raise Refused(
            "Somebody ticked here was taken back since this page was opened. Look again, then send once more."
        )
    scans = [
        ScanInput.model_validate(
            {
                "id": ids[one],
                "kind": ScanKind.ENTRY,
                "delegate_id": one,
                "source": Source.PAPER,
                "at": moments[one].isoformat(),
                "server_at": moments[one].isoformat(),
                "offline": True,
                "sitting": sitting_id,
            }
        )
        for one in ids
    ]
    if scans:
        _record(seminar, scans, by, now)
        numbers = sorted(
            db.session.scalars(select(Delegate.number).where(Delegate.id.in_([one.delegate_id for one in scans])))
        )
        record(
            by,
            now,
            "enter",
            "paper ticks",
            seminar_id=seminar.id,
            summary=f"{len(scans)} người",
            numbers=numbers,
            sitting=sitting_id,
        )
    return Entered(len(scans), len(wanted) - len(scans))


def take_back_tick(scan: Scan, by: Actor, now: datetime) -> None:
    """Annuls one entry copied from paper; taking it back twice is harmless."""
    if scan.source != Source.PAPER or not scan.entered_by or scan.kind != ScanKind.ENTRY or scan.delegate is None:
        raise Refused("Only what was copied from paper is taken back here.")
    _one_at_a_time(scan.seminar_id)
    if db.session.scalar(select(Scan.id).where(Scan.annuls == scan.id)) is not None:
        return
    seminar = db.session.get_one(Seminar, scan.seminar_id)
    annulment = {
        "id": str(uuid4()),
        "kind": ScanKind.ANNUL,
        "annuls": scan.id,
        "source": Source.PAPER,
        "at": now.isoformat(),
        "offline": False,
    }
    _record(seminar, [ScanInput.model_validate(annulment)], by, now)
    record(
        by,
        now,
        "withdraw",
        "paper ticks",
        seminar_id=seminar.id,
        object_id=scan.delegate_id,
        summary=f"{scan.delegate.name} (số {scan.delegate.number}), {short_time(scan.corrected_at)}",
    )


def _one_at_a_time(seminar_id: int) -> None:
    """Two who copy wait for each other; desks, which only refer to the seminar, do not wait."""
    db.session.execute(select(Seminar.id).where(Seminar.id == seminar_id).with_for_update(key_share=True))


def _record(seminar: Seminar, scans: list[ScanInput], by: Actor, now: datetime) -> None:
    desk = _desk(seminar, by, now)
    paired = PairedDesk(desk.id, desk.name, seminar.id, seminar.slug)
    call = Call(paired, scans, entered_by=by.name[:200])
    record_scans(db.session.connection(), [call], lambda: now)
    db.session.expire_all()


def _desk(seminar: Seminar, by: Actor, now: datetime) -> Desk:
    """The list on paper stands in the log as a desk of its own, whose token no device can have."""
    token = Desk.paper_token(seminar.id)
    desk = db.session.scalar(select(Desk).where(Desk.token_sha256 == token))
    if desk is None:
        name = free_name(seminar.id, NAME)
        desk = Desk(seminar_id=seminar.id, name=name, token_sha256=token, paired_at=now, paired_by=by.name)
        db.session.add(desk)
        db.session.flush()
    return desk
