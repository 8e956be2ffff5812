"""Reads of recommendations: lists by addressee, status and due day, their counts, and what the minutes print of them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import Select, case, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from seminar.agenda.models import Item, Sitting
from seminar.lib.database import db
from seminar.lib.numbers import LARGEST
from seminar.minutes.models import (
    Addressee,
    Note,
    Recommendation,
    RecommendationStatus,
    RecommendationStep,
)
from seminar.minutes.rules import RECOMMENDING, SETTLED
from seminar.planning.models import Seminar

NOBODY = "none"
"""`addressee=none` asks for those of which nobody has said to whom they go: neither the kind of body nor its name."""


@dataclass(frozen=True)
class RecommendationsWanted:
    """Which recommendations: to one kind of addressee, in one status, overdue ones; `removed` shows those taken back."""

    addressee: str = ""
    status: str = ""
    overdue: bool = False
    removed: bool = False

    @property
    def has_noted(self) -> bool:
        """What was noted and is not followed yet belongs to them: it goes to nobody yet and has no status."""
        return self in (RecommendationsWanted(), RecommendationsWanted(addressee=NOBODY))

    @classmethod
    def from_args(cls, args: Mapping[str, str]) -> "RecommendationsWanted":
        addressee, status = args.get("addressee", ""), args.get("status", "")
        return cls(
            addressee=addressee if addressee in {*Addressee, NOBODY} else "",
            status=status if status in set(RecommendationStatus) else "",
            overdue=args.get("overdue") == "1",
            removed=args.get("removed") == "1",
        )

    def query_string(self, **changes: Any) -> str:
        wanted = replace(self, **changes)
        said = {
            "addressee": wanted.addressee,
            "status": wanted.status,
            "overdue": "1" if wanted.overdue else "",
            "removed": "1" if wanted.removed else "",
        }
        return urlencode({name: value for name, value in said.items() if value})


def _status() -> Any:
    """Of the latest step; recorded where there is none."""
    latest = (
        select(RecommendationStep.status)
        .where(RecommendationStep.recommendation_id == Recommendation.id)
        .order_by(RecommendationStep.id.desc())
        .limit(1)
        .correlate(Recommendation)
        .scalar_subquery()
    )
    return func.coalesce(latest, RecommendationStatus.RECORDED.value)


def _of(seminar: Seminar) -> Select[Recommendation]:
    """With those whose note was taken back left out: what nobody said is asked of nobody."""
    return (
        select(Recommendation)
        .outerjoin(Note, Note.id == Recommendation.note_id)
        .where(Recommendation.seminar_id == seminar.id, or_(Note.id.is_(None), Note.removed_at.is_(None)))
    )


def _overdue(today: date) -> Any:
    return (Recommendation.due_on < today) & _status().not_in([one.value for one in SETTLED])


def recommendations_matching(seminar: Seminar, wanted: RecommendationsWanted, today: date) -> Select[Recommendation]:
    query = _of(seminar)
    query = query.where(
        Recommendation.removed_at.is_not(None) if wanted.removed else Recommendation.removed_at.is_(None)
    )
    if wanted.addressee == NOBODY:
        query = query.where(Recommendation.addressee.is_(None), Recommendation.addressee_name == "")
    elif wanted.addressee:
        query = query.where(Recommendation.addressee == Addressee(wanted.addressee))
    if wanted.status:
        query = query.where(_status() == wanted.status)
    if wanted.overdue:
        query = query.where(_overdue(today))
    return query


def recommendations_of(
    seminar: Seminar, wanted: RecommendationsWanted | None = None, today: date | None = None
) -> list[Recommendation]:
    """In the order of the list, with their notes and steps. `today` is needed for overdue ones only."""
    query = recommendations_matching(seminar, wanted or RecommendationsWanted(), today or date.max)
    eager = (joinedload(Recommendation.note).joinedload(Note.item), selectinload(Recommendation.steps))
    return list(db.session.scalars(query.order_by(Recommendation.position, Recommendation.id).options(*eager)).unique())


@dataclass(frozen=True)
class RecommendationCounts:
    total: int
    by_addressee: dict[str, int]
    """By `Addressee`, and `NOBODY`."""
    by_status: dict[str, int]
    overdue: int
    removed: int


def recommendation_counts(seminar: Seminar, today: date) -> RecommendationCounts:
    rows = db.session.execute(
        recommendations_matching(seminar, RecommendationsWanted(), today).with_only_columns(
            Recommendation.addressee, _status(), case((_overdue(today), 1), else_=0), Recommendation.addressee_name
        )
    ).all()
    by_addressee = dict.fromkeys((*Addressee, NOBODY), 0)
    by_status: dict[str, int] = dict.fromkeys(RecommendationStatus, 0)
    for addressee, status, _, name in rows:
        if addressee or not name:
            by_addressee[addressee or NOBODY] += 1
        by_status[RecommendationStatus(status)] += 1
    removed = recommendations_matching(seminar, RecommendationsWanted(removed=True), today)
    return RecommendationCounts(
        total=len(rows),
        by_addressee=by_addressee,
        by_status=by_status,
        overdue=sum(row[2] for row in rows),
        removed=db.session.scalar(removed.with_only_columns(func.count())) or 0,
    )


def recommendation_count(seminar: Seminar) -> int:
    """Of what was asked for, followed or only noted: as many as minutes and report print."""
    followed = recommendations_matching(seminar, RecommendationsWanted(), date.max).order_by(None)
    count = db.session.scalar(followed.with_only_columns(func.count())) or 0
    return count + len(notes_not_followed(seminar))


def overdue_recommendation_count(seminar: Seminar, today: date) -> int:
    query = recommendations_matching(seminar, RecommendationsWanted(overdue=True), today)
    return db.session.scalar(query.with_only_columns(func.count())) or 0


def recommendation_or_404(seminar: Seminar, recommendation_id: int) -> Recommendation:
    """Also one that was taken back."""
    query = select(Recommendation).where(
        Recommendation.seminar_id == seminar.id, Recommendation.id == min(recommendation_id, LARGEST)
    )
    return db.first_or_404(query.options(joinedload(Recommendation.note), selectinload(Recommendation.steps)))


def recommendation_of_note(note: Note) -> Recommendation | None:
    return db.session.scalar(select(Recommendation).where(Recommendation.note_id == note.id))


def notes_not_followed(seminar: Seminar) -> list[Note]:
    """Proposals and recommendations that were noted and of which no recommendation was made, as the programme ran."""
    query = (
        select(Note)
        .outerjoin(Recommendation, Recommendation.note_id == Note.id)
        .join(Item, Item.id == Note.item_id)
        .join(Sitting, Sitting.id == Item.sitting_id)
        .where(
            Note.seminar_id == seminar.id,
            Note.removed_at.is_(None),
            Note.kind.in_(RECOMMENDING),
            Recommendation.id.is_(None),
        )
        .order_by(Sitting.starts_at, Sitting.id, Item.position, Item.id, Note.spoken_at, Note.id)
    )
    return list(db.session.scalars(query))


def wording_of(one: Recommendation) -> str:
    """As it was made ready, else as it was spoken."""
    return one.text or (one.note.text if one.note else "")


def raiser_of(one: Recommendation) -> str:
    return one.raised_by or (one.note.speaker if one.note else "")


def status_of(one: Recommendation) -> RecommendationStatus:
    return RecommendationStatus(one.steps[-1].status) if one.steps else RecommendationStatus.RECORDED


def recommendations_by_addressee(seminar: Seminar) -> list[tuple[Addressee | None, list[Recommendation]]]:
    """In the order of part IV of the result report (domain.md 2.5), without empty ones; None: nobody said to whom."""
    found = recommendations_of(seminar)
    return [
        (addressee, theirs)
        for addressee in (*Addressee, None)
        if (theirs := [one for one in found if one.addressee == addressee])
    ]
