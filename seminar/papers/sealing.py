"""Word and OpenDocument files that reach nothing outside of themselves. In the child, before LibreOffice.

LibreOffice 7.4 blocks linked pictures in the text, but opens those that fill a shape, a paragraph or a bullet, from the
network and from this machine's own disk (tried: tests/fault/test_sealed_papers.py).
"""

import io
import posixpath
import re
import zipfile
from typing import Any
from urllib.parse import unquote

HREF = "{http://www.w3.org/1999/xlink}href"
LINKS = {"{urn:oasis:names:tc:opendocument:xmlns:text:1.0}a", "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}a"}
"""Followed by a click only."""


def sealed(content: bytes, depth: int = 0) -> bytes:
    """The checked .docx or .odt without what refers to the outside, links that are clicked excepted."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as packed, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        is_open = "mimetype" in packed.namelist()
        names = {name.casefold() for name in packed.namelist()}
        for member in packed.infolist():
            name, part = member.filename, packed.read(member)
            if name.casefold().endswith(".rels") or is_open and name.casefold().endswith(".xml"):
                root = etree.fromstring(part, parser)
                _seal_package(root, posixpath.dirname(name), names) if is_open else _seal_relations(root)
                part = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
            elif part.startswith(b"PK\x03\x04") and depth < 2:
                part = sealed(part, depth + 1)
            made.writestr(name, part, zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _seal_relations(root: Any) -> None:
    for one in list(root):
        kind = one.get("Type", "").rpartition("/")[2]
        is_outside = one.get("TargetMode") == "External" or re.match(r"[\w+.-]+:|//|\\", one.get("Target", "").strip())
        if is_outside and kind != "hyperlink":
            root.remove(one)


def _seal_package(root: Any, folder: str, names: set[str]) -> None:
    for one in root.iter():
        address = one.get(HREF)
        if address is None or one.tag in LINKS or address.startswith("#"):
            continue
        places = [posixpath.normpath(posixpath.join(base, unquote(address))).casefold() for base in ("", folder)]
        if not any(name == place or name.startswith(f"{place}/") for name in names for place in places):
            del one.attrib[HREF]
