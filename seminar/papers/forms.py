"""Shapes of the forms about papers."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, FileField, HiddenField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from seminar.access.actor import CHANNEL_LABELS, Channel
from seminar.lib.inputs import Form
from seminar.papers.models import PAPER_KIND_LABELS
from seminar.papers.rules import NOTE_LENGTH, TITLE_LENGTH
from seminar.planning.models import Topic, Unit

WAYS = (Channel.EMAIL, Channel.ZALO, Channel.LETTER, Channel.PAGE)
"""How a paper comes to the office that uploads it."""
LARGEST = 2**31 - 1


class VersionForm(Form):
    """A new version of a paper that is there."""

    file = FileField(_("File (.docx or .pdf, at most 20 MB)"))
    channel = SelectField(_("How it came"))

    def __init__(self, data: Any = None, **values: Any) -> None:
        super().__init__(data, **values)
        self.channel.choices = [(way.value, gettext(CHANNEL_LABELS[way])) for way in WAYS]


class NewPaperForm(VersionForm):
    """A paper that the office uploads for a unit or a delegate."""

    kind = SelectField(_("Kind"))
    title = StringField(
        _("Title of the paper"), [InputRequired(_("Write the title of the paper.")), Length(max=TITLE_LENGTH)]
    )
    authors = StringField(_("Authors"), [Length(max=TITLE_LENGTH)])
    unit = SelectField(_("Unit"), [Optional()])
    number = IntegerField(
        _("Number of the delegate"),
        [Optional(), NumberRange(1, LARGEST, _("Write the number on the delegate's badge."))],
    )
    topic = SelectField(_("Topic"), [Optional()])

    def __init__(self, units: list[Unit], topics: list[Topic], data: Any = None, **values: Any) -> None:
        super().__init__(data, **values)
        self.kind.choices = [(kind.value, gettext(label)) for kind, label in PAPER_KIND_LABELS.items()]
        self.unit.choices = [("", "—"), *((str(unit.id), unit.name) for unit in units)]
        self.topic.choices = [("", "—"), *((str(topic.id), topic.title) for topic in topics)]


class DecisionForm(Form):
    version = HiddenField()
    in_print = BooleanField(_("Print in the proceedings"))
    on_stage = BooleanField(_("Present at the seminar"))
    needs_correction = BooleanField(_("To be corrected first"))
    note = TextAreaField(_("Note to the author"), [Length(max=NOTE_LENGTH)])
