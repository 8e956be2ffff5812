"""What was found at a flagged unit and is done about it: cause, remedy, who, by when, what came of it (domain.md S2.41)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update

from seminar.access.actor import Actor
from seminar.audit.models import record
from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.lib.text import clean, clean_block
from seminar.planning.models import Unit
from seminar.statistics.models import FlagKind, Remedy, TargetPlan
from seminar.statistics.queries.targets import hold_target_plan

LONGEST_WORDS = 5_000


@dataclass(frozen=True)
class Words:
    """A remedy as it was typed."""

    flag: FlagKind
    cause: str = ""
    remedy: str = ""
    owner: str = ""
    due_on: date | None = None

    def columns(self) -> dict[str, Any]:
        cause, remedy, owner = clean_block(self.cause), clean_block(self.remedy), clean(self.owner)
        if not (cause or remedy):
            raise Refused("Write the cause that was found, or what is to be done.")
        if max(len(cause), len(remedy)) > LONGEST_WORDS:
            raise Refused("Cause and remedy have at most 5,000 characters each.")
        if len(owner) > 200:
            raise Refused("A name has at most 200 characters.")
        return {"flag": self.flag, "cause": cause, "remedy": remedy, "owner": owner, "due_on": self.due_on}


def note_remedy(plan: TargetPlan, unit: Unit, words: Words, by: Actor, now: datetime) -> Remedy:
    """The same again while it stands is that one: a form is sent twice by a double click or a lost answer."""
    columns = words.columns()
    hold_target_plan(plan)
    same = select(Remedy).where(Remedy.plan_id == plan.id, Remedy.unit_id == unit.id, Remedy.closed_at.is_(None))
    known = db.session.scalars(same.filter_by(**columns).limit(1)).first()
    if known is not None:
        return known
    made = Remedy(plan_id=plan.id, unit_id=unit.id, noted_at=now, noted_by=by.name[:200], **columns)
    db.session.add(made)
    db.session.flush()
    _record(plan, made, "add", by, now)
    return made


def change_remedy(plan: TargetPlan, one: Remedy, words: Words, revision: int, by: Actor, now: datetime) -> None:
    """Corrects what was on the screen in `revision`; what stood before is kept in the log."""
    columns = words.columns()
    before = {name: str(getattr(one, name) or "") for name in columns}
    _write(one, revision, columns)
    changed = {name: old for name, old in before.items() if str(getattr(one, name) or "") != old}
    if changed:
        _record(plan, one, "change", by, now, before=changed)


def close_remedy(plan: TargetPlan, one: Remedy, outcome: str, revision: int, by: Actor, now: datetime) -> None:
    """What came of it."""
    outcome = clean(outcome)
    if not outcome:
        raise Refused("Write what came of it.")
    if len(outcome) > 500:
        raise Refused("The outcome has at most 500 characters.")
    if one.closed_at is not None:
        raise Refused("This remedy is closed already: open it again to change it.")
    _write(one, revision, {"outcome": outcome, "closed_at": now, "closed_by": by.name})
    _record(plan, one, "close", by, now, outcome=outcome)


def reopen_remedy(plan: TargetPlan, one: Remedy, by: Actor, now: datetime) -> None:
    """Harmless where it is open."""
    if one.closed_at is not None:
        outcome = one.outcome
        _write(one, one.revision, {"outcome": "", "closed_at": None, "closed_by": ""})
        _record(plan, one, "reopen", by, now, outcome=outcome)


def _write(one: Remedy, revision: int, columns: Mapping[str, Any]) -> None:
    changed = db.session.execute(
        update(Remedy)
        .where(Remedy.id == one.id, Remedy.revision == revision)
        .values(**columns, revision=revision + 1)
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        raise Refused(
            "Somebody else changed this remedy meanwhile. Theirs stands beside yours: look at both, then save again."
        )
    db.session.refresh(one)


def _record(plan: TargetPlan, one: Remedy, verb: str, by: Actor, now: datetime, **detail: Any) -> None:
    unit = db.session.get_one(Unit, one.unit_id)
    record(
        by,
        now,
        verb,
        "remedy",
        seminar_id=plan.seminar_id,
        object_id=one.id,
        summary=unit.name,
        flag=one.flag.value,
        **detail,
    )
