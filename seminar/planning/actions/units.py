"""What the office does with the directory of units: added, changed, ended, removed where nothing refers to them."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError

from seminar.access.actor import Actor
from seminar.audit.models import record
from seminar.lib.database import db
from seminar.lib.errors import TAKEN_AWAY, Refused
from seminar.lib.text import clean, fold, shorten
from seminar.planning.models import Unit, UnitAlias
from seminar.planning.queries import all_units, names_taken
from seminar.planning.rules import UnitLine, name_refusal, succeeds_itself

PRIVATE = ("contact_name", "contact_phone", "contact_email")
"""Of persons: the log says that they changed, not what they are."""


def add_unit(values: dict[str, Any], aliases: Sequence[str], by: Actor, now: datetime) -> Unit:
    """A new unit at the end of the directory; refuses a name or alias that leads to another unit already."""
    _refuse_names(values["name"], aliases, None)
    unit = Unit(position=_next_position(), **values)
    _refuse_validity(unit)
    unit.aliases = _aliases(unit.name, aliases)
    db.session.add(unit)
    db.session.flush()
    record(by, now, "add", "unit", object_id=unit.id, summary=unit.name)
    return unit


def change_unit(unit: Unit, values: dict[str, Any], aliases: Sequence[str], by: Actor, now: datetime) -> None:
    """Changes what differs. Refuses names that lead to another unit, an end before the beginning, and a successor that
    would succeed itself.
    """
    _refuse_names(values["name"], aliases, unit)
    successors = {one.id: one.successor_id for one in all_units()}
    if succeeds_itself(unit.id, values.get("successor_id"), successors):
        raise Refused("A unit cannot succeed itself, not by way of others either: choose another successor.")
    changed: dict[str, Any] = {}
    for name, value in values.items():
        before = getattr(unit, name)
        if before != value:
            changed[name] = [] if name in PRIVATE else ["" if one is None else str(one) for one in (before, value)]
            setattr(unit, name, value)
    _refuse_validity(unit)
    wanted = {alias.folded: alias for alias in _aliases(unit.name, aliases)}
    have = {alias.folded: alias for alias in unit.aliases}
    if set(wanted) != set(have):
        changed["aliases"] = [sorted(have), sorted(wanted)]
    for folded, alias in have.items():
        if folded not in wanted:
            unit.aliases.remove(alias)
        else:
            alias.name = wanted[folded].name or alias.name
    unit.aliases += [alias for folded, alias in wanted.items() if folded not in have]
    db.session.flush()
    if changed:
        record(by, now, "change", "unit", object_id=unit.id, summary=unit.name, **changed)


def end_units(units: Sequence[Unit], last_day: date, successor: Unit | None, by: Actor, now: datetime) -> int:
    """Ends several units on one day, as when the districts were abolished (domain.md 4.1); returns how many ended.

    Those that have ended already keep their day. Refused as a whole where one began later, or would succeed itself.
    """
    ending = [unit for unit in units if unit.valid_to is None or unit.valid_to > last_day]
    if not units:
        raise Refused("Tick the units that end.")
    successors = {one.id: one.successor_id for one in all_units()}
    for unit in ending:
        if unit.valid_from and last_day < unit.valid_from:
            raise Refused("“%(name)s” would end before it began.", name=unit.name)
        if successor is not None:
            if succeeds_itself(unit.id, successor.id, successors):
                raise Refused("A unit cannot succeed itself, not by way of others either: choose another successor.")
            unit.successor_id = successor.id
        unit.valid_to = last_day
    db.session.flush()
    if ending:
        names = [unit.name for unit in ending]
        after = successor.name if successor else ""
        record(by, now, "end", "unit", summary=str(len(ending)), names=names, valid_to=str(last_day), successor=after)
    return len(ending)


def add_units(lines: Sequence[UnitLine], valid_from: date | None, by: Actor, now: datetime) -> int:
    """All units of a list in one go, those known already left alone; refuses the whole list if a line is wrong."""
    wrong = [line for line in lines if line.error]
    if wrong:
        raise Refused("Line %(number)s is wrong, nothing was stored: mend it first.", number=wrong[0].number)
    position = _next_position()
    new = [line for line in lines if not line.is_known]
    for offset, line in enumerate(new):
        unit = Unit(
            position=position + offset,
            name=line.name,
            kind=line.kind,
            valid_from=valid_from,
            contact_phone=line.phone,
            contact_email=line.email,
        )
        unit.aliases = _aliases(line.name, line.aliases)
        db.session.add(unit)
    db.session.flush()
    if new:
        names = [line.name for line in new]
        record(by, now, "add", "unit", summary=str(len(new)), names=names)
    return len(new)


def move_unit(unit: Unit, step: int, by: Actor, now: datetime) -> None:
    """One place up (-1) or down (1) in the directory; at the end nothing happens."""
    if step not in (-1, 1):
        raise Refused("Move it up or down.")
    units = all_units()
    if unit not in units:
        raise Refused(TAKEN_AWAY)
    at = units.index(unit)
    if 0 <= at + step < len(units):
        units[at], units[at + step] = units[at + step], units[at]
        for position, one in enumerate(units, start=1):
            if one.position != position:
                one.position = position
        db.session.flush()
        record(by, now, "move", "unit", object_id=unit.id, summary=unit.name)


def remove_unit(unit: Unit, by: Actor, now: datetime) -> None:
    """Takes a unit away that nothing refers to; what was once used is ended, never deleted."""
    unit_id, name = unit.id, unit.name
    try:
        with db.session.begin_nested():
            plainly = {"synchronize_session": False}
            db.session.execute(delete(UnitAlias).where(UnitAlias.unit_id == unit_id), execution_options=plainly)
            removal = delete(Unit).where(Unit.id == unit_id).returning(Unit.id)
            removed = db.session.execute(removal, execution_options=plainly).all()
    except IntegrityError:
        db.session.expire_all()
        raise Refused(
            "“%(name)s” is in use, so it is not deleted: write the day it ended, and its successor.", name=name
        ) from None
    db.session.expunge(unit)
    if removed:
        record(by, now, "remove", "unit", object_id=unit_id, summary=name)


def _refuse_names(name: str, aliases: Sequence[str], but: Unit | None) -> None:
    refusal = name_refusal([name, *aliases], names_taken(but))
    if refusal:
        raise Refused(refusal.msgid, **refusal.values)


def _refuse_validity(unit: Unit) -> None:
    if unit.valid_from and unit.valid_to and unit.valid_to < unit.valid_from:
        raise Refused("The unit must end after it began.")
    if unit.successor_id and unit.valid_to is None:
        raise Refused("A unit with a successor has ended: write its last day too.")


def _aliases(name: str, aliases: Sequence[str]) -> list[UnitAlias]:
    """The unit's own folded name, and each other name once."""
    found = {fold(name): ""}
    for alias in aliases:
        if fold(alias):
            found.setdefault(fold(alias), alias)
    return [UnitAlias(folded=folded[:200], name=typed[:200]) for folded, typed in found.items()]


def _next_position() -> int:
    return (db.session.scalar(select(func.max(Unit.position))) or 0) + 1


def add_unit_alias(unit: Unit, text: str, by: Actor, now: datetime) -> None:
    """Another name of the unit, as lists write it; refused where it means another unit. Doing it twice is harmless."""
    text = shorten(clean(text), 200)
    folded = fold(text)[:200]
    there = db.session.get(UnitAlias, folded)
    if there is not None and there.unit_id != unit.id:
        raise Refused("“%(text)s” is the name of another unit already.", text=text)
    if there is None and folded and folded != fold(unit.name):
        db.session.add(UnitAlias(folded=folded, name=text[:200], unit_id=unit.id))
        db.session.flush()
        record(by, now, "change", "unit", object_id=unit.id, summary=f"{unit.name} = {text}", fields=["aliases"])
