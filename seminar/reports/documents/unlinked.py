"""An author's Word file without what a book cannot hold: changes accepted, fields frozen, nothing that reaches outside.

Runs in the child, before `uniform`. Insertions are accepted, deletions and comments dropped: a printed book shows the text
as its author left it. Prefixes of other programs are written as those that the book's root declares, or their plain
substitute is taken, since Word refuses a whole file for one unknown prefix.
"""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.oxml import serialize_part_xml
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsmap

from seminar.lib.errors import Message

W = f"{{{nsmap['w']}}}"
R = f"{{{nsmap['r']}}}"
A = f"{{{nsmap['a']}}}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
V = "{urn:schemas-microsoft-com:vml}"
OFFICE = "{urn:schemas-microsoft-com:office:office}"
MICROSOFT = "http://schemas.microsoft.com/office/"
CHOICES = {
    f"{MICROSOFT}word/2010/wordprocessing{name}": prefix
    for name, prefix in (("Shape", "wps"), ("Group", "wpg"), ("Canvas", "wpc"))
}
"""What the book's root declares, and Word has known since 2010."""
FROZEN_NOT = ("EQ", "SYMBOL")
"""Fields that are what they draw; all others keep the text that they show."""
UNWRAPPED = ("sdt", "smartTag", "customXml", "ins", "moveTo", "fldSimple", "dir", "bdo")
OF_CHANGES = (
    *("commentRangeStart", "commentRangeEnd", "commentReference", "annotationRef", "rPrChange", "pPrChange"),
    *("sectPrChange", "tblPrChange", "tblGridChange", "tblPrExChange", "trPrChange", "tcPrChange", "numberingChange"),
    *(
        "cellIns",
        "cellDel",
        "cellMerge",
        "moveFromRangeStart",
        "moveFromRangeEnd",
        "moveToRangeStart",
        "moveToRangeEnd",
    ),
    *("customXmlInsRangeStart", "customXmlInsRangeEnd", "customXmlDelRangeStart", "customXmlDelRangeEnd"),
    *("del", "moveFrom", "delText", "delInstrText"),
)
DROPPED = (
    *OF_CHANGES,
    *("proofErr", "permStart", "permEnd", "altChunk", "subDoc", "control", "contentPart", "bgPict", "sdtPr"),
    *("sdtEndPr", "smartTagPr", "customXmlPr", "framePr", "lastRenderedPageBreak", "ptab"),
)
USED = {
    ("chart", "id"),
    ("imagedata", "id"),
    ("blip", "embed"),
    *(("relIds", name) for name in ("dm", "lo", "qs", "cs")),
}
"""Elements whose reference to a part of the file is followed; every other one is taken away."""

CHANGED = Message("Its tracked changes are accepted and its comments left out of the book.")
LINKED = Message("A picture that lies outside of the file is missing; ask the author to put it in.")
INSERTED = Message(
    "A file put into it by a link (“Insert text from file”) is missing; ask the author for one whole file."
)
LOST = Message("Some of its text may be missing in the Word book: compare it with the paper.")
CONTENTS = Message("It has contents of its own, whose page numbers are not the book's: take them out.")


def find(one: Any, name: str) -> Any:
    return one.find(W + name)


def findall(one: Any, name: str) -> list[Any]:
    return list(one.findall(W + name))


def value_of(one: Any) -> str | None:
    found: str | None = one.get(W + "val") if one is not None else None
    return found


def local(one: Any) -> str:
    return str(one.tag).rpartition("}")[2] if isinstance(one.tag, str) else ""


def texts(one: Any) -> Iterator[str]:
    """Of every run, text boxes too, those of old programs only where there is no other."""
    for piece in one.iter(W + "t"):
        if next(piece.iterancestors(MC + "Fallback"), None) is None:
            yield piece.text or ""


def text_of(one: Any) -> str:
    return "".join(texts(one))


def unwrap(one: Any) -> None:
    """The element goes, what stands in it stays in its place."""
    parent = one.getparent()
    at = parent.index(one)
    for child in list(one):
        parent.insert(at, child)
        at += 1
    remove(one)


def remove(one: Any) -> None:
    """With its children, but without the text behind it, of which WordprocessingML has none."""
    one.getparent().remove(one)


def every(root: Any, *names: str) -> list[Any]:
    return list(root.iter(*(W + name for name in names)))


def cleared(document: Any) -> tuple[Any, list[str]]:
    """(root of the footnotes or None, remarks) of the file, which is changed in place."""
    body = document.element.body
    notes, part = _notes(document)
    remarks: set[str] = set()
    for root in (body, notes):
        if root is None:
            continue
        remarks |= _remarks(root)
        _accept(root)
        before = sum(len(text.strip()) for text in texts(root))
        _choose(root)
        _freeze(root)
        for one in every(root, *DROPPED):
            if one.getparent() is not None:
                remove(one)
        for one in reversed(every(root, *UNWRAPPED)):
            for content in findall(one, "sdtContent"):
                unwrap(content)
            unwrap(one)
        _unlink(root, document.part.rels if root is body else {}, remarks)
        _plain_markup(root)
        if sum(len(text.strip()) for text in texts(root)) < before:
            remarks.add(LOST.msgid)
    _bookmarks(body)
    if part is not None:
        for one in every(notes, "bookmarkStart", "bookmarkEnd"):
            remove(one)
        for one in every(notes, "hyperlink"):
            unwrap(one)
        for key in list(part.rels):
            del part.rels[key]
        part._blob = serialize_part_xml(notes)
    _seal_parts(document)
    return notes, sorted(remarks)


def keep_notes(document: Any, notes: Any) -> None:
    """Writes the footnotes back after they were dressed."""
    if notes is not None:
        document.part.part_related_by(RELATIONSHIP_TYPE.FOOTNOTES)._blob = serialize_part_xml(notes)


def _remarks(root: Any) -> set[str]:
    found = set()
    if next(root.iter(W + "ins", W + "del", W + "moveFrom", W + "commentReference"), None) is not None:
        found.add(CHANGED.msgid)
    if next(root.iter(W + "altChunk", W + "subDoc"), None) is not None:
        found.add(INSERTED.msgid)
    if any((one.text or "").strip().upper().startswith("TOC ") for one in root.iter(W + "instrText")):
        found.add(CONTENTS.msgid)
    return found


def _notes(document: Any) -> tuple[Any, Any]:
    """(root, part) of the footnotes, with endnotes turned into footnotes, which stand on the page they belong to."""
    rels = document.part.rels
    parts = {rel.reltype: rel.target_part for rel in rels.values() if not rel.is_external}
    part, ends = parts.get(RELATIONSHIP_TYPE.FOOTNOTES), parts.get(RELATIONSHIP_TYPE.ENDNOTES)
    end_signs = every(document.element.body, "endnoteReference")
    if part is None and end_signs and ends is not None:
        blank = f'<w:footnotes xmlns:w="{nsmap["w"]}"/>'.encode()
        part = Part(PackURI("/word/footnotes.xml"), CONTENT_TYPE.WML_FOOTNOTES, blank, document.part.package)
        document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
    root = parse_xml(part.blob) if part is not None else None
    known = {one.get(W + "id"): one for one in findall(root, "footnote")} if root is not None else {}
    end_notes = {one.get(W + "id"): one for one in findall(parse_xml(ends.blob), "endnote")} if ends is not None else {}
    following = max([100, *(int(key) for key in known if key and key.lstrip("-").isdigit())]) + 1
    for sign in end_signs:
        note = end_notes.get(sign.get(W + "id"))
        if note is None or root is None:
            remove(sign)
            continue
        copied = deepcopy(note)
        copied.tag = W + "footnote"
        copied.set(W + "id", str(following))
        for mark in every(copied, "endnoteRef"):
            mark.tag = W + "footnoteRef"
        root.append(copied)
        sign.tag = W + "footnoteReference"
        sign.set(W + "id", str(following))
        known[str(following)] = copied
        following += 1
    for sign in every(document.element.body, "footnoteReference"):
        if sign.get(W + "id") not in known:
            remove(sign)
    return root, part


def _accept(root: Any) -> None:
    """Deleted rows and deleted ends of paragraphs; `DROPPED` and `UNWRAPPED` do the rest."""
    for row in every(root, "tr"):
        properties = find(row, "trPr")
        if properties is not None and find(properties, "del") is not None:
            remove(row)
        elif properties is not None and find(properties, "ins") is not None:
            remove(find(properties, "ins"))
    for table in every(root, "tbl"):
        if find(table, "tr") is None:
            remove(table)
    for one in every(root, "del", "moveFrom"):
        properties = one.getparent()
        if local(properties) == "rPr" and local(properties.getparent()) == "pPr":
            paragraph = properties.getparent().getparent()
            following = paragraph.getnext()
            if following is not None and following.tag == W + "p":
                at = 1 if find(following, "pPr") is not None else 0
                for child in reversed([child for child in paragraph if child.tag != W + "pPr"]):
                    following.insert(at, child)
                remove(paragraph)
            else:
                remove(one)
        elif local(properties) != "trPr" and one.getparent() is not None:
            remove(one)
    for one in every(root, "ins", "moveTo"):
        if local(one.getparent()) == "rPr":
            remove(one)


def _choose(root: Any) -> None:
    """Of two ways to draw the same, the newer where the book's root knows its words, else the older."""
    for one in list(root.iter(MC + "AlternateContent")):
        choice, fallback = one.find(MC + "Choice"), one.find(MC + "Fallback")
        required = (
            [choice.nsmap.get(prefix) for prefix in choice.get("Requires", "").split()] if choice is not None else []
        )
        taken = fallback
        if required and all(uri in CHOICES for uri in required):
            choice.set("Requires", " ".join(CHOICES[uri] for uri in required))
            taken = choice
        for other in list(one):
            if other is not taken:
                one.remove(other)
        if taken is None:
            remove(one)
        elif taken is fallback:
            unwrap(fallback)
            unwrap(one)


def _freeze(root: Any) -> None:
    """Complex fields as the text they show: a number of the paper alone must not count through the book."""
    open_fields: list[dict[str, Any]] = []
    for one in every(root, "fldChar", "instrText"):
        if local(one) == "instrText":
            if open_fields:
                open_fields[-1]["code"] += one.text or ""
                open_fields[-1]["parts"].append(one)
            else:
                remove(one)
            continue
        kind = one.get(W + "fldCharType")
        if kind == "begin":
            open_fields.append({"code": "", "parts": [one]})
        elif open_fields:
            open_fields[-1]["parts"].append(one)
            if kind == "end":
                field = open_fields.pop()
                if not field["code"].strip().upper().startswith(FROZEN_NOT):
                    for part in field["parts"]:
                        remove(part)
        else:
            remove(one)
    for field in open_fields:  # never closed: Word would take all that follows for its result
        for part in field["parts"]:
            remove(part)


def _unlink(root: Any, rels: Mapping[str, Any], remarks: set[str]) -> None:
    for link in every(root, "hyperlink"):
        if link.get(R + "id") or not link.get(W + "anchor"):
            unwrap(link)
    for one in list(
        root.iter(A + "hlinkClick", A + "hlinkHover", A + "videoFile", A + "audioFile", OFFICE + "OLEObject")
    ):
        remove(one)
    for blip in list(root.iter(A + "blip")):
        for more in blip.findall(A + "extLst"):
            remove(more)
        if blip.get(R + "link"):
            del blip.attrib[R + "link"]
            if not blip.get(R + "embed"):
                remarks.add(LINKED.msgid)
    for one in every(root, "object"):
        one.tag = W + "pict"
        one.attrib.clear()
    for one in list(root.iter()):
        if not isinstance(one.tag, str):
            continue
        for name in [name for name in one.attrib if name.startswith((R, OFFICE + "href"))]:
            key = (local(one), name.rpartition("}")[2])
            relation = rels.get(one.get(name))
            is_whole = relation is not None and not relation.is_external and _is_drawn(one)
            if not (name.startswith(R) and key in USED and is_whole):
                del one.attrib[name]
                if key == ("imagedata", "id"):
                    remarks.add(LINKED.msgid)
        is_empty = local(one) in ("chart", "relIds") and not any(name.startswith(R) for name in one.attrib)
        if is_empty and one.getparent() is not None and local(one.getparent()) == "graphicData":
            remove(next(one.iterancestors(W + "drawing")))
    for blip in list(root.iter(A + "blip", V + "imagedata")):
        if not (blip.get(R + "embed") or blip.get(R + "id")):
            frame = next(blip.iterancestors(W + "drawing", W + "pict"), None)
            if frame is not None and not text_of(frame):
                remove(frame)


def _is_drawn(one: Any) -> bool:
    """Pictures of old shapes are found by docxcompose in plain shapes only."""
    return local(one) != "imagedata" or one.getparent().tag == V + "shape"


def _plain_markup(root: Any) -> None:
    """Elements and attributes that only some versions of Word know, outside of a choice; numbers of editing sessions."""
    known = set(CHOICES)
    for one in list(root.iter()):
        if not isinstance(one.tag, str):
            remove(one)
            continue
        if next(one.iterancestors(A + "graphicData"), None) is not None:
            continue
        uri = one.tag[1:].partition("}")[0]
        if uri.startswith(MICROSOFT) and uri not in known and one.getparent() is not None:
            remove(one)
            continue
        for name in list(one.attrib):
            uri = name[1:].partition("}")[0] if name.startswith("{") else ""
            if uri.startswith(MICROSOFT) or name.startswith(W + "rsid"):
                del one.attrib[name]


def _bookmarks(body: Any) -> None:
    """Only those that a link of the same paper leads to."""
    wanted = {one.get(W + "anchor") for one in every(body, "hyperlink")}
    ends = {one.get(W + "id"): one for one in every(body, "bookmarkEnd")}
    kept: dict[str, str] = {}
    for one in every(body, "bookmarkStart"):
        name, key = one.get(W + "name"), one.get(W + "id")
        if name in wanted and name not in kept and key in ends and key not in kept.values():
            kept[name] = key
        else:
            remove(one)
    for one in every(body, "bookmarkEnd"):
        if one.get(W + "id") not in kept.values() or ends[one.get(W + "id")] is not one:
            remove(one)
    for one in every(body, "hyperlink"):
        if one.get(W + "anchor") not in kept:
            unwrap(one)


def _seal_parts(document: Any) -> None:
    """Charts and diagrams reach nothing else, so that no packed sheet and no outside address comes along."""
    for rel in list(document.part.rels.values()):
        if rel.is_external:
            continue
        part = rel.target_part
        name = str(part.partname)
        if "/charts/" in name or "/diagrams/" in name:
            root = parse_xml(part.blob)
            for one in list(root.iter()):
                if (
                    isinstance(one.tag, str)
                    and any(key.startswith(R) for key in one.attrib)
                    and one.getparent() is not None
                ):
                    remove(one)
            part._blob = serialize_part_xml(root)
            for key in list(part.rels):
                del part.rels[key]
