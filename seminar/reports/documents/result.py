"""The result report (domain.md 2.5) as blocks that the page and the Word file both show, and as it is issued.

Figures are never typed: a block holds the `Figure`, and whoever shows it makes the link; prose of the office names its
figures, so that they stay fresh. Always Vietnamese.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from seminar.agenda.queries import runs_of
from seminar.documents import content, rules
from seminar.documents.content import Content
from seminar.documents.layout import rules_for
from seminar.documents.models import DocumentKind, IssuedDocument
from seminar.lib.clock import local, short_date, short_moment
from seminar.lib.text import thousands
from seminar.minutes.documents import ADDRESSEE_WORDS as TO_WHOM
from seminar.minutes.documents import KIND_WORDS, NO_FIGURES, day, place, speech, subject_of
from seminar.minutes.models import Addressee, Note, NoteKind
from seminar.minutes.queries import notes_of, topics_above
from seminar.papers.queries import PaperState
from seminar.planning.models import Seminar
from seminar.reports.documents import result_statistics
from seminar.reports.documents.annexes import attached_to
from seminar.reports.documents.blocks import Annex, Block, Heading, Paragraph, Part, Table, printed, says, write
from seminar.reports.documents.result_annexes import annexes, sentence
from seminar.reports.models import ReportIssue
from seminar.reports.queries import Column, Facts, Figure, facts, represented
from seminar.reports.queries.wordings import Asked, recommendations_by_addressee, sections_of, wordings
from seminar.reports.rules.result import JUDGEMENTS, MEDIA, OUTLOOK, Section, lines_of, pieces

ADDRESSEE_WORDS = {
    Addressee.CENTRAL_UNION: "Với Trung ương Đoàn",
    Addressee.PROVINCIAL_PARTY: "Với Tỉnh ủy",
    Addressee.LOCAL_PARTY: "Với cấp ủy cơ sở",
    Addressee.PARTNERS: "Với sở, ngành, nhà trường, doanh nghiệp",
    Addressee.UNION: "Trong nội bộ Đoàn",
}
OTHER_BODIES, NO_BODY = "Với cơ quan khác", "Chưa xác định cơ quan có thẩm quyền"
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


class Prose:
    """What the office wrote, with the figures that it names as they are now."""

    def __init__(self, texts: Mapping[str, str], known: Facts) -> None:
        self.texts = texts
        self.figures = {figure.key: figure for figure in known}

    def of(self, section: Section, ending: str = "") -> list[Block]:
        """Its paragraphs, the last one with the ending; none where nothing is written."""
        lines = list(lines_of(self.texts.get(section.key, "")))
        if lines and ending:
            lines[-1] = lines[-1].rstrip(" .;/") + ending
        return [Paragraph(tuple(self._part(*piece) for piece in pieces(line))) for line in lines]

    def _part(self, said: str, is_key: bool) -> Part:
        return self.figures.get(said, rules.UNKNOWN) if is_key else said


def blocks(seminar: Seminar, now: datetime, known: Facts | None = None) -> list[Block]:
    """The whole draft: I to V and the annexes, each figure as it is now, or as `known`."""
    known = known or facts(seminar)
    notes = notes_of(seminar)
    written = wordings(seminar)
    prose = Prose({key: one.text for key, one in written.items()}, known)
    return [
        *_how_it_was_held(seminar, known, prose, now),
        *_what_was_said(known, prose, sections_of(seminar, written), _by_topic(seminar, notes)),
        Heading(1, "III. Đánh giá chung"),
        *_judgement(prose),
        *_what_is_asked_for(known, recommendations_by_addressee(seminar)),
        Heading(1, f"V. {OUTLOOK.title}"),
        *(prose.of(OUTLOOK, "./.") or [says(f"{rules.UNKNOWN}./.")]),
        *annexes(seminar, known),
    ]


def _judgement(prose: Prose) -> list[Block]:
    made: list[Block] = []
    for number, section in enumerate(JUDGEMENTS, 1):
        written = prose.of(section)
        title = f"{number}. {section.title}"
        made += [Heading(2, title), *written] if written else [says(f"{title}: {rules.UNKNOWN}")]
    return made


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


def _how_it_was_held(seminar: Seminar, known: Facts, prose: Prose, now: datetime) -> list[Block]:
    hours = f"{seminar.starts_at:%H} giờ {seminar.starts_at:%M}, " if seminar.starts_at else ""
    states = known.paper_states
    presented = len({run.item.paper_id for run in runs_of(seminar) if run.item and run.item.paper_id})
    return [
        says(f"(Số liệu lúc {short_moment(now)}.)"),
        *_bases(seminar),
        Heading(1, "I. Tình hình tổ chức"),
        Heading(2, "1. Thời gian, địa điểm"),
        says(f"{subject_of(seminar)} được tổ chức lúc {hours}{day(seminar)} tại {place(seminar)}."),
        Heading(2, "2. Thành phần"),
        *_who_came(known, represented(seminar)),
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
        *(
            [says(f"Theo diễn biến được ghi lại, {thousands(presented)} tham luận đã được trình bày.")]
            if presented
            else []
        ),
        says("Còn {missing} đơn vị chưa gửi tham luận.", missing=known.units_without_paper),
        Heading(2, f"4. {MEDIA.title}"),
        *(prose.of(MEDIA) or [says(rules.UNKNOWN)]),
    ]


def _who_came(known: Facts, instead: Figure) -> list[Block]:
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
        says(
            f"Có mặt {{arrived}} đại biểu, vắng {{absent}}{' (trong đó có người dự thay {instead})' if instead.count else ''}; "
            "ghi danh tại bàn đón tiếp {walk_in} đại biểu.",
            instead=instead,
            **cells,
        )
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


def _by_topic(seminar: Seminar, notes: Sequence[Note]) -> dict[int, list[Note]]:
    """By the topic of the plan itself; 0 for those of none."""
    above = topics_above(seminar)
    found: dict[int, list[Note]] = {}
    for note in notes:
        found.setdefault(above.get(note.topic_id or 0, 0), []).append(note)
    return found


def _what_was_said(
    known: Facts, prose: Prose, those: Sequence[Section], notes: Mapping[int, Sequence[Note]]
) -> list[Block]:
    told = {kind.value: figure for kind, figure in known.note_kinds.items() if figure.count}
    listed = ", ".join(f"{KIND_WORDS[NoteKind(kind)].lower()} {{{kind}}}" for kind in told)
    made: list[Block] = [
        Heading(1, "II. Kết quả nội dung"),
        says(f"Thư ký đã ghi {{all}} ý kiến: {listed}.", all=known.notes, **told)
        if told
        else says(f"Ý kiến được ghi: {NO_FIGURES}."),
        *result_statistics.told(known),
    ]
    for number, section in enumerate((one for one in those if one.topic_id is not None), 1):
        topic_id = section.topic_id or 0
        made += [
            Heading(2, f"{number}. {section.title}"),
            *_of_topic(known.topics.get(topic_id), prose.of(section), notes.get(topic_id, ())),
        ]
    return made


def _of_topic(figure: Figure | None, written: Sequence[Block], notes: Sequence[Note]) -> list[Block]:
    """The summary of the office, then every note."""
    if figure is None or not figure.count:
        return list(written) or [says(sentence(NO_FIGURES))]
    return [
        *written,
        says("Có {count} ý kiến được ghi:", count=figure),
        *(says(f"- {KIND_WORDS[NoteKind(note.kind)]} – {speech(note)}") for note in notes),
    ]


def _what_is_asked_for(known: Facts, asked: Mapping[Addressee | None, Sequence[Asked]]) -> list[Block]:
    made: list[Block] = [
        Heading(1, "IV. Đề xuất, kiến nghị"),
        says("Ghi nhận {count} đề xuất, kiến nghị.", count=known.asked_for),
    ]
    for number, (heading, to, those) in enumerate(_headed(asked), 1):
        rows = [
            (
                str(n),
                one.text,
                one.raised_by or rules.UNKNOWN,
                one.addressee_name or to,
            )
            for n, one in enumerate(those, 1)
        ]
        made += [
            Heading(2, f"{number}. {heading}"),
            Table(("TT", "Nội dung", "Người, đơn vị nêu", "Cơ quan có thẩm quyền"), tuple(rows), (12, 73, 40, 35)),
        ]
    return made


def _headed(asked: Mapping[Addressee | None, Sequence[Asked]]) -> Iterator[tuple[str, str, Sequence[Asked]]]:
    """(heading, to whom where no name says it, what); those of no kind of body last, with a name before without."""
    for addressee, those in asked.items():
        if addressee is not None:
            yield ADDRESSEE_WORDS[addressee], TO_WHOM[addressee], those
    for heading, has_name in ((OTHER_BODIES, True), (NO_BODY, False)):
        rows = [one for one in asked.get(None, ()) if bool(one.addressee_name) == has_name]
        if rows:
            yield heading, rules.UNKNOWN, rows


def report_docx(seminar: Seminar, base_url: str, now: datetime) -> bytes:
    """The draft as a Word file; each figure opens its list on this site, for those who may."""
    from seminar.documents.word.document import WordDocument

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


# As it is issued


def replaces(earlier: ReportIssue, reason: str) -> str:
    """The sentence by which a second issue says what it stands for (the office asks for the reason)."""
    document = earlier.document
    return (
        f"(Báo cáo này thay thế Báo cáo số {document.symbol}, ngày {short_date(document.issued_on)}; "
        f"lý do: {reason.rstrip(' .')}.)"
    )


def content_of(
    seminar: Seminar,
    made: Sequence[Block],
    now: datetime,
    document: IssuedDocument | None = None,
    *,
    opening: str = "",
) -> Content:
    """The blocks as a document to be issued, its figures as plain numbers; without a number yet: a draft."""
    settings = rules.settings_of(seminar.settings)
    day = document.issued_on if document else None
    symbol = document.symbol if document else rules.symbol(None, DocumentKind.REPORT, settings)
    body: list[content.Block] = [content.Line(opening)] if opening else []
    parts: list[tuple[Annex, list[content.Block]]] = []
    for block in made:
        if isinstance(block, Annex):
            parts.append((block, []))
        else:
            (parts[-1][1] if parts else body).extend(printed(block))
    attached = attached_to(seminar, DocumentKind.REPORT, symbol, day)
    return Content(
        kind=DocumentKind.REPORT,
        symbol=symbol,
        subject=subject_of(seminar, DocumentKind.REPORT),
        day=day,
        settings=settings,
        layout=rules_for(day or local(now).date()),
        blocks=tuple(body),
        annexes=tuple(
            content.Annex(one.title, one.subject, tuple(inside), one.is_landscape, attached_to=attached)
            for one, inside in parts
        ),
        recipients=settings.rows_for(DocumentKind.REPORT),
        copies=document.copies if document else 0,
        is_draft=document is None,
    )
