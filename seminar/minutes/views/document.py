"""The minutes as a Word file."""

from flask import Response

from seminar.access.guard import only
from seminar.lib.clock import now
from seminar.minutes import documents
from seminar.minutes.views import WRITERS, bp
from seminar.planning import queries as plans

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@bp.get("/seminars/<slug>/minutes.docx")
@only(*WRITERS)
def document(slug: str) -> Response:
    seminar = plans.seminar_or_404(slug)
    return Response(
        documents.minutes_docx(seminar, now()),
        mimetype=WORD,
        headers={"Content-Disposition": f'attachment; filename="bien-ban-{seminar.slug}.docx"'},
    )
