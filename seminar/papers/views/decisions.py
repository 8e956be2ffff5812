"""The conclusion of vetting on one paper."""

from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _

from seminar.access.guard import staff_actor
from seminar.lib.clock import now
from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.lib.language import say
from seminar.papers import actions, queries
from seminar.papers.forms import DecisionForm
from seminar.papers.views import PAPER, bp, decides
from seminar.papers.views.papers import show
from seminar.planning import queries as plans


@bp.post(f"{PAPER}/decision")
@decides
def decide(slug: str, paper_id: int) -> Any:
    seminar = plans.seminar_or_404(slug)
    found = queries.paper_or_404(seminar, paper_id)
    form = DecisionForm(request.form)
    asked = form.version.data or ""
    try:
        if form.validate():
            actions.decide_paper(
                found,
                version=int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 10 else 0,
                in_print=form.in_print.data,
                on_stage=form.on_stage.data,
                needs_correction=form.needs_correction.data,
                note=form.note.data or "",
                by=staff_actor(),
                now=now(),
            )
            db.session.commit()
            flash(_("The decision was recorded."), "success")
            return redirect(url_for("papers.paper", slug=slug, paper_id=paper_id), 303)
    except Refused as refusal:
        db.session.rollback()
        form.note.errors = [say(refusal.message)]
    return show(seminar, found, decision_form=form), 422
