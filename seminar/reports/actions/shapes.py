"""What the office does with shapes of lists: keeps them for everybody under a name, and lets them go."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import delete, func, select

from seminar.access.actor import Actor
from seminar.audit.models import record
from seminar.delegates.models import ListShape
from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.lib.text import clean
from seminar.planning.models import Seminar
from seminar.reports.queries.lists import shape_named
from seminar.reports.queries.people import Who
from seminar.reports.rules.lists import READY_MADE, Shape

NAME_LENGTH = 120
MOST_SHAPES = 100
OWN_COLUMNS = ("title", "subtitle", "columns", "grouping", "order")
"""Of a shape; everything else stands in `options`."""


def keep_shape(seminar: Seminar, name: str, shape: Shape, who: Who, by: Actor, now: datetime) -> ListShape:
    """Keeps the shape under the name, in the place of one that has the name; the same again changes nothing."""
    name = clean(name)
    if not name:
        raise Refused("Give the list a name to keep it under.")
    if len(name) > NAME_LENGTH:
        raise Refused("The name is too long: at most %(most)s characters.", most=NAME_LENGTH)
    if name in {one.name for one in READY_MADE.values()}:
        raise Refused("A ready-made list has this name. Choose another one.")
    values = asdict(shape)
    stored = {key: list(value) if key == "columns" else value for key, value in values.items() if key in OWN_COLUMNS}
    stored |= {"options": {key: value for key, value in values.items() if key not in OWN_COLUMNS}, "who": who.said()}
    kept = shape_named(seminar, name)
    if kept is None:
        count = db.session.scalar(select(func.count()).where(ListShape.seminar_id == seminar.id)) or 0
        if count >= MOST_SHAPES:
            raise Refused("There are %(count)s lists kept already. Remove one that is not needed.", count=count)
        kept = ListShape(seminar_id=seminar.id, name=name)
        db.session.add(kept)
        verb = "add"
    elif all(getattr(kept, key) == value for key, value in stored.items()):
        return kept
    else:
        verb = "change"
    for key, value in stored.items():
        setattr(kept, key, value)
    kept.saved_at, kept.saved_by = now, by.name[:200]
    db.session.flush()
    record(by, now, verb, "list shape", seminar_id=seminar.id, object_id=kept.id, summary=name)
    return kept


def remove_shape(kept: ListShape, by: Actor, now: datetime) -> None:
    """The shape is offered no more; lists that were printed by it stay as they are. Doing it twice is harmless."""
    seminar_id, shape_id, name = kept.seminar_id, kept.id, kept.name
    if db.session.execute(delete(ListShape).where(ListShape.id == shape_id).returning(ListShape.id)).all():
        record(by, now, "remove", "list shape", seminar_id=seminar_id, object_id=shape_id, summary=name)
