"""Units name their people for the places of their quotas; the office approves, returns, keeps in reserve.

A nomination is never changed once it is decided: who was returned is named again by a new one. S1.37 to S1.39, S1.70.
"""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select

from seminar.access.actor import Actor, ActorKind, said_by
from seminar.audit.models import record
from seminar.delegates import queries
from seminar.delegates.actions.people import add_delegate, drop_group, join_group, next_number
from seminar.delegates.importing.names import people_in, split_name
from seminar.delegates.models import Delegate, Nomination, NominationOutcome
from seminar.delegates.rules import NAMINGS, RESERVES, DelegateRow, People, Person, is_unnamed, name_key, place_of
from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.lib.text import clean, clean_block, shorten
from seminar.planning import queries as plans
from seminar.planning.models import Group, QuotaKind, Seminar, Unit
from seminar.planning.rules import is_closed, is_late

VERBS = {
    NominationOutcome.APPROVED: "approve",
    NominationOutcome.RETURNED: "return",
    NominationOutcome.WITHDRAWN: "withdraw",
}


def nominate(
    seminar: Seminar,
    group: Group,
    unit: Unit | None,
    person: DelegateRow,
    by: Actor,
    now: datetime,
    *,
    reason: str = "",
    is_reserve: bool = False,
    instead_of: Delegate | None = None,
    correcting: Nomination | None = None,
    preferred_id: int | None = None,
    at: datetime | None = None,
    told_by: str = "",
) -> Nomination:
    """Names a person for a free place, for the place of `instead_of`, or for the reserve list.

    `correcting` is an open nomination that this one replaces on the same place, or a returned one that is sent again;
    `preferred_id` the place meant, of several free ones. Refuses a group that is not the unit's
    to fill, somebody who is named there already, a place that was taken meanwhile, and a unit once the office closed the
    naming; what comes late is marked. `at` and `told_by`: when and by whom the office was told.
    """
    next_number(seminar)  # one at a time: of two who name the last place, one wins
    milestone = plans.milestone(seminar, "nominations")
    if by.kind == ActorKind.UNIT and is_closed(milestone):
        raise Refused("Naming delegates is closed. Call the office.")
    if at is not None and at > now:
        raise Refused("The time lies in the future: write when the unit really told it.")
    person = replace(person, name=split_name(clean(person.name))[0])
    if not person.name or is_unnamed(person.name):
        raise Refused("Give the full name of the person.")
    if len(people_in(person.name)) > 1:
        raise Refused("One place is for one person: name each of them by themselves.")
    _require_own(group, unit, is_reserve, by)
    if correcting is not None:
        if correcting.outcome != NominationOutcome.RETURNED:
            _decide(correcting, NominationOutcome.WITHDRAWN, "Gửi lại", by, now)
        is_reserve, instead_of, preferred_id = (
            correcting.place_id is None,
            correcting.instead_of,
            correcting.place_id,
        )
    if by.kind == ActorKind.UNIT and unit is not None:
        _require_few(group, unit, is_reserve)
    _require_new(seminar, group, unit, person, instead_of)
    place_id = None if is_reserve else _place_for(group, unit, instead_of, preferred_id)
    reason = shorten(clean_block(reason), 500)
    if instead_of is not None and not reason:
        raise Refused("Say why %(name)s is replaced.", name=instead_of.name)
    nomination = Nomination(
        seminar_id=seminar.id,
        group_id=group.id,
        unit_id=unit.id if unit else None,
        place_id=place_id,
        instead_of_id=instead_of.id if instead_of else None,
        name=person.name,
        name_folded=name_key(person.name),
        position=person.position,
        gender=person.gender,
        birth_year=person.birth_year,
        phone=person.phone,
        email=person.email,
        reason=reason,
        nominated_at=at or now,
        nominated_by=said_by(by.name, clean(told_by))[:200],
        actor_kind=by.kind,
        channel=by.channel,
        is_late=is_late(milestone, at or now),
    )
    db.session.add(nomination)
    db.session.flush()
    _record(nomination, "submit", by, now)
    return nomination


def _require_own(group: Group, unit: Unit | None, is_reserve: bool, by: Actor) -> None:
    """A unit fills the quotas per unit in which it has places; a closed list, as that of the 94, is not its to change."""
    if group.quota_kind == QuotaKind.PER_UNIT:
        if unit is None:
            raise Refused("Choose the unit whose place it is.")
        if not queries.has_places(group, unit):
            raise Refused("%(unit)s has no place in “%(group)s”.", unit=unit.name, group=group.name)
        return
    if by.kind == ActorKind.UNIT:
        raise Refused("“%(group)s” is not filled by units: call the office.", group=group.name)
    if group.quota_kind == QuotaKind.OPEN or not is_reserve:
        raise Refused("“%(group)s” is not filled by units: add the delegate to the list itself.", group=group.name)


def _require_few(group: Group, unit: Unit, is_reserve: bool) -> None:
    """A link does not fill the disk."""
    reserved, named = queries.naming_counts(group, unit)
    if named >= NAMINGS or (is_reserve and reserved >= RESERVES):
        raise Refused(
            "%(unit)s has named very many people in “%(group)s” already: call the office.",
            unit=unit.name,
            group=group.name,
        )


def _require_new(
    seminar: Seminar, group: Group, unit: Unit | None, person: DelegateRow, instead_of: Delegate | None
) -> None:
    """Nobody holds two places of a group, nor is named twice for one."""
    there = _same(seminar, person)
    if there is not None and there is instead_of:
        raise Refused("%(name)s holds this place already.", name=there.name)
    if there is not None and group in [one.group for one in there.memberships]:
        raise Refused(
            "%(name)s is in “%(group)s” already, as number %(number)s.",
            name=there.name,
            group=group.name,
            number=there.number,
        )
    query = select(Nomination).where(
        Nomination.group_id == group.id,
        Nomination.unit_id == (unit.id if unit else None),
        Nomination.name_folded == name_key(person.name),
        Nomination.outcome.is_(None),
    )
    for other in db.session.scalars(query):
        if not (other.phone and person.phone) or other.phone == person.phone:
            raise Refused(
                "%(name)s is named for “%(group)s” already; the office has not decided yet.",
                name=other.name,
                group=group.name,
            )


def _place_for(
    group: Group, unit: Unit | None, instead_of: Delegate | None = None, preferred_id: int | None = None
) -> int:
    if instead_of is not None:
        held = next((one for one in instead_of.memberships if one.group is group), None)
        if instead_of.removed_at is not None or held is None or held.place_id is None:
            raise Refused("%(name)s holds no place in “%(group)s” any more.", name=instead_of.name, group=group.name)
        if unit is not None and (held.place is None or held.place.unit_id != unit.id):
            raise Refused("The place of %(name)s is not a place of %(unit)s.", name=instead_of.name, unit=unit.name)
        waiting = queries.open_nomination_for(held.place_id)
        if waiting is not None:
            raise Refused(
                "%(name)s is proposed for this place already; the office has not decided yet.", name=waiting.name
            )
        return held.place_id
    unit_id = unit.id if unit and group.quota_kind == QuotaKind.PER_UNIT else None
    free = queries.free_places([group.id]).get((group.id, unit_id))
    if not free:
        names = queries.holders([group.id], unit_id, given=False)
        raise Refused(
            "Every place in “%(group)s” is taken: %(names)s. Replace one of them, or put this person on the reserve list.",
            group=group.name,
            names=", ".join(names[:10]) or "…………",
        )
    return preferred_id if preferred_id in free else free[0]


def withdraw_nomination(nomination: Nomination, reason: str, by: Actor, now: datetime) -> None:
    """The unit, or the office for it, takes back whom it named. Doing it twice is harmless."""
    seminar = db.session.get_one(Seminar, nomination.seminar_id)
    next_number(seminar)
    db.session.refresh(nomination, ["outcome"])
    if nomination.outcome == NominationOutcome.WITHDRAWN:
        return
    if by.kind == ActorKind.UNIT and is_closed(plans.milestone(seminar, "nominations")):
        raise Refused("Naming delegates is closed. Call the office.")
    _decide(nomination, NominationOutcome.WITHDRAWN, reason, by, now)


def return_nomination(nomination: Nomination, reason: str, by: Actor, now: datetime) -> None:
    """Back to the unit, with a reason; the place is free again, or stays with its holder."""
    if not clean_block(reason):
        raise Refused("Say why it is returned: the unit reads it on its page.")
    next_number(db.session.get_one(Seminar, nomination.seminar_id))
    _decide(nomination, NominationOutcome.RETURNED, reason, by, now)


def approve_nomination(nomination: Nomination, by: Actor, now: datetime, same: Delegate | None = None) -> Delegate:
    """Puts the person on the list, on the place; whoever held it before gives it up.

    `same` is the delegate who this is, where somebody decided so; else identity decides. Somebody who is on the list
    already joins the group, with what was not known of them before; nothing known is overwritten.
    """
    seminar = db.session.get_one(Seminar, nomination.seminar_id)
    next_number(seminar)
    db.session.refresh(nomination, ["outcome", "place_id"])
    if nomination.outcome is None and nomination.place_id is None:
        raise Refused("%(name)s stands on the reserve list: give a free place first.", name=nomination.name)
    person = row_of(nomination)
    same = same or _same(seminar, person)
    holder = nomination.instead_of
    if same is not None and same is not holder and nomination.group in [one.group for one in same.memberships]:
        raise Refused(
            "%(name)s is in “%(group)s” already, as number %(number)s.",
            name=same.name,
            group=nomination.group.name,
            number=same.number,
        )
    per_unit = nomination.group.quota_kind == QuotaKind.PER_UNIT
    if same is not None and per_unit and same.unit_id not in (None, nomination.unit_id):
        # Whoever joins takes a place of their own unit: that would be a place of a unit that did not name them.
        raise Refused(
            "%(name)s is on the list for another unit: change the unit of number %(number)s first, or return the nomination.",
            name=same.name,
            number=same.number,
        )
    _decide(nomination, NominationOutcome.APPROVED, "", by, now)
    if (
        holder is not None
        and holder.removed_at is None
        and nomination.group in [one.group for one in holder.memberships]
    ):
        drop_group(seminar, holder, nomination.group, f"Thay bằng {nomination.name}: {nomination.reason}", by, now)
    if same is not None:
        join_group(seminar, same, nomination.group, person, by, now)
        delegate = same
    else:
        delegate = add_delegate(seminar, person, [nomination.group], by, now)
    membership = next(one for one in delegate.memberships if one.group is nomination.group)
    nomination.place_id, nomination.delegate_id = membership.place_id, delegate.id
    db.session.flush()
    return delegate


def reserve_nomination(nomination: Nomination, by: Actor, now: datetime) -> None:
    """From its place to the reserve list: the place is free again, or stays with its holder. Twice is harmless."""
    next_number(db.session.get_one(Seminar, nomination.seminar_id))
    db.session.refresh(nomination, ["outcome", "place_id"])
    _require_open(nomination)
    if nomination.place_id is not None:
        nomination.place_id, nomination.instead_of_id = None, None
        db.session.flush()
        _record(nomination, "reserve", by, now)


def seat_reserve(nomination: Nomination, by: Actor, now: datetime) -> None:
    """From the reserve list to a free place, where it waits for approval as any other. Twice is harmless."""
    next_number(db.session.get_one(Seminar, nomination.seminar_id))
    db.session.refresh(nomination, ["outcome", "place_id"])
    _require_open(nomination)
    if nomination.place_id is None:
        nomination.place_id = _place_for(nomination.group, nomination.unit)
        db.session.flush()
        _record(nomination, "move", by, now)


def row_of(nomination: Nomination) -> DelegateRow:
    """The person as they would stand on the list."""
    return DelegateRow(
        name=nomination.name,
        position=nomination.position,
        body=nomination.unit.name if nomination.unit else "",
        unit_id=nomination.unit_id,
        gender=nomination.gender,
        birth_year=nomination.birth_year,
        phone=nomination.phone,
        email=nomination.email,
    )


def _same(seminar: Seminar, person: DelegateRow) -> Delegate | None:
    """Who on the list this is, by design.md's rule of identity."""
    folded = name_key(person.name)
    found = People(queries.people(seminar, folded)).same_as(
        Person(
            name_folded=folded,
            phones=frozenset(phone for phone in (person.phone,) if phone),
            email=person.email.casefold(),
            place=place_of(person.unit_id, person.body),
        )
    )
    return db.session.get_one(Delegate, found.id) if found and not found.is_unnamed else None


def _require_open(nomination: Nomination) -> None:
    if nomination.outcome is not None:
        raise Refused("This was decided already: reload the page.")


def _decide(nomination: Nomination, outcome: NominationOutcome, note: str, by: Actor, now: datetime) -> None:
    db.session.refresh(nomination, ["outcome"])
    _require_open(nomination)
    nomination.outcome, nomination.decided_at, nomination.decided_by = outcome, now, by.name[:200]
    nomination.decision_note = shorten(clean_block(note), 500)
    db.session.flush()
    _record(nomination, VERBS[outcome], by, now)


def _record(nomination: Nomination, verb: str, by: Actor, now: datetime) -> None:
    record(
        by,
        now,
        verb,
        "nomination",
        seminar_id=nomination.seminar_id,
        object_id=nomination.id,
        summary=f"{nomination.group.code}: {nomination.name}",
        unit=nomination.unit.name if nomination.unit else "",
        is_late=nomination.is_late,
    )
