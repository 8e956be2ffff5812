"""Rows of a list that differ from somebody stored, or are like somebody: side by side, to merge or to keep."""

from math import ceil
from typing import Any, NamedTuple

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from seminar.access.guard import staff_actor
from seminar.delegates import actions, importing, queries
from seminar.delegates.importing.lists import ListRead
from seminar.delegates.models import Delegate, ImportDraft
from seminar.delegates.rules import COMPARED, COMPARED_LABELS, DelegateRow, Judged, ListRow, Verdict, says
from seminar.delegates.views import bp, writers
from seminar.delegates.views.imports import preview_page
from seminar.lib.clock import now
from seminar.lib.database import db, reading
from seminar.lib.errors import Refused
from seminar.lib.language import ngettext
from seminar.lib.numbers import whole
from seminar.lib.paging import page_asked
from seminar.lib.phones import spaced
from seminar.planning import queries as plans
from seminar.planning.models import Group, Seminar

PAGE_SIZE = 20
LIST, STORED = "list", "stored"


class Pair(NamedTuple):
    """One row of the list and whom it may be."""

    row: ListRow
    judged: Judged
    stored: Delegate | None
    earlier: ListRow | None
    """Where the other is a row of the list itself."""


def _looked_at(seminar: Seminar, draft: ImportDraft) -> tuple[ListRead, list[Judged]]:
    read = importing.unpack(draft.rows)
    group = db.session.get(Group, draft.group_id) if draft.group_id else None
    choices = queries.choices_of(draft.choices)
    return read, actions.judged_rows(seminar, read.rows, group.code if group else "", choices)


def _is_open(one: Judged) -> bool:
    return one.verdict in (Verdict.DIFFERS, Verdict.ALIKE) or one.is_chosen


@bp.get("/imports/<int:draft_id>/choices")
@writers
def choices(slug: str, draft_id: int) -> Any:
    seminar = plans.seminar_or_404(slug)
    draft = queries.draft_or_404(seminar, draft_id)
    read, judged = _looked_at(seminar, draft)
    found = [index for index, one in enumerate(judged) if _is_open(one)]
    pages = max(1, ceil(len(found) / PAGE_SIZE))
    page = min(page_asked(), pages)
    shown = found[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    people = [judged[index].same or judged[index].alike for index in shown]
    stored = queries.delegates_by_id(seminar, [person.id for person in people if person and person.id])
    pairs = [
        Pair(
            read.rows[index],
            judged[index],
            stored.get(person.id or 0) if person else None,
            read.rows[person.row] if person and person.row is not None else None,
        )
        for index, person in zip(shown, people, strict=True)
    ]
    bulk = {
        name: sum(one.verdict == Verdict.DIFFERS and one.differs == (name,) for one in judged) for name in COMPARED[1:]
    }
    return render_template(
        "delegates/choices.html",
        seminar=seminar,
        draft=draft,
        read=read,
        pairs=pairs,
        kept=queries.choices_of(draft.choices),
        labels=COMPARED_LABELS,
        rows_of=_compared,
        bulk={
            name: ngettext(
                "Take the list's %(field)s in the %(num)d row that differs only there",
                "Take the list's %(field)s in the %(num)d rows that differ only there",
                count,
                field=_(COMPARED_LABELS[name]),
            )
            for name, count in bulk.items()
            if count
        },
        open_count=sum(one.verdict == Verdict.DIFFERS for one in judged),
        total=len(found),
        page=page,
        pages=pages,
    )


def _compared(pair: Pair) -> list[tuple[str, str, str]]:
    """(field, stored, list) of the name and of every field in which the list says something else."""
    given = pair.row.delegate
    other: DelegateRow | Delegate | None = pair.stored or (pair.earlier.delegate if pair.earlier else None)
    if given is None or other is None:
        return []
    both = [(name, _said(name, other), _said(name, given)) for name in COMPARED]
    return [(name, one, two) for name, one, two in both if name == "name" or (two and one != two)]


def _said(name: str, person: DelegateRow | Delegate) -> str:
    if name == "phone":
        return " / ".join(spaced(number) for number in (person.phone, person.phone_2) if number)
    return str(getattr(person, name))


@bp.post("/imports/<int:draft_id>/choices")
@writers
def choose(slug: str, draft_id: int) -> Any:
    """What was sent for the rows of the page; with `bulk` the one field in all rows that differ only there."""
    with reading():  # tens of thousands of rows take seconds, in which nobody else could write
        seminar = plans.seminar_or_404(slug)
        decided = _decided(*_looked_at(seminar, queries.draft_or_404(seminar, draft_id)))
    draft = queries.draft_or_404(plans.seminar_or_404(slug), draft_id)
    try:
        count = actions.decide_rows(draft, decided, staff_actor(), now())
    except Refused as refusal:
        db.session.rollback()
        with reading():
            return preview_page(slug, draft_id, refusal)
    db.session.commit()
    flash(ngettext("%(num)d row was decided.", "%(num)d rows were decided.", count), "success")
    return redirect(url_for("delegates.choices", slug=slug, draft_id=draft_id), 303)


def _decided(read: ListRead, judged: list[Judged]) -> dict[str, dict[str, Any] | None]:
    bulk = request.form.get("bulk", "")
    rows = list(zip(read.rows, judged, strict=True))
    decided: dict[str, dict[str, Any] | None]
    if bulk in COMPARED:
        only = [row for row, one in rows if one.verdict == Verdict.DIFFERS and one.differs == (bulk,)]
        decided = {row.key: {"take": [bulk]} for row in only}
    elif bulk == "keep":
        decided = {row.key: {"take": []} for row, one in rows if one.verdict == Verdict.DIFFERS}
    else:
        sent = set(request.form.getlist("row"))
        decided = {row.key: _sent(row, one) for row, one in rows if row.key in sent and _is_open(one)}
    said = {row.key: says(row.delegate) for row in read.rows if row.delegate} if decided else {}
    for key, one in decided.items():  # found again by what the rows say, in whatever file
        if one is not None:
            one["of"] = said[key]
            if one.get("same_row"):
                one["same_of"] = said.get(one["same_row"], "")
    return decided


def _sent(row: ListRow, one: Judged) -> dict[str, Any] | None:
    """The decision on one row; None where nothing is decided."""
    who = request.form.get(f"who-{row.key}", "")
    taken = [name for name in COMPARED if request.form.get(f"{name}-{row.key}") == LIST]
    if who == "other":
        return {"is_other": True}
    if (delegate_id := whole(who)) is not None:
        return {"same_id": delegate_id, "take": taken}
    if who.count(".") == 2:
        return {"same_row": who[:40]}
    if one.same is not None and one.same.id and any(request.form.get(f"{name}-{row.key}") for name in COMPARED):
        return {"take": taken}
    return None
