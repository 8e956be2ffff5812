"""Layout of the Union's documents as versioned data: one rule set per guidance, chosen by the day of the document."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

RULESETS = Path(__file__).parent / "rulesets"


@dataclass(frozen=True)
class Page:
    """Size and margins of the front side; with printing on both sides, left and right of the back side."""

    width_mm: float
    height_mm: float
    top_mm: float
    bottom_mm: float
    left_mm: float
    right_mm: float
    back_left_mm: float
    back_right_mm: float


@dataclass(frozen=True)
class Text:
    """Running text: indent of the first line, most space after a paragraph, line spacing as a multiple."""

    first_line_mm: float
    after_pt: float
    line: float


@dataclass(frozen=True)
class Block:
    """One component of a document; `align` is left, center, right or justify."""

    size: float
    bold: bool = False
    italic: bool = False
    caps: bool = False
    boxed: bool = False
    align: str = "left"


@dataclass(frozen=True)
class Layout:
    """A rule set. `blocks` is keyed by component: heading, issuer, number, title, subject, body, signer_title …"""

    code: str
    title: str
    effective_from: date
    font: str
    heading: str
    asterisks: str
    subject_rule: str
    draft_mark: str
    page: Page
    text: Text
    blocks: dict[str, Block]


def _read(path: Path) -> Layout:
    data: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    blocks = {name: Block(**values) for name, values in data.pop("blocks").items()}
    return Layout(page=Page(**data.pop("page")), text=Text(**data.pop("text")), blocks=blocks, **data)


@cache
def rulesets() -> tuple[Layout, ...]:
    """All rule sets, the oldest first."""
    return tuple(sorted(map(_read, RULESETS.glob("*.toml")), key=lambda layout: layout.effective_from))


def rules_for(day: date) -> Layout:
    """The rule set in force on the day; before the first one, the first."""
    in_force = [layout for layout in rulesets() if layout.effective_from <= day]
    return in_force[-1] if in_force else rulesets()[0]
