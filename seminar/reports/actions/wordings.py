"""What is done with the prose of the result report: sections written by several at once, figures looked through, issued."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from seminar.access.actor import Actor
from seminar.audit.models import record
from seminar.documents import actions as documents
from seminar.documents.models import DocumentKind, IssuedDocument
from seminar.lib.database import db
from seminar.lib.errors import N_, Refused
from seminar.lib.text import clean, shorten
from seminar.planning.models import Seminar
from seminar.reports.models import ReportIssue, ReportWording
from seminar.reports.queries import wordings as queries
from seminar.reports.rules.result import LONGEST_REASON, Section, checked_text


class WrittenMeanwhile(Refused):
    """Somebody saved the section after it was opened; both wordings are to be shown."""


def write_section(
    seminar: Seminar, section: Section, revision: int, text: str, facts: Mapping[str, int], by: Actor, now: datetime
) -> ReportWording:
    """The next wording, with the figures of the moment. `revision` is the one that was opened, 0 where there was none.

    The same words again write nothing, also where somebody else saved them meanwhile.
    """
    kept = checked_text(text, facts)
    latest = queries.wording_of(seminar, section.key)
    if latest is not None and latest.text == kept:
        return latest
    if latest is None and not kept:
        raise Refused("There is nothing to save yet: write the section first.")
    _refuse_overtaken(latest, revision)
    wording = _next(seminar, section, latest, kept, facts, by, now)
    record(by, now, "write", "report section", seminar_id=seminar.id, object_id=section.key, summary=section.title)
    return wording


def look_through(
    seminar: Seminar, section: Section, revision: int, seen: Mapping[str, int], by: Actor, now: datetime
) -> ReportWording:
    """The words stand with the figures that were `seen`: a wording with the same text. Figures it did not know stay out."""
    latest = queries.wording_of(seminar, section.key)
    if latest is None:
        raise Refused("There is nothing to save yet: write the section first.")
    _refuse_overtaken(latest, revision)
    facts = latest.facts | {key: count for key, count in seen.items() if key in latest.facts}
    if latest.facts == facts:
        return latest
    wording = _next(seminar, section, latest, latest.text, facts, by, now)
    record(by, now, "check", "report section", seminar_id=seminar.id, object_id=section.key, summary=section.title)
    return wording


def _refuse_overtaken(latest: ReportWording | None, revision: int) -> None:
    if (latest.revision if latest else 0) != revision:
        raise WrittenMeanwhile(
            N_(
                "%(name)s saved this section while you were writing: both wordings stand below. Put them together, then save."
            ),
            name=latest.by if latest else "…",
        )


def _next(
    seminar: Seminar,
    section: Section,
    latest: ReportWording | None,
    text: str,
    facts: Mapping[str, int],
    by: Actor,
    now: datetime,
) -> ReportWording:
    revision = latest.revision if latest else 0
    wording = ReportWording(
        seminar_id=seminar.id,
        section=section.key,
        revision=revision + 1,
        text=text,
        facts=dict(facts),
        at=now,
        by=by.name[:200],
    )
    try:
        with db.session.begin_nested():
            db.session.add(wording)
    except IntegrityError:  # at the same moment
        _refuse_overtaken(queries.wording_of(seminar, section.key), revision)
        raise
    return wording


def take_report_number(
    seminar: Seminar, subject: str, issue_count: int, reason: str, by: Actor, now: datetime
) -> IssuedDocument:
    """The number under which the report goes out; one that was taken before and has no files yet is used first.

    `issue_count` are the issues that were seen; an issue after the first says why.
    """
    db.session.execute(select(Seminar.id).where(Seminar.id == seminar.id).with_for_update())
    issues = queries.issues_of(seminar)
    if len(issues) != issue_count:
        raise Refused("The report was issued by %(name)s meanwhile: look at it first.", name=issues[-1].by)
    if issues and not clean(reason):
        raise Refused("Say why it is issued once more: the reason stands in the report.")
    pending = queries.pending_document(seminar)
    return pending or documents.take_number(seminar, DocumentKind.REPORT, subject, by, now)


def keep_issue(
    document: IssuedDocument,
    reason: str,
    facts: Mapping[str, int],
    pdf_sha256: str,
    docx_sha256: str,
    by: Actor,
    now: datetime,
) -> ReportIssue:
    """The report as it went out, with its files and figures. Twice gives the first."""
    db.session.execute(select(Seminar.id).where(Seminar.id == document.seminar_id).with_for_update())
    there = queries.issue_of(document)
    if there is not None:
        return there
    seminar = db.session.get_one(Seminar, document.seminar_id)
    number = len(queries.issues_of(seminar)) + 1
    issue = ReportIssue(
        seminar_id=seminar.id,
        number=number,
        document_id=document.id,
        reason=shorten(clean(reason), LONGEST_REASON) if number > 1 else "",
        facts=dict(facts),
        docx_sha256=docx_sha256,
        pdf_sha256=pdf_sha256,
        at=now,
        by=by.name[:200],
    )
    db.session.add(issue)
    documents.keep_issued(document, pdf_sha256, docx_sha256)
    db.session.flush()
    record(by, now, "issue", "report", seminar_id=seminar.id, object_id=issue.number, summary=document.symbol)
    return issue
