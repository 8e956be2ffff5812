"""`flask demo load|clear`."""

import click
from flask import current_app
from flask.cli import AppGroup

from seminar.access.actor import command_line
from seminar.lib.clock import now
from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.lib.language import say
from seminar.lib.settings import mark_demo
from seminar.operations.demo import actions

demo = AppGroup("demo", help="The demo seminar, with fictional people.")


@demo.command("load")
def load() -> None:
    """Load the demo; loading it again changes nothing."""
    settings = current_app.config["SEMINAR"]
    if not settings.secret_key:
        mark_demo(settings.data)
    seminar = actions.load_demo(command_line("bản minh họa"), now())
    db.session.commit()
    if seminar is None:
        click.echo("The demo is there already.", err=True)


@demo.command("clear")
def clear() -> None:
    """Remove the demo seminar with all its rows."""
    try:
        actions.clear_demo(command_line("bản minh họa"), now())
    except Refused as refusal:
        raise click.ClickException(say(refusal.message)) from None
    db.session.commit()
