"""The actor of an action: who did it, on whose behalf, by which channel. E-mail is never the identity of a person."""

from dataclasses import dataclass, replace
from enum import StrEnum

from seminar.lib.errors import N_


class ActorKind(StrEnum):
    STAFF = "staff"
    DELEGATE = "delegate"
    UNIT = "unit"
    DESK = "desk"
    SYSTEM = "system"


class Channel(StrEnum):
    PAGE = "page"
    PHONE = "phone"
    LETTER = "letter"
    EMAIL = "email"
    ZALO = "zalo"
    IN_PERSON = "in_person"
    DESK = "desk"
    COMMAND = "command"


CHANNEL_LABELS = {
    Channel.PAGE: N_("on the page"),
    Channel.PHONE: N_("by telephone"),
    Channel.LETTER: N_("by letter"),
    Channel.EMAIL: N_("by e-mail"),
    Channel.ZALO: N_("by Zalo or SMS"),
    Channel.IN_PERSON: N_("in person"),
    Channel.DESK: N_("at the desk"),
    Channel.COMMAND: N_("from the command line"),
}

ON_BEHALF = (Channel.PHONE, Channel.ZALO, Channel.LETTER, Channel.EMAIL, Channel.IN_PERSON)
"""How somebody may have told the office what it records for them."""


@dataclass(frozen=True)
class Actor:
    """`id` is that of the user, delegate, unit or desk; `name` is kept as it was at the time of the action."""

    kind: ActorKind
    name: str
    id: int | None = None
    on_behalf_of: str = ""
    channel: Channel = Channel.PAGE

    def for_(self, somebody: str, channel: Channel) -> "Actor":
        """The same actor, acting for somebody who asked by telephone, letter or Zalo."""
        return replace(self, on_behalf_of=somebody, channel=channel)


def command_line(name: str = "dòng lệnh") -> Actor:
    return Actor(ActorKind.SYSTEM, name, channel=Channel.COMMAND)


def said_by(recorder: str, teller: str) -> str:
    """Who said it, as the history names it: the member of staff who wrote it down, and whoever told them, if another."""
    return f"{recorder}, theo lời {teller}" if teller else recorder
