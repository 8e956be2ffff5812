"""What is done with the proceedings: begun, worded, put in order, built, given out and taken down."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from seminar.access.actor import Actor
from seminar.audit.models import record
from seminar.lib.database import db
from seminar.lib.errors import TAKEN_AWAY, Refused
from seminar.lib.text import clean, clean_block
from seminar.planning.models import Seminar
from seminar.reports.models import Build, BuildState, Entry, Part, PartKind, Placement, Proceedings
from seminar.reports.queries import proceedings as queries
from seminar.reports.rules.proceedings import USUAL_PARTS, Wish, ordered

MOST_PARTS = 40
TITLE_LENGTH = 300
LICENCE_LENGTH = 200
TEXT_LENGTH = 200_000


def begin_proceedings(seminar: Seminar, by: Actor, now: datetime) -> Proceedings:
    """The book with its usual parts; the one that is there, if there is one."""
    db.session.execute(select(Seminar.id).where(Seminar.id == seminar.id).with_for_update())
    found = queries.proceedings_of(seminar)
    if found is not None:
        return found
    book = Proceedings(seminar_id=seminar.id)
    book.parts = [
        Part(position=n, kind=kind, role=role, title=title) for n, (role, kind, title) in enumerate(USUAL_PARTS, 1)
    ]
    db.session.add(book)
    db.session.flush()
    record(by, now, "begin", "proceedings", seminar_id=seminar.id, object_id=book.id)
    return book


def keep_words(book: Proceedings, said: Mapping[str, str], by: Actor, now: datetime) -> None:
    """Title, boards, foreword and licence as typed; the same again changes nothing."""
    words = {name: clean(said.get(name)) for name in ("title", "licence")}
    words |= {name: clean_block(said.get(name)) for name in ("boards", "foreword")}
    _refuse_long(words["title"], TITLE_LENGTH)
    _refuse_long(words["licence"], LICENCE_LENGTH)
    for name in ("boards", "foreword"):
        _refuse_long(words[name], TEXT_LENGTH)
    changed = [name for name, text in words.items() if getattr(book, name) != text]
    for name in changed:
        setattr(book, name, words[name])
    if changed:
        record(by, now, "change", "proceedings", seminar_id=book.seminar_id, object_id=book.id, fields=changed)


def _refuse_long(text: str, most: int) -> None:
    if len(text) > most:
        raise Refused("The text is too long: at most %(most)s characters.", most=most)


def set_readers(book: Proceedings, is_open: bool, by: Actor, now: datetime) -> None:
    """Who may read what is given out: everybody, or whoever has an invitation or the link of a unit."""
    if book.is_open != is_open:
        book.is_open = is_open
        record(by, now, "change", "proceedings", seminar_id=book.seminar_id, object_id=book.id, is_open=is_open)


# -- parts ---------------------------------------------------------------------------------------------------------


def add_part(book: Proceedings, kind: PartKind, title: str, by: Actor, now: datetime) -> Part:
    """Behind the others."""
    title = clean(title)
    if not title:
        raise Refused("Write the title of the part.")
    _refuse_long(title, TITLE_LENGTH)
    if len(book.parts) >= MOST_PARTS:
        raise Refused("A book has at most %(most)s parts.", most=MOST_PARTS)
    part = Part(position=max((one.position for one in book.parts), default=0) + 1, kind=kind, title=title)
    book.parts.append(part)
    db.session.flush()
    record(by, now, "add", "part", seminar_id=book.seminar_id, object_id=part.id, summary=title)
    return part


def change_part(book: Proceedings, part: Part, title: str | None, text: str, by: Actor, now: datetime) -> None:
    """Its text, and its title where one is given; the same again changes nothing."""
    title, text = part.title if title is None else clean(title), clean_block(text)
    if not title:
        raise Refused("Write the title of the part.")
    _refuse_long(title, TITLE_LENGTH)
    _refuse_long(text, TEXT_LENGTH)
    if (part.title, part.text) != (title, text):
        part.title, part.text = title, text
        record(by, now, "change", "part", seminar_id=book.seminar_id, object_id=part.id, summary=title)


def move_part(book: Proceedings, part: Part, step: int, by: Actor, now: datetime) -> None:
    """One place up (-1) or down (1); at the end it stays."""
    order = list(book.parts)
    place = order.index(part)
    other = place + step
    if not 0 <= other < len(order):
        return
    order[place], order[other] = order[other], order[place]
    for position, one in enumerate(order, 1):
        one.position = position
    record(by, now, "move", "part", seminar_id=book.seminar_id, object_id=part.id, summary=part.title)


def remove_part(book: Proceedings, part: Part, by: Actor, now: datetime) -> None:
    """Its papers stand again where they stand by themselves; its text is gone."""
    record(by, now, "remove", "part", seminar_id=book.seminar_id, object_id=part.id, summary=part.title)
    book.parts.remove(part)
    db.session.flush()


def place_papers(
    seminar: Seminar, book: Proceedings, said: Mapping[int, tuple[int, int]], by: Actor, now: datetime
) -> None:
    """Puts papers by {paper: (part, number in it)}; those that are not named keep their places.

    Papers that are no longer printed are passed over. Refuses a part that is gone.
    """
    arranged = queries.arrange(book, queries.rows_of(seminar))
    parts = {part.id: part for part in book.parts if part.kind == PartKind.PAPERS}
    wishes = []
    for part, rows in arranged.parts:
        for number, row in enumerate(rows, 1):
            wanted = said.get(row.paper.id, (part.id, number))
            if wanted[0] not in parts:
                raise Refused("That part is no longer there. Look at the page again, then put the paper elsewhere.")
            wishes.append(Wish(row.paper.id, *wanted, part.id, number))
    before = {part.id: [row.paper.id for row in rows] for part, rows in arranged.parts if rows}
    after = {part: papers for part, papers in ordered(wishes).items() if papers}
    if after == before:
        return
    shown = {wish.paper_id for wish in wishes}
    hidden = {id: [one for one in part.placements if one.paper_id not in shown] for id, part in parts.items()}
    for part in parts.values():
        part.placements = []
    db.session.flush()
    for part_id, part in parts.items():
        papers = after.get(part_id, []) + [one.paper_id for one in hidden[part_id]]
        part.placements = [Placement(paper_id=paper, position=n) for n, paper in enumerate(papers, 1)]
    db.session.flush()
    record(by, now, "move", "paper", seminar_id=seminar.id, object_id=book.id, summary="kỷ yếu")


# -- builds --------------------------------------------------------------------------------------------------------


def ask_build(book: Proceedings, by: Actor, now: datetime) -> Build:
    """Asks for the book to be built; while one is being built, that one is the answer."""
    if (there := queries.under_way(book)) is not None:
        return there
    build = Build(proceedings_id=book.id, state=BuildState.WAITING, asked_at=now, asked_by=by.name[:200])
    try:
        with db.session.begin_nested():
            db.session.add(build)
    except IntegrityError:  # another press at the same moment
        there = queries.under_way(book)
        if there is None:
            raise Refused(TAKEN_AWAY) from None
        return there
    record(by, now, "begin", "build", seminar_id=book.seminar_id, object_id=build.id)
    db.session.info["build"] = True
    return build


def take_up_build(builder: str, now: datetime, build_id: int | None = None) -> int | None:
    """Claims a build that waits, or whose builder has been silent for too long; its id, or None where there is none."""
    is_free = queries.is_free(now)
    wanted = select(Build.id).where(is_free).order_by(Build.id).limit(1)
    if build_id is not None:
        wanted = wanted.where(Build.id == build_id)
    return db.session.scalar(
        update(Build)
        .where(Build.id == wanted.scalar_subquery(), is_free)
        .values(state=BuildState.RUNNING, builder=builder, told_at=now, steps_done=0, step_count=0)
        .returning(Build.id)
        .execution_options(synchronize_session=False)
    )


def tell(build_id: int, builder: str, now: datetime, **values: int) -> bool:
    """A sign of life, with `steps_done` and `step_count` where they changed. False: the build is no longer this one's."""
    return _said(build_id, builder, told_at=now, **values)


def _said(build_id: int, builder: str, **values: Any) -> bool:
    mine = Build.id == build_id, Build.builder == builder, Build.state == BuildState.RUNNING
    done = db.session.scalar(
        update(Build).where(*mine).values(**values).returning(Build.id).execution_options(synchronize_session=False)
    )
    return done is not None


def finish_build(
    build_id: int, builder: str, entries: Sequence[Mapping[str, Any]], now: datetime, **values: Any
) -> bool:
    """The build with its files and its entries. False: another builder has taken it up meanwhile, nothing is kept."""
    if not _said(build_id, builder, state=BuildState.DONE, told_at=now, ended_at=now, **values):
        return False
    db.session.add_all(Entry(build_id=build_id, **entry) for entry in entries)
    db.session.flush()
    return True


def fail_build(build_id: int, builder: str, msgid: str, now: datetime) -> bool:
    """It ended without a book; `msgid` says why."""
    return _said(build_id, builder, state=BuildState.FAILED, told_at=now, ended_at=now, failure=msgid[:500])


def publish_build(book: Proceedings, build: Build, by: Actor, now: datetime, *, seen: int, is_confirmed: bool) -> None:
    """Gives the build out in the place of an earlier one. Refuses one without PDF, and one with telephone numbers or
    e-mail addresses in it that nobody looked at: `seen` is how many were shown, `is_confirmed` that they may stay.
    """
    if build.published_at is not None:
        return
    if build.state != BuildState.DONE or not build.pdf_sha256:
        raise Refused("This build has no PDF. Build the book anew, then publish it.")
    if seen != len(build.contacts) + len(build.unread_pages):
        raise Refused(TAKEN_AWAY)
    if seen and not is_confirmed:
        raise Refused(
            "Look at the telephone numbers, e-mail addresses and pages named below; have them corrected and build anew, "
            "or tick that they may stay."
        )
    db.session.execute(
        update(Build)
        .where(Build.proceedings_id == book.id, Build.published_at.is_not(None))
        .values(published_at=None, published_by="")
        .execution_options(synchronize_session="fetch")
    )
    build.published_at, build.published_by = now, by.name[:200]
    db.session.flush()
    record(
        by,
        now,
        "publish",
        "proceedings",
        seminar_id=book.seminar_id,
        object_id=build.id,
        contacts=len(build.contacts),
        is_open=book.is_open,
    )


def take_down(book: Proceedings, build: Build, by: Actor, now: datetime) -> None:
    """Nobody outside reads it from now on; doing it twice is harmless."""
    if build.published_at is None:
        return
    build.published_at, build.published_by = None, ""
    record(by, now, "withdraw", "proceedings", seminar_id=book.seminar_id, object_id=build.id)
