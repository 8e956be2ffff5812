"""All msgids of the program, with where they stand: Python by Babel's extractor, templates by Jinja's."""

from functools import cache
from pathlib import Path

from babel.messages.extract import extract_python
from jinja2 import Environment
from jinja2.ext import babel_extract

HOUSE = Path(__file__).parents[2]
KEYWORDS = {
    "_": None,
    "N_": None,
    "gettext": None,
    "lazy_gettext": None,
    "Message": None,
    "Refused": None,
    "ngettext": (1, 2),
}
OPTIONS = {"trim_blocks": "true", "lstrip_blocks": "true", "newstyle_gettext": "true", "silent": "false"}


def _first(messages: object) -> str:
    return messages[0] if isinstance(messages, tuple) else messages  # type: ignore[index,return-value]


@cache
def extracted() -> dict[str, list[str]]:
    """msgid -> ["seminar/…/views.py:12", …]"""
    Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
    found: dict[str, list[str]] = {}
    for path in sorted(HOUSE.glob("seminar/**/*.py")):
        with path.open("rb") as file:
            for line, _, messages, _ in extract_python(file, KEYWORDS, [], {}):  # type: ignore[arg-type]
                found.setdefault(_first(messages), []).append(f"{path.relative_to(HOUSE)}:{line}")
    for path in sorted(HOUSE.glob("templates/**/*")):
        if path.is_file():
            with path.open("rb") as file:
                for line, _, messages, _ in babel_extract(file, ["_", "gettext", "ngettext"], [], OPTIONS):
                    found.setdefault(_first(messages), []).append(f"{path.relative_to(HOUSE)}:{line}")
    return {msgid: places for msgid, places in found.items() if msgid}


def missing(translated: set[str]) -> dict[str, list[str]]:
    return {msgid: places for msgid, places in extracted().items() if msgid not in translated}
