"""The plan's pages: the plan itself, its lists, new seminars, the directory of units, the units of a seminar."""

from collections.abc import Callable

from flask import Blueprint, flash
from wtforms import Form

from seminar.access.guard import only
from seminar.access.roles import Role
from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.lib.language import ngettext, say

bp = Blueprint("planning", __name__)

reads_plan = only(Role.ADMIN, Role.OFFICE, Role.SECRETARY, Role.REVIEWER)
writes_plan = only(Role.ADMIN, Role.OFFICE)


def saved(form: Form, act: Callable[[], object]) -> bool:
    """Does it and commits where the form is right and no rule says no; else the reasons stand in the form."""
    try:
        if form.validate():
            act()
            db.session.commit()
            return True
    except Refused as refusal:
        db.session.rollback()
        form.form_errors.append(say(refusal.message))
    return False


def flash_stopped(count: int) -> None:
    """What became of messages that had not left and told the old day, hour or place."""
    if count:
        sentence = ngettext(
            "%(num)d message had not left and told the old day, hour or place: it was stopped for good. Send anew what is still needed.",
            "%(num)d messages had not left and told the old day, hour or place: they were stopped for good. Send anew what is still needed.",
            count,
        )
        flash(sentence, "warning")


from seminar.planning.views import directory, parts, plan, units  # noqa: E402

__all__ = ["bp", "directory", "parts", "plan", "reads_plan", "saved", "units", "writes_plan"]
