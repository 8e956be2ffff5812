"""Who somebody is: a person as lists and forms give them, their names for searching, and when two are one.

Identity: design.md "Import rules". Several memberships with one primary: domain.md Đ9. Honorifics: domain.md 2.8.
"""

import re
from collections import defaultdict, deque
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from email_validator import EmailNotValidError, validate_email

from seminar.lib import phones
from seminar.lib.errors import Refused
from seminar.lib.text import clean, fold, shorten, sort_key

PLAIN_ADDRESS = re.compile(r"([A-Za-z0-9_-]{1,20}(?:\.[A-Za-z0-9_-]{1,14}){0,3})@([A-Za-z0-9.-]{3,100})", re.ASCII)
BIRTH_YEAR = re.compile(r"(19\d\d|20[0-4]\d)", re.ASCII)
GENDERS = ("Nam", "Nữ")
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


def name_key(name: str) -> str:
    """The folded name as it is kept and compared: folding makes some names longer ("ß", Hangul) than the column."""
    return fold(name)[:NAME_LENGTH]


def derived(row: DelegateRow, unit_name: str = "") -> dict[str, str | bool]:
    """The columns of a delegate that follow from the others."""
    return {
        "is_unnamed": row.is_unnamed or is_unnamed(row.name),
        "name_folded": name_key(row.name),
        "name_lower": row.name.casefold()[:NAME_LENGTH],
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


def identities(person: Person) -> list[tuple[object, ...]]:
    """By what somebody is the same: two people are one where one of these is equal.

    Same folded name and same phone or e-mail, or, where neither has either, same folded name and unit. Unnamed delegates
    are never merged: one is the same only as that of its own body with its own contacts.
    """
    name = person.name_folded
    if person.is_unnamed:
        return [("unnamed", name, person.place, person.phones, person.email)]
    if not person.has_contact:
        return [("place", name, person.place)]
    contacts: list[tuple[object, ...]] = [("phone", name, phone) for phone in person.phones]
    return [*contacts, ("email", name, person.email)] if person.email else contacts


class People:
    """Those on the list, found by name, telephone or e-mail, at a price that does not grow with how many bear one name."""

    def __init__(self, people: Iterable[Person] = ()) -> None:
        self._by_name: dict[str, Person] = {}
        self._by_contact: dict[str, Person] = {}
        self._by_identity: dict[tuple[object, ...], deque[tuple[int, Person]]] = defaultdict(deque)
        self._count = 0
        for person in people:
            self.add(person)

    def add(self, person: Person) -> None:
        self._by_name.setdefault(person.name_folded, person)
        for contact in (*person.phones, person.email):
            if contact:
                self._by_contact.setdefault(contact, person)
        for key in identities(person):
            self._by_identity[key].append((self._count, person))
        self._count += 1

    def same_as(self, person: Person) -> Person | None:
        """The first of those added who is the same and is not claimed by another row."""
        found = []
        for key in identities(person):
            there = self._by_identity.get(key)
            while there and there[0][1].is_claimed:
                there.popleft()
            if there:
                found.append(there[0])
        return min(found, key=lambda one: one[0])[1] if found else None

    def alike(self, person: Person) -> Person | None:
        """Somebody else with the same name, telephone or e-mail: worth a look."""
        if not person.is_unnamed and person.name_folded in self._by_name:
            return self._by_name[person.name_folded]
        contacts = (self._by_contact.get(contact) for contact in (*person.phones, person.email) if contact)
        return next((other for other in contacts if other), None)
