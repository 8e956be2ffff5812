"""What only a browser shows of the ways round the devices: the sheet is one sheet, and our own certificate is trusted."""

import io
import os
import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Error
from pypdf import PdfReader

from seminar.checkin.models import Rehearsal
from seminar.lib.clock import now
from seminar.lib.database import db
from seminar.operations import certificates
from tests import cast
from tests.browser.conftest import ARGUMENTS, CHROMIUM


def sign_in(page, served, email="vanphong@example.vn"):
    page.goto(f"{served.url}/login")
    page.fill("input[name=email]", email)
    page.fill("input[name=password]", served.demo_password)
    page.click("main form button")


def test_the_guide_is_one_sheet_also_in_a_rehearsal_with_a_certificate(start_server, browser):
    served = start_server(demo=True)
    moment = now()

    def rehearse():
        seminar_id = cast.find_seminar(served.slug).id
        end = moment + timedelta(hours=1)
        db.session.add(Rehearsal(seminar_id=seminar_id, began_at=moment, began_by="x", ends_at=end))

    served.within(rehearse)
    certificates.make(served.server.data, "toadam.lan", ["127.0.0.1"], moment)
    page = browser.new_page()
    sign_in(page, served)
    page.goto(f"{served.url}/seminars/{served.slug}/desks/guide")
    assert page.locator(".rehearses").is_visible()
    sheets = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages
    assert len(sheets) == 2
    assert [round(float(one)) for one in sheets[0].mediabox[2:]] == [595, 842]
    assert "7.Máyhỏnghết:dùnggiấy" in "".join(sheets[1].extract_text().split())
    page.close()


class Secured:
    """The server over https, and a home whose browser trusts what is in it."""

    def __init__(self, served, home: Path) -> None:
        self.home = home
        self.server = served.server
        self.server.stop()
        certificates.make(self.server.data, "toadam.lan", ["127.0.0.1"], now())
        self.process = subprocess.Popen(
            [sys.executable, "-m", "flask", "--app", "app", "serve", "--port", str(self.server.port), "--https"],
            env=self.server.env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        said = self.process.stdout.readline()
        while "https://" not in said:
            assert said, "the server ended"
            said = self.process.stdout.readline()

    def trust(self) -> None:
        folder = self.home / ".pki" / "nssdb"
        folder.mkdir(parents=True)
        authority = self.server.data / "certificates" / "authority.pem"
        run = [shutil.which("certutil"), "-d", f"sql:{folder}"]
        subprocess.run([*run, "-N", "--empty-password"], check=True)
        subprocess.run([*run, "-A", "-t", "C,,", "-n", "seminar", "-i", str(authority)], check=True)


@pytest.mark.skipif(shutil.which("certutil") is None, reason="certutil (libnss3-tools) is not installed")
def test_chromium_trusts_the_certificate_it_installed_and_gives_what_needs_trust(server, playwright, tmp_path):
    secured = Secured(server, tmp_path)
    try:
        for is_trusted in (False, True):
            if is_trusted:
                secured.trust()
            browser = playwright.chromium.launch(
                executable_path=CHROMIUM, args=[*ARGUMENTS], env={**os.environ, "HOME": str(tmp_path)}
            )
            page = browser.new_page()
            address = f"https://127.0.0.1:{server.server.port}/certificate"
            if is_trusted:
                page.goto(address)
                assert page.evaluate("() => isSecureContext && 'serviceWorker' in navigator") is True
                assert page.locator("#fingerprint").is_visible()
            else:
                with pytest.raises(Error, match="ERR_CERT_AUTHORITY_INVALID"):
                    page.goto(address)
            browser.close()
    finally:
        secured.process.terminate()
        secured.process.wait(30)
