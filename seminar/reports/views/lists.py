"""Lists out: who, which columns, in which shape; looked at, kept under a name, taken as Excel, Word or print."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _

from seminar.access.guard import has_role, only, staff_actor
from seminar.access.roles import Role
from seminar.checkin.queries import ABSENCE_LABELS, PRESENCE_LABELS
from seminar.delegates.queries import NO_UNIT
from seminar.invitations.queries import STATE_LABELS
from seminar.lib.clock import now
from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.lib.language import say
from seminar.planning import queries as plans
from seminar.planning.models import AUDIENCE_LABELS, Seminar
from seminar.reports import actions
from seminar.reports.documents import lists as documents
from seminar.reports.queries import lists as queries
from seminar.reports.queries.people import Who
from seminar.reports.rules import lists as rules
from seminar.reports.rules.credentials import BAND_WORDS
from seminar.reports.rules.lists import COLUMNS, LineKind, Shape
from seminar.reports.views import WORD, WORKBOOK, bp, file

WRITERS = (Role.ADMIN, Role.OFFICE)
READERS = (*WRITERS, Role.SECRETARY)
PREVIEW_ROWS = 10
LAST = "list"
"""Where a visitor's session keeps the key of the shape last opened, by seminar."""
CHOSEN = "chosen"
"""Says that the form was sent: a box that is not ticked then means no."""


@dataclass(frozen=True)
class Asked:
    """What the address or the form asks for; without private columns for those who may not see them."""

    shape: Shape
    who: Who
    base: queries.Offered
    """The shape that it began with."""
    offered: list[queries.Offered]

    @property
    def is_private_left_out(self) -> bool:
        return any(COLUMNS[key].is_private for key in self.base.shape.columns) and not has_role(*WRITERS)


def _asked(seminar: Seminar, said: Any) -> Asked:
    """A shape that is offered; with the form, what was chosen in it; with words of `Who` alone, these people in it."""
    offered = queries.offered(seminar)
    base = next((one for one in offered if one.key == said.get("shape")), None)
    named = Who.from_args(said)
    is_chosen = CHOSEN in said
    if is_chosen:
        shape = Shape.of({**said.to_dict(), "columns": said.getlist("columns")})
        key, _dot, way = said.get("move", "").rpartition(".")
        who, shape = named, shape.moved(key, {"up": -1, "down": 1}.get(way, 0))
    else:
        remembered = session.get(LAST, {}).get(seminar.slug)
        if base is None and named != Who():
            base = next(one for one in offered if one.key == rules.EVERYBODY)
        base = base or next((one for one in offered if one.key == remembered), queries.last_kept(offered))
        shape, who = base.shape, base.who if named == Who() else named
    base = base or offered[0]
    if not has_role(*WRITERS):
        shape = shape.without_private()
    return Asked(shape, who, base, offered)


@bp.get("/seminars/<slug>/lists")
@only(*READERS)
def lists(slug: str) -> Any:
    seminar = plans.seminar_or_404(slug)
    asked = _asked(seminar, request.args)
    if request.args.get("shape") == asked.base.key:
        session[LAST] = {**session.get(LAST, {}), slug: asked.base.key}
    return _page(seminar, asked)


def _page(seminar: Seminar, asked: Asked, name: str | None = None, error: str = "") -> str:
    shape, may_write = asked.shape, has_role(*WRITERS)
    people = queries.entries(seminar, asked.who, shape.columns)
    arranged = rules.arranged(people, shape)
    columns = [column for column in COLUMNS.values() if may_write or not column.is_private]
    return render_template(
        "reports/lists.html",
        seminar=seminar,
        here=url_for("reports.lists", slug=seminar.slug),
        shape=shape,
        who=asked.who,
        base=asked.base,
        offered=asked.offered,
        name=(asked.base.name if asked.base.kept else "") if name is None else name,
        error=error,
        headings=rules.heading_rows(shape.printed),
        parts=shape.parts,
        widths=rules.shares(shape.parts, is_landscape=shape.is_landscape),
        lines=_first(arranged.lines),
        arranged=arranged,
        years_left_out=rules.years_left_out(people, shape),
        private_left_out=asked.is_private_left_out,
        chosen=shape.printed,
        others=[column for column in columns if column.key not in shape.columns],
        groups=plans.groups_of(seminar),
        units=plans.units_on(seminar.held_on),
        audiences=AUDIENCE_LABELS,
        states=STATE_LABELS,
        presences=PRESENCE_LABELS,
        absences=ABSENCE_LABELS,
        rules=rules,
        bands=BAND_WORDS,
        genders={"male": _("male"), "female": _("female"), "unknown": _("not known")},
        NO_UNIT=NO_UNIT,
        PREVIEW_ROWS=PREVIEW_ROWS,
        may_write=may_write,
    )


def _first(lines: list[rules.Line]) -> list[rules.Line]:
    """The lines down to the last row of the preview."""
    shown, rows = [], 0
    for line in lines:
        rows += line.kind == LineKind.ROW
        if rows > PREVIEW_ROWS:
            break
        shown.append(line)
    return shown


@bp.get("/seminars/<slug>/lists.xlsx")
@only(*READERS)
def list_workbook(slug: str) -> Any:
    seminar = plans.seminar_or_404(slug)
    asked = _asked(seminar, request.args)
    people = queries.entries(seminar, asked.who, asked.shape.columns)
    content = documents.list_workbook(documents.Paper.of(seminar, asked.shape, now()), asked.shape, people)
    return file(content, WORKBOOK, f"danh-sach-{seminar.slug}.xlsx")


@bp.get("/seminars/<slug>/lists.docx")
@only(*READERS)
def list_document(slug: str) -> Any:
    seminar = plans.seminar_or_404(slug)
    asked = _asked(seminar, request.args)
    people = queries.entries(seminar, asked.who, asked.shape.columns)
    content = documents.list_docx(documents.Paper.of(seminar, asked.shape, now()), asked.shape, people)
    return file(content, WORD, f"danh-sach-{seminar.slug}.docx")


@bp.get("/seminars/<slug>/lists/print")
@only(*READERS)
def list_on_paper(slug: str) -> Any:
    seminar = plans.seminar_or_404(slug)
    asked = _asked(seminar, request.args)
    people = queries.entries(seminar, asked.who, asked.shape.columns)
    paper = documents.Paper.of(seminar, asked.shape, now())
    return render_template(
        "reports/list.html",
        seminar=seminar,
        shape=asked.shape,
        paper=paper,
        date_line=documents.date_line(paper.settings.place, None),
        kind=documents.KIND,
        headings=rules.heading_rows(asked.shape.printed),
        parts=asked.shape.parts,
        widths=rules.shares(asked.shape.parts, is_landscape=asked.shape.is_landscape),
        arranged=rules.arranged(people, asked.shape),
        back=f"{url_for('reports.lists', slug=slug)}?{urlencode(list(request.args.items(multi=True)))}",
    )


@bp.post("/seminars/<slug>/lists/shapes")
@only(*WRITERS)
def keep_shape(slug: str) -> Any:
    seminar = plans.seminar_or_404(slug)
    asked = _asked(seminar, request.form)
    name = request.form.get("name", "")
    try:
        kept = actions.keep_shape(seminar, name, asked.shape, asked.who, staff_actor(), now())
    except Refused as refusal:
        db.session.rollback()
        seminar = plans.seminar_or_404(slug)
        return _page(seminar, _asked(seminar, request.form), name, say(refusal.message)), 422
    key, told = kept.id, kept.name
    db.session.commit()
    flash(_("Kept for everybody of the office: %(name)s.", name=told), "success")
    return redirect(url_for("reports.lists", slug=slug, shape=key), 303)


@bp.post("/seminars/<slug>/lists/shapes/<int:shape_id>/removal")
@only(*WRITERS)
def remove_shape(slug: str, shape_id: int) -> Any:
    seminar = plans.seminar_or_404(slug)
    actions.remove_shape(queries.shape_or_404(seminar, shape_id), staff_actor(), now())
    db.session.commit()
    flash(_("The list is no longer kept."), "success")
    return redirect(url_for("reports.lists", slug=slug), 303)
