"""`flask desk pair`: a pairing code for a device, from the console."""

import json

import click
from flask import current_app
from flask.cli import AppGroup

from seminar.access.actor import command_line
from seminar.checkin import actions
from seminar.lib import qr
from seminar.lib.clock import now
from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.lib.language import say
from seminar.planning.queries import seminar_by_slug

desk = AppGroup("desk", help="Reception desks.")
commands = [desk]


@desk.command("pair")
@click.option("--seminar", "slug", required=True, help="Slug of the seminar.")
@click.option("--name", required=True, help="Name of the desk, for example the place where it stands.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
def pair(slug: str, name: str, form: str) -> None:
    """Print a pairing code, good for one device and a quarter of an hour, and its QR as text."""
    seminar = seminar_by_slug(slug)
    try:
        if seminar is None:
            raise Refused("There is no seminar “%(slug)s”. See `flask seminars list`.", slug=slug)
        code = actions.open_pairing(seminar, name, command_line(), now())
    except Refused as refusal:
        raise click.ClickException(say(refusal.message)) from None
    db.session.commit()
    address = f"{current_app.config['SEMINAR'].base_url}/desk/{slug}/#{code}"
    if form == "json":
        click.echo(json.dumps({"pairing_code": code, "address": address}))
    else:
        click.echo(code)
        click.echo(address)
        click.echo(qr.terminal(address))
