"""The certificate of a server in a hall without internet: where its files lie, and what devices install to trust it."""

import hashlib
import ssl
from dataclasses import dataclass
from pathlib import Path

FOLDER = "certificates"
AUTHORITY, SERVER, KEY, ABOUT = "authority.pem", "server.pem", "server.key", "about.txt"


@dataclass(frozen=True)
class Authority:
    """What devices install: its bytes in DER, and the fingerprint to compare by eye."""

    der: bytes

    @property
    def fingerprint(self) -> str:
        """SHA-256 in pairs, as phones show it."""
        return hashlib.sha256(self.der).digest().hex(":").upper()

    @property
    def thumbprint(self) -> str:
        """SHA-1, the only one that the window of Windows shows; for the eye, nothing relies on it."""
        return hashlib.sha1(self.der, usedforsecurity=False).digest().hex(":").upper()


def folder_of(data: Path) -> Path:
    return data / FOLDER


def authority_of(data: Path) -> Authority | None:
    """None where no certificate was made."""
    try:
        text = (folder_of(data) / AUTHORITY).read_text(encoding="ascii")
    except OSError:
        return None
    return Authority(ssl.PEM_cert_to_DER_cert(text))


def names_of(data: Path) -> list[str]:
    """The name and the addresses the server's certificate is for."""
    try:
        return (folder_of(data) / ABOUT).read_text(encoding="utf-8").split()
    except OSError:
        return []
