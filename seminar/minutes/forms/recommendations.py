"""Shapes of the forms about recommendations."""

from datetime import date
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import DateField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, Regexp, ValidationError

from seminar.lib.inputs import Form
from seminar.minutes.actions import Asked
from seminar.minutes.forms.notes import TORN
from seminar.minutes.models import (
    ADDRESSEE_LABELS,
    RECOMMENDATION_STATUS_LABELS,
    Addressee,
    Recommendation,
    RecommendationStatus,
)
from seminar.minutes.queries import raiser_of, wording_of
from seminar.minutes.rules import LONGEST_RECOMMENDATION
from seminar.planning.rules import is_sensible

NAME = Length(max=300, message=_("A name has at most 300 characters."))


def sensible(form: Form, field: DateField) -> None:
    if field.data and not is_sensible(field.data):
        raise ValidationError(_("Write a day between 1900 and 2200."))


class RecommendationForm(Form):
    revision = HiddenField(default="1", validators=[Regexp(r"[0-9]{1,9}\Z", message=TORN)])
    text = TextAreaField(
        _("Words of the recommendation"),
        [Length(max=LONGEST_RECOMMENDATION, message=_("A recommendation has at most 20,000 characters."))],
    )
    raised_by = StringField(_("Who raised it"), [NAME])
    addressee = SelectField(_("Body in charge"))
    addressee_name = StringField(_("Name of the body"), [NAME])
    owner = StringField(_("Who looks after it"), [NAME])
    due_on = DateField(_("To be settled by"), [Optional(), sensible])

    def __init__(self, form: Any = None, **values: Any) -> None:
        super().__init__(form, **values)
        self.addressee.choices = [
            ("", gettext("not yet said")),
            *((one.value, gettext(label)) for one, label in ADDRESSEE_LABELS.items()),
        ]

    def asked(self) -> Asked:
        return Asked(
            text=self.text.data or "",
            raised_by=self.raised_by.data or "",
            addressee=Addressee(self.addressee.data) if self.addressee.data else None,
            addressee_name=self.addressee_name.data or "",
            owner=self.owner.data or "",
            due_on=self.due_on.data,
        )


def recommendation_form(one: Recommendation) -> RecommendationForm:
    return RecommendationForm(
        data={
            "revision": str(one.revision),
            "text": wording_of(one),
            "raised_by": raiser_of(one),
            "addressee": one.addressee or "",
            "addressee_name": one.addressee_name,
            "owner": one.owner,
            "due_on": one.due_on,
        }
    )


class StepForm(Form):
    status = SelectField(_("What happened"))
    on = DateField(_("On which day"), [InputRequired(_("Write the day.")), sensible])
    note = StringField(_("In words"), [Length(max=500, message=_("The words have at most 500 characters."))])

    def __init__(self, form: Any = None, **values: Any) -> None:
        super().__init__(form, **values)
        self.status.choices = [
            (one.value, gettext(label))
            for one, label in RECOMMENDATION_STATUS_LABELS.items()
            if one != RecommendationStatus.RECORDED
        ]


def step_form(status: RecommendationStatus, today: date) -> StepForm:
    """Offers the step that mostly follows."""
    order = [one for one in RecommendationStatus if one != RecommendationStatus.RECORDED]
    following = order[min(order.index(status) + 1, 3)] if status in order else order[0]
    return StepForm(data={"status": following.value, "on": today})
