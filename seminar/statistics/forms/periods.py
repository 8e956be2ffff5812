"""Shapes of what is typed about a period: name, days, deadline; and several quarters at once."""

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import DateField, IntegerField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, ValidationError

from seminar.lib.inputs import Form
from seminar.lib.language import say
from seminar.lib.text import clean
from seminar.planning.models import MILESTONE_RULE_LABELS, MilestoneRule
from seminar.planning.rules import is_sensible
from seminar.statistics.actions import Terms
from seminar.statistics.rules.periods import MOST_QUARTERS, ROMAN

DEADLINES = (MilestoneRule.BEFORE, MilestoneRule.UNTIL)


def sensible_day(form: Form, field: DateField) -> None:
    """What lies further away is a slip of the pen."""
    if field.data and not is_sensible(field.data):
        raise ValidationError(_("Write a day between 1900 and 2200."))


class PeriodForm(Form):
    name = StringField(_("Name of the period"), [DataRequired(_("This field is required.")), Length(max=120)], (clean,))
    as_of_on = DateField(_("Stocks as of"), [Optional(), sensible_day])
    due_rule = SelectField(_("Due"), coerce=MilestoneRule, default=MilestoneRule.UNTIL)
    due_on = DateField(_("Own deadline"), [Optional(), sensible_day])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.due_rule.choices = [(rule.value, say(MILESTONE_RULE_LABELS[rule])) for rule in DEADLINES]

    def terms(self) -> Terms:
        return Terms(self.name.data, self.as_of_on.data, self.due_on.data, self.due_rule.data)


class QuartersForm(Form):
    year = IntegerField(
        _("First year"), [InputRequired(), NumberRange(2000, 2200, _("Write a year from 2000 to 2200."))]
    )
    quarter = SelectField(
        _("First quarter"),
        coerce=int,
        choices=[SelectChoice(number, word) for number, word in enumerate(ROMAN, 1)],
        default=1,
    )
    count = IntegerField(
        _("How many quarters"),
        [InputRequired(), NumberRange(1, MOST_QUARTERS, _("Write a number from 1 to 60."))],
        default=4,
    )
