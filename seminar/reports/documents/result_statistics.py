"""The units' statistics in the result report: what the text says of them, annex 3 with charts, and who did not send."""

from collections.abc import Iterator, Sequence

from seminar.documents.content import bands_of
from seminar.lib.language import say
from seminar.minutes.documents import NO_FIGURES
from seminar.reports.documents.blocks import Annex, Block, Heading, Paragraph, Part, Table, says
from seminar.reports.queries import Facts, Figure
from seminar.reports.queries.statistics import PeriodFigures
from seminar.statistics.documents import tables
from seminar.statistics.documents.consolidated import MOST_COLUMNS, chart_rows, state_words
from seminar.statistics.documents.tables import Line, Shown, row_label
from seminar.statistics.queries.tables import PeriodTable
from seminar.statistics.rules import RETURN_STATE_LABELS, ReturnState, label_of
from seminar.statistics.rules.consolidation import Asked, has_years, ratios_of, shown_keys, shown_rows, sums_of

NUMBER_MM, NAME_MM, ROOM_MM = 9.0, (46.0, 90.0), 247.0
"""Of a table on its side: the columns before the figures (a name in one line wherever it can be), and the text's width."""
FIGURE_MM = 16.0
SIZE = 9
UNSENT = (ReturnState.MISSING, ReturnState.DRAFT)


def told(known: Facts) -> list[Block]:
    """Sentences of part II: of how many units there are figures, sums and ratios by years."""
    made: list[Block] = []
    for one in known.statistics:
        title = one.table.name
        if not one.accepted.count:
            made.append(says(f"{title}: {NO_FIGURES}."))
            continue
        parts: list[Part] = [f"{title}: có số liệu của ", one.accepted, f"/{len(one.table.units)} đơn vị"]
        if one.missing.count and one.is_owed:
            parts += ["; còn ", one.missing, " đơn vị chưa có số liệu (Phụ lục 4)"]
        made.append(Paragraph((*parts, ". Biểu tổng hợp và biểu đồ tại Phụ lục 3.")))
        made += _by_rows(one.table)
    return made


def _by_rows(table: PeriodTable) -> Iterator[Block]:
    """A line for each sum, and for the first ratio."""
    definition = table.definition
    for key in (*sums_of(definition), *ratios_of(definition)[:1]):
        shown = [(row, tables.shown(table, Asked(row, key))) for row in shown_rows(definition)]
        parts: list[Part] = [f"- {label_of(definition, key)} – "]
        for row, cell in shown:
            if cell.text == tables.NO_FIGURE:
                continue
            parts += ["; " if len(parts) > 1 else "", f"{_label(table, row)}: ", figure(cell)]
            parts += [f" ({cell.coverage} đơn vị)"] if cell.coverage and cell.counted < len(table.accepted) else []
        yield Paragraph((*parts, "."))


def _label(table: PeriodTable, row: str) -> str:
    label = row_label(table.definition, row)
    return label.lower() if has_years(table.definition) or label == tables.TOGETHER else label


def figure(cell: Shown) -> Part:
    """A link to its cells; what is missing or cannot be is plain text."""
    if not cell.href or cell.value is None:
        return tables.MISSING if cell.href else cell.text
    return Figure("", "", 0, cell.href, cell.text)


def annex(known: Facts) -> list[Block]:
    """Annex 3, on its side: every row with all units, the charts, shares and growth."""
    made: list[Block] = [Annex("Phụ lục 3", "Biểu tổng hợp số liệu", is_landscape=any(_counts(known)))]
    if not any(_counts(known)):
        return [*made, says(f"{NO_FIGURES[0].upper()}{NO_FIGURES[1:]}.")]
    for number, one in enumerate(known.statistics, 1):
        made.append(Heading(2, f"{number}. {one.table.name}", starts_page=number > 1))
        if one.accepted.count:
            made += _table(one)
        else:
            made.append(says(f"{NO_FIGURES[0].upper()}{NO_FIGURES[1:]}."))
    return made


def _counts(known: Facts) -> list[int]:
    return [one.accepted.count for one in known.statistics]


def _table(one: PeriodFigures) -> Iterator[Block]:
    table = one.table
    definition = table.definition
    yield Paragraph(
        (
            "Số liệu của ",
            one.accepted,
            f"/{len(table.units)} đơn vị có bản nộp đã được tiếp nhận; mỗi số của toàn tỉnh là tổng của những đơn vị có đủ "
            "số liệu cho số ấy; “…”: chưa có số liệu, không phải là 0; “x”: không cộng được qua các năm.",
        )
    )
    for place, part in enumerate(tables.rows(table)):
        yield Heading(2, part.name, starts_page=place > 0)
        rows = [
            ("" if line.is_total else str(number), state_words(line), *_cells(line, len(table.accepted)))
            for number, line in enumerate(part.lines, 1)
        ]
        count = len(shown_keys(definition))
        whole = Table(
            tables.flat_headings(definition, "TT", "Đơn vị"),
            tuple(rows),
            _widths(count),
            centred=(0, *range(2, count + 2)),
            has_total=True,
            size=SIZE,
            heading_rows=tables.headings(definition, "TT", "Đơn vị"),
        )
        yield from _abreast(whole, 2)
    yield from chart_rows(table)
    for place, extract in enumerate(tables.extracts(table)):
        yield Heading(2, f"{extract.title} (toàn tỉnh)", starts_page=place == 0)
        width = (ROOM_MM - 87) / len(extract.rows)
        whole = Table(
            ("Chỉ số", *extract.rows),
            tuple((line.label, *_cells(line, len(table.accepted))) for line in extract.lines),
            (87, *[width] * len(extract.rows)),
            centred=tuple(range(1, len(extract.rows) + 1)),
            size=SIZE,
        )
        yield from _abreast(whole, 1)


def _abreast(whole: Table, before: int) -> Iterator[Block]:
    """The table, or its bands below each other where it is wider than the page."""
    bands = bands_of(whole.head, before, MOST_COLUMNS)
    if not bands:
        yield whole
    for which, columns in bands:
        yield Heading(2, which)
        yield whole.of_columns(columns, before)


def _widths(count: int) -> tuple[float, ...]:
    """In mm, of number, name and so many figures."""
    least, most = NAME_MM
    name = min(most, max(least, ROOM_MM - NUMBER_MM - count * FIGURE_MM))
    return (NUMBER_MM, name, *[(ROOM_MM - NUMBER_MM - name) / count] * count)


def _cells(line: Line, accepted: int) -> Sequence[Part]:
    """A figure of fewer units than are accepted says of how many."""
    found: list[Part] = []
    for cell in line.cells:
        made = figure(cell)
        if isinstance(made, Figure) and cell.coverage and cell.counted < accepted:
            made = Figure("", "", 0, made.href, f"{made.said} ({cell.coverage})")
        found.append(made)
    return found


def missing(known: Facts) -> list[Block]:
    """Of annex 4: the units of which nothing is accepted, with the state of their return; not of what is free."""
    owed = [one for one in known.statistics if one.is_owed]
    if not owed:
        return [says(f"{NO_FIGURES[0].upper()}{NO_FIGURES[1:]}.")]
    made: list[Block] = []
    for one in owed:
        unsent = sum(one.table.state(unit.id) in UNSENT for unit in one.table.missing)
        said = f" đơn vị chưa có số liệu được tiếp nhận, trong đó {unsent} đơn vị chưa nộp."
        made.append(Paragraph((f"{one.table.name}: ", one.missing, said)))
        if one.table.missing:
            rows = tuple(
                (str(number), unit.name, say(RETURN_STATE_LABELS[one.table.state(unit.id)]))
                for number, unit in enumerate(one.table.missing, 1)
            )
            made.append(Table(("TT", "Đơn vị", "Tình trạng"), rows, (14, 96, 50)))
    return made
