"""`flask delegates import|export`: lists in and out beside the running server; operations adds `clear`."""

import json
from codecs import BOM_UTF8
from pathlib import Path

import click
from flask.cli import AppGroup

from seminar.access.actor import command_line
from seminar.delegates import actions, documents, importing, queries
from seminar.delegates.columns import LABELS
from seminar.delegates.importing.options import CAPITALS, ENCODINGS
from seminar.delegates.rules import VERDICT_LABELS, Judged, ListRow, Verdict
from seminar.lib.clock import now
from seminar.lib.database import db, reading
from seminar.lib.errors import Message, Refused
from seminar.lib.files import sha256
from seminar.lib.language import say
from seminar.planning import queries as plans
from seminar.planning.models import Seminar

delegates = AppGroup("delegates", help="Lists of delegates.")
commands = [delegates]


def _stop(msgid: str, **values: object) -> click.ClickException:
    return click.ClickException(say(Message(msgid, **values)))


def _seminar(slug: str) -> Seminar:
    seminar = plans.seminar_by_slug(slug)
    if seminar is None:
        raise _stop("There is no seminar “%(slug)s”; `flask seminars list` shows them.", slug=slug)
    return seminar


@delegates.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--seminar", "slug", required=True, help="Short name of the seminar.")
@click.option("--group", "code", default="", help="Code of the group of rows that name none.")
@click.option("--dry-run", is_flag=True, help="Only say what each row means; store nothing.")
@click.option("--valid-rows", is_flag=True, help="Store the good rows and list the others on standard error.")
@click.option("--encoding", type=click.Choice(ENCODINGS), help="What is done with text in old fonts; else it is wrong.")
@click.option("--capitals", type=click.Choice(CAPITALS), help="Whether NGUYEN VAN AN becomes Nguyen Van An.")
@click.option("--no-headings", is_flag=True, help="Accept columns that are guessed, where the list has no headings.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
def import_list(
    file: Path,
    slug: str,
    code: str,
    dry_run: bool,
    valid_rows: bool,
    encoding: str | None,
    capitals: str | None,
    no_headings: bool,
    form: str,
) -> None:
    """Read a list of delegates (.xlsx, .xls, .csv). A wrong row stops it, and then nothing is stored.

    What was chosen on the page for this file or these rows holds here too, but for what the options say.
    """
    if dry_run and valid_rows:
        raise click.UsageError("--dry-run and --valid-rows exclude each other.")
    with reading():
        seminar = _seminar(slug)
        groups, units = queries.group_names(seminar), queries.unit_names(seminar)
        content = file.read_bytes()
        before = queries.last_reading(seminar, sha256(content))
        decided = queries.decided_before(seminar)
    options = dict(before)
    options |= {name: value for name, value in (("encoding", encoding), ("capitals", capitals)) if value}
    if code and code not in {group.code for group in groups}:
        raise _stop(
            "There is no group “%(code)s”; there are: %(codes)s.",
            code=code,
            codes=", ".join(group.code for group in groups),
        )
    try:
        read = importing.unpack(importing.read_list(content, groups, units, options))
    except Refused as refusal:
        raise click.ClickException(say(refusal.message)) from None
    kept = queries.choices_for(read.rows, decided)
    if before or kept:
        click.echo(say(Message("What was chosen on the page for this file or these rows is applied.")), err=True)
    choices = queries.choices_of(kept)
    guessed = [sheet for sheet in read.sheets if sheet.is_guessed]
    if guessed and not no_headings and not options.get("sheets"):
        raise _stop(
            "The list has no row of headings. Guessed are: %(columns)s. Accept this with --no-headings, or name the columns in one row.",
            columns=_columns(guessed[0]),
        )
    with reading():
        judged = actions.judged_rows(_seminar(slug), read.rows, code, choices)
    wrong = [(row, one) for row, one in zip(read.rows, judged, strict=True) if one.verdict == Verdict.ERROR]
    if not dry_run and (valid_rows or not wrong):
        # Judged anew with the write lock held: what is reported is what was done.
        seminar = _seminar(slug)
        judged = actions.store_rows(seminar, read.rows, code, file.name, command_line(), now(), choices).judged
        db.session.commit()
        wrong = [(row, one) for row, one in zip(read.rows, judged, strict=True) if one.verdict == Verdict.ERROR]
    _print(read, judged, form)
    for row, one in zip(read.rows, judged, strict=True):
        if one.verdict in TOLD:
            click.echo(_sentence(read, row, one), err=True)
    if read.old_text and not options.get("encoding"):
        click.echo(
            say(
                Message(
                    "Rows in an old font are not stored: convert them with --encoding convert, or keep them as typed with --encoding leave."
                )
            ),
            err=True,
        )
    if wrong and not valid_rows:
        raise _stop(
            "%(count)s rows are wrong and nothing was stored. Mend them, or store the others with --valid-rows.",
            count=len(wrong),
        )


TOLD = (Verdict.ERROR, Verdict.DIFFERS, Verdict.ALIKE)
"""What is said row by row: what is wrong, and whose details are kept though the list says them otherwise."""


def _columns(sheet: importing.SheetRead) -> str:
    return ", ".join(f"{letter} = {say(Message(LABELS[name]))}" for letter, _heading, name in sheet.columns if name)


def _sentence(read: importing.ListRead, row: ListRow, one: Judged) -> str:
    what = " ".join(say(message) for message in one.messages)
    name = read.sheets[row.sheet].name
    if len(read.sheets) > 1 and name:
        return say(Message("Sheet “%(sheet)s”, row %(row)s: %(what)s", sheet=name, row=row.row, what=what))
    return say(Message("Row %(row)s: %(what)s", row=row.row, what=what))


def _print(read: importing.ListRead, judged: list[Judged], form: str) -> None:
    if form == "json":
        rows = [
            {
                "sheet": read.sheets[row.sheet].name,
                "row": row.row,
                "verdict": one.verdict.value,
                "name": row.delegate.name if row.delegate else "",
                "groups": list(one.groups) or [code for code in (row.group, *row.further) if code],
                "messages": [say(message) for message in one.messages],
            }
            for row, one in zip(read.rows, judged, strict=True)
        ]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for verdict in Verdict:
        count = sum(one.verdict == verdict for one in judged)
        if count:
            click.echo(f"{count}\t{say(VERDICT_LABELS[verdict])}")


@delegates.command("export")
@click.option("--seminar", "slug", required=True, help="Short name of the seminar.")
@click.option("--format", "form", type=click.Choice(["csv", "xlsx"]), required=True)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="File to write; else standard output.")
def export_list(slug: str, form: str, out: Path | None) -> None:
    """Write the list of delegates, in the order of their numbers."""
    with reading():
        everyone = queries.everyone(_seminar(slug))
        content = documents.list_csv(everyone) if form == "csv" else documents.list_workbook(everyone)
    if out is None:
        click.echo(content.removeprefix(BOM_UTF8), nl=False)  # programs read it from here, Excel reads files
        return
    try:
        out.write_bytes(content)
    except OSError as error:
        raise _stop("%(file)s could not be written: %(why)s", file=str(out), why=error.strerror) from None
