"""Shapes of what is typed to ask for the floor."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length

from seminar.lib.inputs import Form
from seminar.minutes.rules import LONGEST_SPEAKER, LONGEST_SUBJECT
from seminar.planning.models import Seminar, Topic
from seminar.planning.rules import numbered_topics


class SpeakerForm(Form):
    """Staff writes somebody into the line, or calls them at once."""

    who = StringField(
        _("Who"),
        [
            InputRequired(_("Write who speaks: a few letters of the name, or the number on the badge.")),
            Length(max=LONGEST_SPEAKER, message=_("The speaker has at most 300 characters.")),
        ],
    )
    subject = StringField(
        _("What about"), [Length(max=LONGEST_SUBJECT, message=_("The subject has at most 300 characters."))]
    )
    topic = SelectField(_("Topic"), coerce=int)


def with_topics(form: Any, seminar: Seminar) -> Any:
    """The form with the seminar's topics to choose from."""
    form.topic.choices = [
        (0, gettext("no topic")),
        *((topic.id, said) for said, topic in numbered_topics(seminar.topics)),
    ]
    if form.topic.data is None:
        form.topic.data = 0
    return form


def topic_of(form: Any, seminar: Seminar) -> Topic | None:
    return next((topic for _said, topic in numbered_topics(seminar.topics) if topic.id == form.topic.data), None)
