"""Numbers from the outgoing register, drafts, settings and templates of documents; what was issued is kept as it was."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from seminar.access.actor import Actor
from seminar.audit.models import record
from seminar.documents import queries, rules
from seminar.documents.models import DocumentKind, Draft, IssuedDocument, NumberStart, Purpose, WordTemplate
from seminar.lib.clock import local, short_date
from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.lib.text import clean, clean_block, shorten
from seminar.planning.models import Seminar

TRIES = 20
"""On PostgreSQL another office may take the same number at the same moment: the unique constraint decides, we ask again."""
MOST_NUMBER = 99_999


def take_number(
    seminar: Seminar,
    kind: DocumentKind,
    subject: str,
    by: Actor,
    now: datetime,
    addressee_count: int = 0,
    *,
    addressees: Sequence[str] = (),
    drafted_by: str = "",
    copies: int | None = None,
) -> IssuedDocument:
    """The next number of the kind in the congress term, from 01; the register keeps it for ever, also if unused. Without
    `copies` they are those of the settings' Nơi nhận.
    """
    settings = rules.settings_of(seminar.settings)
    rows = settings.rows_for(kind)
    for _ in range(TRIES):
        number = queries.next_number(settings, kind)
        document = IssuedDocument(
            seminar_id=seminar.id,
            number=number,
            subject=subject[:500],
            issued_on=local(now).date(),
            addressees="\n".join(addressees or [row.to for row in rows if row.to != rules.LIKE_ABOVE]),
            addressee_count=addressee_count,
            copies=rules.copies_of(rows, addressee_count) if copies is None else copies,
            drafted_by=drafted_by or by.name,
            **_entry(settings, kind, number, by, now),
        )
        try:
            with db.session.begin_nested():
                db.session.add(document)
        except IntegrityError:
            continue
        record(
            by,
            now,
            "issue",
            "document",
            seminar_id=seminar.id,
            object_id=document.id,
            summary=document.symbol,
            addressee_count=addressee_count,
        )
        return document
    raise Refused("The register of numbers is busy. Try again.")


def _entry(
    settings: rules.DocumentSettings, kind: DocumentKind, number: int, by: Actor, now: datetime
) -> dict[str, Any]:
    return {
        "term": settings.term,
        "issuer": settings.issuer,
        "kind": kind,
        "symbol": rules.symbol(number, kind, settings),
        "signer": rules.signer_of(settings)[:300],
        "issued_at": now,
        "issued_by": by.name,
    }


def _require_day(issued_on: date, now: datetime) -> None:
    """A register writes down what has left: no document bears a day to come."""
    if issued_on > local(now).date():
        raise Refused(
            "%(day)s is still to come: write the day on which the document was issued.", day=short_date(issued_on)
        )


def register_outside(
    seminar: Seminar,
    kind: DocumentKind,
    number: int | None,
    subject: str,
    issued_on: date,
    addressees: Sequence[str],
    copies: int,
    note: str,
    by: Actor,
    now: datetime,
    *,
    signer: str | None = None,
    drafted_by: str | None = None,
) -> IssuedDocument:
    """A document that was made elsewhere, with the number it bears, or the next one. Refused where the number is taken.
    Where nothing is said, the signer is that of the settings and who enters it has drafted it.
    """
    _require_day(issued_on, now)
    settings = rules.settings_of(seminar.settings)
    number = number or queries.next_number(settings, kind)
    if number > MOST_NUMBER:
        raise Refused("A number is at most %(most)s.", most=MOST_NUMBER)
    document = IssuedDocument(
        seminar_id=seminar.id,
        number=number,
        subject=shorten(clean(subject), 500),
        issued_on=issued_on,
        addressees="\n".join(addressees),
        addressee_count=len(addressees),
        copies=copies,
        drafted_by=by.name if drafted_by is None else shorten(clean(drafted_by), 200),
        is_outside=True,
        note=shorten(clean(note), 500),
        **_entry(settings, kind, number, by, now),
    )
    if signer is not None:
        document.signer = shorten(clean(signer), 300)
    try:
        with db.session.begin_nested():
            db.session.add(document)
    except IntegrityError:
        raise Refused("Number %(symbol)s is taken already: see the register.", symbol=document.symbol) from None
    record(by, now, "register", "document", seminar_id=seminar.id, object_id=document.id, summary=document.symbol)
    return document


def start_numbers(
    seminar: Seminar, kind: DocumentKind, next_number: int, reason: str, by: Actor, now: datetime
) -> NumberStart:
    """Sets the next number upward, because other numbers were given out on paper; never down to one that is taken."""
    settings = rules.settings_of(seminar.settings)
    coming = queries.next_number(settings, kind)
    if next_number <= coming:
        raise Refused("The next number is %(coming)s already: it can only be set higher.", coming=coming)
    if next_number > MOST_NUMBER:
        raise Refused("A number is at most %(most)s.", most=MOST_NUMBER)
    if not clean(reason):
        raise Refused("Say why the numbers go on elsewhere: it stands in the register.")
    start = NumberStart(
        seminar_id=seminar.id,
        term=settings.term,
        issuer=settings.issuer,
        kind=kind,
        next_number=next_number,
        after_number=coming - 1,
        reason=shorten(clean(reason), 300),
        set_at=now,
        set_by=by.name,
    )
    db.session.add(start)
    db.session.flush()
    record(
        by,
        now,
        "change",
        "register",
        seminar_id=seminar.id,
        summary=f"số tiếp theo là {rules.symbol(next_number, kind, settings)}, {start.reason}",
    )
    return start


CORRECTED = {
    "copies": "số bản",
    "note": "ghi chú",
    "subject": "trích yếu",
    "issued_on": "ngày",
    "addressees": "nơi nhận",
    "signer": "người ký",
    "drafted_by": "người soạn",
}
"""What may be corrected in the register, in the words of the log; the last five only of what was entered by hand."""
OF_ALL = ("copies", "note")


def correct_document(document: IssuedDocument, values: dict[str, Any], by: Actor, now: datetime) -> bool:
    """Corrects the entry in the register, not the document; the log says what stood there before."""
    changed: dict[str, list[str]] = {}
    if isinstance(values.get("issued_on"), date):
        _require_day(values["issued_on"], now)
    for name, value in values.items():
        if name not in (CORRECTED if document.is_outside else OF_ALL):
            raise Refused("What the program issued stands as it was issued: only copies and remark can be corrected.")
        before = getattr(document, name)
        if before != value:
            setattr(document, name, value)
            changed[name] = [_said(before), _said(value)]
    if changed:
        _record_correction(document, changed, by, now)
    return bool(changed)


def _record_correction(document: IssuedDocument, changed: dict[str, list[str]], by: Actor, now: datetime) -> None:
    said = "; ".join(f"{CORRECTED[name]}: {new} (trước là {old})" for name, (old, new) in changed.items())
    record(
        by,
        now,
        "change",
        "entry",
        seminar_id=document.seminar_id,
        object_id=document.id,
        summary=f"{document.symbol}, {said}",
        **changed,
    )


def _said(value: Any) -> str:
    if isinstance(value, date):
        return short_date(value)
    return str(value).replace("\n", "; ") or "chỗ trống"


def leave_unused(document: IssuedDocument, reason: str, by: Actor, now: datetime) -> None:
    """The number came to nothing; it stays in the register and is not given out again. Twice is harmless."""
    if document.unused_at is not None:
        return
    if document.kind in (DocumentKind.INVITATION, DocumentKind.SUMMONS) and not document.is_outside:
        raise Refused("Personal letters bear this number: revoke them one by one instead.")
    if not clean(reason):
        raise Refused("Say why the number is not used: it stands in the register.")
    document.unused_at, document.unused_by = now, by.name
    document.unused_because = shorten(clean(reason), 300)
    record(
        by,
        now,
        "leave",
        "entry",
        seminar_id=document.seminar_id,
        object_id=document.id,
        summary=f"{document.symbol}, {document.unused_because}",
    )


def keep_issued(document: IssuedDocument, file_sha256: str, word_sha256: str = "") -> None:
    """Writes down which files are the document as it was issued; the first stay."""
    if not document.file_sha256:
        document.file_sha256 = file_sha256
    if not document.word_sha256:
        document.word_sha256 = word_sha256


def change_settings(seminar: Seminar, values: dict[str, Any], by: Actor, now: datetime) -> bool:
    """Changes what differs in the documents' part of the settings; what is issued already stays as it is."""
    before = rules.settings_of(seminar.settings)
    after = rules.settings_of({**seminar.settings, **values})
    changed = {
        name: [str(getattr(before, name)), str(getattr(after, name))]
        for name in values
        if getattr(before, name) != getattr(after, name)
    }
    for one, other, word in rules.shared_abbreviations(after):
        raise Refused(
            "“%(word)s” would stand for two kinds of document, and two documents would bear the same number and symbol.",
            word=word,
            kinds=f"{one}, {other}",
        )
    if changed:
        seminar.settings = {**seminar.settings, **values}
        record(by, now, "change", "document settings", seminar_id=seminar.id, summary=", ".join(changed), **changed)
    return bool(changed)


def begin_draft(
    seminar: Seminar,
    purpose: Purpose,
    subject: str,
    addressees: Sequence[str],
    body: str,
    annexes: Sequence[str],
    by: Actor,
    now: datetime,
) -> Draft:
    kind = DocumentKind.PROGRAMME if purpose == Purpose.PROGRAMME else DocumentKind.DISPATCH
    settings = rules.settings_of(seminar.settings)
    draft = Draft(
        seminar_id=seminar.id,
        purpose=purpose,
        kind=kind,
        subject=shorten(clean(subject), 500),
        addressees=list(addressees),
        body=body,
        annexes=list(annexes),
        recipients=rules.row_data(settings.rows_for(kind)),
        urgency="",
        begun_at=now,
        begun_by=by.name,
        changed_at=now,
        changed_by=by.name,
    )
    db.session.add(draft)
    db.session.flush()
    record(by, now, "create", "draft", seminar_id=seminar.id, object_id=draft.id, summary=draft.subject)
    return draft


def change_draft(draft: Draft, values: dict[str, Any], revision: int, by: Actor, now: datetime) -> None:
    """Saves what was typed. Refused where somebody saved in the meantime, and once it is issued."""
    _refuse_issued(draft)
    if revision != draft.revision:
        raise Refused(
            "%(name)s saved this draft while you were writing. Copy your words, open it anew and put them in.",
            name=draft.changed_by,
        )
    values = {
        **values,
        "subject": shorten(clean(values["subject"]), 500),
        "body": clean_block(values["body"]),
        "meeting_mark": shorten(clean(values["meeting_mark"]), 200),
    }
    if any(getattr(draft, name) != value for name, value in values.items()):
        for name, value in values.items():
            setattr(draft, name, value)
        draft.revision += 1
        draft.changed_at, draft.changed_by = now, by.name
        record(by, now, "change", "draft", seminar_id=draft.seminar_id, object_id=draft.id, summary=draft.subject)


def remove_draft(draft: Draft, by: Actor, now: datetime) -> None:
    _refuse_issued(draft)
    record(by, now, "remove", "draft", seminar_id=draft.seminar_id, object_id=draft.id, summary=draft.subject)
    db.session.delete(draft)


def issue_draft(draft: Draft, copies: int, counted: int, by: Actor, now: datetime) -> IssuedDocument:
    """Takes the number; the files are built and kept afterwards. Twice gives the same document. `copies` as the office
    says; where it `counted` others, the log tells both.
    """
    locked = select(Draft).where(Draft.id == draft.id).with_for_update().execution_options(populate_existing=True)
    draft = db.session.scalars(locked).one()
    if draft.document is not None:
        return draft.document
    rows = [rules.Recipient(**row) for row in draft.recipients]
    document = take_number(
        draft.seminar,
        draft.kind,
        draft.subject,
        by,
        now,
        addressee_count=len(draft.addressees),
        addressees=[*draft.addressees, *(row.to for row in rows if row.to != rules.LIKE_ABOVE)],
        drafted_by=draft.begun_by,
        copies=copies,
    )
    if copies != counted:
        _record_correction(document, {"copies": [str(counted), str(copies)]}, by, now)
    draft.document = document
    db.session.flush()
    return document


def _refuse_issued(draft: Draft) -> None:
    if draft.document_id is not None:
        raise Refused("It is issued and changes no more. Begin another draft.")


def keep_template(
    seminar: Seminar, kind: DocumentKind, filename: str, sha256: str, by: Actor, now: datetime
) -> WordTemplate:
    """The office's own Word file for the kind from now on; the one before stays on record."""
    old = queries.template_of(seminar, kind)
    if old is not None:
        old.removed_at, old.removed_by = now, by.name
        db.session.flush()
    template = WordTemplate(
        seminar_id=seminar.id,
        kind=kind,
        filename=shorten(filename, 200),
        sha256=sha256,
        uploaded_at=now,
        uploaded_by=by.name,
    )
    db.session.add(template)
    db.session.flush()
    record(by, now, "upload", "template", seminar_id=seminar.id, object_id=template.id, summary=template.filename)
    return template


def remove_template(seminar: Seminar, kind: DocumentKind, by: Actor, now: datetime) -> None:
    """Back to the form of the program; where there is no template nothing happens."""
    old = queries.template_of(seminar, kind)
    if old is not None:
        old.removed_at, old.removed_by = now, by.name
        record(by, now, "remove", "template", seminar_id=seminar.id, object_id=old.id, summary=old.filename)
