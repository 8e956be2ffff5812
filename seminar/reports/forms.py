"""Shapes of the forms about drafts of documents and Word templates."""

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, IntegerField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import HiddenInput

from seminar.documents.models import PURPOSE_LABELS, Purpose
from seminar.documents.rules import URGENCIES
from seminar.lib.inputs import Form
from seminar.lib.language import say
from seminar.lib.text import clean
from seminar.reports.documents.annexes import ANNEX_LABELS
from seminar.reports.models import PART_KIND_LABELS, PartKind

MOST_COPIES = 99_999


class BeginForm(Form):
    purpose = RadioField(_("What for"), [InputRequired()], coerce=Purpose)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.purpose.choices = [(one.value, say(label)) for one, label in PURPOSE_LABELS.items()]


class DraftForm(Form):
    subject = TextAreaField(_("Subject (trích yếu)"), [Length(max=500)])
    addressees = TextAreaField(_("Kính gửi, one on each line"), [Length(max=6000)])
    body = TextAreaField(_("Text, a paragraph on each line"), [Length(max=60_000)])
    annexes = SelectMultipleField(_("Annexes"))
    urgency = SelectField(_("Urgency"), default="")
    meeting_mark = StringField(_("Mark of a meeting's document"), [Length(max=200)])
    revision = IntegerField(validators=[InputRequired(), NumberRange(1, 10**6)], widget=HiddenInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.annexes.choices = [(code, say(label)) for code, label in ANNEX_LABELS.items()]
        self.urgency.choices = [(one, one or "—") for one in URGENCIES]

    def values(self) -> dict[str, Any]:
        """As they are kept; the rows of Nơi nhận come from their own fields."""
        addressees = (clean(line).strip("-;. ")[:300] for line in (self.addressees.data or "").splitlines())
        return {
            "subject": self.subject.data or "",
            "addressees": [line for line in addressees if line][:60],
            "body": self.body.data or "",
            "annexes": self.annexes.data or [],
            "urgency": self.urgency.data or "",
            "meeting_mark": self.meeting_mark.data or "",
        }


class IssueForm(Form):
    """`seen` says that the remarks were read; `revision` which text was looked at; without `copies` those counted."""

    seen = BooleanField(_("I have read the remarks; issue it all the same"))
    revision = IntegerField(validators=[InputRequired(), NumberRange(1, 10**6)])
    copies = IntegerField(_("Copies to print"), [Optional(), NumberRange(1, MOST_COPIES)])


class WordingForm(Form):
    """A section of the result report; `revision` is the wording that was opened, 0 where there was none."""

    text = TextAreaField(_("Text, a paragraph on each line"))
    revision = IntegerField(validators=[InputRequired(), NumberRange(0, 10**6)], widget=HiddenInput())


class ReportIssueForm(Form):
    """`seen` says that the remarks were read; `issue_count` which issues were looked at."""

    seen = BooleanField(_("I have read the remarks; issue it all the same"))
    reason = StringField(_("Why it is issued once more"), [Length(max=500)])
    issue_count = IntegerField(validators=[InputRequired(), NumberRange(0, 10**4)], widget=HiddenInput())


class WordsForm(Form):
    title = StringField(_("Title of the book"), [Length(max=300)])
    licence = StringField(_("Publishing licence"), [Length(max=200)])
    boards = TextAreaField(_("Boards (ban chỉ đạo, ban biên tập), a person on each line"), [Length(max=200_000)])
    foreword = TextAreaField(_("Foreword (lời nói đầu), a paragraph on each line"), [Length(max=200_000)])


class NewPartForm(Form):
    part_title = StringField(_("Title of the new part"), [Length(max=300)])
    kind = SelectField(_("What stands in it"), coerce=PartKind)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = [(one.value, say(label)) for one, label in PART_KIND_LABELS.items()]


class PartForm(Form):
    """Without a title the part keeps its own: the secretary writes texts only."""

    title = StringField(_("Title of the part"), [Length(max=300)])
    text = TextAreaField(_("Text under the title, a paragraph on each line"), [Length(max=200_000)])
