"""`flask statistics export`: the province's table as a file, beside the running server."""

from pathlib import Path

import click
from flask.cli import AppGroup

from seminar.lib.clock import now
from seminar.lib.database import reading
from seminar.lib.errors import Message, Refused
from seminar.lib.language import say
from seminar.planning.queries import seminar_by_slug
from seminar.statistics.queries.tables import opened_periods, table_of

statistics = AppGroup("statistics", help="The units' statistics.")
commands = [statistics]
ENDINGS = (".xlsx", ".docx", ".pdf", ".csv")


@statistics.command("export")
@click.option("--seminar", "slug", required=True, help="Slug of the seminar.")
@click.option("--period", "name", default="", help="Name of the period; not needed where there is only one.")
@click.option(
    "--out", required=True, type=click.Path(dir_okay=False, writable=True, path_type=Path), help="File to write."
)
def export(slug: str, name: str, out: Path) -> None:
    """The province's table; the ending of the file says whether .xlsx, .docx, .pdf, or .csv with every cell."""
    from seminar.statistics.documents import consolidated, tables_book

    ending = out.suffix.lower()
    if ending not in ENDINGS:
        raise click.ClickException(say("The file must end with .xlsx, .docx, .pdf or .csv."))
    with reading():
        seminar = seminar_by_slug(slug)
        if seminar is None:
            raise click.ClickException(say("There is no such seminar; `flask seminars list` names them."))
        periods = opened_periods(seminar)
        found = [period for period in periods if name in ("", period.name)]
        if len(found) != 1:
            names = "; ".join(dict.fromkeys(period.name for period in periods)) or "–"
            raise click.ClickException(
                say(Message("Name one period with --period; there are: %(names)s.", names=names))
            )
        table = table_of(seminar, found[0])
        try:
            match ending:
                case ".xlsx":
                    content = tables_book.table_workbook(table, now())
                case ".docx":
                    content = consolidated.table_docx(seminar, table, now())
                case ".pdf":
                    content = consolidated.table_pdf(seminar, table, now())
                case _:
                    content = consolidated.table_csv(table)
        except Refused as refusal:
            raise click.ClickException(say(refusal.message)) from None
    try:
        out.write_bytes(content)
    except OSError as error:
        raise click.ClickException(f"{out}: {error.strerror}") from None
