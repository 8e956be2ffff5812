"""The ZIP itself: names that every Windows opens, in the order in which they are added, each with its sha256."""

import hashlib
import re
import zipfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from seminar.lib.clock import local
from seminar.lib.text import unaccented

PATH = re.compile(r"[A-Za-z0-9._-]+(?:/[A-Za-z0-9._-]+)*")
LONGEST_PATH = 120
"""Windows opens paths of less than 260 characters, the folder where it is unpacked counted in."""
PACKED = (".docx", ".xlsx", ".odt", ".pdf", ".zip", ".jpg", ".jpeg", ".png")
"""Kinds that do not get smaller."""
CHUNK_BYTES = 1 << 20
UTF_8 = 0x800
OWNER_ONLY = 0o600 << 16


@dataclass(frozen=True)
class Member:
    path: str
    sha256: str
    size_bytes: int

    @property
    def ending(self) -> str:
        return self.path.rpartition(".")[2].upper()


class _Info(zipfile.ZipInfo):
    """Says of every name that it is UTF-8, also of plain ones: some programs take others for the machine's own code page."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802 - of the library
        return self.filename.encode(), self.flag_bits | UTF_8


class Archive:
    """Members are written as they come and never read again."""

    def __init__(self, path: Path, now: datetime) -> None:
        path.touch(mode=0o600)
        self._zip = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, allowZip64=True)
        self._at = local(now).timetuple()[:6]
        self._names: set[str] = set()
        self.members: list[Member] = []

    def add(self, path: str, content: bytes) -> Member:
        info = self._info(path)
        with self._zip.open(info, "w") as out:
            out.write(content)
        return self._added(info.filename, hashlib.sha256(content).hexdigest(), len(content))

    def add_file(self, path: str, source: Path) -> Member:
        """Copied piece by piece."""
        info, digest, size = self._info(path), hashlib.sha256(), 0
        info.file_size = source.stat().st_size  # says whether it needs the form for more than 4 GB
        with source.open("rb") as file, self._zip.open(info, "w") as out:
            while piece := file.read(CHUNK_BYTES):
                digest.update(piece)
                size += len(piece)
                out.write(piece)
        return self._added(info.filename, digest.hexdigest(), size)

    def close(self) -> None:
        self._zip.close()

    def _info(self, path: str) -> zipfile.ZipInfo:
        if not PATH.fullmatch(path) or len(path) > LONGEST_PATH or path.casefold() in self._names:
            raise ValueError(f"no name for a member: {path!r}")
        self._names.add(path.casefold())
        info = _Info(path, self._at)
        info.compress_type = zipfile.ZIP_STORED if path.lower().endswith(PACKED) else zipfile.ZIP_DEFLATED
        info.external_attr = OWNER_ONLY
        return info

    def _added(self, path: str, sha256: str, size_bytes: int) -> Member:
        member = Member(path, sha256, size_bytes)
        self.members.append(member)
        return member


def word(text: str, most: int = 40) -> str:
    """The text as part of a name: "bai-tham-luan-so-1"; never empty."""
    plain = re.sub(r"[^a-z0-9]+", "-", unaccented(text).casefold()).strip("-")
    return plain[:most].strip("-") or "khong-ten"


def ending_of(filename: str) -> str:
    """ ".docx"; what is none is ".bin"."""
    found = re.search(r"\.[A-Za-z0-9]{1,8}$", filename)
    return found[0].lower() if found else ".bin"
