"""What cannot be right in a return, and what is only odd (domain.md 3.4, "Checks"); sums and ratios of one row."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from seminar.lib.errors import N_, Message
from seminar.lib.text import thousands
from seminar.statistics.rules.definitions import Check, CheckKind, Definition, FormulaKind, Level, Row, Values


@dataclass(frozen=True)
class Problem:
    """`keys` are the columns (or formulas) of the row that it is about; the page marks their cells."""

    level: Level
    row: str
    keys: tuple[str, ...]
    message: Message
    note: str = ""


def count_of(definition: Definition, values: Values, row: str, key: str) -> int | None:
    """A column's figure or a sum's; None where it, or one part of the sum, is blank: missing is not zero."""
    formula = definition.formula(key)
    if formula is None or formula.kind != FormulaKind.SUM:
        return values.get((row, key))
    parts = [count_of(definition, values, row, part) for part in formula.of]
    return None if any(part is None for part in parts) else sum(part for part in parts if part is not None)


def ratio_of(definition: Definition, values: Values, row: str, key: str) -> Fraction | None:
    """None ("chưa đủ số liệu") where a part is missing or the second one is zero."""
    formula = definition.formula(key)
    assert formula is not None
    above, below = (count_of(definition, values, row, part) for part in formula.of[:2])
    return None if above is None or not below else Fraction(above, below)


def growth(definition: Definition, values: Values, row: Row, key: str) -> Fraction | None:
    """(x_t - x_{t-1}) / x_{t-1} to the row of the year before; None where one is missing or the earlier is zero."""
    before = next((one for one in definition.rows if row.year is not None and one.year == row.year - 1), None)
    if before is None:
        return None
    now, then = count_of(definition, values, row.key, key), count_of(definition, values, before.key, key)
    return None if now is None or not then else Fraction(now - then, then)


def problems(definition: Definition, values: Values) -> list[Problem]:
    """All of them, errors first, in the order of the rows."""
    found = [
        problem
        for row in definition.rows
        for check in definition.checks
        for problem in _checked(definition, values, row, check)
    ]
    return sorted(found, key=lambda problem: problem.level != Level.ERROR)


def label_of(definition: Definition, key: str) -> str:
    """As people call it: "Số TNCCN được kết nạp Đảng: Khu vực nhà nước"."""
    column = definition.column(key)
    if column is not None:
        return f"{column.heading}: {column.label}" if column.heading else column.label
    formula = definition.formula(key)
    return formula.label if formula else key


def _checked(definition: Definition, values: Values, row: Row, check: Check) -> Iterator[Problem]:
    left = count_of(definition, values, row.key, check.left)
    right = count_of(definition, values, row.key, check.right) if check.right else None
    words = {"row": row.label, "left": label_of(definition, check.left)}
    if check.right:
        words["right"] = label_of(definition, check.right)
    keys = tuple(key for key in (check.left, check.right) if key)
    match check.kind:
        case CheckKind.AT_MOST if left is not None and right is not None and left > right:
            sentence = N_("%(row)s: “%(left)s” (%(a)s) is more than “%(right)s” (%(b)s).")
            yield Problem(
                check.level,
                row.key,
                keys,
                Message(sentence, a=thousands(left), b=thousands(right), **words),
                check.note,
            )
        case CheckKind.ZERO_WITH if left == 0 and right:
            sentence = N_("%(row)s: “%(left)s” is 0 and “%(right)s” is %(b)s.")
            yield Problem(check.level, row.key, keys, Message(sentence, b=thousands(right), **words), check.note)
        case CheckKind.JUMP:
            change = growth(definition, values, row, check.left)
            if change is not None and abs(change) * 100 > check.percent:
                sentence = N_("%(row)s: “%(left)s” changed by %(change)s %% from the year before.")
                percent = f"{'+' if change > 0 else '−'}{thousands(round(abs(change) * 100))}"
                yield Problem(check.level, row.key, keys, Message(sentence, change=percent, **words), check.note)
