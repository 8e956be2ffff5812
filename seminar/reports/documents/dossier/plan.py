"""The plan as TOML, in the tables by which a seminar is loaded (operations/demo): it can be read by people and programs."""

import json
from collections.abc import Mapping
from datetime import date, time
from enum import Enum
from typing import Any

from sqlalchemy import inspect

from seminar.agenda.queries import programme
from seminar.lib.clock import local
from seminar.planning.models import Seminar

INTERNAL = {"id", "seminar_id", "parent_id", "is_demo", "created_at", "settings"}


def toml(seminar: Seminar) -> str:
    """Everything that the plan says; topics with their subtopics, items with their sittings."""
    sittings = programme(seminar)
    lists: dict[str, list[dict[str, Any]]] = {
        "venues": [{**_fields(one), "is_confirmed": one.confirmed_at is not None} for one in seminar.venues],
        "bases": [_fields(one) for one in seminar.bases],
        "topics": [
            {**_fields(one), **({"subtopics": [below.title for below in one.subtopics]} if one.subtopics else {})}
            for one in seminar.topics
        ],
        "milestones": [_fields(one) for one in seminar.milestones],
        "groups": [_fields(one) for one in seminar.groups],
        "findings": [_fields(one) for one in seminar.findings],
        "sittings": [
            {"name": one.name, "starts_at": local(one.starts_at), "ends_at": local(one.ends_at)} for one in sittings
        ],
        "items": [
            {
                "sitting": sitting.name,
                "kind": item.kind,
                "title": item.title,
                "minutes": item.minutes,
                "presenter": item.presenter,
                "note": item.note,
            }
            for sitting in sittings
            for item in sitting.items
        ],
    }
    parts = [_table("[seminar]", _fields(seminar)), _table("[settings]", _plain(seminar.settings))]
    parts += [_table(f"[[{name}]]", row) for name, rows in lists.items() for row in rows]
    return "\n".join(parts)


def _fields(row: Any) -> dict[str, Any]:
    """Columns of the row that say something, without the database's own."""
    names = [column.key for column in inspect(row).mapper.column_attrs if column.key not in INTERNAL]
    return {name: getattr(row, name) for name in names}


def _plain(settings: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in settings.items() if name.isidentifier() and name.isascii()}


def _table(heading: str, row: Mapping[str, Any]) -> str:
    lines = [f"{name} = {_value(value)}" for name, value in row.items() if value not in (None, "", [], {})]
    return "\n".join([heading, *lines, ""])


def _value(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case Enum():
            return _text(value.value)
        case int() | float():
            return str(value)
        case date() | time():  # a datetime is a date too
            return value.isoformat()
        case list() | tuple():
            return "[" + ", ".join(_value(one) for one in value if one is not None) + "]"
        case Mapping():
            inside = ", ".join(f"{_text(str(name))} = {_value(one)}" for name, one in value.items() if one is not None)
            return "{ " + inside + " }"
        case _:
            return _text(str(value))


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
