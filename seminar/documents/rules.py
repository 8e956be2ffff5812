"""How the Union writes numbers, dates, issuer and signature (HD 29-HD/TWĐTN-VP, 29/10/2013; domain.md 1.1), and the defaults of a seminar's settings."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from seminar.documents.models import DocumentKind
from seminar.lib.clock import weekday_vi
from seminar.lib.text import fold

UNKNOWN = "…………"
"""What is unknown prints visibly, never invented (design.md)."""

ABBREVIATIONS: dict[str, str] = {
    # HD29 names none for letters of invitation and summons (domain.md 0.5): a setting.
    DocumentKind.INVITATION: "TM",
    DocumentKind.SUMMONS: "GTT",
    DocumentKind.DISPATCH: "CV",
    DocumentKind.PROGRAMME: "CTr",
    DocumentKind.MINUTES: "BB",
    DocumentKind.REPORT: "BC",
}

TITLES: dict[str, str] = {
    DocumentKind.INVITATION: "THƯ MỜI",
    DocumentKind.SUMMONS: "GIẤY TRIỆU TẬP",
    DocumentKind.DISPATCH: "",
    DocumentKind.PROGRAMME: "CHƯƠNG TRÌNH",
    DocumentKind.MINUTES: "BIÊN BẢN",
    DocumentKind.REPORT: "BÁO CÁO",
}
"""Tên loại as printed; an official dispatch has none."""


@dataclass(frozen=True)
class DocumentSettings:
    """The documents' part of `Seminar.settings`, with defaults where the office set nothing."""

    term: str = "2022-2027"
    agency: str = "TĐTN"
    drafting_unit: str = "TCKT"
    place: str = "Bình Dương"
    superior_lines: tuple[str, ...] = ()
    issuer_lines: tuple[str, ...] = ("BCH ĐOÀN TỈNH BÌNH DƯƠNG",)
    authority: str = "TM. BAN THƯỜNG VỤ TỈNH ĐOÀN"
    signer_title: str = "BÍ THƯ"
    signer_name: str = ""
    recipients: tuple[str, ...] = ("- Như trên;", "- Lưu VP, TCKT.")
    abbreviations: Mapping[str, str] = field(default_factory=dict)

    def abbreviation(self, kind: DocumentKind) -> str:
        return self.abbreviations.get(kind.value) or ABBREVIATIONS[kind]


def settings_of(settings: Mapping[str, Any]) -> DocumentSettings:
    """Reads `Seminar.settings`; unknown keys belong to others and are left alone, missing ones take the default."""
    known: dict[str, Any] = {name: settings[name] for name in DocumentSettings.__dataclass_fields__ if name in settings}
    values: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in known.items()}
    return DocumentSettings(**values)


def padded(number: int) -> str:
    """01 … 09, 10 …: numbers below ten take a leading zero."""
    return f"{number:02d}"


def symbol(number: int | None, kind: DocumentKind, settings: DocumentSettings) -> str:
    """ "01-TM/TĐTN-TCKT"; a ban's own document has no agency: "245-BC/BTC". No number yet: a gap to fill in."""
    issuer = "-".join(part for part in (settings.agency, settings.drafting_unit) if part)
    return f"{padded(number) if number else '…'}-{settings.abbreviation(kind)}/{issuer}"


def long_date(day: date) -> str:
    """ "ngày 05 tháng 01 năm 2024": zero before days below 10 and before months 1 and 2 only."""
    month = padded(day.month) if day.month < 3 else str(day.month)
    return f"ngày {padded(day.day)} tháng {month} năm {day.year}"


def date_line(place: str, day: date | None) -> str:
    """ "Bình Dương, ngày 15 tháng 3 năm 2024"; never with dots, dashes or strokes."""
    when = long_date(day) if day else "ngày … tháng … năm …"
    return f"{place or UNKNOWN}, {when}"


def running_weekday(day: date) -> str:
    """ "thứ Sáu", "Chủ nhật": in running text only the day word has a capital (domain.md 5.2, NĐ30 phụ lục II)."""
    name = weekday_vi(day)
    return f"t{name[1:]}" if name.startswith("T") else name


def dispatch_subject(subject: str) -> str:
    """Trích yếu of an official dispatch, in quotation marks: "V/v mời viết tham luận"."""
    return f"“V/v {subject}”"


def symbol_key(printed: str) -> str:
    """ "Số: 1 - TM/TĐTN-TCKT" and "01-TM/TĐTN-TCKT" are one number."""
    bare = re.sub(r"[^a-z0-9/-]", "", fold(printed).removeprefix("so"))
    return bare.lstrip("0")
