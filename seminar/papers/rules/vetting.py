"""Who may vet what: conflicts of interest are told and may be confirmed, never hidden; papers are shared out evenly."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from seminar.lib.errors import N_
from seminar.lib.text import fold

CONFLICT_LABELS = {
    "unit": N_("comes from the unit of the paper"),
    "author": N_("has the name of one of its authors"),
    "body": N_("comes from the body of one of its authors"),
}
WORDS_LENGTH = 10_000
HIGHEST_MARK = 3
MARK_LABELS = (N_("not at all"), N_("touches on it"), N_("in good part"), N_("thoroughly"))
"""What the marks 0 to 3 mean."""


@dataclass(frozen=True)
class Side:
    """What a conflict is told by, of a reviewer or of a paper: folded and without punctuation."""

    units: frozenset[int]
    names: tuple[str, ...]
    bodies: tuple[str, ...]

    @classmethod
    def of(cls, units: Iterable[int | None], names: Iterable[str], bodies: Iterable[str]) -> "Side":
        return cls(
            frozenset(unit for unit in units if unit is not None),
            tuple(filter(None, map(_bare, names))),
            tuple(filter(None, map(_bare, bodies))),
        )


def _bare(text: str) -> str:
    return " ".join(re.sub(r"[^\w]+", " ", fold(text)).split())


def conflicts(reviewer: Side, paper: Side) -> list[str]:
    """Keys of `CONFLICT_LABELS`; a name counts as whole words, so that "TS. Trần Thị Oanh" is Trần Thị Oanh."""
    found = []
    if reviewer.units & paper.units:
        found.append("unit")
    if any(f" {name} " in f" {theirs} " for name in reviewer.names for theirs in paper.names):
        found.append("author")
    if any(f" {body} " in f" {theirs} " for body in reviewer.bodies for theirs in (*paper.bodies, *paper.names)):
        found.append("body")
    return found


def shared_out(
    needs: Mapping[int, int],
    reviewers: Sequence[int],
    loads: Mapping[int, int],
    unfit: Collection[tuple[int, int]],
) -> list[tuple[int, int]]:
    """(paper, reviewer) pairs: each paper to as many as it `needs`, to those who have fewest; never an `unfit` pair.

    A paper that nobody is fit for stays without.
    """
    counts = {reviewer: loads.get(reviewer, 0) for reviewer in reviewers}
    order = {reviewer: place for place, reviewer in enumerate(reviewers)}
    found = []
    for paper, needed in needs.items():
        fit = [reviewer for reviewer in reviewers if (paper, reviewer) not in unfit]
        for reviewer in sorted(fit, key=lambda one: (counts[one], order[one]))[: max(0, needed)]:
            counts[reviewer] += 1
            found.append((paper, reviewer))
    return found
