"""Shapes of the forms about the programme."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import DateField, IntegerField, SelectField, StringField, TimeField
from wtforms.validators import InputRequired, Length, NumberRange, ValidationError

from seminar.agenda.models import ITEM_KIND_LABELS
from seminar.lib.inputs import Form
from seminar.planning.rules import is_sensible

LONGEST_MINUTES = 600


def sensible_day(form: Form, field: DateField) -> None:
    if field.data and not is_sensible(field.data):
        raise ValidationError(_("Write a day between 1900 and 2200."))


class SittingForm(Form):
    name = StringField(_("Name of the sitting"), [InputRequired(), Length(max=200)])
    day = DateField(_("Day"), [InputRequired(_("Write the day.")), sensible_day])
    starts = TimeField(_("Begins at"), [InputRequired(_("Write the time as 08:00."))])
    ends = TimeField(_("Ends at"), [InputRequired(_("Write the time as 08:00."))])


class ItemForm(Form):
    title = StringField(_("Title of the item"), [InputRequired(), Length(max=500)])
    minutes = IntegerField(
        _("Length in minutes"),
        [
            InputRequired(_("Write the minutes as a whole number from 0 to 600.")),
            NumberRange(0, LONGEST_MINUTES, _("Write the minutes as a whole number from 0 to 600.")),
        ],
    )
    kind = SelectField(_("Kind"))
    presenter = StringField(_("Who presents"), [Length(max=300)])
    note = StringField(_("Remark"), [Length(max=500)])

    def __init__(self, data: Any = None, **values: Any) -> None:
        super().__init__(data, **values)
        self.kind.choices = [(kind.value, gettext(label)) for kind, label in ITEM_KIND_LABELS.items()]
