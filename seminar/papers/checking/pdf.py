"""A PDF: opens in pypdf, has no password, no script, and not too many pages."""

import io
import re
import time
import zipfile
import zlib
from typing import Any

from seminar.lib.errors import Message, Refused
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
            raise Refused("The PDF has %(pages)d pages; a paper has at most %(most)d.", pages=pages, most=PAGES)
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


def _plain(value: Any) -> Any:
    return value.get_object() if value is not None else None


def _has_table(content: bytes) -> bool:
    """Whether the last startxref says where the table of objects is: readers guess one, and not all the same."""
    found = re.search(rb"startxref\s+(\d{1,10})\s+%%EOF", content[-2048:])
    at = int(found[1]) if found else -1
    return 0 <= at < len(content) and bool(re.match(rb"\s*(?:xref|\d+\s+\d+\s+obj)", content[at : at + 40]))


def _is_active(action: Any) -> bool:
    action = _plain(action)
    return isinstance(action, dict) and action.get("/S") in ("/JavaScript", "/Launch", "/Rendition", "/ImportData")


def _refuse_active(reader: Any, root: Any) -> None:
    """Scripts and programs at the places that start them by themselves or by a click."""
    names, form = _plain(root.get("/Names")), _plain(root.get("/AcroForm"))
    if isinstance(names, dict) and "/JavaScript" in names or isinstance(form, dict) and "/XFA" in form:
        raise Refused(SCRIPT.msgid)
    holders = [root, *reader.pages]
    for page in reader.pages:
        holders += [_plain(one) for one in _plain(page.get("/Annots")) or []]
    if isinstance(names, dict) and "/EmbeddedFiles" in names:
        raise Refused(ATTACHES.msgid)
    for holder in holders:
        if isinstance(holder, dict) and holder.get("/Subtype") in ("/FileAttachment", "/RichMedia", "/Movie"):
            raise Refused(ATTACHES.msgid)
        if not isinstance(holder, dict):
            continue
        extra = _plain(holder.get("/AA"))
        actions = [holder.get("/OpenAction"), holder.get("/A"), *(extra.values() if isinstance(extra, dict) else ())]
        if any(_is_active(action) for action in actions):
            raise Refused(SCRIPT.msgid)


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
