"""Shapes of the plan's forms."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import (
    DateField,
    EmailField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TelField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, ValidationError

from seminar.lib import phones
from seminar.lib.errors import N_
from seminar.lib.inputs import Form
from seminar.lib.language import say
from seminar.lib.text import clean, clean_block, fold
from seminar.mail.rules import sendable
from seminar.planning.models import (
    DEADLINE_LABELS,
    MILESTONE_RULE_LABELS,
    UNIT_KIND_LABELS,
    MilestoneRule,
    Topic,
    Unit,
    UnitKind,
)
from seminar.planning.rules import is_sensible


def required() -> InputRequired:
    return InputRequired(_("This field is required."))


def written() -> DataRequired:
    """Something that can be seen: no spaces, no invisible characters alone."""
    return DataRequired(_("This field is required."))


def sensible_day(form: Form, field: DateField) -> None:
    """What lies further away is a slip of the pen, and cannot be counted with."""
    if field.data and not is_sensible(field.data):
        raise ValidationError(_("Write a day between 1900 and 2200."))


LINE, BLOCK = (clean,), (clean_block,)
"""Cleaned before it is measured: what is stored is never longer than what was allowed."""


class DetailsForm(Form):
    title = TextAreaField(_("Title"), [written(), Length(max=500)], LINE)
    theme = StringField(_("Theme"), [Length(max=300)], LINE)
    issuer = StringField(_("Organiser"), [Length(max=200)], LINE)
    held_on = DateField(_("Day"), [Optional(), sensible_day])
    starts_at = TimeField(_("Begins at"), [Optional()])
    ends_at = TimeField(_("Ends at"), [Optional()])
    plan_number = StringField(_("Number of the plan"), [Length(max=60)], LINE)
    plan_issued_on = DateField(_("Plan issued on"), [Optional(), sensible_day])
    dress = StringField(_("Dress"), [Length(max=200)], LINE)
    contact_name = StringField(_("Contact"), [Length(max=200)], LINE)
    contact_phone = TelField(_("Telephone of the contact"), [Length(max=60)], LINE)
    contact_email = EmailField(_("E-mail of the contact"), [Length(max=254)], LINE)


class SettlementForm(Form):
    settlement = TextAreaField(_("How it was settled"), [written(), Length(max=2000)], BLOCK)


class VenueForm(Form):
    name = StringField(_("Name of the venue"), [written(), Length(max=300)], LINE)
    address = StringField(_("Address"), [Length(max=300)], LINE)
    capacity = IntegerField(
        _("Seats"), [Optional(), NumberRange(1, 100_000, _("Write a number from 1 to 100,000, or leave it empty."))]
    )
    note = StringField(_("Remark"), [Length(max=500)], LINE)


class BasisForm(Form):
    kind = StringField(_("Kind of document"), [written(), Length(max=60)], LINE)
    number = StringField(_("Number and symbol"), [Length(max=60)], LINE)
    issued_on = DateField(_("Issued on"), [Optional(), sensible_day])
    issuer = StringField(_("Issued by"), [Length(max=200)], LINE)
    subject = TextAreaField(_("About"), [written(), Length(max=500)], LINE)


class TopicForm(Form):
    title = StringField(_("Short title"), [written(), Length(max=200)], LINE)
    parent_id = SelectField(_("Subtopic of"), [Optional()], coerce=lambda chosen: int(chosen) if chosen else None)
    text = TextAreaField(_("What it is about"), [Length(max=4000)], BLOCK)

    def offer(self, topics: Iterable[Topic], but: Topic | None = None) -> None:
        """The topics that it may stand under; nothing for a topic that has subtopics of its own."""
        choices = [(str(topic.id), topic.title) for topic in topics if topic is not but]
        self.parent_id.choices = [("", say(N_("none: a topic of the plan itself")))]
        self.parent_id.choices += [] if but is not None and but.subtopics else choices


class MilestoneForm(Form):
    text = StringField(_("What is to be done"), [written(), Length(max=500)], LINE)
    rule = SelectField(_("When"), [required()], coerce=MilestoneRule)
    due_on = DateField(_("Day of the milestone"), [required(), sensible_day])
    code = SelectField(_("Is it a deadline?"), default="")
    owner = StringField(_("Who"), [Length(max=200)], LINE)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rule.choices = [(rule.value, say(label)) for rule, label in MILESTONE_RULE_LABELS.items()]
        self.code.choices = [("", say(N_("no, only a date of the plan")))]
        self.code.choices += [(code, say(label)) for code, label in DEADLINE_LABELS.items()]


class UnitForm(Form):
    name = StringField(_("Name of the unit"), [written(), Length(max=200)], LINE)
    kind = SelectField(_("Kind"), [required()], coerce=UnitKind)
    contact_name = StringField(_("Contact of the unit"), [Length(max=200)], LINE)
    contact_phone = TelField(_("Telephone"), [Length(max=40)], LINE)
    contact_email = EmailField(_("E-mail"), [Length(max=254)], LINE)
    aliases = TextAreaField(_("Other names, one on each line"), [Length(max=4000)], BLOCK)
    valid_from = DateField(_("Exists since"), [Optional(), sensible_day])
    valid_to = DateField(_("Existed until"), [Optional(), sensible_day])
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
    text = TextAreaField(_("Units, one on each line"), [written(), Length(max=200_000)])
    valid_from = DateField(_("All of them exist since"), [Optional(), sensible_day])


class EndingForm(Form):
    """Several units that end on one day; `unit` are the ticks in the table."""

    unit = SelectMultipleField(_("Units that end"))
    last_day = DateField(_("Their last day"), [required(), sensible_day])
    successor = SelectField(_("Succeeded by"), default="")

    def __init__(self, units: Sequence[Unit], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(unit.id), unit.name) for unit in units]
        self.unit.choices, self.successor.choices = choices, [("", "…"), *choices]


class OrderForm(Form):
    """One place up or down."""

    step = StringField()

    def steps(self) -> int:
        return {"up": -1, "down": 1}.get(self.step.data, 0)
