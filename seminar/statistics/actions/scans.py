"""The printed form as signed and stamped: attached to the version that was printed, and withdrawn."""

from datetime import datetime

from seminar.access.actor import Actor
from seminar.audit.models import record
from seminar.lib import files
from seminar.lib.database import db
from seminar.lib.errors import N_, Refused
from seminar.minutes.checking import OTHER_KIND, TOO_MANY_PIXELS, CheckedFile, check_file
from seminar.papers.checking import pdf
from seminar.statistics.models import ReturnVersion, SignedScan
from seminar.statistics.queries.sheets import hold_sheet

BEGINS = (b"%PDF-", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")
MOST_SCANS = 20
MOST_PIXELS = 89_000_000
"""A page of A3 at 600 dots an inch has 70 million; a browser on a telephone opens no more."""
NO_SCAN = N_("A signed scan is a PDF or a photo (JPEG, PNG): scan or photograph the signed page.")
DAMAGED = N_("The PDF is damaged or was cut off. Scan or photograph the signed page anew and send that.")
SAID = {
    OTHER_KIND.msgid: NO_SCAN,
    pdf.DAMAGED.msgid: DAMAGED,
    pdf.SEVERAL_KINDS.msgid: DAMAGED,
    pdf.TOO_LONG: N_("The PDF has %(pages)d pages: send the signed pages only, at most %(most)d."),
    TOO_MANY_PIXELS.msgid: N_(
        "The picture is too large to be opened: over 89 million pixels. Scan at 300 dots an inch, or photograph with fewer pixels, and send that."
    ),
}
"""What is said of papers and notes, as whoever sends a signed page must hear it."""


def check_scan(filename: str, content: bytes) -> CheckedFile:
    """By its content, in a child process; call it, and `keep_scan`, before writing."""
    if content and not content.startswith(BEGINS):
        raise Refused(NO_SCAN)
    try:
        return check_file(filename, content, MOST_PIXELS)
    except Refused as refusal:
        said = SAID.get(refusal.message.msgid, refusal.message.msgid)
        raise Refused(said, **refusal.message.values) from None


def keep_scan(checked: CheckedFile) -> None:
    """Before the first statement of the transaction that attaches it; goes again where that is not committed."""
    files.keep(checked.content, with_rows=True)


def attach_scan(version: ReturnVersion, checked: CheckedFile, by: Actor, now: datetime) -> SignedScan:
    """The same file again is kept once, under its first name; one that was withdrawn comes back. `keep_scan` was called
    before.
    """
    hold_sheet(version.of.period.sheet)
    db.session.refresh(version, ["scans"])
    known = next((one for one in version.scans if one.file_sha256 == checked.sha256), None)
    if known is not None and known.withdrawn_at is None:
        return known
    if sum(one.withdrawn_at is None for one in version.scans) >= MOST_SCANS:
        raise Refused("A version has at most %(most)d scans.", most=MOST_SCANS)
    if known is None:
        known = SignedScan(
            filename=checked.filename[:300],
            media_type=checked.media_type,
            file_sha256=checked.sha256,
            size_bytes=len(checked.content),
            at=now,
            by=by.name[:200],
            channel=by.channel,
        )
        version.scans.append(known)
    else:
        known.withdrawn_at, known.withdrawn_by = None, ""
        known.filename, known.at, known.by, known.channel = checked.filename[:300], now, by.name[:200], by.channel
    db.session.flush()
    _say(known, "add", by, now)
    return known


def withdraw_scan(scan: SignedScan, by: Actor, now: datetime) -> None:
    """It is shown no more and stays as a record; twice is harmless."""
    if scan.withdrawn_at is None:
        scan.withdrawn_at, scan.withdrawn_by = now, by.name[:200]
        _say(scan, "withdraw", by, now)


def _say(scan: SignedScan, verb: str, by: Actor, now: datetime) -> None:
    of = scan.version.of
    record(
        by,
        now,
        verb,
        "signed scan",
        seminar_id=of.period.sheet.seminar_id,
        object_id=of.unit_id,
        summary=f"{of.unit.name}: {scan.filename}",
        version=scan.version.number,
    )
