"""From here devices install the authority of a server in a hall without internet."""

from typing import Any

from flask import abort, current_app, render_template

from seminar.access.guard import public
from seminar.lib.certificates import Authority, authority_of, names_of
from seminar.portal.views import bp


def _authority() -> Authority:
    found = authority_of(current_app.config["SEMINAR"].data)
    if found is None:
        abort(404)
    return found


@bp.get("/certificate")
@public
def certificate() -> Any:
    """How to install it; 404 where none was made."""
    return render_template(
        "portal/certificate.html", made=_authority(), names=names_of(current_app.config["SEMINAR"].data)
    )


@bp.get("/certificate/seminar.crt")
@public
def certificate_file() -> Any:
    """The authority in DER, under the type by which phones offer to install it."""
    headers = {"Content-Disposition": 'attachment; filename="seminar.crt"', "Cache-Control": "no-store"}
    return _authority().der, 200, {"Content-Type": "application/x-x509-ca-cert", **headers}
