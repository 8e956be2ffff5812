"""What a unit sees of its own: places and names, answers, its paper, and what is still missing, by when."""

from dataclasses import dataclass
from datetime import datetime

from seminar.delegates import queries as delegates
from seminar.delegates.models import Delegate
from seminar.delegates.queries import UnitQuota
from seminar.invitations import queries as invitations
from seminar.invitations.queries import AnswerRow, State
from seminar.papers import queries as papers
from seminar.papers.models import Paper, PaperKind
from seminar.papers.queries.results import corrections_due
from seminar.papers.rules import Deadline
from seminar.planning.models import Group, Milestone, Seminar, Unit
from seminar.planning.rules import is_closed, is_late
from seminar.statistics.queries import BoardCell, unit_board
from seminar.statistics.queries.targets import Gathered, gather, target_plan_of
from seminar.statistics.rules import ReturnState


@dataclass(frozen=True)
class Missing:
    """One thing the unit still owes; `count` of it, to be sent before the milestone."""

    what: str
    """`names`, `returned`, `paper`, `correction`, `return`, `returned_return` or `answers`."""
    count: int
    milestone: Milestone | None
    is_late: bool
    group: Group | None = None
    until: datetime | None = None
    """Where this unit has a day of its own."""
    paper: Paper | None = None
    asked: BoardCell | None = None
    """The statistics return."""


@dataclass(frozen=True)
class UnitPage:
    quotas: list[UnitQuota]
    others: list[tuple[Group, list[Delegate]]]
    """Groups that are not the unit's to fill and in which it has people, as the closed list of the 94."""
    answers: dict[int, AnswerRow]
    papers: list[Paper]
    deadlines: dict[str, Milestone | None]
    missing: list[Missing]
    returns: list[BoardCell]
    """The sheets that are asked for, where each stands."""
    targets: Gathered | None
    """What the unit was given to reach over several years, with its figures that count; None without a share."""

    @property
    def naming_is_closed(self) -> bool:
        return is_closed(self.deadlines.get("nominations"))


def unit_page(seminar: Seminar, unit: Unit, now: datetime) -> UnitPage:
    """The whole page, in a number of statements that does not grow with the people."""
    quotas = delegates.unit_quotas(seminar, unit)
    named = delegates.named_by_group(seminar, unit)
    filled = {quota.group.id for quota in quotas}
    others = [(group, named[group.id]) for group in seminar.groups if group.id not in filled and named.get(group.id)]
    people = {one.id: one for some in named.values() for one in some}
    answers = {row.delegate.id: row for row in invitations.answer_rows(list(people.values()))}
    sent = papers.papers_of_unit(seminar, unit)
    by_code = {one.code: one for one in seminar.milestones if one.code}
    deadlines = {code: by_code.get(code) for code in ("nominations", "papers", "answers", "returns")}
    own = papers.deadline_of(seminar, now, unit=unit)
    asked = unit_board(seminar, unit, now)
    missing = _missing(quotas, answers, sent, deadlines, own, now) + _returns_owed(asked)
    return UnitPage(quotas, others, answers, sent, deadlines, missing, asked, _targets(seminar, unit))


def _targets(seminar: Seminar, unit: Unit) -> Gathered | None:
    plan = target_plan_of(seminar)
    if plan is None or not any(share.unit_id == unit.id for share in plan.shares):
        return None
    return gather(seminar, plan, unit)


def _returns_owed(asked: list[BoardCell]) -> list[Missing]:
    return [
        Missing(
            "returned_return" if one.state == ReturnState.RETURNED else "return",
            1,
            None,
            one.late_days > 0 and one.latest is None,
            until=one.due_at,
            asked=one,
        )
        for one in asked
        if one.is_owed
    ]


def _missing(
    quotas: list[UnitQuota],
    answers: dict[int, AnswerRow],
    sent: list[Paper],
    deadlines: dict[str, Milestone | None],
    own: Deadline,
    now: datetime,
) -> list[Missing]:
    def owed(what: str, count: int, code: str, group: Group | None = None) -> list[Missing]:
        milestone = deadlines.get(code)
        return [Missing(what, count, milestone, is_late(milestone, now), group)] if count else []

    found = []
    for quota in quotas:
        returned = sum(place.returned is not None for place in quota.places)
        replaced = sum(place.returned is not None and place.holder is None for place in quota.places)
        found += owed("returned", returned, "nominations", quota.group)
        found += owed("names", quota.free - replaced, "nominations", quota.group)
    if not any(paper.kind == PaperKind.PAPER for paper in sent):
        found.append(Missing("paper", 1, deadlines.get("papers"), own.is_late(now), until=own.due_at))
    until = own.due_at if own.due_at and own.due_at > now else None
    found += [Missing("correction", 1, None, False, until=until, paper=paper) for paper in corrections_due(sent)]
    silent = sum(row.state == State.NO_ANSWER for row in answers.values())
    return found + owed("answers", silent, "answers")
