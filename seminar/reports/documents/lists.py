"""Lists in the office's shape: a worksheet and a Word file of the same lines, in the Union's form (domain.md 1.1, 1.4).

Both are made of plain values, so that long ones are written in a child process and the desks do not wait.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from seminar.documents.layout import Layout, rules_for
from seminar.documents.rules import DocumentSettings, date_line, settings_of
from seminar.lib.clock import local
from seminar.lib.errors import Refused
from seminar.lib.isolated import run_isolated
from seminar.lib.text import thousands
from seminar.minutes.documents import subject_of
from seminar.planning.models import Seminar
from seminar.reports.rules.lists import Entry, Line, LineKind, Shape, arranged, heading_rows, text_size, widths_mm

KIND = "DANH SÁCH"
MANY_ROWS = 2_000
"""From here on a file is written in a child process."""
MOST_WORD_ROWS = 20_000
"""More than Word itself opens with patience, and than the child has memory for."""
SIGNED_ROW_MM = 9
"""Room to sign in."""
CHILD_SECONDS = 180
CHARACTER_MM = 1.85
"""Width of a worksheet's unit of columns."""


@dataclass(frozen=True)
class Paper:
    """What stands above and below the table."""

    layout: Layout
    settings: DocumentSettings
    subject: str
    now: datetime

    @classmethod
    def of(cls, seminar: Seminar, shape: Shape, now: datetime) -> "Paper":
        named = f"dự {subject_of(seminar)}" if shape.names_seminar else ""
        return cls(
            rules_for(local(now).date()),
            settings_of(seminar.settings),
            "\n".join(part for part in (shape.title, named) if part),
            now,
        )


def is_signed_in(shape: Shape) -> bool:
    return "signature" in shape.columns


def list_docx(paper: Paper, shape: Shape, entries: Sequence[Entry]) -> bytes:
    """Refuses what is too long for Word."""
    if len(entries) > MOST_WORD_ROWS:
        raise Refused(
            "A Word file takes at most %(most)s people. Take Excel, or choose fewer groups.",
            most=thousands(MOST_WORD_ROWS),
        )
    if len(entries) < MANY_ROWS:
        return write_docx(paper, shape, entries)
    content: bytes = run_isolated(
        write_docx, paper, shape, entries, cpu_seconds=CHILD_SECONDS, wall_seconds=CHILD_SECONDS
    )
    return content


def list_workbook(paper: Paper, shape: Shape, entries: Sequence[Entry]) -> bytes:
    if len(entries) < MANY_ROWS:
        return write_workbook(paper, shape, entries)
    content: bytes = run_isolated(
        write_workbook, paper, shape, entries, cpu_seconds=CHILD_SECONDS, wall_seconds=CHILD_SECONDS
    )
    return content


def _room_mm(paper: Paper, shape: Shape) -> float:
    page = paper.layout.page
    return (page.height_mm if shape.is_landscape else page.width_mm) - page.left_mm - page.right_mm


def write_docx(paper: Paper, shape: Shape, entries: Sequence[Entry]) -> bytes:
    from seminar.documents.word.document import WordDocument
    from seminar.documents.word.tables import Across, Row

    title = f"Danh sách {paper.subject}".replace("\n", " ")
    word = WordDocument(paper.layout, title=title, now=paper.now, landscape=shape.is_landscape)
    word.head(paper.settings, None, None)
    word.title(KIND, paper.subject)
    if shape.subtitle:
        word.note(shape.subtitle)

    def written(line: Line) -> Row | Across:
        if line.kind == LineKind.ROW:
            return Row(line.cells)
        return Across(line.text, italic=line.level > 1, starts_page=line.starts_page)

    word.long_table(
        heading_rows(shape.printed),
        map(written, arranged(entries, shape).lines),
        widths_mm(shape.parts, _room_mm(paper, shape)),
        centred=[n for n, part in enumerate(shape.parts) if part.is_centred],
        row_height_mm=SIGNED_ROW_MM if is_signed_in(shape) else 0,
        size=text_size(shape.parts, is_landscape=shape.is_landscape),
    )
    word.prepared(paper.settings)
    return word.save()


def write_workbook(paper: Paper, shape: Shape, entries: Sequence[Entry]) -> bytes:
    from seminar.documents.workbook import Worksheet

    settings = paper.settings
    widths = [width / CHARACTER_MM for width in widths_mm(shape.parts, _room_mm(paper, shape))]
    sheet = Worksheet(KIND.capitalize(), widths, font=paper.layout.font, landscape=shape.is_landscape)
    sheet.beside(
        [*((line, "") for line in settings.superior_lines), *((line, "b") for line in settings.issuer_lines)]
        + [(paper.layout.asterisks, "")],
        [(paper.layout.heading, "b"), (date_line(settings.place, None), "i")],
    )
    sheet.across(KIND, "b", size=16)
    for said in paper.subject.split("\n"):
        if said:
            sheet.across(said, "b", size=14)
    if shape.subtitle:
        sheet.across(shape.subtitle, "i", size=12)
    sheet.gap()
    sheet.headings(heading_rows(shape.printed))
    centred = [part.is_centred for part in shape.parts]
    for line in arranged(entries, shape).lines:
        if line.kind == LineKind.ROW:
            sheet.row(line.cells, centred, height_mm=SIGNED_ROW_MM if is_signed_in(shape) else 0)
        else:
            sheet.section(line.text, is_second=line.level > 1, starts_page=line.starts_page)
    sheet.gap()
    sheet.beside(
        [("NGƯỜI LẬP", "b")],
        [(settings.authority.upper(), "b"), (settings.signer_title.upper(), "")],
    )
    sheet.gap(3)
    sheet.beside([("…………", "b")], [(settings.signer_name or "…………", "b")])
    return sheet.save()
