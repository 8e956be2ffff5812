"""What is done with letters, answers and proxies."""

from seminar.invitations.actions.answers import answer, delegate_actor
from seminar.invitations.actions.letters import issue_letters, reissue, require_in_force, revoke
from seminar.invitations.actions.proxies import decide_proxy, propose_proxy, withdraw_proxy
from seminar.invitations.actions.sendings import hand_over, remind, send_invitations, tell_refusal

__all__ = [
    "answer",
    "decide_proxy",
    "delegate_actor",
    "hand_over",
    "issue_letters",
    "propose_proxy",
    "reissue",
    "remind",
    "require_in_force",
    "revoke",
    "send_invitations",
    "tell_refusal",
    "withdraw_proxy",
]
