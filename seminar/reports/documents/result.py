"""The result report (domain.md 2.5) as blocks that the page and the Word file both show.

Figures are never typed: a block holds the `Figure`, and whoever shows it makes the link. Always Vietnamese.
"""

from collections.abc import Sequence
from datetime import datetime

from seminar.checkin.queries.walk_ins import proxies_of_desks
from seminar.documents import rules
from seminar.documents.layout import rules_for
from seminar.documents.models import DocumentKind
from seminar.lib.clock import local, short_date, short_moment
from seminar.minutes.documents import KIND_WORDS, NO_FIGURES, day, place, recommendations, speech, subject_of
from seminar.minutes.models import Note, NoteKind
from seminar.minutes.queries import notes_of, proxies_who_came
from seminar.papers.models import Paper
from seminar.papers.queries import BoardRow, PaperState, board
from seminar.planning.models import Seminar
from seminar.reports.documents.blocks import Annex, Block, Heading, Part, Table, says, write
from seminar.reports.queries import Column, Facts, Figure, facts, people_who_came

COLUMN_WORDS = {
    Column.LISTED: "Danh sách",
    Column.ISSUED: "Giấy mời",
    Column.ATTENDING: "Dự",
    Column.PROXIED: "Dự thay",
    Column.DECLINED: "Không dự",
    Column.NO_ANSWER: "Chưa trả lời",
    Column.ARRIVED: "Có mặt",
    Column.ABSENT: "Vắng",
}
STATE_WORDS = {
    PaperState.RECEIVED: "chờ thẩm định",
    PaperState.VETTING: "đang thẩm định",
    PaperState.TO_CORRECT: "cần chỉnh sửa",
    PaperState.IN_PRINT: "in kỷ yếu",
    PaperState.ON_STAGE: "trình bày",
    PaperState.NOT_ACCEPTED: "không đạt",
}


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."


def blocks(seminar: Seminar, now: datetime) -> list[Block]:
    """The whole draft: I to V and the annexes, each figure as it is now."""
    known = facts(seminar)
    notes = notes_of(seminar)
    papers = board(seminar)
    return [
        *_how_it_was_held(seminar, known, now),
        *_what_was_said(seminar, known, notes),
        Heading(1, "III. Đánh giá chung"),
        *(
            says(f"{number}. {word}: {rules.UNKNOWN}")
            for number, word in enumerate(("Ưu điểm", "Hạn chế", "Nguyên nhân", "Bài học kinh nghiệm"), 1)
        ),
        *_what_is_asked_for(known, notes),
        Heading(1, "V. Phương hướng, phân công, thời hạn"),
        says(f"{rules.UNKNOWN}./."),
        *_annexes(seminar, known, papers),
    ]


def _bases(seminar: Seminar) -> list[Block]:
    plan = f"Kế hoạch số {seminar.plan_number or rules.UNKNOWN}"
    issued = f" ngày {short_date(seminar.plan_issued_on)}" if seminar.plan_issued_on else ""
    named = [
        f"Căn cứ {base.kind} số {base.number}{f' ngày {short_date(base.issued_on)}' if base.issued_on else ''} "
        f"của {base.issuer} về {base.subject}"
        for base in seminar.bases
    ]
    lines = [*named, f"Thực hiện {plan}{issued} của {seminar.issuer or rules.UNKNOWN}"]
    return [says(line.rstrip(" ,;.") + ("," if number == len(lines) else ";")) for number, line in enumerate(lines, 1)]


def _how_it_was_held(seminar: Seminar, known: Facts, now: datetime) -> list[Block]:
    hours = f"{seminar.starts_at:%H} giờ {seminar.starts_at:%M}, " if seminar.starts_at else ""
    states = known.paper_states
    return [
        says(f"(Số liệu lúc {short_moment(now)}.)"),
        *_bases(seminar),
        Heading(1, "I. Tình hình tổ chức"),
        Heading(2, "1. Thời gian, địa điểm"),
        says(f"{subject_of(seminar)} được tổ chức lúc {hours}{day(seminar)} tại {place(seminar)}."),
        Heading(2, "2. Thành phần"),
        *_who_came(known),
        Heading(2, "3. Tham luận"),
        says(
            "Đã nhận {all} tham luận; in kỷ yếu {print}, chọn trình bày {stage}, cần chỉnh sửa {correct}, "
            "không đạt {refused}, đang thẩm định {vetting}, chờ thẩm định {waiting}.",
            all=known.papers,
            print=states[PaperState.IN_PRINT],
            stage=states[PaperState.ON_STAGE],
            correct=states[PaperState.TO_CORRECT],
            refused=states[PaperState.NOT_ACCEPTED],
            vetting=states[PaperState.VETTING],
            waiting=states[PaperState.RECEIVED],
        ),
        says("Còn {missing} đơn vị chưa gửi tham luận.", missing=known.units_without_paper),
        Heading(2, "4. Truyền thông"),
        says(rules.UNKNOWN),
    ]


def _who_came(known: Facts) -> list[Block]:
    whole = known.whole
    cells = {column.value: figure for column, figure in whole.cells.items()}
    columns = tuple(COLUMN_WORDS)
    rows: list[tuple[Part, ...]] = [
        (str(number), row.group.name if row.group else "", *(row[column] for column in columns))
        for number, row in enumerate(known.groups, 1)
    ]
    return [
        says("Danh sách có {listed} đại biểu; {issued} đại biểu có thư mời, giấy triệu tập còn hiệu lực.", **cells),
        says(
            "Trả lời: {attending} đại biểu dự, {proxied} cử người dự thay, {declined} không dự, {no_answer} chưa trả lời.",
            **cells,
        )
        if whole[Column.ISSUED].count
        else says(f"Trả lời: {NO_FIGURES}."),
        says("Có mặt {arrived} đại biểu, vắng {absent}; ghi danh tại bàn đón tiếp {walk_in} đại biểu.", **cells)
        if whole[Column.ARRIVED].count
        else says(f"Có mặt: {NO_FIGURES}."),
        Table(
            ("TT", "Thành phần", *COLUMN_WORDS.values()),
            (*rows, ("", "Tổng cộng", *(whole[column] for column in columns))),
            (9, 43, *(13.5 for _ in columns)),
            centred=(0, *range(2, 2 + len(columns))),
            has_total=True,
            size=10,
        ),
    ]


def _what_was_said(seminar: Seminar, known: Facts, notes: Sequence[Note]) -> list[Block]:
    told = {kind.value: figure for kind, figure in known.note_kinds.items() if figure.count}
    listed = ", ".join(f"{KIND_WORDS[NoteKind(kind)].lower()} {{{kind}}}" for kind in told)
    made: list[Block] = [
        Heading(1, "II. Kết quả nội dung"),
        says(f"Thư ký đã ghi {{all}} lượt phát biểu: {listed}.", all=known.notes, **told)
        if told
        else says(f"Lượt phát biểu: {NO_FIGURES}."),
    ]
    for number, topic in enumerate(seminar.topics, 1):
        made += [Heading(2, f"{number}. {topic.title}"), *_of_topic(known.topics[topic.id], notes, topic.id)]
    if known.topics[0].count:
        made += [Heading(2, f"{len(seminar.topics) + 1}. Nội dung khác"), *_of_topic(known.topics[0], notes, None)]
    return made


def _of_topic(figure: Figure, notes: Sequence[Note], topic_id: int | None) -> list[Block]:
    if not figure.count:
        return [says(_sentence(NO_FIGURES))]
    return [
        says("Có {count} lượt phát biểu:", count=figure),
        *(says(f"- {KIND_WORDS[NoteKind(note.kind)]} – {speech(note)}") for note in notes if note.topic_id == topic_id),
    ]


def _what_is_asked_for(known: Facts, notes: Sequence[Note]) -> list[Block]:
    kinds = known.note_kinds
    made: list[Block] = [
        Heading(1, "IV. Đề xuất, kiến nghị"),
        says(
            "Ghi nhận {proposals} đề xuất và {recommendations} kiến nghị.",
            proposals=kinds[NoteKind.PROPOSAL],
            recommendations=kinds[NoteKind.RECOMMENDATION],
        ),
    ]
    rows = recommendations(notes)
    if rows:
        made.append(
            Table(
                ("TT", "Nội dung", "Người, đơn vị nêu", "Cơ quan có thẩm quyền"),
                tuple((str(n), text, who, whom) for n, text, who, whom in rows),
                (12, 73, 40, 35),
            )
        )
    return made


def authors_of(paper: Paper) -> str:
    """Authors and, where it is not the author itself, the unit."""
    unit = paper.unit.name if paper.unit and paper.unit.name != paper.authors else ""
    return "\n".join(part for part in (paper.authors, unit) if part) or rules.UNKNOWN


def _annexes(seminar: Seminar, known: Facts, papers: Sequence[BoardRow]) -> list[Block]:
    came = people_who_came(seminar)
    notes = {delegate.id: f"{proxy.name} dự thay" for delegate, proxy in proxies_who_came(seminar)}
    notes |= {proxy.id: f"dự thay {delegate.name}" for delegate, proxy in proxies_of_desks(seminar)}
    made: list[Block] = [Annex("Phụ lục 1", "Danh sách đại biểu dự tọa đàm")]
    if came:
        made += [
            says("Tổng số: {count} đại biểu.", count=known.whole[Column.ARRIVED]),
            Table(
                ("TT", "Họ và tên", "Chức vụ, đơn vị", "Thành phần", "Ghi chú"),
                tuple(
                    (
                        str(number),
                        one.name,
                        ", ".join(
                            part for part in (one.position, one.body or (one.unit.name if one.unit else "")) if part
                        ),
                        one.group.name,
                        notes.get(one.id, ""),
                    )
                    for number, one in enumerate(came, 1)
                ),
                (10, 42, 46, 41, 21),
            ),
        ]
    else:
        made.append(says(_sentence(NO_FIGURES)))
    made += [Annex("Phụ lục 2", "Danh mục tham luận"), says("Tổng số: {count} tham luận.", count=known.papers)]
    if papers:
        made.append(
            Table(
                ("TT", "Tên tham luận", "Tác giả, đơn vị", "Kết luận thẩm định"),
                tuple(
                    (
                        str(number),
                        row.paper.title,
                        authors_of(row.paper),
                        ", ".join(STATE_WORDS[state] for state in row.states),
                    )
                    for number, row in enumerate(papers, 1)
                ),
                (11, 69, 50, 30),
            )
        )
    return made


def report_docx(seminar: Seminar, base_url: str, now: datetime) -> bytes:
    """The draft as a Word file; each figure opens its list on this site, for those who may."""
    from seminar.documents.word import WordDocument

    settings = rules.settings_of(seminar.settings)
    word = WordDocument(rules_for(local(now).date()), title=f"Báo cáo {subject_of(seminar)}", now=now, draft=True)

    word.head(settings, rules.symbol(None, DocumentKind.REPORT, settings), None)
    word.title(rules.TITLES[DocumentKind.REPORT], subject_of(seminar, DocumentKind.REPORT))
    is_signed = False
    for block in blocks(seminar, now):
        if isinstance(block, Annex) and not is_signed:
            word.signature(rules.printed_recipients(settings.rows_for(DocumentKind.REPORT)), settings)
            is_signed = True
        write(word, block, base_url)
    return word.save()
