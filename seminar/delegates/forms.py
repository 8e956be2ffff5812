"""Shapes of the delegate's details and of the upload of a list."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    DateTimeLocalField,
    Form,
    HiddenField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from seminar.access.actor import CHANNEL_LABELS, ON_BEHALF
from seminar.delegates.models import Delegate
from seminar.delegates.rules import BIRTH_YEAR, DelegateRow, email_of, typed_person
from seminar.lib import phones
from seminar.lib.language import say
from seminar.lib.text import clean, clean_block
from seminar.planning.models import Group, Unit


def at_most(characters: int) -> Length:
    return Length(max=characters, message=_("At most %(max)d characters."))


def required() -> InputRequired:
    return InputRequired(_("This field is required."))


def _line(text: str | None) -> str:
    return clean(text)


class DelegateForm(Form):
    name = StringField(_("Full name"), [required(), at_most(200)], [_line])
    honorific = StringField(_("Honorific"), [at_most(40)], [_line])
    academic_title = StringField(_("Academic title"), [at_most(60)], [_line])
    position = StringField(_("Position"), [at_most(300)], [_line])
    body = StringField(_("Agency or unit, as it should print"), [at_most(300)], [_line])
    unit = SelectField(_("Unit of the Union"), default="")
    group = SelectField(_("Group"), [required()])
    further = SelectMultipleField(_("Further groups"), widget=ListWidget(), option_widget=CheckboxInput())
    phone = StringField(_("Telephone"), [at_most(40)], [_line])
    phone_2 = StringField(_("Second telephone"), [at_most(40)], [_line])
    email = StringField(_("E-mail"), [at_most(254)], [_line])
    gender = SelectField(
        _("Gender"),
        default="",
        choices=[SelectChoice("", "…"), SelectChoice("Nam", _("male")), SelectChoice("Nữ", _("female"))],
    )
    birth_year = StringField(_("Year of birth"), filters=[_line])
    seat = StringField(_("Seat"), [at_most(40)], [_line])
    alert = StringField(_("What reception must know"), [at_most(300)], [_line])
    note = TextAreaField(_("Remark"), [at_most(1000)], [clean_block])

    def offer(self, groups: Sequence[Group], units: Sequence[Unit]) -> "DelegateForm":
        """Fills the choices."""
        self.group.choices = [SelectChoice(group.code, f"{group.code} · {group.name}") for group in groups]
        self.further.choices = self.group.choices
        self.unit.choices = [SelectChoice("", "…"), *(SelectChoice(str(unit.id), unit.name) for unit in units)]
        return self

    def validate_name(self, field: StringField) -> None:
        if sum(character.isalpha() for character in field.data or "") < 2:
            raise ValidationError(_("Type the whole name."))

    def validate_phone(self, field: StringField) -> None:
        if field.data and phones.domestic(field.data) is None:
            raise ValidationError(_("This is no Vietnamese telephone number, for example 0912 345 678."))

    validate_phone_2 = validate_phone

    def validate_birth_year(self, field: StringField) -> None:
        if field.data and not BIRTH_YEAR.fullmatch(field.data):
            raise ValidationError(_("Write the year with four digits, for example 1995."))

    def validate_email(self, field: StringField) -> None:
        if field.data and email_of(field.data) is None:
            raise ValidationError(_("This is no e-mail address, for example ten@coquan.vn."))

    def row(self) -> DelegateRow:
        """What was typed, in the form it is stored; the form must be valid."""
        unit_id = int(self.unit.data) if self.unit.data else None
        body = self.body.data
        if not body and unit_id:
            body = next(str(choice.label) for choice in self.unit.choices if choice.value == self.unit.data)
        return DelegateRow(
            name=self.name.data,
            honorific=self.honorific.data,
            academic_title=self.academic_title.data,
            position=self.position.data,
            body=body,
            unit_id=unit_id,
            gender=self.gender.data,
            birth_year=int(self.birth_year.data) if self.birth_year.data else None,
            phone=phones.domestic(self.phone.data or "") or "",
            phone_2=phones.domestic(self.phone_2.data or "") or "",
            email=email_of(self.email.data or "") or "",
            note=self.note.data,
            alert=self.alert.data,
            seat=self.seat.data,
        )

    def codes(self) -> list[str]:
        """Of the groups, the primary first."""
        return list(dict.fromkeys([self.group.data, *(self.further.data or [])]))


def details_of(delegate: Delegate) -> dict[str, object]:
    """What the form shows of a delegate at first."""
    shown = {name: getattr(delegate, name) for name in DelegateRow.__dataclass_fields__ if name != "unit_id"}
    return shown | {
        "unit": str(delegate.unit_id or ""),
        "birth_year": str(delegate.birth_year or ""),
        "group": delegate.group.code,
        "further": [one.group.code for one in delegate.memberships if not one.is_primary],
    }


class NominationForm(Form):
    """Whom a unit names, as the office was told."""

    group = SelectField(_("Group"), [required()])
    unit = SelectField(_("Unit"), default="")
    instead_of = HiddenField()
    name = StringField(_("Full name"), [required(), at_most(200)], [_line])
    position = StringField(_("Position, and where"), [at_most(300)], [_line])
    phone = StringField(_("Telephone"), [at_most(40)], [_line])
    email = StringField(_("E-mail"), [at_most(254)], [_line])
    gender = SelectField(
        _("Gender"),
        default="",
        choices=[SelectChoice("", "…"), SelectChoice("Nam", _("male")), SelectChoice("Nữ", _("female"))],
    )
    birth_year = StringField(_("Year of birth"), [at_most(4)], [_line])
    reason = TextAreaField(_("Reason, or a remark"), [at_most(500)], [clean_block])
    is_reserve = BooleanField(_("Put on the reserve list"))
    channel = SelectField(_("How the unit told the office"))
    told_by = StringField(_("Who told the office"), [at_most(120)], [_line])
    told_at = DateTimeLocalField(_("When they told it"), [Optional()])

    def offer(self, groups: Sequence[Group], units: Sequence[Unit]) -> "NominationForm":
        """Fills the choices: groups with places, and the units."""
        self.group.choices = [SelectChoice(group.code, f"{group.code} · {group.name}") for group in groups]
        self.unit.choices = [SelectChoice("", "…"), *(SelectChoice(str(unit.id), unit.name) for unit in units)]
        self.channel.choices = [SelectChoice(channel.value, say(CHANNEL_LABELS[channel])) for channel in ON_BEHALF]
        return self

    def person(self, unit: Unit | None) -> DelegateRow:
        """Refuses what cannot be a telephone number, an address, a year."""
        return typed_person(
            self.name.data,
            self.position.data,
            self.phone.data,
            self.email.data,
            self.gender.data,
            self.birth_year.data,
            unit.id if unit else None,
            unit.name if unit else "",
        )
