"""What a reminder says that a unit still owes of its figures. Always Vietnamese."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from seminar.documents.rules import padded
from seminar.lib.clock import local, short_date
from seminar.planning.messages import contact_of, doubt_sentence
from seminar.planning.models import Seminar
from seminar.planning.rules import UNKNOWN
from seminar.statistics.queries import BoardCell
from seminar.statistics.queries.reminders import Debtor
from seminar.statistics.rules import ReturnState, standing_ruling

MANY = 3


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


def needs_of(owed: Sequence[BoardCell], now: datetime) -> list[str]:
    """What a unit owes, as sentences; three and more periods of one sheet that never came stand in one."""
    needs: list[str] = []
    for _sheet, some in groupby(owed, lambda cell: (cell.period.sheet_id, cell.state == ReturnState.RETURNED)):
        cells = list(some)
        if len(cells) < MANY or cells[0].state == ReturnState.RETURNED:
            needs += [need_of(cell, now) for cell in cells]
            continue
        names = ", ".join(cell.period.name for cell in cells)
        due = [cell.due_at for cell in cells if cell.due_at is not None]
        first = ""
        if due:
            said = "đã quá hạn" if now > min(due) else "chậm nhất"
            first = f"; kỳ sớm nhất {said} ngày {short_date(local(min(due)).date())}"
        needs.append(f"gửi biểu số liệu “{cells[0].period.sheet.title}” của {padded(len(cells))} kỳ: {names}{first}")
    return needs


def unit_text(debtor: Debtor, seminar: Seminar, base_url: str, now: datetime) -> str:
    """For one unit, to be copied into Zalo or an SMS; "" where it has no link."""
    if debtor.link is None:
        return ""
    needs = "; ".join(needs_of(debtor.owed, now))
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
