"""One row of a list as a person: what is repaired, what is kept in the note, what is no name."""

import re

from seminar.delegates.importing.ditto import is_ditto
from seminar.delegates.importing.guessing import POSITION
from seminar.delegates.importing.names import people_in, split_name
from seminar.delegates.importing.values import birth_year, gender, split_emails
from seminar.delegates.rules import (
    BODY_LENGTH,
    NAME_LENGTH,
    NOTE_LENGTH,
    POSITION_LENGTH,
    DelegateRow,
    ListRow,
)
from seminar.lib import phones
from seminar.lib.errors import Message
from seminar.lib.text import fold, shorten

MARKS = {"x", "v", "co", "1", "true", "*", "yes", "✓", "✔", "√"}


BEFORE_NAME = re.compile(r"^(?:\d{1,3}\s*[.)/:-]\s*|[-–+*•●▪]\s+)+(?=[^\W\d_])")
"""A number or a bullet that stands in the cell of the name."""
AFTER_NAME = re.compile(r"^(?P<name>[^,;:()]+?)(?:\s+[-–—]\s*|\s*[,;:]\s*|\s*\()(?P<rest>[^()]+)\)?$")


REMARK = re.compile(r"(di |du )?thay\b|vang\b|khong du\b|ban\b|(truong|pho) doan\b|bao cao( vien)?\b|chua xac nhan\b")
"""What lists write behind a name of that person's coming, not of the name."""
ONE_OF_A_BODY = re.compile(r"^0?1\s+(?=(đ/c|đồng chí|người)?\s*(đại diện|lãnh đạo))", re.IGNORECASE)
NUMBER_OF_PEOPLE = re.compile(r"\b\d{1,3} ?(dong chi|d/c|nguoi|dai bieu)\b")
NOBODY = re.compile(
    r"(chua (co|cu|ro|xac dinh|bo tri)|khong( co| cu)?|trong|khuyet|con trong|(se )?(bo sung|cap nhat) sau|dang cap nhat)"
    r"( nguoi| dai bieu| ten)?"
)
"""What stands in the place of a name while there is none."""


def name_of(given: dict[str, str]) -> str:
    return given.get("name") or " ".join(given[part] for part in ("family", "given") if given.get(part))


def split_cell(name: str, given: dict[str, str]) -> str:
    """The name out of a cell that holds more: "1. Lê Văn An - Bí thư Đoàn xã", "Lê Thị Bé (nữ)"; the rest goes to
    `given`, where nothing stands yet. What is neither position nor gender stays with the name.
    """
    name = BEFORE_NAME.sub("", name).rstrip("*† ") or name
    name = ONE_OF_A_BODY.sub("", name)
    found = AFTER_NAME.match(name)
    if found is None or " " not in found["name"].strip():
        return name
    rest = found["rest"].strip()
    if fold(rest) in ("nam", "nu"):
        given.setdefault("gender", rest)
        return found["name"].strip()
    if not given.get("position") and POSITION.match(fold(rest)):
        given["position"] = rest
        return found["name"].strip()
    if not given.get("phone") and phones.domestic(rest):
        given["phone"] = rest
        return found["name"].strip()
    if REMARK.match(fold(rest)):
        given["note"] = f"{given['note']}; {rest}" if given.get("note") else rest
        return found["name"].strip()
    return name


def name_error(name: str, given: dict[str, str]) -> Message | None:
    """Why the row cannot be stored; `name` is not empty."""
    if is_ditto(name):
        return Message("“%(name)s” is not a name. Type the whole name.", name=shorten(name, 60))
    if name[0] in "=+-@":
        return Message(
            "“%(name)s” begins like a formula and is not a name. Type the name itself.", name=shorten(name, 60)
        )
    if _letters(name) < 2:
        return Message("“%(name)s” is not a name. Type the whole name.", name=shorten(name, 60))
    if NUMBER_OF_PEOPLE.search(fold(name)):
        return Message("“%(name)s” says how many, not who: give each a row of their own.", name=shorten(name, 60))
    if NOBODY.fullmatch(fold(name).strip(" .()[]-")):
        return Message("“%(name)s”: nobody is named in this row yet.", name=shorten(name, 60))
    if len(people := people_in(name)) > 1:
        return Message(
            "“%(name)s” are several people: give each a row of their own.", name=shorten("; ".join(people), 80)
        )
    for label, text, limit in (
        ("name", name, NAME_LENGTH),
        ("position", given.get("position", ""), POSITION_LENGTH),
        ("unit or agency", given.get("body", ""), BODY_LENGTH),
    ):
        if len(text) > limit:
            return Message(
                "Too long: %(field)s with more than %(limit)s characters.", field=Message(label), limit=limit
            )
    return None


def _letters(text: str) -> int:
    return sum(character.isalpha() for character in text)


NOTHING = {
    "khong",
    "khong co",
    "ko",
    "ko co",
    "chua",
    "chua co",
    "khong ro",
    "chua ro",
    "k co",
    "n/a",
    "na",
    "-",
    "--",
    "...",
    "/",
}


ADDRESS = re.compile(r"[^\s@/;,<>()]+@[^\s@/;,<>()]+")


def _given(given: dict[str, str], name: str) -> str:
    """What stands in a cell for a telephone or an address; "chưa có" is nothing."""
    text = given.get(name, "")
    return "" if text and fold(text).strip(" .") in NOTHING or text in NOTHING else text


def delegate_of(line: ListRow, name: str, given: dict[str, str], unit_id: int | None) -> DelegateRow:
    """What could be read of the row; warnings and an error go to `line`. `given["body"]` may come from a heading."""
    notes = [given["note"]] if given.get("note") else []
    name, honorific, academic = split_name(name)
    if _letters(name) < 2:
        line.error = Message("“%(name)s” is not a name. Type the whole name.", name=shorten(name, 60))
    phone = _given(given, "phone")
    addresses = " ".join(ADDRESS.findall(phone))  # "Liên hệ": a number and an address in one cell
    numbers = _phones(line, re.sub(r"[\s/;,–-]+$", "", ADDRESS.sub("", phone)) if addresses else phone, notes)
    if addresses and _given(given, "email"):
        notes.append(f"E-mail: {addresses}")
    email, others = split_emails(_given(given, "email") or addresses)
    if not numbers and email and (found := phones.split(" ".join(others)))[0]:  # "SĐT/Email": both in one cell
        numbers, others = found
    if others:
        notes.append(f"E-mail: {', '.join(others)}")
        line.warnings.append(
            Message("“%(text)s” is not used as e-mail; it is kept in the note.", text=shorten(", ".join(others), 60))
        )
    born = given.get("birth") or given.get("birth_male") or given.get("birth_female") or ""
    year = birth_year(born)
    if born and year is None and fold(born) not in MARKS:
        notes.append(f"Năm sinh: {born}")
        line.warnings.append(Message("“%(text)s” is no year of birth; it is kept in the note.", text=shorten(born, 60)))
    note = "; ".join(notes)
    if len(note) > NOTE_LENGTH:
        line.warnings.append(Message("The note is longer than %(limit)s characters and was cut.", limit=NOTE_LENGTH))
    return DelegateRow(
        name=name,
        honorific=shorten(given.get("honorific") or honorific, 40),
        academic_title=shorten(given.get("academic") or academic, 60),
        position=given.get("position", ""),
        body=given.get("body", ""),
        unit_id=unit_id,
        gender=gender(given),
        birth_year=year,
        phone=numbers[0] if numbers else "",
        phone_2=numbers[1] if len(numbers) > 1 else "",
        email=email,
        note=shorten(note, NOTE_LENGTH),
        alert=shorten(given.get("alert", ""), 300),
        seat=shorten(given.get("seat", ""), 40),
    )


def _phones(line: ListRow, text: str, notes: list[str]) -> list[str]:
    numbers, bad = phones.split(text)
    if bad:
        notes.append(f"SĐT: {', '.join(bad)}")
        line.warnings.append(
            Message("“%(text)s” is no telephone number; it is kept in the note.", text=shorten(", ".join(bad), 60))
        )
    if len(numbers) > 2:
        notes.append(f"SĐT: {', '.join(numbers[2:])}")
        line.warnings.append(Message("More than two telephone numbers: the others are kept in the note."))
    return numbers
