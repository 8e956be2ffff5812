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


from seminar.reports.views import (  # noqa: E402
    builds,
    credentials,
    dossiers,
    drafts,
    issues,
    lists,
    pack,
    proceedings,
    result,
    templates,
    thanks,
)

__all__ = [
    "bp",
    "builds",
    "credentials",
    "dossiers",
    "drafts",
    "file",
    "issues",
    "lists",
    "pack",
    "proceedings",
    "result",
    "templates",
    "thanks",
]
