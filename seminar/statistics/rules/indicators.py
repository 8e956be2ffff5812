"""Ratios behind the targets: conversion, party ratio, rates, coverage, sectors (domain.md 3.4, formulas 4 to 6, 10 to 12).

A ratio is of cells that are known on both sides; what is blank on one side is left out and counted.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import TypeVar

from seminar.statistics.rules.targets import (
    ADMITTED,
    ADMITTED_MEMBERS,
    CADRES,
    COMMENTED,
    INTRODUCED,
    MEMBERS,
    NEW_PARTY_MEMBERS,
    OUTSTANDING,
    REACHED,
    STALE,
    Cut,
    Facts,
    Place,
    Sum,
    cells_of,
    sum_of,
)

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Ratio:
    above: int = 0
    below: int = 0
    pairs: int = 0
    """Cells that are known on both sides; 0: nothing can be said."""
    left_out: int = 0

    @property
    def value(self) -> Fraction | None:
        """None ("chưa đủ số liệu") where nothing is known or the second part is zero."""
        return Fraction(self.above, self.below) if self.pairs and self.below else None


def ratio(above: Mapping[Key, int], below: Mapping[Key, int]) -> Ratio:
    both = above.keys() & below.keys()
    return Ratio(
        sum(above[key] for key in both),
        sum(below[key] for key in both),
        len(both),
        len(above.keys() | below.keys()) - len(both),
    )


def conversion(facts: Facts, cut: Cut) -> Ratio:
    """Formula 4, of the period: it may pass 100 %, since people introduced earlier are admitted in it (domain.md Đ29)."""
    return ratio(cells_of(facts, ADMITTED, cut), cells_of(facts, INTRODUCED, cut))


class PartyVerdict(StrEnum):
    MET = "met"
    NOT_MET = "not_met"
    UNDECIDED = "undecided"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class PartyRatio:
    """Formula 5 (NQ 25). `is_lower_bound`: of some new party members only those from ĐVƯT are known, or none."""

    verdict: PartyVerdict
    ratio: Ratio
    is_lower_bound: bool = False


def party_ratio(facts: Facts, cut: Cut, share_percent: int) -> PartyRatio:
    """R = ΣA_m/ΣN, met iff R ≥ the share. Where A_m is blank, A ≤ A_m stands in: then R is at least so much, which may
    meet the share and cannot miss it. Cells without N are left out.
    """
    everybody = cells_of(facts, NEW_PARTY_MEMBERS, cut)
    members, chosen = cells_of(facts, ADMITTED_MEMBERS, cut), cells_of(facts, ADMITTED, cut)
    known = {place: members.get(place, chosen.get(place, 0)) for place in everybody}
    left_out = len((members.keys() | chosen.keys()) - everybody.keys())
    found = Ratio(sum(known.values()), sum(everybody.values()), len(everybody), left_out)
    is_bound = not everybody.keys() <= members.keys()
    if found.value is None:
        return PartyRatio(PartyVerdict.UNKNOWN, found)
    if found.value >= Fraction(share_percent, 100):
        return PartyRatio(PartyVerdict.MET, found, is_bound)
    return PartyRatio(PartyVerdict.UNDECIDED if is_bound else PartyVerdict.NOT_MET, found, is_bound)


class IntroductionBase(StrEnum):
    OUTSTANDING = "outstanding"
    MEMBERS = "members"


class AdmissionBase(StrEnum):
    INTRODUCED = "introduced"
    OUTSTANDING = "outstanding"


def _over_quarters(facts: Facts, column: str, cut: Cut) -> dict[tuple[int, str], int]:
    """(unit, sector) -> sum of a flow."""
    found: dict[tuple[int, str], int] = {}
    for (unit, _, sector), value in cells_of(facts, column, cut).items():
        found[unit, sector] = found.get((unit, sector), 0) + value
    return found


def at_start(facts: Facts, column: str, cut: Cut) -> dict[tuple[int, str], int]:
    """(unit, sector) -> the stock as the first return of the cut that has it says: the list at the start of the period."""
    return {(unit, sector): value for (unit, _, sector), value in taken(facts, column, Taking.FIRST, cut).items()}


def introduction_rate(facts: Facts, cut: Cut, base: IntroductionBase) -> Ratio:
    """Formula 6: ΣI by the ĐVƯT at the start of the period, or by the members then."""
    column = OUTSTANDING if base == IntroductionBase.OUTSTANDING else MEMBERS
    return ratio(_over_quarters(facts, INTRODUCED, cut), at_start(facts, column, cut))


def admission_rate(facts: Facts, cut: Cut, base: AdmissionBase) -> Ratio:
    """Formula 6: ΣA by ΣI, or by the ĐVƯT at the start of the period."""
    if base == AdmissionBase.INTRODUCED:
        return conversion(facts, cut)
    return ratio(_over_quarters(facts, ADMITTED, cut), at_start(facts, OUTSTANDING, cut))


def comment_coverage(facts: Facts, cut: Cut) -> Ratio:
    """Formula 10, of the last quarter: 100 % wanted."""
    last = cut.at_its_end()
    return ratio(cells_of(facts, COMMENTED, last), cells_of(facts, OUTSTANDING, last))


def dissemination(facts: Facts, cut: Cut) -> Ratio:
    """Formula 11, of the last quarter: those reached by cadres and members together; 100 % wanted."""
    last = cut.at_its_end()
    cadres, members = cells_of(facts, CADRES, last), cells_of(facts, MEMBERS, last)
    everybody = {place: cadres[place] + members[place] for place in cadres.keys() & members.keys()}
    return ratio(cells_of(facts, REACHED, last), everybody)


def sector_shares(facts: Facts, column: str, cut: Cut) -> dict[str, tuple[Sum, Fraction | None]]:
    """Formula 12: of each sector its sum and its share of the whole; None where nothing of it is known."""
    sums = {sector: sum_of(facts, column, cut.within(sector)) for sector in cut.sectors}
    whole = sum(one.value or 0 for one in sums.values())
    return {
        sector: (one, Fraction(one.value, whole) if one.value is not None and whole else None)
        for sector, one in sums.items()
    }


class Taking(StrEnum):
    """Which cells of a column a figure is made of."""

    SPAN = "span"
    """Of all quarters, summed."""
    LAST = "last"
    """Of the last quarter."""
    FIRST = "first"
    """Of the first return that has it, by unit and sector."""


Parts = tuple[tuple[str, Taking], ...]
"""(column, taking) of what stands above the line, and below it."""


def parts_of(code: str, introduction_by: IntroductionBase, admission_by: AdmissionBase) -> Parts | None:
    """What a figure with the code is made of, so that it can be opened; None for no such figure."""
    span, last, first = Taking.SPAN, Taking.LAST, Taking.FIRST
    base = OUTSTANDING if introduction_by == IntroductionBase.OUTSTANDING else MEMBERS
    below = (INTRODUCED, span) if admission_by == AdmissionBase.INTRODUCED else (OUTSTANDING, first)
    found: dict[str, Parts] = {
        "introduced": ((INTRODUCED, span),),
        "admitted": ((ADMITTED, span),),
        "conversion": ((ADMITTED, span), (INTRODUCED, span)),
        "party": ((ADMITTED_MEMBERS, span), (ADMITTED, span), (NEW_PARTY_MEMBERS, span)),
        "introduction-rate": ((INTRODUCED, span), (base, first)),
        "admission-rate": ((ADMITTED, span), below),
        "stale": ((STALE, last),),
        "stale-share": ((STALE, last), (OUTSTANDING, last)),
        "comments": ((COMMENTED, last), (OUTSTANDING, last)),
        "dissemination": ((REACHED, last), (CADRES, last), (MEMBERS, last)),
    }
    return found.get(code)


def taken(facts: Facts, column: str, taking: Taking, cut: Cut) -> dict[Place, int]:
    """The cells themselves."""
    if taking == Taking.LAST:
        return cells_of(facts, column, cut.at_its_end())
    cells = cells_of(facts, column, cut)
    if taking == Taking.SPAN:
        return cells
    seen: set[tuple[int, str]] = set()
    first = {}
    for (unit, number, sector), value in cells.items():
        if (unit, sector) not in seen:
            seen.add((unit, sector))
            first[unit, number, sector] = value
    return first


def used_cells(facts: Facts, code: str, parts: Parts, cut: Cut) -> tuple[dict[Place, int], ...]:
    """Of each part the cells that make up the figure: their sums are what stands above and below the line."""
    cells = tuple(taken(facts, column, taking, cut) for column, taking in parts)
    if code == "party":
        members, chosen, everybody = cells
        stand_in = {place: value for place, value in chosen.items() if place in everybody and place not in members}
        return {place: value for place, value in members.items() if place in everybody}, stand_in, everybody
    if any(taking == Taking.FIRST for _, taking in parts):
        both = set.intersection(*({(unit, sector) for unit, _, sector in part} for part in cells))
        return tuple({place: value for place, value in part.items() if (place[0], place[2]) in both} for part in cells)
    common = set.intersection(*(set(part) for part in cells))
    return tuple({place: value for place, value in part.items() if place in common} for part in cells)
