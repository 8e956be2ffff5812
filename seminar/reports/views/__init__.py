"""Pages and files of lists out, the credentials summary and the result report."""

from flask import Blueprint, Response

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

bp = Blueprint("reports", __name__)


def file(content: bytes, kind: str, name: str) -> Response:
    """A file to keep; never in a cache, since it names people."""
    answer = Response(content, content_type=kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


from seminar.reports.views import credentials, lists, pack, result, thanks  # noqa: E402

__all__ = ["bp", "credentials", "lists", "pack", "result", "thanks"]
