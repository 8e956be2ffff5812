"""Backups: one zip of the database as it stood at one moment, the files, and a manifest that proves both.

The database comes first and the files after it: files are kept under their sha256 and never change, so every file that
the database knows is there; but for packed dossiers, which hold all of it a second time and are packed anew. A restore
goes only into an empty folder: a stale `-wal` beside the database would be replayed silently.
"""

import hashlib
import json
import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from seminar.lib.errors import Refused
from seminar.lib.settings import Settings, demo_file
from seminar.operations import snapshots
from seminar.operations.serve import lock_folder
from seminar.operations.snapshots import database_file, is_sqlite

FORMAT = 1
MANIFEST = "manifest.json"
SQLITE_MEMBER = "database.db"
POSTGRESQL_MEMBER = "database.dump"
DEMO_MEMBER = "demo.json"
MADE_BY_STARTING = {"write.lock", "serve.lock", DEMO_MEMBER}
"""What the command itself puts into an empty folder, in the demo its keys too: those of the backup take their place."""
CHUNK_BYTES = 1024 * 1024


@dataclass(frozen=True)
class Contents:
    """What a backup holds, for the person who asked."""

    made_at: str
    engine: str
    row_count: int
    file_count: int


def _sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def create(settings: Settings, folder: Path, revision: str, now: datetime) -> Path:
    """Writes one backup into the folder and returns its path; the server may run meanwhile."""
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"seminar-{now:%Y%m%dT%H%M%S%fZ}.zip"
    member = SQLITE_MEMBER if is_sqlite(settings) else POSTGRESQL_MEMBER
    with tempfile.TemporaryDirectory(prefix=".backup-", dir=folder) as work:
        copy = Path(work) / member
        copied = (
            snapshots.copy_sqlite(settings, copy) if is_sqlite(settings) else snapshots.copy_postgresql(settings, copy)
        )
        fresh = Path(work) / "backup.zip"
        manifest = {
            "format": FORMAT,
            "made_at": now.isoformat(),
            "engine": "sqlite" if is_sqlite(settings) else "postgresql",
            "revision": revision,
            "database": {"member": member, "sha256": _sha256_of(copy)},
            "rows": copied.rows,
            "files": [],
        }
        with zipfile.ZipFile(fresh, "x", zipfile.ZIP_DEFLATED, compresslevel=3) as out:
            out.write(copy, member)
            for path in sorted((settings.data / "files").glob("??/" + "?" * 64)):
                if (
                    path.name not in copied.remade and path.exists()
                ):  # the file of an older dossier may have made room meanwhile
                    out.write(path, f"files/{path.name}", zipfile.ZIP_STORED)
                    manifest["files"].append(path.name)  # type: ignore[attr-defined]
            if demo_file(settings.data).exists():
                out.write(demo_file(settings.data), DEMO_MEMBER)
            out.writestr(MANIFEST, json.dumps(manifest, indent=1))
        fresh.chmod(0o600)
        _sync(fresh)
        fresh.rename(target)
    _sync(folder)
    return target


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _broken(file: Path, reason: str) -> Refused:
    return Refused(
        "%(file)s is not a whole backup (%(reason)s): use another one.",
        file=file.name,
        reason=reason,
    )


@contextmanager
def _opened(file: Path) -> Iterator[tuple[zipfile.ZipFile, dict[str, Any]]]:
    if not file.is_file():
        raise Refused("There is no file %(file)s.", file=str(file))
    try:
        with zipfile.ZipFile(file) as archive:
            manifest = json.loads(archive.read(MANIFEST))
            if manifest["format"] != FORMAT:
                raise _broken(file, f"format {manifest['format']}")
            yield archive, manifest
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, OSError, KeyError, TypeError, ValueError) as error:
        raise _broken(file, str(error) or type(error).__name__) from None


def _extract(file: Path, archive: zipfile.ZipFile, member: str, target: Path, sha256: str) -> None:
    """Writes one member and refuses it where its bytes are not those of the manifest."""
    digest = hashlib.sha256()
    with archive.open(member) as source, target.open("xb") as out:
        os.fchmod(out.fileno(), 0o600)
        while chunk := source.read(CHUNK_BYTES):
            digest.update(chunk)
            out.write(chunk)
        out.flush()
        os.fsync(out.fileno())
    if digest.hexdigest() != sha256:
        raise _broken(file, f"{member}: sha256")


def _unpack(file: Path, folder: Path) -> dict[str, Any]:
    """Checks everything that the manifest claims while unpacking into the empty folder; returns the manifest."""
    with _opened(file) as (archive, manifest):
        database = manifest["database"]
        if database["member"] not in (SQLITE_MEMBER, POSTGRESQL_MEMBER):
            raise _broken(file, database["member"])
        _extract(file, archive, database["member"], folder / database["member"], database["sha256"])
        for name in manifest["files"]:
            if len(name) != 64 or not set(name) <= set("0123456789abcdef"):
                raise _broken(file, "file name")
            target = folder / "files" / name[:2] / name
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            _extract(file, archive, f"files/{name}", target, name)
        if DEMO_MEMBER in archive.namelist():
            (folder / DEMO_MEMBER).touch(mode=0o600)
            (folder / DEMO_MEMBER).write_bytes(archive.read(DEMO_MEMBER))
    copy = folder / database["member"]
    is_sqlite_copy = manifest["engine"] == "sqlite"
    fault = snapshots.sqlite_fault(copy, manifest["rows"]) if is_sqlite_copy else snapshots.postgresql_fault(copy)
    if fault:
        raise _broken(file, fault)
    return manifest


def _contents(manifest: dict[str, Any]) -> Contents:
    return Contents(manifest["made_at"], manifest["engine"], sum(manifest["rows"].values()), len(manifest["files"]))


def verify(file: Path) -> Contents:
    """Unpacks the backup into a throw-away folder and checks every byte and every row count; refuses a bad one."""
    with tempfile.TemporaryDirectory(prefix="seminar-verify-") as folder:
        manifest = _unpack(file, Path(folder))
    return _contents(manifest)


def restore(file: Path, settings: Settings) -> Contents:
    """Puts the backup into the empty data folder (and the empty PostgreSQL); refuses where anything is there already."""
    data = settings.data
    with lock_folder(data):
        if any(entry.name not in MADE_BY_STARTING for entry in data.iterdir()):
            raise Refused(
                "The data folder %(folder)s is not empty: restore only into an empty one (set SEMINAR_DATA to a new folder).",
                folder=str(data),
            )
        work = Path(tempfile.mkdtemp(prefix=".restore-", dir=data))
        try:
            manifest = _unpack(file, work)
            if (manifest["engine"] == "sqlite") != is_sqlite(settings):
                raise Refused(
                    "The backup is of %(engine)s, but SEMINAR_DATABASE_URL names another kind of database.",
                    engine=manifest["engine"],
                )
            if manifest["engine"] == "postgresql":
                snapshots.fill_postgresql(settings, work / POSTGRESQL_MEMBER, manifest["rows"])
                (work / POSTGRESQL_MEMBER).unlink()
            for name in ("files", DEMO_MEMBER):
                if (work / name).exists():
                    (work / name).rename(data / name)
            if manifest["engine"] == "sqlite":
                target = database_file(settings)
                target.parent.mkdir(parents=True, exist_ok=True)
                if target.exists():
                    raise Refused("There is a database already: %(file)s.", file=str(target))
                shutil.move(work / SQLITE_MEMBER, target)
            _sync(data)
        finally:
            shutil.rmtree(work, ignore_errors=True)
    return _contents(manifest)
