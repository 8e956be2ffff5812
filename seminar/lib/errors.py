"""The one exception by which a rule says no, and messages that are translated only when somebody reads them."""

from typing import Any


class Message:
    """A sentence for a person: an English msgid with named values; `lib.language.say` translates it."""

    def __init__(self, msgid: str, /, **values: Any) -> None:
        self.msgid = msgid
        self.values = values

    def __repr__(self) -> str:
        return f"Message({self.msgid % self.values if self.values else self.msgid!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Message) and (self.msgid, self.values) == (other.msgid, other.values)

    def __hash__(self) -> int:
        return hash((self.msgid, tuple(sorted(self.values.items()))))


class Refused(Exception):
    """An action was not done because a rule forbids it; the message says why and what to do instead."""

    def __init__(self, msgid: str, /, **values: Any) -> None:
        super().__init__(msgid % values if values else msgid)
        self.message = Message(msgid, **values)


def N_(msgid: str) -> str:  # noqa: N802 - gettext's own name for "mark, do not translate yet"
    """Marks a msgid for the catalog where it is stored, to be translated where it is shown."""
    return msgid


TAKEN_AWAY = N_("Somebody else was faster. Reload the page and look again.")
"""Of a row that another person took away between looking and pressing."""
