"""The scripts of the notes (static/notes): they import one another, so their folder stands in the address with a hash."""

from typing import Any

from flask import url_for

from seminar.access.guard import public
from seminar.lib.pages import module_file, modules_version
from seminar.minutes.views import bp

FOLDER = "notes"


@bp.app_template_global("notes_module")
def address(file: str) -> str:
    return url_for("minutes.notes_module", folder=modules_version(FOLDER), file=file)


@bp.get("/notes/app/<folder>/<file>")
@public
def notes_module(folder: str, file: str) -> Any:
    return module_file(FOLDER, folder, file)
