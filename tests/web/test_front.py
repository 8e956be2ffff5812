"""Front page, language, health, error pages, headers."""

import pytest

from seminar.lib.database import db
from tests import cast


def test_the_public_sees_the_announced_seminar_in_vietnamese_and_in_english_after_choosing(visitor):
    page = visitor.get("/").text
    assert "Địa điểm" in page
    assert 'lang="vi"' in page
    assert visitor.post("/language", data={"language": "en", "next": "/"}).status_code == 303
    page = visitor.get("/").text
    assert "Place" in page
    assert 'lang="en"' in page


def test_an_unknown_language_changes_nothing_and_next_stays_on_this_site(visitor):
    for target in ("//evil.example", "/\t/evil.example", "/\r\nSet-Cookie: a=b"):
        answer = visitor.post("/language", data={"language": "xx", "next": target})
        assert (answer.status_code, answer.location) == (303, "/")
    assert 'lang="vi"' in visitor.get("/").text
    assert visitor.get("/language").status_code == 405


def test_health_says_ok_when_the_database_answers(visitor):
    assert visitor.get("/healthz").json == {"status": "ok"}


@pytest.mark.parametrize(
    "path", ["/", "/login", "/verify", "/healthz", "/khong-co", "/i/123", f"/seminars/{cast.SLUG}/"]
)
def test_every_answer_carries_the_security_headers(visitor, path):
    headers = visitor.get(path).headers
    assert headers["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self'; style-src 'self';")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Permissions-Policy"] == "camera=(), microphone=(), geolocation=()"


def test_a_missing_page_says_what_to_do_and_is_a_small_region_for_htmx(visitor):
    page = visitor.get("/khong-co")
    assert page.status_code == 404
    assert "Không có trang này" in page.text
    assert "<html" in page.text
    region = visitor.get("/khong-co", headers={"HX-Request": "true", "HX-Request-Type": "partial"})
    assert region.status_code == 404
    assert "<html" not in region.text


def test_an_expired_login_tells_htmx_to_go_and_sign_in(visitor):
    answer = visitor.get(f"/seminars/{cast.SLUG}/", headers={"HX-Request": "true", "HX-Request-Type": "partial"})
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"].startswith("/login")


def test_staff_come_at_once_to_the_only_seminar_and_choose_among_several(app, office):
    office.post(f"/seminars/{cast.SLUG}/announcement", data={"is_announced": "no"})
    assert office.get("/").location == f"/seminars/{cast.SLUG}/"
    with app.app_context():
        cast.add_seminar("khac")
        db.session.commit()
    page = office.get("/").text
    assert "Tọa đàm thử toa-dam-thu" in page
    assert "Tọa đàm thử khac" in page
