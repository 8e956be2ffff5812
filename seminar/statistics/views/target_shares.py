"""What each unit is to reach in each year: typed in a table, or read from an Excel file that the page gives out."""

from typing import Any

from flask import flash, redirect, request, url_for
from werkzeug.datastructures import FileStorage

from seminar.access.guard import staff_actor
from seminar.lib import sheets
from seminar.lib.clock import now
from seminar.lib.database import db, reading
from seminar.lib.errors import N_, Message, Refused
from seminar.lib.language import ngettext, say
from seminar.lib.text import clean
from seminar.planning import queries as plans
from seminar.statistics.actions import targets as actions
from seminar.statistics.documents.shares import read_shares, shares_workbook
from seminar.statistics.queries import targets as reads
from seminar.statistics.rules.shares import check_shares, more_admitted, read_pairs, sums_by, typed_of, with_file
from seminar.statistics.views import bp, reads_statistics, writes_statistics
from seminar.statistics.views.targets import TARGETS, WORKBOOK, _, file, look, render

Typed = dict[tuple[int, int, str], str]
NAME_PARTS = ("i", "a")
NO_FILE = N_("Choose the Excel file first.")


def _name(unit_id: int, year: int, key: str) -> str:
    return f"share-{unit_id}-{year}-{key}"


def _page(
    slug: str,
    typed: Typed | None = None,
    wrong: dict[tuple[int, int, str], Message] | None = None,
    refusal: str = "",
    problems: tuple[Message, ...] = (),
    seen: str = "",
    overtaken: Typed | None = None,
    *,
    is_read: bool = False,
) -> str:
    at = look(slug)
    plan, units = at.gathered.plan, at.gathered.units
    saved = actions.shares_of(plan)
    stored = typed_of(saved)
    shown = stored if typed is None else typed
    pairs, _wrong = read_pairs(shown, [unit.id for unit in units], at.gathered.span.years)
    names = {unit.id: unit.name for unit in units}
    changed = {key for key in shown.keys() | stored.keys() if shown.get(key, "").strip() != stored.get(key, "")}
    return render(
        "statistics/target_shares.html",
        at,
        "shares",
        years=at.gathered.span.years,
        units=units,
        typed=shown,
        stored=stored,
        changed=changed if typed is not None else set(),
        wrong=wrong or {},
        refusal=refusal,
        problems=problems,
        seen=seen or actions.shares_seen(plan),
        overtaken=overtaken or {},
        is_read=is_read,
        name_of=_name,
        unit_sums=sums_by(pairs, 0),
        year_sums=sums_by(pairs, 1),
        checks=check_shares(
            pairs, [unit.id for unit in units], at.gathered.span.years, (plan.introduced_count, plan.admitted_count)
        ),
        odd=[(names[unit], year) for unit, year in more_admitted(pairs)],
    )


@bp.get(f"{TARGETS}/shares")
@reads_statistics
def target_shares(slug: str) -> Any:
    return _page(slug)


@bp.get(f"{TARGETS}/shares.xlsx")
@reads_statistics
def target_shares_workbook(slug: str) -> Any:
    at = look(slug)
    typed = typed_of(actions.shares_of(at.gathered.plan))
    content = shares_workbook("Chỉ tiêu giao", at.gathered.units, at.gathered.span.years, typed)
    return file(content, WORKBOOK, f"chi-tieu-giao-{at.seminar.slug}.xlsx")


def _said(units: list[int], years: list[int], stored: Typed) -> Typed:
    """What stands in the fields; a field that the page did not have stays as it is."""
    keys = [(unit, year, key) for unit in units for year in years for key in NAME_PARTS]
    return {key: clean(request.form.get(_name(*key), stored.get(key, "")))[:40] for key in keys}


@bp.post(f"{TARGETS}/shares")
@writes_statistics
def keep_target_shares(slug: str) -> Any:
    """A file that was chosen is read first, whichever button was pressed."""
    if _chosen() is not None:
        return _read_file(slug)
    seminar = plans.seminar_or_404(slug)
    plan = reads.target_plan_asked(seminar)
    units = [unit.id for unit in reads.units_of_targets(seminar, plan)]
    typed = _said(units, reads.span_of(plan).years, typed_of(actions.shares_of(plan)))
    pairs, wrong = read_pairs(typed, units, reads.span_of(plan).years)
    seen, refusal = request.form.get("seen", ""), ""
    if wrong:
        refusal = _("Some cells are no numbers; nothing was saved yet. They are marked below.")
    else:
        try:
            changed = actions.keep_shares(plan, pairs, seen, staff_actor(), now())
            db.session.commit()
            flash(
                ngettext("%(num)d share was changed.", "%(num)d shares were changed.", changed)
                if changed
                else _("Nothing was changed."),
                "success",
            )
            return redirect(url_for("statistics.target_shares", slug=slug), 303)
        except Refused as refused:
            refusal = say(refused.message)
            seen = ""  # theirs is shown beside: saving again puts ours in its place
    db.session.rollback()
    with reading():
        page = _page(slug, typed, wrong, refusal, seen=seen)
    return page, 422


@bp.post(f"{TARGETS}/shares/file")
@writes_statistics
def read_target_shares(slug: str) -> Any:
    return _read_file(slug)


def _chosen() -> FileStorage | None:
    upload = request.files.get("file")
    return upload if upload is not None and upload.filename else None


def _read_file(slug: str) -> Any:
    """Reads the file into the fields, beside what was typed; nothing is kept before somebody looked and pressed."""
    with reading():
        seminar = plans.seminar_or_404(slug)
        plan = reads.target_plan_asked(seminar)
        units, years = reads.units_of_targets(seminar, plan), reads.span_of(plan).years
        known = {unit.id: unit.name for unit in units}
        names = plans.units_by_folded_name()
        names = {folded: unit for folded, unit in names.items() if unit.id in known}
        stored = typed_of(actions.shares_of(plan))
        db.session.expunge_all()
    typed, seen = _said(list(known), years, stored), request.form.get("seen", "")
    upload = _chosen()
    try:
        content = upload.read() if upload else b""
        if not content:
            raise Refused(NO_FILE)
        found = read_shares(sheets.read(content), years, names)
    except Refused as refused:
        with reading():
            page = _page(slug, typed, refusal=say(refused.message), seen=seen)
        return page, 422
    shown, overtaken = with_file(stored, typed, found.cells)
    _pairs, wrong = read_pairs(shown, list(known), years)
    with reading():
        return _page(slug, shown, wrong, "", tuple(found.problems), seen, overtaken, is_read=True)
