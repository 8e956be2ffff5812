"""The form of a sheet as the plan prints it (domain.md S1.76 to S1.81), blank or filled in: one source for PDF and Word."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from seminar.documents.content import Annex, Table, abreast, annexes_data, common_data
from seminar.documents.layout import rules_for
from seminar.documents.rules import UNKNOWN, DocumentSettings, long_date, settings_of
from seminar.lib.clock import local
from seminar.lib.errors import Refused
from seminar.planning.models import Seminar
from seminar.statistics.models import Period
from seminar.statistics.rules import Column, Definition, cell_key, read_answer, read_count, read_definition
from seminar.statistics.rules.heads import authority_of, issuer_line, place_of, province_of
from seminar.statistics.rules.periods import span_name

NUMBER_SHARE, ROW_SHARE, LANDSCAPE_ROW_SHARE, COLUMN_SHARE = 10, 20, 34, 18
MANY_COLUMNS, SMALL_SIZE = 10, 10
MOST_COLUMNS, LANDSCAPE_MOST_COLUMNS = 10, 14
"""More stand below each other."""
SIZE, ROW_HEIGHT_MM, LANDSCAPE_ROW_HEIGHT_MM = 11, 10, 6.5
"""Landscape pages are low: heading, rows and signature must find room on one."""


@dataclass(frozen=True)
class Filled:
    """A sheet as it is to be printed. `unit` "" and no `cells` give the blank form."""

    definition: Definition
    settings: DocumentSettings
    period: str = ""
    unit: str = ""
    cells: Mapping[str, str] = field(default_factory=dict)
    """ "row.column" -> as typed: "9000" prints as "9.000", what is no number as it stands."""
    signed_on: date | None = None
    """None: the day stays open, to be written by hand."""
    year: int | None = None
    """Of the open day."""


def filled_form(period: Period, unit: str = "", cells: Mapping[str, str] | None = None) -> Filled:
    """The period's form of the unit of that name, or the blank one."""
    sheet = period.sheet
    return Filled(
        read_definition(sheet.definition),
        settings_of(sheet.seminar.settings),
        period.name,
        unit,
        cells or {},
        year=year_of(period, sheet.seminar),
    )


def year_of(period: Period | None, seminar: Seminar) -> int | None:
    """In which the form is signed: that of the deadline, else of the seminar."""
    if period is not None and period.due_on is not None:
        return period.due_on.year
    deadline = next((one for one in seminar.milestones if one.code == "returns"), None)
    day = deadline.due_on if deadline and (period is None or period.quarter is None) else None
    if day is None and period is not None and period.quarter is not None and period.year is not None:
        return period.year + period.quarter // 4
    day = day or seminar.held_on
    return day.year if day else None


def printed_cell(column: Column, text: str) -> str:
    try:
        value = read_answer(text) if column.is_yes_no else read_count(text)
    except Refused:
        return text
    return "" if value is None else column.said(value)


def headings_of(definition: Definition) -> tuple[tuple[tuple[str, int, int], ...], ...]:
    """(text, columns across, rows down) of the one or two rows of headings, beginning with the number and the row."""
    is_double = any(column.heading for column in definition.columns)
    down = 2 if is_double else 1
    first = [(definition.layout.number_heading, 1, down), (definition.layout.row_heading, 1, down)]
    second: list[tuple[str, int, int]] = []
    over = None
    for column in definition.columns:
        if not column.heading:
            first.append((column.label, 1, down))
        else:
            second.append((column.label, 1, 1))
            if column.heading == over:
                text, across, _ = first[-1]
                first[-1] = (text, across + 1, 1)
            else:
                first.append((column.heading, 1, 1))
        over = column.heading or None
    return (tuple(first), tuple(second)) if is_double else (tuple(first),)


def subject_of(filled: Filled) -> str:
    """The lines under the title, with province, years and period filled in."""
    words = {
        "province": province_of(filled.settings.issuer_lines) or f"tỉnh {UNKNOWN}",
        "years": span_name(filled.definition),
        "period": filled.period or UNKNOWN,
    }
    text = filled.definition.layout.subject
    for name, value in words.items():
        text = text.replace(f"{{{name}}}", value)
    return text


def head_of(filled: Filled) -> tuple[tuple[str, ...], tuple[str, ...], str | None, str]:
    """The province above, the unit's own line below; at the right place and day (plan, S1.76 and S1.77)."""
    kind = filled.definition.layout.symbol_kind
    symbol = f"…-{kind}/ĐTN" if kind else None
    issuer = issuer_line(filled.unit) if filled.unit else f"BCH {UNKNOWN}"
    place = place_of(filled.unit, filled.settings.place) if filled.unit else UNKNOWN
    day = long_date(filled.signed_on) if filled.signed_on else f"ngày … tháng … năm {filled.year or '…'}"
    return filled.settings.issuer_lines, (issuer,), symbol, f"{place}, {day}"


def rows_of(filled: Filled) -> list[tuple[str, ...]]:
    """Number, label and figures of each row; blank is blank."""
    definition = filled.definition
    return [
        (
            str(number),
            row.label,
            *(
                printed_cell(column, filled.cells.get(cell_key(row.key, column.key), ""))
                for column in definition.columns
            ),
        )
        for number, row in enumerate(definition.rows, 1)
    ]


def signature_of(filled: Filled) -> str:
    return f"{filled.definition.layout.signature} {authority_of(filled.unit) if filled.unit else UNKNOWN}"


def form_annex(filled: Filled) -> Annex:
    definition = filled.definition
    count = len(definition.columns)
    is_landscape = definition.layout.is_landscape
    row_share = LANDSCAPE_ROW_SHARE if is_landscape else ROW_SHARE
    whole = Table(
        headings_of(definition),
        tuple(rows_of(filled)),
        (NUMBER_SHARE, row_share, *[COLUMN_SHARE] * count),
        centred=(0, *range(2, count + 2)),
        size=SIZE if count < MANY_COLUMNS else SMALL_SIZE,
        row_height_mm=LANDSCAPE_ROW_HEIGHT_MM if is_landscape else ROW_HEIGHT_MM,
    )
    return Annex(
        definition.layout.title,
        subject_of(filled),
        tuple(abreast(whole, 2, LANDSCAPE_MOST_COLUMNS if is_landscape else MOST_COLUMNS)),
        is_landscape=is_landscape,
        head=head_of(filled),
        signature=(signature_of(filled), ""),
    )


def _layout(filled: Filled, now: datetime) -> tuple[Any, DocumentSettings]:
    """A form is one sheet of paper, printed on one side."""
    return rules_for(local(now).date()), replace(filled.settings, is_double_sided=False, archive_mark="")


def form_pdf(filled: Filled, now: datetime) -> bytes:
    """One page; refused where the font lacks a character."""
    from seminar.documents import pdf

    layout, settings = _layout(filled, now)
    heading = f"{filled.definition.title} {filled.unit}".strip()
    return pdf.compile(
        "form.typ", {**common_data(layout, settings), **annexes_data([form_annex(filled)]), "heading": heading}
    )


def form_docx(filled: Filled, now: datetime) -> bytes:
    from seminar.documents.word.document import WordDocument

    layout, _ = _layout(filled, now)
    word = WordDocument(
        layout,
        title=f"{filled.definition.title} {filled.unit}".strip(),
        now=now,
        landscape=filled.definition.layout.is_landscape,
    )
    word.fill_annex(form_annex(filled))
    return word.save()
