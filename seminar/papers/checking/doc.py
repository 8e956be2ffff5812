"""An old Word file: a compound file with the stream WordDocument; macros and passwords are refused ([MS-DOC] 2.5.1)."""

import io
import struct
from typing import Any

from seminar.lib.errors import Message, Refused
from seminar.papers.checking import word

MEDIA_TYPE = "application/msword"
IDENTS = (0xA5EC, 0xA5DC)
"""First word of the file's header (FIB): Word 97 and later, Word 6 and 95."""
ENCRYPTED = 0x0100
MACRO_STORAGES = {"macros", "_vba_project", "_vba_project_cur", "vba"}

DAMAGED = Message("The old Word file (.doc) is damaged. Open it in Word, save it as .docx, and send that.")
MACROS = Message(
    "The old Word file (.doc) contains macros. Save it as “Word Document (.docx)” without them and send that."
)
NOT_HERE = Message("This is an old Word file (.doc). Save it as .docx or PDF and send that.")


def inspect(content: bytes) -> dict[str, Any]:
    import olefile

    try:
        with olefile.OleFileIO(io.BytesIO(content)) as streams:
            names = {part.casefold() for entry in streams.listdir(streams=True, storages=True) for part in entry}
            if {"encryptedpackage", "encryptioninfo"} & names:
                raise Refused(word.LOCKED.msgid)
            if MACRO_STORAGES & names:
                raise Refused(MACROS.msgid)
            if not streams.exists("WordDocument"):
                raise Refused(word.UNKNOWN.msgid)
            header = streams.openstream("WordDocument").read()
            for entry in streams.listdir():
                streams.openstream(entry).read()
            has_table = streams.exists("0Table") or streams.exists("1Table")
    except Refused:
        raise
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - whatever a damaged container provokes in the reader
        raise Refused(DAMAGED.msgid) from None
    if len(header) < 32:
        raise Refused(DAMAGED.msgid)
    ident, _, _, _, _, flags = struct.unpack_from("<6H", header)
    if ident not in IDENTS:
        raise Refused(DAMAGED.msgid)
    if flags & ENCRYPTED:
        raise Refused(word.LOCKED.msgid)
    if ident == IDENTS[0] and not has_table:
        raise Refused(DAMAGED.msgid)
    remarks = [word.PACKS.msgid] if "objectpool" in names else []
    return {"media_type": MEDIA_TYPE, "word_count": None, "page_count": None, "remarks": remarks}
