"""What is done with the programme: sittings and items added, changed, moved, taken out; papers placed."""

from collections.abc import Sequence
from datetime import date, datetime, time

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import selectinload

from seminar.access.actor import Actor
from seminar.agenda import queries, rules
from seminar.agenda.models import Item, ItemKind, Sitting
from seminar.audit.models import record
from seminar.delegates.models import Delegate
from seminar.lib.clock import from_local
from seminar.lib.database import db
from seminar.lib.errors import TAKEN_AWAY, Refused
from seminar.lib.text import clean
from seminar.papers import queries as papers
from seminar.papers.models import Paper
from seminar.papers.queries import PaperState
from seminar.planning.models import Seminar


def add_sitting(seminar: Seminar, name: str, day: date, starts: time, ends: time, by: Actor, now: datetime) -> Sitting:
    """Adds a sitting of one day, by the clock in Vietnam; refuses one that ends before it begins."""
    starts_at, ends_at = _times(day, starts, ends)
    sitting = Sitting(seminar_id=seminar.id, name=_named(name), starts_at=starts_at, ends_at=ends_at)
    db.session.add(sitting)
    db.session.flush()
    record(by, now, "add", "sitting", seminar_id=seminar.id, object_id=sitting.id, summary=sitting.name)
    return sitting


def change_sitting(sitting: Sitting, name: str, day: date, starts: time, ends: time, by: Actor, now: datetime) -> None:
    """Gives the sitting another name or time; its items keep their durations and so move along.

    Refuses another beginning once it has begun.
    """
    starts_at, ends_at = _times(day, starts, ends)
    hold(sitting)
    if rules.minutes_between(sitting.starts_at, starts_at):
        keep_beginning(sitting)
    before = {"name": sitting.name, "starts_at": sitting.starts_at.isoformat(), "ends_at": sitting.ends_at.isoformat()}
    sitting.name, sitting.starts_at, sitting.ends_at = _named(name), starts_at, ends_at
    record(
        by,
        now,
        "change",
        "sitting",
        seminar_id=sitting.seminar_id,
        object_id=sitting.id,
        summary=sitting.name,
        before=before,
    )


def _named(name: str) -> str:
    name = clean(name)
    if not name:
        raise Refused("Write the name of the sitting.")
    return name


def _times(day: date, starts: time, ends: time) -> tuple[datetime, datetime]:
    if ends <= starts:
        raise Refused("The sitting must end after it begins.")
    return from_local(day, starts.hour, starts.minute), from_local(day, ends.hour, ends.minute)


def remove_sitting(sitting: Sitting, by: Actor, now: datetime) -> None:
    """Takes an empty sitting out; refuses one that has items, that people entered or that was on."""
    hold(sitting)
    if sitting.items:
        raise Refused("The sitting still has items. Move them to another sitting or take them out first.")
    if queries.was_on(sitting):
        raise Refused("This sitting was begun on the day (also if that was taken back), so it stays as a record.")
    seminar_id, sitting_id, name = sitting.seminar_id, sitting.id, sitting.name
    _delete(sitting, Refused("People have been scanned into this sitting, so it stays."))
    record(by, now, "remove", "sitting", seminar_id=seminar_id, object_id=sitting_id, summary=name)


def _delete(row: Sitting | Item, refusal: Refused) -> None:
    """Deletes the row unless records of a later desk stand on it; the database knows those, this package does not."""
    try:
        with db.session.begin_nested():
            db.session.delete(row)
    except IntegrityError:
        raise refusal from None


def add_item(
    sitting: Sitting,
    *,
    kind: ItemKind,
    title: str,
    minutes: int,
    presenter: str = "",
    speaker: Delegate | None = None,
    note: str = "",
    by: Actor,
    now: datetime,
) -> Item:
    """Adds an item at the end of the sitting."""
    hold(sitting)
    item = Item(
        position=0,
        kind=kind,
        title=_titled(title),
        minutes=minutes,
        presenter=clean(presenter),
        speaker=_on_the_list(sitting, speaker),
        note=clean(note),
    )
    sitting.items.append(item)
    renumber(sitting.items)
    db.session.flush()
    _record(item, "add", by, now)
    return item


def change_item(
    item: Item,
    *,
    kind: ItemKind,
    title: str,
    minutes: int,
    presenter: str,
    speaker: Delegate | None,
    note: str,
    by: Actor,
    now: datetime,
) -> None:
    """Of a presented paper, the title and the presenter that are the paper's own go on following it.

    Where another speaker is chosen and the printed words are left as they were, the new name prints.
    """
    hold_item(item)
    before = {
        "title": item.title,
        "minutes": item.minutes,
        "presenter": item.presenter,
        "kind": item.kind,
        "speaker_id": item.speaker_id,
    }
    speaker = _on_the_list(item.sitting, speaker)
    if speaker is not None and speaker.id != item.speaker_id and clean(presenter) == item.presenter:
        presenter = ""
    # A presented paper stays one: as another kind it would leave its frame without anybody having moved it.
    item.kind = item.kind if item.paper_id else kind
    item.title, item.minutes = _titled(title), minutes
    item.presenter, item.note = clean(presenter), clean(note)
    item.speaker = speaker
    _record(item, "change", by, now, before=before)


def _on_the_list(sitting: Sitting, speaker: Delegate | None) -> Delegate | None:
    if speaker is not None and speaker.seminar_id != sitting.seminar_id:
        raise Refused("This delegate is on the list of another seminar.")
    return speaker


def _titled(title: str) -> str:
    title = clean(title)
    if not title:
        raise Refused("Write the title of the item.")
    return title


def move_item(item: Item, step: int, by: Actor, now: datetime) -> None:
    """One step up (-1) or down (+1) in its sitting; a frame takes its papers along. At the edge nothing changes."""
    hold_item(item)
    before = list(item.sitting.items)
    after = rules.moved(before, item, step)
    if after == before:
        return
    renumber(after)
    _record(item, "move", by, now, position=item.position)


def place_item(item: Item, sitting: Sitting, after: Item | None, by: Actor, now: datetime) -> None:
    """Puts the item behind another one of `sitting`, or first; a frame takes its papers along.

    Refuses to take an item that was on out of its sitting. Doing it twice is harmless.
    """
    source = item.sitting
    for held in sorted({source, sitting}, key=lambda held: held.id):
        hold(held)
    hold_item(item)
    if after is not None and after not in sitting.items:
        raise Refused("The item behind which it was to come is no longer in this sitting. Look again.")
    block = rules.block_of(source.items, item)
    if source is not sitting and queries.any_was_on(block):
        raise Refused("“%(title)s” was already on, so it stays in its sitting.", title=item.title)
    order = rules.placed(sitting.items, block, after)
    if order == list(sitting.items):
        return
    for one in block:
        one.sitting = sitting
    renumber(order)
    if source is not sitting:
        renumber([one for one in source.items if one not in block])
    db.session.flush()
    _record(item, "move", by, now, position=item.position, sitting=sitting.name)


def remove_item(item: Item, by: Actor, now: datetime) -> None:
    """Takes the item out of the programme; its paper stays a paper. Refuses once notes were written on it or it was on."""
    hold_item(item)
    if queries.any_was_on([item]):
        raise Refused("This item was begun on the day (also if that was taken back), so it stays as a record.")
    sitting = item.sitting
    detail = {"title": item.title, "minutes": item.minutes, "paper_id": item.paper_id}
    seminar_id, item_id, title = sitting.seminar_id, item.id, item.title
    _delete(item, Refused("Notes or turns to speak are recorded on this item, so it stays in the programme."))
    db.session.refresh(sitting, ["items"])
    renumber(sitting.items)
    record(by, now, "remove", "item", seminar_id=seminar_id, object_id=item_id, summary=title, **detail)


def schedule_papers(seminar: Seminar, minutes: int, by: Actor, now: datetime) -> list[Item]:
    """Places every paper accepted for the stage that has no place yet, in the order in which they came."""
    return [schedule_paper(paper, by, now, minutes=minutes) for paper in queries.papers_to_place(seminar)]


def schedule_paper(paper: Paper, by: Actor, now: datetime, *, minutes: int = rules.PAPER_MINUTES) -> Item:
    """Places an accepted paper behind the others in the item of papers; a paper that has its place keeps it."""
    if not 0 < minutes <= rules.MOST_PAPER_MINUTES:
        raise Refused("A paper takes from 1 to %(most)d minutes.", most=rules.MOST_PAPER_MINUTES)
    db.session.execute(select(Paper.id).where(Paper.id == paper.id).with_for_update())
    placed = queries.item_of(paper)
    if placed is not None:
        return placed
    if paper.withdrawn_at is not None:
        raise Refused("The paper was withdrawn. Take it back in first.")
    if PaperState.ON_STAGE not in papers.states_of(papers.latest_submission(paper), papers.latest_decision(paper)):
        raise Refused("The paper is not accepted for the stage. Have it vetted first.")
    sittings = queries.sittings_of(paper.seminar_id)
    if not sittings:
        raise Refused("The programme has no sitting yet. Add one first.")
    framed = (sitting for sitting in sittings if any(rules.is_frame(item) for item in sitting.items))
    sitting = next(framed, sittings[0])
    hold(sitting)
    item = Item(
        kind=ItemKind.PAPERS,
        minutes=minutes,
        speaker_id=paper.delegate_id,
        paper=paper,
        position=0,
    )
    sitting.items.insert(rules.place_for_paper([*sitting.items]), item)
    renumber(sitting.items)
    db.session.flush()
    _record(item, "add", by, now, paper_id=paper.id)
    return item


def hold(sitting: Sitting) -> None:
    """Two people at one programme wait for each other, and the second sees what the first did."""
    query = select(Sitting).where(Sitting.id == sitting.id).options(selectinload(Sitting.items))
    db.session.execute(query.with_for_update(of=Sitting), execution_options={"populate_existing": True}).one()


def hold_item(item: Item) -> None:
    """The same for the sitting of an item, which somebody may have taken out or put elsewhere meanwhile."""
    hold(item.sitting)
    if item not in item.sitting.items:
        raise Refused(TAKEN_AWAY)


def keep_beginning(sitting: Sitting) -> None:
    """Refuses to plan another beginning for a sitting that has begun."""
    if queries.sitting_run(sitting) is not None:
        raise Refused("The sitting has begun: its planned beginning stays, so that the delay is told honestly.")


def renumber(items: Sequence[Item]) -> None:
    for position, item in enumerate(items, 1):
        if item.position != position:
            item.position = position


def _record(item: Item, verb: str, by: Actor, now: datetime, **detail: object) -> None:
    sitting = item.sitting
    record(by, now, verb, "item", seminar_id=sitting.seminar_id, object_id=item.id, summary=item.title, **detail)
