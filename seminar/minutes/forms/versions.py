"""Shapes of the forms about the minutes."""

from datetime import UTC, datetime
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import DateTimeLocalField, HiddenField, IntegerField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp, ValidationError

from seminar.lib.clock import VIETNAM, local
from seminar.lib.inputs import Form
from seminar.minutes.actions import Typed
from seminar.minutes.documents import Particulars
from seminar.minutes.forms.notes import TORN
from seminar.minutes.rules import LONGEST_NAMES, MOST_COPIES
from seminar.planning.rules import is_sensible

NAMES = _("The names have at most 3,000 characters.")
COPIES = _("Write the copies as a number from 1 to 99.")
TIME = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]
"""As browsers write it; the first is how the field is filled."""


def sensible_time(form: Form, field: DateTimeLocalField) -> None:
    if field.data and not is_sensible(field.data.date()):
        raise ValidationError(_("Write a day between 1900 and 2200."))


class ParticularsForm(Form):
    """`revision` says which particulars were on the screen; 0 where nobody had typed any."""

    revision = HiddenField(default="0", validators=[Regexp(r"[0-9]{1,9}\Z", message=TORN)])
    began = DateTimeLocalField(_("Began at"), [Optional(), sensible_time], format=TIME)
    ended = DateTimeLocalField(_("Ended at"), [Optional(), sensible_time], format=TIME)
    chairs = TextAreaField(_("Who presided"), [Length(max=LONGEST_NAMES, message=NAMES)])
    secretaries = TextAreaField(_("Secretaries of the minutes"), [Length(max=LONGEST_NAMES, message=NAMES)])
    copies = IntegerField(_("Number of copies"), [Optional(), NumberRange(1, MOST_COPIES, COPIES)])

    def typed(self) -> Typed:
        return Typed(
            began_at=_moment(self.began.data),
            ended_at=_moment(self.ended.data),
            chairs=self.chairs.data or "",
            secretaries=self.secretaries.data or "",
            copies=self.copies.data,
        )


def _moment(wall: datetime | None) -> datetime | None:
    return wall.replace(tzinfo=VIETNAM).astimezone(UTC) if wall else None


def _wall(moment: datetime | None) -> datetime | None:
    return local(moment).replace(tzinfo=None, second=0, microsecond=0) if moment else None


def particulars_form(shown: Particulars, revision: int, form: Any = None) -> ParticularsForm:
    """Filled with what prints, whether it was typed or is known by the records of the day."""
    return ParticularsForm(
        form,
        data={
            "revision": str(revision),
            "began": _wall(shown.began_at),
            "ended": _wall(shown.ended_at),
            "chairs": "\n".join(shown.chairs),
            "secretaries": "\n".join(shown.secretaries),
            "copies": shown.copies,
        },
    )


class AdoptionForm(Form):
    """`seen` says what was on the screen."""

    seen = HiddenField(validators=[Regexp(r"[0-9a-f]{64}\Z", message=TORN)])
    manner = StringField(
        _("How they were adopted"),
        [
            InputRequired(_("Say how the minutes were adopted.")),
            Length(max=300, message=_("How they were adopted has at most 300 characters.")),
        ],
    )


class ReopeningForm(Form):
    reason = TextAreaField(
        _("Why they are opened again"),
        [
            InputRequired(_("Say why the adopted minutes are opened again: the reason stands in the new version.")),
            Length(max=500, message=_("The reason has at most 500 characters.")),
        ],
    )
