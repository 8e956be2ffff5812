"""What a row of a list means for those already there: new, known, different, wrong; what a person decided on it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256

from seminar.delegates.rules.people import DelegateRow, People, Person, place_of
from seminar.delegates.rules.quotas import GroupFacts, Quotas
from seminar.lib.errors import N_, Message
from seminar.lib.text import fold


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
