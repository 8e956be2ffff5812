"""Builds of the proceedings: asked for, looked at while they run, their files, given out and taken down."""

from typing import Any

from flask import Response, abort, current_app, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _

from seminar.access.guard import has_role, only, staff_actor
from seminar.lib import files, htmx, qr
from seminar.lib.clock import now
from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.lib.language import say
from seminar.lib.numbers import whole
from seminar.planning import queries as plans
from seminar.planning.models import Seminar
from seminar.reports import actions
from seminar.reports.models import BUILD_STATE_LABELS, Build, Entry, Proceedings
from seminar.reports.queries import proceedings as queries
from seminar.reports.rules.privacy import CONTACT_KIND_LABELS
from seminar.reports.rules.proceedings import public_path
from seminar.reports.views import WORD, bp
from seminar.reports.views.proceedings import LOOKS, OFFICE, PAGE, WRITERS, count_left_out

BUILD = f"{PAGE}/builds/<int:build_id>"
PDF = "application/pdf"


def _build(slug: str, build_id: int) -> tuple[Seminar, Proceedings, Build]:
    seminar = plans.seminar_or_404(slug)
    book = queries.proceedings_or_404(seminar)
    return seminar, book, queries.build_or_404(book, build_id)


@bp.get(f"{PAGE}/builds")
@only(*WRITERS)
def builds(slug: str) -> Any:
    """The region that asks again while a build is under way; opened plainly, the page itself."""
    seminar = plans.seminar_or_404(slug)
    if not htmx.wants_fragment():
        return redirect(url_for("reports.proceedings", slug=slug) + "#build", 303)
    book = queries.proceedings_or_404(seminar)
    page = render_template(
        "reports/_builds.html",
        seminar=seminar,
        book=book,
        here=url_for("reports.proceedings", slug=slug),
        builds=queries.builds_of(book),
        labels=BUILD_STATE_LABELS,
        looks=LOOKS,
        may_build=has_role(*OFFICE),
        left_out=count_left_out,
    )
    return htmx.varied(page)


@bp.post(f"{PAGE}/builds")
@only(*OFFICE)
def ask_build(slug: str) -> Any:
    book = queries.proceedings_or_404(plans.seminar_or_404(slug))
    actions.ask_build(book, staff_actor(), now())
    db.session.commit()
    return redirect(url_for("reports.proceedings", slug=slug) + "#build", 303)


def _page(seminar: Seminar, book: Proceedings, build: Build, refusal: str = "") -> str:
    return render_template(
        "reports/build.html",
        seminar=seminar,
        book=book,
        build=build,
        here=url_for("reports.build", slug=seminar.slug, build_id=build.id),
        page=url_for("reports.proceedings", slug=seminar.slug),
        public=public_path(seminar.slug),
        labels=BUILD_STATE_LABELS,
        looks=LOOKS,
        kinds=CONTACT_KIND_LABELS,
        titles={entry.paper_id: entry.title for entry in build.entries},
        told=queries.told,
        left_out=[
            (entry, queries.told(one)) for entry in build.entries for one in entry.problems if one["is_left_out"]
        ],
        remarks=_remarks(build),
        given=[entry for entry in build.entries if entry.pdf_sha256],
        seen=len(build.contacts) + len(build.unread_pages),
        may_publish=has_role(*OFFICE),
        refusal=refusal,
    )


def _remarks(build: Build) -> dict[str, list[Entry]]:
    """The same sentence of several papers once, with those papers; what left a paper out stands apart."""
    found: dict[str, list[Entry]] = {}
    for entry in build.entries:
        for one in entry.problems:
            if not one["is_left_out"]:
                found.setdefault(queries.told(one), []).append(entry)
    return found


@bp.get(BUILD)
@only(*WRITERS)
def build(slug: str, build_id: int) -> Any:
    return _page(*_build(slug, build_id))


def _file(digest: str, kind: str, name: str) -> Response:
    if not digest:
        abort(404)
    answer = send_file(files.path_of(digest), mimetype=kind, download_name=name, etag=digest)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@bp.get(f"{BUILD}/book.pdf")
@only(*WRITERS)
def build_pdf(slug: str, build_id: int) -> Response:
    _seminar, _book, found = _build(slug, build_id)
    return _file(found.pdf_sha256, PDF, "ky-yeu.pdf")


@bp.get(f"{BUILD}/book.docx")
@only(*WRITERS)
def build_docx(slug: str, build_id: int) -> Response:
    _seminar, _book, found = _build(slug, build_id)
    return _file(found.docx_sha256, WORD, "ky-yeu.docx")


@bp.get(f"{BUILD}/papers/<int:paper_id>.pdf")
@only(*WRITERS)
def built_paper(slug: str, build_id: int, paper_id: int) -> Response:
    _seminar, _book, found = _build(slug, build_id)
    entry = next((one for one in found.entries if one.paper_id == paper_id), None) or abort(404)
    return _file(entry.pdf_sha256, PDF, f"tham-luan-{entry.position}.pdf")


@bp.post(f"{BUILD}/publication")
@only(*OFFICE)
def publish_build(slug: str, build_id: int) -> Any:
    seminar, book, found = _build(slug, build_id)
    try:
        actions.publish_build(
            book,
            found,
            staff_actor(),
            now(),
            seen=whole(request.form.get("seen", "")) or 0,
            is_confirmed=request.form.get("confirmed") == "1",
        )
    except Refused as refusal:
        db.session.rollback()
        return _page(*_build(slug, build_id), say(refusal.message)), 422
    db.session.commit()
    flash(_("The book is published. Look at its page, and print its QR for the hall."), "success")
    return redirect(url_for("reports.build", slug=slug, build_id=build_id), 303)


@bp.post(f"{BUILD}/withdrawal")
@only(*OFFICE)
def take_down(slug: str, build_id: int) -> Any:
    _seminar, book, found = _build(slug, build_id)
    actions.take_down(book, found, staff_actor(), now())
    db.session.commit()
    flash(_("The book was taken down: nobody outside reads it any more."), "success")
    return redirect(url_for("reports.build", slug=slug, build_id=build_id), 303)


@bp.get(f"{PAGE}/qr")
@only(*WRITERS)
def proceedings_qr(slug: str) -> Any:
    """For the hall: on the screen, or printed as a sheet of A4."""
    seminar = plans.seminar_or_404(slug)
    book = queries.proceedings_or_404(seminar)
    address = current_app.config["SEMINAR"].base_url + public_path(slug)
    return render_template(
        "reports/qr.html",
        seminar=seminar,
        book=book,
        address=address,
        picture=qr.data_url(qr.png(address, box_pixels=16)),
        is_published=queries.has_published(seminar),
        back=url_for("reports.proceedings", slug=slug),
    )
