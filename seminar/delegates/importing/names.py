"""Names as lists write them: honorifics and academic titles taken off (domain.md 2.8), capitals repaired when asked."""

import re

from seminar.delegates.rules import is_unnamed
from seminar.lib.text import fold

COMRADE = re.compile(r"^(?:đ/\s?c|đc|đồng chí)(?=[\s.:])[\s.:]*", re.IGNORECASE)
SIR_OR_MADAM = re.compile(r"^(ông\s?[/,(]\s?\(?bà\)?)[\s.:]*", re.IGNORECASE)
ADDRESS = re.compile(r"^(ông|bà|anh|chị|thầy|cô)(\s*:\s*|\s+)(?=\S)", re.IGNORECASE)
ACADEMIC = re.compile(r"^((?:(?:GS|PGS|TSKH|TS|ThS|Ths|THS|BSCKI{1,2}|BS|DS|KS|CN|LS|NCS)\b[.,\s]*)+)(?=\S)")
FAMILIES = frozenset(
    re.findall(
        r"[a-z]+",
        "nguyen tran le pham hoang huynh phan vu vo dang bui do ho ngo duong ly "
        "dinh doan lam mai trinh truong cao to ha ta chau luong vuong dao thai la "
        "tang quach kieu tong tu diep luu chu phung thach son kim ton nghiem khuc khuong",
    )
)
"""Before one of these "Ông", "Bà", "Anh" is an address; Ông Ích Khiêm keeps his family name."""

WORD = re.compile(r"[^\s.,-]+")
ROMAN = re.compile(r"[IVX]{2,4}", re.IGNORECASE)


def split_name(text: str) -> tuple[str, str, str]:
    """(name, honorific, academic title): "Đ/c PGS.TS. Nguyễn Văn A" -> "Nguyễn Văn A", "Đồng chí", "PGS.TS."

    An unnamed delegate ("Đồng chí đại diện lãnh đạo") stays as it is written. Capitals stay as typed.
    """
    if is_unnamed(text):
        return text, "", ""
    honorific = ""
    if found := COMRADE.match(text):
        honorific = "Đồng chí"
    elif found := SIR_OR_MADAM.match(text):
        honorific = "Ông/Bà"
    elif (found := ADDRESS.match(text)) and (":" in found[2] or _family(text[found.end() :])):
        honorific = found[1].capitalize()
    rest = text[found.end() :] if found and honorific else text
    academic = ACADEMIC.match(rest)
    if academic:
        rest = rest[academic.end() :]
    return (rest, honorific, academic[1].strip(" ,") if academic else "") if rest else (text, "", "")


SEVERAL = re.compile(r"[;+,/&]|\bvà\b")


def people_in(text: str) -> list[str]:
    """The names, where a cell holds those of several people: "Đ/c Lê Văn Lợi; Đ/c Trần Thị Diễm", "Lê Văn An và Võ Thị Ba".

    "Lê Văn An, Hà Nội" is one person: beside a comma a name counts with three words, or with an honorific.
    """
    if not SEVERAL.search(text):
        return [text]
    for sign, words in ((r"\s*[;+]\s*|\s+và\s+|\s+&\s+", 2), (r"\s*[,/]\s*", 3)):
        parts = [part for part in re.split(sign, text) if part]
        names = [split_name(part) for part in parts]
        if len(parts) > 1 and all(
            fold(name).split()[0] in FAMILIES
            and (len(name.split()) >= words or honorific)
            and (name.isupper() or name.islower() or all(word[0].isupper() for word in name.split()))
            for name, honorific, _ in names
        ):
            return [name for name, _, _ in names]
    return [text]


def _family(text: str) -> bool:
    words = ACADEMIC.sub("", text).split()
    return len(words) > 1 and fold(words[0]) in FAMILIES


def strange_capitals(name: str) -> str:
    """ "upper" for NGUYỄN VĂN AN, "lower" for nguyễn văn an or Nguyễn văn An, "" for a name as it should be."""
    if (
        all(word[0].isupper() and (word[1:].islower() or len(word) == 1) for word in name.split())
        and not name.isupper()
    ):
        return ""  # as nearly all names are
    if is_unnamed(name):
        return ""
    words = [word for word in WORD.findall(name) if any(letter.isalpha() for letter in word)]
    letters = [letter for word in words for letter in word if letter.isalpha()]
    if len(letters) > 3 and all(letter.isupper() for letter in letters):
        return "upper"
    if any(word[0].islower() for word in words):
        return "lower"
    shouted = [word for word in words if word.isupper() and len(word) > 2 and not ROMAN.fullmatch(word)]
    return "upper" if shouted else ""


def with_usual_capitals(name: str) -> str:
    """Each word with one capital: "NGUYỄN VĂN AN" -> "Nguyễn Văn An", "H'HEN NIÊ" -> "H'Hen Niê", "Y MOAN" -> "Y Moan".

    A word that has its own capitals ("McKinley") stays; so does a Roman number, and everything where nothing is strange.
    """
    if not strange_capitals(name):
        return name
    return WORD.sub(lambda found: _usual(found[0]), name)


def _usual(word: str) -> str:
    if ROMAN.fullmatch(word) and word.isupper() and len(word) > 1 and word not in ("VI", "XI"):
        return word
    if not (word.isupper() or word[0].islower()):
        return word
    parts = re.split("(['’`])", word)
    first = len(parts[0]) == 1 and len(parts) > 2  # H'Hen, K'Sor, Y'Thịnh
    return "".join(
        part[:1].upper() + part[1:].lower() if index == 0 or first else part.lower() for index, part in enumerate(parts)
    )
