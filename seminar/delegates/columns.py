"""Which column of a stranger's list is what: headings with and without accents, over one row or two.

Tried on 25 headings of real offices, right for 22 (research on lists); so the preview always shows what was understood.
"""

import re
from functools import lru_cache

from seminar.lib.errors import N_
from seminar.lib.sheets import Sheet
from seminar.lib.text import clean, fold

EXACT = {
    "number": "stt tt sott sothutu thutu so no number id",
    "name": "hovaten hoten hovatendaibieu hotendaibieu tendaibieu daibieu kinhgui khachmoi tenkhachmoi hovatenkhachmoi "
    "hotenkhachmoi hovachuten fullname name",
    "family": "hodem hovadem hovatendem hotendem hovachulot holot ho dem tendem chulot lastname",
    "given": "ten firstname",
    "position": "chucvu chucdanh chucvunghenghiep nghenghiep chucvuchucdanh chucdanhchucvu congviec position",
    "body": "donvi coquan donvicongtac coquancongtac noicongtac noilamviec coquandonvi donvicoquan tochuc tendonvi truong tentruong unit body "
    "organization organisation agency company workplace",
    "phone": "dienthoai sdt sodienthoai sodt dt dtdd didong sodidong dienthoaididong dienthoai2 sodienthoai2 lienhe lienlac somay zalo sozalo phone phone2 mobile "
    "tel",
    "email": "email thudientu mail diachiemail diachithudientu homthu hopthu gmail",
    "birth": "namsinh sn ngaysinh ngaythangnamsinh sinhnam ntns birthyear",
    "gender": "gioitinh gioi namnu phai gender",
    "note": "ghichu note",
    "group": "thanhphan nhom nhomdaibieu doituong thanhphandaibieu group",
    "further": "nhomkhac furthergroups",
    "honorific": "danhxung xungho ongba honorific",
    "academic": "hochamhocvi hocvihocham hocham hocvi academictitle",
    "seat": "soghe vitringoi chongoi seat",
    "alert": "luuykhidon alert",
}
FIELDS = {word: name for name, words in EXACT.items() for word in words.split()}
# For longer headings, in this order; the first that is found decides, None means a column that is none of ours.
PATTERNS: tuple[tuple[str | None, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        (None, r"\bky (ten|nhan)\b|\bchu ky\b"),
        ("name", r"^ho (va )?(chu )?ten\b"),
        ("email", r"\be ?-?mail\b|\bthu dien tu\b|\bhom thu\b"),
        ("phone", r"\bdien thoai\b|\bsdt\b|\bdi dong\b|\bso dt\b|^dt\b|^so (lien (he|lac)|may)\b"),
        ("birth", r"\bnam sinh\b|\bngay sinh\b"),
        ("gender", r"\bgioi tinh\b|^nam ?/ ?nu$"),
        ("position", r"\bchuc (vu|danh)\b|\bnghe nghiep\b"),
        ("body", r"\bdon vi\b|\bco quan\b|\bnoi (cong tac|lam viec)\b|\bto chuc\b"),
        ("group", r"\bnhom dai bieu\b|\bthanh phan\b|\btu cach\b"),
        ("note", r"\bghi chu\b"),
    )
)
UNDER = {"nam", "nu", "ho", "hodem", "hovadem", "hovatendem", "dem", "tendem", "ten", "hovachulot", "holot", "chulot"}
"""Words of a second heading row under a heading that is not merged over them."""
WEAK = {"daibieu", "kinhgui", "khachmoi", "name", "ten"}
"""Words that also stand elsewhere: they make a heading row only beside two other headings."""

NAME_PART = re.compile(r"[^\W\d_]['’]?[^\W\d_]*(?: [^\W\d_]+){0,2}")
NO_NAME = re.compile(r"\b(bi thu|chu tich|giam doc|hieu truong|truong|pho|uy vien|can bo|chuyen vien|nam|nu)\b")
NO_HEADING = re.compile(r"@|\d{3}[. ]?\d{3}", re.ASCII)
"""No heading holds an address or a long number: most rows of people are known by that at once."""

LABELS = {
    "number": N_("number in the list"),
    "name": N_("name"),
    "family": N_("family and middle name"),
    "given": N_("given name"),
    "position": N_("position"),
    "body": N_("unit or agency"),
    "phone": N_("telephone"),
    "email": N_("e-mail"),
    "birth": N_("year of birth"),
    "birth_male": N_("year of birth, men"),
    "birth_female": N_("year of birth, women"),
    "male": N_("men"),
    "female": N_("women"),
    "gender": N_("gender"),
    "note": N_("note"),
    "group": N_("group"),
    "further": N_("further groups"),
    "honorific": N_("honorific"),
    "academic": N_("academic title"),
    "seat": N_("seat"),
    "alert": N_("alert for reception"),
    "mark": N_("mark for a further group"),
    "": N_("not used"),
}


def compact(heading: str) -> str:
    return re.sub(r"[^a-z0-9]", "", fold(heading))


@lru_cache(maxsize=20_000)
def field_of(heading: str) -> str:
    """The field that a heading names, or ""."""
    if not heading or len(heading) > 60:
        return ""
    found = FIELDS.get(compact(heading))
    if found:
        return found
    folded = re.sub(r"[^a-z0-9/ -]", " ", fold(heading))
    folded = re.sub(r" +", " ", folded).strip()
    for name, pattern in PATTERNS:
        if pattern.search(folded):
            return name or ""
    return ""


def is_heading_row(cells: list[str]) -> bool:
    """A row that names at least the name and one thing more; a single "Họ và tên" counts too."""
    filled = [clean(cell) for cell in cells if cell.strip()]
    if any(NO_HEADING.search(cell) for cell in filled):
        return False
    fields = [field_of(cell) for cell in filled]
    distinct = {name for name in fields if name and name != "family"}
    named = "name" in distinct or ("given" in distinct and "family" in fields)
    if not named and "given" in distinct and len(distinct) >= 3:
        return True
    if not named:
        return False
    if len(filled) == 1:
        return compact(filled[0]) not in WEAK and FIELDS.get(compact(filled[0])) == "name"
    strong = any(name == "name" and compact(cell) not in WEAK for cell, name in zip(filled, fields, strict=True))
    return len(distinct) >= (2 if strong or "family" in fields else 3)


def heading_depth(sheet: Sheet, row: int) -> int:
    """How many rows the headings take: merged cells reach down, or "Nam | Nữ" stand under a merged "Năm sinh"."""
    down = [last - first for first, _, last, _ in sheet.merged if first == row]
    if max(down, default=0) > 0:
        return 1 + max(down)
    across = [(left, right) for first, left, last, right in sheet.merged if first == last == row and right > left]
    below = sheet.rows[row + 1] if row + 1 < len(sheet.rows) else []
    filled = [column for column, cell in enumerate(below) if cell.strip()]
    under = all(any(left <= column <= right for left, right in across) for column in filled)
    if filled and len(filled) > 1 and all(compact(below[column]) in UNDER for column in filled):
        return 2
    return 2 if across and filled and under and all(len(below[column]) <= 20 for column in filled) else 1


def reaches_up(sheet: Sheet, row: int) -> bool:
    """Two or more "Họ và tên" below cells merged over them, beside others such as "Đơn vị": the headings begin a row higher,
    and each row holds several people.
    """
    names = [column for column, cell in enumerate(sheet.rows[row]) if field_of(clean(cell)) == "name"]
    if row == 0 or len(names) < 2:
        return False
    over = [(left, right) for first, left, last, right in sheet.merged if first == last == row - 1 and right > left]
    above = sheet.rows[row - 1]
    beside = [field_of(clean(cell)) for column, cell in enumerate(above) if column < names[0]]
    return all(any(left <= name <= right for left, right in over) for name in names) and "body" in beside


def columns_of(sheet: Sheet, row: int) -> tuple[dict[int, str], dict[int, str], int]:
    """(field by column, heading by column, rows that the headings take), for the heading row."""
    depth = heading_depth(sheet, row)
    fields: dict[int, str] = {}
    headings: dict[int, str] = {}
    width = max(len(cells) for cells in sheet.rows[row : row + depth])
    for column in range(width):
        top, spans = _merged_value(sheet, row, column)
        below = " ".join(
            clean(cells[column]) for cells in sheet.rows[row + 1 : row + depth] if column < len(cells)
        ).strip()
        headings[column] = f"{top} {below}".strip()
        name = field_of(top)
        under = fold(below)
        if name == "name" and field_of(below) in ("family", "given") or (not top and compact(below) in UNDER):
            name = field_of(below) or _sex_of(under, headings, column)
        elif name in ("birth", "gender") and under in ("nam", "nu"):
            sex = "male" if under == "nam" else "female"
            name = f"birth_{sex}" if name == "birth" else sex
        elif name == "name" and spans and not under:
            name = "family" if spans[0] == column else "given"
        elif under:
            name = _field_below(name, below) or field_of(headings[column]) or field_of(below) or name
        if headings[column]:
            fields[column] = name
    _keep_one_name(fields)
    sexes = {fold(headings[column]): column for column, name in fields.items() if name == ""}
    if "nam" in sexes and "nu" in sexes:  # an x or a year under each
        fields[sexes["nam"]], fields[sexes["nu"]] = "birth_male", "birth_female"
    if "given" in fields.values() and "family" not in fields.values() and "name" not in fields.values():
        fields = {column: "name" if name == "given" else name for column, name in fields.items()}
    return fields, headings, depth


def _sex_of(under: str, headings: dict[int, str], column: int) -> str:
    """ "Nữ" beside "Năm sinh Nam", where nothing is merged: the heading one to the left reaches over it."""
    left = fold(headings.get(column - 1, ""))
    kind = "birth_" if field_of(left.removesuffix(" nam").removesuffix(" nu")) == "birth" else ""
    return kind + ("male" if under == "nam" else "female")


def _field_below(above: str, below: str) -> str:
    """What the lower heading says by itself, under one that names several things ("Chức vụ, đơn vị" | "Đơn vị").

    "Tên" or "Số" under "Đơn vị" is no name or number of a person.
    """
    name = FIELDS.get(compact(below), "")
    return name if above in ("", "name", name) or name not in ("name", "family", "given", "number") else ""


def _keep_one_name(fields: dict[int, str]) -> None:
    """A second column of names is another list beside this one (blocks_of) or the name in other letters: not joined."""
    names = [column for column, name in fields.items() if name == "name"]
    for column in names[1:]:
        fields[column] = "name again"


def blocks_of(fields: dict[int, str]) -> list[tuple[int, int]]:
    """(first, last) columns of each list where two or more stand side by side under the same headings.

    Afterwards `fields` names the columns of all of them; a second column of names that repeats nothing is not used.
    """
    columns = sorted(fields)
    starts = [column for column in columns if fields[column] in ("name", "name again")]
    families = [column for column in columns if fields[column] == "family"]
    if len(starts) < 2 and len(families) > 1 and not starts:
        starts = [column for column in families if fields.get(column - 1) not in ("family", "given")]
    if len(starts) > 1:
        numbers = [column for column in columns if fields[column] == "number"]
        if len(numbers) == len(starts) and all(one < other for one, other in zip(numbers, starts, strict=True)):
            starts = numbers
        edges = [*starts[1:], max(columns) + 1]
        blocks = [
            (start if index else 0, end - 1) for index, (start, end) in enumerate(zip(starts, edges, strict=True))
        ]
        parts = [{fields[column] for column in columns if first <= column <= last} for first, last in blocks]
        kinds = [part - {"name", "name again", "", "family", "given"} for part in parts]
        if all(kind & kinds[0] or kind == kinds[0] for kind in kinds[1:]) and kinds[0]:
            for column in columns:
                fields[column] = fields[column].removesuffix(" again")
            return blocks
    for column in columns:
        if fields[column] == "name again":
            fields[column] = ""
    return [(0, max(columns, default=0))]


def is_on_its_side(sheet: Sheet) -> bool:
    """Headings below each other in one of the first columns: each person is a column."""
    for column in range(3):
        cells = [clean(row[column]) for row in sheet.rows[:60] if column < len(row) and row[column].strip()]
        fields = {field_of(cell) for cell in cells} - {"", "number"}
        if len(cells) >= 3 and len(fields) >= 3 and "name" in fields and len(fields) * 2 >= len(cells):
            return True
    return False


def _is_name_part(cell: str) -> bool:
    return (
        NAME_PART.fullmatch(cell) is not None
        and all(word[0].isupper() for word in cell.split())
        and not NO_NAME.search(fold(cell))
    )


def continued_names(sheet: Sheet, first: int, fields: dict[int, str]) -> list[int]:
    """Columns without a heading right of the names that hold the rest of them: "HỌ VÀ TÊN" over two or three columns."""
    start = next((column for column, name in fields.items() if name in ("name", "family")), None)
    if start is None or "given" in fields.values():
        return []
    rows = [row for row in sheet.rows[first : first + 200] if start < len(row) and row[start].strip()]
    if sum(len(row[start].split()) <= 2 for row in rows) * 10 < len(rows) * 6:
        return []  # whole names stand there already
    found: list[int] = []
    column = start + 1
    while rows and column not in fields:
        cells = [clean(row[column]) for row in rows if column < len(row) and row[column].strip()]
        words = [cell for cell in cells if _is_name_part(cell)]
        if len(words) * 10 < len(rows) * 6 or len(words) * 10 < len(cells) * 9:
            break
        found.append(column)
        column += 1
    return found


def _merged_value(sheet: Sheet, row: int, column: int) -> tuple[str, tuple[int, int] | None]:
    """The text of a heading cell, also where it is merged over several columns, and these columns."""
    for first, left, last, right in sheet.merged:
        if first <= row <= last and left <= column <= right and right > left:
            return clean(sheet.rows[first][left]), (left, right)
    cells = sheet.rows[row]
    return clean(cells[column]) if column < len(cells) else "", None
