"""Shapes of the forms about letters, sendings, answers and proxies."""

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    DateTimeLocalField,
    EmailField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TelField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import AnyOf, InputRequired, Length, NumberRange, Optional
from wtforms.widgets import HiddenInput

from seminar.access.actor import CHANNEL_LABELS, ON_BEHALF, Channel
from seminar.invitations.models import ANSWER_LABELS, Answer
from seminar.invitations.rules import HANDED_OVER
from seminar.lib.inputs import Form
from seminar.lib.language import say


def _channels(channels: tuple[Channel, ...]) -> list[tuple[str, str]]:
    return [(channel.value, say(CHANNEL_LABELS[channel])) for channel in channels]


class IssueForm(Form):
    """The groups whose delegates get a letter; the choices are the seminar's codes."""

    groups = SelectMultipleField(_("Groups"), choices=[])


class SendingForm(Form):
    """The two figures that the sender saw and confirms, of the own text its digest, and whether the letter goes along."""

    seen_count = IntegerField(validators=[InputRequired(), NumberRange(0, 10**6)], widget=HiddenInput())
    seen_without = IntegerField(validators=[InputRequired(), NumberRange(0, 10**6)], widget=HiddenInput())
    seen_text = HiddenField(validators=[Length(max=64)])
    attach = BooleanField()


class OnBehalfForm(Form):
    """How, by whom and when the office was told."""

    channel = SelectField(_("How they told the office"))
    told_by = StringField(_("Who told the office, if not the person"), [Length(max=120)])
    told_at = DateTimeLocalField(_("When they told it"), [Optional()])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.channel.choices = _channels(ON_BEHALF)


class AnswerForm(OnBehalfForm):
    answer = RadioField(_("Answer"), [InputRequired()])
    reason = TextAreaField(_("Reason"), [Length(max=500)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.answer.choices = [(answer.value, say(ANSWER_LABELS[answer])) for answer in Answer]


class ProxyForm(OnBehalfForm):
    name = StringField(_("Name of the person who comes instead"), [InputRequired(), Length(max=200)])
    position = StringField(_("Position"), [Length(max=300)])
    phone = TelField(_("Telephone"), [Length(max=60)])
    email = EmailField(_("E-mail"), [Length(max=254)])
    reason = TextAreaField(_("Reason"), [Length(max=500)])


class WithdrawalForm(Form):
    """Why the delegate comes in person after all."""

    reason = StringField(_("Remark"), [Length(max=250)])


class DecisionForm(Form):
    outcome = StringField(validators=[AnyOf(["approve", "refuse"])])
    note = StringField(_("Remark"), [Length(max=500)])


class ReasonForm(Form):
    """Why a code is revoked or replaced."""

    reason = StringField(_("Reason"), [InputRequired(), Length(max=300)])


class DeliveryForm(Form):
    channel = SelectField(_("Handed over"))
    note = StringField(_("Remark"), [Length(max=300)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.channel.choices = _channels(HANDED_OVER)


class TextsForm(Form):
    """By which channel the ticked people got the text."""

    channel = SelectField(_("Handed over"))
    note = StringField(_("Remark"), [Length(max=300)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.channel.choices = _channels(HANDED_OVER)


class ReminderRuleForm(Form):
    """When a rule reminds, and the figure that the sender saw."""

    days_before = IntegerField(_("Days before the deadline"), [InputRequired(), NumberRange(0, 60)])
    at = TimeField(_("At (Vietnam's time)"), [InputRequired()])
    seen_count = IntegerField(validators=[InputRequired(), NumberRange(0, 10**6)], widget=HiddenInput())
