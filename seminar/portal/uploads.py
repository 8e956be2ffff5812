"""A paper sent from a personal page: read and checked in the child before any writing transaction, and a receipt."""

from flask import flash, request
from flask_babel import gettext as _

from seminar.lib.errors import Refused
from seminar.lib.language import say
from seminar.papers.checking import CheckedFile, check_upload
from seminar.papers.models import Submission


def receive_paper() -> tuple[CheckedFile | None, str | None]:
    """(the checked file, None) or (None, the sentence that says what is wrong with it)."""
    upload = request.files.get("file")
    try:
        return check_upload(upload.filename or "" if upload else "", upload.read() if upload else b""), None
    except Refused as refusal:
        return None, say(refusal.message)


def tell_receipt(submission: Submission) -> None:
    """Says what the server stored, so that a cut upload is noticed."""
    kilobytes = max(1, submission.size_bytes // 1024)
    flash(
        _("Your paper arrived: version %(version)d, %(size)d kB.", version=submission.version, size=kilobytes),
        "success",
    )
