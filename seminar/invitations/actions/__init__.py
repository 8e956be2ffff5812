"""What is done with letters, answers and proxies."""

from seminar.invitations.actions.answers import answer, delegate_actor
from seminar.invitations.actions.letters import issue_letters, reissue, require_in_force, revoke, reword
from seminar.invitations.actions.proxies import decide_proxy, propose_proxy, withdraw_proxy
from seminar.invitations.actions.reminders import add_rule, pause_rule, remind_by_rule, remove_rule, resume_rule
from seminar.invitations.actions.sendings import (
    hand_over,
    hand_over_all,
    remind,
    require_timely,
    send_invitations,
    send_notices,
    tell_refusal,
    word_message,
    wording_of,
)

__all__ = [
    "resume_rule",
    "remove_rule",
    "remind_by_rule",
    "pause_rule",
    "add_rule",
    "wording_of",
    "word_message",
    "send_notices",
    "hand_over_all",
    "answer",
    "decide_proxy",
    "delegate_actor",
    "hand_over",
    "issue_letters",
    "propose_proxy",
    "reissue",
    "remind",
    "require_in_force",
    "require_timely",
    "revoke",
    "reword",
    "send_invitations",
    "tell_refusal",
    "withdraw_proxy",
]
