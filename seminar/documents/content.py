"""What a document says, as plain values that Word, PDF and checker read alike; and how the office types it.

A line of the body is a paragraph. "I. …" is a Mục, "1. Thời gian: …" has its first words in bold, "- …" and "+ …" are
items, and a line in square brackets stands for a table that the program fills in ("[Bảng chỉ tiêu]").
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from itertools import groupby
from typing import Any

from seminar.documents.layout import Layout
from seminar.documents.models import DocumentKind
from seminar.documents.rules import (
    ABOUT,
    TITLES,
    UNKNOWN,
    DocumentSettings,
    Recipient,
    date_line,
    dispatch_subject,
    printed_recipients,
    signing_remarks,
)
from seminar.lib.clock import weekday_vi
from seminar.lib.errors import Message
from seminar.lib.text import clean, fold

SECTION = re.compile(r"^[IVX]+\.\s+\S")
CLAUSE = re.compile(r"^(\d{1,2}\.\s+[^:.]{1,70}(?::|\.(?=\s|$)))(.*)$")
BRACKETED = re.compile(r"^\[([^\[\]]+)\]$")
DATED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})\s*\((thứ [^()]+|chủ nhật)\)", re.IGNORECASE)


MISSING, STRONG, RAISED, END = "\ue0b0", "\ue0b3", "\ue0b4", "\ue0b1"
"""Marks in the values of a Word template, from the private area of Unicode: what is missing, bold, raised, and its end."""
PAGE_COUNT = "{pages}"
HERE, TABLE = "\ue0b2", "\ue0b5"
"""Places of the picture, and of the table whose number follows."""


Headings = tuple[tuple[tuple[str, int, int], ...], ...]
"""One or two rows of (text, columns across, rows down)."""


@dataclass(frozen=True)
class Line:
    """A paragraph; `strong` are its first words, in bold. `style`: body, section, point, item, or closing, in which
    `PAGE_COUNT` stands for the number of pages, counted by Word and Typst themselves.
    """

    text: str
    strong: str = ""
    style: str = "body"
    opens: str = ""
    """Path of the page where these words are mended, for a preview."""
    starts_page: bool = False


@dataclass(frozen=True)
class Table:
    """A bordered table; widths are shares of the text's width. `strong_rows` are in bold."""

    headings: Headings
    rows: tuple[tuple[str, ...], ...]
    shares: tuple[float, ...]
    centred: tuple[int, ...] = ()
    strong_rows: tuple[int, ...] = ()
    size: float = 12
    row_height_mm: float = 0

    def widths_mm(self, room_mm: float) -> list[float]:
        whole = sum(self.shares)
        return [share * room_mm / whole for share in self.shares]

    def of_columns(self, columns: Sequence[int]) -> "Table":
        """Only these columns, in order."""
        return replace(
            self,
            headings=headings_of_columns(self.headings, columns),
            rows=tuple(tuple(row[column] for column in columns) for row in self.rows),
            shares=tuple(self.shares[column] for column in columns),
            centred=tuple(at for at, column in enumerate(columns) if column in self.centred),
        )


def _column_headings(headings: Headings) -> list[tuple[int, str, str]]:
    """(number of the heading in the first row, its text, the text under it or "") of each column."""
    under = iter(headings[1] if len(headings) > 1 else ())
    return [
        (at, text, next(under)[0] if down < len(headings) else "")
        for at, (text, across, down) in enumerate(headings[0])
        for _column in range(across)
    ]


def headings_of_columns(headings: Headings, columns: Sequence[int]) -> Headings:
    whole = _column_headings(headings)
    those = [whole[column] for column in columns]
    down = 2 if any(below for _at, _over, below in those) else 1
    top: list[tuple[str, int, int]] = []
    under: list[tuple[str, int, int]] = []
    last = -1
    for at, over, below in those:
        if not below:
            top.append((over, 1, down))
        elif at == last:
            top[-1] = (over, top[-1][1] + 1, 1)
        else:
            top.append((over, 1, 1))
        if below:
            under.append((below, 1, 1))
        last = at
    return (tuple(top), tuple(under)) if under else (tuple(top),)


def bands_of(headings: Headings, before: int, most: int) -> list[tuple[str, list[int]]]:
    """(which columns, as words; their numbers, beginning with the first `before`, which all repeat) of each table that is
    made of one with more than `most` columns behind those; nothing where all find room. What is wider than the page
    cannot be read. Columns under one heading stay together where they can.
    """
    places = [at for at, _over, _below in _column_headings(headings)]
    count = len(places) - before
    if count <= most:
        return []
    bands: list[list[int]] = [[]]
    for _at, group in groupby(range(before, before + count), lambda column: places[column]):
        together = list(group)
        if bands[-1] and len(bands[-1]) + len(together) > most:
            bands.append([])
        for column in together:
            if len(bands[-1]) == most:
                bands.append([])
            bands[-1].append(column)
    found = []
    for band in bands:
        first, last = band[0] - before + 1, band[-1] - before + 1
        which = f"Cột {first}" if first == last else f"Cột {first} đến {last}"
        found.append((f"{which} (trong {count} cột)", [*range(before), *band]))
    return found


def abreast(table: Table, before: int, most: int) -> "Iterator[Block]":
    """The table, or its bands below each other."""
    bands = bands_of(table.headings, before, most)
    if not bands:
        yield table
    for which, columns in bands:
        yield Line("", strong=which)
        yield table.of_columns(columns)


@dataclass(frozen=True)
class Picture:
    """A drawing as SVG; `words` for who does not see it."""

    svg: str
    words: str
    height_share: float
    """Height in shares of the width."""


@dataclass(frozen=True)
class Pictures:
    """Side by side as far as they find room."""

    row: tuple[Picture, ...]
    width_mm: float
    """Of each."""


Block = Line | Table | Pictures


@dataclass(frozen=True)
class Annex:
    """A page of its own behind the document, numbered on its own. With `head` it is a form that a unit fills in."""

    title: str
    subject: str
    blocks: tuple[Block, ...]
    is_landscape: bool = False
    head: tuple[tuple[str, ...], tuple[str, ...], str | None, str] | None = None
    """(superior lines, issuer lines, symbol, date line) of the form's own head block; without a symbol it has neither
    number nor asterisks.
    """
    signature: tuple[str, str] | None = None
    """(bold line, title) at the right under the form."""
    attached_to: str = ""
    """ "(Kèm theo Công văn số …)" under the heading."""


@dataclass(frozen=True)
class Content:
    """One document as it is to be printed."""

    kind: DocumentKind
    symbol: str | None
    """None: it has no number, and no line for one."""
    subject: str
    day: date | None
    settings: DocumentSettings
    layout: Layout
    addressees: tuple[str, ...] = ()
    blocks: tuple[Block, ...] = ()
    annexes: tuple[Annex, ...] = ()
    recipients: tuple[Recipient, ...] = ()
    copies: int = 0
    """All that are printed; 0: as many as the lines of Nơi nhận say."""
    is_draft: bool = False
    urgency: str = ""
    meeting_mark: str = ""
    signers: tuple[tuple[str, str], ...] = ()
    """(title, name) of the two who sign minutes, at the left and at the right, in place of Nơi nhận and signature."""
    notes: tuple[str, ...] = ()
    """Small lines at the foot of the last page: where the document can be checked."""
    named: str = ""
    """Its title, where it is not that of its kind."""
    is_landscape: bool = False

    @property
    def title(self) -> str:
        return self.named or TITLES[self.kind]

    @property
    def dispatch_subject(self) -> str:
        return "" if self.title else dispatch_subject(self.subject)

    @property
    def room_mm(self) -> float:
        page = self.layout.page
        return (page.height_mm if self.is_landscape else page.width_mm) - page.left_mm - page.right_mm


def read_line(text: str) -> Line:
    """How a typed line prints."""
    if SECTION.match(text):
        return Line(text, style="section")
    clause = CLAUSE.match(text)
    if clause:
        return Line(clause[2].strip(), strong=clause[1])
    return Line(text, style="item" if text.startswith(("- ", "+ ")) else "body")


def read_body(body: str, tables: Mapping[str, Table]) -> tuple[Block, ...]:
    """The blocks of a typed body; `tables` by the name that stands in brackets. An unknown name prints as it was typed."""
    blocks: list[Block] = []
    known = {fold(name): table for name, table in tables.items()}
    for line in body.split("\n"):
        text = clean(line)
        bracketed = BRACKETED.match(text)
        if bracketed and fold(bracketed[1]) in known:
            blocks.append(known[fold(bracketed[1])])
        elif text:
            blocks.append(read_line(text))
    return tuple(blocks)


@dataclass(frozen=True)
class Lack:
    """What is missing or doubtful before a document goes out; what `stops` must be mended first, at the place `where`."""

    message: Message
    stops: bool = False
    where: str = ""
    """subject, addressees, body, annexes or recipients of the document; or settings, plan, venues, milestones, programme."""


def texts_of(content: Content) -> list[str]:
    """Everything it says, for a search."""
    found = [content.subject, *content.addressees, content.meeting_mark, *(row.to for row in content.recipients)]
    for block in (*content.blocks, *(block for annex in content.annexes for block in annex.blocks)):
        if isinstance(block, Line):
            found += [block.strong, block.text]
        elif isinstance(block, Table):
            found += [cell for row in block.rows for cell in row]
    return found


def lacks_of(content: Content) -> list[Lack]:
    """What the document itself lacks before it is issued, by its form."""
    settings = content.settings
    lacks = []
    if not clean(content.subject):
        lacks.append(Lack(Message("It has no subject (trích yếu)."), stops=True, where="subject"))
    if not content.title and not content.addressees:
        lacks.append(Lack(Message("Nobody is addressed: a dispatch needs “Kính gửi”."), stops=True, where="addressees"))
    if not content.blocks:
        lacks.append(Lack(Message("It says nothing yet."), stops=True, where="body"))
    if not settings.place:
        lacks.append(Lack(Message("The place of the date line is not set."), stops=True, where="settings"))
    if not (settings.issuer_lines and settings.issuer):
        lacks.append(Lack(Message("Who issues it is not set."), stops=True, where="settings"))
    own = [block for block in content.blocks if isinstance(block, Line)]
    for block in own:
        bracketed = BRACKETED.match(block.text)
        if bracketed:
            lacks.append(
                Lack(Message("There is no table “%(name)s” to put in.", name=bracketed[1]), stops=True, where="body")
            )
    gaps = sum(UNKNOWN in f"{block.strong} {block.text}" for block in own)
    if gaps:
        lacks.append(Lack(Message("“…………” stands in %(count)s places of the text.", count=gaps), where="body"))
    if not settings.signer_name:
        lacks.append(Lack(Message("The name of the signer is not set: it prints as a gap."), where="settings"))
    if not content.recipients:
        lacks.append(Lack(Message("Nobody stands in Nơi nhận."), stops=True, where="recipients"))
    elif not fold(content.recipients[-1].to).startswith("luu"):
        lacks.append(Lack(Message("The last line of Nơi nhận names no archive (Lưu …)."), where="recipients"))
    if content.addressees and not any(row.to == "Như trên" for row in content.recipients):
        lacks.append(
            Lack(Message("Nơi nhận does not begin with “Như trên”, though somebody is addressed."), where="recipients")
        )
    lacks += [
        Lack(message, where="settings")
        for message in signing_remarks(settings.authority, settings.signer_title, settings.signer_name)
    ]
    lacks += [Lack(message, where="body") for text in texts_of(content) for message in wrong_weekdays(text)]
    return lacks


def wrong_weekdays(text: str) -> list[Message]:
    """Dates in the text whose weekday is another: "15/3/2023 (Thứ sáu)" was a Wednesday (domain.md Đ1)."""
    found = []
    for match in DATED.finditer(text):
        try:
            day = date(int(match[3]), int(match[2]), int(match[1]))
        except ValueError:
            found.append(Message("There is no day %(day)s.", day=match[0].partition(" ")[0]))
            continue
        if fold(match[4]) != fold(weekday_vi(day)):
            found.append(
                Message(
                    "%(day)s is a %(weekday)s, not a %(typed)s.",
                    day=match[0].partition(" ")[0],
                    weekday=weekday_vi(day),
                    typed=match[4],
                )
            )
    return found


def head_data(
    settings: DocumentSettings, symbol: str | None, day: date | None, *, is_draft: bool, urgency: str = ""
) -> dict[str, Any]:
    """The head block as the Typst templates read it."""
    return {
        "superior": settings.superior_lines,
        "issuer": settings.issuer_lines,
        "symbol": symbol,
        "date_line": date_line(settings.place, day),
        "draft": is_draft,
        "urgency": urgency,
        "dispatch_subject": "",
        "meeting_mark": "",
    }


def signature_data(settings: DocumentSettings, recipients: Sequence[Recipient], copies: int = 0) -> dict[str, Any]:
    """Nơi nhận and the form of signing as the Typst templates read them."""
    return {
        "recipients": [
            {"lines": [{"text": text, "raised": raised} for text, raised in block.lines], "purpose": block.purpose}
            for block in printed_recipients(recipients, copies)
        ],
        "authority": settings.authority,
        "signer_title": settings.signer_title,
        "signer_name": settings.signer_name or UNKNOWN,
    }


def common_data(layout: Layout, settings: DocumentSettings) -> dict[str, Any]:
    """What all pages share: the rule set, sides, the mark at the foot."""
    return {
        "layout": asdict(layout) | {"effective_from": ""},
        "double_sided": settings.is_double_sided,
        "archive_mark": settings.archive_mark,
    }


def _block_data(block: Block) -> dict[str, Any]:
    if isinstance(block, Line):
        return {"type": "line", **asdict(block)}
    return {"type": "table" if isinstance(block, Table) else "pictures", **asdict(block)}


def annexes_data(annexes: Sequence[Annex]) -> dict[str, Any]:
    """Annexes as `typst/annexes.typ` reads them."""
    return {
        "annexes": [
            {
                "title": annex.title,
                "subject": annex.subject,
                "blocks": [_block_data(block) for block in annex.blocks],
                "landscape": annex.is_landscape,
                "head": dict(zip(("superior", "issuer", "symbol", "date_line"), annex.head, strict=True))
                if annex.head
                else None,
                "signature": annex.signature,
                "attached_to": annex.attached_to,
            }
            for annex in annexes
        ]
    }


def typst_data(content: Content) -> dict[str, Any]:
    """The whole document for `typst/document.typ`."""
    head = head_data(content.settings, content.symbol, content.day, is_draft=content.is_draft, urgency=content.urgency)
    return {
        **common_data(content.layout, content.settings),
        **head,
        **signature_data(content.settings, content.recipients, content.copies),
        "dispatch_subject": content.dispatch_subject,
        "meeting_mark": content.meeting_mark,
        "title": content.title,
        "subject": content.subject,
        "addressees": content.addressees,
        "blocks": [_block_data(block) for block in content.blocks],
        **annexes_data(content.annexes),
        "signers": content.signers,
        "notes": content.notes,
        "landscape": content.is_landscape,
        "heading": f"{content.title} {content.subject}".strip(),
    }


def merge_values(
    settings: DocumentSettings,
    kind: DocumentKind,
    *,
    symbol: str,
    date_line: str,
    subject: str,
    is_draft: bool,
    recipients: Sequence[Recipient] | None = None,
    copies: int = 0,
) -> dict[str, Any]:
    """Head and signature as the fields of the office's own template (documents/merging.py)."""
    kind = DocumentKind(kind)
    rows = settings.rows_for(kind) if recipients is None else recipients
    return {
        "co_quan_cap_tren": list(settings.superior_lines),
        "co_quan_ban_hanh": list(settings.issuer_lines),
        "so_ky_hieu": symbol,
        "dia_danh_ngay_thang": date_line,
        "ten_loai": TITLES[kind],
        "trich_yeu": subject,
        "du_thao": "DỰ THẢO" if is_draft else "",
        "do_khan": settings.urgency,
        "chi_dan_tai_lieu": "",
        "noi_nhan": [
            f"{text[:-1]} ({block.purpose}){text[-1]}{_raised(raised)}" if block.purpose else f"{text}{_raised(raised)}"
            for block in printed_recipients(rows, copies)
            for text, raised in block.lines
        ],
        "the_thuc_de_ky": settings.authority,
        "chuc_vu_nguoi_ky": settings.signer_title,
        "ho_ten_nguoi_ky": settings.signer_name,
    }


def _raised(text: str) -> str:
    return f"{RAISED}{text}{END}" if text else ""


def content_values(content: Content) -> dict[str, Any]:
    """A dispatch or a programme as the fields of the office's own template; tables stand as marks with their number."""
    names = content.addressees
    ends = [";"] * (len(names) - 1) + ["."] if names else []
    return {
        **merge_values(
            content.settings,
            content.kind,
            symbol=content.symbol or "",
            date_line=date_line(content.settings.place, content.day),
            subject=content.subject if content.title else ABOUT.sub("", content.subject),
            is_draft=content.is_draft,
            recipients=content.recipients,
            copies=content.copies,
        ),
        "do_khan": content.urgency,
        "chi_dan_tai_lieu": content.meeting_mark,
        "cac_noi_gui": list(names)
        if len(names) == 1
        else [f"- {to}{end}" for to, end in zip(names, ends, strict=True)],
        "noi_dung": _body_values(content.blocks),
    }


def _body_values(blocks: Sequence[Block]) -> list[str]:
    found, tables = [], 0
    for block in blocks:
        if isinstance(block, Table):
            found.append(f"{TABLE}{tables}")
            tables += 1
        elif isinstance(block, Pictures):
            found += [one.words for one in block.row]
        elif block.style == "section":
            found.append(f"{STRONG}{block.text.upper()}{END}")
        else:
            found.append(f"{STRONG}{block.strong}{END} {block.text}".rstrip() if block.strong else block.text)
    return found


def content_pdf(content: Content) -> bytes:
    """The document as a PDF; refused where the font lacks a character."""
    from seminar.documents import pdf

    return pdf.compile("document.typ", typst_data(content))
