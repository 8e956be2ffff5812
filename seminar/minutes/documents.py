"""The minutes (biên bản) as a Word file, in the outline of domain.md 2.4."""

from datetime import datetime

from seminar.planning.models import Seminar


def minutes_docx(seminar: Seminar, now: datetime) -> bytes:
    return b""
