"""The board of papers as Excel, and the words by which those are reminded whose paper is missing. Vietnamese."""

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO

from seminar.invitations.messages import Wording
from seminar.lib.clock import local, short_date, short_moment
from seminar.papers.queries.senders import Sender
from seminar.papers.rules.results import conclusion_words
from seminar.papers.rules.senders import SenderState
from seminar.planning.models import Seminar

HEADINGS = (
    "STT",
    "Đơn vị, tác giả",
    "Tên bài",
    "Tình trạng",
    "Kết luận",
    "Bản",
    "Nhận lúc",
    "Quá hạn (ngày)",
    "Gia hạn đến",
    "Nhắc gần nhất",
)
WIDTHS = (6, 34, 50, 22, 34, 6, 18, 10, 14, 18)
STATE_WORDS = {
    SenderState.NOT_SENT: "Chưa gửi",
    SenderState.RECEIVED: "Chờ thẩm định",
    SenderState.VETTING: "Đang thẩm định",
    SenderState.TO_CORRECT: "Cần chỉnh sửa",
    SenderState.IN_PRINT: "Đạt, in kỷ yếu",
    SenderState.ON_STAGE: "Đạt, trình bày",
    SenderState.NOT_ACCEPTED: "Không đạt",
}


def board_workbook(seminar: Seminar, found: Sequence[Sender]) -> bytes:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font
    from openpyxl.worksheet.properties import PageSetupProperties

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Tham luận")
    for number, width in enumerate(WIDTHS):
        sheet.column_dimensions[chr(ord("A") + number)].width = width
    sheet.freeze_panes = "A3"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9  # A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = "2:2"

    def cell(value: str | int, *, bold: bool = False) -> WriteOnlyCell:
        made = WriteOnlyCell(sheet, value=value)
        if isinstance(value, str):
            made.data_type = "s"  # never a formula
        made.font = Font(name="Times New Roman", size=12, bold=bold)
        made.alignment = Alignment(wrap_text=True, vertical="top")
        return made

    sheet.append([cell(f"TÌNH HÌNH BÀI THAM LUẬN – {seminar.title}", bold=True)])
    sheet.append([cell(heading, bold=True) for heading in HEADINGS])
    for number, one in enumerate(found, 1):
        sheet.append([cell(value) for value in (number, *board_row(one))])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def board_row(one: Sender) -> tuple[str | int, ...]:
    row = one.row
    submission = row.submission if row else None
    return (
        one.name,
        row.paper.title if row else "",
        "; ".join(STATE_WORDS[state] for state in one.states),
        conclusion_words(row.decision) if row and row.decision else "",
        submission.version if submission else "",
        short_moment(submission.at) if submission else "",
        one.late_days or "",
        short_date(local(one.due_at).date()) if one.is_extended and one.due_at else "",
        short_moment(one.reminded_at) if one.reminded_at else "",
    )


def due_words(one: Sender, now: datetime) -> str:
    """ "chậm nhất ngày 01/03/2024", "đã quá hạn ngày 01/03/2024", or nothing where no day is known."""
    if one.due_at is None:
        return ""
    day = short_date(local(one.due_at).date())
    extended = " (đã gia hạn)" if one.is_extended else ""
    return f"{'đã quá hạn' if now > one.due_at else 'chậm nhất'} ngày {day}{extended}"


def unit_need(one: Sender, now: datetime) -> str:
    """What stands in the list of what a unit still owes."""
    due = due_words(one, now)
    return f"gửi bài tham luận của đơn vị{f', {due}' if due else ''}"


def delegate_wording(one: Sender, now: datetime) -> Wording:
    """Text of the mail to an expert; the personal link follows it by itself."""
    due = due_words(one, now)
    return Wording(
        "Nhắc gửi bài tham luận – {tọa đàm}",
        "Ban Tổ chức chưa nhận được bài tham luận của {xưng hô} {họ tên} cho {tọa đàm}"
        f"{f' ({due})' if due else ''}.\n\nTrân trọng đề nghị gửi bài (tệp Word hoặc PDF) trên trang riêng: {{đường dẫn}}. "
        "Nếu bài đã gửi bằng cách khác, xin báo {liên hệ}.",
    )
