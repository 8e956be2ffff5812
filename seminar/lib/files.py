"""Files kept under their sha256, never overwritten: uploads and issued documents."""

import hashlib
import os
from pathlib import Path

from flask import current_app


def folder() -> Path:
    return Path(current_app.config["SEMINAR"].data) / "files"


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def path_of(digest: str) -> Path:
    return folder() / digest[:2] / digest


def keep(content: bytes) -> str:
    """Stores the bytes durably and returns their sha256; storing the same bytes again changes nothing."""
    digest = sha256(content)
    target = path_of(digest)
    if target.exists():
        return digest
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = target.with_suffix(f".{os.getpid()}.{os.urandom(4).hex()}")
    with fresh.open("xb") as file:
        os.fchmod(file.fileno(), 0o600)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(target)
    directory = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
    return digest


def read(digest: str) -> bytes:
    return path_of(digest).read_bytes()
