"""Columns of a list without headings, guessed from what stands in them; a person sees and corrects the guess."""

import re
from collections.abc import Mapping

from seminar.delegates.importing.names import FAMILIES, split_name
from seminar.delegates.rules import email_of
from seminar.lib import phones
from seminar.lib.sheets import Sheet
from seminar.lib.text import clean, fold

LOOKED_AT = 300
POSITION = re.compile(
    r"\b(pho |nguyen )?(bi thu|chu tich|giam doc|hieu truong|truong (ban|phong|khoa)|chanh|uy vien|can bo|chuyen vien|"
    r"giao vien|giang vien|doi truong|thuong truc|dang vien|doan vien|thu ky|nhan vien|lanh dao|pho phong|pho ban)\b"
)
BODY = re.compile(
    r"\b(doan|so|ban|truong|cong ty|huyen|thi xa|thanh pho|uy ban|ubnd|hoi|phong|trung tam|xa|phuong|benh vien|tinh|"
    r"dang uy|chi doan|thpt|dai hoc|vien|bao|dai|cong an|hdnd)\b"
)
DAY = re.compile(r"(\d{1,2}[/.-]){2}\d{2,4}|(19[4-9]\d|20[01]\d)")
NAME = re.compile(r"[^\W\d_]+(?:['’.-]?[^\W\d_]+)*(?: [^\W\d_]+(?:['’.-]?[^\W\d_]+)*){1,5}")


def looks_like_name(text: str) -> bool:
    return _name_weight(text) > 0


def _name_weight(text: str) -> float:
    """1 with a Vietnamese family name in front, less for other words of letters with capitals."""
    name = split_name(clean(text))[0]
    if not NAME.fullmatch(name):
        return 0
    folded = fold(name)
    if POSITION.search(folded):
        return 0
    if folded.split()[0] in FAMILIES:
        return 0.7 if BODY.match(folded) else 1
    return 0.4 if all(word[0].isupper() for word in name.split()) and not BODY.search(folded) else 0


def guessed_fields(sheet: Sheet, units: Mapping[str, tuple[int, str]]) -> dict[int, str]:
    """{column: field}; empty where no column holds names of people."""
    rows = [row for row in sheet.rows if sum(bool(cell.strip()) for cell in row) >= 1][:LOOKED_AT]
    width = max(map(len, rows), default=0)
    columns = {
        column: [clean(row[column]) for row in rows if column < len(row) and row[column].strip()]
        for column in range(width)
    }
    columns = {column: cells for column, cells in columns.items() if cells}
    names = {
        column: sum(map(_name_weight, cells)) / len(cells)
        for column, cells in columns.items()
        if len(cells) * 2 >= len(rows) or len(cells) >= 3
    }
    best = max(names, key=lambda column: names[column], default=None)
    if best is None or names[best] < 0.5 or len(columns[best]) < 2:
        return {}
    fields = {best: "name"}
    for column, cells in columns.items():
        if column not in fields:
            found = _field(cells, units)
            if found and found not in fields.values():
                fields[column] = found
    return fields


def _field(cells: list[str], units: Mapping[str, tuple[int, str]]) -> str:
    def share(test: object) -> float:
        return sum(bool(test(cell)) for cell in cells) / len(cells)  # type: ignore[operator]

    if share(lambda cell: "@" in cell and email_of(cell)) > 0.5:
        return "email"
    if share(lambda cell: phones.split(cell)[0]) > 0.5:
        return "phone"
    if share(lambda cell: re.fullmatch(r"\d{1,5}[.)]?", cell)) > 0.7 and not share(DAY.fullmatch) > 0.7:
        return "number"
    if share(DAY.fullmatch) > 0.6:
        return "birth"
    if share(lambda cell: fold(cell) in ("nam", "nu")) > 0.7:
        return "gender"
    if share(lambda cell: fold(cell) in units) > 0.3:
        return "body"
    positions = share(lambda cell: POSITION.search(fold(cell)))
    bodies = share(lambda cell: BODY.search(fold(cell)))
    if max(positions, bodies) < 0.4:
        return ""
    starts = share(lambda cell: POSITION.match(fold(cell)))
    return "position" if starts >= 0.4 or positions > bodies else "body"
