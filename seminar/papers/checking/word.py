"""A Word document: an archive of XML parts, each of which is read to its end."""

import io
import posixpath
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any
from xml.parsers import expat

from seminar.lib.errors import Message, Refused

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MEMBERS = 5000
UNPACKED_BYTES = 200 * 1024 * 1024
UNPACKED_PER_PACKED = 200
"""Beyond it, and beyond a few megabytes, a document is a bomb; plain tables reach about 50."""
SMALL_BYTES = 5 * 1024 * 1024
NESTING = 400

UNKNOWN = Message(
    "This is neither a Word file (.docx) nor a PDF. Open it in Word, save it as .docx or PDF, and send that."
)
DAMAGED = Message("The Word file is damaged. Open it in Word, save it anew as .docx, and send it again.")
BOMB = Message("The file unpacks to far too much. Make its pictures smaller, save it anew, and send it again.")
MACROS = Message("The Word file contains macros. Save it as “Word Document (.docx)” without macros, and send it again.")
ARCHIVE_INSIDE = Message("Another archive is hidden in the file. Save it anew and send it again.")
LOCKED = Message("The file is locked with a password. Remove the password and send it again.")
REMOTE = Message(
    "The document loads a template or object from another machine. Copy its text into a new document, save it, and send that."
)
LOADED = {"attachedTemplate", "oleObject", "subDocument", "frame", "aFChunk", "package"}
"""Relationships whose target Word opens by itself; of pictures and links it is only remarked."""
FETCHES = Message("The document refers to a template or picture outside of it; that was not fetched.")
PACKS = Message("Other files are packed into the document (sheets, equations); they are kept as sent.")


def inspect(content: bytes) -> dict[str, Any]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            members = checked_members(package, len(content))
            main = _main_part(package, members)
            reader = WordReader()
            remarks = _read_parts(package, members, main, reader)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, KeyError, expat.ExpatError):
        raise Refused(DAMAGED.msgid) from None
    if not reader.words:
        raise Refused("There is no text in the Word file. Check that it is the right one and send it again.")
    return {"media_type": MEDIA_TYPE, "word_count": reader.words, "page_count": None, "remarks": remarks}


def checked_members(package: zipfile.ZipFile, packed: int) -> dict[str, zipfile.ZipInfo]:
    """The members by name; refuses what no program writes: too many, doubled, locked, outside of the archive."""
    listed = package.infolist()
    if len(listed) > MEMBERS:
        raise Refused(BOMB.msgid)
    if listed and min(int(member.header_offset) for member in listed) > 0:
        raise Refused(DAMAGED.msgid)  # another archive stands before it: not all readers see the same one
    members: dict[str, zipfile.ZipInfo] = {}
    for member in listed:
        name = member.filename
        if member.flag_bits & 0x1:
            raise Refused(LOCKED.msgid)
        is_link = stat.S_ISLNK(member.external_attr >> 16)
        if name.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", name) or ":" in name or is_link:
            raise Refused(DAMAGED.msgid)
        if name.casefold() in members or member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Refused(DAMAGED.msgid)
        if name.casefold().rsplit("/", 1)[-1] in ("vbaproject.bin", "vbadata.xml"):
            raise Refused(MACROS.msgid)
        members[name.casefold()] = member
    refuse_bomb(sum(member.file_size for member in listed), packed)
    return members


def refuse_bomb(unpacked: int, packed: int) -> None:
    if unpacked > UNPACKED_BYTES or unpacked > max(SMALL_BYTES, UNPACKED_PER_PACKED * packed):
        raise Refused(BOMB.msgid)


def chunks(package: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    with package.open(member) as file:
        while chunk := file.read(1 << 16):
            yield chunk


def _main_part(package: zipfile.ZipFile, members: dict[str, zipfile.ZipInfo]) -> str:
    """Name of the document part, found by the package's relationships; refuses what is no Word document."""
    if "[content_types].xml" not in members or "_rels/.rels" not in members:
        raise Refused(UNKNOWN.msgid)
    relations = [
        attributes
        for name, attributes in _elements(package, members["_rels/.rels"])
        if name == "Relationship" and attributes.get("Type", "").endswith("/officeDocument")
    ]
    if not relations:
        raise Refused(UNKNOWN.msgid)
    main = posixpath.normpath(relations[0].get("Target", "").lstrip("/")).casefold()
    types = list(_elements(package, members["[content_types].xml"]))
    if any("macroenabled" in attributes.get("ContentType", "").casefold() for _, attributes in types):
        raise Refused(MACROS.msgid)
    kinds = {
        attributes.get("PartName", "").lstrip("/").casefold(): attributes.get("ContentType", "")
        for name, attributes in types
        if name == "Override"
    }
    kind = kinds.get(main, "")
    if "spreadsheetml" in kind or "presentationml" in kind:
        raise Refused("This is no Word file but a sheet or slides. Send the paper as a Word file (.docx) or a PDF.")
    if kind.endswith("wordprocessingml.template.main+xml"):
        raise Refused("This is a Word template. Open it, save it as “Word Document (.docx)”, and send that.")
    if kind != f"{MEDIA_TYPE}.main+xml" or main not in members:
        raise Refused(DAMAGED.msgid)
    return main


def _elements(package: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[tuple[str, dict[str, str]]]:
    """(local name, attributes) of each element of a small part."""
    found: list[tuple[str, dict[str, str]]] = []
    if member.file_size > SMALL_BYTES:
        raise Refused(BOMB.msgid)
    parser = safe_parser()
    parser.StartElementHandler = lambda name, attributes: found.append((_local(name), attributes))
    for chunk in chunks(package, member):
        parser.Parse(chunk, False)
    parser.Parse(b"", True)
    yield from found


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _refuse_doctype(*_: Any) -> None:
    raise Refused("The file declares entities, as no program writes them. Save it anew and send it again.")


def safe_parser() -> expat.XMLParserType:
    """An XML reader that refuses every DOCTYPE, in whatever encoding, and with it all entities."""
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.EntityDeclHandler = _refuse_doctype
    return parser


class WordReader:
    """Counts the words of a document part, and how deep its elements nest."""

    def __init__(self) -> None:
        self.words = 0
        self.depth = 0
        self.inside_text = 0
        self.in_word = False
        self.parser = safe_parser()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > NESTING:
            raise Refused(DAMAGED.msgid)
        local = _local(name)
        if local == "t":
            self.inside_text += 1
        elif local in ("p", "br", "tab", "cr"):
            self.in_word = False

    def _end(self, name: str) -> None:
        self.depth -= 1
        local = _local(name)
        if local == "t":
            self.inside_text -= 1
        elif local == "p":
            self.in_word = False

    def _text(self, text: str) -> None:
        if not self.inside_text:
            return
        parts = text.split()
        if parts:
            self.words += len(parts) - (self.in_word and not text[0].isspace())
        if text:
            self.in_word = not text[-1].isspace()


def _read_parts(
    package: zipfile.ZipFile, members: dict[str, zipfile.ZipInfo], main: str, reader: WordReader
) -> list[str]:
    """Reads every part to its end; returns remarks about what stands outside of the document or is packed into it."""
    unpacked, packed = 0, sum(member.compress_size for member in members.values())
    fetches, packs = False, False
    for name, member in members.items():
        is_xml = name.endswith((".xml", ".rels"))
        parser = reader.parser if name == main else safe_parser() if is_xml else None
        if parser is not None and name.endswith(".rels"):
            relations: list[dict[str, str]] = []
            parser.StartElementHandler = lambda _, attributes, into=relations: into.append(attributes)
        start = b""
        for chunk in chunks(package, member):
            start = start or chunk[:8]
            unpacked += len(chunk)
            refuse_bomb(unpacked, packed)
            if parser is not None:
                parser.Parse(chunk, False)
        if parser is not None:
            parser.Parse(b"", True)
        if name.endswith(".rels"):
            kinds = {one.get("Type", "").rpartition("/")[2] for one in relations if one.get("TargetMode") == "External"}
            fetches = fetches or bool(kinds - {"hyperlink"})
            if any(_is_remote(one) for one in relations):
                raise Refused(REMOTE.msgid)
            if any(one.get("Type", "").endswith("/vbaProject") for one in relations):
                raise Refused(MACROS.msgid)
        if start.startswith(b"PK\x03\x04"):
            _check_packed(package, name, member)
        packs = packs or start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0"))
    remarks = []
    if fetches:
        remarks.append(FETCHES.msgid)
    if packs:
        remarks.append(PACKS.msgid)
    return remarks


def _is_remote(relation: dict[str, str]) -> bool:
    """A template on the sender's own disk, as Word writes it, is nothing that anybody else's Word can load."""
    if relation.get("TargetMode") != "External" or relation.get("Type", "").rpartition("/")[2] not in LOADED:
        return False
    target = relation.get("Target", "").strip().replace("\\", "/").casefold()
    return bool(re.match(r"(?:https?|ftp|mhtml|res|javascript|vbscript|data):|//|file://[^/]|file:/{4,}", target))


def _check_packed(package: zipfile.ZipFile, name: str, member: zipfile.ZipInfo) -> None:
    """An archive inside: Word packs the sheet of a chart, one level deep; anything else is refused."""
    if not name.startswith("word/embeddings/"):
        raise Refused(ARCHIVE_INSIDE.msgid)
    content = package.read(member)
    with zipfile.ZipFile(io.BytesIO(content)) as inner:
        unpacked = 0
        for one in checked_members(inner, len(content)).values():
            for number, chunk in enumerate(chunks(inner, one)):
                if number == 0 and chunk.startswith(b"PK\x03\x04"):
                    raise Refused(ARCHIVE_INSIDE.msgid)
                unpacked += len(chunk)
                refuse_bomb(unpacked, len(content))
