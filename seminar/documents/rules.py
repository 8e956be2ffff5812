"""How the Union writes numbers, dates, issuer and signature (HD 29-HD/TWĐTN-VP, 29/10/2013; domain.md 1.1), and the defaults of a seminar's settings."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any

from seminar.documents.models import DocumentKind
from seminar.lib.clock import weekday_vi
from seminar.lib.errors import Message, Refused
from seminar.lib.numbers import whole
from seminar.lib.text import clean, fold

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
    DocumentKind.PLAN: "KH",
    DocumentKind.NOTICE: "TB",
}

TITLES: dict[str, str] = {
    DocumentKind.INVITATION: "THƯ MỜI",
    DocumentKind.SUMMONS: "GIẤY TRIỆU TẬP",
    DocumentKind.DISPATCH: "",
    DocumentKind.PROGRAMME: "CHƯƠNG TRÌNH",
    DocumentKind.MINUTES: "BIÊN BẢN",
    DocumentKind.REPORT: "BÁO CÁO",
    DocumentKind.PLAN: "KẾ HOẠCH",
    DocumentKind.NOTICE: "THÔNG BÁO",
}
"""Tên loại as printed; an official dispatch has none."""


WITHOUT_ADDRESSEE = (
    DocumentKind.PROGRAMME,
    DocumentKind.MINUTES,
    DocumentKind.REPORT,
    DocumentKind.PLAN,
    DocumentKind.NOTICE,
)
"""They have no "Kính gửi", so their Nơi nhận cannot begin with "Như trên"."""
URGENCIES = ("", "KHẨN", "THƯỢNG KHẨN", "HỎA TỐC")
LIKE_ABOVE = "Như trên"
PURPOSE = re.compile(r"\s*\((để [^()]*)\)$")


@dataclass(frozen=True)
class Recipient:
    """A line of Nơi nhận. `is_joined`: one rule with the line above, and the purpose once at its right."""

    to: str
    purpose: str = ""
    copies: int = 1
    is_joined: bool = False


@dataclass(frozen=True)
class RecipientLines:
    """Lines as printed, (text, what stands raised behind it); with `purpose` they share a rule and it stands at its right."""

    lines: tuple[tuple[str, str], ...]
    purpose: str = ""


def recipient_of_line(line: str) -> Recipient:
    """ "- Thường trực Tỉnh Đoàn (để báo cáo);" as a row."""
    text = clean(line).strip("- ;.")
    found = PURPOSE.search(text)
    return Recipient(text[: found.start()], found[1]) if found else Recipient(text)


def is_archive(row: Recipient) -> bool:
    return fold(row.to).split(" ")[0] == "luu"


def printed_recipients(rows: Sequence[Recipient], copies: int = 0) -> list[RecipientLines]:
    """Hyphen, place, purpose in brackets or beside a rule, ";" and at the end "."; copies beyond one raised, the last
    line with all copies (HD29 on Nơi nhận): `copies`, or the sum of the lines.
    """
    blocks: list[list[Recipient]] = []
    for row in rows:
        if row.is_joined and blocks:
            blocks[-1].append(row)
        else:
            blocks.append([row])
    total = copies or sum(row.copies for row in rows)
    counts = any(row.copies > 1 for row in rows)
    printed = []
    for block in blocks:
        shared = block[0].purpose if len(block) > 1 else ""
        lines = []
        for row in block:
            is_last = row is rows[-1]
            beside = f" ({row.purpose})" if row.purpose and not shared else ""
            copies = total if is_last and counts and is_archive(row) else row.copies
            raised = f"({copies}b)" if copies > 1 else ""
            lines.append((f"- {row.to}{beside}{'.' if is_last else ';'}", raised))
        printed.append(RecipientLines(tuple(lines), shared))
    return printed


class Signing(StrEnum):
    """Thể thức đề ký (HD29): for the collective, by its order, for the head, acting head, the head himself."""

    COLLECTIVE = "TM"
    ORDER = "TL"
    DEPUTY = "KT"
    ACTING = "Q"
    HEAD = "head"


ALONE = (Signing.ACTING, Signing.HEAD)
"""Their one line is itself the bold line; no title stands under it."""
SIGNING_PREFIX = re.compile(r"^(TM|TL|KT|Q)\.\s*")
TITLED = re.compile(r"^(GS|PGS|TS|TSKH|ThS|CN|BS)\b", re.IGNORECASE)


def signing_of(authority: str) -> tuple[Signing, str]:
    """(form, what stands behind it) of the bold line: "TM. BAN THƯỜNG VỤ TỈNH ĐOÀN"."""
    found = SIGNING_PREFIX.match(authority.upper())
    return (Signing(found[1]), authority[found.end() :]) if found else (Signing.HEAD, authority)


def authority_line(signing: Signing, body: str) -> str:
    body = SIGNING_PREFIX.sub("", clean(body).upper())
    return body if signing == Signing.HEAD else f"{signing.value}. {body}"


def signing_remarks(authority: str, title: str, name: str) -> list[Message]:
    """What HD29 says against the form of signing; the office may insist, it is data."""
    signing, body = signing_of(authority)
    said, under, found = fold(body), fold(title), []
    if re.match(r"^[TKQ]\s*/\s*[MTL]?\b", authority.upper()):
        found.append(Message("“T/M”, “T/L” and “K/T” are the Party's way; the Union writes TM., TL., KT. with a dot."))
    if signing == Signing.DEPUTY and "bi thu" in said:
        found.append(
            Message(
                "The guidance knows no “KT. BÍ THƯ”: a deputy secretary signs “TM. BAN THƯỜNG VỤ …” with the title PHÓ BÍ THƯ."
            )
        )
    if signing == Signing.COLLECTIVE and not said.startswith(("ban ", "bch", "btv", "doan ", "tieu ban")):
        found.append(Message("“TM.” signs for a collective: BAN THƯỜNG VỤ or BAN CHẤP HÀNH."))
    if signing == Signing.ORDER and "bi thu" in under:
        found.append(Message("A secretary signs “TM. BAN THƯỜNG VỤ”; “TL.” is for the head of the office or of a ban."))
    if signing == Signing.DEPUTY and not under.startswith("pho"):
        found.append(Message("“KT.” is for a deputy: the title under it begins with PHÓ."))
    if signing in ALONE and title:
        found.append(
            Message(
                "An acting head, or the head of the office or ban, signs in one bold line without a title under it."
            )
        )
    if signing not in ALONE and not title:
        found.append(Message("The title of the signer is missing."))
    if TITLED.match(clean(name)):
        found.append(Message("No academic title stands before the name of the signer."))
    return found


def letter_remarks(settings: "DocumentSettings", *, has_font: bool) -> list[Message]:
    """What the form of personal letters lacks: no rule stops them, but a clerk would have to write it by hand."""
    found = signing_remarks(settings.authority, settings.signer_title, settings.signer_name)
    if not settings.signer_name:
        found.append(Message("The name of the signer is not set: it prints as a gap."))
    if not has_font:
        found.append(
            Message(
                "The font of the documents is missing on this machine: PDF files are set in another one. Run the set-up again (make run)."
            )
        )
    return found


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
    """Nơi nhận of the kinds that have none of their own."""
    recipients_of: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    """Rows of Nơi nhận by kind."""
    abbreviations: Mapping[str, str] = field(default_factory=dict)
    urgency: str = ""
    """Of thư mời and giấy triệu tập; a draft has its own."""
    is_double_sided: bool = False
    archive_mark: str = ""
    """Ký hiệu lưu in the bottom margin, 8 pt italic."""

    def abbreviation(self, kind: DocumentKind) -> str:
        return self.abbreviations.get(kind.value) or ABBREVIATIONS[kind]

    @property
    def issuer(self) -> str:
        """Whose numbers these are; a ban's own documents have no agency before the unit."""
        return self.agency or self.drafting_unit

    def rows_for(self, kind: DocumentKind, *, is_addressed: bool | None = None) -> tuple[Recipient, ...]:
        """Nơi nhận of the kind; "Như trên" only where somebody is addressed above."""
        if is_addressed is None:
            is_addressed = kind not in WITHOUT_ADDRESSEE
        own = self.recipients_of.get(kind.value)
        rows = [Recipient(**row) for row in own] if own else [recipient_of_line(line) for line in self.recipients]
        if not is_addressed and not own:
            rows = [row for row in rows if row.to != LIKE_ABOVE]
        return tuple(row for row in rows if row.to)


def signer_of(settings: DocumentSettings) -> str:
    """Who signs, as the register names them: "Trần Thị Mẫu, BÍ THƯ"."""
    return ", ".join(part for part in (settings.signer_name, settings.signer_title or settings.authority) if part)


def settings_of(settings: Mapping[str, Any]) -> DocumentSettings:
    """Reads `Seminar.settings`; unknown keys belong to others and are left alone, missing ones take the default."""
    known: dict[str, Any] = {name: settings[name] for name in DocumentSettings.__dataclass_fields__ if name in settings}
    values: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in known.items()}
    return DocumentSettings(**values)


def row_data(rows: Iterable[Recipient]) -> list[dict[str, Any]]:
    """Rows as they are kept: whoever sends something, without empty ones."""
    return [asdict(row) for row in rows if row.to]


def read_rows(said: Mapping[str, str], most: int) -> list[Recipient]:
    """Rows of Nơi nhận from fields to-0, purpose-0, copies-0, joined-0 …, without empty ones; the archive comes last."""
    rows: list[Recipient] = []
    for number in range(most):
        to = clean(said.get(f"to-{number}", "")).strip("-;. ")[:300]
        if to:
            purpose = clean(said.get(f"purpose-{number}", "")).strip("() ")[:60]
            copies = whole(clean(said.get(f"copies-{number}", "")), 999) or 1
            rows.append(Recipient(to, purpose, copies, bool(said.get(f"joined-{number}")) and bool(rows)))
    archives = [replace(row, is_joined=False) for row in rows if is_archive(row)]
    return [row for row in rows if not is_archive(row)] + archives


def require_copies(said: Mapping[str, str], most: int) -> None:
    """Refuses what stands under copies and is no number of them."""
    for number in range(most):
        copies = clean(said.get(f"copies-{number}", ""))
        if copies and clean(said.get(f"to-{number}", "")) and not whole(copies, 999):
            raise Refused("Copies of “%(to)s”: write a number from 1 to 999.", to=clean(said[f"to-{number}"])[:100])


def shared_abbreviations(settings: DocumentSettings) -> list[tuple[DocumentKind, DocumentKind, str]]:
    """Kinds that would print the same number and symbol: (one, other, abbreviation)."""
    seen: dict[str, DocumentKind] = {}
    found = []
    for kind in DocumentKind:
        word = settings.abbreviation(kind)
        if word.upper() in seen:
            found.append((seen[word.upper()], kind, word))
        seen.setdefault(word.upper(), kind)
    return found


@dataclass(frozen=True)
class Gap:
    """Numbers of a kind that no document of the register bears. `reason` is empty where nobody gave one."""

    issuer: str
    kind: DocumentKind
    first: int
    last: int
    reason: str = ""
    by: str = ""

    @property
    def numbers(self) -> str:
        if self.first == self.last:
            return f"Số {padded(self.first)}"
        return f"Từ số {padded(self.first)} đến số {padded(self.last)}"


def explained(hole: Gap, given_out: Iterable[Gap]) -> list[Gap]:
    """The hole in parts: those that were given out on paper with their reason, the others without."""
    found, begin = [], hole.first
    for one in sorted(given_out, key=lambda one: one.first):
        first, last = max(one.first, begin), min(one.last, hole.last)
        if (one.issuer, one.kind) != (hole.issuer, hole.kind) or first > last:
            continue
        if begin < first:
            found.append(replace(hole, first=begin, last=first - 1))
        found.append(replace(one, first=first, last=last))
        begin = last + 1
    return [*found, replace(hole, first=begin)] if begin <= hole.last else found


def copies_of(rows: Sequence[Recipient], addressee_count: int) -> int:
    """How many are printed: one for each who is addressed ("Như trên") and those of the other lines."""
    return sum(max(addressee_count, 1) if row.to == LIKE_ABOVE else row.copies for row in rows)


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


ABOUT = re.compile(r"^v/v[:\s]+", re.IGNORECASE)


def dispatch_subject(subject: str) -> str:
    """Trích yếu of an official dispatch, in quotation marks: "V/v mời viết tham luận"; whoever typed "V/v" has it once."""
    return f"“V/v {ABOUT.sub('', subject)}”"
