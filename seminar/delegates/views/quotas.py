"""The table of quotas: how many places each unit has of each group, changed cell by cell, and a free place given on."""

import re
from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from seminar.access.guard import staff_actor
from seminar.delegates import actions, queries
from seminar.delegates.views import bp, writers
from seminar.lib.clock import now
from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.lib.language import ngettext, say
from seminar.lib.numbers import whole
from seminar.planning import queries as plans
from seminar.planning.models import QUOTA_KIND_LABELS, Group, Seminar

NAME = re.compile(r"places-(\d{1,9})-(\d{1,9})", re.ASCII)
MOST_OF_ONE_UNIT = 500


def show_quotas(seminar: Seminar, typed: Mapping[str, str] | None = None, refusal: str = "") -> str:
    """`typed` is what was written into the cells and not saved."""
    table = queries.allotted(seminar)
    return render_template(
        "delegates/quotas.html",
        seminar=seminar,
        table=table,
        typed=typed or {},
        refusal=refusal,
        quota_kinds=QUOTA_KIND_LABELS,
        missing=sum(plans.missing_places(seminar).values()),
    )


@bp.get("/quotas")
@writers
def quotas(slug: str) -> Any:
    return show_quotas(plans.seminar_or_404(slug))


def _again(slug: str, refusal: str) -> Any:
    db.session.rollback()
    return show_quotas(plans.seminar_or_404(slug), request.form, refusal), 422


@bp.post("/quotas")
@writers
def change_quotas(slug: str) -> Any:
    """Only cells that differ from what the page showed are written: somebody else's change is not undone by an old page."""
    seminar = plans.seminar_or_404(slug)
    wanted = {}
    for name, text in request.form.items():
        cell = NAME.fullmatch(name)
        if cell is None or text.strip() == request.form.get(f"was-{cell[1]}-{cell[2]}", ""):
            continue
        number = whole(text.strip(), MOST_OF_ONE_UNIT)
        if number is None:
            return _again(slug, _("Write a whole number from 0 to %(most)s into each cell.", most=MOST_OF_ONE_UNIT))
        wanted[int(cell[1]), int(cell[2])] = number
    try:
        changed = actions.set_places(seminar, wanted, staff_actor(), now())
    except Refused as refusal:
        return _again(slug, say(refusal.message))
    db.session.commit()
    if changed:
        listed = "; ".join(f"{one.unit}, {one.group}: {one.before} → {one.after}" for one in changed[:8])
        more = f" … (+{len(changed) - 8})" if len(changed) > 8 else ""
        flash(_("Saved: %(changes)s.", changes=listed + more), "success")
    else:
        flash(_("Nothing was changed."), "info")
    return redirect(url_for("delegates.quotas", slug=slug), 303)


@bp.post("/quotas/missing")
@writers
def make_missing_places(slug: str) -> Any:
    made = actions.make_missing_places(plans.seminar_or_404(slug), staff_actor(), now())
    db.session.commit()
    flash(ngettext("%(num)d place was made.", "%(num)d places were made.", made), "success")
    return redirect(url_for("delegates.quotas", slug=slug), 303)


@bp.post("/quotas/moves")
@writers
def give_place(slug: str) -> Any:
    """A place that its unit does not use, given to another."""
    seminar = plans.seminar_or_404(slug)
    group = plans.part_or_404(seminar, Group, whole(request.form.get("group", "")) or 0)
    giver = plans.unit_or_404(whole(request.form.get("giver", "")) or 0)
    taker = plans.unit_or_404(whole(request.form.get("taker", "")) or 0)
    try:
        actions.give_free_place(seminar, group, giver, taker, staff_actor(), now())
    except Refused as refusal:
        return _again(slug, say(refusal.message))
    names = {"giver": giver.name, "taker": taker.name, "group": group.code}
    db.session.commit()
    flash(_("%(giver)s gave %(taker)s one place of %(group)s.", **names), "success")
    return redirect(url_for("delegates.quotas", slug=slug, _anchor="move"), 303)
