"""Is this a Word document or a PDF that may be kept? Decided by content, never by name, in the isolated child.

Sniffers call a truncated document a document (recipes.md), so every part is read to its end: sizes are counted while
unpacking, never believed, and each XML part goes through expat. Limits: recipes.md "Files from outside"; reasons for
each refusal: security.md V5 and 3.4. Each refusal is one sentence that says what to do.
"""

import io
import re
from dataclasses import dataclass, field
from typing import Any

from seminar.lib import files
from seminar.lib.errors import Message, Refused
from seminar.lib.isolated import run_isolated
from seminar.lib.text import clean
from seminar.papers.checking import pdf, word

PACKED_BYTES = 20 * 1024 * 1024
EXTENSIONS = {word.MEDIA_TYPE: "docx", pdf.MEDIA_TYPE: "pdf"}
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


def check_upload(filename: str, content: bytes) -> CheckedFile:
    """Opens the file in a child process; `Refused` says why it cannot be kept. Slow: call it before writing."""
    if not content:
        raise Refused(NOTHING.msgid)
    if len(content) > PACKED_BYTES:
        raise Refused("The file is too large: at most 20 MB. Make its pictures smaller and send it again.")
    found = run_isolated(inspect, content)
    extension = EXTENSIONS[found["media_type"]]
    return CheckedFile(
        filename=safe_filename(filename, extension),
        content=content,
        sha256=files.sha256(content),
        media_type=found["media_type"],
        extension=extension,
        word_count=found["word_count"],
        page_count=found["page_count"],
        remarks=tuple(Message(msgid) for msgid in found["remarks"]),
    )


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
    """In the child: media type, words, pages and remarks of the file, or `Refused`."""
    if content.startswith(b"PK\x03\x04"):
        return word.inspect(content)
    if content.startswith(b"%PDF-"):
        return pdf.inspect(content)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise _refusal_of_old_office(content)
    raise _refusal_of_other(content)


def _refusal_of_old_office(content: bytes) -> Refused:
    import olefile

    try:
        with olefile.OleFileIO(io.BytesIO(content)) as streams:
            if streams.exists("EncryptedPackage") or streams.exists("EncryptionInfo"):
                return Refused("The file is locked with a password. Remove the password and send it again.")
            if streams.exists("WordDocument"):
                return Refused("This is an old Word file (.doc). Save it as .docx or PDF and send that.")
    except Exception:  # noqa: BLE001, S110 - a damaged container is simply not accepted
        pass
    return Refused(word.UNKNOWN.msgid)


def _refusal_of_other(content: bytes) -> Refused:
    start = content[:1024].lstrip(b"\xef\xbb\xbf\x00 \t\r\n").lower()
    if content.startswith((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\x00", b"MM\x00*")) or b"<svg" in start:
        return Refused("This is a picture. Send the paper itself, as a Word file (.docx) or a PDF.")
    if start.startswith((b"<!doctype html", b"<html", b"<head", b"<script", b"<?php")):
        return Refused("This is a web page. Open it in Word, save it as .docx or PDF, and send that.")
    if start.startswith(b"{\\rtf"):
        return Refused("This is a rich-text file (.rtf). Open it in Word, save it as .docx, and send that.")
    return Refused(word.UNKNOWN.msgid)
