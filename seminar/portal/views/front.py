"""Front page, language, verification of letters, health."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask_login import current_user

from seminar.access.guard import public
from seminar.documents import queries as documents
from seminar.lib import language, limits, paths
from seminar.lib.clock import local, now
from seminar.lib.database import db
from seminar.planning import queries as plans
from seminar.planning.messages import contact_of
from seminar.portal.views import bp
from seminar.reports.queries.proceedings import seminars_with_book


@bp.get("/")
@public
def front() -> Any:
    """Staff see all seminars, or at once the only one; the public those that are announced."""
    seminars = plans.seminars() if current_user.is_authenticated else plans.announced_seminars()
    if current_user.is_authenticated and len(seminars) == 1:
        return redirect(url_for("portal.overview", slug=seminars[0].slug))
    return render_template("portal/front.html", seminars=seminars, with_proceedings=seminars_with_book())


@bp.post("/language")
@public
def choose_language() -> Any:
    target = request.form.get("next", "")
    response = redirect(target if paths.is_own(target) else url_for("portal.front"), 303)
    wanted = request.form.get("language", "")
    if wanted in language.LANGUAGES:
        response.set_cookie(
            language.COOKIE, wanted, max_age=365 * 86400, httponly=True, samesite="Lax", secure=request.is_secure
        )
    return response


@bp.get("/verify")
@public
@limits.limiter.limit("30 per minute")
def verify() -> Any:
    """Is this letter genuine? Number in, seminar and office telephone out; no personal data (domain.md 5.4)."""
    number = request.args.get("number", "")
    found = documents.issued_by_symbol(number) if number.strip() else []
    is_unknown = bool(number.strip()) and not found
    offices = _offices() if is_unknown else []
    page = render_template("portal/verify.html", number=number, found=found, offices=offices)
    return page, 404 if is_unknown else 200


def _offices() -> list[str]:
    """Whom to telephone about a number that nobody knows: each office once."""
    seminars = plans.seminars_to_come(local(now()).date())
    return list(dict.fromkeys(contact_of(one) for one in seminars if one.contact_phone))


@bp.get("/healthz")
@public
def health() -> Any:
    db.session.execute(db.text("SELECT 1"))
    return {"status": "ok"}
