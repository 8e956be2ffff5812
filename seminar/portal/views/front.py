"""Front page, language, the office's overview."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_login import current_user

from seminar.access.guard import only, public
from seminar.access.roles import Role
from seminar.lib import language
from seminar.lib.database import db
from seminar.planning import queries as plans
from seminar.portal.menu import menu

bp = Blueprint("portal", __name__)


@bp.record_once
def install(state: Any) -> None:
    state.app.jinja_env.globals["menu"] = menu


@bp.get("/")
@public
def front() -> Any:
    """Staff see all seminars; the public those that are announced."""
    seminars = plans.seminars() if current_user.is_authenticated else plans.announced_seminars()
    return render_template("portal/front.html", seminars=seminars)


@bp.post("/language")
@public
def choose_language() -> Any:
    target = request.form.get("next", "")
    is_path = target.startswith("/") and not target.startswith(("//", "/\\"))
    response = redirect(target if is_path else url_for("portal.front"), 303)
    wanted = request.form.get("language", "")
    if wanted in language.LANGUAGES:
        response.set_cookie(
            language.COOKIE,
            wanted,
            max_age=365 * 86400,
            httponly=True,
            samesite="Lax",
            secure=request.is_secure,
        )
    return response


@bp.get("/healthz")
@public
def health() -> Any:
    db.session.execute(db.text("SELECT 1"))
    return {"status": "ok"}


@bp.get("/seminars/<slug>/")
@only(Role.ADMIN, Role.OFFICE, Role.SECRETARY, Role.REVIEWER, Role.VIEWER)
def overview(slug: str) -> Any:
    seminar = plans.seminar_or_404(slug)
    return render_template("portal/overview.html", seminar=seminar)
