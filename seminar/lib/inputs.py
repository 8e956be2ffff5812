"""The base of the forms: WTForms' own sentences in the visitor's language (it ships no Vietnamese)."""

import wtforms
from flask_babel import gettext

from seminar.lib.errors import N_


class Words:
    """What WTForms asks for its sentences; it fills the numbers in itself."""

    def gettext(self, sentence: str) -> str:
        return gettext(sentence)

    def ngettext(self, one: str, many: str, count: int) -> str:
        return gettext(one if count == 1 else many)


class Form(wtforms.Form):
    class Meta:
        def get_translations(self, form: wtforms.Form) -> Words:
            return Words()


SENTENCES = (
    N_("Not a valid choice."),
    N_("Invalid Choice: could not coerce."),
    N_("Invalid choice(s): one or more data inputs could not be coerced."),
    N_("Not a valid integer value."),
    N_("Not a valid decimal value."),
    N_("Not a valid date value."),
    N_("Not a valid time value."),
    N_("Not a valid datetime value."),
    N_("Invalid input."),
    N_("Field cannot be longer than %(max)d character."),
    N_("Field cannot be longer than %(max)d characters."),
    N_("Field must be at least %(min)d character long."),
    N_("Field must be at least %(min)d characters long."),
    N_("Field must be between %(min)d and %(max)d characters long."),
    N_("Number must be at least %(min)s."),
    N_("Number must be at most %(max)s."),
    N_("Number must be between %(min)s and %(max)s."),
    N_("Invalid value, must be one of: %(values)s."),
)
"""WTForms' own, so that the catalog knows them; "This field is required." is ours too."""
