"""A sheet as people type it on a page: columns by their number, formulas as "4 + 5 + 6" or "a / 3", no keys to invent."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from seminar.lib.errors import Message
from seminar.lib.numbers import whole
from seminar.lib.text import clean, clean_block, fold
from seminar.statistics.rules.defining import WrongDefinition, checked_definition
from seminar.statistics.rules.definitions import CheckKind, Definition, FormulaKind, Level

Line = dict[str, str]
COLUMN_FIELDS = ("key", "place", "heading", "label", "kind", "note")
ROW_FIELDS = ("key", "place", "label", "year")
FORMULA_FIELDS = ("key", "label", "of", "note")
CHECK_FIELDS = ("kind", "left", "right", "percent", "level", "note")
FIELDS = {"column": COLUMN_FIELDS, "row": ROW_FIELDS, "formula": FORMULA_FIELDS, "check": CHECK_FIELDS}
MOST_LINES = {"column": 43, "row": 63, "formula": 24, "check": 43}
LAYOUT_FIELDS = ("title", "subject", "row_heading", "number_heading", "signature", "symbol_kind")
LONGEST_KEY = 36
LETTERS = "abcdefghijklmnopqrstuvwxyz"
YEAR = re.compile(r"(?<![0-9])((?:19|20|21)[0-9]{2})(?![0-9])")
SPARE = {"column": 2, "row": 2, "formula": 1, "check": 1}
"""Empty lines at the end, to add something."""


@dataclass
class TypedSheet:
    """What stands in the fields of the page, right or wrong."""

    code: str = ""
    title: str = ""
    note: str = ""
    layout: Line = field(default_factory=dict)
    is_landscape: bool = False
    columns: list[Line] = field(default_factory=list)
    rows: list[Line] = field(default_factory=list)
    formulas: list[Line] = field(default_factory=list)
    checks: list[Line] = field(default_factory=list)

    def spare(self, name: str) -> range:
        """Numbers of the empty lines to be shown behind those of the list, from 0."""
        count = len(getattr(self, f"{name}s"))
        return range(count, min(count + SPARE[name], MOST_LINES[name]))


def typed_sheet(definition: Definition) -> TypedSheet:
    """The definition as the page shows it first."""
    number = {column.key: str(place) for place, column in enumerate(definition.columns, 1)}
    number |= {formula.key: LETTERS[place] for place, formula in enumerate(definition.formulas)}
    signs = {FormulaKind.SUM: " + ", FormulaKind.RATIO: " / "}
    return TypedSheet(
        definition.code,
        definition.title,
        definition.note,
        {name: getattr(definition.layout, name) for name in LAYOUT_FIELDS},
        definition.layout.is_landscape,
        [
            {
                "key": one.key,
                "place": number[one.key],
                "heading": one.heading,
                "label": one.label,
                "kind": one.kind.value,
                "note": one.note,
            }
            for one in definition.columns
        ],
        [
            {"key": one.key, "place": str(place), "label": one.label, "year": str(one.year or "")}
            for place, one in enumerate(definition.rows, 1)
        ],
        [
            {
                "key": one.key,
                "label": one.label,
                "of": signs[one.kind].join(number[key] for key in one.of),
                "note": one.note,
            }
            for one in definition.formulas
        ],
        [
            {
                "kind": one.kind.value,
                "left": number[one.left],
                "right": number[one.right] if one.right else "",
                "percent": str(one.percent),
                "level": one.level.value,
                "note": one.note,
            }
            for one in definition.checks
        ],
    )


def typed_in(said: Mapping[str, str]) -> TypedSheet:
    """Fields title, layout-subject, column-0-label …, as they come from the page. Lines without a word are left out."""
    return TypedSheet(
        clean(said.get("code")),
        clean(said.get("title")),
        clean_block(said.get("note")),
        {name: clean_block(said[f"layout-{name}"]) for name in LAYOUT_FIELDS if f"layout-{name}" in said},
        bool(said.get("layout-is_landscape")),
        _lines(said, "column"),
        _lines(said, "row"),
        _lines(said, "formula"),
        _lines(said, "check"),
    )


def _lines(said: Mapping[str, str], name: str) -> list[Line]:
    """An emptied line stays, so that the numbers keep what they mean; spare ones at the end go."""
    lines = [
        {one: clean(said.get(f"{name}-{place}-{one}")) for one in FIELDS[name]} for place in range(MOST_LINES[name])
    ]
    while lines and not _is_written(name, lines[-1]) and not lines[-1].get("key"):
        lines.pop()
    return lines


def _is_written(name: str, line: Line) -> bool:
    if name == "check":
        return bool(line["left"] or line["right"])
    return any(line[one] for one in FIELDS[name] if one not in ("key", "place", "kind"))


def definition_typed(typed: TypedSheet, code: str = "") -> Definition:
    """What the fields say; `code` is that of a sheet that is there already. Raises `WrongDefinition`."""
    wrong: list[Message] = []
    _give_keys(typed.columns, "cot")
    _give_keys(typed.formulas, "tinh")
    for row in typed.rows:
        found = YEAR.findall(row["label"])
        if not row["key"] and not row["year"] and len(found) == 1:
            row["year"] = found[0]
        if not row["key"] and whole(row["year"]) is not None:
            row["key"] = row["year"]
    _give_keys(typed.rows, "dong")
    known = {str(place): one["key"] for place, one in enumerate(typed.columns, 1) if one["label"]}
    known |= {LETTERS[place]: one["key"] for place, one in enumerate(typed.formulas) if one["label"]}
    raw = {
        "code": code or typed.code or _key(typed.title) or "bieu",
        "title": typed.title,
        "note": typed.note,
        "layout": _layout(typed),
        "columns": [
            {name: one[name] for name in ("key", "heading", "label", "kind", "note")} for one in _placed(typed.columns)
        ],
        "rows": [_row(one, wrong) for one in _placed(typed.rows)],
        "formulas": _right(_formula, [one for one in typed.formulas if one["label"] or one["of"]], known, wrong),
        "checks": _right(_check, [one for one in typed.checks if one["left"] or one["right"]], known, wrong),
    }
    try:
        definition = checked_definition(raw)
    except WrongDefinition as other:
        raise WrongDefinition([*wrong, *other.messages]) from None
    if wrong:
        raise WrongDefinition(wrong)
    return definition


def _layout(typed: TypedSheet) -> dict[str, Any]:
    """With what stands on most sheets where nothing is said."""
    subject = typed.layout.get("subject") or (f"{typed.title}\n{{period}}" if typed.title else "")
    of_years = all(row["year"] for row in typed.rows if row["label"])
    heading = typed.layout.get("row_heading") or ("Năm" if of_years else "Nội dung")
    return {**typed.layout, "subject": subject, "row_heading": heading, "is_landscape": typed.is_landscape}


def _placed(lines: Sequence[Line]) -> list[Line]:
    """In the order of their places; what has no label was taken away."""
    left = [(whole(one["place"], 999) or 999, place, one) for place, one in enumerate(lines) if one["label"]]
    return [one for *_, one in sorted(left, key=lambda found: found[:2])]


def _key(text: str) -> str:
    """Of whole words as far as there is room: "tinh-hinh-chi-doan"."""
    key = re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")
    return key if len(key) <= LONGEST_KEY else key[: LONGEST_KEY + 1].rpartition("-")[0] or key[:LONGEST_KEY]


def _give_keys(lines: Sequence[Line], word: str) -> None:
    taken = {one["key"] for one in lines if one["key"]}
    for place, one in enumerate(lines, 1):
        if one["label"] and not one["key"]:
            key = wanted = _key(one["label"]) or f"{word}-{place}"
            number = 2
            while key in taken:
                key, number = f"{wanted}-{number}", number + 1
            one["key"] = key
            taken.add(key)


def _row(one: Line, wrong: list[Message]) -> dict[str, Any]:
    if one["year"] and whole(one["year"]) is None:
        wrong.append(Message("Row “%(label)s”: write the year in digits, as 2021.", label=one["label"]))
    return {"key": one["key"], "label": one["label"], "year": whole(one["year"]) if one["year"] else None}


def _named(text: str, known: Mapping[str, str]) -> str | None:
    return known.get(fold(text).strip("() "))


Read = Callable[[Line, Mapping[str, str], list[Message]], dict[str, Any]]


def _right(read: Read, lines: Sequence[Line], known: Mapping[str, str], wrong: list[Message]) -> list[dict[str, Any]]:
    """The lines that can be read; of the others their sentences only, so that no fault is told twice."""
    found = []
    for line in lines:
        before = len(wrong)
        made = read(line, known, wrong)
        if len(wrong) == before:
            found.append(made)
    return found


def _formula(one: Line, known: Mapping[str, str], wrong: list[Message]) -> dict[str, Any]:
    is_ratio = "/" in one["of"] or ":" in one["of"]
    if is_ratio and "+" in one["of"]:
        wrong.append(
            Message("Formula “%(label)s”: either a sum with + or a ratio with one /, not both.", label=one["label"])
        )
    parts = [part for part in re.split(r"[+/:]", one["of"]) if part.strip()]
    keys = [_named(part, known) for part in parts]
    for part, key in zip(parts, keys, strict=True):
        if key is None:
            wrong.append(
                Message(
                    "Formula “%(label)s”: “%(part)s” is no number of a column and no letter of a formula.",
                    label=one["label"],
                    part=part.strip()[:40],
                )
            )
    return {
        "key": one["key"],
        "label": one["label"],
        "kind": FormulaKind.RATIO.value if is_ratio else FormulaKind.SUM.value,
        "of": [key for key in keys if key is not None],
        "note": one["note"],
    }


def _check(one: Line, known: Mapping[str, str], wrong: list[Message]) -> dict[str, Any]:
    sides: dict[str, str | None] = {}
    for side in ("left", "right"):
        sides[side] = _named(one[side], known)
        if one[side] and sides[side] is None:
            wrong.append(
                Message("Check: “%(part)s” is no number of a column and no letter of a formula.", part=one[side][:40])
            )
    percent = whole(one["percent"] or "50", 10_000)
    if percent is None:
        wrong.append(Message("Check: write the percentage in digits, as 50."))
    return {
        "kind": one["kind"] or CheckKind.AT_MOST.value,
        "left": sides["left"] or "",
        "right": sides["right"] if one["kind"] != CheckKind.JUMP else None,
        "percent": percent or 50,
        "level": one["level"] or Level.WARNING.value,
        "note": one["note"],
    }
