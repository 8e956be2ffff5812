"""The conclusion of vetting."""

from datetime import datetime

from seminar.access.actor import Actor
from seminar.audit.models import record
from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.lib.text import clean_block
from seminar.papers import queries, rules
from seminar.papers.models import Decision, Paper


def decide_paper(
    paper: Paper,
    *,
    version: int,
    in_print: bool,
    on_stage: bool,
    needs_correction: bool = False,
    note: str = "",
    by: Actor,
    now: datetime,
) -> Decision:
    """Records the conclusion of vetting on the version that was read; the latest counts, earlier ones stay.

    Refuses if a newer version has come. Deciding the same again changes nothing.
    """
    note = clean_block(note)
    rules.refuse_conclusion(in_print=in_print, on_stage=on_stage, needs_correction=needs_correction, note=note)
    latest = queries.latest_submission(paper)
    if latest is None or latest.version != version:
        raise Refused(rules.NEWER_VERSION.msgid)
    before = queries.latest_decision(paper)
    said = (latest.id, in_print, on_stage, needs_correction, note)
    if before is not None and said == (
        before.submission_id,
        before.in_print,
        before.on_stage,
        before.needs_correction,
        before.note,
    ):
        return before
    decision = Decision(
        paper_id=paper.id,
        submission_id=latest.id,
        in_print=in_print,
        on_stage=on_stage,
        needs_correction=needs_correction,
        note=note,
        at=now,
        by=by.name,
    )
    db.session.add(decision)
    db.session.flush()
    record(
        by,
        now,
        "decide",
        "paper",
        seminar_id=paper.seminar_id,
        object_id=paper.id,
        summary=paper.title,
        version=version,
        in_print=in_print,
        on_stage=on_stage,
        needs_correction=needs_correction,
    )
    return decision
