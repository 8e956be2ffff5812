"""What only a browser shows of the ways round the devices: the guide is one sheet of paper."""

import io
from datetime import timedelta

from pypdf import PdfReader

from seminar.checkin.models import Rehearsal
from seminar.lib.clock import now
from seminar.lib.database import db
from seminar.operations import certificates
from tests import cast


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
