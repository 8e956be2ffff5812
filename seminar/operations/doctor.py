"""Looks at configuration, database, mail, disk, clock, assets and fonts: what is wrong and how to mend it.

Each check answers with findings; one that is well says so too, so that the office can read what was looked at.
"""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from seminar.audit.models import AuditEntry
from seminar.documents import pdf
from seminar.lib.certificates import names_of
from seminar.lib.clock import short_date
from seminar.lib.database import db, reading, sqlite_is_fixed
from seminar.lib.errors import Message, Refused
from seminar.lib.settings import HOUSE, Settings
from seminar.mail import transport
from seminar.mail.models import MailStatus
from seminar.mail.queries import totals
from seminar.operations import certificates, schema
from seminar.papers import converting

WELL, WARNING, BROKEN = "ok", "warning", "broken"
SCARCE_BYTES = 2 * 1024**3
TOO_LITTLE_BYTES = 200 * 1024**2
SKEW = timedelta(minutes=1)
MAIL_SECONDS = 8.0
OFFICE = ("libreoffice-writer-nogui", "libreoffice-math-nogui")
CERTIFICATE_NEARS_END = timedelta(days=30)


@dataclass(frozen=True)
class Finding:
    """`topic` is one word; `mend` is empty where nothing is to be done."""

    topic: str
    state: str
    text: Message
    mend: Message | None = None


def examine(settings: Settings, now: datetime) -> list[Finding]:
    """All findings; a check that itself breaks is a finding too."""
    checks: tuple[Callable[[Settings, datetime], Iterator[Finding]], ...] = (
        configuration,
        folder,
        disk,
        database,
        mail,
        clock,
        certificate,
        assets,
        fonts,
        papers,
    )
    found: list[Finding] = []
    for check in checks:
        try:
            with reading():
                found.extend(check(settings, now))
        except (SQLAlchemyError, OSError) as error:
            reason = str(error).splitlines()[0][:300]
            found.append(Finding(check.__name__, BROKEN, Message("could not be looked at: %(reason)s", reason=reason)))
    return found


def configuration(settings: Settings, now: datetime) -> Iterator[Finding]:
    for problem in settings.problems:
        yield Finding("configuration", BROKEN, problem)
    if not settings.problems:
        kind = Message("production") if settings.is_production else Message("not production")
        if settings.is_demo:
            kind = Message("the demo")
        yield Finding("configuration", WELL, Message("%(kind)s, at %(address)s", kind=kind, address=settings.base_url))


def folder(settings: Settings, now: datetime) -> Iterator[Finding]:
    if not os.access(settings.data, os.R_OK | os.W_OK | os.X_OK):
        yield Finding(
            "folder",
            BROKEN,
            Message("%(folder)s cannot be read and written by this user.", folder=str(settings.data)),
            Message("Give the folder to the user who runs the server: chown -R USER %(folder)s", folder=settings.data),
        )
    elif settings.data.stat().st_mode & 0o077:
        yield Finding(
            "folder",
            WARNING,
            Message("%(folder)s can be read by others on this machine.", folder=str(settings.data)),
            Message("Close it: chmod 700 %(folder)s", folder=settings.data),
        )
    else:
        yield Finding("folder", WELL, Message("%(folder)s is ours alone", folder=str(settings.data)))


def disk(settings: Settings, now: datetime) -> Iterator[Finding]:
    free = shutil.disk_usage(settings.data).free
    said = Message("%(free)s MB free in %(folder)s", free=free // 1024**2, folder=str(settings.data))
    more = Message("Make room, or move the data folder to a larger disk (SEMINAR_DATA).")
    if free < TOO_LITTLE_BYTES:
        yield Finding("disk", BROKEN, said, more)
    else:
        yield Finding("disk", WARNING if free < SCARCE_BYTES else WELL, said, more if free < SCARCE_BYTES else None)


def database(settings: Settings, now: datetime) -> Iterator[Finding]:
    engine = db.engine
    if engine.dialect.name == "sqlite":
        version = tuple(engine.dialect.dbapi.sqlite_version_info)  # type: ignore[union-attr]
        shown = ".".join(map(str, version))
        if sqlite_is_fixed(version):
            yield Finding("database", WELL, Message("SQLite %(version)s", version=shown))
        else:
            yield Finding(
                "database",
                WARNING,
                Message(
                    "SQLite %(version)s can damage a database in WAL mode; the slower safe mode is used.", version=shown
                ),
                Message("Install the package pysqlite3 of requirements.txt again: remove .venv, then `make run`."),
            )
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            outcome = connection.exec_driver_sql("PRAGMA quick_check(3)").scalar()
            if outcome != "ok":
                yield Finding(
                    "database",
                    BROKEN,
                    Message("The database file is damaged: %(reason)s", reason=str(outcome)),
                    Message("Stop the server, keep the folder as it is, and restore the last backup into a new one."),
                )
        else:
            shown = str(connection.exec_driver_sql("SHOW server_version").scalar())
            yield Finding("database", WELL, Message("PostgreSQL %(version)s", version=shown))
    try:
        schema.check()
    except Refused as refusal:
        yield Finding("database", BROKEN, refusal.message)
    else:
        yield Finding("database", WELL, Message("tables are up to date (%(revision)s)", revision=schema.wanted()))


def mail(settings: Settings, now: datetime) -> Iterator[Finding]:
    if not settings.mail_server:
        yield Finding(
            "mail",
            WARNING,
            Message("No mail server is configured: messages stay held in the outbox."),
            Message("Set SEMINAR_MAIL_SERVER, and port, security, user and password as the provider says."),
        )
    else:
        where = f"{settings.mail_server}:{settings.mail_port}"
        connection = transport.Connection(settings, MAIL_SECONDS)
        try:
            connection.open()
            yield Finding("mail", WELL, Message("%(server)s answers", server=where))
        except transport.NotSent as error:
            yield Finding(
                "mail",
                BROKEN,
                Message("%(server)s does not take our mail: %(reason)s", server=where, reason=str(error)),
                Message(
                    "Check name, port, security, user and password with the provider; nothing in the outbox is lost."
                ),
            )
        finally:
            connection.__exit__()
    failed = totals().get(MailStatus.FAILED, 0)
    if failed:
        yield Finding(
            "mail",
            WARNING,
            Message("%(count)s messages could not be delivered.", count=failed),
            Message("Open the outbox: each says why."),
        )


def clock(settings: Settings, now: datetime) -> Iterator[Finding]:
    last = db.session.scalar(select(func.max(AuditEntry.at)))
    set_it = Message("Set the clock and let it follow the network: timedatectl set-ntp true")
    if last and last > now + SKEW:
        yield Finding(
            "clock",
            BROKEN,
            Message(
                "The clock is behind: the last record is of %(moment)s.", moment=last.isoformat(timespec="seconds")
            ),
            set_it,
        )
    elif _follows_network() is False:
        yield Finding("clock", WARNING, Message("The clock does not follow the network."), set_it)
    else:
        yield Finding("clock", WELL, Message("%(moment)s", moment=now.isoformat(timespec="seconds")))


def _follows_network() -> bool | None:
    """None where this machine cannot say."""
    program = shutil.which("timedatectl")
    if program is None:
        return None
    outcome = subprocess.run(
        [program, "show", "-p", "NTPSynchronized", "--value"], capture_output=True, text=True, check=False, timeout=5
    )
    return {"yes": True, "no": False}.get(outcome.stdout.strip())


def certificate(settings: Settings, now: datetime) -> Iterator[Finding]:
    """Nothing to say where the server has none of its own."""
    ends_at = certificates.ends_at(settings.data)
    if ends_at is None:
        return
    names = names_of(settings.data)
    host = urlsplit(settings.base_url).hostname or ""
    again = Message("Make another: flask --app app certificates make --host %(host)s --anew", host=host)
    said = Message(
        "the server's own, for %(names)s, until %(day)s", names=", ".join(names), day=short_date(ends_at.date())
    )
    if ends_at < now + CERTIFICATE_NEARS_END:
        yield Finding("certificate", BROKEN if ends_at < now else WARNING, said, again)
    elif host not in names:
        yield Finding("certificate", WARNING, said, again)
    else:
        yield Finding("certificate", WELL, said)


def missing_assets(house: Path = HOUSE) -> list[str]:
    lock = house / "tools" / "assets.sha256"
    wanted = [line.split()[1] for line in lock.read_text().splitlines()] if lock.exists() else []
    return [name for name in [*wanted, "icons.svg"] if not (house / "static" / "vendor" / name).exists()]


def assets(settings: Settings, now: datetime) -> Iterator[Finding]:
    missing = missing_assets()
    if missing:
        yield Finding(
            "assets",
            WARNING,
            Message("Missing in static/vendor: %(names)s. Pages work plainly without them.", names=", ".join(missing)),
            Message("Fetch them where there is internet: .venv/bin/python tools/assets.py"),
        )
    else:
        yield Finding("assets", WELL, Message("scripts, fonts and icons are there"))


def fonts(settings: Settings, now: datetime) -> Iterator[Finding]:
    if "Tinos" in pdf.families():
        yield Finding("fonts", WELL, Message("documents print in Tinos (the measures of Times New Roman)"))
    else:
        yield Finding(
            "fonts",
            WARNING,
            Message("The office's font is missing: documents print in another one."),
            Message("Fetch them where there is internet: .venv/bin/python tools/assets.py"),
        )


def papers(settings: Settings, now: datetime) -> Iterator[Finding]:
    """With LibreOffice, and with its part for equations, papers in Word come into the PDF book."""
    mend = Message("Install them: apt-get install --no-install-recommends %(packages)s", packages=" ".join(OFFICE))
    if converting.program() is None:
        text = Message("There is no LibreOffice: .doc and .odt are refused, and papers in Word need a PDF beside them.")
        yield Finding("papers", WARNING, text, mend)
    elif not converting.draws_equations():
        text = Message(
            "%(program)s draws no equations: they are missing in the PDF book.", program=converting.version()
        )
        yield Finding("papers", WARNING, text, mend)
    else:
        text = Message("%(program)s makes PDFs of papers in Word", program=converting.version())
        yield Finding("papers", WELL, text)
