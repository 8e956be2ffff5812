"""A paper with a reviewer's comments, without anything that says whose they are: for its author. In the isolated child.

Word and PDF programs write the name of whoever comments beside each comment and into the file's properties.
"""

import io
import posixpath
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from seminar.lib.errors import Message, Refused
from seminar.lib.text import fold

SOMEBODY = "Thẩm định"
SHORT = "TĐ"
"""What stands where a name stood."""
TELLS = Message(
    "The name “%(name)s” stands in the file with comments itself, so the author does not get it. "
    "Ask the reviewer to send the file without it."
)
NAMES = {"author": SOMEBODY, "initials": SHORT, "userName": SOMEBODY, "userId": SHORT, "providerId": "None"}
"""Attributes by which Word says whose a comment, a change or a reaction is."""
PROPERTIES = {"creator", "lastModifiedBy", "Manager", "Company", "HyperlinkBase"}
EMPTIED = re.compile(r"(?:^word/people\d*\.xml|^docprops/custom\.xml|^docmetadata/.*\.xml)$")
ON_A_DISK = re.compile(r"file:|[a-z]:[\\/]|\\\\", re.IGNORECASE)
STAMP = "/Stamp"
"""A picture that may show a name which no reader of text finds."""


def without_names(content: bytes, before: bytes, names: Sequence[str]) -> bytes:
    """The file without names; refuses one in which one of `names` still stands more often than in `before`, the paper
    as its author sent it.
    """
    made = _word(content) if content.startswith(b"PK") else _pdf(content)
    known = [fold(text) for text in _said(before)]
    said = [fold(text) for text in _said(made)]
    for name in filter(None, names):
        if sum(text.count(fold(name)) for text in said) > sum(text.count(fold(name)) for text in known):
            raise Refused(TELLS.msgid, name=name)
    return made


def _said(content: bytes) -> Iterator[str]:
    """All text in a file, also what no page shows."""
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            for member in package.infolist():
                yield member.filename
                if _is_xml(member.filename):
                    root = _parsed(package.read(member))
                    yield "".join(root.itertext())
                    yield from (value for element in root.iter() for value in element.attrib.values())
    elif content.startswith(b"%PDF"):
        import pypdf

        yield from (
            str(text)
            for one in pypdf.PdfWriter(clone_from=io.BytesIO(content))._objects
            for text in _strings(one, pypdf)
        )


def _is_xml(name: str) -> bool:
    return name.casefold().endswith((".xml", ".rels"))


def _parsed(content: bytes) -> Any:
    from lxml import etree

    return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True))


def _word(content: bytes) -> bytes:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as package,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for member in package.infolist():
            part = package.read(member)
            name = posixpath.normpath(member.filename.casefold())
            made.writestr(member.filename, _cleaned(name, part) if _is_xml(name) else part)
    return out.getvalue()


def _cleaned(name: str, part: bytes) -> bytes:
    from lxml import etree

    root = _parsed(part)
    if EMPTIED.search(name):
        for child in list(root):
            root.remove(child)
    for element in root.iter(etree.Element):
        for attribute in element.attrib:
            local = etree.QName(attribute).localname
            if local in NAMES:
                element.attrib[attribute] = NAMES[local]
        if name.startswith("docprops/") and etree.QName(element).localname in PROPERTIES:
            element.text = ""
        if name.endswith(".rels") and ON_A_DISK.match(element.get("Target", "")):
            element.set(
                "Target", "Normal.dotm" if element.get("Type", "").endswith("/attachedTemplate") else "about:blank"
            )
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def _pdf(content: bytes) -> bytes:
    import pypdf
    from pypdf.generic import NameObject, TextStringObject

    writer = pypdf.PdfWriter(clone_from=io.BytesIO(content))
    writer.metadata = None
    for one in writer._objects:
        if not isinstance(one, dict):
            continue
        for key in ("/Metadata", "/PieceInfo"):
            one.pop(NameObject(key), None)
        if "/Rect" in one and one.get("/Subtype") != "/Widget" and "/T" in one:
            one[NameObject("/T")] = TextStringObject(SOMEBODY)
    for page in writer.pages:
        annotations = page.get("/Annots")
        if annotations is not None:
            kept = [one for one in annotations.get_object() if one.get_object().get("/Subtype") != STAMP]
            page[NameObject("/Annots")] = pypdf.generic.ArrayObject(kept)
    out = io.BytesIO()
    pypdf.PdfWriter(clone_from=_written(writer)).write(out)
    return out.getvalue()


def _written(writer: Any) -> io.BytesIO:
    """Once more, so that what nothing leads to any longer stays behind."""
    out = io.BytesIO()
    writer.write(out)
    out.seek(0)
    return out


def _strings(one: Any, pypdf: Any) -> Iterable[str]:
    if isinstance(one, pypdf.generic.TextStringObject):
        yield one
    elif isinstance(one, dict):
        for value in one.values():
            yield from _strings(value, pypdf)
    elif isinstance(one, list):
        for value in one:
            yield from _strings(value, pypdf)
