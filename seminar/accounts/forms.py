"""Shapes of the sign-in forms."""

from flask_babel import lazy_gettext as _
from wtforms import Form, PasswordField, StringField
from wtforms.validators import InputRequired, Length


class SignInForm(Form):
    email = StringField(_("E-mail"), [InputRequired(), Length(max=254)])
    password = PasswordField(_("Password"), [InputRequired(), Length(max=200)])
