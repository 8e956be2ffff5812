"""Sections of a Word file on A4 with the book's margins, upright or on their side. In the child."""

from copy import deepcopy
from typing import Any

from docx.oxml import OxmlElement

from seminar.documents.layout import Page
from seminar.documents.word.elements import element, twips
from seminar.reports.documents.unlinked import W, find, value_of


def is_wide(section: Any) -> bool:
    size = find(section, "pgSz")
    if size is None:
        return False
    width, height = (float(size.get(W + name) or 0) for name in ("w", "h"))
    return width > height if width and height else size.get(W + "orient") == "landscape"


def section(page: Page, *, wide: bool, kind: str = "nextPage", columns: Any = None, restarts: bool = False) -> Any:
    """Properties of a section: A4 with the book's margins; header and footer are those of the section before. Where a
    paper begins, its notes are counted from 1 (`restarts`).
    """
    width, height = twips(page.width_mm), twips(page.height_mm)
    made = OxmlElement("w:sectPr")
    if restarts:
        notes = element("footnotePr")
        notes.append(element("numRestart", val="eachSect"))
        made.append(notes)
    made.append(element("type", val=kind))
    if wide:
        made.append(element("pgSz", w=height, h=width, orient="landscape"))
    else:
        made.append(element("pgSz", w=width, h=height))
    sides = {name: twips(getattr(page, f"{name}_mm")) for name in ("top", "right", "bottom", "left")}
    made.append(element("pgMar", **sides, header=twips(page.top_mm / 2), footer=twips(page.bottom_mm / 2), gutter=0))
    made.append(deepcopy(columns) if columns is not None else element("cols", space=720))
    return made


def sections(body: Any, page: Page) -> None:
    """Every section of the file on A4, the last one too, which ends with the file's last paragraph."""
    found = list(body.iter(W + "sectPr"))
    for number, old in enumerate(found):
        kind = value_of(find(old, "type")) or "nextPage"
        is_new = number == 0 or kind != "continuous" or is_wide(old) != is_wide(found[number - 1])
        made = section(
            page,
            wide=is_wide(old),
            kind="nextPage" if is_new else "continuous",
            columns=find(old, "cols"),
            restarts=number == 0,
        )
        if old.getparent() is body:
            body.remove(old)
            end_with(body, made)
        else:
            old.getparent().replace(old, made)


def end_with(body: Any, section_properties: Any) -> None:
    """The section ends with the last paragraph; behind a table, or another section's end, with a line of no height."""
    blocks = [one for one in body if one.tag in (W + "p", W + "tbl")]
    last = blocks[-1] if blocks else None
    if last is None or last.tag != W + "p" or next(last.iter(W + "sectPr"), None) is not None:
        made = OxmlElement("w:p")
        made.get_or_add_pPr().append(element("spacing", before=0, after=0, line=20, lineRule="exact"))
        if last is None:
            body.insert(0, made)
        else:
            last.addnext(made)
        last = made
    last.get_or_add_pPr().append(section_properties)
