"""Signing in and out."""

from seminar.accounts import passwords
from seminar.accounts.models import SignInFailure, User
from seminar.lib.database import db
from tests import cast


def set_password(app):
    with app.app_context():
        user = db.session.scalars(db.select(User).where(User.email == "oanh@example.vn")).one()
        user.password_hash = passwords.hashed(cast.PASSWORD)
        db.session.commit()


def test_oanh_signs_in_and_comes_to_the_page_she_wanted(app, visitor):
    set_password(app)
    answer = visitor.post(
        "/login", data={"email": " Oanh@Example.vn ", "password": cast.PASSWORD, "next": f"/seminars/{cast.SLUG}/"}
    )
    assert answer.status_code == 303
    assert answer.location == f"/seminars/{cast.SLUG}/"
    assert visitor.get(f"/seminars/{cast.SLUG}/").status_code == 200


def test_a_wrong_password_keeps_the_address_typed_and_is_counted(app, visitor):
    set_password(app)
    answer = visitor.post("/login", data={"email": "oanh@example.vn", "password": "sai"})
    assert answer.status_code == 422
    assert 'value="oanh@example.vn"' in answer.text
    with app.app_context():
        assert db.session.query(SignInFailure).count() == 1


def test_five_wrong_passwords_close_the_door_for_a_while_even_to_the_right_one(app, visitor):
    set_password(app)
    for _ in range(5):
        assert visitor.post("/login", data={"email": "oanh@example.vn", "password": "sai"}).status_code == 422
    assert visitor.post("/login", data={"email": "oanh@example.vn", "password": cast.PASSWORD}).status_code == 429


def test_a_copied_cookie_opens_nothing_after_leaving(app, office):
    with office.session_transaction() as cookie:
        copied = dict(cookie)
    assert office.post("/logout").status_code == 303
    thief = app.test_client()
    with thief.session_transaction() as cookie:
        cookie.update(copied)
    assert thief.get(f"/seminars/{cast.SLUG}/").status_code == 302


def test_a_post_from_another_site_is_refused(app, visitor):
    answer = visitor.post("/login", data={"email": "a@b.vn", "password": "x"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    answer = visitor.post(
        "/login", data={"email": "a@b.vn", "password": "x"}, headers={"Origin": "https://evil.example"}
    )
    assert answer.status_code == 403


def test_next_never_leads_to_another_host(app, visitor):
    set_password(app)
    for target in ("//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"):
        answer = visitor.post("/login", data={"email": "oanh@example.vn", "password": cast.PASSWORD, "next": target})
        assert answer.location == "/"
