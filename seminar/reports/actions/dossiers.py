"""What is done with the handover dossier: asked for, packed by one at a time, kept, fetched; older ones make room."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from seminar.access.actor import Actor
from seminar.audit.models import record
from seminar.lib.database import db
from seminar.lib.errors import TAKEN_AWAY, Refused
from seminar.planning.models import Seminar
from seminar.reports.models import BuildState, Dossier
from seminar.reports.queries import dossiers as queries

KEPT = 2
"""So many packed dossiers of a seminar keep their file."""


def ask_dossier(seminar: Seminar, by: Actor, now: datetime) -> Dossier:
    """Asks for the dossier to be packed; while one is being packed, that one is the answer."""
    if (there := queries.under_way(seminar)) is not None:
        return there
    dossier = Dossier(seminar_id=seminar.id, state=BuildState.WAITING, asked_at=now, asked_by=by.name[:200])
    try:
        with db.session.begin_nested():
            db.session.add(dossier)
    except IntegrityError:  # another press at the same moment
        there = queries.under_way(seminar)
        if there is None:
            raise Refused(TAKEN_AWAY) from None
        return there
    record(by, now, "begin", "dossier", seminar_id=seminar.id, object_id=dossier.id)
    db.session.info["build"] = True
    return dossier


def take_up_dossier(builder: str, now: datetime) -> int | None:
    """Claims one that waits, or whose builder has been silent for too long; its id, or None where there is none."""
    is_free = queries.is_free(now)
    wanted = select(Dossier.id).where(is_free).order_by(Dossier.id).limit(1)
    return db.session.scalar(
        update(Dossier)
        .where(Dossier.id == wanted.scalar_subquery(), is_free)
        .values(state=BuildState.RUNNING, builder=builder, told_at=now, steps_done=0, step_count=0)
        .returning(Dossier.id)
        .execution_options(synchronize_session=False)
    )


def tell_of_dossier(dossier_id: int, builder: str, now: datetime, **values: int) -> bool:
    """A sign of life, with `steps_done` and `step_count` where they changed. False: it is no longer this one's."""
    return _said(dossier_id, builder, told_at=now, **values)


def _said(dossier_id: int, builder: str, **values: Any) -> bool:
    mine = Dossier.id == dossier_id, Dossier.builder == builder, Dossier.state == BuildState.RUNNING
    query = update(Dossier).where(*mine).values(**values).returning(Dossier.id)
    return db.session.scalar(query.execution_options(synchronize_session=False)) is not None


def finish_dossier(
    dossier_id: int,
    builder: str,
    sha256: str,
    size_bytes: int,
    problems: Sequence[dict[str, Any]],
    now: datetime,
    *,
    steps_done: int,
) -> bool:
    """Packed. False: another builder has taken it up meanwhile, nothing is kept."""
    values = {"sha256": sha256, "size_bytes": size_bytes, "problems": list(problems), "steps_done": steps_done}
    return _said(dossier_id, builder, state=BuildState.DONE, told_at=now, ended_at=now, **values)


def fail_dossier(dossier_id: int, builder: str, msgid: str, now: datetime) -> bool:
    """It ended without a file; `msgid` says why."""
    return _said(dossier_id, builder, state=BuildState.FAILED, told_at=now, ended_at=now, failure=msgid[:500])


def clear_older(seminar: Seminar) -> list[str]:
    """Lets go of the files of all packed dossiers but the latest `KEPT`: their sha256, no longer named by a row."""
    packed = [one for one in queries.dossiers_of(seminar) if one.sha256]
    kept, older = packed[:KEPT], packed[KEPT:]
    gone = {one.sha256 for one in older} - {one.sha256 for one in kept}
    for one in older:
        one.sha256 = ""
    db.session.flush()
    return sorted(gone)


def hand_over_dossier(dossier: Dossier, by: Actor, now: datetime) -> str:
    """Writes down who fetched it, since it names people; its sha256. Refused where its file is no longer kept."""
    if not dossier.sha256:
        raise Refused("This dossier is no longer kept: fetch a later one, or have it packed anew.")
    record(by, now, "export", "dossier", seminar_id=dossier.seminar_id, object_id=dossier.id)
    return dossier.sha256
