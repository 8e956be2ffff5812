"""Shapes of the plan's forms."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import (
    DateField,
    EmailField,
    Form,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TelField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp, ValidationError

from seminar.access.actor import CHANNEL_LABELS
from seminar.lib import phones
from seminar.lib.errors import N_
from seminar.lib.language import say
from seminar.lib.text import clean, fold
from seminar.mail.rules import sendable
from seminar.planning.actions import HANDED_OVER
from seminar.planning.models import (
    DEADLINE_LABELS,
    MILESTONE_RULE_LABELS,
    UNIT_KIND_LABELS,
    MilestoneRule,
    Unit,
    UnitKind,
)


def required() -> InputRequired:
    return InputRequired(_("This field is required."))


class DetailsForm(Form):
    title = TextAreaField(_("Title"), [InputRequired(), Length(max=500)])
    theme = StringField(_("Theme"), [Length(max=300)])
    issuer = StringField(_("Organiser"), [Length(max=200)])
    held_on = DateField(_("Day"), [Optional()])
    starts_at = TimeField(_("Begins at"), [Optional()])
    ends_at = TimeField(_("Ends at"), [Optional()])
    plan_number = StringField(_("Number of the plan"), [Length(max=60)])
    plan_issued_on = DateField(_("Plan issued on"), [Optional()])
    dress = StringField(_("Dress"), [Length(max=200)])
    contact_name = StringField(_("Contact"), [Length(max=200)])
    contact_phone = TelField(_("Telephone of the contact"), [Length(max=60)])
    contact_email = EmailField(_("E-mail of the contact"), [Length(max=254)])


class NewSeminarForm(Form):
    title = TextAreaField(_("Title"), [InputRequired(), Length(max=500)])
    slug = StringField(
        _("Short name in addresses"),
        [
            InputRequired(),
            Length(max=64),
            Regexp(r"^[a-z0-9]+(-[a-z0-9]+)*\Z", message=_("Only small letters without accents, digits and hyphens.")),
        ],
    )
    held_on = DateField(_("Day"), [Optional()])
    venues = TextAreaField(_("Candidate venues, one on each line"), [Length(max=2000)])


class SettlementForm(Form):
    settlement = TextAreaField(_("How it was settled"), [InputRequired(), Length(max=2000)])


class VenueForm(Form):
    name = StringField(_("Name of the venue"), [required(), Length(max=300)])
    address = StringField(_("Address"), [Length(max=300)])
    capacity = IntegerField(
        _("Seats"), [Optional(), NumberRange(1, 100_000, _("Write a number from 1 to 100,000, or leave it empty."))]
    )
    note = StringField(_("Remark"), [Length(max=500)])


class BasisForm(Form):
    kind = StringField(_("Kind of document"), [required(), Length(max=60)])
    number = StringField(_("Number and symbol"), [Length(max=60)])
    issued_on = DateField(_("Issued on"), [Optional()])
    issuer = StringField(_("Issued by"), [Length(max=200)])
    subject = TextAreaField(_("About"), [required(), Length(max=500)])


class TopicForm(Form):
    title = StringField(_("Short title"), [required(), Length(max=200)])
    text = TextAreaField(_("What it is about"), [Length(max=4000)])


class MilestoneForm(Form):
    text = StringField(_("What is to be done"), [required(), Length(max=500)])
    rule = SelectField(_("When"), [required()], coerce=MilestoneRule)
    due_on = DateField(_("Day of the milestone"), [required()])
    code = SelectField(_("Is it a deadline?"), default="")
    owner = StringField(_("Who"), [Length(max=200)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rule.choices = [(rule.value, say(label)) for rule, label in MILESTONE_RULE_LABELS.items()]
        self.code.choices = [("", say(N_("no, only a date of the plan")))]
        self.code.choices += [(code, say(label)) for code, label in DEADLINE_LABELS.items()]


class UnitForm(Form):
    name = StringField(_("Name of the unit"), [required(), Length(max=200)])
    kind = SelectField(_("Kind"), [required()], coerce=UnitKind)
    contact_name = StringField(_("Contact of the unit"), [Length(max=200)])
    contact_phone = TelField(_("Telephone"), [Length(max=40)])
    contact_email = EmailField(_("E-mail"), [Length(max=254)])
    aliases = TextAreaField(_("Other names, one on each line"), [Length(max=4000)])
    valid_from = DateField(_("Exists since"), [Optional()])
    valid_to = DateField(_("Existed until"), [Optional()])
    successor_id = SelectField(_("Succeeded by"), default="")

    def __init__(self, units: Iterable[Unit], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = [(kind.value, say(label)) for kind, label in UNIT_KIND_LABELS.items()]
        self.successor_id.choices = [("", "…"), *((str(unit.id), unit.name) for unit in units)]

    def validate_contact_phone(self, field: TelField) -> None:
        if field.data and phones.domestic(field.data) is None:
            raise ValidationError(_("This is no Vietnamese telephone number, for example 0912 345 678."))

    def validate_contact_email(self, field: EmailField) -> None:
        if field.data and sendable(field.data) is None:
            raise ValidationError(_("This is no e-mail address, for example ten@coquan.vn."))

    def values(self) -> dict[str, Any]:
        """What was typed, in the form it is stored; the form must be valid."""
        return {
            "name": clean(self.name.data),
            "kind": self.kind.data,
            "contact_name": clean(self.contact_name.data),
            "contact_phone": phones.domestic(self.contact_phone.data or "") or "",
            "contact_email": (self.contact_email.data or "").strip(),
            "valid_from": self.valid_from.data,
            "valid_to": self.valid_to.data,
            "successor_id": int(self.successor_id.data) if self.successor_id.data else None,
        }

    def other_names(self) -> list[str]:
        return [name for line in (self.aliases.data or "").splitlines() if (name := clean(line)[:200])]


def unit_details(unit: Unit) -> dict[str, Any]:
    """What the form shows of a unit at first."""
    shown = {name: getattr(unit, name) for name in ("name", "kind", "contact_name", "contact_email")}
    return shown | {
        "contact_phone": phones.spaced(unit.contact_phone) if unit.contact_phone else "",
        "aliases": "\n".join(other_names_of(unit)),
        "valid_from": unit.valid_from,
        "valid_to": unit.valid_to,
        "successor_id": str(unit.successor_id or ""),
    }


def other_names_of(unit: Unit) -> Sequence[str]:
    """As they were typed; of old ones only the folded form is known."""
    return [alias.name or alias.folded for alias in unit.aliases if alias.folded != fold(unit.name)]


class UnitListForm(Form):
    text = TextAreaField(_("Units, one on each line"), [required(), Length(max=200_000)])
    valid_from = DateField(_("All of them exist since"), [Optional()])


class EndingForm(Form):
    """Several units that end on one day; `unit` are the ticks in the table."""

    unit = SelectMultipleField(_("Units that end"))
    last_day = DateField(_("Their last day"), [required()])
    successor = SelectField(_("Succeeded by"), default="")

    def __init__(self, units: Sequence[Unit], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(unit.id), unit.name) for unit in units]
        self.unit.choices, self.successor.choices = choices, [("", "…"), *choices]


class HandingForm(Form):
    channel = SelectField(_("Handed over"))
    to = StringField(_("To whom"), [Length(max=254)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.channel.choices = [(channel.value, say(CHANNEL_LABELS[channel])) for channel in HANDED_OVER]


class OrderForm(Form):
    """One place up or down."""

    step = StringField()

    def steps(self) -> int:
        return {"up": -1, "down": 1}.get(self.step.data, 0)
