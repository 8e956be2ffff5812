"""The conclusion of vetting."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from seminar.access.actor import Actor
from seminar.audit.models import record
from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.lib.text import clean_block
from seminar.papers import queries, rules
from seminar.papers.models import Decision, Paper
from seminar.papers.queries import results
from seminar.planning.models import Seminar
from seminar.planning.queries import hold_seminar


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

    Refuses if a newer version has come or the paper was withdrawn. Deciding the same again changes nothing.
    """
    note = clean_block(note)
    db.session.execute(select(Paper.id).where(Paper.id == paper.id).with_for_update())
    db.session.refresh(paper, ["withdrawn_at"])
    if paper.withdrawn_at is not None:
        raise Refused(rules.WITHDRAWN.msgid)
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
    if results.is_released_at_once(paper.seminar_id):
        decision.released_at, decision.released_by = now, by.name
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


def release_decisions(seminar: Seminar, papers: Collection[Paper], by: Actor, now: datetime) -> int:
    """From now on the authors read the latest decision on their pages. Says of how many that is new."""
    hold_seminar(seminar.id)
    count = 0
    for paper in papers:
        decision = queries.latest_decision(paper)
        if decision is None or decision.released_at is not None:
            continue
        decision.released_at, decision.released_by = now, by.name[:200]
        count += 1
        record(by, now, "publish", "decision", seminar_id=seminar.id, object_id=paper.id, summary=paper.title)
    return count


def hold_decision(paper: Paper, by: Actor, now: datetime) -> None:
    """The author no longer reads it, as if it were not made yet; refused once the result was told."""
    decision = queries.latest_decision(paper)
    if decision is None or decision.released_at is None:
        return
    if results.deliveries_of([decision.id]):
        raise Refused("The result was told to the sender already. Record another decision instead.")
    decision.released_at, decision.released_by = None, ""
    record(by, now, "close", "decision", seminar_id=paper.seminar_id, object_id=paper.id, summary=paper.title)
