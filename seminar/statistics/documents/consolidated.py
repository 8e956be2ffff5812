"""The province's table as it is handed in: landscape as PDF and Word from one source, Excel and CSV. Vietnamese."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from seminar.documents import content, rules
from seminar.documents.content import Content
from seminar.documents.layout import rules_for
from seminar.documents.models import DocumentKind
from seminar.lib import sheets
from seminar.lib.clock import local, short_moment
from seminar.lib.language import say
from seminar.planning.models import Seminar
from seminar.statistics.documents import tables
from seminar.statistics.documents.charts import chart_picture
from seminar.statistics.documents.drawings import charts_of
from seminar.statistics.documents.tables import Line
from seminar.statistics.queries.tables import PeriodTable
from seminar.statistics.rules import RETURN_STATE_LABELS, label_of
from seminar.statistics.rules.consolidation import shown_keys

TITLE = "BIỂU TỔNG HỢP"
SIZE = 9.5
MOST_COLUMNS = 14
"""Side by side with the names on a page on its side."""
ABREAST, CHART_MM, CHART_HEIGHT_MM = 2, 114, 150
NUMBER_SHARE, NAME_SHARE, COLUMN_SHARE = 8, 52, 17
CELL_HEADINGS = ("Đơn vị", "Biểu mẫu", "Kỳ báo cáo", "Hàng", "Cột", "Số", "Lần nộp", "Nộp lúc", "Người nộp")


def state_words(line: Line) -> str:
    return f"{line.label} ({say(line.state)})" if line.state else line.label


def standing(table: PeriodTable, now: datetime) -> str:
    """Of which moment and how many units the figures are, and how they are made."""
    return (
        f"Số liệu lúc {short_moment(now)} của {len(table.accepted)}/{len(table.units)} đơn vị có bản nộp đã được tiếp nhận. Mỗi số của toàn tỉnh "
        "là tổng của những đơn vị có đủ số liệu cho số ấy; ô chưa có số liệu ghi “…”, không phải là 0; “x”: không cộng "
        "được qua các năm."
    )


def missing_words(table: PeriodTable) -> str:
    """Every unit of which nothing counts, with the state of its return; "" where there is none."""
    named = (f"{unit.name} ({say(RETURN_STATE_LABELS[table.state(unit.id)])})" for unit in table.missing)
    return "; ".join(named)


def table_blocks(table: PeriodTable, now: datetime) -> Iterator[content.Block]:
    """The province at a glance, every row on a page of its own, the charts, and what else is made of the figures."""
    definition = table.definition
    yield content.Line(standing(table, now))
    missing = missing_words(table)
    if missing:
        yield content.Line(f"{missing}.", strong="Đơn vị chưa có số liệu:")
    yield from _ruled(table, (definition.layout.row_heading,), tables.province(table).lines)
    extracts = tables.extracts(table)
    for extract in extracts:
        if extract.title == tables.STOCK_WORDS:
            yield from _extract(table, extract)
    for part in tables.rows(table):
        yield content.Line("", strong=part.name, starts_page=True)
        yield from _ruled(table, (definition.layout.number_heading, "Đơn vị"), part.lines)
    charts = list(chart_rows(table))
    if charts:
        yield content.Line("", strong="Biểu đồ", starts_page=True)
    yield from charts
    starts_page = True
    for extract in extracts:
        if extract.title != tables.STOCK_WORDS:
            yield from _extract(table, extract, starts_page=starts_page)
            starts_page = False


def chart_rows(table: PeriodTable) -> Iterator[content.Pictures]:
    """For a page on its side, each row no taller than the page."""
    charts = [
        chart_picture(chart, f"bieu-do-{table.period.id}-{number}") for number, chart in enumerate(charts_of(table), 1)
    ]
    for first in range(0, len(charts), ABREAST):
        row = tuple(charts[first : first + ABREAST])
        yield content.Pictures(row, min(CHART_MM, *(CHART_HEIGHT_MM / one.height_share for one in row)))


def _extract(table: PeriodTable, extract: tables.Extract, *, starts_page: bool = False) -> Iterator[content.Block]:
    accepted, count = len(table.accepted), len(extract.rows)
    yield content.Line("", strong=f"{extract.title} (toàn tỉnh)", starts_page=starts_page)
    whole = content.Table(
        (tuple((word, 1, 1) for word in ("Chỉ số", *extract.rows)),),
        tuple((line.label, *(cell.printed(accepted, " ") for cell in line.cells)) for line in extract.lines),
        (70, *[25] * count),
        centred=tuple(range(1, count + 1)),
        size=SIZE,
    )
    yield from content.abreast(whole, 1, MOST_COLUMNS)


def _ruled(table: PeriodTable, first: tuple[str, ...], lines: Sequence[Line]) -> Iterator[content.Block]:
    """Of units with their number, or of the rows of the province."""
    accepted, width, before = len(table.accepted), len(shown_keys(table.definition)), len(first)
    rows = []
    for number, line in enumerate(lines, 1):
        words = ["" if line.is_total else str(number), line.label][-before:]
        rows.append((*words, *(cell.printed(accepted) for cell in line.cells)))
    whole = content.Table(
        tables.headings(table.definition, *first),
        tuple(rows),
        (*(NUMBER_SHARE, NAME_SHARE)[-before:], *[COLUMN_SHARE] * width),
        centred=tuple(range(before, before + width)) if before == 1 else (0, *range(before, before + width)),
        strong_rows=tuple(number for number, line in enumerate(lines) if line.is_total),
        size=SIZE,
    )
    yield from content.abreast(whole, before, MOST_COLUMNS)


def table_content(seminar: Seminar, table: PeriodTable, now: datetime) -> Content:
    """Its number and day are written in by hand."""
    settings = rules.settings_of(seminar.settings)
    authority = "\n".join(part.upper() for part in (settings.authority, settings.signer_title) if part)
    return Content(
        kind=DocumentKind.REPORT,
        named=TITLE,
        symbol=None,
        subject=f"{table.period.sheet.title} – {table.period.name}",
        day=None,
        settings=settings,
        layout=rules_for(local(now).date()),
        blocks=tuple(table_blocks(table, now)),
        signers=(("NGƯỜI LẬP BIỂU", ""), (authority, settings.signer_name)),
        is_landscape=True,
    )


def table_pdf(seminar: Seminar, table: PeriodTable, now: datetime) -> bytes:
    return content.content_pdf(table_content(seminar, table, now))


def table_docx(seminar: Seminar, table: PeriodTable, now: datetime) -> bytes:
    from seminar.documents.word.document import content_docx

    return content_docx(table_content(seminar, table, now), now)


def cell_rows(table: PeriodTable) -> list[list[sheets.Cell]]:
    """Every figure that counts, one a line, with the version it comes from."""
    definition = table.definition
    found: list[list[sheets.Cell]] = []
    for unit in table.accepted:
        version, values = table.versions[unit.id], table.whole.values[unit.id]
        sent = local(version.sent_at)
        for row in definition.rows:
            for column in definition.columns:
                value = values.get((row.key, column.key))
                if value is not None:
                    found.append(
                        [
                            *(unit.name, table.period.sheet.title, table.period.name, row.label),
                            *(label_of(definition, column.key), column.said(value) if column.is_yes_no else value),
                            version.number,
                            *(f"{sent:%d/%m/%Y %H:%M}", version.actor_name),
                        ]
                    )
    return found


def table_csv(table: PeriodTable) -> bytes:
    return sheets.comma_separated(CELL_HEADINGS, cell_rows(table))
