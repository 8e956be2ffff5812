"""Which units are looked at, and by what threshold (domain.md 3.4, formulas 7 and 9; S2.39, S2.40).

The plan says "thấp" and "nhiều" and no number: every threshold is set by the office and printed (domain.md Đ23).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from seminar.statistics.models import FlagKind
from seminar.statistics.rules.indicators import (
    AdmissionBase,
    IntroductionBase,
    Ratio,
    admission_rate,
    introduction_rate,
    ratio,
)
from seminar.statistics.rules.stale import ClearsOn, StaleMode
from seminar.statistics.rules.targets import OUTSTANDING, STALE, Cut, Facts, Sum, cells_of, sum_of


class ThresholdMode(StrEnum):
    ABSOLUTE = "absolute"
    RELATIVE = "relative"
    QUARTILE = "quartile"


class TargetSettings(BaseModel):
    """`TargetPlan.settings`. All defaults are assumptions of the program, shown as such."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    introduction_by: IntroductionBase = IntroductionBase.OUTSTANDING
    admission_by: AdmissionBase = AdmissionBase.INTRODUCED
    threshold_mode: ThresholdMode = ThresholdMode.RELATIVE
    introduction_percent: int = Field(20, ge=1, le=100)
    admission_percent: int = Field(56, ge=1, le=100)
    relative_percent: int = Field(80, ge=1, le=100)
    """Of the province's rate."""
    least_count: int = Field(10, ge=1, le=10_000)
    """Below it a rate is not judged: "số nhỏ, không xếp"."""
    stale_count: int = Field(5, ge=1, le=100_000)
    stale_percent: int = Field(20, ge=1, le=100)
    stale_mode: StaleMode = StaleMode.CONSECUTIVE
    clears_on: ClearsOn = ClearsOn.ADMISSION


def read_settings(stored: Mapping[str, Any]) -> TargetSettings:
    return TargetSettings.model_validate(stored)


class FlagState(StrEnum):
    FLAGGED = "flagged"
    CLEAR = "clear"
    TOO_SMALL = "too_small"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Flag:
    """`threshold`: below it (rates), or from it on (share of the stale). `count`: the stale, of F3."""

    kind: FlagKind
    state: FlagState
    ratio: Ratio
    threshold: Fraction | None = None
    count: int | None = None
    known: int = 0
    """Cells that it is judged by, of as many as there are `asked`."""
    asked: int = 0

    @property
    def is_partial(self) -> bool:
        return 0 < self.known < self.asked

    @property
    def is_up(self) -> bool:
        return self.state == FlagState.FLAGGED


def quartile(values: Sequence[Fraction]) -> Fraction | None:
    """The lower one, between two values where it falls there; None of fewer than two."""
    if len(values) < 2:
        return None
    ordered = sorted(values)
    place = Fraction(len(ordered) - 1, 4)
    below = int(place)
    step = ordered[min(below + 1, len(ordered) - 1)] - ordered[below]
    return ordered[below] + (place - below) * step


def threshold(
    mode: ThresholdMode, absolute_percent: int, relative_percent: int, whole: Ratio, judged: Sequence[Fraction]
) -> Fraction | None:
    """θ. `whole`: the province's; `judged`: rates of the units with enough people. None where it cannot be told."""
    match mode:
        case ThresholdMode.ABSOLUTE:
            return Fraction(absolute_percent, 100)
        case ThresholdMode.RELATIVE:
            return None if whole.value is None else whole.value * relative_percent / 100
        case _:
            return quartile(judged)


def low_flags(kind: FlagKind, rates: Mapping[int, Ratio], whole: Ratio, settings: TargetSettings) -> dict[int, Flag]:
    """Formula 7, by unit: flagged iff the denominator is at least `least_count` and the rate is below θ."""
    enough = {unit for unit, one in rates.items() if one.pairs and one.below >= settings.least_count}
    judged = [one.value for unit, one in rates.items() if unit in enough and one.value is not None]
    absolute = settings.introduction_percent if kind == FlagKind.INTRODUCTION else settings.admission_percent
    limit = threshold(settings.threshold_mode, absolute, settings.relative_percent, whole, judged)

    def state_of(unit: int, one: Ratio) -> FlagState:
        if not one.pairs:
            return FlagState.UNKNOWN
        if unit not in enough:
            return FlagState.TOO_SMALL
        if limit is None or one.value is None:
            return FlagState.UNKNOWN
        return FlagState.FLAGGED if one.value < limit else FlagState.CLEAR

    return {unit: Flag(kind, state_of(unit, one), one, limit) for unit, one in rates.items()}


def stale_flag(stale: Sum, share: Ratio, settings: TargetSettings) -> Flag:
    """Formula 9: so many of them, or such a share of the ĐVƯT; unknown where neither can be told."""
    limit = Fraction(settings.stale_percent, 100)
    if stale.value is not None and stale.value >= settings.stale_count:
        state = FlagState.FLAGGED
    elif share.value is not None:
        state = FlagState.FLAGGED if share.value >= limit else FlagState.CLEAR
    elif share.pairs and stale.value == 0:
        state = FlagState.CLEAR
    else:
        state = FlagState.UNKNOWN
    return Flag(FlagKind.STALE, state, share, limit, stale.value)


def flags_of(facts: Facts, cut: Cut, settings: TargetSettings) -> dict[int, dict[FlagKind, Flag]]:
    """All flags of every unit of the cut: rates from its first quarter on, the stale at its last."""

    def introduced(part: Cut) -> Ratio:
        return introduction_rate(facts, part, settings.introduction_by)

    def admitted(part: Cut) -> Ratio:
        return admission_rate(facts, part, settings.admission_by)

    found: dict[int, dict[FlagKind, Flag]] = {unit: {} for unit in cut.units}
    for kind, rate in ((FlagKind.INTRODUCTION, introduced), (FlagKind.ADMISSION, admitted)):
        flags = low_flags(kind, {unit: rate(cut.of(unit)) for unit in cut.units}, rate(cut), settings)
        for unit, flag in flags.items():
            over_quarters = kind == FlagKind.ADMISSION and settings.admission_by == AdmissionBase.INTRODUCED
            asked = len(cut.sectors) * (cut.of(unit).asked_count if over_quarters else 1)
            found[unit][kind] = replace(flag, known=flag.ratio.pairs, asked=asked)
    for unit in cut.units:
        last = cut.of(unit).at_its_end()
        share = ratio(cells_of(facts, STALE, last), cells_of(facts, OUTSTANDING, last))
        stale = sum_of(facts, STALE, last)
        found[unit][FlagKind.STALE] = replace(
            stale_flag(stale, share, settings), known=stale.known, asked=len(cut.sectors)
        )
    return found
