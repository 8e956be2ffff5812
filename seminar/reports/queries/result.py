"""Every figure of the report, counted by the same conditions as the list it opens: a figure and its rows agree."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy.orm import joinedload, selectinload

from seminar.checkin.queries import (
    Absence,
    ArrivalCounts,
    Line,
    Presence,
    absence_counts,
    arrival_counts,
    with_presence,
)
from seminar.delegates import queries as delegates
from seminar.delegates.models import Delegate
from seminar.invitations.queries import Counts, State, answer_counts, summed
from seminar.lib.database import db
from seminar.lib.errors import N_
from seminar.minutes.models import NOTE_KIND_LABELS, Note, NoteKind
from seminar.minutes.queries import Figure, counts_by, counts_by_topic, recommendation_count
from seminar.papers.queries import PAPER_STATE_LABELS, PaperState, count_papers, units_without_paper
from seminar.planning.models import Group, Seminar
from seminar.reports.queries.credentials import people_address
from seminar.reports.queries.statistics import PeriodFigures, period_figures


class Column(StrEnum):
    """What is counted of each group, in people ("người")."""

    LISTED = "listed"
    ISSUED = "issued"
    ATTENDING = "attending"
    PROXIED = "proxied"
    DECLINED = "declined"
    NO_ANSWER = "no_answer"
    ARRIVED = "arrived"
    ABSENT = "absent"
    WALK_IN = "walk_in"


COLUMN_LABELS = {
    Column.LISTED: N_("on the list"),
    Column.ISSUED: N_("letters in force"),
    Column.ATTENDING: N_("said they come"),
    Column.PROXIED: N_("sent a proxy"),
    Column.DECLINED: N_("declined"),
    Column.NO_ANSWER: N_("did not answer"),
    Column.ARRIVED: N_("arrived"),
    Column.ABSENT: N_("absent"),
    Column.WALK_IN: N_("entered at the desk"),
}
ANSWERS = {
    Column.ISSUED: State.INVITED,
    Column.ATTENDING: State.ATTENDING,
    Column.PROXIED: State.PROXIED,
    Column.DECLINED: State.DECLINED,
    Column.NO_ANSWER: State.NO_ANSWER,
}
ARRIVALS = {
    Column.ARRIVED: Presence.ARRIVED,
    Column.ABSENT: Presence.ABSENT,
    Column.WALK_IN: Presence.WALK_IN,
}


@dataclass(frozen=True)
class GroupFigures:
    """One row of the table of those who came; the last one, of all groups, has no group."""

    group: Group | None
    cells: dict[Column, Figure]

    def __getitem__(self, column: Column) -> Figure:
        return self.cells[column]


@dataclass(frozen=True)
class UnitFigures:
    """How many of a unit are on the list, came and did not."""

    name: str
    listed: Figure
    arrived: Figure
    absent: Figure


@dataclass(frozen=True)
class Facts:
    """What the report says in figures, at one moment."""

    groups: list[GroupFigures]
    whole: GroupFigures
    papers: Figure
    paper_states: dict[PaperState, Figure]
    units_without_paper: Figure
    notes: Figure
    note_kinds: dict[NoteKind, Figure]
    asked_for: Figure
    """Proposals and recommendations, as part IV prints them."""
    topics: dict[int, Figure] = field(default_factory=dict)
    """By id of the topic, with those of its subtopics; 0 for notes of no topic."""
    units: list["UnitFigures"] = field(default_factory=list)
    """Units with somebody on the list, in the order of the directory."""
    statistics: list[PeriodFigures] = field(default_factory=list)
    """Of the sheets that the plan asks for, as far as periods were opened; those of the targets have a report of their own."""

    def __iter__(self) -> Iterator[Figure]:
        for row in (*self.groups, self.whole):
            yield from row.cells.values()
        yield self.papers
        yield from self.paper_states.values()
        yield self.units_without_paper
        yield self.notes
        yield from self.note_kinds.values()
        yield self.asked_for
        yield from self.topics.values()
        for one in self.units:
            yield from (one.listed, one.arrived, one.absent)
        for period in self.statistics:
            yield from period


def _address(path: str, **asked: str) -> str:
    query = "&".join(f"{name}={value}" for name, value in asked.items() if value)
    return f"{path}?{query}" if query else path


def _row(base: str, group: Group | None, answers: Counts, came: dict[Presence, int]) -> GroupFigures:
    code = group.code if group else ""
    key = code or "all"
    counts = {Column.LISTED: (answers.total, _address(f"{base}/delegates", group=code))}
    for column, state in ANSWERS.items():
        counts[column] = answers[state], _address(f"{base}/answers", group=code, state=state.value)
    for column, presence in ARRIVALS.items():
        counts[column] = came.get(presence, 0), _address(f"{base}/arrivals", group=code, state=presence.value)
    return GroupFigures(
        group, {column: Figure(f"{key}.{column}", COLUMN_LABELS[column], *counts[column]) for column in Column}
    )


def facts(seminar: Seminar) -> Facts:
    """All figures, in a number of queries that does not grow with the rows."""
    base = f"/seminars/{seminar.slug}"
    answers = answer_counts(seminar)
    arrivals: ArrivalCounts = arrival_counts(seminar)
    came = {line.key: line.states for line in arrivals.by_group}
    nobody = Counts(0, dict.fromkeys(State, 0))
    groups = [
        _row(base, group, answers.get(group.id, nobody), came.get(group.code, {}))
        for group in seminar.groups
        if group.id in answers or group.quota_count
    ]
    units = [_unit(seminar, line) for line in arrivals.by_unit]
    kinds, topics = counts_by(seminar, Note.kind), counts_by_topic(seminar)
    notes = f"{base}/notes"
    return Facts(
        groups=groups,
        whole=_row(base, None, summed(answers.values()), arrivals.whole.states),
        papers=Figure("papers", N_("papers received"), count_papers(seminar), f"{base}/papers"),
        paper_states={
            state: Figure(
                f"papers.{state}",
                PAPER_STATE_LABELS[state],
                count_papers(seminar, state),
                _address(f"{base}/papers", state=state.value),
            )
            for state in PaperState
        },
        units_without_paper=Figure(
            "units_without_paper",
            N_("units without a paper"),
            len(units_without_paper(seminar)),
            f"{base}/papers/missing",
        ),
        notes=Figure("notes", N_("notes"), sum(kinds.values()), notes),
        note_kinds={
            kind: Figure(
                f"notes.{kind}", NOTE_KIND_LABELS[kind], kinds.get(kind.value, 0), _address(notes, kind=kind.value)
            )
            for kind in NoteKind
        },
        asked_for=Figure(
            "asked_for",
            N_("proposals and recommendations"),
            recommendation_count(seminar),
            f"{base}/recommendations",
        ),
        topics={
            topic_id: Figure(f"topic.{topic_id}", title, topics.get(topic_id, 0), f"{notes}?topic={topic_id}")
            for topic_id, title in (*((topic.id, topic.title) for topic in seminar.topics), (0, N_("no topic")))
        },
        units=units,
        statistics=period_figures(seminar),
    )


def _unit(seminar: Seminar, line: Line) -> UnitFigures:
    unit, key = int(line.key), f"unit.{line.key}"

    def figure(column: Column, count: int, **who: str) -> Figure:
        href = people_address(seminar, unit=unit, **who)
        return Figure(f"{key}.{column}", COLUMN_LABELS[column], count, href)

    came = {
        one: figure(one, line[ARRIVALS[one]], presence=ARRIVALS[one].value) for one in (Column.ARRIVED, Column.ABSENT)
    }
    return UnitFigures(line.name, figure(Column.LISTED, line.total), came[Column.ARRIVED], came[Column.ABSENT])


def snapshot(known: Facts) -> dict[str, int]:
    """{key: count} of every figure, as wordings and issues keep them."""
    return {figure.key: figure.count for figure in known}


class Name(NamedTuple):
    """The words of a figure: under which heading it is offered, of what it is ("" of the whole), which it is; msgids, or
    the name of a group or a unit.
    """

    under: str
    of: str
    which: str


def names(known: Facts) -> dict[str, Name]:
    """Of each figure by its key, in the order in which they are offered for prose."""
    found = {one.key: Name(N_("All delegates"), "", one.label) for one in known.whole.cells.values()}
    papers, said, units = N_("Papers"), N_("What was said"), N_("Units")
    found[known.papers.key] = Name(papers, "", known.papers.label)
    found |= {one.key: Name(papers, papers, one.label) for one in known.paper_states.values()}
    found[known.units_without_paper.key] = Name(papers, "", known.units_without_paper.label)
    found[known.notes.key] = Name(said, "", known.notes.label)
    found |= {one.key: Name(said, said, one.label) for one in (*known.note_kinds.values(), *known.topics.values())}
    found[known.asked_for.key] = Name(said, said, known.asked_for.label)
    for row in known.groups:
        of = row.group.name if row.group else ""
        found |= {one.key: Name(N_("Groups"), of, one.label) for one in row.cells.values()}
    for unit in known.units:
        found |= {one.key: Name(units, unit.name, one.label) for one in (unit.listed, unit.arrived, unit.absent)}
    for period in known.statistics:
        found |= {one.key: Name(N_("Statistics"), period.table.period.name, one.label) for one in period}
    return found


def figures(seminar: Seminar) -> list[Figure]:
    return list(facts(seminar))


def represented(seminar: Seminar) -> Figure:
    """Absent people in whose place somebody came."""
    count = absence_counts(seminar)[Absence.REPRESENTED]
    return Figure("", "", count, people_address(seminar, absence=Absence.REPRESENTED.value))


def people_who_came(seminar: Seminar) -> list[Delegate]:
    """Who came, in protocol order; as many as the figure `all.arrived` says."""
    query = with_presence(delegates.matching(seminar, delegates.Wanted()), Presence.ARRIVED)
    eager = (joinedload(Delegate.unit), selectinload(Delegate.memberships))
    return list(db.session.scalars(delegates.ordered(query, "protocol").options(*eager)))
