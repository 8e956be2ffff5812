"""What the office and the units do with sheets, returns and targets."""

from seminar.statistics.actions.periods import (
    Terms,
    add_period,
    change_period,
    close_period,
    open_period,
    open_quarters,
    remove_period,
)
from seminar.statistics.actions.reminders import remind_units
from seminar.statistics.actions.returns import TypedElsewhere, begin_return, keep_draft, send_return, undo_draft
from seminar.statistics.actions.rulings import accept_returns, rule_on
from seminar.statistics.actions.scans import attach_scan, check_scan, keep_scan, withdraw_scan
from seminar.statistics.actions.sheets import (
    add_checks,
    begin_sheet,
    begin_starter,
    begin_usual_sheets,
    change_sheet,
    remove_sheet,
)

__all__ = [
    "add_checks",
    "Terms",
    "TypedElsewhere",
    "accept_returns",
    "add_period",
    "attach_scan",
    "begin_return",
    "begin_sheet",
    "begin_starter",
    "begin_usual_sheets",
    "change_period",
    "change_sheet",
    "check_scan",
    "close_period",
    "keep_draft",
    "keep_scan",
    "open_period",
    "open_quarters",
    "remind_units",
    "remove_period",
    "remove_sheet",
    "rule_on",
    "send_return",
    "undo_draft",
    "withdraw_scan",
]
