"""Shape of a note as it is typed."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, Regexp, ValidationError

from seminar.agenda.models import Item
from seminar.lib.inputs import Form
from seminar.lib.text import clean, shorten
from seminar.minutes.models import NOTE_KIND_LABELS, Note, NoteKind
from seminar.minutes.rules import LONGEST_SPEAKER, LONGEST_SPEECH, LONGEST_TEXT, clock_of, usual_kind
from seminar.planning.models import Seminar
from seminar.planning.rules import numbered_topics

UUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z"
TORN = _("The form was not whole: open the page anew; what was typed stays here.")
QUESTION_CHARACTERS = 80


class NoteForm(Form):
    """`key` is made once for each empty form; `revision` says which wording was on the screen; `reply_to` is the key of
    a question; `waited` how many milliseconds ago it was written, where a browser kept it; `after` is the key of the note that the same page saved before; `split` makes several notes of it.
    """

    key = HiddenField(validators=[Regexp(UUID, message=TORN)])
    revision = HiddenField(default="1", validators=[Regexp(r"[0-9]{1,9}\Z", message=TORN)])
    waited = HiddenField(default="0", validators=[Regexp(r"[0-9]{0,13}\Z", message=TORN)])
    after = HiddenField(validators=[Optional(), Regexp(UUID, message=TORN)])
    speaker = StringField(
        _("Speaker"),
        [Length(max=LONGEST_SPEAKER, message=_("The speaker has at most 300 characters."))],
    )
    kind = SelectField(_("Kind"))
    topic = SelectField(_("Topic"), coerce=int)
    item = SelectField(_("Item of the programme"), coerce=int)
    spoken = StringField(_("Spoken at"))
    reply_to = SelectField(_("In reply to"))
    split = HiddenField()
    text = TextAreaField(_("What was said"), [InputRequired(_("Write what was said."))])

    def validate_spoken(self, spoken: StringField) -> None:
        if (spoken.data or "").strip() and clock_of(spoken.data or "") is None:
            raise ValidationError(gettext("Write the time as 08:05, or leave it empty."))

    def validate_text(self, text: TextAreaField) -> None:
        if len(text.data or "") > LONGEST_SPEECH:
            raise ValidationError(gettext("This is too long even for several notes: at most 200,000 characters."))
        if len(text.data or "") > LONGEST_TEXT and not self.split.data:
            raise ValidationError(gettext("A note has at most 20,000 characters: make two of it."))

    @property
    def is_too_long(self) -> bool:
        """Longer than one note, and so to be split if its writer wants it."""
        return LONGEST_TEXT < len(self.text.data or "") <= LONGEST_SPEECH


def asked(question: Note) -> str:
    """A question on one line, to choose it by."""
    told = f"{question.speaker}: " if question.speaker else ""
    return shorten(f"{told}{clean(question.text)}", QUESTION_CHARACTERS)


def note_form(
    seminar: Seminar,
    items: list[Item],
    questions: list[Note],
    form: Any = None,
    known: Note | None = None,
    **values: Any,
) -> NoteForm:
    """The form with the seminar's items, topics and open questions to choose from; `known` is the note that is changed."""
    made = NoteForm(form, data=values)
    offered = {one.key: one for one in questions if known is None or one.id != known.id}
    if known is not None and known.reply_to is not None:
        offered[known.reply_to.key] = known.reply_to
    made.item.choices = [(item.id, item.title, {"data-usual": usual_kind(item.kind).value}) for item in items]
    made.kind.choices = [(kind.value, f"{n} {gettext(NOTE_KIND_LABELS[kind])}") for n, kind in enumerate(NoteKind, 1)]
    made.topic.choices = [(0, f"0. {gettext('no topic')}")]
    made.topic.choices += [(topic.id, said) for said, topic in numbered_topics(seminar.topics)]
    made.reply_to.choices = [
        ("", gettext("no question")),
        *((key, asked(one), {"data-item": one.item_id}) for key, one in offered.items()),
    ]
    made.reply_to.validate_choice = False  # a question may be answered meanwhile: the view looks it up by its key
    if made.reply_to.data is None:
        made.reply_to.data = ""
    return made


class DraftForm(Form):
    """The same fields, as far as they are typed; `writer` names the form on that screen, `base` what it was opened from."""

    key = HiddenField(validators=[Regexp(UUID, message=TORN)])
    note = HiddenField(validators=[Regexp(r"[0-9]{0,10}\Z", message=TORN)])
    writer = HiddenField(validators=[Length(max=40)])
    base = HiddenField(validators=[Length(max=40)])
    revision = HiddenField(default="1", validators=[Regexp(r"[0-9]{1,9}\Z", message=TORN)])
    speaker = HiddenField(validators=[Length(max=LONGEST_SPEAKER)])
    kind = HiddenField(validators=[Length(max=24)])
    topic = HiddenField(validators=[Length(max=10)])
    item = HiddenField(validators=[Length(max=10)])
    spoken = HiddenField(validators=[Length(max=10)])
    reply_to = HiddenField(validators=[Length(max=36)])
    text = HiddenField(validators=[Length(max=LONGEST_SPEECH)])

    def fields(self) -> dict[str, str]:
        """What the form of a note is filled with again."""
        names = ("revision", "speaker", "kind", "topic", "item", "spoken", "reply_to", "text")
        return {name: str(self[name].data or "") for name in names}
