"""Reads of papers that pages, actions and documents share."""

from seminar.papers.queries.papers import (
    PAGE_SIZE,
    PAPER_STATE_LABELS,
    BoardRow,
    PaperState,
    board,
    count_papers,
    latest_decision,
    paper_or_404,
    papers_of,
    papers_of_delegate,
    papers_of_unit,
    states_of,
    units_without_paper,
    with_state,
)
from seminar.papers.queries.versions import latest_submission, pdf_sha256, rendition, submission_or_404, word_sha256

__all__ = [
    "PAGE_SIZE",
    "PAPER_STATE_LABELS",
    "BoardRow",
    "PaperState",
    "board",
    "count_papers",
    "latest_decision",
    "latest_submission",
    "paper_or_404",
    "papers_of",
    "papers_of_delegate",
    "papers_of_unit",
    "pdf_sha256",
    "rendition",
    "states_of",
    "submission_or_404",
    "units_without_paper",
    "with_state",
    "word_sha256",
]
