"""The page of a unit, opened by its link: its quotas, who is named, its paper, what is missing and by when."""

from typing import Any

from flask import Response, abort, redirect, render_template, request

from seminar.access.actor import Actor, ActorKind
from seminar.access.guard import by_unit_link
from seminar.delegates import queries as delegates
from seminar.lib import codes
from seminar.lib.clock import now
from seminar.lib.database import db, reading
from seminar.lib.errors import Refused
from seminar.lib.language import say
from seminar.lib.limits import guesses
from seminar.papers import actions as papers
from seminar.papers import queries as paper_queries
from seminar.papers.models import PaperKind
from seminar.planning import queries as plans
from seminar.planning.models import QuotaKind, UnitLink
from seminar.planning.rules import due_at, is_closed, is_late
from seminar.portal.forms import PaperForm
from seminar.portal.uploads import receive_paper, tell_receipt
from seminar.portal.views import bp


def find_link(code: str) -> UnitLink:
    """404 for a stranger, 410 for a link that was replaced."""
    link = plans.unit_link_by_code(code) if codes.is_link_code(code) else None
    if link is None:
        abort(404)
    if link.revoked_at:
        abort(Response(render_template("portal/revoked.html", seminar=link.seminar), 410))
    return link


def paper_form(link: UnitLink, data: Any = None) -> PaperForm:
    return PaperForm(data, authors=link.unit.name).offer(link.seminar.topics)


def show(link: UnitLink, status: int = 200, form: PaperForm | None = None) -> Any:
    seminar, unit = link.seminar, link.unit
    quotas = [
        group
        for group in seminar.groups
        if group.quota_kind == QuotaKind.PER_UNIT and (not group.unit_kinds or unit.kind in group.unit_kinds)
    ]
    return render_template(
        "portal/unit.html",
        link=link,
        seminar=seminar,
        unit=unit,
        quotas=quotas,
        named=delegates.named_by_group(seminar, unit),
        papers=paper_queries.papers_of_unit(seminar, unit),
        deadlines={code: plans.milestone(seminar, code) for code in ("nominations", "papers", "returns")},
        due_at=due_at,
        is_late=is_late,
        is_closed=is_closed,
        now=now(),
        form=form or paper_form(link),
    ), status


@bp.get("/u/<code>")
@by_unit_link
@guesses
def unit_page(code: str) -> Any:
    return show(find_link(code))


@bp.post("/u/<code>/paper")
@by_unit_link
@guesses
def send_unit_paper(code: str) -> Any:
    with reading():
        find_link(code)
    checked, problem = receive_paper()
    link = find_link(code)
    form = paper_form(link, request.form)
    try:
        if form.validate() and checked:
            submission = papers.submit_paper(
                link.seminar,
                checked,
                title=form.title.data,
                authors=form.authors.data,
                kind=PaperKind.PAPER,
                topic_id=int(form.topic.data) if form.topic.data else None,
                unit=link.unit,
                paper=next(iter(paper_queries.papers_of_unit(link.seminar, link.unit)), None),
                by=Actor(ActorKind.UNIT, link.unit.name, link.unit.id),
                now=now(),
            )
            db.session.commit()
            tell_receipt(submission)
            return redirect(f"/u/{code}#paper", 303)
    except Refused as refusal:
        db.session.rollback()
        problem = say(refusal.message)
    if problem:
        form.file.errors = [problem]
    return show(link, 422, form)
