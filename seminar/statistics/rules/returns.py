"""What is typed into a return: read, merged where two type, compared with what was sent before."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from seminar.lib.errors import Message, Refused
from seminar.lib.text import clean, clean_block, decimal, thousands
from seminar.statistics.rules.cells import read_answer, read_count
from seminar.statistics.rules.checks import Problem, count_of, label_of, problems, ratio_of
from seminar.statistics.rules.definitions import Definition, Formula, FormulaKind, Level, Values, cell_key

LONGEST_CELL = 100
LONGEST_REMARKS = 2000
LONGEST_REASON = 500


@dataclass(frozen=True)
class Reading:
    """What the typed cells say. `wrong` are cells that are no count, by "row.column"."""

    values: dict[tuple[str, str], int]
    wrong: dict[str, Message] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    blank: list[tuple[str, str]] = field(default_factory=list)

    @property
    def errors(self) -> list[Problem]:
        return [one for one in self.problems if one.level == Level.ERROR]

    @property
    def warnings(self) -> list[Problem]:
        return [one for one in self.problems if one.level == Level.WARNING]

    @property
    def is_right(self) -> bool:
        return not self.wrong and not self.errors


@dataclass(frozen=True)
class Difference:
    """One cell of two versions; None is blank."""

    row: str
    column: str
    before: int | None
    after: int | None


def places(definition: Definition) -> Iterator[tuple[str, str]]:
    """(row key, column key) of every cell, row for row."""
    return ((row.key, column.key) for row in definition.rows for column in definition.columns)


def typed_cells(definition: Definition, said: Mapping[str, object]) -> dict[str, str]:
    """ "row.column" -> text as typed, of the cells that the sheet has; what is blank is left out."""
    found = {}
    for row, column in places(definition):
        text = _text(said.get(cell_key(row, column))).strip()
        if len(text) > LONGEST_CELL:
            text = clean(text)[:LONGEST_CELL]  # without the spaces, or the beginning could pass for another number
        if text:
            found[cell_key(row, column)] = text
    return found


def _text(value: object) -> str:
    """A number 0 is a nought, not blank."""
    return str(value) if isinstance(value, str | int | float) else ""


def misplaced(definition: Definition, said: Mapping[str, object]) -> dict[str, str]:
    """ "row.column" -> text of the cells with something in them that the sheet does not have: it was changed since."""
    known = {cell_key(*place) for place in places(definition)}
    return {key: text for key, value in said.items() if key not in known and (text := clean(_text(value)))}


def read_reason(text: str) -> str:
    """Refused where it is longer than what is kept: nothing is cut off unseen."""
    words = clean_block(text)
    if len(words) > LONGEST_REASON:
        raise Refused(
            "The reason has %(count)s characters and at most %(most)s are kept: shorten it.",
            count=thousands(len(words)),
            most=LONGEST_REASON,
        )
    return words


def read_remarks(text: str) -> str:
    """As `read_reason`."""
    words = clean_block(text)
    if len(words) > LONGEST_REMARKS:
        raise Refused(
            "The remarks have %(count)s characters and at most %(most)s are kept: shorten them.",
            count=thousands(len(words)),
            most=thousands(LONGEST_REMARKS),
        )
    return words


def read_cells(definition: Definition, cells: Mapping[str, str]) -> Reading:
    values, wrong, blank = {}, {}, []
    for row, column in places(definition):
        key = cell_key(row, column)
        try:
            count = read_cell(definition, column, cells.get(key, ""))
        except Refused as refusal:
            wrong[key] = refusal.message
            continue
        if count is None:
            blank.append((row, column))
        else:
            values[row, column] = count
    return Reading(values, wrong, problems(definition, values), blank)


def read_cell(definition: Definition, column: str, text: str) -> int | None:
    """None where it is blank; refuses what the column does not ask for."""
    found = definition.column(column)
    return read_answer(text) if found is not None and found.is_yes_no else read_count(text)


def cells_of(definition: Definition, values: Values) -> dict[str, str]:
    """Figures as somebody would have typed them: "9.000", "có"."""
    found = {}
    for (row, key), value in values.items():
        column = definition.column(key)
        found[cell_key(row, key)] = column.said(value) if column else thousands(value)
    return found


def merged(
    base: Mapping[str, str], mine: Mapping[str, str], theirs: Mapping[str, str]
) -> tuple[dict[str, str], list[str]]:
    """(cells of both, keys that both changed to different texts). `base` is what mine began from."""
    cells, conflicts = {}, []
    for key in dict.fromkeys((*theirs, *mine, *base)):
        was, ours, other = (some.get(key, "") for some in (base, mine, theirs))
        if ours != was and other not in (was, ours):
            conflicts.append(key)
        text = other if ours == was else ours
        if text:
            cells[key] = text
    return cells, conflicts


def merged_remarks(base: str | None, mine: str, theirs: str) -> str:
    """Those that somebody changed; where both did, mine under theirs. Without `base` nobody knows who changed what."""
    was = None if base is None else clean_block(base)
    if theirs == was or mine == theirs:
        return mine
    if mine == was or mine in theirs:
        return theirs
    return mine if theirs in mine else f"{theirs}\n{mine}"


def overlaid(definition: Definition, before: Mapping[str, str], found: Mapping[str, str]) -> dict[str, str]:
    """The cells with those of a file over them; what says the same count stays as it was typed."""
    was, said = read_cells(definition, before).values, read_cells(definition, found).values
    same = {cell_key(*place) for place, count in said.items() if was.get(place) == count}
    return {**before, **{key: text for key, text in typed_cells(definition, found).items() if key not in same}}


def differences(definition: Definition, before: Values, after: Values) -> list[Difference]:
    return [
        Difference(row, column, before.get((row, column)), after.get((row, column)))
        for row, column in places(definition)
        if before.get((row, column)) != after.get((row, column))
    ]


def marks(definition: Definition, reading: Reading) -> dict[str, Level]:
    """ "row.column" of the cells that a problem is about, the parts of a sum each; an error outweighs a warning."""
    found: dict[str, Level] = dict.fromkeys(reading.wrong, Level.ERROR)
    for problem in reading.problems:  # errors come first
        for key in problem.keys:
            formula = definition.formula(key)
            for column in formula.of if formula else (key,):
                found.setdefault(cell_key(problem.row, column), problem.level)
    return found


def shown_percent(ratio: Fraction | None) -> str:
    """ "55,56 %", or "" where it is not known."""
    if ratio is None:
        return ""
    return f"{decimal(ratio * 100, 2).rstrip('0').rstrip(',')} %"


def figures(definition: Definition, values: Values) -> list[tuple[Formula, list[str]]]:
    """What the sheet's formulas give for each of its rows, as shown; "" where figures are missing."""
    found = []
    for formula in definition.formulas:
        shown = []
        for row in definition.rows:
            if formula.kind == FormulaKind.SUM:
                count = count_of(definition, values, row.key, formula.key)
                shown.append("" if count is None else thousands(count))
            else:
                shown.append(shown_percent(ratio_of(definition, values, row.key, formula.key)))
        found.append((formula, shown))
    return found


def place_label(definition: Definition, key: str) -> str:
    """ "row.column" as people call it: "Năm 2021, Tổng số đoàn viên"."""
    row_key, _dot, column_key = key.partition(".")
    row = definition.row(row_key)
    return f"{row.label if row else row_key}, {label_of(definition, column_key)}"
