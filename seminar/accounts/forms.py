"""Shapes of the forms of signing in and of accounts."""

from flask_babel import lazy_gettext as _
from wtforms import PasswordField, StringField
from wtforms.validators import EqualTo, InputRequired, Length

from seminar.lib.inputs import Form

REQUIRED = _("This field is required.")
TOO_LONG = _("This is too long.")


class SignInForm(Form):
    email = StringField(_("E-mail address"), [InputRequired(REQUIRED), Length(max=254, message=TOO_LONG)])
    password = PasswordField(_("Password"), [InputRequired(REQUIRED), Length(max=200, message=TOO_LONG)])


class CodeForm(Form):
    code = StringField(_("Six-digit code"), [InputRequired(REQUIRED), Length(max=20, message=TOO_LONG)])


class EnrolForm(CodeForm):
    password = PasswordField(_("Present password"), [Length(max=200, message=TOO_LONG)])


class PasswordForm(Form):
    old = PasswordField(_("Present password"), [InputRequired(REQUIRED), Length(max=200, message=TOO_LONG)])
    new = PasswordField(_("New password"), [InputRequired(REQUIRED), Length(max=200, message=TOO_LONG)])
    again = PasswordField(
        _("New password once more"),
        [InputRequired(REQUIRED), EqualTo("new", message=_("The two new passwords differ."))],
    )


class UserForm(Form):
    email = StringField(_("E-mail address"), [InputRequired(REQUIRED), Length(max=254, message=TOO_LONG)])
    name = StringField(_("Full name"), [InputRequired(REQUIRED), Length(max=200, message=TOO_LONG)])
