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
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from seminar.access.actor import CHANNEL_LABELS, Channel
from seminar.accounts.models import User
from seminar.lib.inputs import Form
from seminar.papers.models import ADVICE_LABELS, PAPER_KIND_LABELS, Call, FileKind, Paper
from seminar.papers.rules import (
    ABSTRACT_LENGTH,
    FILE_KIND_NAMES,
    GRACE_HOURS,
    GUIDANCE_LENGTH,
    KEYWORDS_LENGTH,
    NOTE_LENGTH,
    REASON_LENGTH,
    TITLE_LENGTH,
    line_of,
)
from seminar.papers.rules.vetting import WORDS_LENGTH
from seminar.planning.models import Topic, Unit
from seminar.planning.rules import numbered_topics

WAYS = (Channel.EMAIL, Channel.ZALO, Channel.LETTER, Channel.PAGE)
"""How a paper comes to the office that uploads it."""
TOLD = (Channel.PHONE, Channel.EMAIL, Channel.ZALO, Channel.LETTER, Channel.IN_PERSON, Channel.PAGE)
"""How an author tells the office that the paper is taken back; on the page means nobody told it."""
LARGEST = 2**31 - 1
AUTHORS_LENGTH = 8000


class CallForm(Form):
    """What the call asks for."""

    words_most = IntegerField(
        _("At most so many words"), [Optional(), NumberRange(1, 1_000_000, _("Write a number, or leave it empty."))]
    )
    words_least = IntegerField(
        _("At least so many words"), [Optional(), NumberRange(1, 1_000_000, _("Write a number, or leave it empty."))]
    )
    pages_most = IntegerField(
        _("At most so many pages"), [Optional(), NumberRange(1, 1000, _("Write a number, or leave it empty."))]
    )
    grace_hours = IntegerField(
        _("Hours of grace"),
        [InputRequired(), NumberRange(0, GRACE_HOURS, _("Write a number of hours from 0 to 720."))],
    )
    file_kinds = SelectMultipleField(
        _("Kinds of file"), choices=[SelectChoice(kind.value, FILE_KIND_NAMES[kind]) for kind in FileKind]
    )
    guidance = TextAreaField(_("Guidance to the authors"), [Length(max=GUIDANCE_LENGTH)])
    is_released_at_once = BooleanField(_("Authors read a decision as soon as it is made"))


def call_details(call: Call) -> dict[str, Any]:
    """What the form shows at first."""
    names = ("words_most", "words_least", "pages_most", "grace_hours", "file_kinds", "guidance", "is_released_at_once")
    return {name: getattr(call, name) for name in names}


class ExtensionForm(Form):
    """A later deadline for one unit or one delegate."""

    unit = SelectField(_("Unit"), [Optional()])
    number = IntegerField(
        _("Or the number of a delegate"),
        [Optional(), NumberRange(1, LARGEST, _("Write the number on the delegate's badge."))],
    )
    until_on = DateField(_("Until the end of the day"), [InputRequired(_("Choose a day."))])
    reason = StringField(
        _("Reason"), [InputRequired(_("Write why the deadline is extended.")), Length(max=REASON_LENGTH)]
    )

    def __init__(self, units: list[Unit], data: Any = None, **values: Any) -> None:
        super().__init__(data, **values)
        self.unit.choices = [("", "—"), *((str(unit.id), unit.name) for unit in units)]


class VersionForm(Form):
    """A new version of a paper that is there, or a PDF beside the one that is."""

    file = FileField(_("Paper (at most 20 MB)"))
    beside = FileField(_("The same as PDF, if there is one"))
    channel = SelectField(_("How it came"))
    came_on = DateField(_("Day on which it came, if not today"), [Optional()])

    def __init__(self, data: Any = None, **values: Any) -> None:
        super().__init__(data, **values)
        self.channel.choices = [(way.value, gettext(CHANNEL_LABELS[way])) for way in WAYS]


class WordsForm(Form):
    """What stands beside the files of a paper."""

    title = StringField(
        _("Title of the paper"), [InputRequired(_("Write the title of the paper.")), Length(max=TITLE_LENGTH)]
    )
    authors = TextAreaField(_("Authors"), [Length(max=AUTHORS_LENGTH)])
    kind = SelectField(_("Kind"))
    topic = SelectField(_("Topic"), [Optional()])
    abstract = TextAreaField(_("Abstract"), [Length(max=ABSTRACT_LENGTH)])
    keywords = StringField(_("Keywords"), [Length(max=KEYWORDS_LENGTH)])

    def offer(self, topics: list[Topic]) -> None:
        self.kind.choices = [(kind.value, gettext(label)) for kind, label in PAPER_KIND_LABELS.items()]
        self.topic.choices = [("", "—"), *((str(topic.id), label) for label, topic in numbered_topics(topics))]

    @property
    def topic_id(self) -> int | None:
        return int(self.topic.data) if self.topic.data else None


class DetailsForm(WordsForm):
    """The words of a paper that is there."""

    def __init__(self, topics: list[Topic], data: Any = None, **values: Any) -> None:
        super().__init__(data, **values)
        self.offer(topics)


def paper_details(paper: Paper) -> dict[str, Any]:
    """What the form shows at first."""
    return {
        "title": paper.title,
        "authors": "\n".join(map(line_of, paper.people)),
        "kind": paper.kind.value,
        "topic": str(paper.topic_id or ""),
        "abstract": paper.abstract,
        "keywords": paper.keywords,
    }


class NewPaperForm(VersionForm, WordsForm):
    """A paper that the office uploads for a unit or a delegate."""

    unit = SelectField(_("Unit"), [Optional()])
    number = IntegerField(
        _("Number of the delegate"),
        [Optional(), NumberRange(1, LARGEST, _("Write the number on the delegate's badge."))],
    )

    def __init__(self, units: list[Unit], topics: list[Topic], data: Any = None, **values: Any) -> None:
        super().__init__(data, **values)
        self.offer(topics)
        self.unit.choices = [("", "—"), *((str(unit.id), unit.name) for unit in units)]


class WithdrawalForm(Form):
    reason = StringField(_("Why it is withdrawn"), [InputRequired(_("Write why.")), Length(max=REASON_LENGTH)])
    told = SelectField(_("How the author told it"))

    def __init__(self, data: Any = None, **values: Any) -> None:
        super().__init__(data, **values)
        self.told.choices = [(Channel.PAGE.value, gettext("nobody told it: entered by mistake"))]
        self.told.choices += [(way.value, gettext(CHANNEL_LABELS[way])) for way in TOLD if way != Channel.PAGE]


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
