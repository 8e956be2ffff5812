"""The minutes as Word and PDF: as adopted, or the draft."""

from flask import Response, request

from seminar.access.guard import only
from seminar.lib.clock import now
from seminar.lib.numbers import whole
from seminar.minutes import documents, queries
from seminar.minutes.models import MinutesVersion
from seminar.minutes.views import READERS, bp
from seminar.planning import queries as plans
from seminar.planning.models import Seminar

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = "application/pdf"
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def file(content: bytes, kind: str, name: str, *, inline: bool = False) -> Response:
    """A file to keep, or to look at; never in a cache, since it names people."""
    answer = Response(content, content_type=kind)
    answer.headers["Content-Disposition"] = f'{"inline" if inline else "attachment"}; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _version(seminar: Seminar) -> MinutesVersion | None:
    """The one that `?version=N` names; without it, as the minutes stand."""
    asked = request.args.get("version")
    return queries.version_or_404(seminar, whole(asked) or 0) if asked else None


def _name(seminar: Seminar, version: MinutesVersion | None, ending: str) -> str:
    return f"bien-ban-{seminar.slug}{f'-lan-{version.number}' if version else ''}.{ending}"


@bp.get("/seminars/<slug>/minutes.docx")
@only(*READERS)
def document(slug: str) -> Response:
    seminar = plans.seminar_or_404(slug)
    version = _version(seminar)
    return file(documents.minutes_docx(seminar, now(), version), WORD, _name(seminar, version, "docx"))


@bp.get("/seminars/<slug>/minutes.pdf")
@only(*READERS)
def minutes_pdf(slug: str) -> Response:
    seminar = plans.seminar_or_404(slug)
    version = _version(seminar)
    return file(documents.minutes_pdf(seminar, now(), version), PDF, _name(seminar, version, "pdf"), inline=True)
