"""Files kept under their sha256, never overwritten: uploads and issued documents.

A file kept together with the rows that name it is claimed until they are committed: rolled back, it goes again, and of a
process that was killed in between the next start asks whether a row names it. So no file stays that no row knows.
"""

import fcntl
import hashlib
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import JSON, String, Text, cast, event, select

from seminar.lib.database import db, reading

CLAIMS = "claims"
"""Key in the session's `info`, and folder beside the files: one empty file per claim, `<sha256>.<pid>.<random>`."""


def folder() -> Path:
    return Path(current_app.config["SEMINAR"].data) / "files"


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def path_of(digest: str) -> Path:
    return folder() / digest[:2] / digest


def keep(content: bytes, *, with_rows: bool = False) -> str:
    """Stores the bytes durably and returns their sha256; storing the same bytes again changes nothing.

    `with_rows`: a row of the session's transaction names it; if that is not committed, the file does not stay either.
    """
    digest = sha256(content)
    target = path_of(digest)
    with _locked():
        claims = _claims_of(digest)
        if target.exists() and not claims:
            return digest
        if with_rows:
            _claim(digest)
        else:
            _settle([digest])
    if not target.exists():
        _write(target, content)
    return digest


@contextmanager
def half() -> Iterator[Path]:
    """A place for a large file while it is being made: it goes with the block, or by `recover` where the process was
    killed, unless `keep_file` took it.
    """
    place = folder() / "00"
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = place / f"half.{os.getpid()}.{os.urandom(4).hex()}"
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)


def keep_file(source: Path, *, with_rows: bool = False) -> str:
    """As `keep`, of a file made in `half()`: it is moved, never held in memory."""
    with source.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        os.fchmod(file.fileno(), 0o600)
        os.fsync(file.fileno())
    target = path_of(digest)
    with _locked():
        claims = _claims_of(digest)
        if target.exists() and not claims:
            return digest
        if with_rows:
            _claim(digest)
        else:
            _settle([digest])
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        source.replace(target)
        _sync(target.parent)
    return digest


@contextmanager
def letting_go(digests: Sequence[str]) -> Iterator[None]:
    """Around the commit from which no row names these files: then they go, or at the next start if the process was
    killed in between. What some row still names stays.
    """
    with _locked():
        claims = [_touched(digest) for digest in digests]
    try:
        yield
    finally:
        with reading(), _locked():
            for claim, digest in zip(claims, digests, strict=True):
                claim.unlink(missing_ok=True)
                if not _claims_of(digest) and not _is_named(digest):
                    path_of(digest).unlink(missing_ok=True)


def read(digest: str) -> bytes:
    return path_of(digest).read_bytes()


def recover() -> int:
    """What processes that are no more left half done: files that no row names go. Says how many went."""
    gone = 0
    with reading(), _locked():
        for claim in list(_claims_folder().glob("*.*.*")):
            digest, pid = claim.name.split(".")[:2]
            if _lives(pid):
                continue
            claim.unlink(missing_ok=True)
            if not _claims_of(digest) and not _is_named(digest):
                gone += path_of(digest).exists()
                path_of(digest).unlink(missing_ok=True)
    for half in folder().glob("??/*.*.*"):
        if not _lives(half.name.split(".")[1]):
            half.unlink(missing_ok=True)
    return gone


def _write(target: Path, content: bytes) -> None:
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = target.with_suffix(f".{os.getpid()}.{os.urandom(4).hex()}")
    try:
        with fresh.open("xb") as file:
            os.fchmod(file.fileno(), 0o600)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(target)
    except BaseException:
        fresh.unlink(missing_ok=True)  # a full disk keeps no half of it
        raise
    _sync(target.parent)


def _sync(place: Path) -> None:
    directory = os.open(place, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def _claims_folder() -> Path:
    path = folder().parent / CLAIMS
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


@contextmanager
def _locked() -> Iterator[None]:
    """Claims are looked at and made by one at a time, among threads and processes of this machine."""
    lock = os.open(_claims_folder() / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        fcntl.flock(lock, fcntl.LOCK_UN)  # closing alone keeps it while a child that is being started has a copy
        os.close(lock)


def _claims_of(digest: str) -> list[Path]:
    return list(_claims_folder().glob(f"{digest}.*"))


def _claim(digest: str) -> None:
    db.session().info.setdefault(CLAIMS, []).append(_touched(digest))


def _touched(digest: str) -> Path:
    claim = _claims_folder() / f"{digest}.{os.getpid()}.{os.urandom(4).hex()}"
    claim.touch(mode=0o600)
    return claim


def _settle(digests: list[str]) -> None:
    """Whoever holds a claim on the file too loses it, and with it the right to take the file away."""
    for digest in digests:
        for claim in _claims_of(digest):
            claim.unlink(missing_ok=True)


@event.listens_for(db.session, "after_commit")
def _committed(session: Any) -> None:
    claims = session.info.pop(CLAIMS, [])
    if claims:
        with _locked():
            _settle([claim.name.split(".")[0] for claim in claims])


@event.listens_for(db.session, "after_transaction_end")
def _ended(session: Any, transaction: Any) -> None:
    """Claims that are still there when the outermost transaction ends were not committed."""
    if transaction.parent is not None:
        return
    claims = session.info.pop(CLAIMS, [])
    if not claims:
        return
    with _locked():
        for claim in claims:
            if not claim.exists():
                continue
            claim.unlink()
            digest = claim.name.split(".")[0]
            if not _claims_of(digest):
                path_of(digest).unlink(missing_ok=True)


def _lives(pid: str) -> bool:
    if not pid.isdecimal():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except OverflowError:
        return False
    except PermissionError:
        return True
    return True


def _is_named(digest: str) -> bool:
    """Whether any column that could hold it does: its own, a text, or inside JSON."""
    for table in db.metadata.tables.values():
        for column in table.columns:
            kind = column.type
            if isinstance(kind, JSON | Text) or isinstance(kind, String) and (kind.length or 64) >= 64:
                query = select(1).select_from(table).where(cast(column, Text).contains(digest)).limit(1)
                if db.session.execute(query).first() is not None:
                    return True
    return False
