"""The handover dossier: asked for, looked at while it is packed, fetched. Only whoever may see all of it."""

from typing import Any

from flask import Response, flash, redirect, render_template, send_file, url_for
from flask_babel import gettext as _

from seminar.access.guard import only, staff_actor
from seminar.lib import files, htmx
from seminar.lib.clock import local, now
from seminar.lib.database import db
from seminar.planning import queries as plans
from seminar.planning.models import Seminar
from seminar.reports import actions
from seminar.reports.models import BUILD_STATE_LABELS
from seminar.reports.queries import dossiers as queries
from seminar.reports.queries.proceedings import told
from seminar.reports.views import bp
from seminar.reports.views.proceedings import LOOKS
from seminar.reports.views.result import KEEPERS

PAGE = "/seminars/<slug>/dossier"
ZIP = "application/zip"


def _values(seminar: Seminar) -> dict[str, Any]:
    return {
        "seminar": seminar,
        "dossiers": queries.dossiers_of(seminar),
        "here": url_for("reports.dossier", slug=seminar.slug),
        "labels": BUILD_STATE_LABELS,
        "looks": LOOKS,
        "told": told,
        "kept": actions.KEPT,
        "is_kept": queries.is_kept,
    }


@bp.get(PAGE)
@only(*KEEPERS)
def dossier(slug: str) -> Any:
    return render_template("reports/dossier.html", **_values(plans.seminar_or_404(slug)))


@bp.get(f"{PAGE}/progress")
@only(*KEEPERS)
def dossier_progress(slug: str) -> Any:
    """The region that asks again while one is being packed; opened plainly, the page itself."""
    seminar = plans.seminar_or_404(slug)
    if not htmx.wants_fragment():
        return redirect(url_for("reports.dossier", slug=slug), 303)
    return htmx.varied(render_template("reports/_dossiers.html", **_values(seminar)))


@bp.post(PAGE)
@only(*KEEPERS)
def ask_dossier(slug: str) -> Any:
    actions.ask_dossier(plans.seminar_or_404(slug), staff_actor(), now())
    db.session.commit()
    return redirect(url_for("reports.dossier", slug=slug), 303)


@bp.post(f"{PAGE}/<int:dossier_id>/file")
@only(*KEEPERS)
def hand_over_dossier(slug: str, dossier_id: int) -> Response:
    """A form, not a link: who fetched it is written down, and no preview of an address fetches it."""
    seminar = plans.seminar_or_404(slug)
    found = queries.dossier_or_404(seminar, dossier_id)
    digest = actions.hand_over_dossier(found, staff_actor(), now())
    name = f"ho-so-{seminar.slug}-{local(found.asked_at):%Y%m%d-%H%M}.zip"
    if not queries.is_kept(found):
        db.session.rollback()
        flash(_("The file of this dossier is no longer there: have it packed anew."), "danger")
        return redirect(url_for("reports.dossier", slug=slug), 303)  # type: ignore[return-value]
    db.session.commit()
    answer = send_file(files.path_of(digest), mimetype=ZIP, as_attachment=True, download_name=name, etag=digest)
    answer.headers["Cache-Control"] = "no-store"
    return answer
