"""What the office does with the call for papers: what it asks for, and a later deadline for one unit or delegate."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from seminar.access.actor import Actor
from seminar.audit.models import record
from seminar.delegates.models import Delegate
from seminar.lib.clock import short_date
from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.lib.text import clean, clean_block
from seminar.papers import queries, rules
from seminar.papers.models import Call, Extension, FileKind
from seminar.planning.models import Seminar, Unit
from seminar.planning.queries import hold_seminar, milestone


def change_call(
    seminar: Seminar,
    *,
    words_least: int | None,
    words_most: int | None,
    pages_most: int | None,
    file_kinds: Sequence[FileKind],
    grace_hours: int,
    guidance: str,
    is_released_at_once: bool,
    by: Actor,
    now: datetime,
) -> Call:
    """Sets what the call asks for; the audit keeps before and after. The same again changes nothing."""
    hold_seminar(seminar.id)
    if words_least is not None and words_most is not None and words_least > words_most:
        raise Refused(
            "At least %(least)d words and at most %(most)d: one of them is wrong.", least=words_least, most=words_most
        )
    if not file_kinds:
        raise Refused("Choose at least one kind of file.")
    call = queries.call_of(seminar)
    wanted = {
        "words_least": words_least,
        "words_most": words_most,
        "pages_most": pages_most,
        "file_kinds": [kind.value for kind in FileKind if kind in file_kinds],
        "grace_hours": grace_hours,
        "guidance": clean_block(guidance)[: rules.GUIDANCE_LENGTH],
        "is_released_at_once": is_released_at_once,
    }
    changed: dict[str, Any] = {
        name: ["" if one is None else str(one) for one in (getattr(call, name), value)]
        for name, value in wanted.items()
        if getattr(call, name) != value
    }
    if changed:
        for name, value in wanted.items():
            setattr(call, name, value)
        call.seminar_id = seminar.id
        db.session.add(call)
        db.session.flush()
        record(by, now, "change", "call", seminar_id=seminar.id, object_id=call.id, **changed)
    return call


def extend_deadline(
    seminar: Seminar, sender: Unit | Delegate | None, until_on: date, reason: str, by: Actor, now: datetime
) -> Extension:
    """Lets one unit or delegate send until the end of the day, also after the office closed the deadline. The same day
    and reason again change nothing; another one takes the place of what stood.
    """
    if sender is None:
        raise Refused("Choose a unit, or write the number of a delegate.")
    reason = clean(reason)[: rules.REASON_LENGTH]
    rules.refuse_extension(milestone(seminar, "papers"), until_on, reason, now)
    unit, delegate = (sender, None) if isinstance(sender, Unit) else (None, sender)
    db.session.execute(select(type(sender).id).where(type(sender).id == sender.id).with_for_update())
    standing = queries.standing_extension(seminar, unit, delegate)
    if standing is not None and (standing.until_on, standing.reason) == (until_on, reason):
        return standing
    extension = Extension(
        seminar_id=seminar.id,
        unit_id=unit.id if unit else None,
        delegate_id=delegate.id if delegate else None,
        until_on=until_on,
        reason=reason,
        at=now,
        by=by.name,
    )
    db.session.add(extension)
    db.session.flush()
    day = short_date(until_on)
    record(
        by,
        now,
        "extend",
        "deadline",
        seminar_id=seminar.id,
        object_id=extension.id,
        summary=sender.name,
        until=day,
        reason=reason,
    )
    return extension


def withdraw_extension(extension: Extension, by: Actor, now: datetime) -> None:
    """The deadline of all holds again for the sender, and so does no earlier extension. Twice is harmless."""
    standing = db.session.scalars(
        select(Extension)
        .where(
            Extension.seminar_id == extension.seminar_id,
            Extension.unit_id == extension.unit_id
            if extension.unit_id is not None
            else Extension.delegate_id == extension.delegate_id,
            Extension.withdrawn_at.is_(None),
        )
        .with_for_update()
    ).all()
    for one in standing:
        one.withdrawn_at, one.withdrawn_by = now, by.name
    if standing:
        db.session.flush()
        sender = extension.unit or extension.delegate
        record(
            by,
            now,
            "withdraw",
            "extension",
            seminar_id=extension.seminar_id,
            object_id=extension.id,
            summary=sender.name if sender else "",
        )
