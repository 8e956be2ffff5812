"""Shape of the file that a desk saves of what it has not sent: a JSON list, each row a scan or a walk-in as the API takes it."""

import json
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from pydantic_core import from_json

from seminar.checkin.forms.api import LARGEST_ID, MalformedScan, ScanInput, WalkInInput, read_scan
from seminar.lib.errors import Refused
from seminar.lib.text import clean

QUEUE_BYTES = 1024 * 1024
QUEUE_ROWS = 1500
WALK_IN = "walk-in"
KEPT = frozenset(ScanInput.model_fields) | frozenset(WalkInInput.model_fields) | {"seminar", "desk_id", "desk"}


@dataclass(frozen=True)
class QueuedRow:
    """One row of the file; `told` is None where it could not be understood. Name and desk are what the device called
    them.
    """

    told: ScanInput | WalkInInput | None
    kind: str
    name: str
    desk_id: int | None
    desk: str


@dataclass(frozen=True)
class Queue:
    """A file that was read; `content` is what it says of its rows, to be read again when they are stored."""

    rows: list[QueuedRow]
    content: str


def read_queue(content: bytes, slug: str) -> Queue:
    """Refuses what is no queue of this seminar, whole; a row that cannot be understood stays, to be shown."""
    if len(content) > QUEUE_BYTES:
        raise Refused("The file is larger than a queue can be (1 MB): choose the file that the desk saved.")
    try:
        found = from_json(content, allow_inf_nan=False)
    except (ValueError, RecursionError):
        raise Refused("This is no file that a desk saved, or it is damaged: save it again on the device.") from None
    if not isinstance(found, list) or not all(isinstance(row, dict) and "id" in row for row in found):
        raise Refused("This is no file that a desk saved. Its name begins with “hang-cho”.")
    if not found:
        raise Refused("The file is empty: everything had been sent when the desk saved it.")
    if len(found) > QUEUE_ROWS:
        raise Refused("The file has more than %(most)d rows: no desk saves so many.", most=QUEUE_ROWS)
    others = {str(row.get("seminar", ""))[:80] for row in found} - {slug}
    if others:
        raise Refused(
            "The file is of another seminar (%(names)s): read it in there.", names=", ".join(sorted(others)[:3]) or "?"
        )
    kept = [{name: value for name, value in row.items() if name in KEPT and _is_plain(value)} for row in found]
    return Queue([_row(row) for row in kept], json.dumps(kept, ensure_ascii=False, separators=(",", ":")))


def _is_plain(value: Any) -> bool:
    return value is None or isinstance(value, str | bool) or (isinstance(value, int) and abs(value) <= LARGEST_ID)


def _row(row: dict[str, Any]) -> QueuedRow:
    kind, name, desk, desk_id = (row.get(one) for one in ("kind", "name", "desk", "desk_id"))
    return QueuedRow(
        _told(row),
        kind if isinstance(kind, str) else "",
        clean(name)[:200] if isinstance(name, str) else "",
        desk_id if type(desk_id) is int else None,
        clean(desk)[:100] if isinstance(desk, str) else "",
    )


def _told(row: dict[str, Any]) -> ScanInput | WalkInInput | None:
    if row.get("kind") != WALK_IN:
        scan = read_scan(row)
        return None if isinstance(scan, MalformedScan) else scan
    try:
        return WalkInInput.model_validate(row)
    except ValidationError:
        return None
