"""The list as a file for people (.xlsx, Vietnamese headings) and for programs (.csv, fixed English headings).

Both come back in by importing without a change: their headings are among those the importer knows.
"""

from collections.abc import Iterator, Sequence

from seminar.delegates.models import Delegate
from seminar.lib import sheets
from seminar.lib.isolated import run_isolated

CSV_HEADINGS = (
    "number",
    "name",
    "position",
    "unit",
    "group",
    "phone",
    "email",
    "phone_2",
    "further_groups",
    "honorific",
    "academic_title",
    "gender",
    "birth_year",
    "seat",
    "alert",
    "note",
)
WORKBOOK_HEADINGS = (
    ("Số", 8),
    ("Họ và tên", 28),
    ("Chức vụ", 32),
    ("Đơn vị", 34),
    ("Thành phần", 40),
    ("Điện thoại", 15),
    ("E-mail", 30),
    ("Điện thoại 2", 15),
    ("Nhóm khác", 24),
    ("Danh xưng", 12),
    ("Học hàm, học vị", 16),
    ("Giới tính", 10),
    ("Năm sinh", 10),
    ("Số ghế", 10),
    ("Lưu ý khi đón", 28),
    ("Ghi chú", 36),
)
MANY_ROWS = 2_000
"""From here on the workbook is written in a child process, so that the desks do not wait."""


def rows_of(delegates: Sequence[Delegate], *, group_names: bool) -> Iterator[list[sheets.Cell]]:
    """One row per delegate, in the order of the headings."""
    for delegate in delegates:
        primary = delegate.group
        further = [one.group.code for one in delegate.memberships if not one.is_primary]
        yield [
            delegate.number,
            delegate.name,
            delegate.position,
            delegate.body or (delegate.unit.name if delegate.unit else ""),
            primary.name if group_names else primary.code,
            delegate.phone,
            delegate.email,
            delegate.phone_2,
            "; ".join(sorted(further)),
            delegate.honorific,
            delegate.academic_title,
            delegate.gender,
            delegate.birth_year,
            delegate.seat,
            delegate.alert,
            delegate.note,
        ]


def list_csv(delegates: Sequence[Delegate]) -> bytes:
    return sheets.comma_separated(CSV_HEADINGS, rows_of(delegates, group_names=False))


def list_workbook(delegates: Sequence[Delegate]) -> bytes:
    headings = [heading for heading, _ in WORKBOOK_HEADINGS]
    widths = [width for _, width in WORKBOOK_HEADINGS]
    rows = list(rows_of(delegates, group_names=True))
    if len(rows) < MANY_ROWS:
        return sheets.workbook("Đại biểu", headings, rows, widths)
    return run_isolated(sheets.workbook, "Đại biểu", headings, rows, widths, cpu_seconds=120, wall_seconds=120)
