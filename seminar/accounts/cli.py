"""`flask users add|recover`: the first administrator comes from the console, and the last one is let in again there."""

import sys

import click
from flask.cli import AppGroup
from flask_babel import gettext as _

from seminar.access.actor import command_line
from seminar.access.roles import Role
from seminar.accounts import actions, passwords, queries
from seminar.lib.clock import now
from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.lib.language import say

users = AppGroup("users", help="Staff accounts.")
commands = [users]


@users.command("add")
@click.argument("email")
@click.option("--role", "roles", multiple=True, required=True, type=click.Choice([role.value for role in Role]))
@click.option("--name", default="", help="Name as it should appear in records.")
@click.option("--generate", is_flag=True, help="Make a password and print it, instead of asking for one.")
def add(email: str, roles: tuple[str, ...], name: str, generate: bool) -> None:
    """Add a member of staff. The password is typed or generated, never on the command line."""
    interactive = sys.stdin.isatty() and not generate
    password = (
        click.prompt("Password", hide_input=True, confirmation_prompt=True) if interactive else passwords.generated()
    )
    try:
        password_hash = actions.hash_of(password, email, name)
        actions.add_user(email, name, password_hash, [Role(role) for role in roles], command_line(), now())
    except Refused as refusal:
        raise click.ClickException(say(refusal.message)) from None
    db.session.commit()
    if not interactive:
        click.echo(password)


@users.command("recover")
@click.argument("email")
def recover(email: str) -> None:
    """For the last administrator who lost the password or the telephone: a new password, no second factor, no session."""
    password = passwords.generated()
    password_hash = actions.hash_of(password)
    user = queries.user_by_email(email)
    if user is None:
        raise click.ClickException(_("There is no account for %(email)s.", email=email))
    by, moment = command_line(), now()
    actions.reset_password(user, password_hash, by, moment)
    actions.reset_factor(user, by, moment)
    actions.enable_user(user, by, moment)
    db.session.commit()
    click.echo(password)
