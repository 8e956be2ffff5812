"""The published proceedings: for everybody, or for whoever has an invitation or the link of a unit (office's choice).

Reading by a code is remembered by the browser; a code that was revoked opens nothing any more.
"""

from typing import Any

from flask import Response, abort, redirect, render_template, request, send_file, session, url_for
from flask_babel import gettext as _
from flask_login import current_user

from seminar.access.guard import by_personal_link, by_unit_link, public
from seminar.invitations import queries as invitations
from seminar.lib import codes, files
from seminar.lib.limits import guesses
from seminar.planning import queries as plans
from seminar.planning.models import Seminar
from seminar.portal.views import bp
from seminar.portal.views.personal import find_invitation
from seminar.portal.views.unit import find_link
from seminar.reports.models import Build
from seminar.reports.queries import proceedings as queries

PAGE = "/proceedings/<slug>"
COOKIE_KEY = "reader"


def _seminar_of(code: str) -> int | None:
    """The seminar that the code, of an invitation or of a unit, lets its holder read; None where it opens nothing."""
    if not codes.is_link_code(code):
        return None
    invitation = invitations.invitation_by_code(code)
    if invitation is not None and not invitation.revoked_at and not invitation.delegate.removed_at:
        return invitation.delegate.seminar_id
    link = plans.unit_link_by_code(code)
    return link.seminar_id if link is not None and not link.revoked_at else None


def _may_read(seminar: Seminar, build: Build) -> bool:
    if build.proceedings.is_open or current_user.is_authenticated:
        return True
    return _seminar_of(session.get(COOKIE_KEY, "")) == seminar.id


def _published(slug: str) -> tuple[Seminar, Build | None]:
    seminar = plans.seminar_or_404(slug)
    return seminar, queries.published_build(seminar)


def _gate(seminar: Seminar, problem: str = "") -> str:
    return render_template("portal/proceedings_gate.html", seminar=seminar, problem=problem)


@bp.get(PAGE)
@public
def proceedings(slug: str) -> Any:
    """404 until something is published; the page says so, since its QR may hang in the hall already."""
    seminar, build = _published(slug)
    if build is None:
        return render_template("portal/proceedings_none.html", seminar=seminar), 404
    if not _may_read(seminar, build):
        return _gate(seminar)
    parts: dict[str, list[Any]] = {}
    for entry in build.entries:
        if entry.pdf_sha256:
            parts.setdefault(entry.part_title, []).append(entry)
    return render_template(
        "portal/proceedings.html",
        seminar=seminar,
        build=build,
        book=build.proceedings,
        parts=parts,
        here=url_for("portal.proceedings", slug=slug),
        megabytes=max(1, round(files.path_of(build.pdf_sha256).stat().st_size / 1e6)),
    )


@bp.post(f"{PAGE}/entry")
@public
@guesses
def enter_proceedings(slug: str) -> Any:
    """By the code of a letter, typed or scanned; 403 is counted as a wrong guess."""
    seminar = plans.seminar_or_404(slug)
    code = "".join(one for one in request.form.get("code", "")[:200] if one.isascii() and one.isdecimal())
    if _seminar_of(code) != seminar.id:
        problem = _("This code opens nothing here. Type the 20 figures of your letter or card; the office helps you.")
        return _gate(seminar, problem), 403
    session[COOKIE_KEY] = code
    return redirect(url_for("portal.proceedings", slug=slug), 303)


@bp.get("/i/<code>/proceedings")
@by_personal_link
@guesses
def delegate_proceedings(code: str) -> Any:
    """From the personal page; only the browser remembers something, so that a GET changes nothing here."""
    slug = find_invitation(code).delegate.seminar.slug
    session[COOKIE_KEY] = code
    return redirect(url_for("portal.proceedings", slug=slug))


@bp.get("/u/<code>/proceedings")
@by_unit_link
@guesses
def unit_proceedings(code: str) -> Any:
    slug = find_link(code).seminar.slug
    session[COOKIE_KEY] = code
    return redirect(url_for("portal.proceedings", slug=slug))


def _pdf(digest: str, name: str) -> Response:
    answer = send_file(files.path_of(digest), mimetype="application/pdf", download_name=name, etag=digest)
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


def _readable(slug: str) -> Build:
    seminar, build = _published(slug)
    if build is None or not _may_read(seminar, build):
        abort(404)
    return build


@bp.get(f"{PAGE}/book.pdf")
@public
def published_book(slug: str) -> Response:
    return _pdf(_readable(slug).pdf_sha256, f"ky-yeu-{slug}.pdf")


@bp.get(f"{PAGE}/papers/<int:paper_id>.pdf")
@public
def published_paper(slug: str, paper_id: int) -> Response:
    entry = next((one for one in _readable(slug).entries if one.paper_id == paper_id and one.pdf_sha256), None)
    return _pdf(entry.pdf_sha256, f"tham-luan-{entry.position}.pdf") if entry else abort(404)
