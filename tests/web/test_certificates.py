"""A certificate of our own for a hall without internet: made, installed from a page, trusted, and good for nothing else."""

import shutil
import socket
import ssl
import subprocess
import sys
import threading
from datetime import timedelta

import pytest

from seminar.audit.models import AuditEntry
from seminar.lib.certificates import authority_of, folder_of
from seminar.lib.clock import now
from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.lib.language import say
from seminar.operations import certificates
from seminar.operations.doctor import examine
from tests import cast

HOST, ADDRESS = "toadam.lan", "127.0.0.1"


@pytest.fixture
def data(app):
    folder = app.config["SEMINAR"].data
    yield folder
    shutil.rmtree(folder_of(folder), ignore_errors=True)


def made(data, host=HOST, addresses=(ADDRESS,)):
    return certificates.make(data, host, addresses, now())


def shake_hands(chain, key, trusted: str, name: str) -> str:
    """What a client that trusts the authority says to a TLS server with this certificate: "ok" or the reason."""
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(chain, key)
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _ = listening.accept()
        try:
            with server.wrap_socket(connection, server_side=True) as secured:
                secured.sendall(b"ok")
        except (ssl.SSLError, OSError):
            connection.close()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    client = ssl.create_default_context(cafile=trusted)
    client.verify_flags |= ssl.VERIFY_X509_STRICT
    try:
        with (
            socket.create_connection(listening.getsockname(), timeout=10) as plain,
            client.wrap_socket(plain, server_hostname=name) as secured,
        ):
            return secured.recv(2).decode()
    except ssl.SSLCertVerificationError as error:
        return error.verify_message
    finally:
        thread.join(10)
        listening.close()


@pytest.mark.parametrize(
    ("name", "says"),
    [(HOST, "ok"), (ADDRESS, "ok"), ("khac.lan", "Hostname mismatch"), ("127.0.0.2", "IP address mismatch")],
)
def test_a_client_that_trusts_the_authority_trusts_the_server_and_no_other_name(data, name, says):
    folder = made(data)
    told = shake_hands(folder / "server.pem", folder / "server.key", str(folder / "authority.pem"), name)
    assert told.startswith(says)


def test_a_client_that_does_not_know_the_authority_trusts_nobody(data, tmp_path):
    folder = made(data)
    other = certificates.make(tmp_path, HOST, [ADDRESS], now())
    told = shake_hands(folder / "server.pem", folder / "server.key", str(other / "authority.pem"), HOST)
    assert "certificate" in told
    assert told != "ok"


@pytest.mark.parametrize(
    ("host", "addresses", "name"),
    [
        ("nganhang.example", [], "nganhang.example"),  # another website
        (HOST, ["192.0.2.7"], "192.0.2.7"),  # another machine of the hall
        ("lan", [], "lan"),  # the domain above
    ],
)
def test_what_the_authority_signs_for_another_name_is_refused_by_the_constraint(tmp_path, host, addresses, name):
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    good, known = certificates.checked(HOST, [ADDRESS])
    signer = certificates.authority(good, known, now())
    certificate, key = certificates.server_certificate(signer, *certificates.checked(host, addresses), now())
    (tmp_path / "authority.pem").write_bytes(signer.certificate.public_bytes(Encoding.PEM))
    (tmp_path / "server.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
    (tmp_path / "server.key").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    told = shake_hands(tmp_path / "server.pem", tmp_path / "server.key", str(tmp_path / "authority.pem"), name)
    assert told == "permitted subtree violation"


def test_without_an_address_the_authority_vouches_for_none(tmp_path):
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    signer = certificates.authority(HOST, [], now())
    certificate, key = certificates.server_certificate(signer, *certificates.checked(HOST, [ADDRESS]), now())
    (tmp_path / "authority.pem").write_bytes(signer.certificate.public_bytes(Encoding.PEM))
    (tmp_path / "server.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
    (tmp_path / "server.key").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    told = shake_hands(tmp_path / "server.pem", tmp_path / "server.key", str(tmp_path / "authority.pem"), ADDRESS)
    assert told == "excluded subtree violation"


def test_the_key_of_the_authority_is_kept_nowhere_and_the_servers_is_its_owners(data):
    folder = made(data)
    assert sorted(path.name for path in folder.iterdir()) == ["about.txt", "authority.pem", "server.key", "server.pem"]
    assert (folder / "server.key").stat().st_mode & 0o777 == 0o600
    assert [b"PRIVATE" in path.read_bytes() for path in sorted(folder.iterdir())] == [False, False, True, False]


def test_it_lasts_as_long_as_phones_allow_and_began_before_a_slow_clock(data):
    from cryptography import x509

    folder = made(data)
    for name in ("authority.pem", "server.pem"):
        found = x509.load_pem_x509_certificate((folder / name).read_bytes())
        assert found.not_valid_before_utc < now() - timedelta(days=1)
        assert found.not_valid_after_utc > now() + timedelta(days=300)
        assert found.not_valid_after_utc - found.not_valid_before_utc < timedelta(days=400)


@pytest.mark.parametrize(
    "host", ["", "to a dam", "-x.lan", "https://toadam.lan", "192.168.1.10", "a" * 65, "tọađàm.lan"]
)
def test_what_is_no_name_is_refused(tmp_path, host):
    with pytest.raises(Refused):
        certificates.make(tmp_path, host, [], now())
    assert not folder_of(tmp_path).exists()


@pytest.mark.parametrize("address", ["", "192.168.1", "toadam.lan", "192.168.1.300"])
def test_what_is_no_address_is_refused(tmp_path, address):
    with pytest.raises(Refused):
        certificates.make(tmp_path, HOST, [address], now())


# --- from the console, and the page


def test_the_console_makes_it_once_and_anew_only_when_told(app, data, visitor):
    runner = app.test_cli_runner()
    command = ["certificates", "make", "--host", HOST, "--address", "192.168.1.10", "--address", "fd00::1"]
    outcome = runner.invoke(args=command)
    assert (outcome.exit_code, outcome.stdout.splitlines()[1]) == (0, authority_of(data).fingerprint)
    again = runner.invoke(args=command)
    assert (again.exit_code, "--anew" in again.output) == (1, True)
    with app.app_context():
        entry = db.session.scalars(db.select(AuditEntry).where(AuditEntry.noun == "certificate")).one()
        assert entry.summary == f"{HOST} 192.168.1.10 fd00::1"
    before = authority_of(data).fingerprint
    assert runner.invoke(args=[*command, "--anew"]).exit_code == 0
    assert authority_of(data).fingerprint != before
    assert runner.invoke(args=["certificates", "make", "--host", "?"]).exit_code == 1


def test_the_page_is_there_only_when_one_was_made(data, visitor, office):
    for path in ("/certificate", "/certificate/seminar.crt"):
        assert visitor.get(path).status_code == 404
    made(data)
    page = visitor.get("/certificate").text
    for said in (
        authority_of(data).fingerprint,
        authority_of(data).thumbprint,
        HOST,
        ADDRESS,
        "Android",
        "iPhone",
        "Windows",
    ):
        assert said in page
    answer = visitor.get("/certificate/seminar.crt")
    assert answer.headers["Content-Type"] == "application/x-x509-ca-cert"
    assert "seminar.crt" in answer.headers["Content-Disposition"]
    assert answer.data == authority_of(data).der
    assert visitor.post("/certificate").status_code == 405


def test_the_volunteers_sheet_has_its_steps_address_and_fingerprint_only_then(data, office):
    guide = f"/seminars/{cast.SLUG}/desks/guide"
    assert 'id="hall"' not in office.get(guide).text
    made(data)
    page = office.get(guide).text
    hall = page[page.index('id="hall"') :]
    for said in (authority_of(data).fingerprint, "/certificate;", "Wi-Fi"):
        assert said in hall
    assert "làm bước 0 ở mặt sau trước" in page


@pytest.mark.parametrize(
    ("days", "host", "state"),
    [(0, "localhost", "ok"), (0, HOST, "warning"), (380, "localhost", "warning"), (400, "localhost", "broken")],
)
def test_the_doctor_says_when_it_ends_and_whom_it_is_for(app, data, days, host, state):
    with app.app_context():
        assert [one for one in examine(app.config["SEMINAR"], now()) if one.topic == "certificate"] == []
        made(data, host)
        found = [
            one for one in examine(app.config["SEMINAR"], now() + timedelta(days=days)) if one.topic == "certificate"
        ]
        assert [one.state for one in found] == [state]
        assert host in say(found[0].text)


def test_no_request_loads_what_makes_certificates():
    code = "import seminar.factory, sys; print('cryptography' in sys.modules)"
    outcome = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert outcome.stdout.strip() == "False"
