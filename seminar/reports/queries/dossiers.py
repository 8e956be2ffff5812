"""Reads of the handover dossiers: those that wait, are being packed, and were packed."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select

from seminar.lib import files
from seminar.lib.database import db
from seminar.planning.models import Seminar
from seminar.reports.models import BuildState, Dossier
from seminar.reports.rules.proceedings import SILENT_FOR

MOST_DOSSIERS = 20


def dossiers_of(seminar: Seminar) -> list[Dossier]:
    """The latest first."""
    query = select(Dossier).where(Dossier.seminar_id == seminar.id).order_by(Dossier.id.desc()).limit(MOST_DOSSIERS)
    return list(db.session.scalars(query))


def is_kept(dossier: Dossier) -> bool:
    """Its file is there; after a restore it is not, since backups do without it."""
    return dossier.sha256 != "" and files.path_of(dossier.sha256).exists()


def dossier_or_404(seminar: Seminar, dossier_id: int) -> Dossier:
    return db.first_or_404(select(Dossier).where(Dossier.seminar_id == seminar.id, Dossier.id == dossier_id))


def under_way(seminar: Seminar) -> Dossier | None:
    states = (BuildState.WAITING, BuildState.RUNNING)
    return db.session.scalar(select(Dossier).where(Dossier.seminar_id == seminar.id, Dossier.state.in_(states)))


def dossiers_wait(now: datetime) -> bool:
    """Whether there is one to take up: one that waits, or whose builder has been silent for too long."""
    return db.session.scalar(select(Dossier.id).where(is_free(now)).limit(1)) is not None


def is_free(now: datetime) -> ColumnElement[bool]:
    is_dead = and_(Dossier.state == BuildState.RUNNING, Dossier.told_at < now - SILENT_FOR)
    return or_(Dossier.state == BuildState.WAITING, is_dead)
