"""Sheets that people define: what is wrong with one, in sentences that say what to mend; and how it travels as .toml."""

import json
import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import groupby
from typing import Any

from pydantic import ValidationError

from seminar.lib.errors import N_, Message, Refused
from seminar.lib.text import fold
from seminar.statistics.rules.definitions import CheckKind, Definition, FormulaKind

LARGEST_FILE, LONGEST_TITLE = 200_000, 300
MOST_FORMULAS, MOST_CHECKS = 20, 40
MOST_MESSAGES = 20
PLACES = ("province", "years", "period")
"""What `{…}` may stand for in the subject."""
PLACE = re.compile(rf"\{{(?:{'|'.join(PLACES)})\}}")
DEEP_KEY = re.compile(r"""(?:(?:(?<![\w-])[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){20}""")
"""Keys like a.a.a…: a sheet has none, and over thousands of parts the reader of TOML takes minutes."""
PARTS = {
    "columns": N_("Column %(number)s"),
    "rows": N_("Row %(number)s"),
    "formulas": N_("Formula %(number)s"),
    "checks": N_("Check %(number)s"),
}
WHOLE, LAYOUT = N_("The sheet"), N_("The layout")
FIELDS = {
    "label": N_("label"),
    "key": N_("key"),
    "kind": N_("kind"),
    "title": N_("title"),
    "subject": N_("subject"),
    "row_heading": N_("heading of the rows"),
    "heading": N_("heading over several columns"),
    "of": N_("parts of the formula"),
    "left": N_("left side"),
    "level": N_("weight"),
    "columns": N_("columns"),
    "rows": N_("rows"),
    "code": N_("short name"),
    "year": N_("year"),
    "layout": N_("layout"),
    "percent": N_("percent"),
}


LISTS = ("columns", "rows", "of")


class WrongDefinition(Refused):
    """`messages` are all that was found, at most `MOST_MESSAGES`."""

    def __init__(self, messages: Sequence[Message]) -> None:
        super().__init__("The sheet cannot be used yet: see what is to be mended.")
        self.messages = list(messages)[:MOST_MESSAGES]


def checked_definition(raw: Mapping[str, Any]) -> Definition:
    """Raises `WrongDefinition` with a sentence for everything that is wrong."""
    try:
        definition = Definition.model_validate(raw)
    except ValidationError as error:
        raise WrongDefinition([_sentence(one) for one in _faults(error)]) from None
    wrong = [
        *_sizes(definition),
        *_repetitions(definition),
        *_headings(definition),
        *_formulas(definition),
        *_checks(definition),
        *_subject(definition),
    ]
    if wrong:
        raise WrongDefinition(wrong)
    return definition


def definition_of_file(content: bytes) -> Definition:
    """Out of a .toml file."""
    if not content:
        raise WrongDefinition([Message("The file is empty.")])
    if len(content) > LARGEST_FILE:
        raise WrongDefinition([Message("The file is too large for a definition: at most 200 kB.")])
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
        if DEEP_KEY.search(text):
            raise ValueError("a key of many parts")
        raw = tomllib.loads(text)
    except UnicodeDecodeError:
        raise WrongDefinition([Message("The file is no text in UTF-8: save it as .toml in UTF-8.")]) from None
    except (ValueError, RecursionError) as error:  # also of numbers that are too long to be read
        place = re.search(r"line (\d+), column (\d+)", str(error))
        if place is None:
            said = Message("The file is no TOML, or broken at its end.")
        else:
            said = Message(
                "The file is no TOML: look at line %(line)s, character %(column)s.", line=place[1], column=place[2]
            )
        raise WrongDefinition([said]) from None
    return checked_definition(raw)


def definition_file(definition: Definition) -> str:
    """As .toml, which `definition_of_file` reads back to the same."""
    data = definition.model_dump(mode="json", exclude_defaults=True)
    lines = [f"{key} = {_toml(value)}" for key, value in data.items() if not isinstance(value, (dict, list))]
    lines += ["", "[layout]", *(f"{key} = {_toml(value)}" for key, value in data["layout"].items())]
    for name in ("columns", "rows", "formulas", "checks"):
        for one in data.get(name, ()):
            lines += [
                "",
                f"[[{name}]]",
                *(f"{key} = {_toml(value)}" for key, value in one.items() if value is not None),
            ]
    return "\n".join(lines) + "\n"


def seen_of(definition: Definition) -> str:
    """A short mark of what stood on a page, by which two who change it see each other."""
    return sha256(definition_file(definition).encode()).hexdigest()[:16]


def _toml(value: Any) -> str:
    """JSON's strings, numbers and lists are TOML's too, but for DEL, which TOML asks to escape."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _faults(error: ValidationError) -> list[Any]:
    """Without those that only follow from others: a list is not too short because one of its lines is wrong."""
    faults = error.errors()
    deeper = {one["loc"][:1] for one in faults if len(one["loc"]) > 1}
    return [one for one in faults if one["type"] != "too_short" or one["loc"] not in deeper]


def _place(path: Sequence[Any]) -> tuple[Message, str]:
    """(where, which field) of a fault, in people's words."""
    if len(path) > 1 and isinstance(path[1], int):
        return Message(PARTS[path[0]], number=path[1] + 1), str(path[2]) if len(path) > 2 else ""
    if path and path[0] == "layout":
        return Message(LAYOUT), str(path[-1])
    return Message(WHOLE), str(path[0]) if path else ""


def _sentence(error: Any) -> Message:
    where, name = _place(error["loc"])
    words: dict[str, Any] = {"where": where, "field": Message(FIELDS[name]) if name in FIELDS else name}
    kind = error["type"]
    if kind in ("missing", "string_too_short") or (kind == "too_short" and name not in LISTS):
        return Message("%(where)s: “%(field)s” is missing.", **words)
    if kind == "extra_forbidden":
        return Message("%(where)s: nothing here is called “%(field)s”.", **words)
    if kind == "enum":
        return Message("%(where)s: “%(field)s” is one of: %(choices)s.", **words, choices=error["ctx"]["expected"])
    if kind == "string_pattern_mismatch":
        return Message(
            "%(where)s: “%(field)s” has small letters without accents, digits, - and _ only, at most 40.", **words
        )
    if kind in ("string_too_long", "too_long"):
        most = error["ctx"].get("max_length", "")
        return Message("%(where)s: “%(field)s” is too long: at most %(most)s.", **words, most=most)
    if kind == "too_short" and name == "of":
        return Message("%(where)s: name at least two parts.", where=where)
    if kind == "too_short":
        return Message("%(where)s: write at least one under “%(field)s”.", **words)
    return Message("%(where)s: “%(field)s” cannot be read.", **words)


def _twice(values: Sequence[Any]) -> list[Any]:
    return [value for value, count in Counter(values).items() if count > 1]


def _sizes(definition: Definition) -> Iterator[Message]:
    if len(definition.formulas) > MOST_FORMULAS:
        yield Message("A sheet has at most %(most)s formulas.", most=MOST_FORMULAS)
    if len(definition.checks) > MOST_CHECKS:
        yield Message("A sheet has at most %(most)s checks.", most=MOST_CHECKS)


def _repetitions(definition: Definition) -> Iterator[Message]:
    keys = [column.key for column in definition.columns] + [formula.key for formula in definition.formulas]
    for key in _twice(keys):
        yield Message("Two columns or formulas have the key “%(key)s”: each has its own.", key=key)
    for key in _twice([row.key for row in definition.rows]):
        yield Message("Two rows have the key “%(key)s”: each has its own.", key=key)
    for _, label in _twice([(fold(one.heading), fold(one.label)) for one in definition.columns]):
        text = next(one.label for one in definition.columns if fold(one.label) == label)
        yield Message("Two columns are called “%(label)s”: an Excel file could not tell them apart.", label=text)
    for label in _twice([fold(row.label) for row in definition.rows]):
        text = next(row.label for row in definition.rows if fold(row.label) == label)
        yield Message("Two rows are called “%(label)s”: an Excel file could not tell them apart.", label=text)
    for year in _twice([row.year for row in definition.rows if row.year is not None]):
        yield Message("Two rows are of the year %(year)s.", year=str(year))
    for row in definition.rows:
        if row.year is not None and not 1900 <= row.year <= 2200:
            yield Message("Row “%(label)s”: write a year between 1900 and 2200.", label=row.label)


def _headings(definition: Definition) -> Iterator[Message]:
    runs = [heading for heading, _ in groupby(one.heading for one in definition.columns) if heading]
    for heading in _twice(runs):
        yield Message("The columns under “%(heading)s” must stand beside each other.", heading=heading)


def _formulas(definition: Definition) -> Iterator[Message]:
    """Each counts only with columns and with formulas before it, so none can go round in a circle."""
    known = {column.key for column in definition.columns}
    sums: dict[str, tuple[str, ...]] = {key: (key,) for key in known}
    """Of each column and sum the columns that it is made of."""
    for formula in definition.formulas:
        unknown = [key for key in formula.of if key not in known]
        if unknown:
            yield Message(
                "The formula “%(label)s” counts with “%(key)s”, which is no column and no formula before it.",
                label=formula.label,
                key=unknown[0],
            )
        elif any(key not in sums for key in formula.of):
            yield Message(
                "The formula “%(label)s” counts with a ratio: it takes columns and sums.", label=formula.label
            )
        elif formula.kind == FormulaKind.RATIO and len(formula.of) != 2:
            yield Message("The ratio “%(label)s” has exactly two parts, as 3 / 4.", label=formula.label)
        elif _twice(formula.of) or (formula.kind == FormulaKind.SUM and _twice(_columns(formula.of, sums))):
            yield Message("The formula “%(label)s” counts the same column twice.", label=formula.label)
        known.add(formula.key)
        if formula.kind == FormulaKind.SUM:
            sums[formula.key] = tuple(dict.fromkeys(_columns(formula.of, sums)))


def _columns(keys: Sequence[str], sums: Mapping[str, tuple[str, ...]]) -> list[str]:
    return [column for key in keys for column in sums.get(key, ())]


def _checks(definition: Definition) -> Iterator[Message]:
    known = {column.key for column in definition.columns}
    known |= {formula.key for formula in definition.formulas if formula.kind == FormulaKind.SUM}
    has_years = any(row.year is not None for row in definition.rows)
    for number, check in enumerate(definition.checks, 1):
        for key in (check.left, check.right):
            if key is not None and key not in known:
                yield Message(
                    "Check %(number)s names “%(key)s”, which is no column and no sum.", number=number, key=key
                )
        if check.kind != CheckKind.JUMP and check.right is None:
            yield Message("Check %(number)s compares with nothing: name the right side.", number=number)
        if check.right is not None and check.left == check.right:
            yield Message("Check %(number)s compares “%(key)s” with itself.", number=number, key=check.left)
        if check.kind == CheckKind.JUMP and not has_years:
            yield Message("Check %(number)s compares years, and no row has a year.", number=number)
        if not 1 <= check.percent <= 1000:
            yield Message("Check %(number)s: write a percentage from 1 to 1000.", number=number)


def _subject(definition: Definition) -> Iterator[Message]:
    if len(definition.title) > LONGEST_TITLE:
        yield Message("The title is too long: at most %(most)s characters.", most=LONGEST_TITLE)
    text = PLACE.sub("", definition.layout.subject)
    if "{" in text or "}" in text:
        yield Message("In the subject only {province}, {years} and {period} stand in braces.")


def changed_structure(before: Definition, after: Definition) -> bool:
    """Whether cells that were sent would mean something else: keys, kinds, years. Words and order may change."""
    return _structure(before) != _structure(after)


def _structure(definition: Definition) -> Any:
    return (
        definition.code,
        sorted((column.key, column.kind.value) for column in definition.columns),
        sorted((row.key, row.year or 0) for row in definition.rows),
    )
