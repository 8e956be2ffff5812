"""A Word file as its author means it to be read: changes accepted, comments out. In the child, before LibreOffice.

LibreOffice prints what was deleted with track changes on, and 7.4 puts the text of one footnote in the place of another
where the file has comments (tried on tests/manuscripts.py).
"""

import io
import re
import zipfile
from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
PARTS = re.compile(r"word/(?:document|footnotes|endnotes|header\d*|footer\d*)\.xml")
MARKS = re.compile(rb":(?:ins|del|moveFrom|moveTo|commentRangeStart|commentReference|\w+Change)\b")
GONE = (
    *("del", "moveFrom", "commentRangeStart", "commentRangeEnd", "commentReference", "annotationRef"),
    *("moveFromRangeStart", "moveFromRangeEnd", "moveToRangeStart", "moveToRangeEnd", "numberingChange"),
    *("rPrChange", "pPrChange", "sectPrChange", "tblPrChange", "tblGridChange", "tblPrExChange", "trPrChange"),
    *("tcPrChange", "cellIns", "cellDel", "cellMerge"),
)
KEPT = ("ins", "moveTo")


def settled(content: bytes) -> bytes:
    """The .docx with its changes accepted and without comments; the same bytes where there are none."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    out = io.BytesIO()
    is_changed = False
    with zipfile.ZipFile(io.BytesIO(content)) as packed, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name in packed.namelist():
            part = packed.read(name)
            if PARTS.fullmatch(name) and MARKS.search(part):
                root = etree.fromstring(part, parser)
                _accept(root)
                part = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
                is_changed = True
            made.writestr(name, part)
    return out.getvalue() if is_changed else content


def _every(root: Any, *names: str) -> list[Any]:
    return list(root.iter(*(W + name for name in names)))


def _remove(one: Any) -> None:
    if one.getparent() is not None:
        one.getparent().remove(one)


def _accept(root: Any) -> None:
    for row in _every(root, "tr"):
        if row.find(f"{W}trPr/{W}del") is not None:
            _remove(row)
    for table in _every(root, "tbl"):
        if table.find(f"{W}tr") is None:
            _remove(table)
    for mark in _every(root, "del", "moveFrom"):
        if mark.getparent() is not None and mark.getparent().tag == f"{W}rPr":
            _join(mark)
    for one in _every(root, *GONE):
        _remove(one)
    for one in reversed(_every(root, *KEPT)):
        parent = one.getparent()
        at = parent.index(one)
        for child in reversed(list(one)):
            parent.insert(at, child)
        _remove(one)


def _join(mark: Any) -> None:
    """The end of the paragraph was deleted: what it holds begins the next one."""
    paragraph = next(mark.iterancestors(f"{W}p"), None)
    following = paragraph.getnext() if paragraph is not None else None
    if paragraph is None or following is None or following.tag != f"{W}p":
        return
    at = 1 if following.find(f"{W}pPr") is not None else 0
    for child in reversed([one for one in paragraph if one.tag != f"{W}pPr"]):
        following.insert(at, child)
    _remove(paragraph)
