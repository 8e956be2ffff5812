"""A PDF: opens in pypdf, has no password, no script, and not too many pages."""

import io
import re
import time
import zipfile
import zlib
from typing import Any

from seminar.lib.errors import N_, Message, Refused
from seminar.papers.checking.word import LOCKED

MEDIA_TYPE = "application/pdf"
PAGES = 60
READING_SECONDS = 8.0
"""Words are counted for at most so long; a large drawing is no reason to refuse a paper."""

DAMAGED = Message("The PDF is damaged or was cut off. Make it anew from the Word file and send it again.")
SCRIPT = Message("The PDF contains a script or starts a program. Print it to a new PDF and send that.")
BOMB = Message("A page of the PDF unpacks to far too much. Print it to a new PDF and send that.")
SEVERAL_KINDS = Message("The file is two kinds of file in one. Make it anew in its own program and send it again.")
NO_TEXT = Message("The PDF has no text that could be read, as a scan has none; a Word file beside it would help.")
ATTACHES = Message("Other files are attached to the PDF. Print it to a new PDF without them and send that.")
TOO_LONG = N_("The PDF has %(pages)d pages; a paper has at most %(most)d.")
ACTIVE = ("/JavaScript", "/Launch", "/Rendition", "/ImportData", "/SubmitForm", "/GoToE")
CARRIERS = ("/FileAttachment", "/RichMedia", "/Movie", "/Screen", "/3D")
DRAWN = ("/Resources", "/Contents", "/AP", "/StructTreeRoot", "/Metadata", "/PieceInfo", "/Thumb")
"""What holds no actions, and thousands of objects."""


def inspect(content: bytes) -> dict[str, Any]:
    import logging

    import pypdf
    from pypdf.errors import PyPdfError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    if b"%%EOF" not in content[-1024:]:
        raise Refused(DAMAGED.msgid)
    if zipfile.is_zipfile(io.BytesIO(content)):
        raise Refused(SEVERAL_KINDS.msgid)
    if not _has_table(content):
        raise Refused(DAMAGED.msgid)
    try:
        reader = pypdf.PdfReader(io.BytesIO(content))
        if reader.is_encrypted:
            raise Refused(LOCKED.msgid)
        pages = len(reader.pages)
        if pages == 0:
            raise Refused(DAMAGED.msgid)
        if pages > PAGES:
            raise Refused(TOO_LONG, pages=pages, most=PAGES)
        root = reader.root_object
        _refuse_active(reader, root)
        words = _words_of(reader)
    except (MemoryError, RecursionError, Refused):
        raise
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, OSError, zlib.error):
        raise Refused(DAMAGED.msgid) from None
    remarks = []
    if words == 0:
        remarks.append(NO_TEXT.msgid)
    return {"media_type": MEDIA_TYPE, "word_count": words, "page_count": pages, "remarks": remarks}


def _has_table(content: bytes) -> bool:
    """Whether the last startxref says where the table of objects is: readers guess one, and not all the same."""
    found = re.search(rb"startxref\s+(\d{1,10})\s+%%EOF", content[-2048:])
    at = int(found[1]) if found else -1
    return 0 <= at < len(content) and bool(re.match(rb"\s*(?:xref|\d+\s+\d+\s+obj)", content[at : at + 40]))


def _refuse_active(reader: Any, root: Any) -> None:
    """Scripts, programs, forms that send and files inside, wherever the document keeps what it does: never in what it draws."""
    started = time.process_time()
    waiting: list[Any] = [root]
    seen: set[int] = set()
    while waiting:
        if len(seen) % 500 == 0 and time.process_time() - started > READING_SECONDS:
            raise Refused(SCRIPT.msgid)
        value = waiting.pop()
        if hasattr(value, "idnum"):
            if value.idnum in seen:
                continue
            seen.add(value.idnum)
            value = value.get_object()
        if isinstance(value, list):
            waiting += value
        elif isinstance(value, dict):
            if value.get("/S") in ACTIVE or {"/JS", "/JavaScript", "/XFA"} & value.keys():
                raise Refused(SCRIPT.msgid)
            if value.get("/Subtype") in CARRIERS or "/EmbeddedFiles" in value:
                raise Refused(ATTACHES.msgid)
            waiting += [one for key, one in value.items() if key not in DRAWN]


def _words_of(reader: Any) -> int | None:
    """Words of all pages; None where they cannot be counted in reasonable time."""
    from pypdf.errors import LimitReachedError

    started, words = time.process_time(), 0
    for page in reader.pages:
        if time.process_time() - started > READING_SECONDS:
            return None
        try:
            drawing = page.get_contents()
            if drawing is not None:
                drawing.get_data()
            words += len(page.extract_text().split())
        except LimitReachedError:
            raise Refused(BOMB.msgid) from None
        except MemoryError:
            raise
        except Exception:  # noqa: BLE001 - text that pypdf cannot read is still a page that prints
            return None
    return words


def words_in(content: bytes) -> list[str]:
    """The words of a PDF that was let in, as far as they can be read in reasonable time."""
    import logging

    import pypdf

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    started, words = time.process_time(), []
    for page in pypdf.PdfReader(io.BytesIO(content)).pages:
        if time.process_time() - started > READING_SECONDS:
            break
        words += page.extract_text().split()
    return words
