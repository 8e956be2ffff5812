"""Pure decisions about delegates: who somebody is, what quotas refuse, what a row of a list means, which unit is meant."""

from seminar.delegates.rules.lists import (
    COMPARED,
    COMPARED_LABELS,
    STORED,
    VERDICT_LABELS,
    Choice,
    Judged,
    ListRow,
    Verdict,
    judge,
    says,
)
from seminar.delegates.rules.people import (
    BIRTH_YEAR,
    BODY_LENGTH,
    NAME_LENGTH,
    NOTE_LENGTH,
    POSITION_LENGTH,
    DelegateRow,
    People,
    Person,
    derived,
    email_of,
    is_unnamed,
    name_key,
    place_of,
    typed_person,
)
from seminar.delegates.rules.protocol import protocol_level
from seminar.delegates.rules.quotas import (
    NAMINGS,
    RESERVES,
    GroupFacts,
    place_refusal,
)
from seminar.delegates.rules.units import (
    UnitFinder,
)

__all__ = [
    "BIRTH_YEAR",
    "BODY_LENGTH",
    "COMPARED",
    "COMPARED_LABELS",
    "Choice",
    "DelegateRow",
    "GroupFacts",
    "Judged",
    "ListRow",
    "NAME_LENGTH",
    "NAMINGS",
    "NOTE_LENGTH",
    "POSITION_LENGTH",
    "People",
    "Person",
    "RESERVES",
    "STORED",
    "UnitFinder",
    "VERDICT_LABELS",
    "Verdict",
    "derived",
    "email_of",
    "is_unnamed",
    "judge",
    "name_key",
    "place_of",
    "place_refusal",
    "protocol_level",
    "says",
    "typed_person",
]
