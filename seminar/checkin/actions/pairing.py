"""A device becomes a desk by a pairing code, and stops being one."""

import re
from datetime import datetime

from sqlalchemy import select

from seminar.access.actor import Actor, ActorKind, Channel
from seminar.audit.models import record
from seminar.checkin.models import Desk, Pairing
from seminar.checkin.rules import PAIRING_LASTS, pairing_is_open
from seminar.lib import codes
from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.lib.text import clean
from seminar.planning.models import Seminar


def open_pairing(seminar: Seminar, name: str, by: Actor, now: datetime) -> str:
    """Makes a pairing for one device and returns its code, which is kept nowhere: it is shown once."""
    name = clean(name)[:100]
    if not name:
        raise Refused("Give the desk a name, for example the place where it stands.")
    code = codes.pairing_code()
    while db.session.scalar(select(Pairing.id).where(Pairing.code_sha256 == codes.digest(code))):
        code = codes.pairing_code()
    pairing = Pairing(
        seminar_id=seminar.id,
        code_sha256=codes.digest(code),
        name=name,
        created_at=now,
        created_by=by.name,
        expires_at=now + PAIRING_LASTS,
    )
    db.session.add(pairing)
    db.session.flush()
    record(by, now, "open", "pairing", seminar_id=seminar.id, object_id=pairing.id, summary=name)
    return code


def pair_desk(typed_code: str, name: str, address: str, now: datetime, slug: str = "") -> tuple[str, Desk] | None:
    """(token, desk) for a right code; None for a wrong one, which counts against every open pairing at this address.

    The caller commits also after None, so that the wrong try is counted. With a `slug` the code must be that seminar's.
    """
    code = re.sub(r"[\s.\-]", "", typed_code)
    pairing = db.session.scalar(select(Pairing).where(Pairing.code_sha256 == codes.digest(code)).with_for_update())
    seminar = db.session.get(Seminar, pairing.seminar_id) if pairing else None
    if (
        pairing is None
        or seminar is None
        or (slug and seminar.slug != slug)
        or not pairing_is_open(pairing.expires_at, pairing.used_at, pairing.wrong_tries, address, now)
    ):
        still_open = select(Pairing).where(Pairing.used_at.is_(None), Pairing.expires_at > now).with_for_update()
        for one in db.session.scalars(still_open.order_by(Pairing.id)):
            one.wrong_tries = {**one.wrong_tries, address: one.wrong_tries.get(address, 0) + 1}
        return None
    token = codes.token()
    desk = Desk(
        seminar_id=pairing.seminar_id,
        name=free_name(pairing.seminar_id, clean(name)[:100] or pairing.name),
        token_sha256=codes.digest(token),
        paired_at=now,
        paired_by=pairing.created_by,
    )
    pairing.used_at = now
    db.session.add(desk)
    db.session.flush()
    by = Actor(ActorKind.DESK, desk.name, desk.id, channel=Channel.DESK)
    record(by, now, "pair", "desk", seminar_id=desk.seminar_id, object_id=desk.id, summary=desk.name)
    return token, desk


def free_name(seminar_id: int, name: str) -> str:
    """ "Bàn 1", or "Bàn 1 (2)" where a desk in use has that name already: a verdict names the desk."""
    used = set(db.session.scalars(select(Desk.name).where(Desk.seminar_id == seminar_id, Desk.revoked_at.is_(None))))
    found, number = name, 1
    while found in used:
        number += 1
        found = f"{name[:94]} ({number})"
    return found


def revoke_desk(desk: Desk, by: Actor, now: datetime) -> None:
    """Ends the pairing: the device's token opens nothing any more. Revoking twice is harmless."""
    if desk.revoked_at is None:
        desk.revoked_at, desk.revoked_by = now, by.name
        record(by, now, "revoke", "desk", seminar_id=desk.seminar_id, object_id=desk.id, summary=desk.name)
