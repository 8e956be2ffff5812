"""The clock that the hall sees: what is on, who speaks and for how long. For the projector, by the screen's code."""

from typing import Any

from flask import Response, abort, render_template

from seminar.access.guard import by_screen_link
from seminar.agenda.queries import day
from seminar.checkin.queries.boards import screen_by_code
from seminar.lib import codes, htmx
from seminar.lib.clock import now
from seminar.lib.limits import guesses
from seminar.minutes import queries, rules
from seminar.minutes.views import bp


@bp.get("/w/<code>/clock")
@by_screen_link
@guesses
def clock(code: str) -> Any:
    """No menu, nothing to press. The region alone is asked for every two seconds and says what time it is here."""
    screen = screen_by_code(code) if codes.is_link_code(code) else None
    if screen is None:
        abort(404)
    if screen.ended_at:
        abort(Response(render_template("minutes/clock_ended.html"), 410))
    seminar, moment = screen.seminar, now()
    stands = day(seminar, moment)
    template = "minutes/_clock.html" if htmx.wants_fragment() else "minutes/clock.html"
    return htmx.varied(
        render_template(
            template,
            seminar=seminar,
            code=code,
            moment=moment,
            part=stands.part,
            run=queries.run_on(stands),
            turn=queries.turn_speaking(seminar, stands),
            rules=rules,
        )
    )
