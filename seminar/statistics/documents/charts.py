"""Charts as SVG made on the server: for the page, for print, for Word and PDF, the same drawing.

No styles (the pages' policy refuses them), no scripts. Every figure stands at its bar or point as text and once more in the
description; series differ by pattern, dash and mark, not by colour alone. What is missing leaves a gap and says so.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from html import escape
from math import floor, log10

from seminar.documents.content import Picture
from seminar.lib.text import percent, thousands

Number = int | Fraction
Above = Callable[[Number], float]
"""Height on the page of a value."""
WIDTH = 500
SIZE, SMALL = 14, 12
LETTER = 0.51
"""Mean width of a letter in shares of its size: Tinos has less, the font of the pages a little more."""
LINE = 1.2
EDGE = 8
PLOT = 200
"""Height of the field of columns and lines."""
BAR, BAR_GAP = 16, 6
OVER, UNDER = 8, 18
"""From a point to the base of the words over it, and under it."""
LABEL_SHARE = 0.38
"""Of the width, for the names at horizontal bars."""
STEPS = 5
MISSING = "…"
COLOURS = ("#2b66c4", "#b5651d", "#0b6b3a", "#8a2f6b", "#53617a", "#7a5b00")
DASHES = ("", "7 4", "2 4", "10 3 2 3", "4 2", "12 5")


class ChartKind(StrEnum):
    BARS = "bars"
    """Horizontal, for long names: units."""
    COLUMNS = "columns"
    """Upright, for few short ones: years."""
    LINE = "line"
    """Over time: quarters."""


class Measure(StrEnum):
    COUNT = "count"
    PERCENT = "percent"
    """Values are shares: 7/10 is drawn as 70 %."""


@dataclass(frozen=True)
class Series:
    """Values by the labels of the chart; None is missing, not zero. None is below zero."""

    name: str
    values: tuple[Number | None, ...]


@dataclass(frozen=True)
class Mark:
    """A line across the chart, as a target: 70 %."""

    name: str
    value: Number


@dataclass(frozen=True)
class Chart:
    title: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    kind: ChartKind = ChartKind.COLUMNS
    measure: Measure = Measure.COUNT
    marks: tuple[Mark, ...] = ()
    missing: str = "chưa đủ số liệu"

    @property
    def has_values(self) -> bool:
        return any(value is not None for one in self.series for value in one.values)

    def said(self, value: Number | None) -> str:
        if value is None:
            return self.missing
        return percent(value) if self.measure == Measure.PERCENT else thousands(round(value))

    @property
    def description(self) -> str:
        """All figures in words, for those who do not see the drawing."""
        lines = []
        for number, label in enumerate(self.labels):
            told = (f"{one.name} {self.said(one.values[number])}" for one in self.series)
            lines.append(f"{label}: {', '.join(told)}")
        return "; ".join([*lines, *(f"{mark.name}: {self.said(mark.value)}" for mark in self.marks)]) + "."


def chart_picture(chart: Chart, name: str) -> Picture:
    """As a block of a document."""
    svg, height = _drawing(chart, name)
    return Picture(svg, f"{chart.title}. {chart.description}", height / WIDTH)


def chart_svg(chart: Chart, name: str) -> str:
    """The drawing. `name` (letters, digits, hyphens) tells its parts from those of other drawings of the page."""
    return _drawing(chart, name)[0]


def _drawing(chart: Chart, name: str) -> tuple[str, float]:
    drawn, height = _bars(chart, name) if chart.kind == ChartKind.BARS else _upright(chart, name)
    body = "".join(drawn)
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" viewBox="0 0 {WIDTH} {_n(height)}" role="img" '
        f'aria-labelledby="{name}-title {name}-desc" font-family="Tinos, Times New Roman, serif" '
        f'font-size="{SIZE}" fill="currentColor">'
        f'<title id="{name}-title">{escape(chart.title)}</title>'
        f'<desc id="{name}-desc">{escape(chart.description)}</desc>'
        f"<defs>{''.join(_pattern(name, number) for number in range(len(chart.series)))}</defs>{body}</svg>"
    )
    return svg, height


def _n(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")


def _width(text: str, size: float) -> float:
    return len(text) * LETTER * size


def _wrapped(text: str, room: float, size: float, most: int = 3) -> list[str]:
    """Lines of at most the width; the last one ends with an ellipsis where not all found room."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if _width(longer, size) <= room or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    if len(lines) > most:
        lines = [*lines[: most - 1], f"{lines[most - 1]}…"]
    return lines


def _text(x: float, y: float, text: str, anchor: str = "start", size: float = SIZE, turn: int = 0) -> str:
    turned = f' transform="rotate({turn} {_n(x)} {_n(y)})"' if turn else ""
    return f'<text x="{_n(x)}" y="{_n(y)}" text-anchor="{anchor}" font-size="{_n(size)}"{turned}>{escape(text)}</text>'


def _line(x1: float, y1: float, x2: float, y2: float, opacity: float = 1, dash: str = "", width: float = 1) -> str:
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<line x1="{_n(x1)}" y1="{_n(y1)}" x2="{_n(x2)}" y2="{_n(y2)}" stroke="currentColor" '
        f'stroke-opacity="{_n(opacity)}" stroke-width="{_n(width)}"{dashed}/>'
    )


def _pattern(name: str, number: int) -> str:
    """Strokes and dots in the colour of the series on white: told apart in black and white too. The first is solid."""
    if number % len(COLOURS) == 0:
        return ""
    colour = COLOURS[number % len(COLOURS)]
    inside = (
        "",
        f'<path d="M-2 2L2 -2M0 8L8 0M6 10L10 6" stroke="{colour}" stroke-width="2.4"/>',
        f'<circle cx="2" cy="2" r="1.6" fill="{colour}"/><circle cx="6" cy="6" r="1.6" fill="{colour}"/>',
        f'<path d="M0 2H8M0 6H8" stroke="{colour}" stroke-width="1.8"/>',
        f'<path d="M0 0L8 8M8 0L0 8" stroke="{colour}" stroke-width="1.4"/>',
        f'<path d="M2 0V8M6 0V8" stroke="{colour}" stroke-width="1.8"/>',
    )[number % len(COLOURS)]
    return (
        f'<pattern id="{name}-{number}" width="8" height="8" patternUnits="userSpaceOnUse">'
        f'<rect width="8" height="8" fill="#ffffff"/>{inside}</pattern>'
    )


def _bar(name: str, number: int, x: float, y: float, width: float, height: float) -> str:
    colour = COLOURS[number % len(COLOURS)]
    fill = f"url(#{name}-{number})" if number % len(COLOURS) else colour
    return f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(width)}" height="{_n(height)}" fill="{fill}" stroke="{colour}"/>'


def _point(number: int, x: float, y: float) -> str:
    """A disc, a square, a triangle, a ring …: the marks of a line."""
    colour = COLOURS[number % len(COLOURS)]
    drawn = (
        f'<circle cx="{_n(x)}" cy="{_n(y)}" r="4.5" fill="{colour}"/>',
        f'<rect x="{_n(x - 4)}" y="{_n(y - 4)}" width="8" height="8" fill="{colour}"/>',
        f'<path d="M{_n(x)} {_n(y - 5)}l5 9h-10z" fill="{colour}"/>',
        f'<circle cx="{_n(x)}" cy="{_n(y)}" r="4" fill="#ffffff" stroke="{colour}" stroke-width="2"/>',
        f'<path d="M{_n(x)} {_n(y - 5)}l5 5l-5 5l-5 -5z" fill="{colour}"/>',
        f'<path d="M{_n(x - 4)} {_n(y - 4)}l8 8m0 -8l-8 8" stroke="{colour}" stroke-width="2.4"/>',
    )
    return drawn[number % len(drawn)]


def _legend(chart: Chart, name: str, y: float) -> tuple[list[str], float]:
    """What the patterns mean, and the marks; (drawn, y below). None where one series says its name in the title."""
    drawn: list[str] = []
    x = float(EDGE)
    entries = [(one.name, number) for number, one in enumerate(chart.series)] if len(chart.series) > 1 else []
    for text, number in (*entries, *((f"{mark.name}: {chart.said(mark.value)}", -1) for mark in chart.marks)):
        wide = 32 + _width(text, SMALL)
        if x > EDGE and x + wide > WIDTH - EDGE:
            x, y = float(EDGE), y + 20
        if number < 0:
            drawn.append(_line(x, y + 7, x + 22, y + 7, dash="6 3", width=2))
        elif chart.kind == ChartKind.LINE:
            drawn += [_stroke([(x, y + 7), (x + 22, y + 7)], number), _point(number, x + 11, y + 7)]
        else:
            drawn.append(_bar(name, number, x + 2, y, 18, 13))
        drawn.append(_text(x + 28, y + 11, text, size=SMALL))
        x += wide + 16
    return drawn, y + 26 if drawn else y


def _head(chart: Chart, name: str) -> tuple[list[str], float]:
    drawn, y = [], float(EDGE)
    for words in _wrapped(chart.title, WIDTH - 2 * EDGE, 15):
        y += 18
        drawn.append(f'<text x="{EDGE}" y="{_n(y)}" font-size="15" font-weight="bold">{escape(words)}</text>')
    legend, y = _legend(chart, name, y + 12)
    return [*drawn, *legend], y


def _scale(chart: Chart) -> tuple[Fraction, Fraction]:
    """(top of the axis, step): round numbers, whole ones for counts."""
    values = [Fraction(value) for one in chart.series for value in one.values if value is not None]
    most = max([*values, *(Fraction(mark.value) for mark in chart.marks), Fraction(0)])
    if not most:
        most = Fraction(1)
    rough = most / STEPS
    power = Fraction(10) ** floor(log10(rough))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough)
    if chart.measure == Measure.COUNT:
        step = max(step, Fraction(1))
    return step * -(-most // step), step


def _ticks(top: Fraction, step: Fraction) -> Iterator[Fraction]:
    for number in range(int(top / step) + 1):
        yield step * number


def _tick_text(chart: Chart, tick: Fraction) -> str:
    if chart.measure == Measure.COUNT:
        return thousands(int(tick))
    return percent(tick, 0 if (tick * 100).denominator == 1 else 1)


def _bars(chart: Chart, name: str) -> tuple[list[str], float]:
    drawn, top = _head(chart, name)
    most, step = _scale(chart)
    left, right = WIDTH * LABEL_SHARE, WIDTH - 60.0
    count = len(chart.series)
    rows: list[str] = []
    y = top + 4

    def across(value: Number) -> float:
        return float(Fraction(value) / most) * (right - left)

    marked = [left + across(mark.value) for mark in chart.marks]
    for number, label in enumerate(chart.labels):
        words = _wrapped(label, left - 2 * EDGE, SMALL)
        height = max(count * BAR, len(words) * SMALL * LINE)
        begin = y + (height - len(words) * SMALL * LINE) / 2
        rows += [
            _text(left - EDGE, begin + (line + 0.8) * SMALL * LINE, word, "end", SMALL)
            for line, word in enumerate(words)
        ]
        at = y + (height - count * BAR) / 2
        for place, one in enumerate(chart.series):
            value = one.values[number]
            wide = 0.0 if value is None else across(value)
            if value:
                rows.append(_bar(name, place, left, at + 1.5, wide, BAR - 3))
            said = MISSING if value is None else chart.said(value)
            rows.append(_text(_beside(left + wide + 5, said, marked), at + BAR * 0.76, said, size=SMALL))
            at += BAR
        y += height + BAR_GAP
    for tick in _ticks(most, step):
        x = left + across(tick)
        drawn.append(_line(x, top, x, y, opacity=1 if not tick else 0.18))
        drawn.append(_text(x, y + SMALL + 2, _tick_text(chart, tick), "middle", SMALL))
    drawn += [_line(x, top, x, y, dash="6 3", width=2) for x in marked]
    return [*drawn, *rows], y + SMALL + EDGE + 4


def _beside(x: float, text: str, marked: Sequence[float]) -> float:
    """Where the text stands behind its bar: behind a mark too, where it would stand on it."""
    return max([x, *(mark + 5 for mark in marked if x - 2 < mark < x + _width(text, SMALL))])


def _upright(chart: Chart, name: str) -> tuple[list[str], float]:
    drawn, top = _head(chart, name)
    most, step = _scale(chart)
    top += 16
    bottom = top + PLOT
    left = EDGE + max(_width(_tick_text(chart, tick), SMALL) for tick in _ticks(most, step)) + 6
    share = (WIDTH - EDGE - left) / max(len(chart.labels), 1)

    def above(value: Number) -> float:
        return bottom - float(Fraction(value) / most) * PLOT

    for tick in _ticks(most, step):
        drawn.append(_line(left, above(tick), WIDTH - EDGE, above(tick), opacity=1 if not tick else 0.18))
        drawn.append(_text(left - 5, above(tick) + 4, _tick_text(chart, tick), "end", SMALL))
    drawn += [
        _line(left, above(mark.value), WIDTH - EDGE, above(mark.value), dash="6 3", width=2) for mark in chart.marks
    ]
    make = _points if chart.kind == ChartKind.LINE else _columns
    drawn += make(chart, name, left, share, above)
    return _with_labels(chart, drawn, left, share, bottom)


def _with_labels(chart: Chart, drawn: list[str], left: float, share: float, bottom: float) -> tuple[list[str], float]:
    """What stands under the axis; upright where it is too long to lie."""
    words = [_wrapped(label, share - 6, SMALL) for label in chart.labels]
    if any(_width(line, SMALL) > share for lines in words for line in lines):
        for number, label in enumerate(chart.labels):
            x = left + (number + 0.5) * share
            drawn.append(_text(x + 4, bottom + 8, label, "end", SMALL, turn=-90))
        return drawn, bottom + max(_width(label, SMALL) for label in chart.labels) + 16 + EDGE
    for number, lines in enumerate(words):
        drawn += [
            _text(left + (number + 0.5) * share, bottom + 16 + at * SMALL * LINE, line, "middle", SMALL)
            for at, line in enumerate(lines)
        ]
    return drawn, bottom + 16 + max(map(len, words), default=1) * SMALL * LINE + EDGE


def _columns(chart: Chart, name: str, left: float, share: float, above: Above) -> list[str]:
    drawn = []
    wide = min(44.0, share * 0.84 / max(len(chart.series), 1))
    for number in range(len(chart.labels)):
        x = left + (number + 0.5) * share - wide * len(chart.series) / 2
        for place, one in enumerate(chart.series):
            value = one.values[number]
            y = above(value or 0)
            if value:
                drawn.append(_bar(name, place, x + 1, y, wide - 2, above(0) - y))
            said = MISSING if value is None else chart.said(value)
            if _width(said, SMALL) <= wide + 2:
                drawn.append(_text(x + wide / 2, y - 4, said, "middle", SMALL))
            else:
                drawn.append(_text(x + wide / 2 + 4, y - 4, said, "start", SMALL, turn=-90))
            x += wide
    return drawn


def _stroke(points: Sequence[tuple[float, float]], number: int) -> str:
    colour, dash = COLOURS[number % len(COLOURS)], DASHES[number % len(DASHES)]
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    path = " ".join(f"{_n(x)},{_n(y)}" for x, y in points)
    return f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2.4"{dashed}/>'


def _under(y: float, axis: float, others: Sequence[float]) -> float | None:
    """Base of the words under a point: over it where they would stand on the axis; None where another line is in the way."""
    if y + UNDER + 3 <= axis:
        return y + UNDER
    return None if any(y - OVER - SMALL - 6 < other <= y for other in others) else y - OVER


def _points(chart: Chart, name: str, left: float, share: float, above: Above) -> list[str]:
    """Points with their figures where there is room, else the last one's; the description has all."""
    drawn: list[str] = []
    said_all = [chart.said(value) for one in chart.series for value in one.values if value is not None]
    has_room = len(chart.series) <= 2 and all(_width(said, SMALL) <= share for said in said_all)
    for place, one in enumerate(chart.series):
        parts: list[list[tuple[float, float]]] = [[]]
        known = [number for number, value in enumerate(one.values) if value is not None]
        for number, value in enumerate(one.values):
            if value is None:
                parts.append([])
                continue
            x, y = left + (number + 0.5) * share, above(value)
            parts[-1].append((x, y))
            drawn.append(_point(place, x, y))
            said = chart.said(value)
            others = [
                above(other) for two in chart.series if two is not one and (other := two.values[number]) is not None
            ]
            at = y - OVER if place % 2 == 0 else _under(y, above(0), others)
            if at is not None and (has_room or number == known[-1]):
                half = _width(said, SMALL) / 2
                beside = min(max(x, left + half + 4), WIDTH - half - 2)
                drawn.append(_text(beside, at, said, "middle", SMALL))
        drawn += [_stroke(part, place) for part in parts if len(part) > 1]
    return drawn
