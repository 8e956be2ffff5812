"""The outgoing register (sổ đăng ký văn bản đi) as Word and Excel, in the columns that offices keep on paper."""

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO

from seminar.documents.layout import rules_for
from seminar.documents.models import DocumentKind, IssuedDocument
from seminar.documents.rules import TITLES, DocumentSettings, Gap
from seminar.lib.clock import local, short_date
from seminar.lib.errors import Refused
from seminar.lib.isolated import run_isolated
from seminar.lib.text import thousands

HEADINGS = (
    "Số, ký hiệu",
    "Ngày tháng",
    "Tên loại và trích yếu",
    "Người ký",
    "Nơi nhận",
    "Đơn vị, người soạn",
    "Số bản",
    "Ghi chú",
)
WIDTHS_MM = (38, 22, 56, 30, 40, 23, 12, 26)
WIDTHS_CHARACTERS = (20, 12, 45, 24, 34, 22, 8, 26)
CENTRED = (1, 6)
KIND_WORDS = {kind: TITLES[kind].capitalize() or "Công văn" for kind in DocumentKind}
MOST_WORD_ROWS = 20_000
MANY_ROWS = 2_000
CHILD_SECONDS = 120


def remark_of(document: IssuedDocument) -> str:
    """What stands under "Ghi chú": a number not used, a document made elsewhere, the office's own words."""
    said = [f"Không sử dụng: {document.unused_because}"] if document.unused_at else []
    said += ["Vào sổ bằng tay"] if document.is_outside else []
    return "; ".join([*said, *([document.note] if document.note else [])])


def gap_row(gap: Gap) -> tuple[str, ...]:
    """A line of the register for numbers that no document bears: nothing is left out without a word."""
    said = f"ghi trong sổ giấy – {gap.reason}" if gap.reason else "không có trong sổ này, chưa ghi lý do"
    return (gap.numbers, "", f"{KIND_WORDS[gap.kind]} ({gap.issuer}): {said}", "", "", gap.by, "", "")


def register_rows(documents: Sequence[IssuedDocument], gaps: Sequence[Gap] = ()) -> list[tuple[str, ...]]:
    """In the order given; missing numbers stand before the number that follows them, or at the end."""
    before: dict[tuple[str, DocumentKind, int], list[Gap]] = {}
    for gap in gaps:
        earlier = before.pop((gap.issuer, gap.kind, gap.first), [])
        before[gap.issuer, gap.kind, gap.last + 1] = [*earlier, gap]
    rows: list[tuple[str, ...]] = []
    for one in documents:
        rows += map(gap_row, before.pop((one.issuer, one.kind, one.number), []))
        rows.append(_row(one))
    return rows + [gap_row(gap) for left in before.values() for gap in left]


def _row(one: IssuedDocument) -> tuple[str, ...]:
    return (
        one.symbol,
        short_date(one.issued_on),
        f"{KIND_WORDS[one.kind]}: {one.subject}",
        one.signer,
        "; ".join(one.addressees.split("\n")) if one.addressees else "",
        one.drafted_by,
        str(one.copies or ""),
        remark_of(one),
    )


def register_docx(settings: DocumentSettings, term: str, rows: Sequence[tuple[str, ...]], now: datetime) -> bytes:
    """Landscape, as the paper register; long ones are written in a child process."""
    if len(rows) > MOST_WORD_ROWS:
        raise Refused("A Word file takes at most %(most)s rows. Take Excel.", most=thousands(MOST_WORD_ROWS))
    if len(rows) < MANY_ROWS:
        return write_docx(settings, term, rows, now)
    made: bytes = run_isolated(
        write_docx, settings, term, rows, now, cpu_seconds=CHILD_SECONDS, wall_seconds=CHILD_SECONDS
    )
    return made


def write_docx(settings: DocumentSettings, term: str, rows: Sequence[tuple[str, ...]], now: datetime) -> bytes:
    from seminar.documents.word.document import WordDocument
    from seminar.documents.word.tables import Row

    title = f"Nhiệm kỳ {term}"
    word = WordDocument(rules_for(local(now).date()), title=f"Sổ đăng ký văn bản đi, {title}", now=now, landscape=True)
    word.head(settings, None, None)
    word.title("Sổ đăng ký văn bản đi", title)
    word.long_table(
        [[(heading, 1, 1) for heading in HEADINGS]], [Row(row) for row in rows], WIDTHS_MM, centred=CENTRED, size=11
    )
    return word.save()


def register_workbook(term: str, rows: Sequence[tuple[str, ...]]) -> bytes:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font
    from openpyxl.worksheet.properties import PageSetupProperties

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Văn bản đi")
    for number, width in enumerate(WIDTHS_CHARACTERS):
        sheet.column_dimensions[chr(ord("A") + number)].width = width
    sheet.freeze_panes = "A3"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9  # A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = "2:2"

    def cell(value: str, *, bold: bool = False, size: int = 12) -> WriteOnlyCell:
        made = WriteOnlyCell(sheet, value=value)
        made.data_type = "s"  # never a formula
        made.font = Font(name="Times New Roman", size=size, bold=bold)
        made.alignment = Alignment(wrap_text=True, vertical="top")
        return made

    sheet.append([cell(f"SỔ ĐĂNG KÝ VĂN BẢN ĐI – NHIỆM KỲ {term}", bold=True, size=14)])
    sheet.append([cell(heading, bold=True) for heading in HEADINGS])
    copies = HEADINGS.index("Số bản")
    for row in rows:
        cells = [cell(value) for value in row]
        if row[copies]:
            cells[copies].value = int(row[copies])  # a number, so that the column can be summed
        sheet.append(cells)
    out = BytesIO()
    book.save(out)
    return out.getvalue()
