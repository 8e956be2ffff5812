"""What the office does with the plan: day, venue, findings, milestones."""

from datetime import date, datetime
from typing import Any

from seminar.access.actor import Actor
from seminar.audit.models import record
from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.lib.text import clean, clean_block
from seminar.mail.actions import stop_telling
from seminar.planning.actions.places import allot_places
from seminar.planning.models import (
    Audience,
    Finding,
    Group,
    LegalBasis,
    LetterKind,
    ProxyRule,
    QuotaKind,
    Seminar,
    Topic,
    Venue,
)
from seminar.planning.queries import has_issued_letters, seminar_by_slug
from seminar.planning.rules import default_milestones

GROUP_FACTS = (
    *("code", "name", "protocol_rank", "audience", "letter_kind", "quota_kind", "quota_count"),
    *("unit_kinds", "proxy_rule", "is_met", "hand_out", "aliases"),
)
"""What a new seminar takes over of the groups of an earlier one."""
BASIS_FACTS = ("position", "kind", "number", "issued_on", "issuer", "subject")
TOPIC_FACTS = ("position", "title", "text")


def confirm_venue(seminar: Seminar, venue: Venue, by: Actor, now: datetime) -> tuple[bool, int]:
    """Settles where the seminar is held; the other candidates stay as notes. Confirming the same again is harmless.

    Returns whether people were told another venue by letter, and must be told again (domain.md Đ2); and how many
    messages that tell the other one had not left and were stopped.
    """
    if venue.confirmed_at:
        return False, 0
    was_told = seminar.venue is not None and has_issued_letters(seminar)
    before = seminar.venue.name if seminar.venue else ""
    for other in seminar.venues:
        other.confirmed_at, other.confirmed_by = None, ""
    db.session.flush()  # the old confirmation goes before the new one comes: one at a time in the database
    venue.confirmed_at, venue.confirmed_by = now, by.name
    record(by, now, "confirm", "venue", seminar_id=seminar.id, object_id=venue.id, summary=venue.name, before=before)
    return was_told, stop_telling(seminar.id, by, now)


def settle_finding(finding: Finding, settlement: str, by: Actor, now: datetime) -> None:
    """Writes down how a contradiction of the plan was decided; deciding again replaces the text, the audit keeps both."""
    settlement = clean_block(settlement)
    if not settlement:
        raise Refused("Write how it was settled.")
    finding.settlement, finding.settled_at, finding.settled_by = settlement, now, by.name
    record(
        by,
        now,
        "settle",
        "finding",
        seminar_id=finding.seminar_id,
        object_id=finding.id,
        summary=finding.code,
        settlement=settlement,
    )


def create_seminar(
    title: str, slug: str, held_on: date | None, venues: list[str], like: Seminar | None, by: Actor, now: datetime
) -> Seminar:
    """A new seminar, unconfirmed: no letter can be issued yet. Groups, bases, topics, recipients and contact are taken
    over from an earlier one, if given; milestones are proposed, counted back from the day.
    """
    if seminar_by_slug(slug):
        raise Refused("There is already a seminar with the address “%(slug)s”. Choose another short name.", slug=slug)
    seminar = Seminar(slug=slug, title=clean(title), held_on=held_on, created_at=now, settings={})
    seminar.venues = [Venue(name=clean(name)[:300]) for name in venues if clean(name)]
    if like is not None:
        seminar.issuer, seminar.settings = like.issuer, dict(like.settings)
        seminar.contact_name, seminar.contact_phone = like.contact_name, like.contact_phone
        seminar.contact_email, seminar.dress = like.contact_email, like.dress
        seminar.groups = [Group(**_facts(group, GROUP_FACTS)) for group in like.groups]
        seminar.bases = [LegalBasis(**_facts(basis, BASIS_FACTS)) for basis in like.bases]
        seminar.topics = [Topic(**_facts(topic, TOPIC_FACTS)) for topic in like.topics]
    else:
        seminar.groups = [unassigned_group()]
    if held_on is not None:
        seminar.milestones = default_milestones(held_on)
    db.session.add(seminar)
    db.session.flush()
    for topic, earlier in zip(seminar.topics, like.topics if like else (), strict=bool(like)):
        topic.subtopics = [Topic(seminar_id=seminar.id, **_facts(one, TOPIC_FACTS)) for one in earlier.subtopics]
    allot_places(seminar)
    record(by, now, "create", "seminar", seminar_id=seminar.id, object_id=seminar.id, summary=seminar.title)
    return seminar


def _facts(row: Any, names: tuple[str, ...]) -> dict[str, Any]:
    """The values as copies: a list of one row must not be that of another."""
    values = {name: getattr(row, name) for name in names}
    return {name: list(value) if isinstance(value, list) else value for name, value in values.items()}


def unassigned_group() -> Group:
    """The group of those whose group is not yet known: no quota, last in protocol."""
    return Group(
        code="KHAC",
        name="Chưa phân nhóm",
        protocol_rank=999,
        audience=Audience.UNASSIGNED,
        letter_kind=LetterKind.INVITATION,
        quota_kind=QuotaKind.OPEN,
        proxy_rule=ProxyRule.APPROVAL,
    )


def change_details(seminar: Seminar, values: dict[str, Any], by: Actor, now: datetime) -> int:
    """Changes title, day, hours, contact. What changed is in the audit entry, before and after.

    Returns how many messages that tell the old day or hour had not left and were stopped.
    """
    begins, ends = values.get("starts_at"), values.get("ends_at")
    if begins and ends and ends <= begins:
        raise Refused(
            "The seminar must end after it begins: %(begins)s to %(ends)s.", begins=str(begins), ends=str(ends)
        )
    changed = {}
    for name, value in values.items():
        before = getattr(seminar, name)
        if isinstance(before, str):
            value = clean(value)
        if before != value:
            changed[name] = [str(before or ""), str(value or "")]
            setattr(seminar, name, value)
    if changed:
        record(
            by, now, "change", "seminar", seminar_id=seminar.id, object_id=seminar.id, summary=seminar.title, **changed
        )
    return stop_telling(seminar.id, by, now) if changed.keys() & {"held_on", "starts_at"} else 0


def announce(seminar: Seminar, is_announced: bool, by: Actor, now: datetime) -> None:
    """Shows the seminar on the public front page, or takes it away again."""
    if seminar.is_announced != is_announced:
        seminar.is_announced = is_announced
        verb = "announce" if is_announced else "withdraw"
        record(by, now, verb, "seminar", seminar_id=seminar.id, object_id=seminar.id, summary=seminar.title)
