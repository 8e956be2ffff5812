"""An OpenDocument text: an archive of XML parts, each read to its end; macros, scripts and passwords are refused."""

import re
import zipfile
import zlib
from io import BytesIO
from typing import Any
from xml.parsers import expat

from seminar.lib.errors import Message, Refused
from seminar.papers.checking import word

MEDIA_TYPE = "application/vnd.oasis.opendocument.text"

DAMAGED = Message("The OpenDocument file (.odt) is damaged. Save it anew in its own program and send it again.")
MACROS = Message(
    "The OpenDocument file (.odt) contains macros or scripts. Save it as .docx without them and send that."
)
OTHER = Message("This OpenDocument file is no text (.odt). Send the paper as a Word file (.docx) or a PDF.")
NOT_HERE = Message("This is an OpenDocument file (.odt). Save it as .docx or PDF and send that.")
OUTSIDE = ("http:", "https:", "file:", "ftp:", "//")


def inspect(content: bytes) -> dict[str, Any]:
    try:
        with zipfile.ZipFile(BytesIO(content)) as package:
            return _inspect(package, len(content))
    except Refused as refusal:
        if refusal.message.msgid == word.DAMAGED.msgid:
            raise Refused(DAMAGED.msgid) from None
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, KeyError, expat.ExpatError):
        raise Refused(DAMAGED.msgid) from None


def _inspect(package: zipfile.ZipFile, size: int) -> dict[str, Any]:
    members = word.checked_members(package, size)
    if any({"basic", "scripts"} & set(name.split("/")[:-1]) for name in members):
        raise Refused(MACROS.msgid)
    if not {"mimetype", "content.xml", "meta-inf/manifest.xml"} <= members.keys():
        raise Refused(DAMAGED.msgid)
    if members["mimetype"].file_size > 200 or package.read(members["mimetype"]).strip() != MEDIA_TYPE.encode():
        raise Refused(OTHER.msgid)
    unpacked, packed = 0, sum(member.compress_size for member in members.values())
    reader = Reader()
    for name, member in members.items():
        parser = reader.parser(name) if name.endswith((".xml", ".rdf")) else None
        start = b""
        for chunk in word.chunks(package, member):
            start = start or chunk[:8]
            unpacked += len(chunk)
            word.refuse_bomb(unpacked, packed)
            if parser is not None:
                parser.Parse(chunk, False)
        if parser is not None:
            parser.Parse(b"", True)
        if start.startswith(b"PK\x03\x04"):
            raise Refused(word.ARCHIVE_INSIDE.msgid)
    if not reader.is_text:
        raise Refused(OTHER.msgid)
    remarks = [word.FETCHES.msgid] if reader.fetches else []
    return {"media_type": MEDIA_TYPE, "word_count": reader.words, "page_count": None, "remarks": remarks}


class Reader:
    """What the parts say: whether there is a text, how many words it has, what it would fetch."""

    def __init__(self) -> None:
        self.is_text = False
        self.fetches = False
        self.words = 0
        self.depth = 0

    def parser(self, name: str) -> expat.XMLParserType:
        parser = word.safe_parser()
        parser.buffer_text = True
        self.depth = 0
        is_content = name == "content.xml"

        def begin(tag: str, attributes: dict[str, str]) -> None:
            self.depth += 1
            if self.depth > word.NESTING:
                raise Refused(DAMAGED.msgid)
            if tag == "manifest:encryption-data":
                raise Refused(word.LOCKED.msgid)
            if tag in ("script:event-listener", "office:script", "script:script"):
                raise Refused(MACROS.msgid)
            self.is_text = self.is_text or is_content and tag == "office:text"
            address = attributes.get("xlink:href", "")
            if tag != "text:a" and re.match("|".join(OUTSIDE), address, re.IGNORECASE):
                self.fetches = True

        def end(tag: str) -> None:
            self.depth -= 1

        def text(letters: str) -> None:
            if is_content and self.is_text:
                self.words += len(letters.split())

        parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = begin, end, text
        return parser
