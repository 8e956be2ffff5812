"""What the office and the units do with sheets, returns and targets."""

from seminar.statistics.actions.returns import TypedElsewhere, begin_return, keep_draft, send_return, undo_draft
from seminar.statistics.actions.rulings import accept_returns, rule_on
from seminar.statistics.actions.scans import attach_scan, check_scan, keep_scan, withdraw_scan

__all__ = [
    "TypedElsewhere",
    "accept_returns",
    "attach_scan",
    "begin_return",
    "check_scan",
    "keep_draft",
    "keep_scan",
    "rule_on",
    "send_return",
    "undo_draft",
    "withdraw_scan",
]
