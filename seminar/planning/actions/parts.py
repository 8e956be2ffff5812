"""The parts of the plan that are lists: candidate venues, legal bases, topics, milestones. Added, changed, ordered, removed."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from seminar.access.actor import Actor
from seminar.audit.models import record
from seminar.lib.database import db
from seminar.lib.errors import TAKEN_AWAY, Refused
from seminar.lib.text import clean, clean_block
from seminar.mail.actions import stop_telling
from seminar.planning.models import LegalBasis, Milestone, Seminar, Topic, Venue
from seminar.planning.queries import milestone
from seminar.planning.rules import default_milestones

Part = Venue | LegalBasis | Topic | Milestone
NOUNS: dict[type[Any], str] = {Venue: "venue", LegalBasis: "basis", Topic: "topic", Milestone: "milestone"}


def name_of(part: Part) -> str:
    """What the log calls it."""
    if isinstance(part, Venue):
        return part.name
    if isinstance(part, LegalBasis):
        return f"{part.kind} {part.number}".strip()
    return part.title if isinstance(part, Topic) else part.text


def add_part(seminar: Seminar, part: Part, by: Actor, now: datetime) -> None:
    """Puts a new part at the end of its list, a milestone before those that are due later."""
    part.seminar_id = seminar.id
    if isinstance(part, Milestone):
        _refuse_second_deadline(seminar, part.code, None)
    if isinstance(part, Topic):
        _refuse_parent(seminar, part.parent_id, None)
    others = _siblings(seminar.id, type(part), _parent_of(part))
    db.session.add(part)
    if not isinstance(part, Venue):
        later = (one for one in others if isinstance(part, Milestone) and one.due_on > part.due_on)
        place = next((others.index(one) for one in later), len(others))
        _number([*others[:place], part, *others[place:]])
    db.session.flush()
    db.session.expire(seminar)
    _write_down("add", part, by, now)


def change_part(seminar: Seminar, part: Part, values: dict[str, Any], by: Actor, now: datetime) -> int:
    """Changes what differs; the audit keeps before and after. What the software had proposed is then the office's own.

    Returns how many messages were stopped that tell the confirmed venue as it was and had not left.
    """
    if isinstance(part, Milestone):
        _refuse_second_deadline(seminar, values.get("code", part.code), part)
        if part.closed_at and not values.get("code", part.code):
            raise Refused(
                "“%(name)s” is closed: accept late ones again before it ceases to be a deadline.", name=part.text
            )
    before_parent = _parent_of(part)
    if isinstance(part, Topic):
        _refuse_parent(seminar, values.get("parent_id", part.parent_id), part)
    changed = {}
    for name, value in tidy(values).items():
        before = getattr(part, name)
        if before != value:
            changed[name] = ["" if one is None else str(one) for one in (before, value)]
            setattr(part, name, value)
    if changed:
        if isinstance(part, Milestone):
            part.is_default = False
        if isinstance(part, Topic) and part.parent_id != before_parent:
            _number([one for one in _siblings(seminar.id, Topic, part.parent_id) if one is not part] + [part])
            _number(_siblings(seminar.id, Topic, before_parent))
        db.session.flush()
        if isinstance(part, Topic):
            db.session.expire_all()
        _write_down("change", part, by, now, **changed)
        if isinstance(part, Venue) and part.confirmed_at and changed.keys() & {"name", "address"}:
            return stop_telling(seminar.id, by, now)
    return 0


def remove_part(part: Part, by: Actor, now: datetime) -> None:
    """Takes it away for good; what other things refer to stays, and so does the venue that is confirmed."""
    if isinstance(part, Venue) and part.confirmed_at:
        raise Refused("“%(name)s” is the confirmed venue: confirm another one first.", name=part.name)
    if isinstance(part, Topic) and part.subtopics:
        raise Refused("“%(name)s” has subtopics: move or remove them first.", name=part.title)
    kind, part_id, name = type(part), part.id, name_of(part)
    seminar_id = part.seminar_id
    try:
        with db.session.begin_nested():
            removal = delete(kind).where(kind.id == part_id).returning(kind.id)
            removed = db.session.execute(removal, execution_options={"synchronize_session": False}).all()
    except IntegrityError:
        raise Refused(
            "“%(name)s” is in use: papers or notes stand under it. Change its words instead.", name=name
        ) from None
    db.session.expire_all()
    if removed:
        record(by, now, "remove", NOUNS[kind], seminar_id=seminar_id, object_id=part_id, summary=name)


def move_part(part: Part, step: int, by: Actor, now: datetime) -> None:
    """One place up (-1) or down (1) in its list; at the end of the list nothing happens."""
    if isinstance(part, Venue) or step not in (-1, 1):
        raise Refused("Move it up or down.")
    others = _siblings(part.seminar_id, type(part), _parent_of(part))
    if part not in others:
        raise Refused(TAKEN_AWAY)
    at = others.index(part)
    if 0 <= at + step < len(others):
        others[at], others[at + step] = others[at + step], others[at]
        _number(others)
        db.session.flush()
        _write_down("move", part, by, now)


def propose_milestones(seminar: Seminar, by: Actor, now: datetime) -> int:
    """The software's own milestones, counted back from the day: those missing are added, those that still are the
    software's and open are dated anew; what the office wrote is never touched. Returns how many were added or dated.
    """
    if seminar.held_on is None:
        raise Refused("Set the day of the seminar first: milestones are counted back from it.")
    there = _siblings(seminar.id, Milestone)
    count = 0
    for proposed in default_milestones(seminar.held_on):
        same = next((one for one in there if _is_same(one, proposed)), None)
        if same is None:
            proposed.seminar_id = seminar.id
            db.session.add(proposed)
            there.append(proposed)
            count += 1
        elif same.is_default and same.closed_at is None and same.due_on != proposed.due_on:
            same.due_on, same.rule = proposed.due_on, proposed.rule
            count += 1
    if count:
        _number(sorted(there, key=lambda one: (one.due_on, one.rule == "after", one.position or 0)))
        db.session.flush()
        db.session.expire(seminar)
        record(by, now, "propose", "milestone", seminar_id=seminar.id, summary=str(count))
    return count


def _is_same(one: Milestone, proposed: Milestone) -> bool:
    """The same deadline, or, where it is none, a date of the same kind that the software proposed in the same words, or
    "on the day" in any words.
    """
    if proposed.code or one.code:
        return one.code == proposed.code
    if proposed.rule == "on":
        return one.rule == "on"
    return one.rule == proposed.rule and one.text == proposed.text


def tidy(values: dict[str, Any]) -> dict[str, Any]:
    """Text as a person meant it: one line, or several where it may have them."""
    return {
        name: (clean_block if name == "text" else clean)(value) if isinstance(value, str) else value
        for name, value in values.items()
    }


def _siblings(seminar_id: int, kind: type[Any], parent_id: int | None = None) -> list[Any]:
    """The list that a part stands in; of topics those of the plan itself, or the subtopics of one."""
    order = (kind.id,) if kind is Venue else (kind.position, kind.id)
    query = select(kind).where(kind.seminar_id == seminar_id)
    if kind is Topic:
        query = query.where(Topic.parent_id == parent_id if parent_id is not None else Topic.parent_id.is_(None))
    return list(db.session.scalars(query.order_by(*order)))


def _parent_of(part: Part) -> int | None:
    return part.parent_id if isinstance(part, Topic) else None


def _refuse_parent(seminar: Seminar, parent_id: int | None, topic: Topic | None) -> None:
    """Two levels and no more: a subtopic stands under a topic of the plan itself."""
    if parent_id is None:
        return
    parents = {one.id for one in _siblings(seminar.id, Topic)}
    if parent_id not in parents or topic is not None and (topic.id == parent_id or topic.subtopics):
        raise Refused("A subtopic stands under a topic of the plan, and has none of its own.")


def _number(parts: list[Any]) -> None:
    for position, part in enumerate(parts, start=1):
        part.position = position


def _refuse_second_deadline(seminar: Seminar, code: str, but: Milestone | None) -> None:
    other = milestone(seminar, code) if code else None
    if other is not None and other is not but:
        raise Refused("“%(name)s” is that deadline already: change it, or choose another kind.", name=other.text)


def _write_down(verb: str, part: Part, by: Actor, now: datetime, **detail: Any) -> None:
    noun = NOUNS[type(part)]
    record(by, now, verb, noun, seminar_id=part.seminar_id, object_id=part.id, summary=name_of(part), **detail)
