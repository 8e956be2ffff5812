"""`flask mail drain` and `flask mail status`: the outbox without a page, also on another machine."""

import json
import time

import click
from flask import current_app
from flask.cli import AppGroup
from flask_babel import gettext as _

from seminar.lib.database import reading
from seminar.mail import actions, queries
from seminar.mail.models import MAIL_STATUS_LABELS, WAITING

mail = AppGroup("mail", help="The outbox.")
commands = [mail]


@mail.command("drain")
def drain() -> None:
    """Send until nothing is due any more. Non-zero, with one sentence, where something did not leave."""
    settings = current_app.config["SEMINAR"]
    if not settings.mail_server:
        raise click.ClickException(_("No mail server is configured: set SEMINAR_MAIL_SERVER. Nothing was sent."))
    sent = later = failed = 0
    trouble = ""
    worker = actions.worker_name()
    while not trouble:
        drained = actions.drain_once(settings, worker=worker)
        sent, later, failed = sent + drained.sent, later + drained.later, failed + drained.failed
        trouble = drained.trouble
        if drained.is_paused:
            time.sleep(1)
        elif not drained.tried:
            break
    click.echo(
        _("%(sent)d sent, %(later)d to be tried again, %(failed)d failed.", sent=sent, later=later, failed=failed)
    )
    if trouble:
        raise click.ClickException(
            _("The mail server is in trouble: %(answer)s. %(count)d messages wait.", answer=trouble, count=_waiting())
        )
    if later or failed:
        raise click.ClickException(_("Not everything left; the outbox shows each message with the server's answer."))


def _waiting() -> int:
    with reading():
        return sum(count for status, count in queries.totals().items() if status in WAITING)


@mail.command("status")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
def status(form: str) -> None:
    """How many messages are in which state."""
    with reading():
        counts = queries.totals()
        trouble = queries.last_trouble()
    has_server = bool(current_app.config["SEMINAR"].mail_server)
    if form == "json":
        click.echo(
            json.dumps(
                {
                    "has_server": has_server,
                    **{state.value: count for state, count in counts.items()},
                    "last_answer": trouble,
                },
                ensure_ascii=False,
            )
        )
        return
    for state, count in counts.items():
        click.echo(f"{count:>7}  {_(MAIL_STATUS_LABELS[state])}")
    if not has_server:
        click.echo(_("No mail server is configured: set SEMINAR_MAIL_SERVER. Nothing was sent."), err=True)
    elif trouble:
        click.echo(_("The mail server is in trouble: %(answer)s", answer=trouble), err=True)
