"""What the office types about the targets: the plan's numbers, thresholds and readings, remedies."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import DateField, Field, HiddenField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length, Optional, Regexp

from seminar.lib.errors import N_, Refused
from seminar.lib.inputs import Form
from seminar.lib.language import say
from seminar.planning.rules import is_sensible
from seminar.statistics.actions.remedies import Words
from seminar.statistics.actions.targets import Aims
from seminar.statistics.models import FLAG_LABELS, FlagKind, Remedy
from seminar.statistics.rules import read_count
from seminar.statistics.rules.flags import TargetSettings, ThresholdMode
from seminar.statistics.rules.indicators import AdmissionBase, IntroductionBase
from seminar.statistics.rules.stale import ClearsOn, StaleMode

TORN = _("The form was not whole: open the page anew; what was typed stays here.")
INTRODUCTION_BASES = {
    IntroductionBase.OUTSTANDING: N_("introduced by outstanding members listed at the start"),
    IntroductionBase.MEMBERS: N_("introduced by all members at the start"),
}
ADMISSION_BASES = {
    AdmissionBase.INTRODUCED: N_("admitted by introduced"),
    AdmissionBase.OUTSTANDING: N_("admitted by outstanding members listed at the start"),
}
THRESHOLD_MODES = {
    ThresholdMode.RELATIVE: N_("so much of the province's rate"),
    ThresholdMode.ABSOLUTE: N_("a fixed rate"),
    ThresholdMode.QUARTILE: N_("the lowest quarter of the units"),
}
STALE_MODES = {
    StaleMode.CONSECUTIVE: N_("two years in a row or more (list of the units, IV.5 of the plan)"),
    StaleMode.CUMULATIVE: N_("two years or more, also with a gap (reminder of the cells, III.1 of the plan)"),
}
CLEARING = {
    ClearsOn.ADMISSION: N_("only admission to the Party (IV.5 of the plan)"),
    ClearsOn.ADMISSION_OR_RECOGNITION: N_("admission, or recognition as a candidate for the Party (III.1 of the plan)"),
}


class CountField(StringField):
    """A whole number as people write it: "9.000"."""

    def __init__(self, label: Any, least: int, most: int, **more: Any) -> None:
        super().__init__(label, **more)
        self.least, self.most = least, most
        self.count: int | None = None

    def pre_validate(self, form: Any) -> None:
        try:
            self.count = read_count(str(self.data) if self.data is not None else "")
        except Refused as refused:
            raise ValidationError(say(refused.message)) from None
        if self.count is None:
            raise ValidationError(gettext("Write a number."))
        if not self.least <= self.count <= self.most:
            raise ValidationError(
                gettext("Write a number from %(least)s to %(most)s.", least=self.least, most=self.most)
            )


class AimsForm(Form):
    title = StringField(
        _("Name of the targets"),
        [InputRequired(_("Write what the targets are called.")), Length(max=300)],
    )
    basis = StringField(_("Basis"), [Length(max=500)])
    first_year = CountField(_("First year"), 2000, 2100)
    first_quarter = SelectField(_("Counted from"))
    last_year = CountField(_("Last year"), 2000, 2100)
    introduced_count = CountField(_("Outstanding members to be introduced"), 1, 10_000_000)
    admitted_count = CountField(_("Of them to be admitted, at least"), 1, 10_000_000)
    share_percent = CountField(_("New party members who come from the Union, at least (%)"), 1, 100)

    def __init__(self, form: Any = None, **values: Any) -> None:
        super().__init__(form, **values)
        self.first_quarter.choices = [
            (str(number), gettext("quarter %(roman)s of the first year", roman=roman))
            for number, roman in enumerate(("I", "II", "III", "IV"), 1)
        ]

    def aims(self) -> Aims:
        """Of a valid form."""
        counts = {
            name: getattr(self, name).count
            for name in ("first_year", "last_year", "introduced_count", "admitted_count", "share_percent")
        }
        return Aims(
            title=self.title.data or "",
            basis=self.basis.data or "",
            first_quarter=int(self.first_quarter.data),
            **counts,
        )


def aims_form(aims: Aims) -> AimsForm:
    values = vars(aims) | {"first_quarter": str(aims.first_quarter)}
    return AimsForm(data={name: str(value) for name, value in values.items()})


def _choices(labels: Any) -> list[tuple[str, str]]:
    return [(one.value, gettext(label)) for one, label in labels.items()]


class TargetSettingsForm(Form):
    seen = HiddenField(validators=[Length(max=64)])
    introduction_by = SelectField(_("Rate of introduction"))
    admission_by = SelectField(_("Rate of admission"))
    threshold_mode = SelectField(_("A rate is low below"))
    relative_percent = CountField(_("Share of the province's rate (%)"), 1, 100)
    introduction_percent = CountField(_("Fixed rate of introduction (%)"), 1, 100)
    admission_percent = CountField(_("Fixed rate of admission (%)"), 1, 100)
    least_count = CountField(_("Rates are judged from so many people on"), 1, 10_000)
    stale_count = CountField(_("Many: from so many people on"), 1, 100_000)
    stale_percent = CountField(_("or from this share of the outstanding members on (%)"), 1, 100)
    stale_mode = SelectField(_("Chosen for"))
    clears_on = SelectField(_("No longer counted after"))

    def __init__(self, form: Any = None, **values: Any) -> None:
        super().__init__(form, **values)
        for name, labels in (
            ("introduction_by", INTRODUCTION_BASES),
            ("admission_by", ADMISSION_BASES),
            ("threshold_mode", THRESHOLD_MODES),
            ("stale_mode", STALE_MODES),
            ("clears_on", CLEARING),
        ):
            self[name].choices = _choices(labels)

    def settings(self) -> TargetSettings:
        """Of a valid form."""

        def value_of(field: Field) -> Any:
            return field.count if isinstance(field, CountField) else field.data

        return TargetSettings.model_validate({one.name: value_of(one) for one in self if one.name != "seen"})


def settings_form(settings: TargetSettings, seen: str) -> TargetSettingsForm:
    return TargetSettingsForm(
        data={name: str(value) for name, value in settings.model_dump(mode="json").items()} | {"seen": seen}
    )


def sensible(form: Form, field: DateField) -> None:
    if field.data and not is_sensible(field.data):
        raise ValidationError(_("Write a day between 1900 and 2200."))


class RemedyForm(Form):
    revision = HiddenField(default="1", validators=[Regexp(r"[0-9]{1,9}\Z", message=TORN)])
    flag = SelectField(_("Why the unit is looked at"))
    cause = TextAreaField(_("Cause that was found"), [Length(max=5000)])
    remedy = TextAreaField(_("What is to be done"), [Length(max=5000)])
    owner = StringField(_("Who looks after it"), [Length(max=200)])
    due_on = DateField(_("To be settled by"), [Optional(), sensible])

    def __init__(self, form: Any = None, **values: Any) -> None:
        super().__init__(form, **values)
        self.flag.choices = _choices(FLAG_LABELS)

    def words(self) -> Words:
        return Words(
            flag=FlagKind(self.flag.data),
            cause=self.cause.data or "",
            remedy=self.remedy.data or "",
            owner=self.owner.data or "",
            due_on=self.due_on.data,
        )


def remedy_form(one: Remedy) -> RemedyForm:
    names = ("cause", "remedy", "owner", "due_on")
    values = {name: getattr(one, name) for name in names}
    return RemedyForm(data={"revision": str(one.revision), "flag": one.flag.value, **values})


class OutcomeForm(Form):
    revision = HiddenField(default="1", validators=[Regexp(r"[0-9]{1,9}\Z", message=TORN)])
    outcome = StringField(_("What came of it"), [InputRequired(_("Write what came of it.")), Length(max=500)])
