"""The annexes of the result report (domain.md 2.5): lists that stand behind its figures. Always Vietnamese."""

from collections.abc import Sequence

from seminar.checkin.queries.walk_ins import proxies_of_desks
from seminar.documents import rules
from seminar.minutes.documents import NO_FIGURES
from seminar.minutes.queries import proxies_who_came
from seminar.papers.models import Paper
from seminar.papers.queries import BoardRow, PaperState, board, units_without_paper
from seminar.planning.models import Seminar
from seminar.reports.documents import result_statistics
from seminar.reports.documents.blocks import Annex, Block, Heading, Part, Table, says
from seminar.reports.queries import Column, Facts, Figure, people_who_came, represented

STATE_WORDS = {
    PaperState.RECEIVED: "chờ thẩm định",
    PaperState.VETTING: "đang thẩm định",
    PaperState.TO_CORRECT: "cần chỉnh sửa",
    PaperState.IN_PRINT: "in kỷ yếu",
    PaperState.ON_STAGE: "trình bày",
    PaperState.NOT_ACCEPTED: "không đạt",
}


def sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."


def authors_of(paper: Paper) -> str:
    """Authors and, where it is not the author itself, the unit."""
    unit = paper.unit.name if paper.unit and paper.unit.name != paper.authors else ""
    return "\n".join(part for part in (paper.authors, unit) if part) or rules.UNKNOWN


def annexes(seminar: Seminar, known: Facts) -> list[Block]:
    """1 who came, 2 papers, 3 statistics, 4 units that did not send, 5 attendance by unit."""
    return [
        *_who_came(seminar, known),
        *_papers(known, board(seminar)),
        *result_statistics.annex(known),
        *_missing(seminar, known),
        *_units(known, represented(seminar)),
    ]


def _who_came(seminar: Seminar, known: Facts) -> list[Block]:
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
        made.append(says(sentence(NO_FIGURES)))
    return made


def _papers(known: Facts, papers: Sequence[BoardRow]) -> list[Block]:
    made: list[Block] = [
        Annex("Phụ lục 2", "Danh mục tham luận"),
        says("Tổng số: {count} tham luận.", count=known.papers),
    ]
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


def _missing(seminar: Seminar, known: Facts) -> list[Block]:
    made: list[Block] = [
        Annex("Phụ lục 4", "Danh sách đơn vị chưa nộp"),
        Heading(2, "1. Tham luận"),
        says("Tổng số: {count} đơn vị chưa gửi tham luận.", count=known.units_without_paper),
    ]
    units = units_without_paper(seminar)
    if units:
        rows = tuple((str(number), unit.name) for number, unit in enumerate(units, 1))
        made.append(Table(("TT", "Đơn vị"), rows, (14, 146)))
    return [*made, Heading(2, "2. Biểu số liệu"), *result_statistics.missing(known)]


def _units(known: Facts, instead: Figure) -> list[Block]:
    made: list[Block] = [Annex("Phụ lục 5", "Đại biểu dự tọa đàm theo đơn vị")]
    if not known.units or not known.whole[Column.ARRIVED].count:
        return [*made, says(sentence(NO_FIGURES))]
    rows: list[tuple[Part, ...]] = [
        (str(number), unit.name, unit.listed, unit.arrived, unit.absent) for number, unit in enumerate(known.units, 1)
    ]
    return [
        *made,
        Table(("TT", "Đơn vị", "Danh sách", "Có mặt", "Vắng"), tuple(rows), (14, 80, 22, 22, 22), centred=(0, 2, 3, 4)),
        *([says("Trong số vắng có {count} đại biểu có người dự thay.", count=instead)] if instead.count else []),
    ]
