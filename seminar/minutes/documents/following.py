"""The list by which recommendations are followed (bảng theo dõi đề xuất, kiến nghị), as Word and Excel."""

from collections.abc import Sequence
from datetime import datetime

from seminar.documents import rules
from seminar.documents.layout import rules_for
from seminar.lib.clock import local, short_date
from seminar.lib.sheets import workbook
from seminar.minutes import queries
from seminar.minutes.documents.minutes import addressed_to
from seminar.minutes.documents.words import STATUS_WORDS, subject_of
from seminar.minutes.models import Note, Recommendation
from seminar.minutes.rules import is_overdue
from seminar.planning.models import Seminar

TITLE = "Bảng theo dõi đề xuất, kiến nghị"
HEADINGS = (
    "STT",
    "Nội dung đề xuất, kiến nghị",
    "Người, đơn vị nêu",
    "Cơ quan có thẩm quyền",
    "Người theo dõi",
    "Hạn",
    "Tình trạng",
    "Ngày",
    "Kết quả, ghi chú",
)
WIDTHS_MM = (13, 58, 30, 30, 23, 25, 20, 25, 23)
WIDTHS_CHARACTERS = (6, 60, 30, 28, 22, 12, 18, 12, 40)
CENTRED = (0, 5, 7)
NOTED = "Chưa theo dõi"


def following_rows(found: Sequence[Recommendation], now: datetime, noted: Sequence[Note] = ()) -> list[tuple[str, ...]]:
    """`noted` are those of which no recommendation was made yet; they stand at the end, as on the page."""
    today = local(now).date()
    rows: list[tuple[str, ...]] = []
    for number, one in enumerate(found, 1):
        status = queries.status_of(one)
        last = one.steps[-1] if one.steps else None
        late = "\n(quá hạn)" if is_overdue(one.due_on, status, today) else ""
        rows.append(
            (
                str(number),
                queries.wording_of(one),
                queries.raiser_of(one) or rules.UNKNOWN,
                addressed_to(one),
                one.owner,
                f"{short_date(one.due_on)}{late}" if one.due_on else "",
                STATUS_WORDS[status],
                short_date(last.on) if last else "",
                last.note if last else "",
            )
        )
    for number, note in enumerate(noted, len(rows) + 1):
        rows.append((str(number), note.text, note.speaker or rules.UNKNOWN, "", "", "", NOTED, "", ""))
    return rows


def following_docx(seminar: Seminar, rows: Sequence[tuple[str, ...]], now: datetime) -> bytes:
    from seminar.documents.word.document import WordDocument
    from seminar.documents.word.tables import Row

    word = WordDocument(rules_for(local(now).date()), title=f"{TITLE} {seminar.title}", now=now, landscape=True)
    word.head(rules.settings_of(seminar.settings), None, None)
    word.title(TITLE.upper(), subject_of(seminar))
    headings = [[(heading, 1, 1) for heading in HEADINGS]]
    word.long_table(headings, [Row(row) for row in rows], WIDTHS_MM, centred=CENTRED, size=11)
    return word.save()


def following_workbook(rows: Sequence[tuple[str, ...]]) -> bytes:
    return workbook(TITLE, HEADINGS, rows, WIDTHS_CHARACTERS)
