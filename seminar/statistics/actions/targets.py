"""What the office does with the targets: begins them, gives shares to the units, sets thresholds."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from seminar.access.actor import Actor
from seminar.audit.models import record
from seminar.lib.database import db
from seminar.lib.errors import N_, Refused
from seminar.lib.text import clean
from seminar.planning.models import Seminar
from seminar.planning.queries import hold_seminar
from seminar.statistics.actions.sheets import begin_starter
from seminar.statistics.models import Sheet, TargetPlan, TargetShare
from seminar.statistics.queries import targets as queries
from seminar.statistics.queries.sheets import hold_sheet
from seminar.statistics.rules import read_definition
from seminar.statistics.rules.flags import TargetSettings, read_settings
from seminar.statistics.rules.stale import ClearsOn, StaleMode
from seminar.statistics.rules.targets import COLUMNS, SHEET_CODE, STALE, Span

MOST_QUARTERS = 60


@dataclass(frozen=True)
class Aims:
    """The plan's own numbers; the defaults are those of the second plan (domain.md S2.8, S2.9, S2.35)."""

    title: str = "Giới thiệu đoàn viên ưu tú cho Đảng xem xét, kết nạp giai đoạn 2021 - 2025"
    basis: str = "Chỉ thị số 03-CT/TWĐTN-BTC, ngày 21/7/2021 của Ban Bí thư Trung ương Đoàn"
    first_year: int = 2021
    first_quarter: int = 1
    last_year: int = 2025
    introduced_count: int = 9000
    admitted_count: int = 5000
    share_percent: int = 70

    @property
    def quarter_count(self) -> int:
        return (self.last_year - self.first_year + 1) * 4 - (self.first_quarter - 1)


def aims_of(plan: TargetPlan) -> Aims:
    return Aims(
        title=plan.title,
        basis=plan.basis,
        first_year=plan.first_year,
        first_quarter=plan.first_quarter,
        last_year=queries.span_of(plan).years[-1],
        introduced_count=plan.introduced_count,
        admitted_count=plan.admitted_count,
        share_percent=plan.share_percent,
    )


def _columns(aims: Aims) -> dict[str, Any]:
    if not clean(aims.title):
        raise Refused("Write what the targets are called.")
    if aims.last_year < aims.first_year:
        raise Refused("The last year lies before the first.")
    if not 1 <= aims.quarter_count <= MOST_QUARTERS:
        raise Refused("Targets run over at most 15 years.")
    if aims.admitted_count > aims.introduced_count:
        raise Refused("Those to be admitted are among those to be introduced, so they cannot be more.")
    return {
        "title": clean(aims.title)[:300],
        "basis": clean(aims.basis)[:500],
        "first_year": aims.first_year,
        "first_quarter": aims.first_quarter,
        "quarter_count": aims.quarter_count,
        "introduced_count": aims.introduced_count,
        "admitted_count": aims.admitted_count,
        "share_percent": aims.share_percent,
    }


def begin_targets(seminar: Seminar, aims: Aims, by: Actor, now: datetime) -> TargetPlan:
    """Sets the targets up, with the quarterly sheet where the seminar has none. Doing it twice changes nothing."""
    columns = _columns(aims)
    hold_seminar(seminar.id)
    known = queries.target_plan_of(seminar)
    if known is not None:
        return known
    plan = TargetPlan(seminar_id=seminar.id, sheet=_quarterly_sheet(seminar, by, now), settings={}, **columns)
    db.session.add(plan)
    db.session.flush()
    _word_the_stale(plan, read_settings({}))
    record(by, now, "begin", "targets", seminar_id=seminar.id, object_id=plan.id, summary=plan.title)
    return plan


def _quarterly_sheet(seminar: Seminar, by: Actor, now: datetime) -> Sheet:
    sheet = begin_starter(seminar, SHEET_CODE, by, now)
    known = {column.key for column in read_definition(sheet.definition).columns}
    if not known.issuperset(COLUMNS):
        raise Refused(
            "The sheet “%(title)s” lacks columns that the targets count with: give it another short name.",
            title=sheet.title,
        )
    return sheet


class LeavesOut(Refused):
    """Returns would count no more; `mark` says that somebody saw which."""

    def __init__(self, lost: queries.LeftOut, mark: str) -> None:
        super().__init__(
            N_(
                "%(sent)s returns that units sent for the quarters %(quarters)s, of them %(accepted)s accepted, would count no more; they stay stored. Nothing was saved yet."
            ),
            sent=lost.sent,
            quarters=lost.names,
            accepted=lost.accepted,
        )
        self.mark = mark


def change_targets(plan: TargetPlan, aims: Aims, by: Actor, now: datetime, agreed: str = "") -> None:
    """Refused where a share would lie outside the years; `LeavesOut` where returns would, unless `agreed` is its mark."""
    columns = _columns(aims)
    queries.hold_target_plan(plan)
    lost = sorted({share.year for share in plan.shares if not aims.first_year <= share.year <= aims.last_year})
    if lost:
        raise Refused(
            "Units have shares for %(years)s: take those away first, or keep the years in the plan.",
            years=", ".join(map(str, lost)),
        )
    left_out = queries.left_out_by(plan, Span(aims.first_year, aims.first_quarter, aims.quarter_count))
    mark = seen_of((left_out.quarters, left_out.sent, left_out.accepted)) if left_out.sent else ""
    if mark and mark != agreed:
        raise LeavesOut(left_out, mark)
    before = {name: getattr(plan, name) for name, value in columns.items() if getattr(plan, name) != value}
    for name, value in columns.items():
        setattr(plan, name, value)
    summary = plan.title
    if left_out.sent:
        summary = f"{plan.title[:300]}; {left_out.sent} bản của quý {left_out.names} không còn được tính"
    record(
        by,
        now,
        "change",
        "targets",
        seminar_id=plan.seminar_id,
        object_id=plan.id,
        summary=summary,
        before=before,
        left_out=left_out.sent,
    )


def remove_targets(plan: TargetPlan, by: Actor, now: datetime) -> None:
    """Ends the following of targets that was begun by mistake; the quarterly sheet and what was sent stay."""
    queries.hold_target_plan(plan)
    if plan.shares or queries.remedies_of(plan):
        raise Refused("Shares were given or remedies noted: take the shares away first. Targets with remedies stay.")
    record(by, now, "remove", "targets", seminar_id=plan.seminar_id, object_id=plan.id, summary=plan.title)
    db.session.delete(plan)
    db.session.flush()


Shares = Mapping[tuple[int, int], tuple[int | None, int | None]]
"""(unit id, year) -> (to introduce, to admit); None: not given, which is not zero."""


def shares_of(plan: TargetPlan) -> dict[tuple[int, int], tuple[int | None, int | None]]:
    return {(one.unit_id, one.year): (one.introduced_count, one.admitted_count) for one in plan.shares}


def seen_of(value: Any) -> str:
    """A short mark of what stood on the page, by which two who change it see each other."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()[:16]


def shares_seen(plan: TargetPlan) -> str:
    return seen_of(sorted((key, pair) for key, pair in shares_of(plan).items()))


def keep_shares(plan: TargetPlan, shares: Shares, seen: str, by: Actor, now: datetime) -> int:
    """Puts them in the place of those that stood on the page; how many changed. A pair of blanks is no share."""
    queries.hold_target_plan(plan)
    db.session.refresh(plan, ["shares"])
    if shares_seen(plan) != seen:
        raise Refused(
            "Somebody else changed the shares meanwhile. Theirs stand below yours: look at both, then save again."
        )
    wanted = {key: pair for key, pair in shares.items() if pair != (None, None)}
    known = shares_of(plan)
    rows = {(one.unit_id, one.year): one for one in plan.shares}
    changed = [key for key in wanted.keys() | known.keys() if wanted.get(key) != known.get(key)]
    for key in changed:
        if key not in wanted:
            db.session.delete(rows[key])
        elif key in rows:
            rows[key].introduced_count, rows[key].admitted_count = wanted[key]
        else:
            introduced, admitted = wanted[key]
            db.session.add(
                TargetShare(
                    plan_id=plan.id,
                    unit_id=key[0],
                    year=key[1],
                    introduced_count=introduced,
                    admitted_count=admitted,
                )
            )
    db.session.flush()
    db.session.expire(plan, ["shares"])
    if changed:
        before = {f"{unit}.{year}": known.get((unit, year)) for unit, year in changed}
        record(
            by,
            now,
            "change",
            "target shares",
            seminar_id=plan.seminar_id,
            object_id=plan.id,
            summary=plan.title,
            count=len(changed),
            before=before,
        )
    return len(changed)


STALE_WORDS = {
    (StaleMode.CONSECUTIVE, ClearsOn.ADMISSION): "được bình chọn từ 02 năm liên tiếp trở lên, chưa được kết nạp Đảng",
    (
        StaleMode.CONSECUTIVE,
        ClearsOn.ADMISSION_OR_RECOGNITION,
    ): "được bình chọn từ 02 năm liên tiếp trở lên, chưa được kết nạp Đảng và chưa được công nhận là đối tượng Đảng",
    (StaleMode.CUMULATIVE, ClearsOn.ADMISSION): "được bình chọn từ 02 năm trở lên (cộng dồn), chưa được kết nạp Đảng",
    (
        StaleMode.CUMULATIVE,
        ClearsOn.ADMISSION_OR_RECOGNITION,
    ): "được bình chọn từ 02 năm trở lên (cộng dồn), chưa được kết nạp Đảng và chưa được công nhận là đối tượng Đảng",
}


def stale_words(settings: TargetSettings) -> str:
    """Whom the units count, in the office's reading of the plan (domain.md Đ21, Đ22)."""
    return STALE_WORDS[settings.stale_mode, settings.clears_on]


def _word_the_stale(plan: TargetPlan, settings: TargetSettings) -> None:
    """The quarterly sheet tells the units whom to count; labels may be changed after something was sent."""
    hold_sheet(plan.sheet)
    definition = read_definition(plan.sheet.definition)
    note = f"Đoàn viên ưu tú {stale_words(settings)}; tại ngày cuối quý."
    columns = tuple(one.model_copy(update={"note": note}) if one.key == STALE else one for one in definition.columns)
    plan.sheet.definition = definition.model_copy(update={"columns": columns}).model_dump(mode="json")


def set_target_settings(plan: TargetPlan, settings: TargetSettings, seen: str, by: Actor, now: datetime) -> None:
    queries.hold_target_plan(plan)
    if seen_of(plan.settings) != seen:
        raise Refused("Somebody else changed the settings meanwhile. Look at theirs below, then save again.")
    before, plan.settings = plan.settings, settings.model_dump(mode="json")
    _word_the_stale(plan, settings)
    record(
        by,
        now,
        "change",
        "target settings",
        seminar_id=plan.seminar_id,
        object_id=plan.id,
        summary=plan.title,
        before=before,
        after=plan.settings,
    )
