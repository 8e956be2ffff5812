"""What a reminder says that a unit still owes of its figures. Always Vietnamese."""

from collections.abc import Sequence
from datetime import datetime

from seminar.lib.clock import local, short_date
from seminar.planning.messages import contact_of, doubt_sentence
from seminar.planning.models import Seminar
from seminar.planning.rules import UNKNOWN
from seminar.statistics.queries import BoardCell
from seminar.statistics.queries.reminders import Debtor
from seminar.statistics.rules import ReturnState, standing_ruling


def need_of(cell: BoardCell, now: datetime) -> str:
    """ "gửi biểu số liệu “…” (giai đoạn 2021 - 2023), đã quá hạn ngày 09/02/2024"."""
    name = f"“{cell.period.sheet.title}” ({cell.period.name})"
    if cell.state == ReturnState.RETURNED and cell.latest is not None:
        ruling = standing_ruling(cell.latest)
        why = f": {ruling.reason}" if ruling else ""
        return f"sửa và gửi lại biểu số liệu {name}{why}"
    due = ""
    if cell.due_at is not None:
        due = f", {'đã quá hạn' if now > cell.due_at else 'chậm nhất'} ngày {short_date(local(cell.due_at).date())}"
    return f"gửi biểu số liệu {name}{due}"


def unit_text(debtor: Debtor, seminar: Seminar, base_url: str, now: datetime) -> str:
    """For one unit, to be copied into Zalo or an SMS; "" where it has no link."""
    if debtor.link is None:
        return ""
    needs = "; ".join(need_of(cell, now) for cell in debtor.owed)
    return (
        f"{seminar.issuer or UNKNOWN} nhắc {debtor.unit.name}: đề nghị {needs}.\n{base_url}/u/{debtor.link.code}\n"
        f"Đường dẫn này của riêng đơn vị, không chuyển cho người khác. {doubt_sentence(seminar)}"
    )


def group_text(found: Sequence[Debtor], seminar: Seminar) -> str:
    """For the group of all units: who is missing, without anybody's link."""
    names = "\n".join(f"{number}. {one.unit.name}" for number, one in enumerate(found, 1))
    return (
        f"{seminar.issuer or UNKNOWN}: đến nay còn {len(found):02d} đơn vị chưa gửi hoặc chưa sửa xong biểu số liệu:\n"
        f"{names}\nMỗi đơn vị vào đường dẫn riêng đã nhận để gửi. Cần giúp, gọi {contact_of(seminar)}."
    )
