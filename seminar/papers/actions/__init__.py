"""What is done with papers: called for, sent, sent again, corrected, withdrawn, decided."""

from seminar.papers.actions.call import change_call, extend_deadline, withdraw_extension
from seminar.papers.actions.decisions import decide_paper
from seminar.papers.actions.papers import change_paper, readmit_paper, withdraw_paper
from seminar.papers.actions.receipts import send_receipt
from seminar.papers.actions.renditions import keep_rendition, keep_unicode, undo_unicode
from seminar.papers.actions.submissions import add_beside, submit_paper

__all__ = [
    "add_beside",
    "change_call",
    "change_paper",
    "decide_paper",
    "extend_deadline",
    "keep_rendition",
    "keep_unicode",
    "readmit_paper",
    "send_receipt",
    "submit_paper",
    "undo_unicode",
    "withdraw_extension",
    "withdraw_paper",
]
