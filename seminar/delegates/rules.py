"""Who is the same person, what a closed list refuses, what a row of a list means for those already there.

Identity: design.md "Import rules". Several memberships with one primary: domain.md Đ9. Closed list of 94: S1.40.
One per unit: S1.37 to S1.39. Honorifics and titles: domain.md 2.8.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache

from email_validator import EmailNotValidError, validate_email

from seminar.lib import phones
from seminar.lib.errors import N_, Message, Refused
from seminar.lib.text import clean, fold, shorten, sort_key

PLAIN_ADDRESS = re.compile(r"([A-Za-z0-9_-]{1,20}(?:\.[A-Za-z0-9_-]{1,14}){0,3})@([A-Za-z0-9.-]{3,100})", re.ASCII)
BIRTH_YEAR = re.compile(r"(19\d\d|20[0-4]\d)", re.ASCII)
GENDERS = ("Nam", "Nữ")
RESERVES, NAMINGS = 10, 100
"""Of one unit in one group by its link: people in reserve at a time, and namings in all; more would only fill the disk."""
NAME_LENGTH, POSITION_LENGTH, BODY_LENGTH, NOTE_LENGTH = 200, 300, 300, 1000


@dataclass(frozen=True)
class DelegateRow:
    """What is known of a delegate, as a form, a list, a unit or a desk gives it; text is clean already."""

    name: str
    honorific: str = ""
    academic_title: str = ""
    position: str = ""
    body: str = ""
    unit_id: int | None = None
    gender: str = ""
    birth_year: int | None = None
    phone: str = ""
    phone_2: str = ""
    email: str = ""
    note: str = ""
    alert: str = ""
    seat: str = ""
    is_unnamed: bool = False
    """Said where the name does not tell; "Đồng chí đại diện lãnh đạo" tells it by itself."""


def is_unnamed(name: str) -> bool:
    """ "Đồng chí đại diện lãnh đạo": somebody of a body, not a name."""
    return re.match(r"(dong chi |d/c |cac )*(dai dien|lanh dao)\b", fold(name)) is not None


def search_text(row: DelegateRow, unit_name: str = "") -> str:
    """What a search looks through: without accents, numbers as domestic digits."""
    words = (row.name, row.academic_title, row.position, row.body, unit_name, row.phone, row.phone_2, row.email)
    return fold(" ".join(words))


def derived(row: DelegateRow, unit_name: str = "") -> dict[str, str | bool]:
    """The columns of a delegate that follow from the others."""
    return {
        "is_unnamed": row.is_unnamed or is_unnamed(row.name),
        "name_folded": fold(row.name),
        "name_lower": row.name.casefold(),
        "sort_key": sort_key(row.name),
        "folded": search_text(row, unit_name),
    }


def typed_person(
    name: str,
    position: str = "",
    phone: str = "",
    email: str = "",
    gender: str = "",
    birth_year: str = "",
    unit_id: int | None = None,
    body: str = "",
) -> DelegateRow:
    """A person as somebody typed them, in the form they are stored; refuses with a sentence what cannot be."""
    name, phone, email, birth_year = clean(name), clean(phone), clean(email), clean(birth_year)
    if sum(character.isalpha() for character in name) < 2 or is_unnamed(name):
        raise Refused("Give the full name of the person.")
    number = phones.domestic(phone) if phone else ""
    if number is None:
        raise Refused("“%(phone)s” is not a telephone number.", phone=shorten(phone, 60))
    address = email_of(email) if email else ""
    if address is None:
        raise Refused("“%(email)s” is not an e-mail address.", email=shorten(email, 60))
    if birth_year and not BIRTH_YEAR.fullmatch(birth_year):
        raise Refused(
            "“%(birth_year)s” is not a year of birth: write four digits, for example 1995.", birth_year=birth_year
        )
    return DelegateRow(
        name=shorten(name, NAME_LENGTH),
        position=shorten(clean(position), POSITION_LENGTH),
        body=shorten(body, BODY_LENGTH),
        unit_id=unit_id,
        gender=gender if gender in GENDERS else "",
        birth_year=int(birth_year) if birth_year else None,
        phone=number,
        email=address,
    )


def email_of(text: str) -> str | None:
    """The address in its normal form, or None if it is none."""
    plain = PLAIN_ADDRESS.fullmatch(text.strip())
    if plain:  # tens of thousands of rows share few domains
        domain = _domain_of(plain[2])
        return f"{plain[1]}@{domain}" if domain else None
    return _validated(text)


def _validated(text: str) -> str | None:
    try:
        return validate_email(text.strip(), check_deliverability=False, test_environment=True).normalized[:254]
    except EmailNotValidError:
        return None


@lru_cache(maxsize=1000)
def _domain_of(domain: str) -> str:
    return (_validated(f"a@{domain}") or "@").partition("@")[2]


@dataclass
class Person:
    """What identity is decided from: a delegate on the list, or a row of a list."""

    name_folded: str
    phones: frozenset[str] = frozenset()
    email: str = ""
    place: str = ""
    """The unit, or the folded body where it is no unit."""
    is_unnamed: bool = False
    groups: frozenset[str] = frozenset()
    primary: str = ""
    position: str = ""
    unit_id: int | None = None
    id: int | None = None
    """Of the delegate; None for a row."""
    number: int | None = None
    row: int | None = None
    """Index of the row; None for a delegate on the list."""
    is_claimed: bool = False
    """An unnamed delegate stands for one row of a list only."""

    @property
    def has_contact(self) -> bool:
        return bool(self.phones or self.email)


def place_of(unit_id: int | None, body: str) -> str:
    return f"unit {unit_id}" if unit_id else fold(body)


def is_same(one: Person, other: Person) -> bool:
    """Same folded name and same phone or e-mail, or, where neither has either, same folded name and unit.

    Unnamed delegates are never merged: one is the same only as that of its own body with its own contacts.
    """
    if one.name_folded != other.name_folded or one.is_unnamed != other.is_unnamed:
        return False
    if one.is_unnamed:
        return (one.place, one.phones, one.email) == (other.place, other.phones, other.email)
    if one.has_contact or other.has_contact:
        return bool(one.phones & other.phones) or bool(one.email and one.email == other.email)
    return one.place == other.place


class People:
    """Those on the list, found by name, telephone or e-mail."""

    def __init__(self, people: Iterable[Person] = ()) -> None:
        self._by_name: dict[str, list[Person]] = defaultdict(list)
        self._by_contact: dict[str, list[Person]] = defaultdict(list)
        for person in people:
            self.add(person)

    def add(self, person: Person) -> None:
        self._by_name[person.name_folded].append(person)
        for contact in (*person.phones, person.email):
            if contact:
                self._by_contact[contact].append(person)

    def same_as(self, person: Person) -> Person | None:
        for other in self._by_name.get(person.name_folded, ()):
            if not other.is_claimed and is_same(person, other):
                return other
        return None

    def alike(self, person: Person) -> Person | None:
        """Somebody else with the same name, telephone or e-mail: worth a look."""
        if not person.is_unnamed:
            for other in self._by_name.get(person.name_folded, ()):
                return other
        for contact in (*person.phones, person.email):
            for other in self._by_contact.get(contact, ()) if contact else ():
                return other
        return None


@dataclass(frozen=True)
class GroupFacts:
    """What judging needs of a group; `quota_kind` as in planning."""

    code: str
    name: str
    quota_kind: str
    quota_count: int | None
    is_unassigned: bool = False
    free: Mapping[int | None, int] = field(default_factory=dict)
    """Places that nobody holds, by unit where the quota is per unit, else under None; empty for an open group."""
    units: Mapping[int, str] = field(default_factory=dict)
    """Names of the units, for sentences."""


class Verdict(StrEnum):
    NEW = "new"
    ALIKE = "alike"
    JOINS = "joins"
    DIFFERS = "differs"
    KNOWN = "known"
    ERROR = "error"
    SKIPPED = "skipped"


VERDICT_LABELS = {
    Verdict.NEW: N_("new"),
    Verdict.ALIKE: N_("new, but like another"),
    Verdict.JOINS: N_("there already, joins a group"),
    Verdict.DIFFERS: N_("there already, differs"),
    Verdict.KNOWN: N_("there already"),
    Verdict.ERROR: N_("wrong"),
    Verdict.SKIPPED: N_("no delegate"),
}
STORED = (Verdict.NEW, Verdict.ALIKE, Verdict.JOINS)
"""Verdicts of rows that change the list."""


@dataclass
class ListRow:
    """One row of a list as it was read (importing.py): a delegate, an error, or something that is neither."""

    sheet: int
    row: int
    """Number of the row in the sheet, as Excel shows it."""
    text: str = ""
    """The cells as they stood, for showing."""
    skipped: Message | None = None
    error: Message | None = None
    warnings: list[Message] = field(default_factory=list)
    delegate: DelegateRow | None = None
    group: str = ""
    """Code of the group that the row or the heading above it names; "" if none does."""
    further: list[str] = field(default_factory=list)
    derived: dict[str, str | bool] = field(default_factory=dict)


@dataclass
class Judged:
    """What is to be done with a row. `same` is the delegate or earlier row that it is, `groups` what it adds."""

    verdict: Verdict
    messages: list[Message]
    same: Person | None = None
    groups: tuple[str, ...] = ()
    """For a new delegate its groups, the primary first; for one already there the groups it joins."""
    becomes_primary: bool = False
    """The first of `groups` replaces "chưa phân nhóm" as the primary group."""


def person_of(row: ListRow, index: int) -> Person:
    """The row as a person; `row.delegate` must be given."""
    assert row.delegate is not None
    given = row.delegate
    return Person(
        name_folded=str(row.derived["name_folded"]),
        phones=frozenset(phone for phone in (given.phone, given.phone_2) if phone),
        email=given.email.casefold(),
        place=place_of(given.unit_id, given.body),
        is_unnamed=bool(row.derived["is_unnamed"]),
        position=given.position,
        unit_id=given.unit_id,
        row=index,
    )


def place_refusal(group: GroupFacts, unit_id: int | None, free: int) -> Message | None:
    """Why one more cannot be taken: a place of the group must be free, of the person's own unit where it is per unit.

    A closed list takes exactly so many (S1.40: the 95th of 94 is refused), a unit so many as it was allotted (S1.37).
    """
    if group.quota_kind == "open":
        return None
    if group.quota_kind == "per_unit" and unit_id is None:
        return Message(
            "“%(group)s” is counted per unit: name one of the units as the page of units writes it.", group=group.name
        )
    if free > 0:
        return None
    if group.quota_kind == "per_unit":
        return Message(
            "%(unit)s has no free place in “%(group)s”. Take somebody off it, give the unit another place, or choose another group.",
            unit=group.units.get(unit_id or 0, ""),
            group=group.name,
        )
    if group.quota_kind == "closed":
        return Message(
            "The list “%(group)s” is closed at %(count)s: this would be number %(number)s. Take somebody off it first, or choose another group.",
            group=group.name,
            count=group.quota_count,
            number=(group.quota_count or 0) + 1,
        )
    return Message(
        "“%(group)s” takes at most %(count)s, and every place is taken. Take somebody off it, raise the quota on the page of the plan, or choose another group.",
        group=group.name,
        count=group.quota_count,
    )


class Quotas:
    """Takes places while rows are judged, as storing them will."""

    def __init__(self, groups: Mapping[str, GroupFacts]) -> None:
        self.groups = groups
        self.free = {code: Counter(group.free) for code, group in groups.items()}

    def _of(self, code: str, unit_id: int | None) -> int | None:
        return unit_id if self.groups[code].quota_kind == "per_unit" else None

    def refusal(self, codes: Collection[str], unit_id: int | None) -> Message | None:
        """Why the person cannot be taken into one of the groups."""
        for code in codes:
            refusal = place_refusal(self.groups[code], unit_id, self.free[code][self._of(code, unit_id)])
            if refusal:
                return refusal
        return None

    def take(self, codes: Collection[str], unit_id: int | None) -> None:
        for code in codes:
            if self.groups[code].quota_kind != "open":
                self.free[code][self._of(code, unit_id)] -= 1


def judge(
    rows: Sequence[ListRow],
    people: Iterable[Person],
    groups: Mapping[str, GroupFacts],
    default: str = "",
) -> list[Judged]:
    """What each row means for the list as it is now. `default` is the group of rows that name none.

    Without one they go to "chưa phân nhóm", which has no quota; the position never decides. Rows of the file are
    compared with each other too: whoever stands in it twice is one person in both groups.
    """
    people = list(people)
    known, quotas = People(people), Quotas(groups)
    unassigned = next((code for code, group in groups.items() if group.is_unassigned), "")
    judged = []
    for index, row in enumerate(rows):
        if row.delegate is None:
            verdict = Verdict.ERROR if row.error else Verdict.SKIPPED
            judged.append(Judged(verdict, [one for one in (row.error or row.skipped,) if one]))
            continue
        person = person_of(row, index)
        named = [code for code in (row.group or default, *row.further) if code in groups and code != unassigned]
        named = list(dict.fromkeys(named))
        same = known.same_as(person)
        if same is not None:
            judged.append(_judge_known(row, person, same, named, quotas, unassigned))
            continue
        codes = tuple(dict.fromkeys([row.group or default or unassigned, *named]))
        codes = tuple(code for code in codes if code in groups)
        refusal = quotas.refusal(codes, person.unit_id)
        if refusal:
            judged.append(Judged(Verdict.ERROR, [refusal]))
            continue
        messages = list(row.warnings)
        alike = known.alike(person)
        if alike:
            messages.append(_likeness(person, alike, rows))
        person.groups, person.primary = frozenset(codes), codes[0]
        person.is_claimed = person.is_unnamed
        known.add(person)
        quotas.take(codes, person.unit_id)
        judged.append(Judged(Verdict.ALIKE if alike else Verdict.NEW, messages, groups=codes))
    return judged


def _judge_known(
    row: ListRow, person: Person, same: Person, named: list[str], quotas: Quotas, unassigned: str
) -> Judged:
    """Somebody already on the list: nothing of theirs is overwritten, but a group that is named is joined."""
    same.is_claimed = same.is_unnamed
    adds = tuple(code for code in named if code not in same.groups)
    messages = []
    if same.row is not None:
        messages.append(Message("The same person as in an earlier row of this list."))
    if adds:
        refusal = quotas.refusal(adds, same.unit_id)
        if refusal:
            return Judged(Verdict.ERROR, [refusal])
        quotas.take(adds, same.unit_id)
        promoted = same.primary == unassigned
        same.groups |= set(adds)
        if promoted:
            same.groups -= {unassigned}
            same.primary = adds[0]
        names = ", ".join(quotas.groups[code].name for code in adds)
        messages.append(Message("Is added to: %(groups)s.", groups=names))
        return Judged(Verdict.JOINS, messages, same, adds, promoted)
    difference = _difference(person, same) if same.row is None else None
    if difference:
        return Judged(Verdict.DIFFERS, [*messages, difference], same)
    return Judged(Verdict.KNOWN, messages, same)


def _difference(person: Person, same: Person) -> Message | None:
    """What the list says otherwise than what is stored; it is told and not overwritten."""
    fields = []
    if person.position and fold(person.position) != fold(same.position):
        fields.append(Message("position"))
    if person.place and person.place != same.place:
        fields.append(Message("unit"))
    if person.phones - same.phones:
        fields.append(Message("telephone"))
    if person.email and person.email != same.email:
        fields.append(Message("e-mail"))
    if not fields:
        return None
    if len(fields) == 1:
        return Message("Differs from what is stored, which is kept: %(field)s.", field=fields[0])
    return Message(
        "Differs from what is stored, which is kept: %(field)s and %(count)s more.",
        field=fields[0],
        count=len(fields) - 1,
    )


def _likeness(person: Person, alike: Person, rows: Sequence[ListRow]) -> Message:
    if alike.row is not None:
        where = Message("row %(row)s of this list", row=rows[alike.row].row)
    else:
        where = Message("delegate no. %(number)s", number=alike.number)
    if alike.name_folded == person.name_folded:
        return Message("Has the same name as %(where)s, but another telephone, e-mail or unit.", where=where)
    return Message("Has the same telephone or e-mail as %(where)s, but another name.", where=where)
