"""The summary of the delegates (báo cáo tình hình đại biểu) as blocks that the page and the Word file both show.

In the order and the words in which such summaries are read out; always Vietnamese. What nobody recorded is not printed as
nought: before letters went out or anybody came, the columns and sentences of answers and arrivals are left out, and the
text says that there are no figures yet.
"""

from collections.abc import Sequence
from datetime import datetime

from seminar.checkin.queries import Absence
from seminar.documents import rules as documents
from seminar.documents.layout import rules_for
from seminar.documents.models import DocumentKind
from seminar.lib.clock import local, short_date, short_moment
from seminar.minutes.documents import NO_FIGURES, person, subject_of
from seminar.planning.models import Audience, Seminar, Unit
from seminar.planning.queries import groups_of
from seminar.reports.documents.blocks import Block, Heading, Paragraph, Part, Table, says, write
from seminar.reports.queries import Figure
from seminar.reports.queries import credentials as queries
from seminar.reports.queries.credentials import WHO
from seminar.reports.rules.credentials import (
    BAND_WORDS,
    GENDER_WORDS,
    UNKNOWN,
    Line,
    Make,
    Summary,
    average,
    share,
)

AUDIENCE_WORDS = {
    Audience.GUEST: "khách mời",
    Audience.SUMMONED: "triệu tập",
    Audience.ORGANISER: "ban tổ chức",
    Audience.UNASSIGNED: "chưa phân nhóm",
}
ANSWER_WORDS = {
    "invited": "Đã mời",
    "attending": "Dự",
    "proxied": "Dự thay",
    "excused": "Vắng có lý do",
    "unexcused": "Vắng chưa nêu lý do",
    "no_answer": "Chưa trả lời",
}
ARRIVAL_WORDS = {"arrived": "Có mặt", "absent": "Vắng mặt"}
NAMED = 3
"""So many of the youngest or the oldest are named; more are a figure."""
TEXT_MM = 160.0


class Counted:
    """The summary with the address of each of its figures."""

    def __init__(self, seminar: Seminar) -> None:
        self.seminar = seminar
        self.summary: Summary = queries.summary(seminar)
        self.groups = groups_of(seminar)
        self.units = queries.units_of(seminar)
        self.memberships = queries.memberships_by_group(seminar)

    def __call__(self, line: Line, column: str, **who: object) -> Figure:
        return self.figure(line[column], **(WHO[column] | who))

    def figure(self, count: int, **who: object) -> Figure:
        return Figure("", "", count, queries.people_address(self.seminar, **who))

    def words(self, line: Line, columns: Sequence[str], **who: object) -> dict[str, Figure]:
        return {column: self(line, column, **who) for column in columns}

    @property
    def columns(self) -> dict[str, str]:
        """Of answers and of arrivals, as far as there are any."""
        whole = self.summary.whole
        answers = ANSWER_WORDS if whole["invited"] else {}
        return answers | (ARRIVAL_WORDS if self.summary.has_arrivals else {})

    def units_figure(self, count: int, which: str) -> Figure:
        return Figure("", "", count, f"/seminars/{self.seminar.slug}/credentials/units?which={which}")


def blocks(seminar: Seminar, now: datetime) -> list[Block]:
    counted = Counted(seminar)
    return [
        says(f"(Số liệu lúc {short_moment(now)}.)"),
        says(_opening(seminar)),
        Heading(1, "I. Số lượng đại biểu"),
        *_listed(counted),
        *_answers(counted),
        *_present(counted),
        Heading(1, "II. Cơ cấu đại biểu"),
        *_make_up(counted),
        Heading(1, "III. Theo thành phần"),
        *_groups(counted),
        Heading(1, "IV. Theo đơn vị"),
        *_units(counted),
        Heading(1, "V. Số liệu còn thiếu"),
        *_missing(counted),
        says(f"Trên đây là báo cáo tình hình đại biểu dự {subject_of(seminar)}./."),
    ]


def _opening(seminar: Seminar) -> str:
    plan = f"Thực hiện Kế hoạch số {seminar.plan_number or documents.UNKNOWN}"
    issued = f" ngày {short_date(seminar.plan_issued_on)}" if seminar.plan_issued_on else ""
    return (
        f"{plan}{issued} của {seminar.issuer or documents.UNKNOWN}, {documents.UNKNOWN} báo cáo tình hình đại biểu "
        f"dự {subject_of(seminar)} như sau:"
    )


def _listed(counted: Counted) -> list[Block]:
    summary, whole = counted.summary, counted.summary.whole
    parts = {
        audience.value: counted(summary.audiences[audience], "listed", audience=audience.value)
        for audience in AUDIENCE_WORDS
        if audience in summary.audiences
    }
    named = ", ".join(f"{AUDIENCE_WORDS[Audience(key)]} {{{key}}}" for key in parts)
    made: list[Block] = [
        Heading(2, "1. Đại biểu được mời, triệu tập"),
        says(
            f"Danh sách có {{listed}} đại biểu{f'; trong đó: {named}' if named else ''}.",
            listed=counted(whole, "listed"),
            **parts,
        ),
        says("Thư mời, giấy triệu tập còn hiệu lực: {invited} đại biểu.", invited=counted(whole, "invited"))
        if whole["invited"]
        else says(f"Thư mời, giấy triệu tập: {NO_FIGURES}."),
    ]
    if summary.several_groups:
        address = queries.people_address(counted.seminar)
        made.append(
            says(
                "Tính theo người: {people} người; tính theo thành phần: {memberships} lượt, vì {several} người thuộc từ hai "
                "thành phần trở lên, mỗi người chỉ tính một lần trong số đại biểu.",
                people=counted(whole, "listed"),
                memberships=Figure("", "", whole.memberships, f"{address}?count=memberships"),
                several=counted.figure(summary.several_groups, several=True),
            )
        )
    return made


def _answers(counted: Counted) -> list[Block]:
    whole = counted.summary.whole
    heading = Heading(2, "2. Trả lời thư mời, giấy triệu tập")
    if not whole["invited"]:
        return [heading, says(f"Trả lời: {NO_FIGURES}.")]
    return [
        heading,
        says(
            "Sẽ dự {attending} đại biểu; cử người dự thay {proxied}; xin vắng có lý do {excused}; báo vắng, chưa nêu lý do "
            "{unexcused}; chưa trả lời {no_answer}.",
            **counted.words(whole, ("attending", "proxied", "excused", "unexcused", "no_answer")),
        ),
    ]


def _present(counted: Counted) -> list[Block]:
    whole = counted.summary.whole
    heading = Heading(2, "3. Đại biểu có mặt")
    if not counted.summary.has_arrivals:
        return [heading, says(f"Có mặt: {NO_FIGURES} (chưa có lượt đến nào được ghi nhận).")]
    came = whole["proxies"]
    ways = [
        *(["có người dự thay {absent_represented}"] if whole["absent_represented"] else []),
        "có lý do {absent_excused}",
        "có báo, chưa nêu lý do {absent_unexcused}",
        *(["đã cử người dự thay nhưng không ai đến {absent_proxy_missing}"] if whole["absent_proxy_missing"] else []),
        "không báo {absent_silent}",
    ]
    percent = share(whole["arrived"], whole["listed"])
    return [
        heading,
        says(
            f"Có mặt {{arrived}}/{{listed}} đại biểu, đạt {percent}{', trong đó {proxies} người dự thay' if came else ''}.",
            **counted.words(whole, ("arrived", "listed", *(("proxies",) if came else ()))),
        ),
        says(
            f"Vắng mặt {{absent}} đại biểu: {'; '.join(ways)}.",
            **counted.words(whole, ("absent", *(f"absent_{one}" for one in Absence))),
        ),
    ]


def _make_up(counted: Counted) -> list[Block]:
    summary = counted.summary
    sides: list[tuple[str, Make, dict[str, object]]] = [("Danh sách", summary.listed, {})]
    if summary.has_arrivals:
        sides.append(("Có mặt", summary.present, {"presence": "arrived"}))

    def row(text: str, of: str, key: str, word: str) -> tuple[Part, ...]:
        cells: list[Part] = [text]
        for _heading, make, who in sides:
            count = getattr(make, of)[key]
            cells += [counted.figure(count, **who, **{word: key}), share(count, make.total)]
        return tuple(cells)

    rows = [
        *(row(text, "genders", key, "gender") for key, text in GENDER_WORDS.items()),
        row("Chưa rõ giới tính", "genders", UNKNOWN, "gender"),
        *(row(text, "bands", key, "age") for key, text in BAND_WORDS.items()),
        row("Chưa rõ năm sinh", "bands", UNKNOWN, "age"),
    ]
    total: list[Part] = ["Tổng số người"]
    for _heading, make, who in sides:
        total += [counted.figure(make.total, **who), ""]
    widths = (64.0, *(24.0 for _ in range(2 * len(sides)))) if len(sides) == 2 else (100.0, 30.0, 30.0)
    made: list[Block] = [
        says(f"Tuổi tính theo năm sinh, đến năm {summary.year}. Tỷ lệ tính trên tổng số người của mỗi cột."),
        Table(
            ("Cơ cấu", *(text for heading, _, _ in sides for text in (heading, "Tỷ lệ"))),
            (*rows, tuple(total)),
            widths,
            centred=tuple(range(1, 1 + 2 * len(sides))),
            has_total=True,
        ),
    ]
    if summary.whole["proxy_arrived"]:
        made.append(
            says(
                "Trong số có mặt, {count} người dự thay được tính là chưa rõ giới tính và năm sinh: danh sách chỉ ghi của người "
                "được mời.",
                count=counted(summary.whole, "proxy_arrived"),
            )
        )
    for _heading, make, _who in sides:
        made += _ages(counted, make)
    return made


def _ages(counted: Counted, make: Make) -> list[Block]:
    of = "Trong số có mặt: " if make is counted.summary.present else "Trong danh sách: "
    if make.average_age is None or make.youngest is None or make.oldest is None:
        return [says(f"{of}tuổi bình quân, đại biểu trẻ tuổi nhất, cao tuổi nhất: chưa có năm sinh nào.")]
    return [
        says(
            f"{of}tuổi bình quân của {{known}} đại biểu đã có năm sinh: {average(make.average_age)}.",
            known=counted.figure(len(make.ages), age="known", **_presence(counted, make)),
        ),
        _extreme(counted, f"{of}đại biểu trẻ tuổi nhất", make, make.youngest),
        _extreme(counted, f"{of}đại biểu cao tuổi nhất", make, make.oldest),
    ]


def _presence(counted: Counted, make: Make) -> dict[str, str]:
    return {"presence": "arrived"} if make is counted.summary.present else {}


def _extreme(counted: Counted, said: str, make: Make, year: int) -> Block:
    is_present = make is counted.summary.present
    count = counted.figure(make.years[year], birth_year=year, **_presence(counted, make))
    age = counted.summary.year - year
    people = queries.born_in(counted.seminar, year, NAMED, of_those_present=is_present)
    if make.years[year] > NAMED:
        return says(f"{said}: {{count}} đại biểu cùng sinh năm {year} ({age} tuổi).", count=count)
    named = "; ".join(person(one) for one in people)
    return Paragraph((f"{said}: {named} – sinh năm {year} ({age} tuổi), ", count, " người."))


def _groups(counted: Counted) -> list[Block]:
    summary = counted.summary
    has_several = summary.several_groups > 0
    rows: list[tuple[Part, ...]] = []
    for group in counted.groups:
        line = summary.groups.get(group.code)
        memberships = counted.memberships.get(group.id, 0)
        if line is None and not memberships:
            continue
        line = line or Line(dict.fromkeys(summary.whole.counts, 0))
        who = {"group": (group.code,)}
        several: tuple[Part, ...] = (counted.figure(memberships, secondary=True, **who),) if has_several else ()
        cells = (counted(line, column, **who) for column in counted.columns)
        rows.append((str(len(rows) + 1), group.name, counted(line, "listed", **who), *several, *cells))
    address = f"{queries.people_address(counted.seminar)}?count=memberships"
    whole: tuple[Part, ...] = (Figure("", "", summary.whole.memberships, address),) if has_several else ()
    made: list[Block] = []
    if has_several:
        made.append(
            says(
                "“Lượt” đếm mỗi người ở mọi thành phần của mình; các cột khác đếm người, mỗi người ở thành phần chính."
            )
        )
    made.append(
        _counts(
            counted, "Thành phần", ("Danh sách", *(("Lượt",) if has_several else ())), rows, (_total(counted), *whole)
        )
    )
    return made


def _total(counted: Counted) -> Figure:
    return counted(counted.summary.whole, "listed")


def _counts(
    counted: Counted, word: str, first: tuple[str, ...], rows: list[tuple[Part, ...]], totals: tuple[Part, ...]
) -> Table:
    columns = counted.columns
    narrow = len(first) + len(columns)
    each = min(16.0, 115 / narrow)
    last = ("", "Tổng cộng", *totals, *(counted(counted.summary.whole, column) for column in columns))
    return Table(
        ("TT", word, *first, *columns.values()),
        (*rows, last),
        (9, TEXT_MM - 9 - each * narrow, *(each for _ in range(narrow))),
        centred=(0, *range(2, 2 + narrow)),
        has_total=True,
        size=9,
    )


def _units(counted: Counted) -> list[Block]:
    summary = counted.summary
    rows: list[tuple[Part, ...]] = []
    for unit in counted.units:
        line = summary.units.get(unit.id)
        if line is not None:
            rows.append(_unit_row(counted, len(rows) + 1, unit.name, line, unit.id))
    if None in summary.units:
        rows.append(
            _unit_row(counted, len(rows) + 1, "Không thuộc đơn vị Đoàn nào", summary.units[None], queries.NO_UNIT)
        )
    made: list[Block] = [_counts(counted, "Đơn vị", ("Danh sách",), rows, (_total(counted),))]
    ids = [unit.id for unit in counted.units]
    for wanted, which, said in (
        (summary.unheard_units(ids), "unlisted", "Còn {} đơn vị chưa có đại biểu trong danh sách"),
        (summary.absent_units(ids), "absent", "Có {} đơn vị không có đại biểu nào có mặt"),
    ):
        if wanted:
            before, after = said.split("{}")
            figure = counted.units_figure(len(wanted), which)
            made.append(Paragraph((before, figure, f"{after}: {_named(counted.units, wanted)}.")))
    if summary.has_arrivals and ids and not summary.absent_units(ids):
        made.append(says("Tất cả đơn vị đều có đại biểu có mặt."))
    return made


def _unit_row(counted: Counted, number: int, name: str, line: Line, unit_id: int) -> tuple[Part, ...]:
    cells = (counted(line, column, unit=unit_id) for column in counted.columns)
    return (str(number), name, counted(line, "listed", unit=unit_id), *cells)


def _named(units: Sequence[Unit], wanted: Sequence[int]) -> str:
    return ", ".join(unit.name for unit in units if unit.id in wanted)


def _missing(counted: Counted) -> list[Block]:
    summary = counted.summary
    unassigned = summary.audiences.get(Audience.UNASSIGNED)
    wanting: list[tuple[str, int, dict[str, object]]] = [
        ("Chưa có năm sinh", summary.listed.bands[UNKNOWN], {"age": UNKNOWN}),
        ("Chưa rõ giới tính", summary.listed.genders[UNKNOWN], {"gender": UNKNOWN}),
        ("Chưa phân nhóm", unassigned["listed"] if unassigned else 0, {"audience": Audience.UNASSIGNED.value}),
        ("Chưa có chức vụ", summary.no_position, {"lacks": "position"}),
    ]
    found = [
        says(f"- {text}: {{count}} người;", count=counted.figure(count, **who)) for text, count, who in wanting if count
    ]
    return [*found] if found else [says("Không thiếu năm sinh, giới tính, thành phần, chức vụ của đại biểu nào.")]


def credentials_docx(seminar: Seminar, base_url: str, now: datetime) -> bytes:
    """The draft as a Word file, in the form of a report of the Union."""
    from seminar.documents.word.document import WordDocument

    settings = documents.settings_of(seminar.settings)
    subject = f"Tình hình đại biểu dự {subject_of(seminar)}"
    word = WordDocument(rules_for(local(now).date()), title=f"Báo cáo {subject}", now=now, draft=True)
    word.head(settings, documents.symbol(None, DocumentKind.REPORT, settings), None)
    word.title(documents.TITLES[DocumentKind.REPORT], subject)
    word.addressee(documents.UNKNOWN)
    for block in blocks(seminar, now):
        write(word, block, base_url)
    word.signature(documents.printed_recipients(settings.rows_for(DocumentKind.REPORT, is_addressed=True)), settings)
    return word.save()
