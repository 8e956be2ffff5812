"""A sheet as data: columns, rows, formulas, checks and how it prints. Another office adds one without code."""

from collections.abc import Mapping
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from seminar.lib.text import clean, clean_block, thousands


def _line(value: Any) -> Any:
    return clean(value) if isinstance(value, str) else value


def _block(value: Any) -> Any:
    return clean_block(value) if isinstance(value, str) else value


Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]
Text = Annotated[str, BeforeValidator(_line), StringConstraints(min_length=1, max_length=500)]
Lines = Annotated[str, BeforeValidator(_block), StringConstraints(min_length=1, max_length=500)]
Short = Annotated[str, BeforeValidator(_line), StringConstraints(max_length=300)]
"""May be empty."""
Remark = Annotated[str, BeforeValidator(_block), StringConstraints(max_length=1000)]
Values = Mapping[tuple[str, str], int]
"""(row key, column key) -> figure of one return, or of a sum of returns. A key that is not there is blank, not zero."""


YES, NO = "có", "không"


class Shape(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ColumnKind(StrEnum):
    """A stock is counted at a day and is never summed over years; a flow is what came in a span (domain.md Đ13)."""

    STOCK = "stock"
    FLOW = "flow"
    YES_NO = "yes_no"
    """Kept as 1 or 0; over units it counts those that say yes, over years it is not summed. Blank is neither."""


class Column(Shape):
    key: Key
    label: Text
    kind: ColumnKind
    heading: Short = ""
    """Printed over this column and its neighbours with the same one."""
    note: Remark = ""
    """What the unit is told about it on the page; never printed on the form."""

    @property
    def is_yes_no(self) -> bool:
        return self.kind == ColumnKind.YES_NO

    def said(self, value: int) -> str:
        """As people write it: "9.000", "có"."""
        return (YES if value else NO) if self.is_yes_no else thousands(value)


class Row(Shape):
    key: Key
    label: Text
    year: int | None = None
    """Rows with years are compared with the year before."""


class FormulaKind(StrEnum):
    SUM = "sum"
    RATIO = "ratio"


class Formula(Shape):
    """A sum of columns, or the ratio of two (columns or sums). Shown on the page and in tables, never on the form."""

    key: Key
    label: Text
    kind: FormulaKind
    of: tuple[Key, ...] = Field(min_length=2, max_length=40)
    note: Remark = ""


class CheckKind(StrEnum):
    AT_MOST = "at_most"
    """`left` is at most `right`, where both are there."""
    ZERO_WITH = "zero_with"
    """`left` is 0 and `right` is not."""
    JUMP = "jump"
    """`left` changed by more than `percent` from the year before."""


class Level(StrEnum):
    ERROR = "error"
    WARNING = "warning"


class Check(Shape):
    kind: CheckKind
    left: Key
    right: Key | None = None
    percent: int = 50
    level: Level
    note: Remark = ""
    """Why, as a sentence for the unit: "có thể kết nạp đoàn viên ưu tú được bình chọn từ năm trước"."""


class Layout(Shape):
    """How the form prints. `{province}` and `{years}` in the subject are filled in."""

    title: Short = "BÁO CÁO"
    subject: Lines
    number_heading: Short = "TT"
    row_heading: Text
    signature: Short = "TM. BAN THƯỜNG VỤ"
    symbol_kind: Short = "BC"
    is_landscape: bool = False


class Definition(Shape):
    code: Key
    title: Text
    layout: Layout
    columns: tuple[Column, ...] = Field(min_length=1, max_length=40)
    rows: tuple[Row, ...] = Field(min_length=1, max_length=60)
    formulas: tuple[Formula, ...] = ()
    checks: tuple[Check, ...] = ()
    note: Remark = ""
    """What the page says above the sheet, as "Phụ lục bổ sung (không bắt buộc)"."""

    @cached_property
    def _by_key(self) -> tuple[dict[str, Column], dict[str, Row], dict[str, Formula]]:
        """The first of each key."""
        return (
            {one.key: one for one in reversed(self.columns)},
            {one.key: one for one in reversed(self.rows)},
            {one.key: one for one in reversed(self.formulas)},
        )

    def column(self, key: str) -> Column | None:
        return self._by_key[0].get(key)

    def row(self, key: str) -> Row | None:
        return self._by_key[1].get(key)

    def formula(self, key: str) -> Formula | None:
        return self._by_key[2].get(key)


def read_definition(stored: Mapping[str, Any]) -> Definition:
    """What stands in `Sheet.definition`; it was checked when it was stored."""
    return Definition.model_validate(stored)


def cell_key(row: str, column: str) -> str:
    return f"{row}.{column}"
