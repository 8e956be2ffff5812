"""What was understood of a file, and how it waits in the draft: compressed JSON."""

import json
import zlib
from dataclasses import asdict, dataclass, field
from typing import Any

from seminar.delegates.rules import DelegateRow, ListRow
from seminar.lib.errors import Message


@dataclass
class SheetRead:
    """What was understood of one sheet; `heading_row` is None where no row of headings was found or named."""

    name: str
    heading_row: int | None = None
    columns: list[tuple[str, str, str]] = field(default_factory=list)
    """(letter, heading, field) of each column that holds something."""
    samples: list[str] = field(default_factory=list)
    """What stands in each of these columns, for choosing."""
    first_rows: list[tuple[int, str]] = field(default_factory=list)
    """(number, text) of the rows among which the headings are chosen."""
    title: str = ""
    suggested: str = ""
    """Code of the group that the title names; only proposed."""
    is_read: bool = True
    is_guessed: bool = False
    """The columns are guessed from what stands in them."""
    gaps: int = 0
    """Rows with an empty cell for the unit or group below a filled one."""
    filled: int = 0
    """How many of them took it from above."""
    notes: list[Message] = field(default_factory=list)

    @property
    def is_list(self) -> bool:
        """Whether people were looked for in it."""
        return self.is_read and any(name in ("name", "family", "given") for _, _, name in self.columns)


@dataclass
class OldText:
    """Text typed in an old font, or wrongly read UTF-8, that was found."""

    kind: str
    rows: int
    examples: list[tuple[str, str]]
    """(as it stands, as it would be)"""


@dataclass
class Capitals:
    """Names whose capitals are strange, and what they would be."""

    upper: int = 0
    lower: int = 0
    examples: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class UnknownUnit:
    """A name in the column of units that is no unit by its spelling, and the unit that may be meant."""

    text: str
    count: int
    unit_id: int
    """The unit proposed, or chosen; 0 is none."""
    is_chosen: bool = False


@dataclass
class ListRead:
    sheets: list[SheetRead]
    rows: list[ListRow]
    hidden: list[str] = field(default_factory=list)
    old_text: list[OldText] = field(default_factory=list)
    capitals: Capitals = field(default_factory=Capitals)
    unknown_units: list[UnknownUnit] = field(default_factory=list)


def pack(read: ListRead) -> bytes:
    whole = {
        "sheets": [{**asdict(sheet), "notes": [_said(note) for note in sheet.notes]} for sheet in read.sheets],
        "hidden": read.hidden,
        "old_text": [asdict(one) for one in read.old_text],
        "capitals": asdict(read.capitals),
        "unknown_units": [asdict(one) for one in read.unknown_units],
        "rows": [_packed(row) for row in read.rows],
    }
    return zlib.compress(json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode(), 1)


def unpack(packed: bytes) -> ListRead:
    whole = json.loads(zlib.decompress(packed))
    return ListRead(
        [_sheet(sheet) for sheet in whole["sheets"]],
        [_unpacked(row) for row in whole["rows"]],
        whole["hidden"],
        [OldText(**{**one, "examples": _pairs(one["examples"])}) for one in whole.get("old_text", ())],
        Capitals(**{**found, "examples": _pairs(found["examples"])})
        if (found := whole.get("capitals"))
        else Capitals(),
        [UnknownUnit(**one) for one in whole.get("unknown_units", ())],
    )


def _pairs(pairs: list[list[Any]]) -> list[tuple[Any, Any]]:
    return [(one, other) for one, other in pairs]


def _sheet(packed: dict[str, Any]) -> SheetRead:
    """Drafts of earlier versions know less of a sheet."""
    return SheetRead(
        **{
            **packed,
            "columns": [tuple(column) for column in packed["columns"]],
            "first_rows": _pairs(packed.get("first_rows", [])),
            "notes": [_heard(note) for note in packed.get("notes", ())],
        }
    )


def _said(message: Message) -> list[Any]:
    values = {
        key: {"msgid": _said(value)} if isinstance(value, Message) else value for key, value in message.values.items()
    }
    return [message.msgid, values]


def _heard(said: list[Any]) -> Message:
    msgid, values = said
    return Message(
        msgid, **{key: _heard(value["msgid"]) if isinstance(value, dict) else value for key, value in values.items()}
    )


def _packed(row: ListRow) -> dict[str, Any]:
    packed: dict[str, Any] = {"sheet": row.sheet, "row": row.row, "text": row.text}
    if row.block:
        packed["block"] = row.block
    if row.skipped:
        packed["skipped"] = _said(row.skipped)
    if row.error:
        packed["error"] = _said(row.error)
    if row.warnings:
        packed["warnings"] = [_said(warning) for warning in row.warnings]
    if row.delegate:
        packed["delegate"] = {key: value for key, value in vars(row.delegate).items() if value}
        packed["derived"] = row.derived
        packed["group"], packed["further"] = row.group, row.further
    return packed


def _unpacked(packed: dict[str, Any]) -> ListRow:
    return ListRow(
        sheet=packed["sheet"],
        row=packed["row"],
        block=packed.get("block", 0),
        text=packed["text"],
        skipped=_heard(packed["skipped"]) if "skipped" in packed else None,
        error=_heard(packed["error"]) if "error" in packed else None,
        warnings=[_heard(warning) for warning in packed.get("warnings", ())],
        delegate=DelegateRow(**packed["delegate"]) if "delegate" in packed else None,
        group=packed.get("group", ""),
        further=packed.get("further", []),
        derived=packed.get("derived", {}),
    )
