"""All msgids of the program, with where they stand: in Python and in templates.

A msgid with a context is written "context|msgid"; the log's words are looked up by their names (audit/rules.py).
"""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import wtforms
from babel.messages.catalog import Message
from babel.messages.extract import extract_python
from jinja2 import Environment
from jinja2.ext import babel_extract

from seminar.audit.rules import CONTEXT, NOUNS, VERBS
from tests.house.sources import HOUSE, trees

CALLS = {"_", "N_", "gettext", "lazy_gettext", "ngettext", "Message", "Refused", "say", "_stop"}
OPTIONS = {"trim_blocks": "true", "lstrip_blocks": "true", "newstyle_gettext": "true", "silent": "false"}


def _first(messages: object) -> str:
    return messages[0] if isinstance(messages, tuple) else messages  # type: ignore[index,return-value]


def _in_calls(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """The first arguments of the calls that mark a sentence, where they are literal."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in CALLS and isinstance(node.args[0].value, str):
                yield node.args[0].value, node.lineno


@cache
def extracted() -> dict[str, list[str]]:
    """msgid -> ["seminar/…/views.py:12", …]"""
    Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
    found: dict[str, list[str]] = {}
    for path, tree in trees().items():
        for msgid, line in _in_calls(tree):
            found.setdefault(msgid, []).append(f"{path}:{line}")
    for path in sorted(HOUSE.glob("templates/**/*")):
        if path.is_file():
            with path.open("rb") as file:
                for line, _, messages, _ in babel_extract(file, ["_", "gettext", "ngettext"], [], OPTIONS):
                    found.setdefault(_first(messages), []).append(f"{path.relative_to(HOUSE)}:{line}")
    for word in {*VERBS.values(), *NOUNS.values()}:
        found[f"{CONTEXT}|{word}"] = ["seminar/audit/rules.py"]
    return {msgid: places for msgid, places in found.items() if msgid}


@cache
def of_the_library() -> set[str]:
    """What WTForms says by itself: it may be translated, and need not be."""
    found = set()
    for path in Path(wtforms.__file__).parent.glob("**/*.py"):
        with path.open("rb") as file:
            found |= {_first(messages) for _, _, messages, _ in extract_python(file, ["gettext", "ngettext"], [], {})}
    return found


def key_of(entry: Message) -> str:
    """The entry of a catalog as `extracted` names it; of singular and plural the singular."""
    msgid = entry.id if isinstance(entry.id, str) else entry.id[0]
    return f"{entry.context}|{msgid}" if entry.context else msgid
