"""A certificate for a hall without internet: an authority that may vouch for one server only, and that server's own.

Browsers give camera and service worker only to a trusted certificate (recipes.md, "Secure context"). Devices install the
authority; so that this gives nobody power over their other connections, it is constrained to the names of this server
(RFC 5280, 4.2.1.10), and its key is thrown away as soon as it has signed.
"""

import ipaddress
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from seminar.lib import certificates
from seminar.lib.errors import Refused

if TYPE_CHECKING:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

HOST = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))*", re.ASCII)
LASTS = timedelta(days=397)
"""iPhones trust no server's certificate that lasts longer than 398 days."""
BEFORE = timedelta(days=2)
"""A device whose clock is behind still finds it valid."""
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True)
class Signer:
    """An authority while it still has its key."""

    certificate: "x509.Certificate"
    key: "EllipticCurvePrivateKey"


def checked(host: str, addresses: Sequence[str]) -> tuple[str, list[Address]]:
    """(host, addresses); refuses what is no name of a machine or no address of one."""
    name = host.strip().lower().rstrip(".")
    if len(name) > 64 or not HOST.fullmatch(name) or re.fullmatch(r"[\d.]+", name):
        raise Refused("“%(host)s” is no name of a machine: take for example toadam.lan", host=host)
    found: list[Address] = []
    for text in addresses:
        try:
            found.append(ipaddress.ip_address(text.strip()))
        except ValueError:
            raise Refused(
                "“%(address)s” is no address of a machine: take for example 192.168.1.10", address=text
            ) from None
    return name, found


def make(data: Path, host: str, addresses: Sequence[str], now: datetime, *, anew: bool = False) -> Path:
    """Makes authority and server certificate in the data folder; the folder they lie in.

    Refused where there are some already and `anew` is not said: devices that trust the old authority would not trust the
    new one.
    """
    name, found = checked(host, addresses)
    folder = certificates.folder_of(data)
    if (folder / certificates.AUTHORITY).exists() and not anew:
        raise Refused(
            "There is a certificate in %(folder)s already, and devices may trust it. With --anew a new one takes its place, and every device installs it again.",
            folder=str(folder),
        )
    try:
        signer = authority(name, found, now)
        certificate, key = server_certificate(signer, name, found, now)
    except ModuleNotFoundError:
        raise Refused("The package “cryptography” is not installed: run make run once, it installs it.") from None
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    _write(folder / certificates.KEY, private, 0o600)
    chain = certificate.public_bytes(Encoding.PEM) + signer.certificate.public_bytes(Encoding.PEM)
    _write(folder / certificates.SERVER, chain, 0o644)
    _write(folder / certificates.ABOUT, "\n".join([name, *map(str, found)]).encode() + b"\n", 0o644)
    _write(folder / certificates.AUTHORITY, signer.certificate.public_bytes(Encoding.PEM), 0o644)
    return folder


def ends_at(data: Path) -> datetime | None:
    """When the server's certificate stops being valid; None where there is none."""
    path = certificates.folder_of(data) / certificates.SERVER
    if not path.exists():
        return None
    from cryptography import x509

    return x509.load_pem_x509_certificate(path.read_bytes()).not_valid_after_utc


def _write(path: Path, content: bytes, mode: int) -> None:
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(content)
    fresh.replace(path)


def _names(host: str, addresses: Sequence[Address]) -> "list[x509.GeneralName]":
    from cryptography import x509

    return [x509.DNSName(host), *(x509.IPAddress(one) for one in addresses)]


def authority(host: str, addresses: Sequence[Address], now: datetime) -> Signer:
    """May sign for this name and these addresses, and for nothing else: no address at all where none is given."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Seminar"),
            x509.NameAttribute(NameOID.COMMON_NAME, f"Seminar {host}"[:64]),
        ]
    )
    permitted: list[x509.GeneralName] = [x509.DNSName(host)]
    permitted += [x509.IPAddress(ipaddress.ip_network(one)) for one in addresses]
    everything = [ipaddress.ip_network("0.0.0.0/0"), ipaddress.ip_network("::/0")]
    excluded = None if addresses else [x509.IPAddress(one) for one in everything]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - BEFORE)
        .not_valid_after(now + LASTS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.NameConstraints(permitted, excluded), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return Signer(certificate, key)


def _usage(*, signs_certificates: bool) -> "x509.KeyUsage":
    from cryptography import x509

    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def server_certificate(
    signer: Signer, host: str, addresses: Sequence[Address], now: datetime
) -> "tuple[x509.Certificate, EllipticCurvePrivateKey]":
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    issuer_key = signer.certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    certificate = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)]))
        .issuer_name(signer.certificate.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - BEFORE)
        .not_valid_after(now + LASTS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(_names(host, addresses)), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(issuer_key), critical=False)
        .sign(signer.key, hashes.SHA256())
    )
    return certificate, key
