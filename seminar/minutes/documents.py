"""The minutes (biên bản) as a Word file, in the outline of domain.md 2.4: a draft until it is adopted (issue F)."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from seminar.agenda.models import Item, ItemKind
from seminar.agenda.queries import programme
from seminar.checkin.queries import ArrivalCounts, Presence, arrival_counts
from seminar.checkin.queries.walk_ins import proxies_of_desks
from seminar.delegates.models import Delegate
from seminar.documents import rules
from seminar.documents.layout import rules_for
from seminar.documents.models import DocumentKind
from seminar.lib.clock import local, short_moment
from seminar.minutes import queries
from seminar.minutes.models import Note, NoteKind
from seminar.minutes.rules import printed
from seminar.planning.models import Audience, Seminar

if TYPE_CHECKING:
    from seminar.documents.word import WordDocument

NO_FIGURES = "chưa có số liệu"
KIND_WORDS = {
    NoteKind.PAPER: "Tham luận",
    NoteKind.OPINION: "Trao đổi",
    NoteKind.QUESTION: "Câu hỏi",
    NoteKind.REPLY: "Trả lời",
    NoteKind.PROPOSAL: "Đề xuất",
    NoteKind.RECOMMENDATION: "Kiến nghị",
    NoteKind.GUIDANCE: "Chỉ đạo",
    NoteKind.CONCLUSION: "Kết luận",
}
RECOMMENDING = (NoteKind.PROPOSAL, NoteKind.RECOMMENDATION)


def subject_of(seminar: Seminar, kind: DocumentKind = DocumentKind.MINUTES) -> str:
    title = seminar.title if seminar.title.startswith("Tọa đàm") else f"Tọa đàm {seminar.title}"
    return f"Kết quả {title}" if kind == DocumentKind.REPORT else title


def person(delegate: Delegate) -> str:
    return printed(delegate.name, delegate.position, delegate.body)


def place(seminar: Seminar) -> str:
    venue = seminar.venue
    return ", ".join(part for part in (venue.name, venue.address) if part) if venue else rules.UNKNOWN


def day(seminar: Seminar) -> str:
    """ "thứ Sáu, ngày 15 tháng 3 năm 2024"; the weekday is derived."""
    if seminar.held_on is None:
        return f"ngày {rules.UNKNOWN}"
    return f"{rules.running_weekday(seminar.held_on)}, {rules.long_date(seminar.held_on)}"


def speech(note: Note) -> str:
    return f"{note.speaker or rules.UNKNOWN}: {note.text}"


def recommendations(notes: Sequence[Note]) -> list[tuple[int, str, str, str]]:
    """Rows of the table: number, what, who, to whom; to whom is decided by people (domain.md 2.4)."""
    wanted = [note for note in notes if note.kind in RECOMMENDING]
    return [(n, note.text, note.speaker or rules.UNKNOWN, rules.UNKNOWN) for n, note in enumerate(wanted, 1)]


def of_audience(seminar: Seminar, counts: ArrivalCounts, audience: Audience) -> tuple[int, int]:
    """(came, on the list) of the groups of guests, or of summoned delegates."""
    codes = {group.code for group in seminar.groups if group.audience == audience}
    lines = [line for line in counts.by_group if line.key in codes]
    return sum(line[Presence.ARRIVED] for line in lines), sum(line.total for line in lines)


def minutes_docx(seminar: Seminar, now: datetime) -> bytes:
    """All notes that were not removed, in the order of the programme; what is unknown prints as a gap."""
    from seminar.documents.word import WordDocument

    settings = rules.settings_of(seminar.settings)
    held_on = seminar.held_on or local(now).date()
    word = WordDocument(rules_for(held_on), title=f"Biên bản {seminar.title}", now=now, draft=True)
    word.head(settings, rules.symbol(None, DocumentKind.MINUTES, settings), seminar.held_on)
    word.title(rules.TITLES[DocumentKind.MINUTES], subject_of(seminar))
    notes = queries.notes_of(seminar)
    _when_and_where(word, seminar)
    _who(word, seminar)
    _course(word, seminar, notes)
    word.heading(2, "4. Đề xuất, kiến nghị ghi nhận")
    rows = recommendations(notes)
    if rows:
        word.table(
            ("STT", "Nội dung", "Người, đơn vị nêu", "Cơ quan có thẩm quyền"), rows, (12, 73, 40, 35), centred=(0,)
        )
    else:
        word.paragraph("Không có đề xuất, kiến nghị nào được ghi nhận.")
    word.heading(2, "5. Kết thúc")
    word.paragraph(
        f"Tọa đàm kết thúc lúc {rules.UNKNOWN} giờ {rules.UNKNOWN} phút cùng ngày. Biên bản được lập thành "
        f"{rules.UNKNOWN} bản, đã được thông qua./."
    )
    word.paragraph(f"(Dự thảo từ {len(notes)} ghi chép, số liệu lúc {short_moment(now)}.)", italic=True)
    word.signed_by_two("Thư ký", "Chủ trì")
    return word.save()


def _when_and_where(word: "WordDocument", seminar: Seminar) -> None:
    planned = f" (theo chương trình: {seminar.starts_at:%H} giờ {seminar.starts_at:%M})" if seminar.starts_at else ""
    word.heading(2, "1. Thời gian, địa điểm")
    word.paragraph(f"Bắt đầu: {rules.UNKNOWN} giờ {rules.UNKNOWN} phút{planned}, {day(seminar)}.")
    word.paragraph(f"Địa điểm: {place(seminar)}.")


def _names(people: Sequence[str]) -> str:
    return "; ".join(people) + "." if people else f"{rules.UNKNOWN}."


def _who(word: "WordDocument", seminar: Seminar) -> None:
    counts = arrival_counts(seminar)
    chairs, secretaries = queries.chairs_and_secretaries(seminar)
    word.heading(2, "2. Thành phần")
    word.paragraph(f"2.1. Chủ trì: {_names([person(one) for one in chairs])}")
    word.paragraph(f"2.2. Thư ký: {_names([person(one) for one in secretaries])}")
    if counts.whole[Presence.ARRIVED] == 0:
        word.paragraph(f"2.3. Đại biểu có mặt: {NO_FIGURES} (chưa có lượt đến nào được ghi nhận).")
        return
    for number, (label, audience) in enumerate(
        (("Đại biểu khách mời", Audience.GUEST), ("Đại biểu triệu tập", Audience.SUMMONED)), 3
    ):
        came, listed = of_audience(seminar, counts, audience)
        word.paragraph(f"2.{number}. {label}: có mặt {came}/{listed} đại biểu trong danh sách.")
    came, listed = of_audience(seminar, counts, Audience.UNASSIGNED)
    if listed:
        word.paragraph(f"Ngoài ra, đại biểu chưa phân nhóm: có mặt {came}/{listed} đại biểu trong danh sách.")
    excused = queries.absent_with_reason(seminar)
    absent = counts.whole[Presence.ABSENT]
    word.paragraph(
        f"2.5. Vắng: {absent} đại biểu; trong đó có báo vắng {len(excused)}, không báo {absent - len(excused)}."
    )
    for delegate, reason in excused:
        word.paragraph(f"- {person(delegate)}: {reason or rules.UNKNOWN};")
    came_instead = [
        *((printed(proxy.name, proxy.position, ""), one) for one, proxy in queries.proxies_who_came(seminar)),
        *((person(proxy), one) for one, proxy in proxies_of_desks(seminar)),
    ]
    word.paragraph(f"2.6. Dự thay: {len(came_instead)} đại biểu{':' if came_instead else '.'}")
    for proxy, delegate in came_instead:
        word.paragraph(f"- {proxy} dự thay {person(delegate)};")


def _course(word: "WordDocument", seminar: Seminar, notes: Sequence[Note]) -> None:
    by_item: dict[int, list[Note]] = {}
    for note in notes:
        by_item.setdefault(note.item_id, []).append(note)
    word.heading(2, "3. Diễn biến")
    items = [item for sitting in programme(seminar) for item in sitting.items]
    if not items:
        word.paragraph(f"{rules.UNKNOWN}")
    for number, item in enumerate(items, 1):
        word.heading(3, f"3.{number}. {item.title}")
        _item(word, item, by_item.get(item.id, []))


def _item(word: "WordDocument", item: Item, notes: Sequence[Note]) -> None:
    from seminar.documents.word import Strong

    who = item.presenter
    if who:
        word.paragraph(f"Người trình bày: {who}.")
    if not notes and item.kind != ItemKind.RECEPTION:
        word.paragraph(f"{rules.UNKNOWN}")
    for number, note in enumerate(notes, 1):
        word.paragraph(Strong(f"({number}) {KIND_WORDS[NoteKind(note.kind)]} – "), speech(note))
