"""Sheets that the software brings along: the plan's form, its optional annex (domain.md Đ12), the quarterly sheet."""

import re
import tomllib
from functools import cache
from pathlib import Path

from seminar.statistics.rules.defining import checked_definition
from seminar.statistics.rules.definitions import Check, Definition

FOLDER = Path(__file__).parents[1] / "sheets"
OFFICIAL, ANNEX, QUARTERLY, YEARLY = "phat-trien-dang", "phu-luc-bo-sung", "chi-tieu-quy", "chi-tieu-nam"


@cache
def starters() -> dict[str, Definition]:
    """By code, the official one first."""
    found = [
        checked_definition(tomllib.loads(path.read_text(encoding="utf-8"))) for path in sorted(FOLDER.glob("*.toml"))
    ]
    order = {code: place for place, code in enumerate((OFFICIAL, ANNEX, QUARTERLY, YEARLY))}
    return {one.code: one for one in sorted(found, key=lambda one: order.get(one.code, len(order)))}


def checks_lacking(definition: Definition) -> tuple[Check, ...]:
    """Of the software's own sheet of that code, those that a sheet begun earlier, or by the office, does not have.

    A sheet once begun is the seminar's own: a better version of the software never changes it by itself.
    """
    own = starters().get(definition.code)
    known = {(one.kind, one.left, one.right) for one in definition.checks}
    sides = {column.key for column in definition.columns} | {formula.key for formula in definition.formulas}
    return tuple(
        one
        for one in (own.checks if own else ())
        if (one.kind, one.left, one.right) not in known and {one.left, one.right or one.left} <= sides
    )


def with_years_until(definition: Definition, last: int) -> Definition:
    """The same for the years that end with `last`: of a seminar in 2026 the plan's form asks for 2023 to 2025."""
    years = [row.year for row in definition.rows if row.year is not None]
    if not years or max(years) == last:
        return definition
    step = last - max(years)
    rows = tuple(
        row.model_copy(
            update={
                "key": _moved(row.key, row.year, step),
                "label": _moved(row.label, row.year, step),
                "year": row.year + step,
            }
        )
        if row.year is not None
        else row
        for row in definition.rows
    )
    return definition.model_copy(update={"rows": rows})


def _moved(text: str, year: int, step: int) -> str:
    return re.sub(rf"(?<!\d){year}(?!\d)", str(year + step), text)
