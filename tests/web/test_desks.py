"""The page of the desks: pairing, revoking, double entries; and the plain desk page."""

import json
from uuid import uuid4

import pytest

from seminar.checkin.models import Arrival, Desk, DoubleEntry, Pairing
from seminar.checkin.views import cookie_name
from seminar.lib.database import db
from tests import cast, reception
from tests.reception import device, earlier, scan

DESKS = f"/seminars/{cast.SLUG}/desks"
PAGE = f"/desk/{cast.SLUG}/"
HTMX = {"HX-Request": "true", "HX-Request-Type": "full"}


def only(app, model):
    with app.app_context():
        return db.session.scalars(db.select(model)).one()


def shown_code(text):
    return text.split('data-pairing-code="')[1][:8]


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_the_office_pairs_a_desk_and_sees_the_code_once(app, office, headers):
    assert office.post(DESKS, data={"name": "Cửa A"}, headers=headers).status_code == 303
    page = office.get(DESKS).text
    code = shown_code(page)
    assert "data:image/png;base64," in page
    assert "data-pairing-code" not in office.get(DESKS).text
    assert only(app, Pairing).name == "Cửa A"
    answer = app.test_client().post("/api/v1/desk/devices", json={"pairing_code": code, "name": ""})
    assert answer.json["desk"] == "Cửa A"


def test_a_desk_without_a_name_is_asked_for_one(app, office):
    for name in ("", "   "):
        answer = office.post(DESKS, data={"name": name})
        assert answer.status_code == 422
    with app.app_context():
        assert db.session.query(Pairing).count() == 0


@pytest.mark.parametrize(
    ("login", "status"), [("an", 200), ("oanh", 200), ("tam", 200), ("thu", 403), ("vinh", 403), ("chung", 403)]
)
def test_who_may_keep_desks(staff, login, status):
    client = staff(login)
    assert client.get(DESKS).status_code == status
    assert client.post(DESKS, data={"name": "x"}).status_code == (303 if status == 200 else 403)


def test_a_stranger_is_asked_to_sign_in(visitor):
    assert visitor.get(DESKS).status_code == 302
    assert visitor.post(DESKS, data={"name": "x"}).status_code == 302


def test_the_list_shows_desks_with_their_last_scan_and_clock(app, office):
    desk = device(app, name="Cửa B")
    desk.send(now="2020-01-01T00:00:00+00:00")
    page = office.get(DESKS).text
    assert "Cửa B" in page
    assert "lệch" in page


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_revoking_a_desk_ends_it_and_twice_is_harmless(app, office, headers):
    desk = device(app)
    for _ in range(2):
        assert office.post(f"{DESKS}/{desk.desk_id}/revocation", headers=headers).status_code == 303
    assert desk.roster().status_code == 401
    assert only(app, Desk).revoked_by == "Trần Thị Oanh"


def test_a_missing_or_foreign_desk_is_404_and_reading_revokes_nothing(app, office):
    with app.app_context():
        reception.other_seminar()
        db.session.commit()
    foreign = device(app, "toa-dam-khac")
    for desk_id in (4242, 2**40, foreign.desk_id):
        assert office.post(f"{DESKS}/{desk_id}/revocation").status_code == 404
    assert office.get(f"{DESKS}/{foreign.desk_id}/revocation").status_code == 405
    assert foreign.roster().status_code == 200


def make_double(app):
    with app.app_context():
        person = reception.add_person("Nguyễn Văn Đôi")
    one, other = device(app, name="Bàn 1"), device(app, name="Bàn 2")
    one.told(scan(person[1], offline=True, at=earlier(20)))
    other.told(scan(person[1], offline=True, at=earlier(10)))
    return only(app, DoubleEntry).id


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_double_entry_is_work_until_it_is_settled(app, office, headers):
    double = make_double(app)
    page = office.get(DESKS).text
    for said in ("Nguyễn Văn Đôi", "Bàn 1", "Bàn 2", "khi mất kết nối"):
        assert said in page
    where = f"/seminars/{cast.SLUG}/doubles/{double}/settlement"
    assert office.post(where, data={"settlement": " "}, headers=headers).status_code == 422
    assert office.post(where, data={"settlement": "Một người, quét hai lần"}, headers=headers).status_code == 303
    assert office.post(where, data={"settlement": "Khác"}).status_code == 303
    assert only(app, DoubleEntry).settlement == "Một người, quét hai lần"
    assert "Nguyễn Văn Đôi" not in office.get(DESKS).text
    assert office.post(f"/seminars/{cast.SLUG}/doubles/4242/settlement", data={"settlement": "x"}).status_code == 404
    assert office.get(where).status_code == 405


def test_a_settled_double_stays_when_more_scans_come(app, office):
    double = make_double(app)
    office.post(f"/seminars/{cast.SLUG}/doubles/{double}/settlement", data={"settlement": "rõ"})
    third = device(app, name="Bàn 3")
    third.told(scan("1", source="number"))
    assert only(app, DoubleEntry).settlement == "rõ"
    with app.app_context():
        second = db.session.scalars(db.select(DoubleEntry.second_scan_id)).one()
    assert third.verdicts(scan(kind="annul", annuls=second)) == ["annulled"]
    assert only(app, DoubleEntry).settlement == "rõ"


# --- from the console


def test_the_console_pairs_a_desk(app, visitor):
    runner = app.test_cli_runner()
    outcome = runner.invoke(args=["desk", "pair", "--seminar", cast.SLUG, "--name", "Cửa C", "--format", "json"])
    assert outcome.exit_code == 0
    told = json.loads(outcome.output)
    assert (
        visitor.post("/api/v1/desk/devices", json={"pairing_code": told["pairing_code"], "name": ""}).json["desk"]
        == "Cửa C"
    )
    outcome = runner.invoke(args=["desk", "pair", "--seminar", cast.SLUG, "--name", "Cửa C"])
    assert outcome.output.splitlines()[0].isdecimal()
    assert "▀" in outcome.output
    outcome = runner.invoke(args=["desk", "pair", "--seminar", "khong-co", "--name", "x"])
    assert (outcome.exit_code, "khong-co" in outcome.output) == (1, True)


# --- the plain desk page


def pair_page(app, client, name="Bàn 1", slug=cast.SLUG):
    from seminar.checkin import actions
    from seminar.lib.clock import now

    with app.app_context():
        code = actions.open_pairing(cast.find_seminar(slug), name, cast.OFFICE, now())
        db.session.commit()
    return client.post(f"/desk/{slug}/pairing", data={"pairing_code": f"{code[:4]} {code[4:]}", "name": name})


@pytest.fixture
def plain(app, visitor):
    assert pair_page(app, visitor).status_code == 303
    return visitor


def send(client, follow=True, **data):
    return client.post(f"{PAGE}scans", data={"id": str(uuid4()), "kind": "entry"} | data, follow_redirects=follow)


def verdict_of(answer):
    return answer.text.split('data-verdict="')[1].split('"')[0]


def test_a_device_that_is_no_desk_is_asked_for_a_code(app, visitor):
    answer = visitor.get(PAGE)
    assert answer.status_code == 200
    assert 'name="pairing_code"' in answer.text
    wrong = visitor.post(f"{PAGE}pairing", data={"pairing_code": "00000000", "name": "Bàn của Lan"})
    assert wrong.status_code == 403
    assert 'value="Bàn của Lan"' in wrong.text
    assert visitor.post(f"{PAGE}pairing", data={}).status_code == 422
    assert visitor.get("/desk/khong-co/").status_code == 404


def test_pairing_sets_a_cookie_no_script_can_read(app, visitor):
    answer = pair_page(app, visitor)
    cookie = answer.headers["Set-Cookie"]
    with app.app_context():
        assert cookie.startswith(cookie_name() + "=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert visitor.get(PAGE).text.count('id="verdict"') == 1


def test_a_code_of_another_seminar_pairs_nothing_here(app, visitor):
    with app.app_context():
        reception.other_seminar()
        db.session.commit()
        from seminar.checkin import actions
        from seminar.lib.clock import now

        code = actions.open_pairing(cast.find_seminar("toa-dam-khac"), "x", cast.OFFICE, now())
        db.session.commit()
    assert visitor.post(f"{PAGE}pairing", data={"pairing_code": code, "name": ""}).status_code == 403


def test_the_page_may_use_the_camera_and_other_pages_may_not(plain, office):
    headers = plain.get(PAGE).headers
    assert headers["Permissions-Policy"].startswith("camera=(self)")
    assert "'wasm-unsafe-eval'" in headers["Content-Security-Policy"]
    assert office.get(DESKS).headers["Permissions-Policy"].startswith("camera=()")


def test_one_field_takes_codes_numbers_and_names(app, plain):
    with app.app_context():
        first, code = reception.add_person("Đặng Thị Hoà", position="Trưởng ban")
        second, _ = reception.add_person("Đỗ Hữu Nghĩa")
        db.session.execute(db.update(cast.Delegate).values(folded=cast.Delegate.name_folded))
        db.session.commit()
    answer = send(plain, what=f"HTTPS://X/I/{code}\r\n")
    assert verdict_of(answer) == "admitted"
    assert "Đặng Thị Hoà" in answer.text
    assert verdict_of(send(plain, what=" 2 ")) == "admitted"
    found = send(plain, what="HUU nghia")
    assert found.status_code == 200
    assert f'value="{second}"' in found.text
    assert verdict_of(send(plain, delegate_id=str(second))) == "already_in"
    assert verdict_of(send(plain, what="1" * 20)) == "unknown"
    assert verdict_of(send(plain, what="", follow=True)) == "idle"
    assert "không có ai" in send(plain, what="Khong Ai Ca").text
    assert verdict_of(send(plain, what="1", kind="exit")) == "left"


def test_the_same_form_sent_twice_counts_once_and_undo_works(app, plain):
    with app.app_context():
        _, code = reception.add_person()
    form = {"id": str(uuid4()), "what": code}
    assert [verdict_of(send(plain, **form)) for _ in range(2)] == ["admitted", "admitted"]
    assert verdict_of(send(plain, annuls=form["id"])) == "annulled"
    with app.app_context():
        assert db.session.query(Arrival).count() == 0


@pytest.mark.parametrize(
    "data", [{"id": "x", "what": "1"}, {"what": "1", "kind": "x"}, {"delegate_id": "x" * 30}, {"annuls": "x"}]
)
def test_a_form_that_was_tampered_with_stores_nothing(app, plain, data):
    assert send(plain, **data).status_code == 200
    with app.app_context():
        assert db.session.query(Arrival).count() == 0


def test_a_walk_in_by_the_plain_form(app, plain):
    form = {"id": str(uuid4()), "name": "Trần Văn Khách", "position": "", "unit": "Báo Thử", "group": ""}
    for _ in range(2):
        answer = plain.post(f"{PAGE}walk-ins", data=form, follow_redirects=True)
        assert verdict_of(answer) == "admitted"
        assert "Báo Thử" in answer.text
    kept = plain.post(f"{PAGE}walk-ins", data={"id": str(uuid4()), "name": "", "unit": "Báo Thử"})
    assert (kept.status_code, 'value="Báo Thử"' in kept.text) == (422, True)
    wrong = plain.post(f"{PAGE}walk-ins", data=form | {"id": str(uuid4()), "group": "không có"})
    assert wrong.status_code == 422
    assert plain.post(f"{PAGE}walk-ins", data=form | {"id": "x"}).status_code == 422


def test_whoever_is_no_desk_is_led_to_the_pairing_form(app, visitor):
    for path in ("scans", "walk-ins", "leaving"):
        assert visitor.post(PAGE + path, data={"what": "1"}).location == PAGE
        assert visitor.get(PAGE + path).status_code == 405


def test_a_device_whose_pairing_was_ended_is_told_so(app, plain, office):
    sentence = '<p class="notice" data-tone="danger">Thiết bị không còn là bàn đón tiếp'
    assert sentence not in plain.get(PAGE).text
    office.post(f"{DESKS}/{only(app, Desk).id}/revocation")
    assert sentence in send(plain, what="1").text
    assert sentence not in app.test_client().get(PAGE).text


def test_a_desk_of_one_seminar_is_none_of_another(app, plain):
    with app.app_context():
        reception.other_seminar()
        db.session.commit()
    assert 'name="pairing_code"' in plain.get("/desk/toa-dam-khac/").text
    assert plain.post("/desk/toa-dam-khac/scans", data={"what": "1"}).location == "/desk/toa-dam-khac/"


def test_leaving_ends_the_desk(app, plain):
    assert plain.post(f"{PAGE}leaving").status_code == 303
    assert 'name="pairing_code"' in plain.get(PAGE).text
    assert only(app, Desk).revoked_at is not None


def test_another_site_cannot_scan_with_the_cookie_of_the_desk(app, plain):
    answer = plain.post(f"{PAGE}scans", data={"what": "1"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert (
        plain.post("/api/v1/desk/scans", json={"scans": []}, headers={"Sec-Fetch-Site": "cross-site"}).status_code
        == 403
    )
    assert (
        plain.post("/api/v1/desk/scans", json={"scans": []}, headers={"Sec-Fetch-Site": "same-origin"}).status_code
        == 200
    )
