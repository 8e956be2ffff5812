"""Shapes of what a delegate or a unit sends from their own page, and of a new seminar."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import (
    DateField,
    EmailField,
    FileField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TelField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, Regexp, ValidationError

from seminar.access.actor import CHANNEL_LABELS
from seminar.invitations.models import Answer
from seminar.lib.inputs import Form
from seminar.lib.language import say
from seminar.lib.text import clean, clean_block
from seminar.papers.models import PAPER_KIND_LABELS, Paper, PaperKind
from seminar.papers.rules import line_of
from seminar.planning.actions import HANDED_OVER
from seminar.planning.models import Topic
from seminar.planning.rules import is_sensible, numbered_topics


class AnswerForm(Form):
    answer = RadioField(
        _("Will you come?"),
        [InputRequired(_("Choose whether you come or not."))],
        choices=[
            SelectChoice(Answer.ATTENDING.value, _("Yes, I will come")),
            SelectChoice(Answer.DECLINED.value, _("No, I cannot come")),
        ],
    )
    reason = TextAreaField(_("Reason, if you cannot come"), [Length(max=500)])


class ProxyForm(Form):
    name = StringField(_("Full name of the person who comes instead"), [InputRequired(), Length(max=200)])
    position = StringField(_("Position"), [Length(max=300)])
    phone = TelField(_("Telephone"), [Length(max=40)])
    email = EmailField(_("E-mail"), [Optional(), Length(max=254)])
    reason = TextAreaField(_("Why you cannot come yourself"), [InputRequired(), Length(max=500)])


class FloorForm(Form):
    """A delegate in the hall asks to speak."""

    subject = StringField(
        _("What you will speak about"),
        [
            InputRequired(_("Write in a few words what you will speak about.")),
            Length(max=300, message=_("The subject has at most 300 characters.")),
        ],
    )
    topic = SelectField(_("Topic"), coerce=int)

    def __init__(self, topics: Sequence[Topic], data: Any = None) -> None:
        super().__init__(data)
        self.topic.choices = [(0, gettext("no topic")), *((topic.id, topic.title) for topic in topics)]
        if self.topic.data is None:
            self.topic.data = 0


class NominationForm(Form):
    """Whom the unit names. What is empty when a nomination is corrected stays as it was sent (telephone, e-mail)."""

    group = HiddenField()
    instead_of = HiddenField()
    correcting = HiddenField()
    is_reserve = HiddenField()
    place = HiddenField()
    name = StringField(_("Full name"), [InputRequired(), Length(max=200)])
    position = StringField(_("Position, and where"), [InputRequired(), Length(max=300)])
    phone = TelField(_("Telephone"), [Length(max=40)])
    email = EmailField(_("E-mail"), [Optional(), Length(max=254)])
    birth_year = StringField(_("Year of birth"), [Length(max=4)])
    gender = SelectField(
        _("Gender"),
        default="",
        choices=[SelectChoice("", "…"), SelectChoice("Nam", _("male")), SelectChoice("Nữ", _("female"))],
    )
    reason = TextAreaField(_("Remark"), [Length(max=500)])

    @property
    def key(self) -> str:
        """Which of the forms of the page it is, for ids and for showing it again."""
        chosen = (self.correcting.data and f"c{self.correcting.data}") or (
            self.instead_of.data and f"i{self.instead_of.data}"
        )
        return f"{self.group.data or ''}-{chosen or ('r' if self.is_reserve.data else f'n{self.place.data}')}"


class PaperDetailsForm(Form):
    """The words that stand beside the file of a paper."""

    title = StringField(_("Title of the paper"), [InputRequired(), Length(max=500)])
    authors = TextAreaField(_("Authors, as they should print"), [InputRequired(), Length(max=8000)])
    topic = SelectField(_("Topic"), default="")
    abstract = TextAreaField(_("Abstract"), [Length(max=4000)])
    keywords = StringField(_("Keywords"), [Length(max=500)])

    def offer_topics(self, topics: list[Topic]) -> None:
        self.topic.choices = [SelectChoice("", gettext("choose"))]
        self.topic.choices += [SelectChoice(str(topic.id), label) for label, topic in numbered_topics(topics)]

    @property
    def topic_id(self) -> int | None:
        return int(self.topic.data) if self.topic.data else None

    @property
    def words(self) -> dict[str, Any]:
        names = ("title", "authors", "abstract", "keywords")
        return {name: self[name].data for name in names} | {"topic_id": self.topic_id}

    @classmethod
    def of(cls, paper: Paper, topics: list[Topic], data: Any = None) -> "PaperDetailsForm":
        form = cls(data, **words_of(paper))
        form.offer_topics(topics)
        return form


def words_of(paper: Paper) -> dict[str, str]:
    """What the forms show of a paper at first."""
    return {
        "title": paper.title,
        "authors": "\n".join(map(line_of, paper.people)),
        "topic": str(paper.topic_id or ""),
        "abstract": paper.abstract,
        "keywords": paper.keywords,
    }


class PaperForm(PaperDetailsForm):
    kind = SelectField(_("Kind"), default="")
    paper = HiddenField()
    """Which paper it is a better version of, where the kind does not say it."""
    file = FileField(_("The paper"))
    beside = FileField(_("The same as PDF, if you have it"))

    @property
    def key(self) -> str:
        """Which of the forms of the page it is, for ids and for showing it again."""
        return self.paper.data or self.kind.data or ""

    def offer(self, topics: list[Topic], kinds: Sequence[PaperKind]) -> "PaperForm":
        """Fills in the seminar's topics and the kinds to choose from."""
        self.offer_topics(topics)
        self.kind.choices = [SelectChoice(kind.value, gettext(PAPER_KIND_LABELS[kind])) for kind in kinds]
        if not self.kind.data:
            self.kind.data = kinds[0].value
        return self


class LinkSendingForm(Form):
    """The two figures that the sender of the units' links saw and confirms."""

    seen_count = IntegerField(validators=[InputRequired(), NumberRange(0, 10**6)])
    seen_without = IntegerField(validators=[InputRequired(), NumberRange(0, 10**6)])


class HandingForm(Form):
    channel = SelectField(_("Handed over"))
    to = StringField(_("To whom"), [Length(max=254)], (clean,))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.channel.choices = [(channel.value, say(CHANNEL_LABELS[channel])) for channel in HANDED_OVER]


def sensible_day(form: Form, field: DateField) -> None:
    """What lies further away is a slip of the pen, and cannot be counted with."""
    if field.data and not is_sensible(field.data):
        raise ValidationError(_("Write a day between 1900 and 2200."))


class NewSeminarForm(Form):
    title = TextAreaField(_("Title"), [DataRequired(_("This field is required.")), Length(max=500)], (clean,))
    slug = StringField(
        _("Short name in addresses"),
        [
            InputRequired(),
            Length(max=64),
            Regexp(r"^[a-z0-9]+(-[a-z0-9]+)*\Z", message=_("Only small letters without accents, digits and hyphens.")),
        ],
    )
    held_on = DateField(_("Day"), [Optional(), sensible_day])
    venues = TextAreaField(_("Candidate venues, one on each line"), [Length(max=2000)], (clean_block,))
