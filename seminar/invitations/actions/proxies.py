"""Somebody else comes instead: proposed, decided, taken back. Both names stay, a code opens for one of them at a time."""

from datetime import datetime

from seminar.access.actor import Actor, ActorKind, said_by
from seminar.audit.models import record
from seminar.delegates.importing.names import people_in, split_name
from seminar.delegates.models import Delegate
from seminar.invitations import queries
from seminar.invitations.actions.answers import append_answer, require_open, said_at
from seminar.invitations.actions.letters import invite_instead, one_at_a_time, revoke
from seminar.invitations.models import Answer, Invitation, Proxy, ProxyOutcome
from seminar.lib import phones
from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.lib.text import clean, clean_block, shorten
from seminar.mail.rules import sendable
from seminar.planning.models import ProxyRule

VERBS = {ProxyOutcome.APPROVED: "approve", ProxyOutcome.REFUSED: "refuse", ProxyOutcome.WITHDRAWN: "withdraw"}


def propose_proxy(
    delegate: Delegate,
    name: str,
    position: str,
    phone: str,
    email: str,
    reason: str,
    by: Actor,
    now: datetime,
    *,
    at: datetime | None = None,
    told_by: str = "",
) -> Proxy:
    """Asks that somebody else come. By the rule of the primary group it is approved at once, waits for the office, or
    is refused.

    A proxy who cannot come either is replaced by the office, never by the holder of the proxy's own code. `at` and
    `told_by` as in `answer`.
    """
    invitation = require_open(delegate)
    rule = delegate.group.proxy_rule
    if rule == ProxyRule.NONE:
        raise Refused("Members of this group come in person: nobody can come instead. Say that you cannot come.")
    if invitation.proxy_id is not None and by.kind == ActorKind.DELEGATE:
        raise Refused("Whoever comes instead cannot name somebody else. Call the office.")
    name = split_name(clean(name))[0]
    if not name:
        raise Refused("Give the name of the person who comes instead.")
    if len(people_in(name)) > 1:
        raise Refused("One person comes instead: name only one.")
    number = phones.domestic(phone) if clean(phone) else ""
    if number is None:
        raise Refused("“%(phone)s” is not a telephone number.", phone=phone)
    address = email.strip()
    if address and sendable(address) is None:
        raise Refused("“%(email)s” is not an e-mail address.", email=address)
    if queries.open_proxy_of(delegate) is not None:
        raise Refused("Somebody was already proposed to come instead; the office has not decided yet.")
    proxy = Proxy(
        delegate_id=delegate.id,
        name=shorten(name, 200),
        position=shorten(clean(position), 300),
        phone=number,
        email=address[:254],
        reason=shorten(clean_block(reason), 500),
        proposed_at=said_at(delegate, at, now),
        proposed_by=said_by(by.name, clean(told_by))[:200],
        channel=by.channel,
    )
    proxy.delegate = delegate
    db.session.add(proxy)
    db.session.flush()
    _record(proxy, "propose", by, now)
    if rule == ProxyRule.FREE:
        _approve(proxy, invitation, "", by, now)
    return proxy


def decide_proxy(proxy: Proxy, approve: bool, note: str, by: Actor, now: datetime) -> None:
    """Approved: the old code is revoked, the proxy gets an own one, both names stay. A decision is made once."""
    _require_undecided(proxy)
    if not approve:
        _decide(proxy, ProxyOutcome.REFUSED, note, by, now)
        return
    invitation = queries.in_force_of(proxy.delegate)
    if invitation is None:
        raise Refused("%(name)s has no invitation in force: issue a letter.", name=proxy.delegate.name)
    _approve(proxy, invitation, note, by, now)


def withdraw_proxy(proxy: Proxy, reason: str, by: Actor, now: datetime) -> None:
    """The delegate comes in person after all.

    A request that waits is withdrawn. An approved one stays as it was decided; the proxy's code is revoked, and the
    delegate gets a new one on the same letter. Doing it twice is harmless.
    """
    one_at_a_time(proxy.delegate.seminar_id)
    db.session.refresh(proxy, ["outcome"])
    if proxy.outcome is None:
        _decide(proxy, ProxyOutcome.WITHDRAWN, reason, by, now)
        return
    if proxy.outcome != ProxyOutcome.APPROVED:
        raise Refused("This request was decided already.")
    delegate = proxy.delegate
    if delegate.removed_at is not None:
        raise Refused("%(name)s is no longer on the list of delegates.", name=delegate.name)
    invitation = queries.in_force_of(delegate)
    if invitation is None or invitation.proxy_id != proxy.id:
        return
    revoke(invitation, clean(f"Đại biểu trực tiếp dự. {reason}"), by, now)
    invite_instead(invitation, None, by, now)
    append_answer(delegate, Answer.ATTENDING, "", by, now)
    _record(proxy, "withdraw", by, now)


def _require_undecided(proxy: Proxy) -> None:
    one_at_a_time(proxy.delegate.seminar_id)
    db.session.refresh(proxy, ["outcome"])
    if proxy.outcome is not None:
        raise Refused("This request was decided already.")
    if proxy.delegate.removed_at is not None:
        raise Refused("%(name)s is no longer on the list of delegates.", name=proxy.delegate.name)


def _approve(proxy: Proxy, invitation: Invitation, note: str, by: Actor, now: datetime) -> None:
    _decide(proxy, ProxyOutcome.APPROVED, note, by, now)
    revoke(invitation, f"Người dự thay: {proxy.name}", by, now)
    invite_instead(invitation, proxy.id, by, now)
    append_answer(proxy.delegate, Answer.ATTENDING, "", by, now)


def _decide(proxy: Proxy, outcome: ProxyOutcome, note: str, by: Actor, now: datetime) -> None:
    proxy.outcome, proxy.decided_at, proxy.decided_by = outcome, now, by.name[:200]
    proxy.decision_note = shorten(clean_block(note), 500)
    db.session.flush()
    _record(proxy, VERBS[outcome], by, now)


def _record(proxy: Proxy, verb: str, by: Actor, now: datetime) -> None:
    delegate = proxy.delegate
    record(
        by,
        now,
        verb,
        "proxy",
        seminar_id=delegate.seminar_id,
        object_id=proxy.id,
        summary=f"{delegate.name}: {proxy.name}",
    )
