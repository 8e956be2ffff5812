"""`flask report draft|minutes|proceedings|credentials|list`: documents as files, beside the running server."""

from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from seminar.access.actor import Actor, ActorKind
from seminar.lib import files
from seminar.lib.clock import now
from seminar.lib.database import db, reading
from seminar.lib.errors import N_, Message, Refused
from seminar.lib.language import say
from seminar.minutes.documents import minutes_docx
from seminar.planning.models import Seminar
from seminar.planning.queries import seminar_by_slug
from seminar.reports import worker
from seminar.reports.documents import credentials, lists, result
from seminar.reports.models import Build
from seminar.reports.queries import proceedings as queries
from seminar.reports.queries.lists import entries, offered

report = AppGroup("report", help="Result report, minutes, proceedings, summary of the delegates, lists.")
commands = [report]
slug_option = click.option("--seminar", "slug", required=True, help="Slug of the seminar.")
out_option = click.option(
    "--out", required=True, type=click.Path(dir_okay=False, writable=True, path_type=Path), help="File to write."
)


def _seminar(slug: str) -> Seminar:
    seminar = seminar_by_slug(slug)
    if seminar is None:
        raise click.ClickException(say("There is no such seminar; `flask seminars list` names them."))
    return seminar


def _write(out: Path, content: bytes) -> None:
    try:
        out.write_bytes(content)
    except OSError as error:
        raise click.ClickException(f"{out}: {error.strerror}") from None


@report.command("draft")
@slug_option
@out_option
def draft(slug: str, out: Path) -> None:
    """The result report with all figures as they are now."""
    with reading():
        content = result.report_docx(_seminar(slug), current_app.config["SEMINAR"].base_url, now())
    _write(out, content)


@report.command("minutes")
@slug_option
@out_option
def minutes(slug: str, out: Path) -> None:
    """The minutes, made of the notes."""
    with reading():
        content = minutes_docx(_seminar(slug), now())
    _write(out, content)


@report.command("proceedings")
@slug_option
@out_option
def proceedings(slug: str, out: Path) -> None:
    """The book with all papers accepted for print; .docx or .pdf by the ending of the file. What is left out is told."""
    by = Actor(ActorKind.SYSTEM, "flask report proceedings")
    if out.suffix.lower() not in (".docx", ".pdf"):
        raise click.ClickException(say("The file must end with .docx or .pdf."))
    seminar = _seminar(slug)
    try:
        build_id = worker.build_now(seminar, by)
    except Refused as refusal:
        db.session.rollback()
        raise click.ClickException(say(refusal.message)) from None
    with reading():
        made = db.session.get_one(Build, build_id)
        told = [queries.told(one) for one in made.problems]
        told += [
            f"{entry.title}: {say(N_('Left out:')) + ' ' if one['is_left_out'] else ''}{queries.told(one)}"
            for entry in made.entries
            for one in entry.problems
        ]
        digest = made.pdf_sha256 if out.suffix.lower() == ".pdf" else made.docx_sha256
        failure = say(made.failure) if made.failure else ""
    for line in told:
        click.echo(line, err=True)
    if not digest:
        raise click.ClickException(failure or say("The book was not made in this form; the reason stands above."))
    _write(out, files.read(digest))


@report.command("credentials")
@slug_option
@out_option
def credentials_report(slug: str, out: Path) -> None:
    """The summary of the delegates with all figures as they are now."""
    with reading():
        content = credentials.credentials_docx(_seminar(slug), current_app.config["SEMINAR"].base_url, now())
    _write(out, content)


@report.command("list")
@slug_option
@click.option("--shape", "name", required=True, help="Name of the list, ready-made or kept by the office.")
@out_option
def print_list(slug: str, name: str, out: Path) -> None:
    """A list in the office's shape; the ending of the file says whether .xlsx or .docx."""
    writers = {".xlsx": lists.list_workbook, ".docx": lists.list_docx}
    write = writers.get(out.suffix.lower())
    if write is None:
        raise click.ClickException(say("The file must end with .xlsx or .docx."))
    with reading():
        seminar = _seminar(slug)
        shapes = offered(seminar)
        found = next((one for one in shapes if name in (one.key, one.name)), None)
        if found is None:
            names = "; ".join(one.name for one in shapes)
            raise click.ClickException(
                say(Message("There is no list “%(name)s”; there are: %(names)s.", name=name, names=names))
            )
        people = entries(seminar, found.who, found.shape.columns)
        paper = lists.Paper.of(seminar, found.shape, now())
    try:
        content = write(paper, found.shape, people)
    except Refused as refusal:
        raise click.ClickException(say(refusal.message)) from None
    _write(out, content)
