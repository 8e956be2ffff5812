"""The volunteers' guide: one sheet, printed on both sides. Its drawings take words and tones from the desk's own tables."""

from typing import Any

from flask import current_app, render_template, url_for

from seminar.access.guard import only
from seminar.checkin import rules
from seminar.checkin.models import Verdict
from seminar.checkin.views import bp
from seminar.checkin.views.staff import READERS
from seminar.lib.certificates import authority_of
from seminar.lib.errors import N_
from seminar.planning.messages import contact_of
from seminar.planning.queries import seminar_or_404

SHOWN = {
    Verdict.ADMITTED: N_("Say the name, hand out badge and papers, point to the seat."),
    Verdict.DECLINED: N_("The person had said no and came: let in all the same, welcome."),
    Verdict.ALREADY_IN: N_(
        "Read again: let in if it is the same person. Somebody else with this letter? Call the office."
    ),
    Verdict.REVOKED: N_("An old letter. Ask for the newest one, or look for the name."),
    Verdict.UNKNOWN: N_("No code of ours. Look for the name; if it is not there, register the person."),
    Verdict.OTHER_SEMINAR: N_("A letter of another seminar. Look for the name here."),
}
"""What a volunteer does after each verdict."""


@bp.get("/seminars/<slug>/desks/guide")
@only(*READERS)
def guide(slug: str) -> Any:
    seminar = seminar_or_404(slug)
    settings = current_app.config["SEMINAR"]
    authority = authority_of(settings.data)
    return render_template(
        "checkin/guide.html",
        seminar=seminar,
        contact=contact_of(seminar) if seminar.contact_phone else "",
        shown=SHOWN,
        labels=rules.VERDICT_LABELS,
        tones=rules.VERDICT_TONES,
        certificate=authority
        and {
            "fingerprint": authority.fingerprint,
            "address": f"{settings.base_url}{url_for('portal.certificate')}",
        },
    )
