"""Is this a Word document, an OpenDocument text or a PDF that may be kept? Decided by content, never by name, in the isolated child.

Sniffers call a truncated document a document (recipes.md), so every part is read to its end: sizes are counted while
unpacking, never believed, and each XML part goes through expat. Limits: recipes.md "Files from outside"; reasons for
each refusal: security.md V5 and 3.4. Each refusal is one sentence that says what to do.
"""

import io
import re
import unicodedata
import zipfile
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from seminar.lib import files
from seminar.lib.errors import Message, Refused
from seminar.lib.isolated import run_isolated
from seminar.lib.text import clean
from seminar.papers import converting
from seminar.papers.checking import doc, fonts, odt, pdf, word
from seminar.papers.checking.fonts import Fonts

PACKED_BYTES = 20 * 1024 * 1024
EXTENSIONS = {word.MEDIA_TYPE: "docx", pdf.MEDIA_TYPE: "pdf", doc.MEDIA_TYPE: "doc", odt.MEDIA_TYPE: "odt"}
NOT_HERE = {doc.MEDIA_TYPE: doc.NOT_HERE, odt.MEDIA_TYPE: odt.NOT_HERE}
ALIKE = 0.6
"""So much of the Word file's words must be in a PDF beside it; print and hyphens take some, another paper has fewer."""
RESERVED_NAMES = (
    "CON",
    "PRN",
    "AUX",
    "NUL",
    *(f"{name}{number}" for name in ("COM", "LPT") for number in range(1, 10)),
)

NOTHING = Message(
    "No file arrived: none was chosen, it is empty, or the connection broke while it was sent. Choose it and send it again."
)
CONVERTED = Message("%(program)s turned the file into .docx; look whether everything came through.")
NO_PDF = Message("The second file is no PDF. Send the PDF of the paper there, or leave the field empty.")
OTHER_TEXT = Message("The PDF beside it has another text than the Word file: look whether it is the right one.")
NOT_COMPARED = Message("The PDF beside it has no text that could be compared with the Word file.")
BESIDE_REMARKS = (OTHER_TEXT.msgid, NOT_COMPARED.msgid)


@dataclass(frozen=True)
class CheckedFile:
    """A file that may be kept. `extension` and `media_type` are those of the content, whatever the name said."""

    filename: str
    content: bytes = field(repr=False)
    sha256: str
    media_type: str
    extension: str
    word_count: int | None
    page_count: int | None
    remarks: tuple[Message, ...] = ()
    """What its reader should know, and no reason to refuse it."""
    legacy: str = ""
    """`lib.legacy.Legacy` values with commas, where it was typed before Unicode."""
    docx: bytes | None = field(default=None, repr=False)
    """Of a .doc or .odt: what LibreOffice made of it."""
    made_by: str = ""

    @property
    def word_file(self) -> bytes | None:
        """The .docx to read its text from; None for a PDF."""
        return self.content if self.media_type == word.MEDIA_TYPE else self.docx


@dataclass(frozen=True)
class Beside:
    """A PDF that may be kept beside a Word file."""

    content: bytes = field(repr=False)
    page_count: int
    remarks: tuple[Message, ...] = ()


def check_upload(filename: str, content: bytes) -> CheckedFile:
    """Opens the file in a child process; `Refused` says why it cannot be kept. Slow: call it before writing."""
    if not content:
        raise Refused(NOTHING.msgid)
    if len(content) > PACKED_BYTES:
        raise Refused("The file is too large: at most 20 MB. Make its pictures smaller and send it again.")
    found = run_isolated(inspect, content)
    extension = EXTENSIONS[found["media_type"]]
    remarks = [Message(msgid) for msgid in found["remarks"]]
    made = None
    if found["media_type"] in NOT_HERE:
        made = _converted(content, NOT_HERE[found["media_type"]])
        again = run_isolated(inspect, made)
        found |= {"word_count": again["word_count"], "legacy": again["legacy"]}
        remarks.append(Message(CONVERTED.msgid, program=converting.version()))
    return CheckedFile(
        filename=safe_filename(filename, extension),
        content=content,
        sha256=files.sha256(content),
        media_type=found["media_type"],
        extension=extension,
        word_count=found["word_count"],
        page_count=found["page_count"],
        remarks=tuple(remarks),
        legacy=found.get("legacy", ""),
        docx=made,
        made_by=converting.version() if made is not None else "",
    )


def _converted(content: bytes, not_here: Message) -> bytes:
    if converting.program() is None:
        raise Refused(not_here.msgid)
    made = converting.convert({"a": content}, "docx").get("a")
    if made is None:
        raise Refused(converting.NOT_CONVERTED.msgid, kind=".docx")
    return made


def check_beside(content: bytes, word_file: bytes | None) -> Beside:
    """A PDF sent beside a Word file; its text is compared with it, and a difference is remarked and refuses nothing."""
    if len(content) > PACKED_BYTES:
        raise Refused("The file is too large: at most 20 MB. Make its pictures smaller and send it again.")
    if not content.startswith(b"%PDF-"):
        raise Refused(NO_PDF.msgid)
    found = run_isolated(pdf.inspect, content)
    remarks = [Message(msgid) for msgid in found["remarks"] if msgid != pdf.NO_TEXT.msgid]
    if word_file is not None:
        share = run_isolated(likeness, word_file, content)
        if share is None:
            remarks.append(NOT_COMPARED)
        elif share < ALIKE:
            remarks.append(OTHER_TEXT)
    return Beside(content, found["page_count"], tuple(remarks))


def likeness(word_file: bytes, beside: bytes) -> float | None:
    """How much of the Word file's words is in the PDF, 0 to 1; None where the PDF has no text to compare."""
    theirs = Counter(_compared(pdf.words_in(beside)))
    ours = Counter(_compared(fonts.words_in(word_file)))
    if not theirs or not ours:
        return None
    return sum((ours & theirs).values()) / sum(ours.values())


def _compared(words: list[str]) -> list[str]:
    return re.findall(r"\w+", unicodedata.normalize("NFC", " ".join(words)).casefold())


@dataclass(frozen=True)
class Sent:
    """What came with a form: the paper, a PDF beside it, and what is wrong with either."""

    checked: CheckedFile | None
    beside: Beside | None
    problem: Message | None = None
    beside_problem: Message | None = None

    @property
    def is_good(self) -> bool:
        return bool(self.checked or self.beside) and not (self.problem or self.beside_problem)


def check_sent(filename: str, content: bytes, beside: bytes, standing: bytes | None = None) -> Sent:
    """Checks the paper and the PDF beside it. `standing` is the Word file of the version that is there: a PDF may come
    to it alone. Slow: call it before writing.
    """
    checked = added = problem = beside_problem = None
    if content or not (beside and standing):
        try:
            checked = check_upload(filename, content)
        except Refused as refusal:
            problem = refusal.message
    if beside:
        try:
            if checked is not None and checked.word_file is None:
                raise Refused("The paper itself is a PDF already: leave the second field empty.")
            added = check_beside(beside, checked.word_file if checked is not None else standing)
        except Refused as refusal:
            beside_problem = refusal.message
    return Sent(checked, added, problem, beside_problem)


def check_fonts(content: bytes) -> Fonts:
    """What stands in the checked Word file in old fonts."""
    return run_isolated(fonts.examine, content)


def in_unicode(content: bytes) -> bytes:
    """The checked Word file with its old fonts converted; what comes out was checked again."""
    made = run_isolated(fonts.convert, content)
    run_isolated(word.inspect, made)
    return made


def safe_filename(filename: str, extension: str) -> str:
    """The sender's name for the file as a plain name of a file on any system, with the extension of its content."""
    name = clean(re.split(r"[/\\]", filename.replace("%22", ""))[-1])  # browsers send quotation marks so
    name = re.sub(r'[<>:"|?*%\x00-\x1f]', "", name).strip(". ")
    stem, dot, last = name.rpartition(".")
    if not dot or len(last) > 5 or not last.isalnum():
        stem = name
    stem = stem.strip(". ")[:120].strip(". ")
    if not stem or stem.upper() in RESERVED_NAMES:
        stem = f"tham-luan{stem and '-'}{stem}"
    return f"{stem}.{extension}"


def inspect(content: bytes) -> dict[str, Any]:
    """In the child: media type, words, pages, remarks and old encodings of the file, or `Refused`."""
    if content.startswith(b"PK\x03\x04"):
        if _is_opendocument(content):
            return odt.inspect(content)
        found = word.inspect(content)
        return found | {"legacy": _old_fonts(content)}
    if content.startswith(b"%PDF-"):
        return pdf.inspect(content)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        return doc.inspect(content)
    raise _refusal_of_other(content)


def _old_fonts(content: bytes) -> str:
    try:
        return ",".join(fonts.examine(content).kinds)
    except (SyntaxError, ValueError):  # what lxml cannot read and expat can is no reason to refuse a paper
        return ""


def _is_opendocument(content: bytes) -> bool:
    """By the member `mimetype`, which stands first and is not packed; else by the list of members."""
    if b"mimetypeapplication/vnd.oasis.opendocument" in content[:200]:
        return True
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            names = set(package.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return False
    return "mimetype" in names and "[Content_Types].xml" not in names


def _refusal_of_other(content: bytes) -> Refused:
    start = content[:1024].lstrip(b"\xef\xbb\xbf\x00 \t\r\n").lower()
    if content.startswith((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\x00", b"MM\x00*")) or b"<svg" in start:
        return Refused("This is a picture. Send the paper itself, as a Word file (.docx) or a PDF.")
    if start.startswith((b"<!doctype html", b"<html", b"<head", b"<script", b"<?php")):
        return Refused("This is a web page. Open it in Word, save it as .docx or PDF, and send that.")
    if start.startswith(b"{\\rtf"):
        return Refused("This is a rich-text file (.rtf). Open it in Word, save it as .docx, and send that.")
    return Refused(word.UNKNOWN.msgid)
