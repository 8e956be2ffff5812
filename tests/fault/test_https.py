"""The server over https with the certificate that it made itself, as a hall without internet has it."""

import ssl
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.servers import FLASK, HOUSE, Server


class Secured(Server):
    """The same, over https; a client that trusts the authority alone."""

    def make(self, host: str) -> None:
        outcome = self.command("certificates", "make", "--host", host, "--address", "127.0.0.1")
        assert outcome.returncode == 0, outcome.stderr
        self.trusted = ssl.create_default_context(cafile=str(self.data / "certificates" / "authority.pem"))

    def start(self, within: float = 30) -> None:
        self.process = subprocess.Popen(
            [*FLASK, "serve", "--port", str(self.port), "--https"],
            cwd=HOUSE,
            env=self.env,
            stdout=(self.data / "serve.log").open("ab"),
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        until = time.monotonic() + within
        while time.monotonic() < until:
            assert self.process.poll() is None, (self.data / "serve.log").read_text()
            if self.answers():
                return
            time.sleep(0.05)
        raise AssertionError((self.data / "serve.log").read_text())

    def answers(self, seconds: float = 2) -> bool:
        try:
            return self.get("/healthz").status == 200
        except OSError:
            return False

    def get(self, path: str, context: ssl.SSLContext | None = None):
        address = f"https://127.0.0.1:{self.port}{path}"
        return urllib.request.urlopen(address, timeout=5, context=context or self.trusted)


def test_the_server_speaks_https_with_its_own_certificate(tmp_path: Path):
    server = Secured(tmp_path / "data")
    server.prepare()
    refused = server.command("serve", "--port", str(server.port), "--https")
    assert (refused.returncode, "certificates make" in refused.stderr) == (1, True)
    server.make("toadam.lan")
    server.start()
    try:
        assert server.get("/certificate/seminar.crt").headers["Content-Type"] == "application/x-x509-ca-cert"
        until = time.monotonic() + 10
        while f"https://127.0.0.1:{server.port}" not in (said := (server.data / "serve.log").read_text()):
            assert time.monotonic() < until, said
            time.sleep(0.05)
        with pytest.raises(urllib.error.URLError) as unknown:
            server.get("/healthz", ssl.create_default_context())
        assert "CERTIFICATE_VERIFY_FAILED" in str(unknown.value)
    finally:
        server.stop()
