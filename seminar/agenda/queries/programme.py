"""Reads of the programme."""

from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from seminar.agenda.models import Item, Sitting
from seminar.agenda.rules import sitting_at
from seminar.audit.models import AuditEntry
from seminar.delegates import queries as delegates
from seminar.delegates.models import Delegate
from seminar.lib.database import db
from seminar.lib.numbers import whole
from seminar.papers.models import Paper
from seminar.papers.queries import PaperState, papers_of, with_state
from seminar.planning.models import Seminar

SPEAKERS_OFFERED = 8


def programme(seminar: Seminar) -> list[Sitting]:
    """The sittings in order of time, with their items, speakers and papers."""
    items = selectinload(Sitting.items)
    return list(
        db.session.scalars(
            select(Sitting)
            .where(Sitting.seminar_id == seminar.id)
            .order_by(Sitting.starts_at, Sitting.id)
            .options(items.joinedload(Item.paper), items.joinedload(Item.speaker))
        )
    )


def sittings_of(seminar_id: int) -> list[Sitting]:
    """In order of time, without their items."""
    return list(
        db.session.scalars(
            select(Sitting).where(Sitting.seminar_id == seminar_id).order_by(Sitting.starts_at, Sitting.id)
        )
    )


def sitting_now(seminar_id: int, now: datetime) -> Sitting | None:
    """The sitting that is on, else the next, else the last, else None: where a scan or a note belongs if nobody says."""
    sittings = sittings_of(seminar_id)
    found = sitting_at([(sitting.starts_at, sitting.ends_at) for sitting in sittings], now)
    return None if found is None else sittings[found]


def sitting_or_404(seminar: Seminar, sitting_id: int) -> Sitting:
    return db.first_or_404(
        select(Sitting)
        .where(Sitting.id == sitting_id, Sitting.seminar_id == seminar.id)
        .options(selectinload(Sitting.items))
    )


def item_or_404(seminar: Seminar, item_id: int) -> Item:
    return db.first_or_404(
        select(Item)
        .join(Item.sitting)
        .where(Item.id == item_id, Sitting.seminar_id == seminar.id)
        .options(contains_eager(Item.sitting), joinedload(Item.paper))
    )


def last_change(seminar: Seminar) -> AuditEntry | None:
    """Who changed the programme last."""
    query = select(AuditEntry).where(AuditEntry.seminar_id == seminar.id, AuditEntry.noun.in_(("item", "sitting")))
    return db.session.scalar(query.order_by(AuditEntry.id.desc()).limit(1))


def speakers_found(seminar: Seminar, typed: str, most: int = SPEAKERS_OFFERED) -> list[Delegate]:
    """Delegates by a few letters without accents or by their number; nobody where nothing is typed."""
    if not typed.strip():
        return []
    number = whole(typed.strip())
    if number is not None:
        found = delegates.by_number(seminar, number)
        return [found] if found else []
    query = delegates.ordered(delegates.matching(seminar, delegates.Wanted(search=typed)), "name", typed)
    return list(db.session.scalars(query.limit(most)))


def item_of(paper: Paper) -> Item | None:
    """The place of the paper in the programme, if it has one."""
    return db.session.scalar(select(Item).where(Item.paper_id == paper.id).options(joinedload(Item.sitting)))


def papers_to_place(seminar: Seminar) -> list[Paper]:
    """Papers accepted for the stage that have no place in the programme yet."""
    query = with_state(papers_of(seminar), PaperState.ON_STAGE).where(~exists().where(Item.paper_id == Paper.id))
    return list(db.session.scalars(query.order_by(Paper.id).options(joinedload(Paper.unit))))
