"""Shapes of the forms about papers."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    DateField,
    FileField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from seminar.access.actor import CHANNEL_LABELS, Channel
from seminar.accounts.models import User
from seminar.lib.inputs import Form
from seminar.papers.models import ADVICE_LABELS, PAPER_KIND_LABELS
from seminar.papers.rules import NOTE_LENGTH, TITLE_LENGTH
from seminar.papers.rules.vetting import WORDS_LENGTH
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


class ReviewForm(Form):
    """What a reviewer says of a version; the marks stand beside it as mark-<topic>."""

    advice = RadioField(_("What you propose"), [InputRequired(_("Choose what you propose."))])
    for_author = TextAreaField(_("Words for the author"), [Length(max=WORDS_LENGTH)])
    for_office = TextAreaField(_("Words for the office only"), [Length(max=WORDS_LENGTH)])
    file = FileField(_("The paper with your comments in it (Word or PDF), if you wrote any"))

    def __init__(self, data: Any = None, **values: Any) -> None:
        super().__init__(data, **values)
        self.advice.choices = [(one.value, gettext(label)) for one, label in ADVICE_LABELS.items()]


class ReviewerForm(Form):
    user = SelectField(_("Who"), [InputRequired(_("Choose a member of staff."))])
    unit = SelectField(_("Unit the person comes from"), [Optional()])
    body = StringField(_("Body the person comes from, if it is none of the units"), [Length(max=300)])

    def __init__(self, users: list[User], units: list[Unit], data: Any = None, **values: Any) -> None:
        super().__init__(data, **values)
        self.user.choices = [("", "—"), *((str(user.id), user.name) for user in users)]
        self.unit.choices = [("", "—"), *((str(unit.id), unit.name) for unit in units)]


class AssignmentForm(Form):
    due_on = DateField(_("To be vetted by"), [Optional()])
    each = IntegerField(_("Reviewers for each paper"), [Optional(), NumberRange(1, 9)], default=1)


class ExpectationForm(Form):
    number = IntegerField(
        _("Number of the delegate"),
        [
            InputRequired(_("Write the number on the delegate's badge.")),
            NumberRange(1, LARGEST, _("Write the number on the delegate's badge.")),
        ],
    )
