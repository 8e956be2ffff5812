"""Shape of a note as it is typed."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Regexp

from seminar.agenda.models import Item
from seminar.lib.inputs import Form
from seminar.minutes.models import NOTE_KIND_LABELS, NoteKind
from seminar.minutes.rules import LONGEST_SPEAKER, LONGEST_TEXT
from seminar.planning.models import Seminar

UUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z"
TORN = _("The form was not whole: open the page anew; what was typed stays here.")


class NoteForm(Form):
    """`key` is made once for each empty form; `revision` says which wording was on the screen."""

    key = HiddenField(validators=[Regexp(UUID, message=TORN)])
    revision = HiddenField(default="1", validators=[Regexp(r"[0-9]{1,9}\Z", message=TORN)])
    item = SelectField(_("Item of the programme"), coerce=int)
    kind = SelectField(_("Kind"))
    speaker = StringField(
        _("Speaker"),
        [Length(max=LONGEST_SPEAKER, message=_("The speaker has at most 300 characters."))],
    )
    topic = SelectField(_("Topic"), coerce=int)
    text = TextAreaField(
        _("What was said"),
        [
            InputRequired(_("Write what was said.")),
            Length(max=LONGEST_TEXT, message=_("A note has at most 20,000 characters: make two of it.")),
        ],
    )


def note_form(seminar: Seminar, items: list[Item], form: Any = None, **values: Any) -> NoteForm:
    """The form with the seminar's items and topics to choose from."""
    made = NoteForm(form, data=values)
    made.item.choices = [(item.id, item.title) for item in items]
    made.kind.choices = [(kind.value, gettext(NOTE_KIND_LABELS[kind])) for kind in NoteKind]
    made.topic.choices = [(0, gettext("no topic")), *((topic.id, topic.title) for topic in seminar.topics)]
    return made
