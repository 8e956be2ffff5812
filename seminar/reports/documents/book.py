"""The proceedings as plain data, from which the PDF and the Word file are both made (domain.md 2.6).

Everything in it may be sent to a child process: texts as people wrote them, files as paths of this machine.
"""

from dataclasses import dataclass, field
from datetime import datetime

from seminar.documents.layout import Layout
from seminar.lib.errors import Message
from seminar.reports.models import PartKind


@dataclass(frozen=True)
class BookPaper:
    """A paper in its part. `word` is a checked .docx and `pdf` a checked PDF, as paths; None where there is none."""

    paper_id: int
    title: str
    authors: tuple[str, ...]
    """As printed under the title, a line for each: name with title, then duty and body."""
    word: str | None = None
    pdf: str | None = None
    page_count: int = 0
    """Pages of the PDF; 0 without one."""
    is_uniform: bool = False
    """The PDF is the Word file in the book's looks, with title and authors on it and room for the number of the page."""


@dataclass(frozen=True)
class Excerpt:
    """Something said in the discussion, shortened by the secretary."""

    speaker: str
    duty: str
    kind: str
    """Trao đổi, Câu hỏi, Chỉ đạo, Kết luận …, as printed."""
    text: str


@dataclass(frozen=True)
class DelegateRow:
    """A delegate who came; never with a phone number or an e-mail."""

    name: str
    position: str
    body: str
    group: str


@dataclass(frozen=True)
class BookPart:
    """`text` stands under the title, a paragraph on each line; what else there is depends on the kind."""

    title: str
    kind: PartKind
    text: str = ""
    papers: tuple[BookPaper, ...] = ()
    excerpts: tuple[Excerpt, ...] = ()
    delegates: tuple[DelegateRow, ...] = ()


@dataclass(frozen=True)
class Book:
    """`issuers` stand at the head of the cover, `title` and `theme` in its middle, `place` with month and year below."""

    layout: Layout
    now: datetime
    issuers: tuple[str, ...]
    title: tuple[str, ...]
    """Lines: KỶ YẾU, then the name of the seminar; or the office's own title."""
    theme: str
    place: str
    """ "Bình Dương, tháng 03/2024"."""
    boards: tuple[str, ...] = ()
    """A line each; one that ends with a colon is a heading."""
    foreword: str = ""
    """A paragraph on each line."""
    licence: str = ""
    """Empty: for internal use."""
    parts: tuple[BookPart, ...] = field(default=())

    @property
    def printed_as(self) -> str:
        """Under which licence, or that the book is no publication (domain.md 2.6)."""
        if not self.licence:
            return "Tài liệu lưu hành nội bộ"
        is_whole = self.licence.casefold().startswith("giấy phép")
        return self.licence if is_whole else f"Giấy phép xuất bản số {self.licence}"

    @property
    def papers(self) -> list[BookPaper]:
        return [paper for part in self.parts for paper in part.papers]


@dataclass(frozen=True)
class Problem:
    """What the reader of one paper should know, or why it is not in this form of the book; without a paper: of the whole."""

    paper_id: int | None
    message: Message
    is_left_out: bool = False


@dataclass(frozen=True)
class Made:
    """A form of the book and what was wrong with it; `book_docx` and the PDF both answer so, in a child process."""

    content: bytes
    problems: tuple[Problem, ...] = ()
