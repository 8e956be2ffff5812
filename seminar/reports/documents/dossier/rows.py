"""What a list of the dossier is made of: headings, plain rows, and how times are written in them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from seminar.lib import sheets
from seminar.lib.clock import local, short_date

Row = list[sheets.Cell]


@dataclass(frozen=True)
class Listing:
    """One list; `path` is its name without ending. Its own writers, where it has them, make the same files elsewhere."""

    path: str
    title: str
    headings: tuple[str, ...]
    rows: list[Row] = field(repr=False)
    workbook: Callable[[], bytes] | None = field(default=None, repr=False)

    def csv(self) -> bytes:
        return sheets.comma_separated(self.headings, self.rows)


def moment(at: datetime | None) -> str:
    """dd/mm/yyyy hh:mm:ss on Vietnam's clock; empty where there is none."""
    if at is None:
        return ""
    there = local(at)
    return f"{short_date(there.date())} {there:%H:%M:%S}"


def yes(is_so: object) -> str:
    return "x" if is_so else ""
