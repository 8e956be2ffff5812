"""What a summary of the delegates (báo cáo tình hình đại biểu) says in figures, counted from plain facts of each person.

The parts are those that such reports read out at congresses and seminars: numbers, answers, presence, cơ cấu by gender
and age, the youngest and the oldest. What is not known is counted as not known, and is never a nought of something else.
Ages are of the year ("tuổi tính theo năm sinh"); thirty is the Union's own limit, so the bands begin there.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

UNKNOWN = "unknown"
BANDS: dict[str, tuple[int, int]] = {
    "to-30": (0, 30),
    "31-35": (31, 35),
    "36-40": (36, 40),
    "41-50": (41, 50),
    "51-60": (51, 60),
    "over-60": (61, 199),
}
"""(youngest, oldest) by key."""
BAND_WORDS = {
    "to-30": "Từ 30 tuổi trở xuống",
    "31-35": "Từ 31 đến 35 tuổi",
    "36-40": "Từ 36 đến 40 tuổi",
    "41-50": "Từ 41 đến 50 tuổi",
    "51-60": "Từ 51 đến 60 tuổi",
    "over-60": "Trên 60 tuổi",
}
GENDER_WORDS = {"male": "Nam", "female": "Nữ"}


def band_of(birth_year: int | None, year: int) -> str:
    """Key of the band of ages, or unknown; a year of birth after `year` is a mistake, and tells nothing."""
    if birth_year is None:
        return UNKNOWN
    age = year - birth_year
    return next((key for key, (first, last) in BANDS.items() if first <= age <= last), UNKNOWN)


def years_of(band: str, year: int) -> tuple[int, int]:
    """(first, last) year of birth of those in the band."""
    youngest, oldest = BANDS[band]
    return year - oldest, year - youngest


def plausible(year: int) -> tuple[int, int]:
    """(first, last) year of birth that tells an age."""
    return year - max(oldest for _, oldest in BANDS.values()), year


@dataclass(frozen=True)
class Person:
    """A delegate as the summary counts them; `states` are the words of answers, `came` is of anybody with the invitation."""

    group: str = ""
    audience: str = ""
    unit_id: int | None = None
    gender: str = ""
    birth_year: int | None = None
    membership_count: int = 1
    states: frozenset[str] = frozenset()
    came: bool = False
    absence: str = ""
    """In which way they did not come; "" of those who came."""
    is_proxy: bool = False
    """Came in the place of another, who may be the one of this line or of another line."""
    has_position: bool = True

    @property
    def is_described(self) -> bool:
        """Gender and age on the list are those of whoever came: not where a proxy comes."""
        return "proxied" not in self.states


Counted = Callable[[Person], bool]
COLUMNS: dict[str, Counted] = {
    "listed": lambda one: True,
    "invited": lambda one: "invited" in one.states,
    "attending": lambda one: "attending" in one.states,
    "proxied": lambda one: "proxied" in one.states,
    "excused": lambda one: "excused" in one.states,
    "unexcused": lambda one: "unexcused" in one.states,
    "no_answer": lambda one: "no_answer" in one.states,
    "arrived": lambda one: one.came,
    "proxies": lambda one: one.is_proxy,
    "proxy_arrived": lambda one: one.came and "proxied" in one.states,
    "absent": lambda one: not one.came,
    "absent_represented": lambda one: one.absence == "represented",
    "absent_excused": lambda one: one.absence == "excused",
    "absent_unexcused": lambda one: one.absence == "unexcused",
    "absent_proxy_missing": lambda one: one.absence == "proxy_missing",
    "absent_silent": lambda one: one.absence == "silent",
}
"""What is counted of all, of a group and of a unit. The first of answers and of presence add up to the list."""


@dataclass(frozen=True)
class Line:
    """The counts of one group, unit, audience, or of all."""

    counts: dict[str, int]
    memberships: int = 0

    def __getitem__(self, column: str) -> int:
        return self.counts[column]


def line_of(people: Iterable[Person]) -> Line:
    them = list(people)
    counts = {name: sum(map(test, them)) for name, test in COLUMNS.items()}
    return Line(counts, sum(one.membership_count for one in them))


@dataclass(frozen=True)
class Make:
    """The make-up (cơ cấu) of some people by gender and age; what is not known is its own count."""

    total: int
    genders: dict[str, int]
    bands: dict[str, int]
    ages: list[int] = field(default_factory=list)
    """Of those whose year of birth is known and plausible, the youngest first."""
    years: dict[int, int] = field(default_factory=dict)
    """How many were born in a year."""

    @property
    def average_age(self) -> float | None:
        return sum(self.ages) / len(self.ages) if self.ages else None

    @property
    def youngest(self) -> int | None:
        """Year of birth."""
        return max(self.years, default=None)

    @property
    def oldest(self) -> int | None:
        return min(self.years, default=None)


def make_of(people: Sequence[Person], year: int, *, of_those_present: bool = False) -> Make:
    """Of those present by proxy nothing is known: the list describes whom they came for."""
    genders: Counter[str] = Counter(dict.fromkeys((*GENDER_WORDS, UNKNOWN), 0))
    bands: Counter[str] = Counter(dict.fromkeys((*BANDS, UNKNOWN), 0))
    keys = {word: key for key, word in GENDER_WORDS.items()}
    years: Counter[int] = Counter()
    for one in people:
        is_known = one.is_described or not of_those_present
        genders[keys.get(one.gender, UNKNOWN) if is_known else UNKNOWN] += 1
        band = band_of(one.birth_year, year) if is_known else UNKNOWN
        bands[band] += 1
        if band != UNKNOWN and one.birth_year is not None:
            years[one.birth_year] += 1
    ages = sorted(year - born for born in years.elements())
    return Make(len(people), dict(genders), dict(bands), ages, dict(years))


@dataclass(frozen=True)
class Summary:
    """Everything that is counted, at one moment."""

    year: int
    whole: Line
    audiences: dict[str, Line]
    groups: dict[str, Line]
    units: dict[int | None, Line]
    listed: Make
    present: Make
    several_groups: int
    """People in more than one group."""
    no_position: int

    @property
    def has_arrivals(self) -> bool:
        return self.whole["arrived"] > 0

    def unheard_units(self, unit_ids: Iterable[int]) -> list[int]:
        """Units with nobody on the list."""
        return [unit_id for unit_id in unit_ids if unit_id not in self.units]

    def absent_units(self, unit_ids: Iterable[int]) -> list[int]:
        """Units that sent nobody, those with nobody on the list too; nothing can be said before anybody came."""
        if not self.has_arrivals:
            return []
        return [one for one in unit_ids if one not in self.units or self.units[one]["arrived"] == 0]


def summed_up(people: Sequence[Person], year: int) -> Summary:
    groups: dict[str, list[Person]] = {}
    units: dict[int | None, list[Person]] = {}
    audiences: dict[str, list[Person]] = {}
    for one in people:
        groups.setdefault(one.group, []).append(one)
        units.setdefault(one.unit_id, []).append(one)
        audiences.setdefault(one.audience, []).append(one)
    return Summary(
        year=year,
        whole=line_of(people),
        audiences={key: line_of(them) for key, them in audiences.items()},
        groups={key: line_of(them) for key, them in groups.items()},
        units={key: line_of(them) for key, them in units.items()},
        listed=make_of(people, year),
        present=make_of([one for one in people if one.came], year, of_those_present=True),
        several_groups=sum(one.membership_count > 1 for one in people),
        no_position=sum(not one.has_position for one in people),
    )


def share(part: int, whole: int) -> str:
    """ "35,2 %" of those counted; nothing where there is nobody."""
    return f"{part / whole * 100:.1f} %".replace(".", ",") if whole else ""


def average(age: float) -> str:
    return f"{age:.1f}".replace(".", ",")
