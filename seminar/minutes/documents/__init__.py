"""The minutes as Word and PDF, the list of recommendations, and the words that other documents share with them."""

from seminar.minutes.documents.following import following_docx, following_rows, following_workbook
from seminar.minutes.documents.minutes import (
    Minutes,
    Particulars,
    addressed_to,
    clock,
    known_particulars,
    minutes_docx,
    minutes_of,
    minutes_pdf,
    pdf_of,
    word_of,
)
from seminar.minutes.documents.remarks import Remark, remarks_of
from seminar.minutes.documents.words import (
    ADDRESSEE_WORDS,
    KIND_WORDS,
    NO_FIGURES,
    STATUS_WORDS,
    day,
    person,
    place,
    speech,
    subject_of,
)

__all__ = [
    "ADDRESSEE_WORDS",
    "KIND_WORDS",
    "Minutes",
    "NO_FIGURES",
    "Particulars",
    "Remark",
    "STATUS_WORDS",
    "addressed_to",
    "clock",
    "day",
    "following_docx",
    "following_rows",
    "following_workbook",
    "known_particulars",
    "minutes_docx",
    "minutes_of",
    "minutes_pdf",
    "pdf_of",
    "person",
    "place",
    "remarks_of",
    "speech",
    "subject_of",
    "word_of",
]
