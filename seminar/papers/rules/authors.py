"""Authors as a clerk types them, one a line, and how they print together.

"ThS. Nguyễn Văn Thử – Phó Bí thư – Thành Đoàn Thử" is a person; a body by its name alone is a collective. What was
understood is shown back, so a guess may be wrong and never hides.
"""

import re
from collections.abc import Iterable, Sequence

from seminar.lib.errors import Refused
from seminar.lib.text import clean
from seminar.papers.models import Author

MOST = 30
LINE_LENGTH = 500

TITLE = re.compile(
    r"(?:(?:phó giáo sư|giáo sư|tiến sĩ khoa học|tiến sĩ|thạc sĩ|cử nhân|kỹ sư|bác sĩ|dược sĩ|luật sư|nghiên cứu sinh)(?=[\s.,])"
    r"|(?:PGS|GS|TSKH|TS|Th\.?\s?S|NCS|CN|KS|BS|DS|LS|KTS|CKII|CKI|NGƯT|NGND|PhD|Dr)(?=[.,\s]))[.,]?\s*",
    re.IGNORECASE,
)
HONORIFIC = re.compile(r"(?:đồng chí|đ/c|ông|bà|thầy|cô|em)(?:\s*:\s*|\s+)", re.IGNORECASE)
DASH = re.compile(r"\s+[-–—]\s*|\s*[–—]\s+|\s*\|\s*|\t+")
COLLECTIVE = re.compile(
    r"(?:tập thể|ban|(?:tỉnh|thành|thị|huyện|xã|phường|quận|chi|liên) (?:đoàn|ủy)|(?:chi|đảng) (?:bộ|ủy)|hội|nhóm|trường|sở|"
    r"phòng|viện|khoa|trung tâm|công ty|tổng công ty|công an|bộ chỉ huy|bộ|ủy ban|câu lạc bộ|clb|văn phòng|học viện|đại học|"
    r"cục|chi cục|ngân hàng|bệnh viện|báo|khối|mặt trận|các|thường trực|tổ|"
    r"đoàn (?:khối|trường|thanh niên|tncs|cơ sở|cơ quan|các|xã|phường|viên|đại biểu|đại học|công an))\b",
    re.IGNORECASE,
)
"""How the name of a body begins. With its accents: Đoàn and Trương are family names."""


def read_authors(text: str) -> list[Author]:
    """The authors of a text field in order, not yet of a paper. Refuses more than `MOST` and lines that are too long."""
    found: list[Author] = []
    for line in re.split(r"[\n;]", text.replace("\r", "\n")):
        line = clean(line) if "\t" not in line else " – ".join(filter(None, map(clean, line.split("\t"))))
        line = re.sub(r"^(?:[-–•*+]\s+|\d{1,2}[.)]\s+)", "", line)
        if not line:
            continue
        if len(line) > LINE_LENGTH:
            raise Refused("One author has at most %(most)d characters: write one on each line.", most=LINE_LENGTH)
        found += _of_line(line)
    if len(found) > MOST:
        raise Refused("A paper has at most %(most)d authors: name the body they stand for.", most=MOST)
    for position, author in enumerate(found, start=1):
        author.position = position
    return found


def _of_line(line: str) -> list[Author]:
    parts = [part for part in DASH.split(line) if part]
    if len(parts) == 1:
        pieces = [clean(piece) for piece in _pieces(line)]
        if len(pieces) > 1 and all(_is_person(piece) for piece in pieces):
            return [_author([piece]) for piece in pieces]
        if len(pieces) > 1 and (_is_person(pieces[0]) or _titled(pieces[0])[0]):
            parts = [pieces[0], ", ".join(pieces[1:])]
    return [_author(parts)]


def _pieces(line: str) -> list[str]:
    """At the commas, but for those between two academic titles ("PGS, TS Nguyễn Văn Thử")."""
    titles, name = _titled(line)
    pieces = re.split(r",\s+", name)
    return [f"{titles} {pieces[0]}".strip(), *pieces[1:]]


def _titled(text: str) -> tuple[str, str]:
    """(academic titles, the rest) of what begins with a name, without the honorific before it."""
    text = HONORIFIC.sub("", text, count=1) if HONORIFIC.match(text) and len(text.split()) > 2 else text
    titles = ""
    while found := TITLE.match(text):
        titles += found[0]
        text = text[found.end() :]
        if not text:
            return "", titles.strip()
    return re.sub(r"\s+", " ", titles).strip(" ,"), text.strip()


def _is_body(text: str) -> bool:
    return bool(COLLECTIVE.match(text))


def _is_person(text: str) -> bool:
    """Two to six words, each with a capital, and no body's name."""
    name = _titled(text)[1]
    words = name.split()
    return 2 <= len(words) <= 6 and not _is_body(name) and all(word[0].isupper() for word in words)


def _author(parts: Sequence[str]) -> Author:
    title, name = _titled(parts[0])
    rest = list(parts[1:])
    is_collective = not title and (_is_body(name) or (not rest and not _is_person(name)))
    if is_collective:
        title, name = "", clean(parts[0])
    duty, body = "", ""
    if len(rest) >= 2:
        duty, body = ", ".join(rest[:-1]), rest[-1]
    elif rest:
        duty, body = ("", rest[0]) if is_collective or _is_body(rest[0]) else (rest[0], "")
    return Author(
        academic_title=title[:60], name=name[:500], duty=duty[:300], body=body[:300], is_collective=is_collective
    )


def named(author: Author) -> str:
    """ "ThS. Nguyễn Văn Thử" """
    return f"{author.academic_title} {author.name}".strip()


def line_of(author: Author) -> str:
    """As the clerk's field shows it again."""
    return " – ".join(filter(None, (named(author), author.duty, author.body)))


def printed(people: Iterable[Author], most: int) -> str:
    """The line that prints: each with duty and body, authors apart by a semicolon; where that is too long, names alone."""
    people = list(people)
    whole = "; ".join(", ".join(filter(None, (named(one), one.duty, one.body))) for one in people)
    return whole if len(whole) <= most else "; ".join(map(named, people))[:most]
