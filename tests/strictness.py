"""What Word refuses a whole file for, or mends with a warning, though other readers forgive it: `faults` names each."""

import io
import posixpath
import re
import zipfile
from collections import Counter

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
PIC = "{http://schemas.openxmlformats.org/drawingml/2006/picture}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
PARAGRAPH = """
    pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs
    suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd
    snapToGrid spacing ind contextualSpacing mirrorIndents suppressOverlap jc textDirection textAlignment
    textboxTightWrap outlineLvl divId cnfStyle rPr sectPr pPrChange
"""
RUN = """
    rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint noProof snapToGrid vanish
    webHidden color spacing w kern position sz szCs highlight u effect bdr shd fitText vertAlign rtl cs em lang
    eastAsianLayout specVanish oMath
"""
SECTION = """
    headerReference footerReference footnotePr endnotePr type pgSz pgMar paperSrc pgBorders lnNumType pgNumType cols
    formProt vAlign noEndnote titlePg textDirection bidi rtlGutter docGrid printerSettings
"""
TABLE = """
    tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc tblCellSpacing tblInd
    tblBorders shd tblLayout tblCellMar tblLook tblCaption tblDescription
"""
SETTINGS = (
    *("zoom", "defaultTabStop", "characterSpacingControl", "savePreviewPicture", "updateFields"),
    *("footnotePr", "endnotePr", "compat", "rsids"),
)
"""Some of them, in the order of the format."""
ORDERS = {
    name: words.split() for name, words in (("pPr", PARAGRAPH), ("rPr", RUN), ("sectPr", SECTION), ("tblPr", TABLE))
}
FORBIDDEN = ("ins", "del", "moveFrom", "moveTo", "commentReference", "altChunk", "subDoc", "control", "object")


def faults(content: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        found = [f"{name} stands twice" for name, count in Counter(names).items() if count > 1]
        parts = {name: archive.read(name) for name in names}
    types = etree.fromstring(parts["[Content_Types].xml"])
    overrides = {one.get("PartName") for one in types if one.get("PartName")}
    defaults = {one.get("Extension").lower() for one in types if one.get("Extension")}
    for name in names:
        is_known = f"/{name}" in overrides or name.rpartition(".")[2].lower() in defaults
        if not is_known and name != "[Content_Types].xml":
            found.append(f"{name} has no content type")
    found += [f"{name} is declared and not there" for name in overrides if name.lstrip("/") not in parts]
    for name, part in parts.items():
        if name.endswith(".rels"):
            found += _relations(name, part, parts)
    document = etree.fromstring(parts["word/document.xml"])
    styles = etree.fromstring(parts["word/styles.xml"])
    notes = etree.fromstring(parts["word/footnotes.xml"]) if "word/footnotes.xml" in parts else None
    numbering = etree.fromstring(parts["word/numbering.xml"]) if "word/numbering.xml" in parts else None
    for name, root in (("document", document), ("footnotes", notes)):
        if root is not None:
            rels = parts.get(f"word/_rels/{name}.xml.rels")
            found += _of_part(name, root, rels, styles, numbering)
    found += _orders("styles", styles)
    found += _settings(etree.fromstring(parts["word/settings.xml"]))
    found += _ids(document, notes)
    found += _sections(document)
    found += _named_once(styles)
    return found + (_lists(numbering) if numbering is not None else [])


def _named_once(styles) -> list[str]:
    ids = Counter(one.get(W + "styleId") for one in styles.iter(W + "style"))
    names = Counter(one.find(W + "name").get(W + "val").casefold() for one in styles.iter(W + "style"))
    found = [f"style {name} {count} times" for name, count in (ids + names).items() if max(ids[name], names[name]) > 1]
    for one in styles.iter(W + "basedOn", W + "next", W + "link"):
        if one.get(W + "val") not in ids:
            found.append(f"style refers to {one.get(W + 'val')}")
    return found


def _lists(numbering) -> list[str]:
    """Word takes a file as damaged where the definitions do not stand before the lists, or a list has none."""
    order = [etree.QName(one).localname for one in numbering if isinstance(one.tag, str)]
    ranks = [("numPicBullet", "abstractNum", "num", "numIdMacAtCleanup").index(name) for name in order]
    found = [] if ranks == sorted(ranks) else ["definitions of lists out of order"]
    abstract = Counter(one.get(W + "abstractNumId") for one in numbering.findall(W + "abstractNum"))
    nums = Counter(one.get(W + "numId") for one in numbering.findall(W + "num"))
    found += [f"list {key} {count} times" for key, count in (*abstract.items(), *nums.items()) if count > 1]
    for one in numbering.findall(W + "num"):
        if one.find(W + "abstractNumId").get(W + "val") not in abstract:
            found.append(f"list {one.get(W + 'numId')} has no definition")
    for one in numbering.findall(W + "abstractNum"):
        levels = Counter(level.get(W + "ilvl") for level in one.findall(W + "lvl"))
        if len(levels) > 9 or any(count > 1 for count in levels.values()):
            found.append(f"levels {dict(levels)}")
    return found


def _relations(name: str, part: bytes, parts: dict[str, bytes]) -> list[str]:
    folder = posixpath.dirname(posixpath.dirname(name))
    found = []
    keys = Counter(one.get("Id") for one in etree.fromstring(part))
    found += [f"{name}: {key} twice" for key, count in keys.items() if count > 1]
    for one in etree.fromstring(part):
        target = one.get("Target")
        if one.get("TargetMode") == "External":
            found.append(f"{name}: reaches outside to {target}")
        else:
            path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            if path not in parts:
                found.append(f"{name}: {target} is not there")
    return found


def _of_part(name, root, rels, styles, numbering) -> list[str]:
    found = []
    known_rels = {one.get("Id") for one in etree.fromstring(rels)} if rels else set()
    style_ids = {one.get(W + "styleId") for one in styles.iter(W + "style")}
    nums = {one.get(W + "numId") for one in numbering.iter(W + "num")} if numbering is not None else set()
    for one in root.iter():
        if not isinstance(one.tag, str):
            continue
        local = etree.QName(one).localname
        for key, value in one.attrib.items():
            if key.startswith(R) and value not in known_rels:
                found.append(f"{name}: {local} refers to {value}")
        if one.tag in (W + "pStyle", W + "rStyle", W + "tblStyle") and one.get(W + "val") not in style_ids:
            found.append(f"{name}: no style {one.get(W + 'val')}")
        if one.tag == W + "numId" and one.get(W + "val") not in {*nums, "0"}:
            found.append(f"{name}: no list {one.get(W + 'val')}")
        if one.tag.startswith(W) and local in FORBIDDEN:
            found.append(f"{name}: {local} was left")
        if one.tag == MC + "Choice":
            found += [f"{name}: prefix {one_}" for one_ in one.get("Requires").split() if one_ not in one.nsmap]
        if one.tag == W + "tc" and (len(one) == 0 or one[-1].tag != W + "p"):
            found.append(f"{name}: a cell does not end with a paragraph")
        if one.tag == W + "tr" and one.find(W + "tc") is None:
            found.append(f"{name}: a row without cells")
        if one.tag == W + "p" and one.find(W + "pPr") is not None and one[0].tag != W + "pPr":
            found.append(f"{name}: a paragraph whose properties are not first")
        uri = one.tag[1:].partition("}")[0]
        if uri.startswith("http://schemas.microsoft.com/") and not any(
            above.tag == MC + "Choice" or above.tag.endswith("}ext") for above in one.iterancestors()
        ):
            found.append(f"{name}: {local} of {uri}")
    found += _orders(name, root)
    begun = Counter(one.get(W + "fldCharType") for one in root.iter(W + "fldChar"))
    if begun["begin"] != begun["end"]:
        found.append(f"{name}: fields {dict(begun)}")
    return found


def _orders(name, root) -> list[str]:
    found = []
    for one in root.iter(*(W + local for local in ORDERS)):
        local = etree.QName(one).localname
        order = [ORDERS[local].index(etree.QName(child).localname) for child in one]
        if order != sorted(order) or (local != "sectPr" and len(set(order)) < len(order)):
            found.append(f"{name}: {local} out of order: {[etree.QName(child).localname for child in one]}")
    return found


def _settings(root) -> list[str]:
    names = [etree.QName(child).localname for child in root if child.tag.startswith(W)]
    order = [SETTINGS.index(name) for name in names if name in SETTINGS]
    return [] if order == sorted(order) else [f"settings out of order: {names}"]


def _ids(document, notes) -> list[str]:
    found = []
    for tag, key in ((WP + "docPr", "id"), (PIC + "cNvPr", "id"), (W + "bookmarkStart", W + "id"), (W + "bookmarkStart", W + "name")):  # fmt: skip
        values = Counter(one.get(key) for one in document.iter(tag))
        found += [f"{tag}: {value} {count} times" for value, count in values.items() if count > 1]
    starts = sorted(one.get(W + "id") for one in document.iter(W + "bookmarkStart"))
    if starts != sorted(one.get(W + "id") for one in document.iter(W + "bookmarkEnd")):
        found.append("bookmarks do not end")
    names = {one.get(W + "name") for one in document.iter(W + "bookmarkStart")}
    found += [
        f"link to {one.get(W + 'anchor')}"
        for one in document.iter(W + "hyperlink")
        if one.get(W + "anchor") not in names
    ]
    made = Counter(one.get(W + "id") for one in notes.iter(W + "footnote")) if notes is not None else Counter()
    found += [f"footnote {value} {count} times" for value, count in made.items() if count > 1]
    used = Counter(one.get(W + "id") for one in document.iter(W + "footnoteReference"))
    found += [f"no footnote {value}" for value in used if value not in made]
    found += [f"footnote {value} is referred to {count} times" for value, count in used.items() if count > 1]
    return found


def _sections(document) -> list[str]:
    found = []
    body = document.find(W + "body")
    for one in document.iter(W + "sectPr"):
        above = one.getparent()
        is_last = above is body and body[-1] is one
        is_ending = above.tag == W + "pPr" and above.getparent().getparent() is body
        if not (is_last or is_ending):
            found.append("a section that ends inside of something")
        size = one.find(W + "pgSz")
        sides = sorted((int(size.get(W + "w")), int(size.get(W + "h"))))
        if sides != [11906, 16838]:
            found.append(f"a page of {sides}")
        is_wide = int(size.get(W + "w")) > int(size.get(W + "h"))
        if is_wide != (size.get(W + "orient") == "landscape"):
            found.append("a page that lies on its side without saying so")
    ids = re.findall(rb"w14:paraId", etree.tostring(document))
    return found + ["numbers of editing sessions"] * bool(ids)
