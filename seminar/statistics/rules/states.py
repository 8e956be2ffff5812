"""Where a return stands, and which of its versions counts in the province's figures."""

from enum import StrEnum

from seminar.lib.errors import N_
from seminar.statistics.models import Return, ReturnVersion, Ruling, RulingKind


class ReturnState(StrEnum):
    MISSING = "missing"
    DRAFT = "draft"
    SENT = "sent"
    RETURNED = "returned"
    ACCEPTED = "accepted"


RETURN_STATE_LABELS = {
    ReturnState.MISSING: N_("not begun"),
    ReturnState.DRAFT: N_("being filled in"),
    ReturnState.SENT: N_("sent, not yet checked"),
    ReturnState.RETURNED: N_("returned for correction"),
    ReturnState.ACCEPTED: N_("accepted"),
}


def standing_ruling(version: ReturnVersion) -> Ruling | None:
    """The latest; the earlier ones are history."""
    return version.rulings[-1] if version.rulings else None


def state_of(one: Return | None) -> ReturnState:
    """By its latest version; a draft over a sent version does not change what the office sees."""
    if one is None or not one.versions:
        return ReturnState.DRAFT if one is not None and one.draft else ReturnState.MISSING
    ruling = standing_ruling(one.versions[-1])
    if ruling is None:
        return ReturnState.SENT
    return ReturnState.ACCEPTED if ruling.kind == RulingKind.ACCEPTED else ReturnState.RETURNED


def counted_version(one: Return | None) -> ReturnVersion | None:
    """The latest version that stands accepted. It goes on counting while a later one waits or was returned, until the
    office returns it too.
    """
    for version in reversed(one.versions if one else []):
        ruling = standing_ruling(version)
        if ruling is not None and ruling.kind == RulingKind.ACCEPTED:
            return version
    return None


def is_optional(title: str) -> bool:
    """A sheet that nobody has to return says so in its title: "Phụ lục bổ sung (không bắt buộc)" (domain.md Đ12)."""
    return "không bắt buộc" in title.casefold()
