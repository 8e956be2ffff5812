"""What was copied from the list on paper."""

from sqlalchemy import exists, select
from sqlalchemy.orm import aliased, joinedload

from seminar.checkin.models import Scan, ScanKind, Source
from seminar.delegates.models import Delegate
from seminar.lib.database import db
from seminar.planning.models import Seminar


def standing_ticks(seminar_id: int, sitting_id: int | None) -> dict[int, Scan]:
    """The entry from paper that stands, by delegate; those taken back are left out."""
    annulment = aliased(Scan)
    query = select(Scan).where(
        Scan.seminar_id == seminar_id,
        Scan.source == Source.PAPER,
        Scan.kind == ScanKind.ENTRY,
        Scan.entered_by != "",
        Scan.delegate_id.is_not(None),
        Scan.sitting_id.is_(None) if sitting_id is None else Scan.sitting_id == sitting_id,
        ~exists().where(annulment.annuls == Scan.id, annulment.seminar_id == seminar_id),
    )
    rows = db.session.scalars(query.options(joinedload(Scan.delegate)).order_by(Scan.received_at, Scan.id))
    return {scan.delegate_id: scan for scan in rows if scan.delegate_id is not None}


def ids_by_number(seminar: Seminar) -> dict[int, int]:
    """Whom the numbers printed on the list mean."""
    listed = (Delegate.seminar_id == seminar.id, Delegate.removed_at.is_(None))
    return {number: found for found, number in db.session.execute(select(Delegate.id, Delegate.number).where(*listed))}


def tick_or_404(seminar: Seminar, scan_id: str) -> Scan:
    """An entry copied from paper, with its delegate."""
    return db.first_or_404(
        select(Scan)
        .where(Scan.id == scan_id, Scan.seminar_id == seminar.id, Scan.source == Source.PAPER, Scan.entered_by != "")
        .options(joinedload(Scan.delegate))
    )
