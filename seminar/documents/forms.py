"""Shapes of the forms about documents: their settings, rows of Nơi nhận, the register, Word templates."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, DateField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp, ValidationError

from seminar.documents.models import DOCUMENT_KIND_LABELS, DocumentKind
from seminar.documents.rules import (
    ABBREVIATIONS,
    URGENCIES,
    DocumentSettings,
    Recipient,
    Signing,
    authority_line,
    signing_of,
)
from seminar.lib.errors import N_, Refused
from seminar.lib.inputs import Form
from seminar.lib.language import say
from seminar.lib.text import clean

SIGNING_LABELS = {
    Signing.COLLECTIVE: N_("TM. – for the collective"),
    Signing.ORDER: N_("TL. – by order of the collective"),
    Signing.DEPUTY: N_("KT. – a deputy for the head"),
    Signing.ACTING: N_("Q. – the acting head"),
    Signing.HEAD: N_("the head of the office or ban himself"),
}
MOST_ROWS = 40
FREE_ROWS = 3
SPACELESS = Regexp(r"^[^\s/]*\Z", message=_("Without spaces and strokes, as it prints in the symbol."))


def required() -> InputRequired:
    return InputRequired(_("This field is required."))


class SettingsForm(Form):
    term = StringField(_("Congress term"), [required(), Length(max=40)])
    agency = StringField(_("Agency in the symbol"), [Length(max=20), SPACELESS])
    drafting_unit = StringField(_("Drafting unit in the symbol"), [Length(max=20), SPACELESS])
    place = StringField(_("Place of the date line"), [required(), Length(max=80)])
    superior_lines = TextAreaField(_("Superior body, one line each"), [Length(max=300)])
    issuer_lines = TextAreaField(_("Issuer, one line each"), [required(), Length(max=300)])
    signing = RadioField(_("Form of signing"), coerce=Signing)
    authority = StringField(_("Bold line, behind TM., TL., KT. or Q."), [required(), Length(max=120)])
    signer_title = StringField(_("Title under it"), [Length(max=120)])
    signer_name = StringField(_("Name of the signer"), [Length(max=120)])
    urgency = SelectField(_("Urgency of the letters"), default="")
    is_double_sided = BooleanField(_("Margins for paper printed on both sides"))
    archive_mark = StringField(_("Archive mark in the bottom margin"), [Length(max=60)])
    insists = BooleanField(_("Keep it as it is: the office wants it so"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.signing.choices = [(one.value, say(label)) for one, label in SIGNING_LABELS.items()]
        self.urgency.choices = [(one, one or "—") for one in URGENCIES]

    def validate_term(self, field: StringField) -> None:
        found = re.fullmatch(r"(\d{4})\s*[-–]\s*(\d{4})", clean(field.data))
        if not found or not 1 <= int(found[2]) - int(found[1]) <= 10:
            raise ValidationError(_("Write the years of the term, for example 2022-2027."))

    def validate_issuer_lines(self, field: TextAreaField) -> None:
        if not clean(field.data):
            raise ValidationError(_("This field is required."))

    def validate_drafting_unit(self, field: StringField) -> None:
        if not field.data and not self.agency.data:
            raise ValidationError(_("Name the agency or the unit: without them a document has no symbol."))

    def values(self) -> dict[str, Any]:
        """As they are kept; the form must be valid."""
        lines = {
            name: [clean(line).upper() for line in (self[name].data or "").splitlines() if clean(line)]
            for name in ("superior_lines", "issuer_lines")
        }
        plain = {
            name: clean(self[name].data)
            for name in ("agency", "drafting_unit", "place", "signer_name", "urgency", "archive_mark")
        }
        return {
            **lines,
            **plain,
            "term": re.sub(r"\s*[-–]\s*", "-", clean(self.term.data)),
            "authority": authority_line(self.signing.data, self.authority.data),
            "signer_title": clean(self.signer_title.data).upper(),
            "is_double_sided": bool(self.is_double_sided.data),
        }


def shown(settings: DocumentSettings) -> dict[str, Any]:
    """What the form shows at first."""
    signing, body = signing_of(settings.authority)
    names = ("term", "agency", "drafting_unit", "place", "signer_title", "signer_name", "urgency", "archive_mark")
    return {name: getattr(settings, name) for name in names} | {
        "superior_lines": "\n".join(settings.superior_lines),
        "issuer_lines": "\n".join(settings.issuer_lines),
        "signing": signing,
        "authority": body,
        "is_double_sided": settings.is_double_sided,
    }


def abbreviations_typed(said: Mapping[str, str]) -> dict[str, str]:
    """By kind, only those that are not the default; refused where one would not print in a symbol."""
    found = {}
    for kind in DocumentKind:
        word = clean(said.get(f"abbreviation-{kind.value}", ""))
        if word and not re.fullmatch(r"[^\W\d_]{1,10}", word):
            raise Refused("“%(word)s” is no abbreviation: at most ten letters, nothing else.", word=word)
        if word and word != ABBREVIATIONS[kind]:
            found[kind.value] = word
    return found


def rows_shown(rows: Iterable[Recipient]) -> list[Recipient]:
    """The rows with some empty ones behind."""
    return [*rows, *[Recipient("")] * FREE_ROWS][:MOST_ROWS]


def _kinds() -> list[tuple[str, str]]:
    return [(kind.value, say(label)) for kind, label in DOCUMENT_KIND_LABELS.items()]


MOST_COPIES = 99_999


def addressees_typed(text: str | None) -> list[str]:
    return [clean(line)[:300] for line in (text or "").splitlines() if clean(line)]


class CorrectionForm(Form):
    """The entry of a document that the program issued: what may be put right in the register."""

    copies = IntegerField(_("Copies"), [Optional(), NumberRange(0, MOST_COPIES)])
    note = StringField(_("Remark"), [Length(max=500)])

    def values(self) -> dict[str, Any]:
        return {"copies": self.copies.data or 0, "note": clean(self.note.data)}


class EntryForm(CorrectionForm):
    """The entry of a document made elsewhere."""

    subject = TextAreaField(_("Subject (trích yếu)"), [required(), Length(max=500)])
    issued_on = DateField(_("Issued on"), [required()])
    addressees = TextAreaField(_("To whom, one on each line"), [Length(max=4000)])
    signer = StringField(_("Signer"), [Length(max=300)])
    drafted_by = StringField(_("Drafted by (unit, person)"), [Length(max=200)])

    def values(self) -> dict[str, Any]:
        return super().values() | {
            "subject": clean(self.subject.data),
            "issued_on": self.issued_on.data,
            "addressees": "\n".join(addressees_typed(self.addressees.data)),
            "signer": clean(self.signer.data),
            "drafted_by": clean(self.drafted_by.data),
        }


class OutsideForm(EntryForm):
    """A document made elsewhere, entered into the register."""

    kind = SelectField(_("Kind of document"), [required()], coerce=DocumentKind)
    number = IntegerField(_("Number"), [Optional(), NumberRange(1, 99_999)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = _kinds()


class StartForm(Form):
    kind = SelectField(_("Kind of document"), [required()], coerce=DocumentKind)
    next_number = IntegerField(_("Next number"), [required(), NumberRange(1, 99_999)])
    reason = StringField(_("Reason"), [required(), Length(max=300)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = _kinds()


class UnusedForm(Form):
    reason = StringField(_("Why the number is not used"), [required(), Length(max=300)])
