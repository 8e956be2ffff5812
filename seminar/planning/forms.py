"""Shapes of the plan's forms."""

from flask_babel import lazy_gettext as _
from wtforms import DateField, EmailField, Form, StringField, TelField, TextAreaField, TimeField
from wtforms.validators import InputRequired, Length, Optional, Regexp


class DetailsForm(Form):
    title = TextAreaField(_("Title"), [InputRequired(), Length(max=500)])
    theme = StringField(_("Theme"), [Length(max=300)])
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
