"""Pages and files of lists out, dispatches and programme, the credentials summary and the result report."""

from flask import Blueprint, Response

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

bp = Blueprint("reports", __name__)


def file(content: bytes, kind: str, name: str, *, inline: bool = False) -> Response:
    """A file to keep, or to look at; never in a cache, since it names people."""
    answer = Response(content, content_type=kind)
    answer.headers["Content-Disposition"] = f'{"inline" if inline else "attachment"}; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


from seminar.reports.views import credentials, drafts, lists, pack, result, templates, thanks  # noqa: E402

__all__ = ["bp", "credentials", "drafts", "file", "lists", "pack", "result", "templates", "thanks"]
