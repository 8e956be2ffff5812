"""Reads of the outgoing register, of drafts and templates."""

from dataclasses import replace

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from seminar.documents.models import (
    DocumentKind,
    Draft,
    IssuedDocument,
    NumberStart,
    WordTemplate,
    symbol_key,
)
from seminar.documents.rules import DocumentSettings, Gap, explained
from seminar.lib.database import db
from seminar.planning.models import Seminar

PAGE_SIZE = 50


def document_or_404(seminar: Seminar, document_id: int) -> IssuedDocument:
    return db.first_or_404(
        select(IssuedDocument).where(IssuedDocument.seminar_id == seminar.id, IssuedDocument.id == document_id)
    )


def issued_by_symbol(printed: str) -> list[tuple[IssuedDocument, Seminar]]:
    """Documents with the number as somebody typed it from paper: accents, spaces, "Số:" and leading zeros aside."""
    rows = db.session.execute(
        select(IssuedDocument, Seminar)
        .join(Seminar, Seminar.id == IssuedDocument.seminar_id)
        .where(IssuedDocument.symbol_key == symbol_key(printed))
        .order_by(IssuedDocument.id)
    )
    return [(document, seminar) for document, seminar in rows]


def next_number(settings: DocumentSettings, kind: DocumentKind) -> int:
    """After the last that was taken, or where the office said the register goes on."""
    found = []
    for table, column in ((IssuedDocument, IssuedDocument.number + 1), (NumberStart, NumberStart.next_number)):
        query = select(func.max(column)).where(
            table.term == settings.term, table.issuer == settings.issuer, table.kind == kind
        )
        found.append(db.session.scalar(query) or 1)
    return max(found)


def next_numbers(settings: DocumentSettings) -> dict[DocumentKind, int]:
    """Of every kind, in two statements."""
    found = dict.fromkeys(DocumentKind, 1)
    for table, column in ((IssuedDocument, IssuedDocument.number + 1), (NumberStart, NumberStart.next_number)):
        query = (
            select(table.kind, func.max(column))
            .where(table.term == settings.term, table.issuer == settings.issuer)
            .group_by(table.kind)
        )
        for kind, number in db.session.execute(query):
            found[kind] = max(found[kind], number)
    return found


def terms() -> list[str]:
    """Congress terms with something in the register, the latest first."""
    return list(db.session.scalars(select(IssuedDocument.term).distinct().order_by(IssuedDocument.term.desc())))


def _register(term: str, kind: DocumentKind | None) -> Select[IssuedDocument, Seminar]:
    query = (
        select(IssuedDocument, Seminar)
        .join(Seminar, Seminar.id == IssuedDocument.seminar_id)
        .where(IssuedDocument.term == term)
        .order_by(IssuedDocument.issued_on.desc(), IssuedDocument.kind, IssuedDocument.number.desc())
    )
    return query.where(IssuedDocument.kind == kind) if kind else query


def register(
    term: str, kind: DocumentKind | None = None, page: int | None = None
) -> list[tuple[IssuedDocument, Seminar]]:
    """The latest first: all seminars of the office have one register. One page of it, or the whole."""
    query = _register(term, kind)
    if page is not None:
        query = query.limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)
    return [(document, seminar) for document, seminar in db.session.execute(query)]


def register_count(term: str, kind: DocumentKind | None = None) -> int:
    counted = select(func.count()).select_from(_register(term, kind).order_by(None).subquery())
    return db.session.scalar(counted) or 0


def number_starts(term: str, kind: DocumentKind | None = None) -> list[NumberStart]:
    query = select(NumberStart).where(NumberStart.term == term).order_by(NumberStart.id.desc())
    return list(db.session.scalars(query.where(NumberStart.kind == kind) if kind else query))


def gaps(term: str, kind: DocumentKind | None = None) -> list[Gap]:
    """Numbers of the term that no document bears, by issuer and kind, with the reason where one was given."""
    series = (IssuedDocument.issuer, IssuedDocument.kind)
    before = func.lag(IssuedDocument.number, 1, 0).over(partition_by=series, order_by=IssuedDocument.number)
    numbers = select(*series, before.label("before"), IssuedDocument.number).where(IssuedDocument.term == term)
    numbered = (numbers.where(IssuedDocument.kind == kind) if kind else numbers).subquery()
    rows = db.session.execute(select(numbered).where(numbered.c.number - numbered.c.before > 1))
    holes = [Gap(issuer, of, last_before + 1, number - 1) for issuer, of, last_before, number in rows]
    given_out = [
        Gap(one.issuer, one.kind, one.after_number + 1, one.next_number - 1, one.reason, one.set_by)
        for one in number_starts(term, kind)
    ]
    latest = select(*series, func.max(IssuedDocument.number)).where(IssuedDocument.term == term).group_by(*series)
    last = {(issuer, of): number for issuer, of, number in db.session.execute(latest)}
    ahead = [
        replace(one, first=max(one.first, last.get((one.issuer, one.kind), 0) + 1))
        for one in given_out
        if one.last > last.get((one.issuer, one.kind), 0)
    ]
    explained_holes = [part for hole in holes for part in explained(hole, given_out)]
    return sorted([*explained_holes, *ahead], key=lambda one: (one.kind, one.issuer, one.first))


def registered_or_404(document_id: int) -> IssuedDocument:
    """Of any seminar: the register is one."""
    return db.first_or_404(select(IssuedDocument).where(IssuedDocument.id == document_id))


def drafts_of(seminar: Seminar) -> list[Draft]:
    """The latest first, issued ones too."""
    query = select(Draft).where(Draft.seminar_id == seminar.id).options(joinedload(Draft.document))
    return list(db.session.scalars(query.order_by(Draft.id.desc())))


def draft_or_404(seminar: Seminar, draft_id: int) -> Draft:
    return db.first_or_404(
        select(Draft).where(Draft.seminar_id == seminar.id, Draft.id == draft_id).options(joinedload(Draft.document))
    )


def template_of(seminar: Seminar, kind: DocumentKind) -> WordTemplate | None:
    """The office's own, if there is one in force."""
    return db.session.scalar(
        select(WordTemplate).where(
            WordTemplate.seminar_id == seminar.id, WordTemplate.kind == kind, WordTemplate.removed_at.is_(None)
        )
    )


def templates_of(seminar: Seminar) -> dict[DocumentKind, WordTemplate]:
    rows = db.session.scalars(
        select(WordTemplate).where(WordTemplate.seminar_id == seminar.id, WordTemplate.removed_at.is_(None))
    )
    return {row.kind: row for row in rows}
