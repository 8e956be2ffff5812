"""Packs one dossier after the other, a whole seminar into one ZIP; killed in the middle, the next builder begins it anew."""

import logging
import time
from functools import partial
from pathlib import Path

from seminar.lib import clock, files
from seminar.lib.database import db, reading
from seminar.lib.errors import Message
from seminar.planning.models import Seminar
from seminar.reports import actions
from seminar.reports.documents.dossier import Packing
from seminar.reports.models import Dossier
from seminar.reports.queries import dossiers as queries
from seminar.reports.worker.lives import Overtaken, lives

log = logging.getLogger("seminar.dossiers")
TELLS_EVERY_SECONDS = 0.5
OTHER_STEPS = 2
"""Beside one step for each kept file: the lists, and keeping the whole."""
BROKE = Message("Something went wrong while the dossier was packed; it was written down. Pack it again.")


def pack_next(builder: str) -> bool:
    """Packs one dossier that waits; False where none does."""
    with reading():
        if not queries.dossiers_wait(clock.now()):
            return False
    dossier_id = actions.take_up_dossier(builder, clock.now())
    db.session.commit()
    if dossier_id is None:
        return False
    pack(dossier_id, builder)
    return True


def pack(dossier_id: int, builder: str) -> None:
    """The whole of one dossier that `builder` holds; what goes wrong ends it with a sentence."""
    with lives(partial(actions.tell_of_dossier, dossier_id, builder)):
        try:
            with files.half() as path:
                _pack(dossier_id, builder, path)
        except Overtaken:
            db.session.rollback()
            log.warning("dossier %s was taken up by another builder", dossier_id)
        except Exception:
            log.exception("dossier %s broke", dossier_id)
            db.session.rollback()
            actions.fail_dossier(dossier_id, builder, BROKE.msgid, clock.now())
            db.session.commit()


def _tell(dossier_id: int, builder: str, **values: int) -> None:
    if not actions.tell_of_dossier(dossier_id, builder, clock.now(), **values):
        raise Overtaken
    db.session.commit()


def _pack(dossier_id: int, builder: str, path: Path) -> None:
    """Writes the ZIP to `path` and keeps it; the files of older ones go."""
    with reading():
        dossier = db.session.get_one(Dossier, dossier_id)
        seminar = db.session.get_one(Seminar, dossier.seminar_id)
        packing = Packing(path, seminar, dossier.asked_by, clock.now())
        stored = packing.lists(seminar)
        seminar_id = seminar.id
    steps = len(stored) + OTHER_STEPS
    _tell(dossier_id, builder, step_count=steps, steps_done=1)
    told = time.monotonic()
    for number, one in enumerate(stored, 1):
        packing.keep(one)
        if time.monotonic() - told > TELLS_EVERY_SECONDS:
            _tell(dossier_id, builder, steps_done=number + 1)
            told = time.monotonic()
    packing.finish()
    size = path.stat().st_size
    digest = files.keep_file(path, with_rows=True)
    moment = clock.now()
    if not actions.finish_dossier(dossier_id, builder, digest, size, packing.problems, moment, steps_done=steps):
        raise Overtaken
    db.session.expire_all()
    with files.letting_go(actions.clear_older(db.session.get_one(Seminar, seminar_id))):
        db.session.commit()
