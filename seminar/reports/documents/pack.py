"""The printed pack: badges, table signs, labels (domain.md 2.9). Never a telephone number; always Vietnamese."""

from collections.abc import Sequence
from typing import Any

from seminar.delegates.models import Delegate
from seminar.documents import pdf
from seminar.documents.rules import UNKNOWN
from seminar.invitations.documents import qr_payload
from seminar.invitations.models import Invitation
from seminar.invitations.rules import addressed, quoted_title
from seminar.lib import qr
from seminar.lib.errors import N_, Refused
from seminar.lib.text import fold
from seminar.planning.models import Audience, Seminar

KINDS: dict[str, str] = {
    "badge-a6": N_("badges A6, four on a sheet"),
    "badge-a5": N_("badges A5, two on a sheet"),
    "sign": N_("table signs, A4 folded, with the name"),
    "unit-sign": N_("table signs, A4 folded, with the unit"),
    "seat": N_("labels for seats"),
    "envelope": N_("labels for envelopes"),
}
PER_SHEET = {"badge-a6": 4, "badge-a5": 2, "sign": 1, "unit-sign": 1, "seat": 24, "envelope": 14}
FILE_WORDS = {
    "badge-a6": "the-dai-bieu-a6",
    "badge-a5": "the-dai-bieu-a5",
    "sign": "bien-ten",
    "unit-sign": "bien-ten-don-vi",
    "seat": "nhan-ghe",
    "envelope": "nhan-phong-bi",
}
"""How the office finds the file again among its downloads."""
BATCH = 240
ROLES = {
    Audience.GUEST: ("KHÁCH MỜI", "#9b1c1c"),
    Audience.SUMMONED: ("ĐẠI BIỂU", "#1b4b9b"),
    Audience.ORGANISER: ("BAN TỔ CHỨC", "#0b6b3a"),
    Audience.UNASSIGNED: ("ĐẠI BIỂU", "#53617a"),
}
# Groups that have a word and a colour of their own, by what their name says.
NAMED_ROLES = (
    ("dong chu tri", ("CHỦ TRÌ", "#7a5b00")),
    ("chu tri", ("CHỦ TRÌ", "#7a5b00")),
    ("thu ky", ("THƯ KÝ", "#0b6477")),
    ("bao chi", ("BÁO CHÍ", "#8a5200")),
)
AT_THE_TABLE = ("CHỦ TRÌ", "THƯ KÝ")


def role_of(delegate: Delegate) -> tuple[str, str]:
    """Word and colour: whoever chairs is shown as such, whatever the primary group; else the primary group decides."""
    names = [fold(membership.group.name) for membership in delegate.memberships]
    if any("dong chu tri" in name for name in names):
        return NAMED_ROLES[0][1]
    primary = fold(delegate.group.name)
    return next((found for word, found in NAMED_ROLES[1:] if word in primary), ROLES[delegate.group.audience])


def pack_item(delegate: Delegate, invitation: Invitation | None, base_url: str, *, with_code: bool) -> dict[str, Any]:
    """What is printed of one person; where a proxy comes, of the proxy."""
    proxy = invitation.proxy if invitation else None
    unit = delegate.body or (delegate.unit.name if delegate.unit else "")
    position = proxy.position if proxy else delegate.position
    name = proxy.name if proxy else delegate.name
    if delegate.is_unnamed and not proxy and unit:
        name, unit = f"{name} {unit}", ""
    role, colour = role_of(delegate)
    return {
        "name": name,
        "addressed": addressed("" if proxy else delegate.honorific, "" if proxy else delegate.academic_title, name),
        "details": " – ".join(part for part in (position, unit) if part),
        "number": delegate.number,
        "seat": delegate.seat,
        "role": role,
        "colour": colour,
        "qr": qr.svg(qr_payload(base_url, invitation.code)) if invitation and with_code else "",
    }


def pack_pdf(seminar: Seminar, kind: str, people: Sequence[tuple[Delegate, Invitation | None]], base_url: str) -> bytes:
    """One PDF for the sheets of the kind, people in the order given. Many are made in child processes, batch by batch.

    Signs of units are one for each unit of the people chosen.
    """
    if not people:
        raise Refused("Nobody matches.")
    if kind == "unit-sign":
        units = dict.fromkeys(
            delegate.body or (delegate.unit.name if delegate.unit else UNKNOWN) for delegate, _ in people
        )
        items = [
            {
                "name": name,
                "addressed": name,
                "details": "",
                "number": 0,
                "seat": "",
                "role": "",
                "colour": "#1b4b9b",
                "qr": "",
            }
            for name in units
        ]
    else:
        with_code = kind.startswith("badge")
        items = [pack_item(delegate, invitation, base_url, with_code=with_code) for delegate, invitation in people]
        if kind == "sign":  # who sits there is told by name and position; only an office at the table is named
            items = [one if one["role"] in AT_THE_TABLE else {**one, "role": ""} for one in items]
    common = {"kind": kind, "title": quoted_title(seminar.title), "issuer": seminar.issuer or UNKNOWN}
    batch = BATCH // PER_SHEET[kind] * PER_SHEET[kind]
    return pdf.compile_many("pack.typ", common, "people", items, batch=batch)
