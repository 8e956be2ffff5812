"""The roles of the staff. They belong to the installation; a person may have several."""

from enum import StrEnum

from seminar.lib.errors import N_


class Role(StrEnum):
    ADMIN = "admin"
    OFFICE = "office"
    REVIEWER = "reviewer"
    RECEPTION = "reception"
    SECRETARY = "secretary"
    VIEWER = "viewer"


ROLE_LABELS = {
    Role.ADMIN: N_("Administrator"),
    Role.OFFICE: N_("Office"),
    Role.REVIEWER: N_("Reviewer"),
    Role.RECEPTION: N_("Reception"),
    Role.SECRETARY: N_("Secretary"),
    Role.VIEWER: N_("Chair, leadership (reads; adopts the minutes)"),
}
EVERYONE = tuple(Role)
"""Every signed-in member of staff."""
