"""Tables that the program puts into a document, and what is attached to it: quotas, programme, forms, lists."""

from collections.abc import Iterable
from datetime import date

from seminar.agenda.queries import programme, withdrawn_items
from seminar.agenda.rules import labels_of, timetable
from seminar.delegates.queries import Allotted
from seminar.documents import rules
from seminar.documents.content import Annex, Table
from seminar.documents.models import DocumentKind
from seminar.documents.rules import UNKNOWN
from seminar.invitations.rules import quoted_title
from seminar.lib.clock import local, short_date, short_time
from seminar.lib.errors import N_
from seminar.papers.documents.results import results_annex
from seminar.papers.queries.results import results
from seminar.planning.models import Audience, Group, QuotaKind, Seminar
from seminar.reports.queries.lists import entries
from seminar.reports.queries.people import Who
from seminar.reports.rules.lists import roman
from seminar.statistics.documents import Filled, form_annex, year_of
from seminar.statistics.queries import sheet_by_code
from seminar.statistics.rules import read_definition
from seminar.statistics.rules.periods import span_name
from seminar.statistics.rules.starters import OFFICIAL, starters, with_years_until

QUOTAS, PROGRAMME = "Bảng chỉ tiêu", "Bảng chương trình"
TABLES = (QUOTAS, PROGRAMME)
ANNEX_LABELS = {
    "quotas": N_("quota of each unit"),
    "register": N_("form for the list of delegates"),
    "data": N_("form of the data, as the plan attaches it"),
    "programme": N_("programme as an annex"),
    "summoned": N_("list of the summoned delegates, without telephones"),
    "paper-results": N_("list of the results of vetting, as released"),
}
EMPTY_ROWS = 10


def years_of(seminar: Seminar) -> tuple[int, ...]:
    """The three years before that of the seminar, of which the plan's form asks (S1.80)."""
    year = seminar.held_on.year if seminar.held_on else 0
    return tuple(range(year - 3, year)) if year else ()


def span(seminar: Seminar) -> str:
    years = years_of(seminar)
    return f"giai đoạn {years[0]} - {years[-1]}" if years else f"giai đoạn {UNKNOWN}"


def _summoned(groups: Iterable[Group]) -> list[Group]:
    return [group for group in groups if group.audience == Audience.SUMMONED]


def _headings(*words: str) -> tuple[tuple[tuple[str, int, int], ...], ...]:
    return (tuple((word, 1, 1) for word in words),)


def quota_table(places: Allotted) -> Table:
    """Thành phần and how many, from the places that are allotted now (domain.md 2.2)."""
    rows, total, is_whole = [], 0, True
    for number, group in enumerate(_summoned(places.groups), 1):
        cell = places.of_group(group)
        if group.quota_kind == QuotaKind.PER_UNIT:
            counts = {places.cell(group, unit).allotted for unit in places.units} - {0}
            units = sum(places.cell(group, unit).allotted > 0 for unit in places.units)
            each = f"{counts.pop():02d} đồng chí/đơn vị ({units:02d} đơn vị)" if len(counts) == 1 else "theo phân bổ"
        elif group.quota_kind == QuotaKind.CLOSED:
            each = "theo danh sách"
        elif group.quota_kind == QuotaKind.TOTAL:
            each = "theo giấy triệu tập"
        else:
            rows.append((str(number), group.name, "theo giấy triệu tập", UNKNOWN))
            is_whole = False
            continue
        rows.append((str(number), group.name, each, f"{cell.allotted:02d}"))
        total += cell.allotted
    words = "Cộng" if is_whole else "Cộng (các thành phần có số lượng)"
    rows.append(("", words, "", f"{total:02d}"))
    return Table(
        _headings("STT", "Thành phần", "Số lượng", "Tổng số"),
        tuple(rows),
        (12, 70, 58, 20),
        centred=(0, 2, 3),
        strong_rows=(len(rows) - 1,),
    )


def quotas_by_unit(places: Allotted) -> Table:
    groups = [group for group in _summoned(places.groups) if group.quota_kind == QuotaKind.PER_UNIT]
    rows = []
    for number, unit in enumerate(places.units, 1):
        counts = [places.cell(group, unit).allotted for group in groups]
        rows.append(
            (str(number), unit.name, *(f"{count:02d}" if count else "-" for count in counts), f"{sum(counts):02d}")
        )
    sums = [places.of_group(group).allotted for group in groups]
    rows.append(("", "Cộng", *(f"{count:02d}" for count in sums), f"{sum(sums):02d}"))
    return Table(
        _headings("STT", "Đơn vị", *(group.name for group in groups), "Cộng"),
        tuple(rows),
        (12, 60, *(26 for _ in groups), 18),
        centred=(0, *range(2, len(groups) + 3)),
        strong_rows=(len(rows) - 1,),
    )


def programme_rows(seminar: Seminar) -> list[tuple[str, str, str, str, str]]:
    """STT, time, what, who, remark of every item (domain.md 2.3); where there are several sittings, each one's name first.

    The day stands beside the name where the sittings are not all on one; an item without minutes prints its beginning.
    Withdrawn papers are left out; the others keep their times.
    """
    sittings = programme(seminar)
    gone = withdrawn_items(sittings)
    days = [local(sitting.starts_at).date() for sitting in sittings]
    rows = []
    for sitting, day in zip(sittings, days, strict=True):
        if len(sittings) > 1:
            name = f"{sitting.name}, ngày {short_date(day)}" if len(set(days)) > 1 else sitting.name
            rows.append(("", "", name, "", ""))
        labels = labels_of(sitting.items, gone)
        for start, end, item in timetable(sitting.starts_at, sitting.items):
            if item.id in gone:
                continue
            when = f"{short_time(start)} - {short_time(end)}" if end > start else short_time(start)
            rows.append((labels[item.id], when, item.title, item.who, item.note))
    return rows


def programme_table(seminar: Seminar) -> Table:
    rows = programme_rows(seminar)
    return Table(
        _headings("STT", "Thời gian", "Nội dung", "Người thực hiện", "Ghi chú"),
        tuple(rows) or (("", "", UNKNOWN, "", ""),),
        (12, 26, 64, 38, 20),
        centred=(0, 1),
        strong_rows=tuple(number for number, row in enumerate(rows) if not row[0]),
    )


def _unit_head(
    settings: rules.DocumentSettings, seminar: Seminar, kind: str
) -> tuple[tuple[str, ...], tuple[str, ...], str, str]:
    """Head of a form that a unit fills in: the province above, the unit's own line below (plan, S1.76 and S1.77)."""
    year = seminar.held_on.year if seminar.held_on else "…"
    day = f"{UNKNOWN}, ngày … tháng … năm {year}"
    return settings.issuer_lines, (f"BCH {UNKNOWN}",), f"…-{kind}/ĐTN", day


def data_form(settings: rules.DocumentSettings, seminar: Seminar) -> Annex:
    """The blank form of the plan (S1.76 to S1.81), as the office asks for it; where it does not yet, as it would."""
    sheet = sheet_by_code(seminar.id, OFFICIAL)
    year = (years_of(seminar) or (None,))[-1]
    definition = read_definition(sheet.definition) if sheet else starters()[OFFICIAL]
    if sheet is None and year is not None:
        definition = with_years_until(definition, year)
    return form_annex(Filled(definition, settings, span_name(definition), year=year_of(None, seminar)))


def register_form(settings: rules.DocumentSettings, seminar: Seminar) -> Annex:
    """The empty list on which a unit names its delegates."""
    return Annex(
        "DANH SÁCH",
        f"Đăng ký đại biểu dự {quoted_title(seminar.title)}",
        (
            Table(
                _headings("STT", "Họ và tên", "Năm sinh", "Chức vụ, đơn vị", "Thành phần", "Điện thoại", "Ghi chú"),
                tuple((str(number), *[""] * 6) for number in range(1, EMPTY_ROWS + 1)),
                (11, 42, 16, 34, 24, 22, 14),
                centred=(0,),
                size=11,
                row_height_mm=9,
            ),
        ),
        head=_unit_head(settings, seminar, "DS"),
        signature=(f"TM. BAN THƯỜNG VỤ {UNKNOWN}", ""),
    )


def summoned_list(seminar: Seminar) -> Annex:
    """Everybody on the list of the summoned groups, by group; no telephones."""
    people = entries(seminar, Who(audience=Audience.SUMMONED), ())
    rows: list[tuple[str, ...]] = []
    strong = []
    group, section, count = "", 0, 0
    for one in people:
        if one.groups and one.groups[0][1] != group:
            group, section, count = one.groups[0][1], section + 1, 0
            strong.append(len(rows))
            rows.append((roman(section), group, "", ""))
        count += 1
        body = one.body or (one.unit[1] if one.unit else "")
        rows.append((str(count), one.name, one.position, body))
    return Annex(
        "DANH SÁCH",
        f"Đại biểu triệu tập dự {quoted_title(seminar.title)}",
        (
            Table(
                _headings("STT", "Họ và tên", "Chức vụ", "Đơn vị"),
                tuple(rows) or (("", UNKNOWN, "", ""),),
                (12, 52, 44, 52),
                centred=(0,),
                strong_rows=tuple(strong),
            ),
        ),
    )


def annex_of(code: str, seminar: Seminar, settings: rules.DocumentSettings, places: Allotted) -> Annex:
    title = quoted_title(seminar.title)
    match code:
        case "quotas":
            return Annex("PHỤ LỤC", f"Phân bổ đại biểu triệu tập của các đơn vị dự {title}", (quotas_by_unit(places),))
        case "register":
            return register_form(settings, seminar)
        case "data":
            return data_form(settings, seminar)
        case "paper-results":
            return results_annex(seminar, [one for one in results(seminar) if one.is_released])
        case "programme":
            return Annex("CHƯƠNG TRÌNH", title, (programme_table(seminar),))
        case _:
            return summoned_list(seminar)


def attached_to(seminar: Seminar, kind: DocumentKind, symbol: str, day: date | None) -> str:
    """ "(Kèm theo Công văn số 01-CV/TĐTN-TCKT, ngày 15 tháng 3 năm 2024 của …)", under the heading of an annex."""
    word = rules.TITLES[kind].capitalize() or "Công văn"
    when = rules.long_date(day) if day else "ngày … tháng … năm …"
    return f"(Kèm theo {word} số {symbol}, {when} của {seminar.issuer or UNKNOWN})"
