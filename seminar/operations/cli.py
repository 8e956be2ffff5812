"""Commands that keep the installation alive, and those that reach over all features."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext

from seminar.access.actor import command_line
from seminar.audit.models import record
from seminar.delegates.cli import delegates
from seminar.lib.clock import now
from seminar.lib.database import db
from seminar.lib.errors import Message, Refused
from seminar.lib.language import say
from seminar.lib.settings import Settings
from seminar.operations import actions, schema
from seminar.operations import backup as backups
from seminar.operations.demo import actions as demos
from seminar.operations.demo.cli import demo
from seminar.planning import queries as plans

FORMATS = click.Choice(["text", "json"])


@contextmanager
def sentences() -> Iterator[None]:
    """A refusal is one sentence on standard error and a status that is not zero."""
    try:
        yield
    except Refused as refusal:
        raise click.ClickException(say(refusal.message)) from None


def settings_here() -> Settings:
    settings: Settings = current_app.config["SEMINAR"]
    return settings


def demo_lines(address: str) -> list[str]:
    """What `make run` ends with: the address and the sign-ins of the demo."""
    width = max(len(email) for email, _ in demos.sign_ins())
    people = [f"    {email:<{width}}  {roles}" for email, roles in demos.sign_ins()]
    heading = say(Message("Sign in as one of these, password %(password)s:", password=demos.PASSWORD))
    return ["", say(Message("Seminar is open at %(address)s", address=address)), "", heading, *people, ""]


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on; 0.0.0.0 for all.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--https", "is_https", is_flag=True, help="With the certificate that `certificates make` made.")
@with_appcontext
def serve_pages(host: str, port: int, is_https: bool) -> None:
    """Serve the pages, and drain the outbox, until interrupted."""
    from seminar.operations import serve

    settings = settings_here()
    if settings.problems:
        raise click.ClickException("\n".join(say(problem) for problem in settings.problems))
    address = serve.address_of(host, port, is_https=is_https)
    with sentences():
        schema.check()
        db.session.remove()
        db.engine.dispose()
        opened = say(Message("Seminar is open at %(address)s", address=address))
        serve.serve(settings, host, port, demo_lines(address) if settings.is_demo else [opened], is_https=is_https)


seminars = AppGroup("seminars", help="Seminars of this installation.")


@seminars.command("list")
@click.option("--format", "form", default="text", type=FORMATS)
def list_seminars(form: str) -> None:
    """List the seminars."""
    rows = [
        {
            "slug": one.slug,
            "title": one.title,
            "theme": one.theme,
            "held_on": one.held_on.isoformat() if one.held_on else None,
            "venue": one.venue.name if one.venue else None,
            "is_announced": one.is_announced,
            "is_demo": one.is_demo,
        }
        for one in plans.seminars()
    ]
    if form == "json":
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
    else:
        for row in rows:
            click.echo(f"{row['slug']}\t{row['held_on'] or '-'}\t{row['title']}")


backup = AppGroup("backup", help="Backups: one file with database, uploads and issued documents.")


@backup.command("create")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def create_backup(folder: Path) -> None:
    """Write a backup into FOLDER and print its path; the server may run meanwhile."""
    with sentences():
        click.echo(str(backups.create(settings_here(), folder, schema.present(), now())))


@backup.command("verify")
@click.argument("file", type=click.Path(path_type=Path))
def verify_backup(file: Path) -> None:
    """Check every byte and every row count of FILE."""
    with sentences():
        _echo_contents(backups.verify(file))


@backup.command("restore")
@click.argument("file", type=click.Path(path_type=Path))
def restore_backup(file: Path) -> None:
    """Put FILE into the data folder, which must be empty."""
    with sentences():
        _echo_contents(backups.restore(file, settings_here()))
    click.echo(say(Message("Now run `flask --app app db upgrade`, then start the server.")), err=True)


def _echo_contents(contents: backups.Contents) -> None:
    click.echo(
        say(
            Message(
                "whole: %(engine)s of %(moment)s, %(rows)d rows, %(files)d files",
                engine=contents.engine,
                moment=contents.made_at,
                rows=contents.row_count,
                files=contents.file_count,
            )
        )
    )


certificates = AppGroup("certificates", help="A certificate of our own, for a hall without internet.")


@certificates.command("make")
@click.option("--host", required=True, help="Name by which devices open the server, for example toadam.lan.")
@click.option("--address", "addresses", multiple=True, help="Address of the server in the hall; may be said again.")
@click.option("--anew", is_flag=True, help="In place of one made before.")
@with_appcontext
def make_certificate(host: str, addresses: tuple[str, ...], anew: bool) -> None:
    """Make the server's certificate and the authority that devices install; print the fingerprint to compare."""
    from seminar.lib.certificates import authority_of
    from seminar.operations.certificates import make

    data = settings_here().data
    with sentences():
        folder = make(data, host, addresses, now(), anew=anew)
    record(command_line(), now(), "create", "certificate", summary=" ".join([host, *addresses]))
    db.session.commit()
    made = authority_of(data)
    click.echo(str(folder))
    click.echo(made.fingerprint if made else "")
    told = Message("Start with `serve --https`; devices install it from %(page)s", page=f"https://{host}/certificate")
    click.echo(say(told), err=True)


@click.command("doctor")
@click.option("--format", "form", default="text", type=FORMATS)
@with_appcontext
def examine(form: str) -> None:
    """Say what is wrong with this installation and how to mend it; status 1 where something is broken."""
    from seminar.operations import doctor

    found = doctor.examine(settings_here(), now())
    if form == "json":
        rows = [
            {
                "topic": one.topic,
                "state": one.state,
                "text": say(one.text),
                "mend": say(one.mend) if one.mend else "",
            }
            for one in found
        ]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
    else:
        for one in found:
            click.echo(f"{one.state:<8} {one.topic:<14} {say(one.text)}")
            if one.mend:
                click.echo(f"{'':<8} {'':<14} -> {say(one.mend)}")
    sys.exit(1 if any(one.state == doctor.BROKEN for one in found) else 0)


@delegates.command("clear")
@click.option("--seminar", "slug", required=True, help="Slug of the seminar.")
@click.option("--yes", is_flag=True, help="Really do it.")
def clear_delegates(slug: str, yes: bool) -> None:
    """Remove all delegates of the seminar, with their letters and scans."""
    with sentences():
        seminar = plans.seminar_by_slug(slug)
        if seminar is None:
            raise Refused("There is no seminar “%(slug)s”; `flask seminars list` shows them.", slug=slug)
        if not yes:
            raise Refused("This removes all delegates of %(slug)s: repeat with --yes.", slug=slug)
        count = actions.clear_delegates(seminar, command_line(), now())
    db.session.commit()
    click.echo(say(Message("%(count)d delegates removed.", count=count)), err=True)


commands = [serve_pages, seminars, backup, certificates, examine, demo]
