"""What a person chose of how a file is read; kept as JSON in the draft, and the file is read again with it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from seminar.lib.legacy import Legacy

CONVERT, LEAVE = "convert", "leave"
ENCODINGS = (CONVERT, LEAVE, Legacy.TCVN3.value, Legacy.VNI.value, Legacy.MOJIBAKE.value)
"""As found in each cell; as typed; or every cell that may be of one kind. Undecided is ""."""
REPAIR = "repair"
CAPITALS = (REPAIR, LEAVE)
NO_HEADINGS = 0


@dataclass
class SheetOptions:
    """Of one sheet; what is None or missing is found by looking."""

    is_read: bool | None = None
    heading_row: int | None = None
    """As Excel counts; 0 says that there are no headings."""
    fields: dict[int, str] = field(default_factory=dict)
    """Field of a column, counted from 0."""
    fills: bool | None = None
    """Whether empty cells for the unit or group take what stands above."""


@dataclass
class Options:
    encoding: str = ""
    capitals: str = ""
    units: dict[str, int] = field(default_factory=dict)
    """Unit by the folded text that means it; 0 says that it is none."""
    sheets: dict[int, SheetOptions] = field(default_factory=dict)

    def of_sheet(self, index: int) -> SheetOptions:
        return self.sheets.get(index) or SheetOptions()

    def as_json(self) -> dict[str, Any]:
        """Keys of JSON are strings."""
        kept = {
            str(index): {**asdict(sheet), "fields": {str(column): name for column, name in sheet.fields.items()}}
            for index, sheet in self.sheets.items()
        }
        return {"encoding": self.encoding, "capitals": self.capitals, "units": self.units, "sheets": kept}


def options_of(kept: Mapping[str, Any]) -> Options:
    return Options(
        kept.get("encoding", ""),
        kept.get("capitals", ""),
        dict(kept.get("units", {})),
        {
            int(index): SheetOptions(
                **{**sheet, "fields": {int(column): name for column, name in sheet.get("fields", {}).items()}}
            )
            for index, sheet in kept.get("sheets", {}).items()
        },
    )
