"""Who is the same person, what a closed list refuses, what a row of a list means for those already there.

Identity: design.md "Import rules". Several memberships with one primary: domain.md Đ9. Closed list of 94: S1.40.
One per unit: S1.37 to S1.39. Honorifics and titles: domain.md 2.8.
"""

import re
from collections import Counter, defaultdict, deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from enum import StrEnum
from functools import lru_cache
from hashlib import sha256

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
    CHANGES = "changes"
    KNOWN = "known"
    ERROR = "error"
    SKIPPED = "skipped"


VERDICT_LABELS = {
    Verdict.NEW: N_("new"),
    Verdict.ALIKE: N_("new, but like another"),
    Verdict.JOINS: N_("there already, joins a group"),
    Verdict.DIFFERS: N_("there already, differs"),
    Verdict.CHANGES: N_("there already, is changed"),
    Verdict.KNOWN: N_("there already"),
    Verdict.ERROR: N_("wrong"),
    Verdict.SKIPPED: N_("no delegate"),
}
STORED = (Verdict.NEW, Verdict.ALIKE, Verdict.JOINS, Verdict.CHANGES)
"""Verdicts of rows that change the list."""


@dataclass
class ListRow:
    """One row of a list as it was read (importing): a delegate, an error, or something that is neither."""

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
    block: int = 0
    """Which of the lists that stand side by side."""

    @property
    def key(self) -> str:
        """Its place in the file: it stays the same when the file is read otherwise."""
        return f"{self.sheet}.{self.row}.{self.block}"


COMPARED = ("name", "position", "body", "phone", "email")
"""Fields in which a list may differ from what is stored."""
COMPARED_LABELS = {
    "name": N_("name"),
    "position": N_("position"),
    "body": N_("unit"),
    "phone": N_("telephone"),
    "email": N_("e-mail"),
}


@dataclass(frozen=True)
class Choice:
    """What a person decided on a row that differs from, or is like, somebody else."""

    take: tuple[str, ...] = ()
    """Fields in which the list is right; in all others what is stored is kept."""
    same_id: int | None = None
    """The delegate who this is, though the list says it otherwise."""
    same_row: str = ""
    """Key of the earlier row of the list that is the same person."""
    is_other: bool = False
    """Somebody else than the one who is alike."""


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
    differs: tuple[str, ...] = ()
    """Fields in which the row says something else than is stored of `same`."""
    takes: tuple[str, ...] = ()
    """Those of them that are written over."""
    alike: Person | None = None
    """Who is like the person of the row."""
    is_chosen: bool = False
    """A person decided on this row."""


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


def says(given: DelegateRow) -> str:
    """What a row says of a person, in short: the same in a list that was saved anew or sorted otherwise."""
    parts = (given.name, given.position, given.body, given.phone, given.phone_2, given.email)
    return sha256("\n".join(map(fold, parts)).encode()).hexdigest()[:20]


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
    choices: Mapping[str, Choice] | None = None,
) -> list[Judged]:
    """What each row means for the list as it is now. `default` is the group of rows that name none.

    Without one they go to "chưa phân nhóm", which has no quota; the position never decides. Rows of the file are
    compared with each other too: whoever stands in it twice is one person in both groups. `choices` are what a person
    decided on rows, by their key.
    """
    people = list(people)
    known, quotas = People(people), Quotas(groups)
    unassigned = next((code for code, group in groups.items() if group.is_unassigned), "")
    choices = choices or {}
    chosen_ids = {choice.same_id for choice in choices.values() if choice.same_id}
    by_id = {person.id: person for person in people if person.id in chosen_ids} if chosen_ids else {}
    by_key: dict[str, Person] = {}
    judged = []
    for index, row in enumerate(rows):
        if row.delegate is None:
            verdict = Verdict.ERROR if row.error else Verdict.SKIPPED
            judged.append(Judged(verdict, [one for one in (row.error or row.skipped,) if one]))
            continue
        person = person_of(row, index)
        choice = choices.get(row.key) if choices else None
        named = [code for code in (row.group or default, *row.further) if code in groups and code != unassigned]
        named = list(dict.fromkeys(named))
        same = known.same_as(person)
        if same is None and choice is not None and not choice.is_other:
            same = by_id.get(choice.same_id) if choice.same_id else by_key.get(choice.same_row)
        if same is not None:
            judged.append(_judge_known(row, person, same, named, quotas, unassigned, choice))
            if choices:
                by_key[row.key] = same
            continue
        codes = tuple(dict.fromkeys([row.group or default or unassigned, *named]))
        codes = tuple(code for code in codes if code in groups)
        refusal = quotas.refusal(codes, person.unit_id)
        if refusal:
            judged.append(Judged(Verdict.ERROR, [refusal]))
            continue
        messages = list(row.warnings)
        alike = known.alike(person)
        is_chosen = choice is not None and choice.is_other
        if alike:
            messages.append(_likeness(person, alike, rows))
            if is_chosen:
                messages.append(Message("It is somebody else, as was chosen."))
        person.groups, person.primary = frozenset(codes), codes[0]
        person.is_claimed = person.is_unnamed
        known.add(person)
        if choices:
            by_key[row.key] = person
        quotas.take(codes, person.unit_id)
        verdict = Verdict.ALIKE if alike and not is_chosen else Verdict.NEW
        judged.append(Judged(verdict, messages, groups=codes, alike=alike, is_chosen=is_chosen))
    return judged


def _judge_known(
    row: ListRow,
    person: Person,
    same: Person,
    named: list[str],
    quotas: Quotas,
    unassigned: str,
    choice: Choice | None,
) -> Judged:
    """Somebody already on the list: nothing of theirs is overwritten but what was chosen; a group named is joined."""
    same.is_claimed = same.is_unnamed
    adds = tuple(code for code in named if code not in same.groups)
    messages = []
    if same.row is not None:
        messages.append(Message("The same person as in an earlier row of this list."))
    differs = differing(person, same) if same.row is None else ()
    takes = tuple(name for name in differs if choice and name in choice.take)
    if "body" in takes and person.unit_id != same.unit_id:
        codes = [code for code in same.groups if quotas.groups[code].quota_kind == "per_unit"]
        refusal = quotas.refusal(codes, person.unit_id)
        if refusal:
            return Judged(Verdict.ERROR, [refusal], same, differs=differs, is_chosen=True)
        quotas.take(codes, person.unit_id)
        same.unit_id = person.unit_id
    promoted = False
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
    if takes:
        messages.append(Message("Is taken from the list: %(fields)s.", fields=_listed(takes)))
        messages.extend(row.warnings)
    kept = tuple(name for name in differs if name not in takes)
    if kept and choice is not None:
        messages.append(Message("What is stored is kept, as was chosen: %(fields)s.", fields=_listed(kept)))
    elif kept:
        messages.append(_difference(kept))
    if adds:
        verdict = Verdict.JOINS
    elif takes:
        verdict = Verdict.CHANGES
    else:
        verdict = Verdict.DIFFERS if kept and choice is None else Verdict.KNOWN
    return Judged(verdict, messages, same, adds, promoted, differs, takes, is_chosen=choice is not None)


def differing(person: Person, same: Person) -> tuple[str, ...]:
    """Fields in which the list says something else than is stored; what the list leaves empty says nothing."""
    fields = []
    if person.name_folded != same.name_folded:
        fields.append("name")
    if person.position and fold(person.position) != fold(same.position):
        fields.append("position")
    if person.place and person.place != same.place:
        fields.append("body")
    if person.phones - same.phones:
        fields.append("phone")
    if person.email and person.email != same.email:
        fields.append("email")
    return tuple(fields)


def _listed(fields: Sequence[str]) -> Message:
    """ "telephone, e-mail", translated where it is shown."""
    labels = [Message(COMPARED_LABELS[name]) for name in fields]
    whole = labels[0]
    for label in labels[1:]:
        whole = Message("%(first)s, %(second)s", first=whole, second=label)
    return whole


def _difference(fields: Sequence[str]) -> Message:
    """It is told and not overwritten."""
    return Message("Differs from what is stored, which is kept: %(field)s.", field=_listed(fields))


def _likeness(person: Person, alike: Person, rows: Sequence[ListRow]) -> Message:
    if alike.row is not None:
        where = Message("row %(row)s of this list", row=rows[alike.row].row)
    else:
        where = Message("delegate no. %(number)s", number=alike.number)
    if alike.name_folded == person.name_folded:
        return Message("Has the same name as %(where)s, but another telephone, e-mail or unit.", where=where)
    return Message("Has the same telephone or e-mail as %(where)s, but another name.", where=where)


ABBREVIATED = {
    "tp": "thanh pho",
    "tx": "thi xa",
    "tt": "thi tran",
    "h": "huyen",
    "d": "doan",
    "td": "doan",
    "hd": "huyen doan",
    "tn": "thanh nien",
    "dh": "dai hoc",
}
OF_EVERY_UNIT = frozenset(
    re.findall(
        r"\w+", "huyen thi thanh pho xa tinh doan ban chap hanh thuong vu bch btv tncs hcm ho chi minh nien dtn don vi"
    )
)
"""Words that say what kind of body it is, not which. Variants as they occur: domain.md Đ10, kinds of units: 4.1."""
NEAR = 0.85


def unit_words(text: str) -> str:
    """Which unit it is: "TĐ Thủ Dầu Một", "BCH Đoàn huyện Bàu Bàng" -> "thu dau mot", "bau bang"."""
    return " ".join(word for word in _whole_words(text) if word not in OF_EVERY_UNIT)


def _whole_words(text: str) -> list[str]:
    folded = re.sub(r"[,-]\s*tinh .*", "", fold(text))  # "…, tỉnh Bình Dương"
    return " ".join(ABBREVIATED.get(word, word) for word in re.findall(r"[a-z0-9]+", folded)).split()


def unit_level(text: str) -> str:
    """ "commune" or "district" where the words say it: the xã Dầu Tiếng of 2025 is not the huyện Dầu Tiếng."""
    words = f" {' '.join(_whole_words(text))} "
    if re.search(r" (huyen|quan|thi xa|thi doan|thanh pho|thanh doan) ", words):
        return "district"
    return "commune" if re.match(r" (ban chap hanh |bch )?(doan )?(thanh nien )?(xa|phuong) ", words) else ""


class UnitFinder:
    """Which unit a name may mean that is none by its spelling; only proposed, because quotas per unit depend on it."""

    def __init__(self, units: Mapping[str, tuple[int, str]]) -> None:
        self._by_words: dict[str, set[int]] = defaultdict(set)
        self._folded = frozenset(units)
        self._levels: dict[int, str] = {}
        for folded, (unit_id, name) in units.items():
            self._levels.setdefault(unit_id, unit_level(name))
            words = unit_words(folded)
            if words:
                self._by_words[words].add(unit_id)
        self._by_initials: dict[str, set[int]] = defaultdict(set)
        for words, ids in self._by_words.items():
            if " " in words:
                self._by_initials["".join(word[0] for word in words.split())] |= ids
        self._known: dict[str, int | None] = {}

    def like(self, text: str) -> int | None:
        """Id of the only unit that is near enough; None for a name that is a unit already."""
        if text not in self._known:
            found = set() if fold(text) in self._folded or len(text) > 100 else self._search(unit_words(text))
            level = unit_level(text)
            found = {one for one in found if not level or self._levels[one] in ("", level)}
            self._known[text] = found.pop() if len(found) == 1 else None
        return self._known[text]

    def _search(self, words: str) -> set[int]:
        if not words:
            return set()
        if words in self._by_words:
            return set(self._by_words[words])
        if len(words) >= 3 and words in self._by_initials:
            return set(self._by_initials[words])
        count = words.count(" ")
        found: set[int] = set()
        for known, ids in self._by_words.items():
            if (
                known.count(" ") == count
                and known[0] == words[0]
                and SequenceMatcher(None, words, known).ratio() >= NEAR
            ):
                found |= ids
        return found
