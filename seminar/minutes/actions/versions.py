"""What is done with the minutes: opened, their particulars corrected, read and adopted (frozen), opened again for a reason."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import update

from seminar.access.actor import Actor
from seminar.audit.models import record
from seminar.lib import files
from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.lib.text import clean, clean_block
from seminar.minutes import documents, queries
from seminar.minutes.documents import Minutes
from seminar.minutes.models import MinutesVersion
from seminar.minutes.rules import LONGEST_NAMES, MOST_COPIES, changes_between, lines_of, same_minute
from seminar.planning.models import Seminar

LONGEST_REASON = 500
LONGEST_MANNER = 300


class MinutesChanged(Refused):
    """What the minutes say is no longer what was read."""

    def __init__(self) -> None:
        super().__init__(
            "A note or a figure changed since you opened this page. What it says now stands below: look through it, then adopt it."
        )


@dataclass(frozen=True)
class Typed:
    """Particulars as they were typed; what agrees with the records of the day is left to them."""

    began_at: datetime | None
    ended_at: datetime | None
    chairs: str
    secretaries: str
    copies: int | None


def open_minutes(seminar: Seminar, reason: str, by: Actor, now: datetime) -> MinutesVersion:
    """The version that may be written: the open one, the first one, or after an adoption a new one for a reason.

    Opening twice is harmless. The adopted version stands until the new one is adopted.
    """
    queries.hold_notes(seminar.id, whole=True)
    newest = queries.newest_version(seminar.id)
    if newest is not None and newest.adopted_at is None:
        return newest
    reason = clean(reason)
    if newest is not None and not reason:
        raise Refused("Say why the adopted minutes are opened again: the reason stands in the new version.")
    if len(reason) > LONGEST_REASON:
        raise Refused("The reason has at most 500 characters.")
    version = MinutesVersion(
        seminar_id=seminar.id,
        number=newest.number + 1 if newest else 1,
        reason=reason if newest else "",
        opened_at=now,
        opened_by=by.name,
        revision=newest.revision + 1 if newest else 1,  # no form of an older version takes this one for its own
    )
    if newest is not None:
        before = Typed(newest.began_at, newest.ended_at, newest.chairs, newest.secretaries, newest.copies)
        for name, value in _kept(seminar, before).items():
            setattr(version, name, value)
    db.session.add(version)
    db.session.flush()
    verb = "reopen" if newest else "open"
    record(by, now, verb, "minutes", seminar_id=seminar.id, object_id=version.id, summary=reason, number=version.number)
    return version


def close_minutes(seminar: Seminar, by: Actor, now: datetime) -> None:
    """They were opened by mistake: the adopted version stands and notes are locked again, as long as nothing was changed.

    Harmless where none is open after an adoption.
    """
    queries.hold_notes(seminar.id, whole=True)
    version = queries.open_version(seminar)
    before = queries.version_before(version) if version else None
    if version is None or before is None:
        return
    found = changes_between(before.facts, documents.minutes_of(seminar, version, now).facts)
    if found.added or found.removed or found.rewritten or found.particulars:
        raise Refused("Notes or particulars were changed since it was opened: put them back, or have it adopted.")
    record(by, now, "undo", "minutes", seminar_id=seminar.id, object_id=version.id, summary=version.reason)
    db.session.delete(version)


def change_minutes(seminar: Seminar, revision: int, typed: Typed, by: Actor, now: datetime) -> MinutesVersion:
    """Corrects the particulars that were on the screen in `revision` (0: nobody had typed any yet)."""
    queries.hold_notes(seminar.id, whole=True)
    newest = queries.newest_version(seminar.id)
    if newest is not None and newest.adopted_at is not None:
        raise Refused("The minutes are adopted and locked. Open them again with a reason first.")
    values = _kept(seminar, typed)
    version = newest or open_minutes(seminar, "", by, now)
    changed = db.session.execute(
        update(MinutesVersion)
        .where(
            MinutesVersion.id == version.id,
            MinutesVersion.revision == (revision or 1),
            MinutesVersion.adopted_at.is_(None),
        )
        .values(revision=(revision or 1) + 1, **values)
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        raise Refused(
            "Somebody else changed these particulars meanwhile. Theirs stand beside yours: look at both, then save again."
        )
    record(by, now, "change", "minutes", seminar_id=seminar.id, object_id=version.id, number=version.number)
    db.session.refresh(version)
    return version


def _kept(seminar: Seminar, typed: Typed) -> dict[str, object]:
    """What is stored: nothing for what the records say anyhow, so that it goes on following them."""
    if typed.copies is not None and not 0 < typed.copies <= MOST_COPIES:
        raise Refused("Write the copies as a number from 1 to 99.")
    chairs, secretaries = clean_block(typed.chairs), clean_block(typed.secretaries)
    if max(len(chairs), len(secretaries)) > LONGEST_NAMES:
        raise Refused("The names have at most 3,000 characters.")
    known = documents.known_particulars(seminar)
    own_began = None if same_minute(typed.began_at, known.began_at) else typed.began_at
    own_ended = None if same_minute(typed.ended_at, known.ended_at) else typed.ended_at
    began, ended = own_began or known.began_at, own_ended or known.ended_at
    if began and ended and ended <= began:
        raise Refused("The seminar must end after it begins.")
    return {
        "began_at": own_began,
        "ended_at": own_ended,
        "chairs": "" if tuple(lines_of(chairs)) == known.chairs else chairs,
        "secretaries": "" if tuple(lines_of(secretaries)) == known.secretaries else secretaries,
        "copies": typed.copies,
    }


@dataclass(frozen=True)
class Frozen:
    """The minutes as they are adopted, made before anything is written."""

    minutes: Minutes
    manner: str
    docx: bytes
    pdf: bytes


def freeze_minutes(seminar: Seminar, manner: str, now: datetime) -> Frozen:
    """Makes both files of what stands now; refuses what cannot be adopted. Writes nothing: it takes a second."""
    manner = clean(manner).rstrip(" ./")
    if not manner:
        raise Refused("Say how the minutes were adopted.")
    if len(manner) > LONGEST_MANNER:
        raise Refused("How they were adopted has at most 300 characters.")
    version = queries.newest_version(seminar.id)
    if version is not None and version.adopted_at is not None:
        raise Refused("%(name)s has adopted the minutes already.", name=version.adopted_by)
    minutes = documents.minutes_of(seminar, version, now, manner=manner, is_draft=False)
    if not minutes.notes:
        raise Refused("There is no note yet: minutes of nothing cannot be adopted.")
    return Frozen(minutes, manner, documents.word_of(minutes.content, now), documents.pdf_of(minutes.content))


def adopt_minutes(seminar: Seminar, frozen: Frozen, seen: str, by: Actor, now: datetime) -> MinutesVersion:
    """Adopts what was read (`seen`): its files and figures are kept as they are, and notes are locked.

    A note that comes while this happens is either in it or refused; `MinutesChanged` where it came before the lock.
    """
    queries.hold_notes(seminar.id, whole=True)
    newest = queries.newest_version(seminar.id)
    if newest is not None and newest.adopted_at is not None:
        raise Refused("%(name)s has adopted the minutes already.", name=newest.adopted_by)
    standing = documents.minutes_of(seminar, newest, now)
    if not standing.seen == frozen.minutes.seen == seen:
        raise MinutesChanged
    version = newest or open_minutes(seminar, "", by, now)
    version.docx_sha256 = files.keep(frozen.docx, with_rows=True)
    version.pdf_sha256 = files.keep(frozen.pdf, with_rows=True)
    version.note_count = len(standing.notes)
    version.facts = standing.facts
    for name, value in asdict(standing.particulars).items():
        setattr(version, name, "\n".join(value) if isinstance(value, tuple) else value)
    version.manner, version.adopted_at, version.adopted_by = frozen.manner, now, by.name
    db.session.flush()
    record(
        by,
        now,
        "adopt",
        "minutes",
        seminar_id=seminar.id,
        object_id=version.id,
        summary=version.manner,
        number=version.number,
        note_count=version.note_count,
    )
    return version
