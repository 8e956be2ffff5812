"""What is pressed on the boards of the day: an important guest was met, whose names are read out, the welcome screen."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from seminar.access.actor import Actor
from seminar.audit.models import record
from seminar.checkin.models import Greeting, Screen
from seminar.checkin.queries.boards import INTRODUCED, introduced_by_name, screen_of
from seminar.delegates.models import Delegate
from seminar.lib import codes
from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.lib.text import clean
from seminar.planning.models import Group, Seminar

SECONDS_SHOWN = (5, 60)


def greeting_of(delegate: Delegate) -> Greeting | None:
    """That the guest was met, as it stands."""
    return db.session.scalar(
        select(Greeting).where(Greeting.delegate_id == delegate.id, Greeting.withdrawn_at.is_(None))
    )


def greet(delegate: Delegate, met_by: str, by: Actor, now: datetime) -> tuple[Greeting, bool]:
    """(what stands, whether this press made it): of two that press, the first is kept. Nobody named means the presser."""
    found = greeting_of(delegate)
    if found:
        return found, False
    greeting = Greeting(
        seminar_id=delegate.seminar_id,
        delegate_id=delegate.id,
        met_by=clean(met_by)[:200] or by.name[:200],
        at=now,
        by=by.name[:200],
    )
    try:
        with db.session.begin_nested():
            db.session.add(greeting)
    except IntegrityError:
        found = greeting_of(delegate)
        if found is None:
            raise
        return found, False
    record(
        by,
        now,
        "confirm",
        "greeting",
        seminar_id=delegate.seminar_id,
        object_id=delegate.id,
        summary=delegate.name,
        met_by=greeting.met_by,
    )
    return greeting, True


def take_back_greeting(delegate: Delegate, by: Actor, now: datetime) -> None:
    """The guest is to be met again; where nothing stands nothing happens."""
    greeting = greeting_of(delegate)
    if greeting is None:
        return
    greeting.withdrawn_at, greeting.withdrawn_by = now, by.name[:200]
    record(
        by,
        now,
        "withdraw",
        "greeting",
        seminar_id=delegate.seminar_id,
        object_id=delegate.id,
        summary=delegate.name,
    )


def _known(groups: list[Group], wanted: Collection[str]) -> list[str]:
    return [group.code for group in groups if group.code in wanted]


def choose_introduced(seminar: Seminar, groups: list[Group], wanted: Collection[str], by: Actor, now: datetime) -> None:
    """The groups whose people the MC names one by one; the others are one line with their count."""
    chosen = _known(groups, wanted)
    if chosen == introduced_by_name(seminar, groups):
        return
    seminar.settings = {**seminar.settings, INTRODUCED: chosen}
    record(by, now, "choose", "introduction", seminar_id=seminar.id, summary=", ".join(chosen))


def set_screen(
    seminar: Seminar, groups: list[Group], wanted: Collection[str], seconds: int | None, by: Actor, now: datetime
) -> Screen:
    """Opens the welcome screen, or changes whose names it shows and how long each; its address stays."""
    least, most = SECONDS_SHOWN
    if seconds is None or not least <= seconds <= most:
        raise Refused("Say from %(least)d to %(most)d seconds.", least=least, most=most)
    screen = screen_of(seminar)
    if screen is None:
        screen = _opened(seminar, by, now)
    screen.groups, screen.seconds = _known(groups, wanted), seconds
    db.session.add(screen)
    db.session.flush()
    record(
        by,
        now,
        "change",
        "welcome screen",
        seminar_id=seminar.id,
        object_id=screen.id,
        summary=", ".join(screen.groups),
        seconds=seconds,
    )
    return screen


def _opened(seminar: Seminar, by: Actor, now: datetime) -> Screen:
    return Screen(
        seminar_id=seminar.id, code=codes.link_code(), groups=[], seconds=10, opened_at=now, opened_by=by.name[:200]
    )


def renew_screen(seminar: Seminar, by: Actor, now: datetime) -> None:
    """The old address ends at once, a new one shows the same."""
    old = screen_of(seminar)
    if old is None:
        raise Refused("There is no welcome screen yet: choose the groups and save.")
    old.ended_at, old.ended_by = now, by.name[:200]
    db.session.flush()
    fresh = _opened(seminar, by, now)
    fresh.groups, fresh.seconds = old.groups, old.seconds
    db.session.add(fresh)
    db.session.flush()
    record(by, now, "reissue", "welcome screen", seminar_id=seminar.id, object_id=fresh.id)
