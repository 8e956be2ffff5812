"""What every page has: asset addresses with a hash, icons, dates and numbers as Vietnamese writes them, error sentences."""

import hashlib
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, Response, abort, current_app, make_response, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.routing import IntegerConverter

from seminar.lib import clock, phones, text

KEEP = "public, max-age=31536000, immutable"


@lru_cache(maxsize=512)
def _version(path: Path, changed: float) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10]


def asset(name: str) -> str:
    """Address of a static file with a hash of its content, so that new pages never run old scripts."""
    path = Path(current_app.static_folder or "") / name
    if not path.exists():
        return url_for("static", filename=name)
    return url_for("static", filename=name, v=_version(path, path.stat().st_mtime))


def modules(folder: str) -> list[Path]:
    """Scripts of a folder that import one another by their bare names."""
    return sorted(Path(current_app.static_folder or "", folder).glob("*.js"))


def modules_version(folder: str) -> str:
    """Names the content of all of them, so that what one imports fits it: it stands in the address in place of a query."""
    return digest(*(path.name.encode() + path.read_bytes() for path in modules(folder)))


def module_file(folder: str, version: str, file: str) -> Response:
    """One of them, which a browser may keep for good; 404 where it is not, or no longer, of this version."""
    found = [path for path in modules(folder) if path.name == file]
    if not found or version != modules_version(folder):
        abort(404)
    answer = make_response(found[0].read_bytes())
    answer.headers |= {"Content-Type": "text/javascript; charset=utf-8", "Cache-Control": KEEP}
    return answer


def digest(*parts: bytes) -> str:
    whole = hashlib.sha256()
    for part in parts:
        whole.update(hashlib.sha256(part).digest())
    return whole.hexdigest()[:12]


def has_asset(name: str) -> bool:
    """False where set-up could not fetch it (no npm registry): pages then work plainly, without it."""
    return (Path(current_app.static_folder or "") / name).exists()


def icon(name: str) -> Markup:
    """An icon of the sprite; decoration only, the word stands beside it."""
    return Markup('<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>').format(
        asset("vendor/icons.svg"), name
    )


def sentence_for(status: int) -> str:
    """What to do about an HTTP error, for a person."""
    return {
        400: _("The request could not be understood. Go back and try again."),
        401: _("Sign in first."),
        403: _("You may not open this page. If you should, ask the administrator for the role."),
        404: _("There is no such page, or it is not yours to see. Check the address or the code."),
        405: _("This address does not take that kind of request. Go back and try again."),
        408: _("The upload took too long. Check the connection and send it again."),
        409: _("Somebody else was faster. Reload the page and look again."),
        413: _("The file is too large: at most 20 MB."),
        415: _("This kind of file is not accepted here."),
        422: _("Something is longer, or a number larger, than can be kept. Shorten it and try again."),
        429: _("Too many tries. Wait a minute and try again."),
        503: _("The server is busy. Wait a moment and try again; nothing was lost."),
    }.get(status, _("Something went wrong on the server; it was written down. Nothing was half stored. Try again."))


def weekday(day: date) -> str:
    names = (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"))
    return names[day.weekday()]


class RowNumber(IntegerConverter):
    """`<int:…>` in addresses: at most nine ASCII digits, which every database column holds.

    The pattern says so, because a number that the converter refuses would be 405 instead of 404 for some methods.
    """

    regex = r"[0-9]{1,9}"


def init_pages(app: Flask) -> None:
    app.url_map.converters["int"] = RowNumber
    app.jinja_env.globals.update(asset=asset, has_asset=has_asset, icon=icon)
    filters: dict[str, Any] = {
        "date": lambda day: clock.short_date(day.date() if isinstance(day, datetime) else day) if day else "",
        "time": lambda moment: clock.short_time(moment) if moment else "",
        "moment": lambda moment: clock.short_moment(moment) if moment else "",
        "weekday": weekday,
        "number": text.thousands,
        "phone": phones.spaced,
        "sentence": lambda words: words[:1].upper() + words[1:],
    }
    app.jinja_env.filters.update(filters)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
