"""Shapes of the forms about the programme."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from pydantic import TypeAdapter
from wtforms import BooleanField, DateField, HiddenField, IntegerField, SelectField, StringField, TimeField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from seminar.agenda.models import ITEM_KIND_LABELS
from seminar.agenda.rules import LEAST_PAPER_MINUTES, LONGEST_MINUTES, Row, Seen, Shift
from seminar.lib.inputs import Form
from seminar.lib.numbers import whole
from seminar.lib.text import clean
from seminar.planning.rules import is_sensible


def sensible_day(form: Form, field: DateField) -> None:
    if field.data and not is_sensible(field.data):
        raise ValidationError(_("Write a day between 1900 and 2200."))


class SittingForm(Form):
    name = StringField(_("Name of the sitting"), [InputRequired(), Length(max=200)])
    day = DateField(_("Day"), [InputRequired(_("Write the day.")), sensible_day])
    starts = TimeField(_("Begins at"), [InputRequired(_("Write the time as 08:00."))])
    ends = TimeField(_("Ends at"), [InputRequired(_("Write the time as 08:00."))])


class ItemForm(Form):
    title = StringField(_("Title of the item"), [InputRequired(), Length(max=500)])
    minutes = IntegerField(
        _("Length in minutes"),
        [
            InputRequired(_("Write the minutes as a whole number from 0 to 600.")),
            NumberRange(0, LONGEST_MINUTES, _("Write the minutes as a whole number from 0 to 600.")),
        ],
    )
    kind = SelectField(_("Kind"))
    presenter = StringField(_("Who presents"), [Length(max=300)])
    speaker = StringField(_("Speaker from the list of delegates"), [Length(max=200)])
    speaker_id = HiddenField()
    note = StringField(_("Remark"), [Length(max=500)])

    def __init__(self, data: Any = None, **values: Any) -> None:
        super().__init__(data, **values)
        self.kind.choices = [(kind.value, gettext(label)) for kind, label in ITEM_KIND_LABELS.items()]


class TimesForm(Form):
    """When the sitting really was on."""

    day = DateField(_("Day"), [InputRequired(_("Write the day.")), sensible_day])
    began = TimeField(_("Really began at"), [InputRequired(_("Write the time as 08:00."))])
    ended = TimeField(_("Really ended at"), [Optional()])


SEEN = TypeAdapter(Seen)
WRONG_MINUTES = _("Write the minutes as a whole number from 0 to 600.")


class ShiftForm(Form):
    """A shift of one sitting; the new length of each item and the choice of those that give minutes are `m-` and `fit`."""

    at = TimeField(_("The sitting begins at"), [Optional()])
    ends = BooleanField(_("Its end moves along"))
    insert_title = StringField(_("Put in an item"), [Length(max=500)])
    insert_minutes = IntegerField(_("Length in minutes"), [Optional(), NumberRange(1, LONGEST_MINUTES, WRONG_MINUTES)])
    insert_after = SelectField(_("Behind"), coerce=int, default=0)
    least = IntegerField(_("No item below (minutes)"), [Optional(), NumberRange(1, LONGEST_MINUTES, WRONG_MINUTES)])
    late = HiddenField()
    """Of a sitting that is on, the minutes of delay that the person saw counted in."""

    def __init__(self, data: Any, rows: Sequence[Row], **values: Any) -> None:
        super().__init__(data, **values)
        first = (0, gettext("the beginning of the sitting"))
        self.insert_after.choices = [first, *((row.id, row.title) for row in rows)]
        self.lengths: dict[int, int] = {}
        self.wrong: list[int] = []
        self.fit: set[int] = set()
        if data:
            self._read_rows(data, rows)

    def _read_rows(self, data: Any, rows: Sequence[Row]) -> None:
        self.fit = {row.id for row in rows} & {whole(text) for text in data.getlist("fit")}
        for row in rows:
            typed = data.get(f"m-{row.id}", "").strip()
            minutes = whole(typed, LONGEST_MINUTES) if typed else row.minutes
            if minutes is None:
                self.wrong.append(row.id)
            elif minutes != row.minutes:
                self.lengths[row.id] = minutes

    def validate(self, extra_validators: Any = None) -> bool:
        is_whole = super().validate(extra_validators)
        if clean(self.insert_title.data or "") and not self.insert_minutes.data and not self.insert_minutes.errors:
            self.insert_minutes.errors = [gettext("Write how many minutes the new item takes.")]
            is_whole = False
        return is_whole and not self.wrong

    @property
    def seen_late(self) -> int:
        typed = str(self.late.data or "")
        minutes = whole(typed.removeprefix("-"), LONGEST_MINUTES) or 0
        return -minutes if typed.startswith("-") else minutes

    def shift(self, later_minutes: int, late_minutes: int) -> Shift:
        title = clean(self.insert_title.data or "")
        return Shift(
            later_minutes=later_minutes,
            ends_along=bool(self.ends.data),
            minutes=self.lengths,
            insert_after=self.insert_after.data or None,
            insert_title=title,
            insert_minutes=(self.insert_minutes.data or 0) if title else 0,
            fit=frozenset(self.fit),
            least=self.least.data or LEAST_PAPER_MINUTES,
            late_minutes=late_minutes,
        )


def read_seen(text: str) -> Seen | None:
    """The sitting as the form says it was shown; None where that is torn."""
    try:
        found = SEEN.validate_json(text)
    except ValueError:
        return None
    is_sound = all(0 <= row.minutes <= LONGEST_MINUTES for row in found.rows)
    ends = (found.starts_at, found.ends_at)
    is_dated = all(moment.tzinfo is not None and is_sensible(moment.date()) for moment in ends)
    return found if is_sound and is_dated and len({row.id for row in found.rows}) == len(found.rows) else None
