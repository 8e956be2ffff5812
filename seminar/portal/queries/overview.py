"""What the overview counts, composed of the features' own counts, so that each figure equals the list it opens."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from seminar.checkin import queries as checkin
from seminar.checkin.queries import Presence
from seminar.delegates import queries as delegates
from seminar.delegates.queries import NominationsWanted
from seminar.invitations import queries as invitations
from seminar.invitations.queries import Counts, State
from seminar.lib.clock import local
from seminar.mail import queries as mail
from seminar.mail.models import MailStatus
from seminar.minutes.queries import overdue_recommendation_count
from seminar.papers import queries as papers
from seminar.planning.models import Finding, Group, Milestone, MilestoneRule, Seminar
from seminar.planning.rules import due_at
from seminar.portal.queries.places import place_counts

SHOWN = (State.ATTENDING, State.PROXIED, State.DECLINED, State.NO_ANSWER, State.NO_INVITATION, State.INVITED)
NONE = Counts(0, dict.fromkeys(SHOWN, 0))


@dataclass(frozen=True)
class GroupLine:
    """One group of the overview's table: people by primary group, their answers, who came."""

    group: Group
    counts: Counts
    arrived: int
    allotted: int | None
    """Places of the quota; of a group without places how many are expected, None where nobody said."""


@dataclass(frozen=True)
class Overview:
    lines: list[GroupLine]
    whole: Counts
    arrived: int
    asks_proxy: int
    names_to_approve: int
    doubles: int
    mail: dict[MailStatus, int]
    papers: int
    units_without_paper: int
    overdue_recommendations: int
    findings: list[Finding]
    milestones: list[Milestone]


def overview_of(seminar: Seminar, now: datetime) -> Overview:
    """Everything the office sees first, in a number of statements that does not grow with the list."""
    states = (*SHOWN, State.ASKS_PROXY)
    answers = invitations.answer_counts(seminar, states)
    arrivals = checkin.arrival_counts(seminar)
    arrived = {line.key: line[Presence.ARRIVED] for line in arrivals.by_group}
    places: Counter[int] = Counter()
    for (group_id, _), quota in place_counts(seminar).items():
        places[group_id] += quota.allotted
    lines = [
        GroupLine(
            group,
            answers.get(group.id, NONE),
            arrived.get(group.code, 0),
            places.get(group.id, group.quota_count),
        )
        for group in seminar.groups
    ]
    whole = invitations.summed(list(answers.values()), states)
    return Overview(
        lines=[line for line in lines if line.counts.total or line.group.quota_count],
        whole=whole,
        arrived=arrivals.whole[Presence.ARRIVED],
        asks_proxy=whole[State.ASKS_PROXY],
        names_to_approve=delegates.counted(delegates.nominations(seminar, NominationsWanted())),
        doubles=len(checkin.doubles_to_settle(seminar)),
        mail=mail.counts_by_status(seminar.id),
        papers=papers.count_papers(seminar),
        units_without_paper=len(papers.units_without_paper(seminar)),
        overdue_recommendations=overdue_recommendation_count(seminar, local(now).date()),
        findings=[finding for finding in seminar.findings if not finding.settled_at],
        milestones=[one for one in seminar.milestones if one.rule == MilestoneRule.AFTER or due_at(one) >= now][:4],
    )
