"""`flask invitations …`: what the office does on its pages, for scripts and for seminars of one command."""

import json
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup

from seminar.access.actor import command_line
from seminar.documents import actions as documents_actions
from seminar.documents.queries import document_or_404
from seminar.invitations import actions, documents, messages, queries, worker
from seminar.invitations.models import Purpose
from seminar.invitations.queries import State
from seminar.lib.clock import now
from seminar.lib.database import db, reading
from seminar.lib.errors import Refused
from seminar.lib.language import say
from seminar.planning import queries as plans
from seminar.planning.models import Seminar

invitations = AppGroup("invitations", help="Letters, sendings and personal codes.")
commands = [invitations]


def _seminar(slug: str, groups: tuple[str, ...]) -> Seminar:
    seminar = plans.seminar_by_slug(slug)
    if seminar is None:
        raise click.ClickException(f"There is no seminar {slug!r}: flask seminars list")
    known = [group.code for group in plans.groups_of(seminar)]
    for code in groups:
        if code not in known:
            raise click.ClickException(f"There is no group {code!r}. Groups: {', '.join(known)}")
    return seminar


def _options(command: Any) -> Any:
    command = click.option("--group", "groups", multiple=True, help="Code of a group; several are possible.")(command)
    return click.option("--seminar", "slug", required=True, metavar="SLUG")(command)


def _say(data: list[dict[str, Any]], as_json: bool, line: str) -> None:
    if as_json:
        click.echo(json.dumps(data, ensure_ascii=False))
    else:
        for row in data:
            click.echo(line.format(**row))


@invitations.command("issue")
@_options
@click.option("--format", "shape", type=click.Choice(["text", "json"]), default="text")
def issue(slug: str, groups: tuple[str, ...], shape: str) -> None:
    """Issue a letter to everybody without an invitation in force whose group has a letter."""
    try:
        seminar = _seminar(slug, groups)
        issued = actions.issue_letters(seminar, queries.delegates_to_invite(seminar, groups), command_line(), now())
        told: list[dict[str, Any]] = [
            {"id": one.id, "symbol": one.symbol, "count": one.addressee_count} for one in issued
        ]
        db.session.commit()
        with reading():
            seminar = _seminar(slug, ())
            kept = documents.kept_runs(seminar, [one["id"] for one in told], current_app.config["SEMINAR"].base_url)
        seminar = _seminar(slug, ())
        for document_id, digest in kept.items():
            documents_actions.keep_issued(document_or_404(seminar, document_id), digest)
        db.session.commit()
    except Refused as refusal:
        raise click.ClickException(say(refusal.message)) from None
    _say(told, shape == "json", "{symbol}\t{count}")


@invitations.command("send")
@_options
def send(slug: str, groups: tuple[str, ...]) -> None:
    """Put the letter into the outbox for all to whom it was not yet sent."""
    _send(slug, groups, queries.INVITES, State.NOT_SENT)


@invitations.command("remind")
@_options
def remind(slug: str, groups: tuple[str, ...]) -> None:
    """Put a reminder into the outbox for all who have not answered."""
    _send(slug, groups, queries.REMINDS, State.NO_ANSWER)


def _send(slug: str, groups: tuple[str, ...], purpose: Purpose, state: State) -> None:
    base_url, moment = current_app.config["SEMINAR"].base_url, now()
    with reading():
        chosen = queries.invitations_in_force(_seminar(slug, groups), state, group_codes=groups)
        mails = messages.composed(chosen, base_url, purpose, now=moment)
        without = len(chosen) - len(mails)
    try:
        act = actions.remind if purpose == queries.REMINDS else actions.send_invitations
        act(_seminar(slug, groups), mails, command_line(), moment)
    except Refused as refusal:
        raise click.ClickException(say(refusal.message)) from None
    db.session.commit()
    click.echo(f"{len(mails)}\t{without}")


@invitations.command("remind-due")
def remind_due() -> None:
    """Put the reminders of the rules whose moment has come into the outbox, where the server does not."""
    click.echo(str(worker.remind_due()))


@invitations.command("export")
@_options
@click.option("--format", "shape", type=click.Choice(["text", "json"]), default="text")
def export(slug: str, groups: tuple[str, ...], shape: str) -> None:
    """Number, name and personal code of the invitations in force."""
    with reading():
        rows: list[dict[str, Any]] = [
            {"number": one.delegate.number, "name": documents.bearer_name(one), "code": one.code}
            for one in queries.invitations_in_force(_seminar(slug, groups), group_codes=groups)
        ]
    rows.sort(key=lambda row: row["number"])
    _say(rows, shape == "json", "{number}\t{name}\t{code}")
