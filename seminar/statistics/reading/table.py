"""The table of one sheet within a grid: which of its columns and rows stand where, and what was not understood."""

import re
from collections.abc import Iterator, Sequence

from seminar.lib.errors import Message, Refused
from seminar.lib.text import fold, shorten
from seminar.statistics.reading.grid import Grid, bare, most_like, plain
from seminar.statistics.rules import Definition, Row, cell_key, label_of, read_count
from seminar.statistics.rules.heads import issuer_line

SEARCHED_ROWS, ROWS_BELOW = 60, 30
MOST_NAMED, MOST_OF_A_KIND = 8, 5
YEAR = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])")
QUARTER = re.compile(r"\bquy (iv|iii|ii|i|[1-4])\b[^0-9a-z]*(?:nam )?((?:19|20)[0-9]{2})")
QUARTERS = {"i": "1", "ii": "2", "iii": "3", "iv": "4"}
SUM = re.compile(r"^(tong|cong|tong cong|tong so|toan tinh)\b")
NUMBER_HEADINGS = ("tt", "stt", "sott", "no")


def named(names: Sequence[str], most: int = MOST_NAMED) -> str:
    shown = [f"“{shorten(name, 60)}”" for name in names[:most]]
    return ", ".join([*shown, "…"] if len(names) > most else shown)


class Table:
    """`is_found`: enough of the headings and at least one row are there."""

    def __init__(self, definition: Definition, grid: Grid) -> None:
        self.definition, self.grid = definition, grid
        self.guessed: list[Message] = []
        self.columns: dict[str, int] = {}
        self.rows: dict[str, int] = {}
        self.repeated: list[tuple[int, str]] = []
        self.cells: dict[str, str] = {}
        self.problems: list[Message] = []
        self.sought = {plain(words) for one in definition.columns for words in (one.label, one.heading + one.label)}
        self.last_heading = self._find_headings()
        if self.columns:
            self.columns |= self._guess_columns(self.last_heading)
            self.label_column = self._find_rows()
        self.score = len(self.columns) + len(self.rows)
        self.is_found = len(self.columns) >= min(2, len(definition.columns)) and bool(self.rows)
        if self.is_found:
            self._read()
            self.problems = [*self.guessed, *self._lacks(), *self._left_out(), *self._doubts()]

    # Where columns and rows are

    def _find_headings(self) -> int:
        """The last row of the headings: the one under which most columns are known."""
        best = 0
        for row in range(min(len(self.grid.texts), SEARCHED_ROWS)):
            found = self._columns_under(row)
            if len(found) > len(self.columns):
                self.columns, best = found, row
        return best

    def _columns_under(self, row: int) -> dict[str, int]:
        """First what stands under its own heading over several columns, then what has its label to itself, then what only
        has a remark beside it.
        """
        found: dict[str, int] = {}
        stacks = [(at, over, own) for at in range(self.grid.width) for over, own in self.grid.stacks(row, at)]
        if not any(plain(own) in self.sought or bare(own) in self.sought for _, _, own in stacks):
            return found
        labels = [plain(column.label) for column in self.definition.columns]
        for read, is_strict in ((plain, True), (plain, False), (bare, True), (bare, False)):
            spots: dict[str, list[tuple[int, str]]] = {}
            for at, over, own in stacks:
                spots.setdefault(read(own), []).append((at, read(over)))
            for column, label in zip(self.definition.columns, labels, strict=True):
                heading = plain(column.heading)
                is_alone = not is_strict and labels.count(label) == 1
                at_label = [at for at, over in spots.get(label, ()) if is_alone or over == heading]
                at_both = [at for at, _ in spots.get(heading + label, ())] if heading else []
                free = [at for at in (*at_both, *at_label) if at not in found.values()]
                if column.key not in found and free:
                    found[column.key] = min(free)
        return found

    def _guess_columns(self, row: int) -> dict[str, int]:
        known = {column.key: plain(column.heading) + plain(column.label) for column in self.definition.columns}
        found: dict[str, int] = {}
        for at in range(self.grid.width):
            if at in self.columns.values():
                continue
            for over, own in self.grid.stacks(row, at):
                key = most_like(plain(own), known) or most_like(plain(over) + plain(own), known)
                if key and key not in self.columns and key not in found:
                    found[key] = at
                    self.guessed.append(
                        Message(
                            "The column “%(heading)s” was taken for “%(label)s”.",
                            heading=shorten(own, 80),
                            label=label_of(self.definition, key),
                        )
                    )
                    break
        return found

    def _find_rows(self) -> int:
        """The column in which most row labels stand below the headings."""
        best = -1
        for column in range(self.grid.width):
            if column not in self.columns.values():
                found, repeated = self._rows_in(column)
                if len(found) > len(self.rows):
                    self.rows, self.repeated, best = found, repeated, column
        if self.rows:
            self._guess_rows(best)
        return best

    def _rows_in(self, column: int) -> tuple[dict[str, int], list[tuple[int, str]]]:
        found: dict[str, int] = {}
        repeated = []
        for at in range(self.last_heading + 1, len(self.grid.texts)):
            text = self.grid.text(at, column)
            row = next((one for one in self.definition.rows if _is_row(one, text)), None) if text else None
            if row is not None and row.key in found:
                repeated.append((at, row.key))
            elif row is not None:
                found[row.key] = at
        return found, repeated

    def _guess_rows(self, column: int) -> None:
        known = {row.key: plain(row.label) for row in self.definition.rows}
        taken = {*self.rows.values(), *(at for at, _ in self.repeated)}
        for at in range(self.last_heading + 1, min(len(self.grid.texts), max(taken) + ROWS_BELOW)):
            text = self.grid.text(at, column)
            key = most_like(plain(text), known) if text and at not in taken else None
            if key and key not in self.rows:
                self.rows[key] = at
                self.guessed.append(
                    Message(
                        "The row “%(text)s” was taken for “%(label)s”.",
                        text=shorten(text, 80),
                        label=next(row.label for row in self.definition.rows if row.key == key),
                    )
                )

    # What stands there

    def _read(self) -> None:
        for row, at in self.rows.items():
            for column, across in self.columns.items():
                text = self.grid.text(at, across)
                if self.grid.is_fraction(at, across) and _is_figure(text):
                    text = f"{text.replace('.', ',')}0"  # no longer like thousands, so that it is seen as what it is
                if text:
                    self.cells[cell_key(row, column)] = text

    def _lacks(self) -> Iterator[Message]:
        definition = self.definition
        columns = [label_of(definition, one.key) for one in definition.columns if one.key not in self.columns]
        rows = [one.label for one in definition.rows if one.key not in self.rows]
        if columns:
            yield Message("The file has no column for: %(names)s.", names=named(columns))
        if rows:
            yield Message("The file has no row for: %(names)s.", names=named(rows))

    def _left_out(self) -> Iterator[Message]:
        """Rows and columns with figures that have no place in this sheet."""
        taken, known = set(self.rows.values()), dict(self.repeated)
        last = min(max(taken) + ROWS_BELOW, len(self.grid.texts) - 1)
        strange = []
        for at in range(self.last_heading + 1, last + 1):
            figures = [self.grid.text(at, column) for column in self.columns.values()]
            if at in taken or not any(map(_is_figure, figures)) or (at < min(taken) and _are_numbers(figures)):
                continue
            words = {"row": self.grid.row_name(at), "text": shorten(self._label(at), 80)}
            if at in known:
                strange.append(
                    Message(
                        "Row %(row)s is “%(text)s” once more and was left out; row %(first)s was read.",
                        **words,
                        first=self.grid.row_name(self.rows[known[at]]),
                    )
                )
            elif SUM.match(fold(words["text"])):
                strange.append(
                    Message("Row %(row)s (“%(text)s”) is a sum and was left out: the program adds up itself.", **words)
                )
            elif words["text"]:
                strange.append(Message("Row %(row)s (“%(text)s”) has no place here and was left out.", **words))
            else:
                strange.append(Message("Row %(row)s has figures and no name, and was left out.", row=words["row"]))
        yield from _some(strange)
        yield from _some(list(self._strange_columns()))

    def _label(self, at: int) -> str:
        own = self.grid.text(at, self.label_column)
        others = (text for text in self.grid.texts[at] if text and not _is_figure(text))
        return own or next(others, "")

    def _strange_columns(self) -> Iterator[Message]:
        for column in range(self.grid.width):
            if column in self.columns.values() or column == self.label_column:
                continue
            if not any(self.grid.text(at, column) for at in self.rows.values()):
                continue
            heading = next((own for _, own in self.grid.stacks(self.last_heading, column)), "")
            if plain(heading) in NUMBER_HEADINGS or (not heading and column < self.label_column):
                continue
            words = {"column": self.grid.column_name(column)}
            if heading:
                yield Message(
                    "Column %(column)s (“%(text)s”) has no place here and was left out.",
                    **words,
                    text=shorten(heading, 80),
                )
            else:
                yield Message("Column %(column)s has no heading and was left out.", **words)

    def _doubts(self) -> Iterator[Message]:
        """Cells that do not say plainly what they hold."""
        formulas, merged, hidden, fractions = [], [], [], []
        for at in self.rows.values():
            for column in self.columns.values():
                text = self.grid.text(at, column)
                if not text and self.grid.is_formula(at, column):
                    formulas.append(self.grid.name(at, column))
                if self.grid.is_fraction(at, column):
                    fractions.append(f"{self.grid.name(at, column)} ({text.replace('.', ',')})")
                if text and (reach := self.grid.merged_with(at, column)):
                    merged.append(f"{self.grid.name(at, column)}:{self.grid.name(*reach[2:])}")
                if text and self.grid.is_hidden(at, column):
                    hidden.append(self.grid.name(at, column))
        if formulas:
            yield Message(
                "Formulas without a figure (%(cells)s): open the file in Excel, mend and save it there, or type the figures.",
                cells=", ".join(formulas[:MOST_NAMED]),
            )
        if fractions:
            yield Message(
                "Fractions where a whole number is asked (%(cells)s). Whoever meant thousands with the dot types them without it.",
                cells=", ".join(fractions[:MOST_NAMED]),
            )
        if merged:
            yield Message(
                "Merged cells (%(cells)s): the figure was taken for the first of them only, the others stay blank.",
                cells=", ".join(merged[:MOST_NAMED]),
            )
        if hidden:
            yield Message("Cells hidden in the file were read too: %(cells)s.", cells=", ".join(hidden[:MOST_NAMED]))

    def _above(self) -> list[str]:
        return [text for line in self.grid.texts[: self.last_heading] for text in line if text]

    def fitness(self, unit: str, period: str) -> int:
        """How many of the two the worksheet names, in its name or above the table: files have one for each quarter."""
        said = [self.grid.page.name, *self._above()]
        names = {plain(unit), plain(issuer_line(unit))} if unit else set()
        return any(plain(text) in names for text in said) + bool(_quarters([period]) & _quarters(said))

    def strangers(self, unit: str, period: str) -> Iterator[Message]:
        """What stands above the table and names another unit or another quarter than the one asked."""
        above = self._above()
        issuers = [text for text in above if fold(text).startswith("bch ")]
        own = issuers[-1] if issuers and re.match(r"bch (?!doan tinh\b)\w", fold(issuers[-1])) else ""
        if unit and own and plain(own) != plain(issuer_line(unit)):
            yield Message(
                "The file is by “%(text)s”; here the figures of %(unit)s are asked.",
                text=shorten(own, 80),
                unit=unit,
            )
        asked, said = _quarters([period]), _quarters(above)
        if asked and said and not asked & said:
            text = next(text for text in above if _quarters([text]))
            yield Message("The file says “%(text)s”; here %(period)s is asked.", text=shorten(text, 80), period=period)


def _is_row(row: Row, text: str) -> bool:
    """By its label; a row of a year also by the year alone: "2021", "31/12/2021"."""
    if plain(text) == plain(row.label):
        return True
    return row.year is not None and len(text) <= 20 and YEAR.findall(text) == [str(row.year)]


def _is_figure(text: str) -> bool:
    try:
        return read_count(text) is not None
    except Refused:
        return False


def _are_numbers(texts: Sequence[str]) -> bool:
    """The row under the headings that counts the columns: (1) (2) (3)."""
    numbers = [text.strip("() ") for text in texts]
    if not all(one.isdecimal() for one in numbers):
        return False
    counts = sorted(map(int, numbers))
    return len(counts) > 1 and counts == list(range(counts[0], counts[0] + len(counts))) and counts[0] <= 3


def _some(messages: list[Message]) -> Iterator[Message]:
    yield from messages[:MOST_OF_A_KIND]
    if len(messages) > MOST_OF_A_KIND:
        yield Message("%(count)s more of this kind were left out.", count=len(messages) - MOST_OF_A_KIND)


def _quarters(texts: Sequence[str]) -> set[tuple[str, str]]:
    found = (match for text in texts for match in QUARTER.finditer(fold(text)))
    return {(QUARTERS.get(one[1], one[1]), one[2]) for one in found}
