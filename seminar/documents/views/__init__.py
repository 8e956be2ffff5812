"""The office's pages about documents: their settings, the outgoing register, its own Word templates."""

from flask import Blueprint, Response

from seminar.access.guard import only
from seminar.access.roles import Role

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PDF = "application/pdf"

bp = Blueprint("documents", __name__)

reads = only(Role.ADMIN, Role.OFFICE, Role.SECRETARY)
writes = only(Role.ADMIN, Role.OFFICE)


def file(content: bytes, kind: str, name: str) -> Response:
    """A file to keep, a PDF to look at; never in a cache, since it names people."""
    answer = Response(content, content_type=kind)
    how = "inline" if kind == PDF else "attachment"
    answer.headers["Content-Disposition"] = f'{how}; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


from seminar.documents.views import register, settings  # noqa: E402

__all__ = ["PDF", "WORD", "WORKBOOK", "bp", "file", "reads", "register", "settings", "writes"]
