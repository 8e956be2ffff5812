"""The targets by unit, the table of units and quarters, and every figure opened down to its cells."""

from typing import Any

from flask import abort, request
from markupsafe import Markup

from seminar.lib.errors import N_
from seminar.lib.numbers import whole
from seminar.planning.models import Unit
from seminar.statistics.documents.charts import Chart, ChartKind, Mark, Measure, Series, chart_svg
from seminar.statistics.documents.heat import BOUNDS, STATE_WORDS, HeatKind, heat_of, heat_workbook, quarter_short
from seminar.statistics.forms.targets import ADMISSION_BASES, INTRODUCTION_BASES
from seminar.statistics.queries import target_figures as figures
from seminar.statistics.queries.targets import Gathered
from seminar.statistics.rules import label_of
from seminar.statistics.rules.indicators import ratio
from seminar.statistics.rules.targets import linear
from seminar.statistics.views import bp, reads_statistics
from seminar.statistics.views.targets import TARGETS, WORKBOOK, _, file, look, render

FIGURE_LABELS = {
    "introduced": N_("Outstanding members introduced"),
    "admitted": N_("Outstanding members admitted"),
    "conversion": N_("Admitted by introduced, in the period"),
    "party": N_("New party members who come from the Union"),
    "introduction-rate": N_("Rate of introduction"),
    "admission-rate": N_("Rate of admission"),
    "stale": N_("Chosen for two years and not admitted"),
    "stale-share": N_("Their share of the outstanding members"),
    "comments": N_("Outstanding members commented on in the quarter"),
    "dissemination": N_("Cadres and members reached"),
}
HEAT_LABELS = {
    HeatKind.INTRODUCED: N_("Introduced"),
    HeatKind.ADMITTED: N_("Admitted"),
    HeatKind.RETURNS: N_("Returns"),
}


@bp.get(f"{TARGETS}/units")
@reads_statistics
def target_units(slug: str) -> Any:
    at = look(slug)
    rows = [(unit, at.gathered.standing(at.until, unit.id)) for unit in at.gathered.units]
    return render(
        "statistics/target_units.html",
        at,
        "units",
        rows=rows,
        whole=at.gathered.standing(at.until),
        flags=at.gathered.flags(at.until),
        chart=Markup(chart_svg(_completion(at.gathered, at.until, rows), "completion")),  # noqa: S704 - escaped
    )


def _completion(gathered: Gathered, until: int, rows: list[Any]) -> Chart:
    return Chart(
        _("Share of the whole target reached, by unit"),
        tuple(unit.name for unit, _standing in rows),
        (
            Series(_("introduced"), tuple(standing.introduced.completion for _unit, standing in rows)),
            Series(_("admitted"), tuple(standing.admitted.completion for _unit, standing in rows)),
        ),
        ChartKind.BARS,
        Measure.PERCENT,
        (Mark(_("even course"), linear(1, until, gathered.span.count)),),
        missing=_("not enough figures"),
    )


@bp.get(f"{TARGETS}/figures/<figure>")
@reads_statistics
def target_figure(slug: str, figure: str) -> Any:
    """By unit; with `?unit=` by quarter and sector; `?sector=` takes one sector only."""
    at = look(slug)
    unit = _unit_asked(at.gathered)
    sector = request.args.get("sector", "")
    opened = figures.open_figure(at.gathered, figure, at.until, unit, sector)
    if opened is None or figure not in FIGURE_LABELS:
        abort(404)
    return render(
        "statistics/target_figure.html",
        at,
        "figure",
        code=figure,
        title=_(FIGURE_LABELS[figure]),
        unit=unit,
        sector=at.gathered.definition.row(sector) if sector else None,
        opened=opened,
        columns=[label_of(at.gathered.definition, column) for column, _taking in opened.parts],
        lines=[] if unit else list(figures.lines_of(at.gathered, figure, opened)),
        parts=list(figures.quarters_of(at.gathered, figure, opened, unit)) if unit else [],
        quarter_of={number: quarter_short(at.gathered.span, number) for number in range(1, at.until + 1)},
        ratio_of=lambda sums: _ratio_of(figure, sums),
        bases=(
            INTRODUCTION_BASES[at.gathered.settings.introduction_by],
            ADMISSION_BASES[at.gathered.settings.admission_by],
        ),
    )


def _ratio_of(code: str, sums: Any) -> Any:
    """Of what stands in a line; None where there is one part only, or one is missing."""
    if code == "party":
        members, chosen, everybody = sums
        above: Any = (members or 0) + (chosen or 0) if (members, chosen) != (None, None) else None
        below = everybody
    elif code == "dissemination":
        above, cadres, members = sums
        below = None if cadres is None or members is None else cadres + members
    elif len(sums) == 2:
        above, below = sums
    else:
        return None
    return None if above is None or below is None else ratio({0: above}, {0: below}).value


def _unit_asked(gathered: Gathered) -> Unit | None:
    asked = request.args.get("unit", "")
    if not asked:
        return None
    found = next((unit for unit in gathered.units if unit.id == whole(asked)), None)
    if found is None:
        abort(404)
    return found


def _heat_kind() -> HeatKind:
    asked = request.args.get("show", "")
    return HeatKind(asked) if asked in set(HeatKind) else HeatKind.INTRODUCED


@bp.get(f"{TARGETS}/heat")
@reads_statistics
def target_heat(slug: str) -> Any:
    at = look(slug)
    return render(
        "statistics/target_heat.html",
        at,
        "heat",
        table=heat_of(at.gathered, _heat_kind(), at.until),
        kinds=HEAT_LABELS,
        Kind=HeatKind,
        bounds=BOUNDS,
        state_words=STATE_WORDS,
        shorts=[quarter_short(at.gathered.span, number) for number in range(1, at.until + 1)],
    )


@bp.get(f"{TARGETS}/heat.xlsx")
@reads_statistics
def target_heat_workbook(slug: str) -> Any:
    at = look(slug)
    kind = _heat_kind()
    content = heat_workbook(at.gathered, heat_of(at.gathered, kind, at.until))
    return file(content, WORKBOOK, f"chi-tieu-theo-quy-{at.seminar.slug}.xlsx")
