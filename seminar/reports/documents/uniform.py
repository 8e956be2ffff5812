"""An author's Word file in the looks of the book: every style resolved and written as one of the book's, pages of A4.

Runs in the child. What carries meaning stays (bold, lists, tables, notes, pictures, equations, wide pages); fonts, sizes,
line spacing and colours are the book's. What a book cannot hold goes: tracked deletions, comments, fields that would
count anew, references to other files, packed objects. `unlinked.cleared` does that first.
"""

import re
from collections.abc import Iterable
from copy import deepcopy
from typing import Any

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from seminar.documents.layout import Page
from seminar.documents.word.elements import element, twips
from seminar.lib import legacy
from seminar.lib.text import fold
from seminar.reports.documents.sections import is_wide, section, sections
from seminar.reports.documents.unlinked import W, find, findall, text_of, value_of

BODY, NORMAL, CELL, LIST = "BodyText", "Normal", "TableText", "ListParagraph"
NOTE, NOTE_SIGN = "FootnoteText", "FootnoteReference"
HEADINGS = ("Heading3", "Heading4", "Heading5", "Heading6")
"""A paper's headings stand under the part and the title of the paper, which are the book's levels 1 and 2."""
HEADING_MOST = 160
"""Letters of the longest heading; some authors set whole paragraphs as one because it looks nice."""
OWN_TITLE_WITHIN = 8
CELL_MOST = 26
"""Half points of the largest letters in a table."""
SYMBOLS = re.compile(r"symbol|wingdings|webdings|mt extra|marlett", re.IGNORECASE)
MEANING = ("b", "bCs", "i", "iCs", "caps", "smallCaps", "strike", "dstrike", "vanish", "position", "u", "vertAlign")
RUN_ORDER = (
    "rStyle",
    "rFonts",
    "b",
    "bCs",
    "i",
    "iCs",
    "caps",
    "smallCaps",
    "strike",
    "dstrike",
    "vanish",
    "color",
) + (
    "position",
    "sz",
    "szCs",
    "u",
    "vertAlign",
)
PARAGRAPH_ORDER = ("pStyle", "keepNext", "keepLines", "pageBreakBefore", "numPr", "pBdr", "shd", "tabs", "spacing") + (
    "ind",
    "contextualSpacing",
    "jc",
    "textAlignment",
    "rPr",
    "sectPr",
)
TABLE_PARTS = ("tblStyle", "tblW", "jc", "tblBorders", "tblLayout", "tblCellMar", "tblLook")


class Looks:
    """The styles of the author's file: what each says, with those that it is based on."""

    def __init__(self, styles: Any) -> None:
        self.by_id = {style.get(W + "styleId"): style for style in findall(styles, "style")}
        self.default = next(
            (
                key
                for key, style in self.by_id.items()
                if style.get(W + "type") == "paragraph" and style.get(W + "default") in ("1", "true")
            ),
            None,
        )
        self.chains: dict[str | None, list[Any]] = {}

    def chain(self, key: str | None) -> list[Any]:
        """The style and those below it, nearest first."""
        if key not in self.chains:
            found: list[Any] = []
            base = key
            while base in self.by_id and self.by_id[base] not in found:
                found.append(self.by_id[base])
                base = value_of(find(found[-1], "basedOn"))
            self.chains[key] = found
        return self.chains[key]

    def first(self, key: str | None, *path: str) -> Any:
        """What the nearest style of the chain says at the path, e.g. `"pPr", "jc"`."""
        for style in self.chain(key):
            here = style
            for name in path:
                here = find(here, name) if here is not None else None
            if here is not None:
                return here
        return None

    def heading_level(self, key: str | None) -> int | None:
        """From 0, if it is the style of a heading."""
        for style in self.chain(key):
            name = (value_of(find(style, "name")) or "").lower()
            if found := re.fullmatch(r"heading ([1-9])", name):
                return int(found[1]) - 1
            if name in ("title", "subtitle"):
                return None
        level = value_of(self.first(key, "pPr", "outlineLvl"))
        return int(level) if level and level.isdigit() and int(level) < 9 else None


class Dress:
    """Rewrites paragraphs, runs and tables of one file."""

    def __init__(self, looks: Looks, page: Page) -> None:
        self.looks = looks
        self.page = page
        self.has_legacy = False
        self.text_width = twips(page.width_mm - page.left_mm - page.right_mm)
        self.wide_width = twips(page.height_mm - page.left_mm - page.right_mm)

    def body(self, body: Any) -> None:
        wide = _wide_parts(body)
        for one in list(body):
            room = self.wide_width if wide.get(one) else self.text_width
            if one.tag == W + "p":
                self.paragraph(one, "body")
            elif one.tag == W + "tbl":
                self.table(one, room)
            self._pictures(one, room)
        _drop_empty(body)

    def notes(self, notes: Any) -> None:
        for note in findall(notes, "footnote"):
            for paragraph in note.iter(W + "p"):
                self.paragraph(paragraph, "note")

    def table(self, table: Any, room: int | None = None) -> None:
        """`room`: width that it may take; None inside of another table."""
        properties = find(table, "tblPr")
        if properties is not None:
            style = value_of(find(properties, "tblStyle"))
            is_ruled = (
                find(properties, "tblBorders") is None and self.looks.first(style, "tblPr", "tblBorders") is not None
            )
            kept = {one.tag: one for one in properties if one.tag in {W + name for name in TABLE_PARTS}}
            kept[W + "tblStyle"] = element("tblStyle", val="TableGrid" if is_ruled else "TableNormal")
            properties[:] = [kept[W + name] for name in TABLE_PARTS if W + name in kept]
        if room is not None:
            self._fit(table, room)
        for height in table.iter(W + "trHeight"):  # the book's letters may be larger than the author's
            if height.get(W + "hRule") == "exact":
                height.set(W + "hRule", "atLeast")
        for cell in table.iter(W + "tc"):
            for child in cell:
                if child.tag == W + "p":
                    shading = find(find(cell, "tcPr"), "shd") if find(cell, "tcPr") is not None else None
                    fill = shading.get(W + "fill") if shading is not None else None
                    self.paragraph(child, "shaded" if fill not in (None, "auto", "FFFFFF") else "cell")
                elif child.tag == W + "tbl" and room is not None:
                    self._plain_inner(child)

    def _plain_inner(self, table: Any) -> None:
        for inner in [table, *table.iter(W + "tbl")]:
            properties = find(inner, "tblPr")
            style = find(properties, "tblStyle") if properties is not None else None
            if style is not None:
                style.set(W + "val", "TableGrid")

    def _fit(self, table: Any, room: int) -> None:
        """Never wider than the text: a table made for Letter or narrow margins is drawn together."""
        columns = findall(find(table, "tblGrid"), "gridCol") if find(table, "tblGrid") is not None else []
        widths = [int(float(one.get(W + "w") or 0)) for one in columns]
        share = room / sum(widths) if sum(widths) > room else 1
        if share == 1:
            return
        for one, width in zip(columns, widths, strict=True):
            one.set(W + "w", str(int(width * share)))
        for width in [*table.iter(W + "tcW"), *table.iter(W + "tblW")]:
            if width.get(W + "type") == "dxa" and (width.get(W + "w") or "").isdigit():
                width.set(W + "w", str(int(int(width.get(W + "w")) * share)))

    def _pictures(self, block: Any, room: int) -> None:
        """Pictures no wider than the text and no higher than the page, in their proportions."""
        most = (room * 635, twips(self.page.height_mm - self.page.top_mm - self.page.bottom_mm - 12) * 635)
        if room == self.wide_width:
            most = (most[0], twips(self.page.width_mm - self.page.top_mm - self.page.bottom_mm - 12) * 635)
        for anchor in list(block.iter(qn("wp:anchor"))):
            _stand_in_line(anchor)
        for frame in [*block.iter(qn("wp:inline")), *block.iter(qn("wp:anchor"))]:
            extent = frame.find(qn("wp:extent"))
            if extent is None:
                continue
            size = (int(extent.get("cx") or 0), int(extent.get("cy") or 0))
            share = min([1.0, *(limit / one for limit, one in zip(most, size, strict=True) if one > 0)])
            if share < 1:
                for one in [extent, *(one for one in frame.iter(qn("a:ext")) if one.get("cx"))]:
                    for side in ("cx", "cy"):
                        one.set(side, str(int(int(one.get(side)) * share)))

    # Paragraphs

    def paragraph(self, paragraph: Any, place: str) -> None:
        """`place`: body, cell, shaded (a coloured cell), note, box."""
        old = find(paragraph, "pPr")
        key = value_of(find(old, "pStyle")) if old is not None else None
        key = key if key in self.looks.by_id else self.looks.default
        said = {
            name: self._said(old, key, name) for name in PARAGRAPH_ORDER if name not in ("pStyle", "spacing", "rPr")
        }
        level = self.looks.heading_level(key) if place == "body" else None
        if level is not None and len(text_of(paragraph)) > HEADING_MOST:
            level, key = None, self.looks.default
            said["numPr"], said["keepNext"] = find(old, "numPr") if old is not None else None, None
        said["sectPr"] = find(old, "sectPr") if old is not None else None
        number = said["numPr"]
        if number is not None and value_of(find(number, "numId")) in (None, "0"):
            said["numPr"] = None
        align = value_of(said["jc"])
        is_list = said["numPr"] is not None
        is_picture = any(True for _ in paragraph.iter(qn("wp:inline"), W + "pict")) and not text_of(paragraph).strip()
        if place == "body" and level is not None:
            plain = dict.fromkeys(("pageBreakBefore", "jc", "ind", "pBdr", "shd", "tabs"))
            self._set(said, pStyle=HEADINGS[min(level, len(HEADINGS) - 1)], **plain)
        elif place == "note":
            self._set(said, pStyle=NOTE, ind=None, jc=None, pBdr=None, shd=None)
        elif place != "body":
            self._set(said, pStyle=NORMAL if place == "box" else CELL)
        elif is_list:
            self._set(said, pStyle=LIST)
            if old is None or find(old, "ind") is None:
                said["ind"] = None
        elif is_picture or align in ("center", "right", "end"):
            self._set(said, pStyle=BODY, ind=element("ind", firstLine="0"))
        else:
            self._set(said, pStyle=BODY, ind=self._indent(said["ind"]), jc=None)
        if said["jc"] is not None and value_of(said["jc"]) not in ("left", "center", "right", "both", "start", "end"):
            said["jc"] = None
        made = OxmlElement("w:pPr")
        for name in PARAGRAPH_ORDER:
            if said.get(name) is not None:
                made.append(deepcopy(said[name]))
        if old is not None:
            paragraph.remove(old)
        paragraph.insert(0, made)
        for run in list(paragraph.iter(W + "r")):
            if _owner(run) is paragraph:
                self.run(run, key, place, is_heading=level is not None)
        for inner in list(paragraph.iter(W + "txbxContent")):
            for one in inner:
                if one.tag == W + "p":
                    self.paragraph(one, "box")
                elif one.tag == W + "tbl":
                    self.table(one)

    def _said(self, old: Any, key: str | None, name: str) -> Any:
        own = find(old, name) if old is not None else None
        if own is not None or name == "sectPr":
            return own
        return self.looks.first(key, "pPr", name)

    @staticmethod
    def _set(said: dict[str, Any], pStyle: str, **values: Any) -> None:  # noqa: N803
        said["pStyle"] = element("pStyle", val=pStyle)
        said.update(values)

    @staticmethod
    def _indent(old: Any) -> Any:
        """The book's first line, unless the whole paragraph is set in."""
        left = (
            next((old.get(W + name) for name in ("left", "start") if old.get(W + name)), None)
            if old is not None
            else None
        )
        if left is None or not left.isdigit() or int(left) < 200:
            return None
        hanging = old.get(W + "hanging")
        made = element("ind", left=min(int(left), 2900))
        made.set(W + ("hanging" if hanging else "firstLine"), hanging or "0")
        return made

    # Runs

    def run(self, run: Any, key: str | None, place: str, *, is_heading: bool = False) -> None:
        if run.tag != W + "r" or run.getparent().tag.startswith(
            "{http://schemas.openxmlformats.org/officeDocument/2006/math"
        ):
            return
        old = find(run, "rPr")
        character = value_of(find(old, "rStyle")) if old is not None else None
        said: dict[str, Any] = {}
        for name in MEANING:
            found = find(old, name) if old is not None else None
            if found is None:
                found = self.looks.first(character, "rPr", name)
            if found is None and not is_heading:
                found = self.looks.first(key, "rPr", name)
            if found is not None and not (is_heading and name in ("b", "bCs", "i", "iCs", "caps", "position")):
                said[name] = deepcopy(found)
        if find(run, "footnoteReference") is not None or find(run, "footnoteRef") is not None:
            said = {"rStyle": element("rStyle", val=NOTE_SIGN)}
        fonts = self._fonts(old, character, key)
        if fonts is not None:
            said["rFonts"] = fonts
        if place in ("cell", "shaded", "box") and old is not None:
            size = value_of(find(old, "sz")) or value_of(self.looks.first(character, "rPr", "sz"))
            if size and size.isdigit():
                half = str(min(int(size), CELL_MOST))
                said["sz"], said["szCs"] = element("sz", val=half), element("szCs", val=half)
            colour = find(old, "color")
            if colour is not None and place != "cell":
                said["color"] = deepcopy(colour)
        if old is not None:
            run.remove(old)
        if said:
            made = OxmlElement("w:rPr")
            for name in RUN_ORDER:
                if name in said:
                    made.append(said[name])
            run.insert(0, made)

    def _fonts(self, old: Any, character: str | None, key: str | None) -> Any:
        """A font of signs, or an old Vietnamese one, without which the text is another; all others are the book's."""
        found = find(old, "rFonts") if old is not None else None
        for style in (character, key):
            found = found if found is not None else self.looks.first(style, "rPr", "rFonts")
        names = [found.get(W + name) or "" for name in ("ascii", "hAnsi")] if found is not None else []
        kept = next((name for name in names if SYMBOLS.search(name) or legacy.of_font(name)), None)
        if kept is None:
            return None
        self.has_legacy = self.has_legacy or legacy.of_font(kept) is not None
        return element("rFonts", ascii=kept, hAnsi=kept, cs=kept)


def _stand_in_line(anchor: Any) -> None:
    """A picture that floats at a place of the author's page would cover other text on the book's."""
    vertical = anchor.find(qn("wp:positionV"))
    floats = vertical is not None and vertical.get("relativeFrom") not in ("paragraph", "line", "character")
    if not floats or anchor.find(f".//{qn('pic:pic')}") is None:
        return
    made = OxmlElement("wp:inline")
    for side in ("distT", "distB", "distL", "distR"):
        made.set(side, "0")
    for name in ("wp:extent", "wp:docPr", "wp:cNvGraphicFramePr", "a:graphic"):
        part = anchor.find(qn(name))
        if part is not None:
            made.append(part)
    anchor.getparent().replace(anchor, made)


def _owner(run: Any) -> Any:
    """The paragraph in which the run stands, not one around its text box."""
    return next((one for one in run.iterancestors(W + "p")), None)


def _wide_parts(body: Any) -> dict[Any, bool]:
    """{block: stands on a wide page}, by the section that ends behind it."""
    found: dict[Any, bool] = {}
    waiting: list[Any] = []
    for one in body:
        waiting.append(one)
        section = one if one.tag == W + "sectPr" else next((inner for inner in one.iter(W + "sectPr")), None)
        if section is not None:
            found |= dict.fromkeys(waiting, is_wide(section))
            waiting = []
    return found


def _drop_empty(body: Any) -> None:
    """Blank lines as spacing: the book has its own. One beside a table keeps it from the next one."""
    for one in list(body):
        if (
            one.tag != W + "p"
            or text_of(one).strip()
            or any(child.tag != W + "pPr" for child in one if not _is_blank(child))
        ):
            continue
        if find(one, "pPr") is not None and find(find(one, "pPr"), "sectPr") is not None:
            continue
        before, after = one.getprevious(), one.getnext()
        if before is not None and before.tag == W + "tbl" and after is not None and after.tag == W + "tbl":
            continue
        body.remove(one)


def _is_blank(child: Any) -> bool:
    return child.tag == W + "r" and all(one.tag in (W + "rPr", W + "t", W + "lastRenderedPageBreak") for one in child)


def numbers(document: Any, looks: Looks) -> None:
    """Lists numbered by a style say so themselves, and levels no longer belong to styles that do not come along."""
    try:
        numbering = document.part.part_related_by(RELATIONSHIP_TYPE.NUMBERING).element
    except KeyError:
        for number in list(document.element.iter(W + "numPr")):
            number.getparent().remove(number)
        for style in looks.by_id.values():
            for number in list(style.iter(W + "numPr")):
                number.getparent().remove(number)
        return
    linked = {value_of(find(one, "styleLink")): one for one in findall(numbering, "abstractNum")}
    for abstract in findall(numbering, "abstractNum"):
        target = linked.get(value_of(find(abstract, "numStyleLink")))
        if target is not None and find(abstract, "numStyleLink") is not None:
            for level in findall(target, "lvl"):
                abstract.append(deepcopy(level))
        for name in ("styleLink", "numStyleLink"):
            for one in findall(abstract, name):
                abstract.remove(one)
        for name in ("pStyle", "lvlPicBulletId"):
            for one in list(abstract.iter(W + name)):
                one.getparent().remove(one)
        for fonts in abstract.iter(W + "rFonts"):
            name = fonts.get(W + "ascii") or ""
            if not SYMBOLS.search(name) and name != "Courier New":
                fonts.getparent().remove(fonts)
        for name in ("color", "sz", "szCs"):
            for one in list(abstract.iter(W + name)):
                one.getparent().remove(one)
    known = {one.get(W + "numId") for one in findall(numbering, "num")}
    holders: Iterable[Any] = [document.element, *looks.by_id.values()]
    for holder in holders:
        for number in list(holder.iter(W + "numPr")):
            if value_of(find(number, "numId")) not in {*known, None}:
                number.getparent().remove(number)
            for mark in list(number):
                if mark.tag not in (W + "ilvl", W + "numId"):
                    number.remove(mark)


def without_title(body: Any, title: str) -> None:
    """The paper's own title goes where the book prints it already, also when it is broken into several lines."""
    wanted = _letters(title)
    blocks = [one for one in list(body)[:OWN_TITLE_WITHIN] if one.tag == W + "p"]
    for start in range(len(blocks)):
        for end in range(start + 1, min(start + 5, len(blocks)) + 1):
            some = blocks[start:end]
            if _letters(" ".join(map(text_of, some))) == wanted and not any(map(_holds_more, some)):
                for one in some:
                    body.remove(one)
                return


def _letters(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", fold(text))


def _holds_more(paragraph: Any) -> bool:
    names = (W + "sectPr", W + "footnoteReference", W + "drawing", W + "pict")
    return next(paragraph.iter(*names), None) is not None


def dressed(document: Any, notes: Any, page: Page, title: str) -> bool:
    """Everything above on a cleared file; whether text in an old Vietnamese font was left in it."""
    body = document.element.body
    looks = Looks(document.styles.element)
    numbers(document, looks)
    dress = Dress(looks, page)
    dress.body(body)
    if notes is not None:
        dress.notes(notes)
    without_title(body, title)
    if body.find(W + "sectPr") is None:
        body.append(section(page, wide=False))
    sections(body, page)
    return dress.has_legacy
