"""The page of the minutes: as they will print, what is missing, their particulars, adoption, versions and differences."""

from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from seminar.access.guard import has_role, only, staff_actor
from seminar.lib.clock import now
from seminar.lib.database import db, reading
from seminar.lib.errors import Refused
from seminar.lib.language import say
from seminar.minutes import actions, documents, queries
from seminar.minutes.forms import AdoptionForm, ParticularsForm, ReopeningForm, particulars_form
from seminar.minutes.models import NOTE_KIND_LABELS, MinutesVersion
from seminar.minutes.rules import Differences, changes_between
from seminar.minutes.views import ADOPTERS, READERS, WRITERS, bp
from seminar.planning import queries as plans
from seminar.planning.models import Seminar

MANNER = "đã được đọc tại hội trường, các đại biểu nhất trí thông qua"
MANNERS = (MANNER, "đã được chủ trì xem lại và thông qua", "đã được gửi các đại biểu góp ý và thống nhất thông qua")
"""What the closing line says; the chair may write it otherwise."""
MESSAGE = "Kính gửi đồng chí chủ trì: dự thảo biên bản {title} đã sẵn sàng. Xin đồng chí xem và thông qua tại {link}"


def _told(seminar: Seminar, found: Differences) -> dict[str, Any]:
    """The differences with the notes and wordings they name, for the page."""
    ids = {*found.added, *found.removed, *(one[0] for one in found.rewritten)}
    pairs = {(note_id, wording) for note_id, before, after in found.rewritten for wording in (before, after)}
    return {
        "found": found,
        "notes_by_id": queries.notes_by_id(seminar, ids) if ids else {},
        "wordings": queries.wordings(pairs),
        "figure_labels": queries.FIGURE_LABELS,
        "particular_labels": queries.PARTICULAR_LABELS,
        "labels": NOTE_KIND_LABELS,
    }


def _page(
    seminar: Seminar,
    form: ParticularsForm | None = None,
    refusal: str = "",
    adoption: AdoptionForm | None = None,
    reopening: ReopeningForm | None = None,
) -> str:
    moment = now()
    versions = queries.versions_of(seminar)
    newest = versions[0] if versions else None
    is_locked = newest is not None and newest.adopted_at is not None
    minutes = documents.minutes_of(seminar, newest, moment, is_draft=not is_locked)
    revision = newest.revision if newest and not is_locked else 0
    adopted = next((one for one in versions if one.adopted_at), None)
    changed = changes_between(adopted.facts, minutes.facts) if adopted else None
    kept = adopted.facts.get("figures", {}) if adopted else {}
    adoption = adoption or AdoptionForm(data={"manner": MANNER})
    adoption.seen.data = minutes.seen
    return render_template(
        "minutes/minutes.html",
        seminar=seminar,
        moment=moment,
        minutes=minutes,
        content=minutes.content,
        remarks=[] if is_locked else documents.remarks_of(seminar, minutes),
        newest=newest,
        versions=versions,
        adopted=adopted,
        is_locked=is_locked,
        frozen=kept,
        form=form or particulars_form(minutes.particulars, revision),
        shown=particulars_form(minutes.particulars, revision) if form is not None else None,
        known=minutes.known,
        adoption=adoption,
        manners=MANNERS,
        message=MESSAGE.format(
            title=seminar.title,
            link=current_app.config["SEMINAR"].base_url + url_for("minutes.minutes", slug=seminar.slug),
        ),
        reopening=reopening or ReopeningForm(),
        refusal=refusal,
        changed=_told(seminar, changed) if changed else None,
        here=url_for("minutes.minutes", slug=seminar.slug),
        may_write=has_role(*WRITERS),
        may_adopt=has_role(*ADOPTERS),
    )


@bp.get("/seminars/<slug>/minutes")
@only(*READERS)
def minutes(slug: str) -> Any:
    return _page(plans.seminar_or_404(slug))


def _back(slug: str, anchor: str | None = None) -> Any:
    return redirect(url_for("minutes.minutes", slug=slug, _anchor=anchor), 303)


@bp.post("/seminars/<slug>/minutes")
@only(*WRITERS)
def change_minutes(slug: str) -> Any:
    form = ParticularsForm(request.form)
    refusal = ""
    if form.validate():
        try:
            seminar = plans.seminar_or_404(slug)
            actions.change_minutes(seminar, int(form.revision.data), form.typed(), staff_actor(), now())
            db.session.commit()
            flash(_("Saved."), "success")
            return _back(slug, "particulars")
        except Refused as refused:
            db.session.rollback()
            refusal = say(refused.message)
    with reading():
        seminar = plans.seminar_or_404(slug)
        newest = queries.newest_version(seminar.id)
        form.revision.data = str(newest.revision if newest and newest.adopted_at is None else 0)
        page = _page(seminar, form, refusal)
    return page, 422


@bp.post("/seminars/<slug>/minutes/adoption")
@only(*ADOPTERS)
def adopt_minutes(slug: str) -> Any:
    """Both files are made before anything is written; then the notes are held, and what was read is adopted or nothing."""
    form = AdoptionForm(request.form)
    refusal = ""
    if form.validate():
        try:
            with reading():
                frozen = actions.freeze_minutes(plans.seminar_or_404(slug), form.manner.data, now())
            actions.adopt_minutes(plans.seminar_or_404(slug), frozen, form.seen.data, staff_actor(), now())
            db.session.commit()
            flash(_("The minutes are adopted and locked."), "success")
            return _back(slug)
        except Refused as refused:
            db.session.rollback()
            refusal = say(refused.message)
    with reading():
        page = _page(plans.seminar_or_404(slug), refusal=refusal, adoption=form)
    return page, 422


@bp.post("/seminars/<slug>/minutes/reopening")
@only(*WRITERS)
def reopen_minutes(slug: str) -> Any:
    form = ReopeningForm(request.form)
    refusal = ""
    if form.validate():
        try:
            actions.open_minutes(plans.seminar_or_404(slug), form.reason.data, staff_actor(), now())
            db.session.commit()
            flash(_("The minutes are open again; the adopted version stands until the new one is adopted."), "success")
            return _back(slug)
        except Refused as refused:
            db.session.rollback()
            refusal = say(refused.message)
    with reading():
        page = _page(plans.seminar_or_404(slug), refusal=refusal, reopening=form)
    return page, 422


@bp.post("/seminars/<slug>/minutes/reopening/reversal")
@only(*WRITERS)
def close_minutes(slug: str) -> Any:
    try:
        actions.close_minutes(plans.seminar_or_404(slug), staff_actor(), now())
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        with reading():
            page = _page(plans.seminar_or_404(slug), refusal=say(refused.message))
        return page, 422
    flash(_("The adopted version stands, and notes are locked."), "success")
    return _back(slug)


@bp.get("/seminars/<slug>/minutes/versions/<int:number>")
@only(*READERS)
def version(slug: str, number: int) -> Any:
    """One version: who adopted it and how, its figures as they were, and what it says otherwise than the one before."""
    seminar = plans.seminar_or_404(slug)
    found: MinutesVersion = queries.version_or_404(seminar, number)
    before = queries.version_before(found)
    changed = changes_between(before.facts, found.facts) if before and found.adopted_at else None
    return render_template(
        "minutes/version.html",
        seminar=seminar,
        version=found,
        before=before,
        changed=_told(seminar, changed) if changed else None,
        figures=[(queries.FIGURE_LABELS.get(key, key), count) for key, count in found.facts.get("figures", {}).items()],
        here=url_for("minutes.minutes", slug=slug),
    )
