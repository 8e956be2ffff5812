"""One's own account, and the administrator's page of all accounts."""

import re

import pytest

from seminar.accounts import passwords
from seminar.accounts.models import SignInFailure, StaffSession, User
from seminar.accounts.rules import is_guessable
from seminar.audit.models import AuditEntry
from seminar.lib import clock
from seminar.lib.database import db
from tests import cast

GOOD = "con-thuyen-tren-song-que"


@pytest.fixture
def admin(staff):
    return staff("an")


def find(login: str) -> User:
    return db.session.scalars(db.select(User).where(User.email == f"{login}@example.vn")).one()


def id_of(app, login: str) -> int:
    with app.app_context():
        return find(login).id


def change(app, login: str, **values) -> None:
    with app.app_context():
        for name, value in values.items():
            setattr(find(login), name, value)
        db.session.commit()


def change_password(client, old=cast.PASSWORD, new=GOOD, again=None):
    return client.post("/account/password", data={"old": old, "new": new, "again": again or new})


@pytest.fixture
def oanh(app, office):
    """Oanh of the office, who knows her password."""
    change(app, "oanh", password_hash=passwords.hashed(cast.PASSWORD))
    return office


def test_everybody_sees_the_own_account_and_devices(app, staff):
    for login, (name, _) in cast.STAFF.items():
        page = staff(login).get("/account").text
        assert name in page
        assert f"{login}@example.vn" in page
        assert (page.count("data-row"), "thiết bị này" in page) == (1, True)


def test_the_password_is_changed_with_the_old_one_and_other_devices_are_out(app, staff, oanh):
    other = staff("oanh")
    assert change_password(oanh).status_code == 303
    assert oanh.get("/account").status_code == 200
    assert other.get("/account").status_code == 302
    with app.app_context():
        assert passwords.matches(find("oanh").password_hash, GOOD)
        assert not passwords.matches(find("oanh").password_hash, GOOD.upper())
        assert db.session.query(AuditEntry).filter_by(verb="change", noun="password").count() == 1


def test_a_wrong_old_password_changes_nothing_and_counts_like_a_wrong_sign_in(app, oanh):
    for _ in range(5):
        assert change_password(oanh, old="sai").status_code == 422
    assert change_password(oanh).status_code == 429
    with app.app_context():
        assert passwords.matches(find("oanh").password_hash, cast.PASSWORD)
        assert db.session.query(SignInFailure).count() == 6


@pytest.mark.parametrize(
    ("new", "again", "sentence"),
    [
        ("ngan", "ngan", "Mật khẩu phải có từ 12 đến 128 ký tự."),
        ("dai" * 50, "dai" * 50, "Mật khẩu phải có từ 12 đến 128 ký tự."),
        ("123456789012", "123456789012", "Mật khẩu dễ đoán"),
        ("tranthioanh2024", "tranthioanh2024", "Mật khẩu dễ đoán"),
        (GOOD, GOOD + "!", "Hai lần nhập mật khẩu mới không giống nhau."),
        ("", "", "Hãy điền mục này."),
    ],
)
def test_a_bad_new_password_is_refused_with_the_reason(app, oanh, new, again, sentence):
    answer = change_password(oanh, new=new, again=again)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert cast.PASSWORD not in answer.text


@pytest.mark.parametrize(
    ("password", "guessable"),
    [
        ("aaaaaaaaaaaa", True),
        ("abcabcabcabcabc", True),
        ("1234567890123", True),
        ("qwertyuiop123", True),
        ("zxcvbnmasdfgh", True),
        ("Tinhdoan@2024", True),
        ("matkhau-matkhau", True),
        ("oanh@example.vn", True),
        ("Trần Thị Oanh", True),
        ("tran.thi.oanh.1", True),
        ("!!!!!!!!!!!!!!", True),
        (cast.PASSWORD, False),
        (GOOD, False),
        ("x7$kQ9!vLm2#", False),
        ("trời xanh mây trắng", False),
    ],
)
def test_what_is_easily_guessed(password, guessable):
    assert is_guessable(password, ("oanh@example.vn", "Trần Thị Oanh")) == guessable


def test_generated_passwords_are_never_refused():
    assert not any(is_guessable(passwords.generated()) for _ in range(300))


def test_one_device_is_signed_out_and_doing_it_twice_is_harmless(app, staff, office):
    other = staff("oanh")
    links = re.findall(r'action="(/account/sessions/[0-9a-f]{64}/end)"', office.get("/account").text)
    assert len(links) == 1
    for _ in range(2):
        assert office.post(links[0]).status_code == 303
    assert other.get("/account").status_code == 302
    assert office.get("/account").status_code == 200


def test_all_other_devices_are_signed_out(app, staff, office):
    others = [staff("oanh"), staff("oanh")]
    assert office.post("/account/sessions/end").status_code == 303
    assert [other.get("/account").status_code for other in others] == [302, 302]
    assert office.get("/account").status_code == 200


def test_nobody_signs_somebody_else_out_by_address(app, staff, office):
    tam = staff("tam")
    with app.app_context():
        user_id = find("tam").id
        digest = db.session.scalars(db.select(StaffSession.key_sha256).where(StaffSession.user_id == user_id)).one()
    assert office.post(f"/account/sessions/{digest}/end").status_code == 404
    assert office.post("/account/sessions/nonsense/end").status_code == 404
    assert tam.get("/account").status_code == 200


def test_the_account_pages_refuse_strangers_and_get(visitor, office):
    assert visitor.get("/account").status_code == 302
    for path in ("/account/password", "/account/sessions/end", "/account/sessions/x/end"):
        assert visitor.post(path).status_code == 302
        assert office.get(path).status_code == 405


def test_accounts_are_the_administrators_alone(app, staff, visitor):
    oanh_id = id_of(app, "oanh")
    posts = ("roles", "disabling", "disabling/reversal", "second-factor/reset", "sessions/end", "password")
    assert visitor.get("/accounts").status_code == 302
    for login in ("oanh", "vinh", "tam", "thu", "chung"):
        client = staff(login)
        assert client.get("/accounts").status_code == 403
        assert client.post("/accounts", data={}).status_code == 403
        assert client.get(f"/accounts/{oanh_id}").status_code == 403
        for post in posts:
            assert client.post(f"/accounts/{oanh_id}/{post}").status_code == 403
    for post in posts:
        assert staff("an").post(f"/accounts/9999/{post}").status_code == 404
        assert staff("an").get(f"/accounts/{oanh_id}/{post}").status_code == 405
    for number in (9999, 2**31, 2**63):
        assert staff("an").get(f"/accounts/{number}").status_code == 404


def test_all_accounts_are_listed_at_the_same_cost(app, admin, query_count):
    page = admin.get("/accounts").text
    assert (page.count("data-row"), 'data-total="6"' in page) == (6, True)
    cost = query_count(lambda: admin.get("/accounts"))
    with app.app_context():
        for number in range(60):
            db.session.add(
                User(
                    email=f"{number}@example.vn",
                    name=f"Người {number}",
                    password_hash="none",
                    roles_held=["viewer"],
                    created_at=cast.NOW,
                )
            )
        db.session.commit()
    assert query_count(lambda: admin.get("/accounts")) == cost
    assert admin.get("/accounts").text.count("data-row") == 50
    assert admin.get("/accounts?page=2").text.count("data-row") == 16


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true", "HX-Request-Type": "full"}])
def test_a_new_account_gets_a_password_that_is_shown_once_and_opens(app, admin, visitor, headers):
    data = {"email": " Moi@Example.vn", "name": "Hồ Văn Mới", "roles": ["reception", "viewer"]}
    answer = admin.post("/accounts", data=data, headers=headers)
    assert answer.status_code == 200
    password = re.search(r'id="generated">([^<]+)<', answer.text)[1]
    assert "no-store" in answer.headers["Cache-Control"]
    user_id = id_of(app, "moi")
    for path in ("/accounts", f"/accounts/{user_id}", "/audit"):
        assert password not in admin.get(path).text
    assert visitor.post("/login", data={"email": "moi@example.vn", "password": password}).status_code == 303
    with app.app_context():
        assert sorted(find("moi").roles_held) == ["reception", "viewer"]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"email": "oanh@example.vn", "name": "Hai", "roles": "viewer"}, "Đã có tài khoản"),
        ({"email": "khong phai", "name": "Hai", "roles": "viewer"}, "không phải là địa chỉ"),
        ({"email": "hai@example.vn", "name": "Hai"}, "Hãy chọn ít nhất một vai trò."),
        ({"email": "hai@example.vn", "name": "Hai", "roles": "king"}, "Hãy chọn ít nhất một vai trò."),
        ({"email": "", "name": "Hai", "roles": "viewer"}, "Hãy điền mục này."),
    ],
)
def test_bad_input_is_kept_and_says_why(app, admin, data, sentence):
    answer = admin.post("/accounts", data=data)
    assert (answer.status_code, sentence in answer.text) == (422, True)
    assert 'value="Hai"' in answer.text
    with app.app_context():
        assert db.session.query(User).count() == 6


def test_roles_are_set_and_count_at_once(app, admin, staff):
    tam = staff("tam")
    assert tam.get(f"/seminars/{cast.SLUG}/audit").status_code == 403
    for _ in range(2):
        answer = admin.post(f"/accounts/{id_of(app, 'tam')}/roles", data={"roles": ["office", "reception"]})
        assert answer.status_code == 303
    assert tam.get(f"/seminars/{cast.SLUG}/audit").status_code == 200
    with app.app_context():
        assert db.session.query(AuditEntry).filter_by(verb="change", noun="roles").count() == 1
    assert admin.post(f"/accounts/{id_of(app, 'tam')}/roles", data={}).status_code == 422


def test_a_disabled_person_is_out_at_once_and_can_be_let_in_again(app, admin, staff):
    tam, tam_id = staff("tam"), id_of(app, "tam")
    for _ in range(2):
        assert admin.post(f"/accounts/{tam_id}/disabling").status_code == 303
    assert tam.get("/account").status_code == 302
    assert "đã khóa" in admin.get(f"/accounts/{tam_id}").text
    for _ in range(2):
        assert admin.post(f"/accounts/{tam_id}/disabling/reversal").status_code == 303
    with app.app_context():
        assert find("tam").disabled_at is None
        counts = [
            db.session.query(AuditEntry).filter_by(verb=verb, noun="user").count() for verb in ("disable", "enable")
        ]
        assert counts == [1, 1]


def test_the_last_administrator_stays(app, admin, staff):
    an_id = id_of(app, "an")
    answer = admin.post(f"/accounts/{an_id}/roles", data={"roles": "office"})
    assert (answer.status_code, "quản trị viên cuối cùng" in answer.text) == (422, True)
    change(app, "oanh", roles_held=["admin"], disabled_at=clock.now())
    assert admin.post(f"/accounts/{an_id}/roles", data={"roles": "office"}).status_code == 422
    change(app, "oanh", disabled_at=None)
    assert admin.post(f"/accounts/{an_id}/roles", data={"roles": "office"}).status_code == 303
    oanh = staff("oanh")
    change(app, "an", roles_held=["admin"])
    assert oanh.post(f"/accounts/{an_id}/disabling").status_code == 303
    change(app, "vinh", roles_held=["admin"])
    vinh = staff("vinh")
    change(app, "vinh", roles_held=["admin"])
    assert vinh.post(f"/accounts/{id_of(app, 'oanh')}/disabling").status_code == 303


@pytest.mark.parametrize("post", ["disabling", "second-factor/reset", "password"])
def test_nobody_does_it_to_oneself(app, admin, post):
    answer = admin.post(f"/accounts/{id_of(app, 'an')}/{post}")
    assert (answer.status_code, "nhờ một quản trị viên khác" in answer.text) == (422, True)
    assert admin.get("/accounts").status_code == 200


def test_a_lost_telephone_is_mended_by_another_administrator(app, admin, staff):
    tam = staff("tam")
    change(app, "tam", totp_secret="JBSWY3DPEHPK3PXP", totp_last_step=5)
    for _ in range(2):
        assert admin.post(f"/accounts/{id_of(app, 'tam')}/second-factor/reset").status_code == 303
    assert tam.get("/account").status_code == 302
    with app.app_context():
        assert (find("tam").totp_secret, find("tam").totp_last_step) == ("", 0)
        assert db.session.query(AuditEntry).filter_by(verb="reset", noun="second_factor").count() == 1


def test_a_forgotten_password_is_replaced_and_the_devices_are_out(app, admin, staff, visitor):
    tam = staff("tam")
    answer = admin.post(f"/accounts/{id_of(app, 'tam')}/password")
    password = re.search(r'id="generated">([^<]+)<', answer.text)[1]
    assert tam.get("/account").status_code == 302
    assert visitor.post("/login", data={"email": "tam@example.vn", "password": password}).status_code == 303


def test_an_administrator_signs_somebody_out_everywhere(app, admin, staff):
    tam = staff("tam")
    assert admin.post(f"/accounts/{id_of(app, 'tam')}/sessions/end").status_code == 303
    assert tam.get("/account").status_code == 302


def test_the_command_adds_the_first_administrator_and_lets_the_last_one_in_again(app, visitor):
    runner = app.test_cli_runner()
    answer = runner.invoke(args=["users", "add", "dau@example.vn", "--role", "admin", "--generate"])
    assert answer.exit_code == 0
    assert (
        visitor.post("/login", data={"email": "dau@example.vn", "password": answer.stdout.strip()}).status_code == 303
    )
    answer = runner.invoke(args=["users", "add", "dau@example.vn", "--role", "admin", "--generate"])
    assert (answer.exit_code, "Đã có tài khoản" in answer.stderr) == (1, True)
    change(app, "an", totp_secret="JBSWY3DPEHPK3PXP", disabled_at=clock.now())
    answer = runner.invoke(args=["users", "recover", "an@example.vn"])
    assert answer.exit_code == 0
    fresh = app.test_client()
    assert fresh.post("/login", data={"email": "an@example.vn", "password": answer.stdout.strip()}).location == "/"
    answer = runner.invoke(args=["users", "recover", "nobody@example.vn"])
    assert (answer.exit_code, answer.stdout) == (1, "")
