"""What stands behind the targets: the figures that count, by unit and quarter, in a fixed number of statements."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import select, true
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from seminar.audit.models import AuditEntry
from seminar.lib.database import db
from seminar.lib.errors import N_, Refused
from seminar.planning.models import Seminar, Unit
from seminar.planning.queries import all_units, units_on
from seminar.statistics.models import (
    Cell,
    FlagKind,
    Period,
    Remedy,
    Return,
    ReturnVersion,
    TargetPlan,
    TargetShare,
)
from seminar.statistics.rules import Definition, ReturnState, read_definition, state_of
from seminar.statistics.rules import flags as flagging
from seminar.statistics.rules.flags import Flag, TargetSettings
from seminar.statistics.rules.indicators import (
    PartyRatio,
    Ratio,
    admission_rate,
    comment_coverage,
    conversion,
    dissemination,
    introduction_rate,
    party_ratio,
    ratio,
)
from seminar.statistics.rules.periods import ROMAN
from seminar.statistics.rules.states import counted_version
from seminar.statistics.rules.targets import (
    ADMITTED,
    INTRODUCED,
    OUTSTANDING,
    STALE,
    Course,
    Cut,
    Facts,
    Span,
    Sum,
    cells_of,
    course_of,
    course_of_unit,
    sum_of,
)


def target_plan_of(seminar: Seminar) -> TargetPlan | None:
    """None until the office begins one."""
    return db.session.scalar(
        select(TargetPlan)
        .where(TargetPlan.seminar_id == seminar.id)
        .options(joinedload(TargetPlan.sheet), selectinload(TargetPlan.shares))
    )


class NoTargets(Refused):
    """None are followed: never set up, or taken away by somebody meanwhile."""

    def __init__(self) -> None:
        super().__init__(N_("Somebody took the targets away meanwhile, or none were set up. Nothing was saved."))


def target_plan_asked(seminar: Seminar) -> TargetPlan:
    """Raises `NoTargets` where there is none."""
    plan = target_plan_of(seminar)
    if plan is None:
        raise NoTargets
    return plan


def hold_target_plan(plan: TargetPlan) -> None:
    """Other writers of the plan, its shares and remedies wait until commit. Raises `NoTargets` where it went meanwhile."""
    query = select(TargetPlan).where(TargetPlan.id == plan.id).with_for_update(of=TargetPlan)
    if db.session.execute(query.execution_options(populate_existing=True)).first() is None:
        raise NoTargets


def span_of(plan: TargetPlan) -> Span:
    return Span(plan.first_year, plan.first_quarter, plan.quarter_count)


@dataclass(frozen=True)
class LeftOut:
    """Returns that were sent for quarters which other years or another first quarter would not have."""

    quarters: tuple[tuple[int, int], ...]
    """(year, quarter), in order."""
    sent: int
    accepted: int
    """Of those sent."""

    @property
    def names(self) -> str:
        return ", ".join(f"{ROMAN[quarter - 1]}/{year}" for year, quarter in self.quarters)


def left_out_by(plan: TargetPlan, span: Span) -> LeftOut:
    """Of the plan's quarters now, those outside the span."""
    known = span_of(plan)
    query = (
        select(Return)
        .join(Return.period)
        .where(Period.sheet_id == plan.sheet_id, Period.quarter.is_not(None), Return.versions.any())
        .options(contains_eager(Return.period), selectinload(Return.versions).selectinload(ReturnVersion.rulings))
    )
    lost = []
    for one in db.session.scalars(query):
        at = (one.period.year or 0, one.period.quarter or 0)
        if known.number_of(*at) is not None and span.number_of(*at) is None:
            lost.append((at, one))
    return LeftOut(
        tuple(sorted({at for at, _one in lost})), len(lost), sum(counted_version(one) is not None for _at, one in lost)
    )


def units_of_targets(seminar: Seminar, plan: TargetPlan | None = None) -> list[Unit]:
    """Those of the seminar's day, and whoever has a share or a return besides: nothing that was given or sent is lost."""
    there = units_on(seminar.held_on)
    if plan is None:
        return there
    sent = select(Return.unit_id).join(Period).where(Period.sheet_id == plan.sheet_id)
    named = {share.unit_id for share in plan.shares} | set(db.session.scalars(sent))
    more = named - {unit.id for unit in there}
    return there + [unit for unit in all_units() if unit.id in more] if more else there


@dataclass(frozen=True)
class Standing:
    """Every figure of the targets, of the province or of one unit."""

    introduced: Course
    admitted: Course
    conversion: Ratio
    party: PartyRatio
    introduction: Ratio
    admission: Ratio
    stale: Sum
    stale_share: Ratio
    comments: Ratio
    reach: Ratio
    return_count: int
    asked_count: int


@dataclass(frozen=True)
class Gathered:
    """Everything behind the targets at once."""

    plan: TargetPlan
    span: Span
    settings: TargetSettings
    definition: Definition
    units: list[Unit]
    periods: Mapping[int, Period]
    """By the number of the quarter; what is not there was not opened."""
    returns: Mapping[tuple[int, int], Return]
    versions: Mapping[tuple[int, int], ReturnVersion]
    facts: Facts

    @cached_property
    def shares(self) -> dict[int, dict[int, TargetShare]]:
        """Unit id -> year -> share."""
        found: dict[int, dict[int, TargetShare]] = {}
        for share in self.plan.shares:
            found.setdefault(share.unit_id, {})[share.year] = share
        return found

    @property
    def sectors(self) -> tuple[str, ...]:
        return tuple(row.key for row in self.definition.rows)

    @property
    def latest(self) -> int:
        """The last quarter that counts from at least half of the units; else the last with anything, or the last opened."""
        counts = Counter(number for _, number in self.facts)
        whole = [number for number, count in counts.items() if count * 2 >= len(self.units)]
        opened = [number for number, period in self.periods.items() if period.opened_at]
        return max(whole or counts or opened, default=1)

    def cut(self, until: int, units: tuple[int, ...] | None = None) -> Cut:
        return Cut(units or tuple(unit.id for unit in self.units), self.sectors, until)

    def unit_count(self, until: int) -> int:
        """Units with anything that counts."""
        return len({unit for unit, number in self.facts if number <= until})

    def state(self, unit_id: int, number: int) -> ReturnState | None:
        """None: the quarter was not opened."""
        period = self.periods.get(number)
        if period is None or period.opened_at is None:
            return None
        return state_of(self.returns.get((unit_id, number)))

    def given(self, unit_id: int, column: str) -> dict[int, int]:
        """Year -> what the unit is to reach; years without a share are not there."""
        found = {}
        for year, share in self.shares.get(unit_id, {}).items():
            count = share.introduced_count if column == INTRODUCED else share.admitted_count
            if count is not None:
                found[year] = count
        return found

    def course(self, column: str, cut: Cut, unit_id: int | None) -> Course:
        actual = sum_of(self.facts, column, cut)
        if unit_id is not None:
            return course_of_unit(self.given(unit_id, column), actual, cut.until, self.span)
        whole = self.plan.introduced_count if column == INTRODUCED else self.plan.admitted_count
        return course_of(whole, actual, cut.until, self.span)

    def standing(self, until: int, unit_id: int | None = None) -> Standing:
        """Of the province, or of the unit."""
        cut = self.cut(until) if unit_id is None else self.cut(until, (unit_id,))
        last = cut.at_its_end()
        return Standing(
            introduced=self.course(INTRODUCED, cut, unit_id),
            admitted=self.course(ADMITTED, cut, unit_id),
            conversion=conversion(self.facts, cut),
            party=party_ratio(self.facts, cut, self.plan.share_percent),
            introduction=introduction_rate(self.facts, cut, self.settings.introduction_by),
            admission=admission_rate(self.facts, cut, self.settings.admission_by),
            stale=sum_of(self.facts, STALE, last),
            stale_share=ratio(cells_of(self.facts, STALE, last), cells_of(self.facts, OUTSTANDING, last)),
            comments=comment_coverage(self.facts, cut),
            reach=dissemination(self.facts, cut),
            return_count=sum(1 for _ in cut.returned(self.facts)),
            asked_count=cut.asked_count,
        )

    def flags(self, until: int) -> dict[int, dict[FlagKind, Flag]]:
        return flagging.flags_of(self.facts, self.cut(until), self.settings)


def gather(seminar: Seminar, plan: TargetPlan, only: Unit | None = None) -> Gathered:
    """`only`: of one unit, as if it were alone."""
    span = span_of(plan)
    periods = {}
    for period in db.session.scalars(select(Period).where(Period.sheet_id == plan.sheet_id)):
        number = span.number_of(period.year, period.quarter) if period.year and period.quarter else None
        if number is not None:
            periods[number] = period
    numbers = {period.id: number for number, period in periods.items()}
    returns = {
        (one.unit_id, numbers[one.period_id]): one
        for one in db.session.scalars(
            select(Return)
            .where(Return.period_id.in_(numbers), true() if only is None else Return.unit_id == only.id)
            .options(
                selectinload(Return.draft),
                selectinload(Return.versions).selectinload(ReturnVersion.rulings),
            )
        )
    }
    versions = {key: version for key, one in returns.items() if (version := counted_version(one)) is not None}
    return Gathered(
        plan=plan,
        span=span,
        settings=flagging.read_settings(plan.settings),
        definition=read_definition(plan.sheet.definition),
        units=units_of_targets(seminar, plan) if only is None else [only],
        periods=periods,
        returns=returns,
        versions=versions,
        facts=_facts(versions),
    )


def _facts(versions: Mapping[tuple[int, int], ReturnVersion]) -> Facts:
    """Cells as plain values: twenty units and quarters have twenty thousand."""
    values: dict[int, dict[tuple[str, str], int]] = {version.id: {} for version in versions.values()}
    query = select(Cell.version_id, Cell.row, Cell.column, Cell.value).where(Cell.version_id.in_(values))
    for version_id, row, column, value in db.session.execute(query):
        values[version_id][row, column] = value
    return {key: values[version.id] for key, version in versions.items()}


def remedies_of(plan: TargetPlan) -> list[Remedy]:
    """The newest first."""
    return list(db.session.scalars(select(Remedy).where(Remedy.plan_id == plan.id).order_by(Remedy.id.desc())))


def remedy_or_404(plan: TargetPlan, remedy_id: int) -> Remedy:
    return db.first_or_404(select(Remedy).where(Remedy.plan_id == plan.id, Remedy.id == remedy_id))


def remedy_history(one: Remedy) -> list[AuditEntry]:
    """What was done with it, as the log knows, the newest first; `detail["before"]` has what a change replaced."""
    query = select(AuditEntry).where(AuditEntry.noun == "remedy", AuditEntry.object_id == str(one.id))
    return list(db.session.scalars(query.order_by(AuditEntry.id.desc())))
