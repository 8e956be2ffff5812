"""Reads of proxies."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from seminar.delegates.models import Delegate
from seminar.invitations.models import Invitation, Proxy, ProxyOutcome
from seminar.invitations.queries.states import REFUSES_PROXY, State, with_state
from seminar.lib.database import db
from seminar.lib.text import fold
from seminar.mail.models import Mail, MailStatus
from seminar.planning.models import Seminar, Unit


def open_proxy_of(delegate: Delegate) -> Proxy | None:
    return db.session.scalar(select(Proxy).where(Proxy.delegate_id == delegate.id, Proxy.outcome.is_(None)))


def proxies_of_delegate(delegate: Delegate) -> list[Proxy]:
    """All requests, the newest first."""
    return list(db.session.scalars(select(Proxy).where(Proxy.delegate_id == delegate.id).order_by(Proxy.id.desc())))


def proxies_in_force(delegate_ids: Iterable[int]) -> dict[int, Proxy]:
    """Who comes instead, by the id of the delegate, in one statement; lists name both."""
    query = (
        select(Proxy)
        .join(Invitation, Invitation.proxy_id == Proxy.id)
        .where(Invitation.revoked_at.is_(None), Proxy.delegate_id.in_(list(delegate_ids)))
    )
    return {proxy.delegate_id: proxy for proxy in db.session.scalars(query)}


@dataclass(frozen=True)
class ProxyRow:
    """One request with what came of it."""

    proxy: Proxy
    invitation: Invitation | None
    """What is in force for the delegate now, whoever bears it."""
    ended: Invitation | None
    """The proxy's own invitation, where it was revoked since."""
    is_told: bool
    """The letter went to the approved proxy, or the refusal to the delegate."""
    namesakes: list[int]
    """Numbers of others on the list who bear the proxy's name: perhaps the same person is counted twice."""

    @property
    def is_in_force(self) -> bool:
        """The proxy's code opens the door."""
        return self.invitation is not None and self.invitation.proxy_id == self.proxy.id


def proxy_rows(seminar: Seminar) -> list[ProxyRow]:
    """The requests, open ones first, then the latest decided, in a number of statements that does not grow.

    Of somebody taken off the list nothing waits for a decision any more.
    """
    proxies = list(
        db.session.scalars(
            select(Proxy)
            .join(Delegate, Delegate.id == Proxy.delegate_id)
            .where(Delegate.seminar_id == seminar.id, or_(Delegate.removed_at.is_(None), Proxy.outcome.is_not(None)))
            .options(
                joinedload(Proxy.delegate).options(
                    joinedload(Delegate.unit).lazyload(Unit.aliases), selectinload(Delegate.memberships)
                )
            )
            .order_by(Proxy.outcome.is_not(None), Proxy.decided_at.desc(), Proxy.id)
        )
    )
    delegate_ids = {proxy.delegate_id for proxy in proxies}
    in_force, own = {}, {}
    for one in db.session.scalars(
        select(Invitation).where(Invitation.delegate_id.in_(delegate_ids)).order_by(Invitation.id)
    ):
        if one.proxy_id is not None:
            own[one.proxy_id] = one
        if one.revoked_at is None:
            in_force[one.delegate_id] = one
    unsent = set(
        db.session.scalars(with_state(select(Delegate.id).where(Delegate.id.in_(delegate_ids)), State.NOT_SENT))
    )
    told: dict[int | None, datetime] = dict(
        db.session.execute(
            select(Mail.delegate_id, func.max(Mail.created_at))
            .where(
                Mail.delegate_id.in_(delegate_ids),
                Mail.purpose == REFUSES_PROXY,
                Mail.status.not_in((MailStatus.FAILED, MailStatus.CANCELLED)),
            )
            .group_by(Mail.delegate_id)
        ).all()
    )
    namesakes = _namesakes(seminar, proxies)
    rows = []
    for proxy in proxies:
        bearer, invitation = own.get(proxy.id), in_force.get(proxy.delegate_id)
        if proxy.outcome == ProxyOutcome.REFUSED:
            at = told.get(proxy.delegate_id)
            is_told = at is not None and proxy.decided_at is not None and at >= proxy.decided_at
        else:
            is_told = invitation is not None and proxy.delegate_id not in unsent
        rows.append(
            ProxyRow(
                proxy,
                invitation,
                bearer if bearer and bearer.revoked_at else None,
                is_told,
                [number for number in namesakes[fold(proxy.name)] if number != proxy.delegate.number],
            )
        )
    return rows


def _namesakes(seminar: Seminar, proxies: list[Proxy]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    rows = db.session.execute(
        select(Delegate.name_folded, Delegate.number)
        .where(
            Delegate.seminar_id == seminar.id,
            Delegate.removed_at.is_(None),
            Delegate.name_folded.in_({fold(proxy.name) for proxy in proxies}),
        )
        .order_by(Delegate.number)
    )
    for name, number in rows:
        found[name].append(number)
    return found


def proxy_or_404(seminar: Seminar, proxy_id: int) -> Proxy:
    return db.first_or_404(
        select(Proxy)
        .join(Delegate, Delegate.id == Proxy.delegate_id)
        .where(Delegate.seminar_id == seminar.id, Proxy.id == proxy_id)
    )
