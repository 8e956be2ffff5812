"""Forms of the pages: pairing, the walk-in of the plain desk page, what was found about a double entry."""

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from seminar.lib.inputs import Form


class PairForm(Form):
    pairing_code = StringField(_("Pairing code"), [InputRequired(), Length(max=40)])
    name = StringField(_("Name of this desk"), [Length(max=100)])


class DeskForm(Form):
    name = StringField(_("Name of the desk"), [InputRequired(), Length(max=100)])


class WalkInForm(Form):
    name = StringField(_("Full name"), [InputRequired(), Length(max=200)])
    position = StringField(_("Position"), [Length(max=300)])
    unit = StringField(_("Unit or agency"), [Length(max=300)])
    group = SelectField(_("Group"), choices=[], validate_choice=False)
    instead_of_number = StringField(_("Comes instead of (number on the list)"), [Length(max=8)])
    is_another = BooleanField(_("It is another person of the same name"))


class SettlementForm(Form):
    settlement = StringField(_("What was found"), [InputRequired(), Length(max=500)])
