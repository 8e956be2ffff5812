"""Reads of proxies."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from seminar.delegates.models import Delegate
from seminar.invitations.models import Proxy
from seminar.lib.database import db
from seminar.planning.models import Seminar


def open_proxy_of(delegate: Delegate) -> Proxy | None:
    return db.session.scalar(select(Proxy).where(Proxy.delegate_id == delegate.id, Proxy.outcome.is_(None)))


def proxies_of(seminar: Seminar) -> list[Proxy]:
    """The requests, open ones first, then the latest decided."""
    return list(
        db.session.scalars(
            select(Proxy)
            .join(Delegate, Delegate.id == Proxy.delegate_id)
            .where(Delegate.seminar_id == seminar.id)
            .options(joinedload(Proxy.delegate).options(joinedload(Delegate.unit), selectinload(Delegate.memberships)))
            .order_by(Proxy.outcome.is_not(None), Proxy.decided_at.desc(), Proxy.id)
        )
    )


def proxy_or_404(seminar: Seminar, proxy_id: int) -> Proxy:
    return db.first_or_404(
        select(Proxy)
        .join(Delegate, Delegate.id == Proxy.delegate_id)
        .where(Delegate.seminar_id == seminar.id, Proxy.id == proxy_id)
    )
