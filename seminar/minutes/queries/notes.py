"""Reads of notes, shared by the page, the minutes and the report, so that a count and its list agree."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import aliased, contains_eager, joinedload, selectinload

from seminar.agenda.models import Item, Sitting
from seminar.agenda.queries import programme
from seminar.checkin.models import Arrival
from seminar.checkin.queries.people import people
from seminar.delegates.models import Delegate
from seminar.invitations.models import Proxy
from seminar.lib.database import db
from seminar.lib.numbers import LARGEST
from seminar.lib.text import fold
from seminar.minutes.models import Note, NoteKind, NoteRevision
from seminar.minutes.queries.floor import person_of
from seminar.minutes.rules import SPEAKERS_OFFERED, USUAL_EXCERPTS, Speaker, names_in
from seminar.planning.models import Seminar

PAGE_SIZE = 50
WITHOUT_TOPIC = 0
"""`topic=0` asks for the notes that belong to none of the plan's topics; a topic has those of its subtopics too."""


def _id(text: str | None) -> int | None:
    """A row's id from an address; None for anything else."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) <= 10 else None


@dataclass(frozen=True)
class Wanted:
    """Which notes: of one item, kind, topic, delegate; `removed` shows those taken back instead."""

    item: int | None = None
    kind: str = ""
    topic: int | None = None
    delegate: int | None = None
    removed: bool = False
    excerpt: bool = False
    """Only those that print in the proceedings."""

    @classmethod
    def from_args(cls, args: Mapping[str, str]) -> "Wanted":
        kind = args.get("kind", "")
        return cls(
            item=_id(args.get("item")),
            kind=kind if kind in set(NoteKind) else "",
            topic=_id(args.get("topic")),
            delegate=_id(args.get("delegate")),
            removed=args.get("removed") == "1",
            excerpt=args.get("excerpt") == "1",
        )

    def but(self, **changes: Any) -> "Wanted":
        return replace(self, **changes)

    def as_args(self) -> dict[str, str]:
        """The filters that are set, for addresses."""
        values: dict[str, Any] = {
            "item": self.item,
            "kind": self.kind or None,
            "topic": self.topic,
            "delegate": self.delegate,
            "removed": "1" if self.removed else None,
            "excerpt": "1" if self.excerpt else None,
        }
        return {name: str(value) for name, value in values.items() if value is not None}

    def query_string(self) -> str:
        return urlencode(self.as_args())


def matching(seminar: Seminar, wanted: Wanted) -> Select[Note]:
    query = select(Note).where(Note.seminar_id == seminar.id)
    query = query.where(Note.removed_at.is_not(None) if wanted.removed else Note.removed_at.is_(None))
    if wanted.item is not None:
        query = query.where(Note.item_id == min(wanted.item, LARGEST))
    if wanted.kind:
        query = query.where(Note.kind == NoteKind(wanted.kind))
    if wanted.topic is not None:
        query = query.where(_is_of_topic(seminar, wanted.topic))
    if wanted.delegate is not None:
        query = query.where(Note.speaker_id == min(wanted.delegate, LARGEST))
    if wanted.excerpt:
        query = query.where(Note.is_excerpt)
    return query


def topics_above(seminar: Seminar) -> dict[int, int]:
    """For each topic the one of the plan itself: of a subtopic the topic above it."""
    return {one.id: topic.id for topic in seminar.topics for one in (topic, *topic.subtopics)}


def _is_of_topic(seminar: Seminar, topic_id: int) -> Any:
    """With its subtopics; `WITHOUT_TOPIC`: of none that the plan has."""
    above = topics_above(seminar)
    if topic_id == WITHOUT_TOPIC:
        return or_(Note.topic_id.is_(None), Note.topic_id.not_in(list(above)))
    return Note.topic_id.in_([one for one, top in above.items() if topic_id in (one, top)])


def in_order(query: Select[Note]) -> Select[Note]:
    """As the programme ran: sitting, item, then as they were spoken."""
    return (
        query.join(Item, Item.id == Note.item_id)
        .join(Sitting, Sitting.id == Item.sitting_id)
        .order_by(Sitting.starts_at, Sitting.id, Item.position, Item.id, Note.spoken_at, Note.id)
    )


def newest_first(query: Select[Note]) -> Select[Note]:
    return query.order_by(Note.id.desc())


def counted(query: Select[Note]) -> int:
    return db.session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0


def _eager(query: Select[Note]) -> Select[Note]:
    return query.options(
        joinedload(Note.item),
        joinedload(Note.topic),
        joinedload(Note.delegate),
        joinedload(Note.reply_to),
        selectinload(Note.attachments),
    )


def page_of(query: Select[Note], page: int, size: int = PAGE_SIZE) -> list[Note]:
    return list(db.session.scalars(_eager(query).limit(size).offset((max(page, 1) - 1) * size)))


def notes_of(seminar: Seminar, wanted: Wanted | None = None) -> list[Note]:
    """Every note in the order of the programme, without those taken back."""
    return list(db.session.scalars(_eager(in_order(matching(seminar, wanted or Wanted())))))


def excerpts_of(seminar: Seminar) -> list[Note]:
    """What the proceedings print of the discussion, in the order in which it was spoken."""
    return notes_of(seminar, Wanted(excerpt=True))


def usual_excerpts_missing(seminar: Seminar) -> list[Note]:
    """Guidance and conclusions that are not chosen for the proceedings."""
    query = matching(seminar, Wanted()).where(Note.kind.in_(USUAL_EXCERPTS), ~Note.is_excerpt)
    return list(db.session.scalars(in_order(query)))


def counts_by(seminar: Seminar, column: Any) -> dict[Any, int]:
    """How many notes for each kind, topic or item: `counts_by(seminar, Note.kind)`."""
    notes = matching(seminar, Wanted()).with_only_columns(column, func.count()).group_by(column)
    return {row[0]: row[1] for row in db.session.execute(notes)}


def counts_by_topic(seminar: Seminar) -> dict[int, int]:
    """How many notes for each topic of the plan itself, those of its subtopics with it; `WITHOUT_TOPIC` for the others."""
    above = topics_above(seminar)
    found: dict[int, int] = {}
    for topic_id, count in counts_by(seminar, Note.topic_id).items():
        topic = above.get(topic_id or WITHOUT_TOPIC, WITHOUT_TOPIC)
        found[topic] = found.get(topic, 0) + count
    return found


def note_or_404(seminar: Seminar, note_id: int) -> Note:
    """Also one that was taken back."""
    return db.first_or_404(_eager(select(Note)).where(Note.seminar_id == seminar.id, Note.id == min(note_id, LARGEST)))


def note_by_key(key: str) -> Note | None:
    return db.session.scalar(select(Note).where(Note.key == key))


def wording_kept(note: Note, revision: int) -> NoteRevision | None:
    return db.session.scalar(
        select(NoteRevision).where(NoteRevision.note_id == note.id, NoteRevision.revision == revision)
    )


def open_questions(seminar: Seminar) -> list[Note]:
    """Questions that no reply answers yet, in the order in which they were asked."""
    reply = aliased(Note)
    answered = select(reply.reply_to_id).where(reply.reply_to_id.is_not(None), reply.removed_at.is_(None))
    query = matching(seminar, Wanted(kind=NoteKind.QUESTION)).where(Note.id.not_in(answered))
    return list(db.session.scalars(query.order_by(Note.spoken_at, Note.id)))


def written_since(seminar: Seminar, note_id: int, name: str) -> int:
    """How many notes others than this person wrote after that one."""
    query = matching(seminar, Wanted()).where(Note.id > min(note_id, LARGEST), Note.created_by != name)
    return counted(query)


def latest_note_id(seminar: Seminar) -> int:
    return db.session.scalar(select(func.max(Note.id)).where(Note.seminar_id == seminar.id)) or 0


def revisions_of(note: Note) -> list[NoteRevision]:
    """Every wording, the newest first."""
    return list(
        db.session.scalars(
            select(NoteRevision)
            .where(NoteRevision.note_id == note.id)
            .order_by(NoteRevision.revision.desc())
            .options(joinedload(NoteRevision.item), joinedload(NoteRevision.topic))
        )
    )


def items_of(seminar: Seminar) -> list[Item]:
    return [item for sitting in programme(seminar) for item in sitting.items]


def item_in(seminar: Seminar, item_id: int | None) -> Item | None:
    return db.session.scalar(
        select(Item)
        .join(Item.sitting)
        .where(Item.id == min(item_id or 0, LARGEST), Sitting.seminar_id == seminar.id)
        .options(contains_eager(Item.sitting))
    )


def item_last_noted(seminar: Seminar) -> int | None:
    """Where somebody wrote last: what is on now, for the secretaries' purposes."""
    return db.session.scalar(
        select(Note.item_id)
        .where(Note.seminar_id == seminar.id, Note.removed_at.is_(None))
        .order_by(Note.id.desc())
        .limit(1)
    )


def speakers(seminar: Seminar) -> list[Speaker]:
    """Whom the entry form offers: those in the hall first, then the others, by name; a proxy in place of the delegate."""
    present = (
        select(Arrival.delegate_id).where(Arrival.seminar_id == seminar.id, Arrival.left_at.is_(None)).distinct()
    ).subquery()
    query = (
        _listed(seminar)
        .add_columns(present.c.delegate_id.is_not(None).label("is_present"))
        .outerjoin(present, present.c.delegate_id == Delegate.id)
        .order_by(present.c.delegate_id.is_(None), Delegate.sort_key, Delegate.id)
        .limit(SPEAKERS_OFFERED)
    )
    offered = [_speaker(row, bool(row.is_present)) for row in db.session.execute(query)]
    often = Counter(speaker.text for speaker in offered)
    return [speaker._replace(is_unique=often[speaker.text] == 1) for speaker in offered]


def speakers_named(seminar: Seminar, typed: str) -> list[Speaker]:
    """Of all delegates and proxies those whom the typed text could mean, without asking who is in the hall."""
    number = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) <= 9 else -1
    names = names_in(typed)
    query = _listed(seminar).where(
        or_(Delegate.name_folded.in_(names), Delegate.number == number, Proxy.name.is_not(None))
    )
    found = [_speaker(row, False) for row in db.session.execute(query.order_by(Delegate.sort_key, Delegate.id))]
    return [one for one in found if one.number == number or names.intersection(one.folded_names)]


def _listed(seminar: Seminar) -> Select[Any]:
    """The same people as on the floor."""
    return people().where(Delegate.seminar_id == seminar.id, Delegate.removed_at.is_(None))


def _speaker(row: Any, is_present: bool) -> Speaker:
    person = person_of(row)
    instead_of = row.name_folded if person.instead_of else ""
    return Speaker(
        person.id,
        person.number,
        person.speaker,
        fold(person.name) if instead_of else row.name_folded,
        is_present,
        instead_of,
    )
