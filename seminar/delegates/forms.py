"""Shapes of the delegate's details, of a group, and of the table of quotas."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    DateTimeLocalField,
    HiddenField,
    IntegerField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from seminar.access.actor import CHANNEL_LABELS, ON_BEHALF
from seminar.delegates.models import Delegate
from seminar.delegates.rules import BIRTH_YEAR, DelegateRow, email_of, typed_person
from seminar.lib import phones
from seminar.lib.inputs import Form
from seminar.lib.language import say
from seminar.lib.text import clean, clean_block
from seminar.planning.models import (
    AUDIENCE_LABELS,
    LETTER_KIND_LABELS,
    PROXY_RULE_LABELS,
    QUOTA_KIND_LABELS,
    UNIT_KIND_LABELS,
    Audience,
    Group,
    LetterKind,
    ProxyRule,
    QuotaKind,
    Unit,
)
from seminar.planning.rules import folded_aliases, is_sensible


def at_most(characters: int) -> Length:
    return Length(max=characters, message=_("At most %(max)d characters."))


def required() -> DataRequired:
    return DataRequired(_("This field is required."))


def sensible_day(form: Form, field: DateTimeLocalField) -> None:
    if field.data and not is_sensible(field.data):
        raise ValidationError(_("Write a day between 1900 and 2200."))


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
    told_at = DateTimeLocalField(_("When they told it"), [Optional(), sensible_day])

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


MOST_PLACES = 5000


class GroupForm(Form):
    code = StringField(_("Code"), [required(), at_most(16)], [_line])
    name = StringField(_("Name of the group"), [required(), at_most(300)], [_line])
    protocol_rank = IntegerField(
        _("Protocol rank"),
        [InputRequired(_("This field is required.")), NumberRange(1, 9999, _("Write a number from 1 to 9999."))],
    )
    audience = SelectField(_("Audience"), coerce=Audience)
    letter_kind = SelectField(_("Letter"), coerce=LetterKind)
    quota_kind = SelectField(_("Kind of quota"), coerce=QuotaKind)
    quota_count = IntegerField(
        _("Number of places"), [Optional(), NumberRange(0, MOST_PLACES, _("Write a number from 0 to 5000."))]
    )
    unit_kinds = SelectMultipleField(
        _("Kinds of unit that have the quota"), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )
    proxy_rule = SelectField(_("Proxy"), coerce=ProxyRule)
    is_met = BooleanField(_("Somebody must meet them at the door"))
    hand_out = StringField(_("What the desk hands out to them"), [at_most(200)], [_line])
    aliases = TextAreaField(_("Headings by which lists name the group, one on each line"), [at_most(2000)])

    def __init__(self, *args: Any, is_unassigned: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        audiences = [one for one in Audience if is_unassigned == (one == Audience.UNASSIGNED)]
        self.audience.choices = [(one.value, say(AUDIENCE_LABELS[one])) for one in audiences]
        self.letter_kind.choices = [(one.value, say(label)) for one, label in LETTER_KIND_LABELS.items()]
        quotas = [QuotaKind.OPEN] if is_unassigned else list(QuotaKind)
        self.quota_kind.choices = [(one.value, say(QUOTA_KIND_LABELS[one])) for one in quotas]
        self.unit_kinds.choices = [(one.value, say(label)) for one, label in UNIT_KIND_LABELS.items()]
        self.proxy_rule.choices = [(one.value, say(label)) for one, label in PROXY_RULE_LABELS.items()]

    def validate(self, extra_validators: Any = None) -> bool:
        """A quota without a number is wrong; `Optional` would end the field's own checks before that one."""
        is_right = super().validate(extra_validators)
        if self.quota_count.data is None and not self.quota_count.errors and self.quota_kind.data != QuotaKind.OPEN:
            self.quota_count.errors = [_("Say how many places the quota has.")]
            return False
        return is_right

    def values(self) -> dict[str, Any]:
        """What was typed, in the form it is stored; the form must be valid."""
        per_unit = self.quota_kind.data == QuotaKind.PER_UNIT
        return {
            "code": self.code.data,
            "name": self.name.data,
            "protocol_rank": self.protocol_rank.data,
            "audience": self.audience.data,
            "letter_kind": self.letter_kind.data,
            "quota_kind": self.quota_kind.data,
            "quota_count": self.quota_count.data,
            "unit_kinds": list(self.unit_kinds.data or []) if per_unit else [],
            "proxy_rule": self.proxy_rule.data,
            "is_met": self.is_met.data,
            "hand_out": self.hand_out.data or "",
            "aliases": folded_aliases((self.aliases.data or "").splitlines()),
        }


def group_details(group: Group) -> dict[str, Any]:
    """What the form shows of a group at first."""
    shown = ("code", "name", "protocol_rank", "audience", "letter_kind", "quota_kind", "quota_count", "proxy_rule")
    values = {name: getattr(group, name) for name in (*shown, "is_met", "hand_out")}
    return values | {"unit_kinds": list(group.unit_kinds), "aliases": "\n".join(group.aliases)}
