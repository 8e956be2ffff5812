"""Telephone numbers and e-mail addresses in running text: neither may stand in the published proceedings (design.md).

Shapes: mobile and landline of Vietnam (domain.md 5.2) with spaces, dots, hyphens and brackets, +84 and 0084, letters O for
zeros, ends of lines between. Nine figures, a bare 84 with dots or pairs of figures are numbers too often: they count only
behind a word that announces a telephone.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from seminar.lib import phones
from seminar.lib.errors import N_
from seminar.lib.text import INVISIBLE, clean, fold


class ContactKind(StrEnum):
    PHONE = "phone"
    EMAIL = "email"


CONTACT_KIND_LABELS = {ContactKind.PHONE: N_("telephone number"), ContactKind.EMAIL: N_("e-mail address")}


@dataclass(frozen=True)
class Contact:
    """What was found, as written, in which piece (page or paragraph, from 1), with some words around it."""

    kind: ContactKind
    text: str
    place: int
    around: str


BETWEEN = r"(?:\s?[.\-\u2010-\u2015()]\s?|\s{1,2})?"
FIGURES = rf"(?:{BETWEEN}\d)"
PHONE = re.compile(
    rf"(?<!\d)(?<!\d[.,])\(?(?:(?:\+{BETWEEN}84|0084){BETWEEN}(?:\(?0\)?)?|(?:0|[Oo](?=[2-9]))|84(?=\d{{9}}(?!\d)))"
    rf"{BETWEEN}[1-9]{FIGURES}{{8,9}}(?!\d)"
)
ANNOUNCED = re.compile(rf"(?<!\d)(?:\+?\d|\(\d|[Oo](?=\d)){FIGURES}{{6,11}}(?!\d)")
ANNOUNCES = re.compile(
    r"(?:\b(?:dt|dtdd|sdt|dd|tel|phone|mobile|hotline|fax|zalo|viber|dien thoai|di dong|duong day nong|lien he|lien lac)"
    r"(?: (?:so|la|ban|co quan|di dong|cd))?)[ .:)]*$"
)
SERVICE = re.compile(r"1[89]00\d{2,6}")
EMAIL = re.compile(
    r"(?<![\w.+-])[\w.+-]+(?:\s?[@\uff20]\s?|\s?[\[({]\s?(?:at|@|a còng)\s?[\])}]\s?)[\w-]+(?:\.[\w-]+)*\.[^\W\d_]{2,}",
    re.IGNORECASE,
)
DECIMAL = re.compile(r"0\.\d+")
AROUND = 40
BEFORE = 30


def contacts(text: str, place: int = 1) -> list[Contact]:
    """Every number and address of the text in the order in which they stand there."""
    text = INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    found = {match.start(): (ContactKind.EMAIL, match) for match in EMAIL.finditer(text)}
    taken = [match.span() for _, match in found.values()]
    for pattern, is_one in ((PHONE, _is_phone), (ANNOUNCED, _is_announced)):
        for match in pattern.finditer(text):
            start, end = match.span()
            if not any(start < last and first < end for first, last in taken) and is_one(match, text):
                found[start] = (ContactKind.PHONE, match)
                taken.append((start, end))
    return [
        Contact(
            kind,
            clean(match[0].replace("\n", " ")).strip("() "),
            place,
            clean(text[max(match.start() - AROUND, 0) : match.end() + AROUND].replace("\n", " ")),
        )
        for _, (kind, match) in sorted(found.items())
    ]


def contacts_in(pieces: Iterable[str]) -> list[Contact]:
    """The same over the pages or paragraphs of a file, which count from 1."""
    return [contact for place, piece in enumerate(pieces, 1) for contact in contacts(piece, place)]


def _is_phone(match: re.Match[str], text: str) -> bool:
    written = re.sub(r"\(0\)", "", match[0])
    if phones.domestic(written) is None or DECIMAL.fullmatch(match[0]):
        return False
    groups = re.findall(r"\d+", match[0])
    is_spaced = len(groups) > 1 and any(sign.isspace() for sign in match[0])
    is_figures = is_spaced and len(groups[0]) < 3 and "+" not in match[0] and "(" not in match[0]
    return not is_figures or _is_announced(match, text)


def _is_announced(match: re.Match[str], text: str) -> bool:
    digits = re.sub(r"\D", "", match[0])
    if not ANNOUNCES.search(fold(text[max(match.start() - BEFORE, 0) : match.start()])):
        return False
    return phones.domestic(match[0]) is not None or SERVICE.fullmatch(digits) is not None or len(digits) in (7, 8)
