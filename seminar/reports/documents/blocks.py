"""What a report is made of, shown by the page and written into the Word file alike.

Figures are never typed: a block holds the `Figure`, and whoever shows it makes the link.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from seminar.documents import content
from seminar.documents.content import Pictures
from seminar.lib.text import thousands
from seminar.reports.queries.result import Figure

if TYPE_CHECKING:
    from seminar.documents.word.document import WordDocument

Part = str | Figure


@dataclass(frozen=True)
class Heading:
    level: int
    text: str
    starts_page: bool = False
    """On paper."""


@dataclass(frozen=True)
class Paragraph:
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Table:
    """`widths_mm` sum to the width of the text; the last row is in bold where it sums up."""

    headings: tuple[str, ...]
    rows: tuple[tuple[Part, ...], ...]
    widths_mm: tuple[float, ...]
    centred: tuple[int, ...] = (0,)
    has_total: bool = False
    size: float = 12
    heading_rows: content.Headings = ()
    """Where the headings stand in two rows; else `headings` is the one."""

    @property
    def head(self) -> content.Headings:
        return self.heading_rows or (tuple((word, 1, 1) for word in self.headings),)

    def of_columns(self, columns: Sequence[int], before: int) -> "Table":
        """Only these, as wide together as all were; the first `before` keep their width."""
        kept = sum(self.widths_mm[:before])
        each = (sum(self.widths_mm) - kept) / (len(columns) - before)
        return replace(
            self,
            headings=tuple(self.headings[column] for column in columns),
            rows=tuple(tuple(row[column] for column in columns) for row in self.rows),
            widths_mm=(*self.widths_mm[:before], *[each] * (len(columns) - before)),
            centred=tuple(at for at, column in enumerate(columns) if column in self.centred),
            heading_rows=content.headings_of_columns(self.head, columns) if self.heading_rows else (),
        )


@dataclass(frozen=True)
class Annex:
    title: str
    subject: str
    is_landscape: bool = False


Block = Heading | Paragraph | Table | Pictures | Annex


def says(text: str, **figures: Figure) -> Paragraph:
    """A paragraph; `{name}` in the sentence is the figure of that name. Text from people comes without figures."""
    if not figures:
        return Paragraph((text,))
    parts = re.split(r"\{(\w+)\}", text)  # sentence, name, sentence, name, …
    return Paragraph(tuple(figures[part] if number % 2 else part for number, part in enumerate(parts) if part))


def figure_text(figure: Figure) -> str:
    return figure.said or thousands(figure.count)


def write(word: "WordDocument", block: Block, base_url: str) -> None:
    """Adds the block; each figure opens its list on this site, for those who may."""
    from seminar.documents.word.runs import Link
    from seminar.documents.word.runs import Part as WordPart

    def part(one: Part) -> WordPart:
        return Link(figure_text(one), f"{base_url}{one.href}") if isinstance(one, Figure) else one

    match block:
        case Heading(level, text, starts_page):
            word.heading(level, text).paragraph_format.page_break_before = starts_page or None
        case Paragraph(parts):
            word.paragraph(*map(part, parts))
        case Table():
            word.table(
                block.heading_rows or block.headings,
                [tuple(map(part, row)) for row in block.rows],
                block.widths_mm,
                centred=block.centred,
                strong_rows=(len(block.rows) - 1,) if block.has_total else (),
                size=block.size,
            )
        case Pictures():
            word.pictures(block)
        case Annex(title, subject, is_landscape):
            word.appendix(title, subject, landscape=is_landscape)


def printed(block: Block) -> list[content.Block]:
    """The block as plain values for a document that is issued; an annex is whoever's who puts it together."""

    def text(part: Part) -> str:
        return figure_text(part) if isinstance(part, Figure) else part

    match block:
        case Heading(level, said, starts_page):
            words = {"text": said, "style": "section"} if level == 1 else {"text": "", "strong": said}
            return [content.Line(**words, starts_page=starts_page)]
        case Paragraph(parts):
            lines = "".join(map(text, parts)).split("\n")
            return [content.Line(line, style="item" if line.startswith("- ") else "body") for line in lines if line]
        case Table():
            return [
                content.Table(
                    block.head,
                    tuple(tuple(map(text, row)) for row in block.rows),
                    block.widths_mm,
                    centred=block.centred,
                    strong_rows=(len(block.rows) - 1,) if block.has_total else (),
                    size=block.size,
                )
            ]
        case Pictures():
            return [block]
        case Annex():
            raise ValueError("an annex is a part of its own")
