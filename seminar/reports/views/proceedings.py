"""The page of the proceedings: words, parts, order of the papers."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from seminar.access.guard import has_role, only, staff_actor
from seminar.access.roles import Role
from seminar.lib.clock import now
from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.lib.language import say
from seminar.lib.numbers import whole
from seminar.minutes import queries as notes
from seminar.papers import converting
from seminar.planning import queries as plans
from seminar.planning.models import Seminar
from seminar.reports import actions
from seminar.reports.forms import NewPartForm, PartForm, WordsForm
from seminar.reports.models import BUILD_STATE_LABELS, PART_KIND_LABELS, Part, PartKind, Proceedings
from seminar.reports.queries import proceedings as queries
from seminar.reports.views import bp

OFFICE = (Role.ADMIN, Role.OFFICE)
WRITERS = (*OFFICE, Role.SECRETARY)
PAGE = "/seminars/<slug>/proceedings"
PART = f"{PAGE}/parts/<int:part_id>"
STEPS = {"up": -1, "down": 1}
LARGEST_NUMBER = 9999
LOOKS = {
    "waiting": ("warning", "clock"),
    "running": ("info", "loader-2"),
    "done": ("success", "circle-check"),
    "failed": ("danger", "circle-x"),
}
"""Tone and icon of a build."""


def show(seminar: Seminar, status: int = 200, refusal: str = "", **forms: Any) -> Any:
    """The page; `forms` are those with errors, or {part: form} as `parts`."""
    book = queries.proceedings_of(seminar)
    rows = queries.rows_of(seminar)
    can_convert = converting.program() is not None
    here = url_for("reports.proceedings", slug=seminar.slug)
    arranged = queries.arrange(book, rows) if book else queries.Arranged([], [])
    builds = queries.builds_of(book) if book else []
    page = {
        "words": WordsForm(obj=book) if book else None,
        "new_part": NewPartForm(),
        "parts": {},
    } | forms
    return render_template(
        "reports/proceedings.html",
        seminar=seminar,
        book=book,
        here=here,
        rows=rows,
        arranged=arranged,
        part_forms={part.id: page["parts"].get(part.id) or PartForm(obj=part) for part, _rows in arranged.parts},
        remarks={row.paper.id: list(map(say, row.remarks(can_convert))) for row in rows},
        to_make=sum(row.is_printed and row.uniform is None and row.is_word for row in rows) if can_convert else 0,
        without_pdf=0 if can_convert else sum(row.is_printed and row.has_no_pages for row in rows),
        can_convert=can_convert,
        papers_kind=PartKind.PAPERS,
        excerpts_kind=PartKind.EXCERPTS,
        excerpt_count=notes.counted(notes.matching(seminar, notes.Wanted(excerpt=True))),
        may_choose=has_role(Role.OFFICE, Role.SECRETARY),
        kinds=PART_KIND_LABELS,
        builds=builds,
        is_outdated=queries.is_outdated(builds, arranged),
        still_public=queries.still_public(builds, rows),
        labels=BUILD_STATE_LABELS,
        looks=LOOKS,
        may_build=has_role(*OFFICE),
        refusal=refusal,
        left_out=count_left_out,
        words=page["words"],
        new_part=page["new_part"],
    ), status


def count_left_out(build: Any) -> int:
    """Papers that the build left out of its PDF."""
    return sum(not entry.first_page for entry in build.entries)


def back(slug: str, anchor: str = "") -> Any:
    return redirect(url_for("reports.proceedings", slug=slug) + anchor, 303)


def _book(slug: str) -> tuple[Seminar, Proceedings]:
    seminar = plans.seminar_or_404(slug)
    return seminar, queries.proceedings_or_404(seminar)


def _part(slug: str, part_id: int) -> tuple[Seminar, Proceedings, Part]:
    seminar, book = _book(slug)
    return seminar, book, queries.part_or_404(book, part_id)


@bp.get(PAGE)
@only(*WRITERS)
def proceedings(slug: str) -> Any:
    return show(plans.seminar_or_404(slug))


@bp.post(PAGE)
@only(*OFFICE)
def begin_proceedings(slug: str) -> Any:
    actions.begin_proceedings(plans.seminar_or_404(slug), staff_actor(), now())
    db.session.commit()
    return back(slug)


@bp.post(f"{PAGE}/words")
@only(*WRITERS)
def keep_words(slug: str) -> Any:
    seminar, book = _book(slug)
    form = WordsForm(request.form)
    if not form.validate():
        return show(seminar, 422, words=form)
    said = {name: form[name].data or "" for name in ("title", "licence", "boards", "foreword")}
    try:
        actions.keep_words(book, said, staff_actor(), now())
    except Refused as refusal:
        db.session.rollback()
        return show(plans.seminar_or_404(slug), 422, say(refusal.message), words=form)
    db.session.commit()
    flash(_("The words of the book were saved."), "success")
    return back(slug, "#words")


@bp.post(f"{PAGE}/readers")
@only(*OFFICE)
def set_readers(slug: str) -> Any:
    _seminar, book = _book(slug)
    actions.set_readers(book, request.form.get("is_open") == "1", staff_actor(), now())
    db.session.commit()
    flash(_("It was saved who may read the published book."), "success")
    return back(slug, "#build")


@bp.post(f"{PAGE}/order")
@only(*OFFICE)
def place_papers(slug: str) -> Any:
    """`part-<paper>` and `number-<paper>` for each paper; drag and drop fills in the same fields."""
    seminar, book = _book(slug)
    said = {}
    for name, text in request.form.items():
        word, _dash, digits = name.partition("-")
        paper_id = whole(digits) if word == "number" else None
        part_id = whole(request.form.get(f"part-{digits}", "")) if paper_id else None
        number = whole(text.strip(), LARGEST_NUMBER)
        if paper_id is None or part_id is None:
            continue
        if number is None:
            return show(seminar, 422, _("Write the place of each paper as a number: 1, 2, 3 …"))
        said[paper_id] = (part_id, number)
    try:
        actions.place_papers(seminar, book, said, staff_actor(), now())
    except Refused as refusal:
        db.session.rollback()
        return show(plans.seminar_or_404(slug), 422, say(refusal.message))
    db.session.commit()
    flash(_("The order of the papers was saved."), "success")
    return back(slug, "#papers")


@bp.post(f"{PAGE}/parts")
@only(*OFFICE)
def add_part(slug: str) -> Any:
    seminar, book = _book(slug)
    form = NewPartForm(request.form)
    if not form.validate():
        return show(seminar, 422, new_part=form)
    try:
        part = actions.add_part(book, form.kind.data, form.part_title.data or "", staff_actor(), now())
    except Refused as refusal:
        db.session.rollback()
        form.part_title.errors = [say(refusal.message)]
        return show(plans.seminar_or_404(slug), 422, new_part=form)
    part_id = part.id
    db.session.commit()
    return back(slug, f"#part-{part_id}")


@bp.post(PART)
@only(*WRITERS)
def change_part(slug: str, part_id: int) -> Any:
    """The secretary writes its text; the title is the office's."""
    seminar, book, part = _part(slug, part_id)
    form = PartForm(request.form)
    if not form.validate():
        return show(seminar, 422, parts={part_id: form})
    title = form.title.data if has_role(*OFFICE) and "title" in request.form else None
    try:
        actions.change_part(book, part, title, form.text.data or "", staff_actor(), now())
    except Refused as refusal:
        db.session.rollback()
        form.title.errors = [say(refusal.message)]
        return show(plans.seminar_or_404(slug), 422, parts={part_id: form})
    db.session.commit()
    flash(_("The part was saved."), "success")
    return back(slug, f"#part-{part_id}")


@bp.post(f"{PART}/position")
@only(*OFFICE)
def move_part(slug: str, part_id: int) -> Any:
    _seminar, book, part = _part(slug, part_id)
    step = STEPS.get(request.form.get("to", "")) or abort(400)
    actions.move_part(book, part, step, staff_actor(), now())
    db.session.commit()
    return back(slug, f"#part-{part_id}")


@bp.post(f"{PART}/removal")
@only(*OFFICE)
def remove_part(slug: str, part_id: int) -> Any:
    _seminar, book, part = _part(slug, part_id)
    actions.remove_part(book, part, staff_actor(), now())
    db.session.commit()
    flash(_("The part was removed; its papers stand where they belong by themselves."), "success")
    return back(slug, "#parts")
