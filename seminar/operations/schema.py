"""Whether the database stands where the code expects it (migrations/)."""

from pathlib import Path

from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from seminar.lib.database import db, reading
from seminar.lib.errors import Refused
from seminar.lib.settings import HOUSE

FOLDER = HOUSE / "migrations"


def script_folder(folder: Path = FOLDER) -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    return ScriptDirectory.from_config(config)


def wanted() -> str:
    """The newest revision that the code knows."""
    return script_folder().get_current_head() or ""


def present() -> str:
    """The revision of the database; empty for a database without tables."""
    with reading(), db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() or ""


def check() -> None:
    """Refuses a database that is behind the code, or ahead of it."""
    have, want = present(), wanted()
    if have == want:
        return
    if have and have not in {revision.revision for revision in script_folder().walk_revisions()}:
        raise Refused(
            "The database is newer than this program (revision %(have)s): start the program that wrote it, or restore a backup.",
            have=have,
        )
    raise Refused(
        "The database is not up to date (it has %(have)s, the program needs %(want)s): make a backup, then run `flask --app app db upgrade`.",
        have=have or "-",
        want=want or "-",
    )
