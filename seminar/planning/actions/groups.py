"""Groups: made and put in protocol order. What touches the places that people hold is delegates' (actions/quotas.py)."""

from datetime import datetime
from typing import Any

from seminar.access.actor import Actor
from seminar.audit.models import record
from seminar.lib.database import db
from seminar.lib.errors import TAKEN_AWAY, Refused
from seminar.planning.actions.places import allot_places
from seminar.planning.models import Group, Seminar
from seminar.planning.queries import group_by_code, groups_of, hold_seminar


def add_group(seminar: Seminar, values: dict[str, Any], by: Actor, now: datetime) -> Group:
    """A new group with the places of its quota; refuses a code that is taken."""
    hold_seminar(seminar.id)
    refuse_code(seminar, values["code"], None)
    group = Group(seminar_id=seminar.id, **values)
    db.session.add(group)
    db.session.flush()
    allot_places(seminar, group)
    db.session.expire(seminar)
    record(by, now, "add", "group", seminar_id=seminar.id, object_id=group.id, summary=f"{group.code} · {group.name}")
    return group


def refuse_code(seminar: Seminar, code: str, but: Group | None) -> None:
    other = group_by_code(seminar, code)
    if other is not None and other is not but:
        raise Refused("The code “%(code)s” is that of “%(name)s”: choose another one.", code=code, name=other.name)


def move_group(seminar: Seminar, group: Group, step: int, by: Actor, now: datetime) -> None:
    """One place up (-1) or down (1) in protocol; the ranks of the two are exchanged. At the end nothing happens."""
    if step not in (-1, 1):
        raise Refused("Move it up or down.")
    hold_seminar(seminar.id)
    groups = groups_of(seminar)
    if group not in groups:
        raise Refused(TAKEN_AWAY)
    at = groups.index(group)
    if not 0 <= at + step < len(groups):
        return
    ranks = [one.protocol_rank for one in groups]
    if len(set(ranks)) < len(ranks):
        ranks = [10 * number for number in range(1, len(groups) + 1)]
    groups[at], groups[at + step] = groups[at + step], groups[at]
    for one, rank in zip(groups, ranks, strict=True):
        one.protocol_rank = rank
    db.session.flush()
    db.session.expire(seminar)
    record(by, now, "move", "group", seminar_id=seminar.id, object_id=group.id, summary=f"{group.code} · {group.name}")
