"""One unit's return of one period as a page shows it: what is typed, what it says, what was sent and ruled."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from seminar.lib.errors import Message
from seminar.planning.models import Unit
from seminar.planning.queries import milestone
from seminar.statistics.models import Period, Return, ReturnVersion, Ruling, RulingKind
from seminar.statistics.queries.returns import return_of, values_of
from seminar.statistics.rules import (
    Definition,
    Formula,
    Level,
    ReturnState,
    counted_version,
    read_definition,
    standing_ruling,
    state_of,
)
from seminar.statistics.rules.deadlines import holiday_of, is_open, late_days, may_return, period_due_at
from seminar.statistics.rules.returns import (
    Difference,
    Reading,
    cells_of,
    differences,
    figures,
    marks,
    place_label,
    read_cells,
)


@dataclass(frozen=True)
class Sent:
    """One version with what changed to the one before."""

    version: ReturnVersion
    ruling: Ruling | None
    changes: list[Difference]
    is_counted: bool

    @property
    def cells(self) -> dict[str, str]:
        return cells_of(read_definition(self.version.of.period.sheet.definition), values_of(self.version))

    @property
    def warnings(self) -> list[Message]:
        """What was odd when it was sent."""
        return [Message(msgid, **values) for msgid, values in self.version.warnings]

    @property
    def changed(self) -> set[tuple[str, str]]:
        return {(one.row, one.column) for one in self.changes}


@dataclass(frozen=True)
class Entry:
    period: Period
    unit: Unit
    definition: Definition
    one: Return | None
    state: ReturnState
    cells: dict[str, str]
    """ "row.column" -> text as typed: the draft's, else what was sent last."""
    remarks: str
    revision: int
    """Of the draft that the page shows; 0: there is none."""
    reading: Reading
    marks: dict[str, Level]
    versions: list[Sent]
    """The newest first."""
    due_at: datetime | None
    holiday: str
    is_open: bool
    """The period takes what comes, late too."""
    may_send: bool
    """The unit may: the period is open, or the office returned what was sent."""
    late_now: int

    @property
    def latest(self) -> ReturnVersion | None:
        return self.versions[0].version if self.versions else None

    @property
    def cell_count(self) -> int:
        return len(self.definition.rows) * len(self.definition.columns)

    @property
    def figures(self) -> list[tuple[Formula, list[str]]]:
        """The sheet's formulas, for each of its rows as shown; "" where figures are missing."""
        return figures(self.definition, self.reading.values)

    @property
    def tidy(self) -> dict[str, str]:
        """What is typed, figures written alike: "9.000"."""
        return self.cells | cells_of(self.definition, self.reading.values)

    def place_label(self, key: str) -> str:
        return place_label(self.definition, key)

    @property
    def returned(self) -> Ruling | None:
        """Why the latest version came back."""
        ruling = self.versions[0].ruling if self.versions else None
        return ruling if ruling is not None and ruling.kind == RulingKind.RETURNED else None

    @property
    def is_changed(self) -> bool:
        """Something is typed that was not sent."""
        if self.latest is None:
            return bool(self.cells)
        return bool(self.reading.wrong or self.changes) or self.latest.remarks != self.remarks

    @property
    def changes(self) -> list[Difference]:
        """What is typed against what was sent last."""
        before = values_of(self.latest) if self.latest else {}
        return differences(self.definition, before, self.reading.values)


def entry_of(
    period: Period, unit: Unit, now: datetime, typed: Mapping[str, str] | None = None, remarks: str | None = None
) -> Entry:
    """`typed` and `remarks`: what stands in the form and is not stored, shown instead of the draft."""
    definition = read_definition(period.sheet.definition)
    planned = milestone(period.sheet.seminar, "returns")
    one = return_of(period, unit)
    state, draft = state_of(one), one.draft if one else None
    latest = one.versions[-1] if one and one.versions else None
    cells = dict(draft.cells) if draft else cells_of(definition, values_of(latest)) if latest else {}
    said = draft.remarks if draft else latest.remarks if latest else ""
    cells = dict(typed) if typed is not None else cells
    reading = read_cells(definition, cells)
    return Entry(
        period,
        unit,
        definition,
        one,
        state,
        cells,
        said if remarks is None else remarks,
        draft.revision if draft else 0,
        reading,
        marks(definition, reading),
        _versions(definition, one),
        period_due_at(period, planned),
        holiday_of(period, planned),
        is_open(period, planned),
        may_return(period, planned, state),
        late_days(period, planned, now),
    )


def _versions(definition: Definition, one: Return | None) -> list[Sent]:
    counted = counted_version(one)
    found: list[Sent] = []
    before: ReturnVersion | None = None
    for version in one.versions if one else ():
        changes = differences(definition, values_of(before), values_of(version)) if before else []
        found.append(Sent(version, standing_ruling(version), changes, version is counted))
        before = version
    return found[::-1]
