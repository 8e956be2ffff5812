"""Signing in and out, by password and second factor."""

import re
from datetime import timedelta

import pyotp
import pytest

from seminar.accounts import passwords, views
from seminar.accounts.models import SignInFailure, StaffSession, User
from seminar.lib import clock
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
    for target in (
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
    ):
        answer = visitor.post("/login", data={"email": "oanh@example.vn", "password": cast.PASSWORD, "next": target})
        assert answer.location == "/"


HOME = f"/seminars/{cast.SLUG}/"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


class Clock:
    """The middle of a step of the authenticator, moved on by the tests."""

    def __init__(self) -> None:
        seconds = int(clock.now().timestamp()) // 30 * 30 + 15
        self.moment = clock.now().replace(microsecond=0) + timedelta(seconds=seconds - int(clock.now().timestamp()))

    def __call__(self):
        return self.moment

    def code(self, steps: int = 0) -> str:
        return pyotp.TOTP(SECRET).at(self.moment + timedelta(seconds=30 * steps))


@pytest.fixture
def moment(monkeypatch) -> Clock:
    clock_of_the_test = Clock()
    monkeypatch.setattr(views, "now", clock_of_the_test)
    return clock_of_the_test


@pytest.fixture
def forced(app, monkeypatch):
    """The office must have a second factor."""
    monkeypatch.setitem(app.config, "SECOND_FACTOR_ROLES", frozenset({"office"}))


def set_secret(app, login="oanh"):
    with app.app_context():
        user = db.session.scalars(db.select(User).where(User.email == f"{login}@example.vn")).one()
        user.totp_secret = SECRET
        db.session.commit()


def sign_in(client, wanted=HOME):
    set_password(client.application)
    return client.post("/login", data={"email": "oanh@example.vn", "password": cast.PASSWORD, "next": wanted})


def give(client, code, wanted=HOME):
    return client.post("/login/second-factor", data={"code": code, "next": wanted})


def key_of(client) -> str:
    with client.session_transaction() as cookie:
        return cookie["_user_id"]


def test_the_second_factor_opens_the_page_that_was_wanted(app, visitor, moment):
    set_secret(app)
    answer = sign_in(visitor)
    assert answer.location == f"/login/second-factor?next={HOME}"
    assert visitor.get(HOME).location.startswith("/login/second-factor?next=")
    assert "Mã sáu chữ số" in visitor.get(answer.location).text
    answer = give(visitor, moment.code())
    assert (answer.status_code, answer.location) == (303, HOME)
    assert visitor.get(HOME).status_code == 200


def test_a_code_with_a_space_as_the_app_shows_it_is_taken(app, visitor, moment):
    set_secret(app)
    sign_in(visitor)
    code = moment.code()
    assert give(visitor, f" {code[:3]} {code[3:]} ").status_code == 303


@pytest.mark.parametrize("code", ["-1", "+1", "000000x", "abcdef", "", "٠١٢٣٤٥", "1234567"])
def test_the_step_before_the_step_after_and_nonsense_are_refused(app, visitor, moment, code):
    set_secret(app)
    sign_in(visitor)
    wrong = moment.code(int(code)) if code in ("-1", "+1") else code
    assert give(visitor, wrong).status_code == 422
    assert visitor.get(HOME).status_code == 302


def test_a_code_opens_only_once(app, visitor, moment):
    set_secret(app)
    sign_in(visitor)
    assert give(visitor, moment.code()).status_code == 303
    thief = app.test_client()
    sign_in(thief)
    answer = give(thief, moment.code())
    assert (answer.status_code, "đã dùng rồi" in answer.text) == (422, True)
    moment.moment += timedelta(seconds=30)
    assert give(thief, moment.code()).status_code == 303


def test_five_wrong_codes_close_the_door_for_a_while(app, visitor, moment):
    set_secret(app)
    sign_in(visitor)
    for _ in range(5):
        assert give(visitor, "000000").status_code == 422
    assert give(visitor, moment.code()).status_code == 429


def test_the_key_from_before_the_second_factor_opens_nothing_afterwards(app, visitor, moment):
    set_secret(app)
    sign_in(visitor)
    before = key_of(visitor)
    give(visitor, moment.code())
    assert key_of(visitor) != before
    thief = app.test_client()
    with thief.session_transaction() as cookie:
        cookie["_user_id"] = before
    assert thief.get(HOME).location.startswith("/login?next=")


def test_who_owes_the_second_factor_sees_nothing_but_the_way_to_it(app, visitor, moment):
    set_secret(app)
    sign_in(visitor)
    for path in (HOME, "/account", "/accounts", f"{HOME}outbox", f"{HOME}audit"):
        assert visitor.get(path).location.startswith("/login/second-factor"), path
    answer = visitor.get(HOME, headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"][:20]) == (401, "/login/second-factor")
    assert "Đăng xuất" not in visitor.get("/").text
    assert visitor.post("/account/password", data={}).location.startswith("/login/second-factor")


def test_a_password_alone_never_replaces_the_second_factor(app, visitor, moment):
    set_secret(app)
    sign_in(visitor)
    assert visitor.get("/account/second-factor").location.startswith("/login/second-factor")
    answer = visitor.post("/account/second-factor", data={"code": moment.code()})
    assert answer.location.startswith("/login/second-factor")
    with app.app_context():
        assert db.session.scalars(db.select(User).where(User.email == "oanh@example.vn")).one().totp_secret == SECRET


def test_a_role_that_must_have_a_second_factor_sets_it_up_at_the_first_sign_in(app, visitor, moment, forced):
    answer = sign_in(visitor)
    answer = visitor.get(answer.location)
    assert answer.location.startswith("/account/second-factor?next=")
    page = visitor.get(answer.location).text
    assert 'src="data:image/png;base64,' in page
    with visitor.session_transaction() as cookie:
        secret = cookie["enrolling"]
    assert " ".join(re.findall("....", secret)) in page
    assert visitor.post("/account/second-factor", data={"code": "000000", "next": HOME}).status_code == 422
    assert visitor.get(HOME).status_code == 302
    code = pyotp.TOTP(secret).at(moment.moment)
    answer = visitor.post("/account/second-factor", data={"code": code, "next": HOME})
    assert (answer.status_code, answer.location) == (303, HOME)
    assert visitor.get(HOME).status_code == 200
    with visitor.session_transaction() as cookie:
        assert "enrolling" not in cookie


def test_replacing_the_telephone_asks_the_password_and_signs_others_out(app, visitor, moment):
    set_secret(app)
    sign_in(visitor)
    give(visitor, moment.code())
    other = app.test_client()
    cast.open_door(other, "oanh")
    visitor.get("/account/second-factor")
    with visitor.session_transaction() as cookie:
        code = pyotp.TOTP(cookie["enrolling"]).at(moment.moment)
    assert visitor.post("/account/second-factor", data={"code": code, "password": "sai"}).status_code == 422
    assert visitor.post("/account/second-factor", data={"code": code}).status_code == 422
    answer = visitor.post("/account/second-factor", data={"code": code, "password": cast.PASSWORD})
    assert (answer.status_code, answer.location) == (303, "/account")
    assert visitor.get("/account").status_code == 200
    assert other.get("/account").status_code == 302


def test_a_session_ends_after_twelve_hours(app, visitor, moment):
    sign_in(visitor)
    assert visitor.get(HOME).status_code == 200
    moment.moment += timedelta(hours=12, seconds=1)
    assert visitor.get(HOME).status_code == 302


def test_a_disabled_user_cannot_come_in_and_is_out_at_once(app, visitor):
    sign_in(visitor)
    with app.app_context():
        db.session.execute(db.update(User).values(disabled_at=clock.now()))
        db.session.commit()
    assert visitor.get(HOME).status_code == 302
    assert sign_in(app.test_client()).status_code == 422


def test_only_the_hash_of_a_session_key_is_stored(app, visitor):
    sign_in(visitor)
    with app.app_context():
        assert key_of(visitor) not in {one.key_sha256 for one in db.session.scalars(db.select(StaffSession))}
