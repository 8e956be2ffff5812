"""The desk API, clause by clause of its contract in design.md."""

import hashlib
from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from seminar.checkin import rules
from seminar.checkin.models import Arrival, Desk, DoubleEntry, Pairing, Scan, WalkIn
from seminar.delegates.models import Delegate
from seminar.invitations import actions as inviting
from seminar.invitations.models import Invitation
from seminar.lib.clock import now
from seminar.lib.database import db
from tests import cast, reception
from tests.reception import device, scan

STRANGE = "0002010102|0917|Nguyen Van A|19900101"


@pytest.fixture
def desk(app):
    return device(app)


@pytest.fixture
def person(app):
    with app.app_context():
        return reception.add_person()


def count(app, model, *conditions):
    with app.app_context():
        return db.session.scalar(db.select(db.func.count()).select_from(model).where(*conditions))


def is_time(text):
    return datetime.fromisoformat(text).tzinfo is not None


# --- pairing


def open_pairing(app, name="Bàn 1", slug=cast.SLUG):
    from seminar.checkin import actions

    with app.app_context():
        code = actions.open_pairing(cast.find_seminar(slug), name, cast.OFFICE, now())
        db.session.commit()
    return code


def pair(client, code, name="Điện thoại của Lan"):
    return client.post("/api/v1/desk/devices", json={"pairing_code": code, "name": name})


def test_a_device_becomes_a_desk_by_its_code_once(app, visitor):
    code = open_pairing(app)
    answer = pair(visitor, code)
    assert answer.status_code == 200
    assert (answer.json["desk"], answer.json["seminar"]) == ("Điện thoại của Lan", cast.SLUG)
    assert is_time(answer.json["server_time"])
    token = answer.json["token"]
    assert visitor.get("/api/v1/desk/roster", headers={"Authorization": f"Bearer {token}"}).status_code == 200
    assert pair(visitor, code).status_code == 403
    assert count(app, Desk, Desk.token_sha256 == hashlib.sha256(token.encode()).hexdigest()) == 1


def test_a_device_without_a_name_keeps_the_one_the_office_gave(app, visitor):
    assert pair(visitor, open_pairing(app, "Cửa A"), "").json["desk"] == "Cửa A"


def test_a_code_is_good_for_a_quarter_of_an_hour(app, visitor):
    code = open_pairing(app)
    with app.app_context():
        pairing = db.session.scalars(db.select(Pairing)).one()
        assert pairing.expires_at - pairing.created_at == rules.PAIRING_LASTS == timedelta(minutes=15)
        pairing.expires_at = now()
        db.session.commit()
    assert pair(visitor, code).status_code == 403


def test_five_wrong_tries_lock_every_open_pairing(app, visitor):
    codes = [open_pairing(app, "A"), open_pairing(app, "B")]
    wrong = next(f"{n:08d}" for n in range(10) if f"{n:08d}" not in codes)
    for _ in range(4):
        assert pair(visitor, wrong).status_code == 403
    assert pair(visitor, codes[0]).status_code == 200
    assert pair(visitor, wrong).status_code == 403
    assert pair(visitor, codes[1]).status_code == 403


def test_a_stranger_elsewhere_cannot_keep_the_hall_from_pairing(app, visitor):
    code = open_pairing(app)
    wrong = "00000000" if code != "00000000" else "00000001"
    for _ in range(7):
        told = {"pairing_code": wrong, "name": "x"}
        assert (
            visitor.post("/api/v1/desk/devices", json=told, environ_base={"REMOTE_ADDR": "203.0.113.9"}).status_code
            == 403
        )
    assert pair(visitor, code).status_code == 200


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"pairing_code": 12345678}', b'{"name": "x"}', b'{"a": NaN}'])
def test_a_pairing_that_is_no_json_of_the_contract_is_refused_with_a_sentence(visitor, body):
    answer = visitor.post("/api/v1/desk/devices", data=body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json["message"]
    assert is_time(answer.json["server_time"])


# --- who is a desk


@pytest.mark.parametrize(
    ("method", "path"),
    [("get", "/api/v1/desk/roster"), ("post", "/api/v1/desk/scans"), ("post", "/api/v1/desk/walk-ins")],
)
@pytest.mark.parametrize(
    "header", [{}, {"Authorization": "Bearer x"}, {"Authorization": "Basic eDp5"}, {"Authorization": "Bearer "}]
)
def test_who_is_no_desk_gets_401_in_json(visitor, method, path, header):
    answer = getattr(visitor, method)(path, headers=header)
    assert answer.status_code == 401
    assert set(answer.json) == {"error", "message", "server_time"}


def test_staff_are_no_desk(office):
    assert office.get("/api/v1/desk/roster").status_code == 401


@pytest.mark.parametrize("has_scanned", [False, True])
def test_a_revoked_device_is_turned_away_and_stores_nothing(app, desk, person, has_scanned):
    """Also one that the server remembers from its last scan."""
    from seminar.checkin import actions

    if has_scanned:
        desk.told(scan("?"))
    with app.app_context():
        actions.revoke_desk(db.session.get_one(Desk, desk.desk_id), cast.OFFICE, now())
        db.session.commit()
    assert desk.send(scan(person[1])).status_code == 401
    assert desk.roster().status_code == 401
    assert count(app, Scan) == int(has_scanned)


@pytest.mark.parametrize("path", ["/api/v1/desk/nothing", "/api/v1/desk/roster/x"])
def test_an_address_that_is_none_answers_json_with_the_time(visitor, path):
    answer = visitor.get(path)
    assert answer.status_code == 404
    assert is_time(answer.json["server_time"])


def test_a_wrong_method_answers_json_with_the_time(desk):
    answer = desk.client.get("/api/v1/desk/scans", headers=desk.headers)
    assert answer.status_code == 405
    assert is_time(answer.json["server_time"])


# --- roster


def test_the_roster_has_what_a_desk_needs_and_no_telephone_mail_or_code(app, desk):
    with app.app_context():
        found, code = reception.add_person(
            "Đặng Thị Hoà",
            "G1",
            position="Phó Bí thư",
            body="Huyện Đoàn Thử",
            phone="0912345678",
            email="hoa@example.vn",
            seat="A1",
            alert="Chị Lan đón",
        )
    answer = desk.roster()
    assert answer.status_code == 200
    [entry] = answer.json["delegates"]
    assert entry == {
        "id": found,
        "number": 1,
        "code_sha256": hashlib.sha256(code.encode()).hexdigest(),
        "name": "Đặng Thị Hoà",
        "folded": "dang thi hoa huyen doan thu pho bi thu",
        "position": "Phó Bí thư",
        "unit": "Huyện Đoàn Thử",
        "group": "Thường trực Tỉnh ủy",
        "group_code": "G1",
        "rank": 20,
        "seat": "A1",
        "alert": "Chị Lan đón",
        "answer": None,
        "proxy": None,
        "represented": None,
        "arrived_at": None,
        "arrived_desk": None,
        "arrived_desk_id": None,
        "left_at": None,
        "hand_out": "",
    }
    assert answer.json["revoked"] == []
    assert {"code": "G1", "name": "Thường trực Tỉnh ủy"} in answer.json["groups"]
    assert (answer.json["desk_id"], answer.json["rehearsal"], answer.json["sittings"]) == (desk.desk_id, None, [])
    assert answer.json["counts"] == {"delegates": 1, "arrived": 0, "present": 0, "left": 0}
    assert is_time(answer.json["server_time"])
    for secret in ("0912345678", "hoa@example.vn", code):
        assert secret not in answer.text


def test_an_unchanged_roster_is_304_and_a_changed_one_is_not(desk, person):
    first = desk.roster()
    assert first.headers["ETag"] == f'"{first.json["revision"]}"'
    assert desk.roster(**{"If-None-Match": first.headers["ETag"]}).status_code == 304
    assert desk.verdicts(scan(person[1])) == ["admitted"]
    second = desk.roster(**{"If-None-Match": first.headers["ETag"]})
    assert second.status_code == 200
    assert second.json["delegates"][0]["arrived_at"] is not None


def test_the_roster_lists_revoked_codes(app, desk):
    with app.app_context():
        delegate = cast.add_delegate(cast.find_seminar(), "Lê A")
        code = reception.invite(delegate, revoked=True)
        db.session.commit()
    assert desk.roster().json["revoked"] == [hashlib.sha256(code.encode()).hexdigest()]


def test_the_roster_costs_the_same_for_one_and_for_many(app, desk, query_count):
    with app.app_context():
        reception.add_person()
    one = query_count(desk.roster)
    with app.app_context():
        for n in range(20):
            reception.add_person(f"Người Số {n}")
    assert query_count(desk.roster) == one


# --- scans


@pytest.mark.parametrize(
    "payload",
    [
        "{}",
        "https://toadam.example.vn/i/{}",
        "HTTPS://TOADAM.EXAMPLE.VN/I/{}",
        "http://another.host/i/{}/qr.png?x=1",
        "  {}\r\n",
        "\\000026{}",
        "]C1{}",
        "{} {}",
    ],
)
def test_the_twenty_digits_count_wherever_they_stand(desk, person, payload):
    [result] = desk.told(scan(payload.replace("{}", person[1])))
    assert (result["verdict"], result["delegate"]["id"]) == ("admitted", person[0])
    assert result["message"] == "Nguyễn Văn Bình đã vào."


def test_a_code_typed_in_groups_of_five_counts_too(desk, person):
    from seminar.lib.codes import grouped

    assert desk.verdicts(scan(grouped(person[1]), source="scanner")) == ["admitted"]


def test_every_scan_is_answered_in_order_with_counts_and_the_time(app, desk):
    with app.app_context():
        people = [reception.add_person(f"Người {n}") for n in range(3)]
    scans = [scan(code) for _, code in reversed(people)]
    answer = desk.send(*scans)
    assert [result["id"] for result in answer.json["results"]] == [one["id"] for one in scans]
    assert [result["delegate"]["id"] for result in answer.json["results"]] == [one[0] for one in reversed(people)]
    assert answer.json["counts"] == {"delegates": 3, "arrived": 3, "present": 3, "left": 0}
    assert is_time(answer.json["server_time"])
    assert set(answer.json["results"][0]) == {"id", "verdict", "delegate", "first", "message"}


def test_somebody_who_is_in_is_already_in_with_when_and_where(app, desk, person):
    desk.told(scan(person[1]))
    other = device(app, name="Bàn 2")
    [result] = other.told(scan(person[1]))
    assert (result["verdict"], result["first"]["desk"]) == ("already_in", "Bàn 1")
    assert is_time(result["first"]["at"])
    assert "Bàn 1" in result["message"]
    [here] = desk.told(scan(person[1]))
    assert "tại bàn này" in here["message"]


def test_a_person_leaves_and_comes_back(desk, person):
    first, out, out_again, back = desk.told(
        scan(person[1]), scan(person[1], "exit"), scan(person[1], "exit"), scan(person[1])
    )
    assert [one["verdict"] for one in (first, out, out_again, back)] == ["admitted", "left", "not_in", "admitted"]
    entry = desk.entry_of(person[0])
    assert (entry["arrived_at"] is not None, entry["left_at"]) == (True, None)


def test_whoever_never_came_cannot_leave(desk, person):
    assert desk.verdicts(scan(person[1], "exit")) == ["not_in"]
    assert desk.entry_of(person[0])["arrived_at"] is None


def test_a_revoked_code_says_so_and_whose_it_was(app, desk):
    with app.app_context():
        delegate = cast.add_delegate(cast.find_seminar(), "Lê Văn Cũ")
        code = reception.invite(delegate, revoked=True)
        db.session.commit()
    [result] = desk.told(scan(code))
    assert (result["verdict"], result["delegate"]["name"]) == ("revoked", "Lê Văn Cũ")
    assert count(app, Arrival) == 0
    assert count(app, Scan, Scan.verdict == "revoked") == 1


def test_an_unknown_code_is_kept_by_length_hash_and_digits_only(app, desk):
    payload = "HTTPS://X/I/" + "1" * 20
    [result] = desk.told(scan(payload))
    assert (result["verdict"], result["delegate"]) == ("unknown", None)
    with app.app_context():
        kept = db.session.scalars(db.select(Scan)).one()
        assert (kept.payload_length, kept.payload_digits) == (len(payload), "1" * 20)
        assert kept.payload_sha256 == hashlib.sha256(payload.encode()).hexdigest()


@pytest.mark.parametrize(
    "payload",
    [
        STRANGE,
        "",
        "WIFI:S:nha;T:WPA;P:matkhau;;",
        "1" * 19,
        "1" * 21,
        "1" * 40,
        "１" * 20,
        "٣" * 20,
        "1" * 4000,
        "đại biểu 😀",
    ],
)
def test_what_is_no_code_is_unknown_and_its_content_is_kept_nowhere(app, desk, payload):
    assert desk.verdicts(scan(payload)) == ["unknown"]
    with app.app_context():
        kept = db.session.scalars(db.select(Scan)).one()
        assert (kept.payload_length, kept.payload_digits) == (len(payload), "")


def test_another_seminars_code_says_so_and_not_whose_it_is(app, desk):
    with app.app_context():
        reception.other_seminar()
        _, code = reception.add_person("Người Ở Nơi Khác", slug="toa-dam-khac")
    [result] = desk.told(scan(code))
    assert (result["verdict"], result["delegate"]) == ("other_seminar", None)
    assert "Nơi Khác" not in str(result)
    assert count(app, Arrival) == 0


def test_whoever_said_no_is_let_in_and_shown_amber(app, desk, person):
    with app.app_context():
        reception.decline(db.session.get_one(Delegate, person[0]))
        db.session.commit()
    assert desk.verdicts(scan(person[1]), scan(person[1])) == ["declined", "already_in"]
    assert desk.entry_of(person[0])["arrived_at"] is not None
    assert rules.VERDICT_TONES["declined"] == "warning"


def test_a_proxy_is_greeted_by_the_proxys_own_name(app, desk):
    with app.app_context():
        seminar = cast.find_seminar()
        guest = cast.add_delegate(seminar, "Bùi Hữu Vắng", "G1", position="Bí thư")
        inviting.issue_letters(seminar, [guest], cast.OFFICE, cast.NOW)
        inviting.propose_proxy(guest, "Lê Thị Thay", "Phó Bí thư", "", "", "Bận họp", cast.OFFICE, cast.NOW)
        code = db.session.scalar(db.select(Invitation.code).where(Invitation.proxy_id.is_not(None)))
        db.session.commit()
    [found] = desk.told(scan(code))
    assert (found["verdict"], found["message"]) == ("admitted", "Lê Thị Thay đã vào.")
    assert found["delegate"]["name"] == "Bùi Hữu Vắng"
    assert found["delegate"]["proxy"] == {"name": "Lê Thị Thay", "position": "Phó Bí thư"}


def test_a_person_chosen_by_name_or_number_comes_in(app, desk):
    with app.app_context():
        first, _ = reception.add_person("Người Một")
        second, _ = reception.add_person("Người Hai")
    assert desk.told(scan(delegate_id=first, source="search"))[0]["delegate"]["id"] == first
    assert desk.told(scan("2", source="number"))[0]["delegate"]["id"] == second
    assert desk.verdicts(scan("2", source="camera"), scan("99", source="number")) == ["unknown", "unknown"]


def test_an_id_of_another_seminar_or_of_nobody_is_unknown(app, desk):
    with app.app_context():
        reception.other_seminar()
        foreign, _ = reception.add_person("Người Khác", slug="toa-dam-khac")
    assert desk.verdicts(scan(delegate_id=foreign, source="search"), scan(delegate_id=2**31 - 1, source="search")) == [
        "unknown",
        "unknown",
    ]


def test_somebody_taken_off_the_list_is_not_let_in(app, desk, person):
    with app.app_context():
        db.session.get_one(Delegate, person[0]).removed_at = now()
        db.session.commit()
    assert desk.verdicts(scan(person[1]), scan(delegate_id=person[0], source="search")) == ["revoked", "unknown"]


BAD = {
    "no object": 7,
    "null": None,
    "no id": {"kind": "entry", "payload": "x", "source": "camera", "at": "2024-03-15T07:41:00Z", "offline": False},
    "id no uuid": scan("x", id="7"),
    "kind unknown": scan("x", kind="enter"),
    "source unknown": scan("x", source="telepathy"),
    "nobody named": scan(),
    "two named": scan("x", delegate_id=1),
    "payload no text": scan(payload=7),
    "payload endless": scan("x" * 9000),
    "delegate no number": scan(delegate_id="7"),
    "delegate true": scan(delegate_id=True),
    "delegate huge": scan(delegate_id=2**40),
    "at no time": scan("x", at="now"),
    "at a number": scan("x", at=1710000000),
    "at missing": {"id": str(uuid4()), "kind": "entry", "payload": "x", "source": "camera", "offline": False},
    "at far": scan("x", at="9999-12-31T23:59:59Z"),
    "offline no bool": scan("x", offline="no"),
    "annul of nothing": scan(kind="annul"),
    "annuls no uuid": scan(kind="annul", annuls="x"),
    "entry that annuls": scan("x", annuls=str(uuid4())),
    "sitting unknown": scan("x", sitting=424242),
    "sitting no number": scan("x", sitting="1"),
}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD.keys())
def test_one_bad_scan_never_fails_the_batch(app, desk, person, bad):
    results = desk.told(bad, scan(person[1]), bad)
    assert [one["verdict"] for one in results] == ["malformed", "admitted", "malformed"]
    assert results[0]["id"] == (bad.get("id") if isinstance(bad, dict) else None)
    assert results[0]["message"]
    assert count(app, Scan) == 1


@pytest.mark.parametrize(
    "body",
    [b"", b"null", b"[]", b'"x"', b"{", b'{"scans": {}}', b'{"scans": "x"}', b'{"scan": []}', b'{"scans": [NaN]}',
     b"\xff\xfe", b'{"scans": ' + b"[" * 5000 + b"]" * 5000 + b"}", b'{"scans": ["\\ud800"]}'],
)  # fmt: skip
def test_a_body_that_is_no_json_of_the_contract_is_400_with_a_sentence(desk, body):
    answer = desk.client.post("/api/v1/desk/scans", data=body, content_type="application/json", headers=desk.headers)
    assert answer.status_code == 400
    assert answer.json["message"]
    assert is_time(answer.json["server_time"])


def test_a_body_without_end_is_refused(desk):
    answer = desk.client.post(
        "/api/v1/desk/scans", data=b" " * (6 * 1024 * 1024), content_type="application/json", headers=desk.headers
    )
    assert answer.status_code == 413
    assert is_time(answer.json["server_time"])


def test_five_hundred_scans_are_one_call_and_one_more_is_too_many(app, desk, person):
    scans = [scan(person[1], offline=True, at=reception.earlier(5)) for _ in range(500)]
    results = desk.told(*scans)
    assert [one["verdict"] for one in results].count("admitted") == 1
    assert len(results) == 500
    answer = desk.send(*scans, scan(person[1]))
    assert answer.status_code == 400
    assert "500" in answer.json["message"]


def test_no_scans_are_an_answer_too(desk):
    answer = desk.send()
    assert answer.status_code == 200
    assert answer.json["results"] == []


# --- the same scan again


def test_the_same_id_again_gets_the_same_answer(app, desk, person):
    one = scan(person[1])
    first = desk.told(one)
    assert desk.told(one) == first
    again = one | {"at": reception.earlier(3), "offline": True, "source": "scanner"}
    assert desk.told(again) == first
    assert desk.told(one, one) == first * 2
    assert count(app, Scan) == 1


def test_the_same_id_from_the_device_paired_anew_gets_the_same_answer(app, desk, person):
    one = scan(person[1])
    desk.told(one)
    assert device(app, name="Bàn 1").verdicts(one) == ["admitted"]


def test_the_same_person_named_otherwise_is_the_same_scan(desk, person):
    one = scan(person[1])
    desk.told(one)
    chosen = scan(delegate_id=person[0], source="search", id=one["id"])
    assert desk.verdicts(chosen, scan("1", source="number", id=one["id"])) == ["admitted", "admitted"]


def test_the_same_id_with_something_else_is_a_conflict_and_stored_once(app, desk, person):
    with app.app_context():
        other, other_code = reception.add_person("Người Khác")
    one = scan(person[1])
    desk.told(one)
    for changed in (
        {"kind": "exit"},
        {"payload": other_code},
        {"payload": None, "delegate_id": other},
        {"kind": "annul", "payload": None, "annuls": str(uuid4())},
        {"payload": "1" * 20},
    ):
        [result] = desk.told(one | changed)
        assert (result["verdict"], result["delegate"]) == ("conflict", None)
    assert count(app, Scan) == 1
    assert desk.entry_of(other)["arrived_at"] is None


def test_two_unknown_payloads_under_one_id_are_a_conflict(desk):
    one = scan(STRANGE)
    assert desk.verdicts(one, one | {"payload": STRANGE + "x"}, one) == ["unknown", "conflict", "unknown"]


def test_another_seminars_scan_is_neither_told_nor_taken_back(app, desk, person):
    one = scan(person[1])
    desk.told(one)
    with app.app_context():
        reception.other_seminar()
        db.session.commit()
    stranger = device(app, "toa-dam-khac", "Bàn lạ")
    told = stranger.told(one, scan(kind="annul", annuls=one["id"]))
    assert [result["verdict"] for result in told] == ["conflict", "nothing_to_annul"]
    assert [result["delegate"] for result in told] == [None, None]
    assert desk.entry_of(person[0])["arrived_at"] is not None
    desk.told(scan(person[1]))
    assert desk.entry_of(person[0])["arrived_at"] is not None


# --- taking back


def test_an_entry_taken_back_leaves_nobody_there(app, desk, person):
    one = scan(person[1])
    desk.told(one)
    annul = scan(kind="annul", annuls=one["id"])
    [result] = desk.told(annul)
    assert (result["verdict"], result["delegate"]["id"]) == ("annulled", person[0])
    assert count(app, Arrival) == 0
    assert desk.verdicts(annul) == ["annulled"]
    assert desk.verdicts(scan(kind="annul", annuls=one["id"])) == ["nothing_to_annul"]
    assert desk.verdicts(one) == ["admitted"], "the old answer, and nobody comes back by it"
    assert count(app, Arrival) == 0
    assert desk.verdicts(scan(person[1])) == ["admitted"]


def test_an_exit_taken_back_brings_the_person_in_again(desk, person):
    out = scan(person[1], "exit")
    desk.told(scan(person[1]), out)
    assert desk.verdicts(scan(kind="annul", annuls=out["id"])) == ["annulled"]
    assert desk.entry_of(person[0])["left_at"] is None


def test_taking_back_an_entry_takes_back_reads_that_only_repeated_it(app, desk, person):
    one = scan(person[1])
    desk.told(one, scan(person[1]))
    device(app, name="Bàn 2").told(scan(person[1]))
    assert desk.verdicts(scan(kind="annul", annuls=one["id"])) == ["annulled"]
    assert desk.entry_of(person[0])["arrived_at"] is None
    assert desk.verdicts(scan(person[1])) == ["admitted"]


def test_a_scan_taken_back_before_it_comes_counts_for_nothing(app, desk, person):
    one = scan(person[1], offline=True, at=reception.earlier(2))
    assert desk.verdicts(scan(kind="annul", annuls=one["id"])) == ["nothing_to_annul"]
    assert desk.verdicts(one) == ["annulled"]
    assert count(app, Arrival) == 0
    assert desk.verdicts(scan(person[1])) == ["admitted"]


def test_calls_recorded_at_one_moment_keep_their_order(app, desk, person):
    """As the thread takes them together: who comes in again after being taken back is in."""
    from seminar.checkin.actions import Call, record_scans
    from seminar.checkin.forms.api import read_scan
    from seminar.checkin.queries import PairedDesk

    first = scan(person[1])
    told = [first, scan(kind="annul", annuls=first["id"]), scan(person[1]), scan(kind="annul", annuls=first["id"])]
    with app.app_context():
        here, moment = PairedDesk(desk.desk_id, "Bàn 1", cast.find_seminar().id, cast.SLUG), now()
        db.session.rollback()
    with app.app_context(), db.engine.begin() as connection:
        answers = record_scans(connection, [Call(here, [read_scan(one)]) for one in told], lambda: moment)
    verdicts = [answered.results[0].verdict for answered in answers]
    assert verdicts == ["admitted", "annulled", "admitted", "nothing_to_annul"]
    with app.app_context():
        assert db.session.scalars(db.select(Arrival.scan_id)).all() == [told[2]["id"]]


@pytest.mark.parametrize("what", ["unknown", "nothing", "annulment"])
def test_what_let_nobody_in_cannot_be_taken_back(desk, person, what):
    one = scan("1" * 20)
    desk.told(one)
    first = scan(person[1])
    annul = scan(kind="annul", annuls=first["id"])
    desk.told(first, annul)
    target = {"unknown": one["id"], "nothing": str(uuid4()), "annulment": annul["id"]}[what]
    assert desk.verdicts(scan(kind="annul", annuls=target)) == ["nothing_to_annul"]


# --- offline


def test_two_desks_offline_both_let_in_and_the_double_is_listed_once(app, desk, person):
    other = device(app, name="Bàn 2")
    mine = scan(person[1], offline=True, at=reception.earlier(20))
    theirs = scan(person[1], offline=True, at=reception.earlier(30))
    assert desk.verdicts(mine) == ["admitted"]
    [result] = other.told(theirs)
    assert result["verdict"] == "admitted"
    assert desk.verdicts(mine) == other.verdicts(theirs) == ["admitted"]
    with app.app_context():
        double = db.session.scalars(db.select(DoubleEntry)).one()
        assert (double.first_scan_id, double.second_scan_id) == (theirs["id"], mine["id"])
        assert db.session.scalars(db.select(Arrival)).one().scan_id == theirs["id"]


def test_an_offline_entry_after_an_online_one_stands_and_says_so(app, desk, person):
    desk.told(scan(person[1]))
    other = device(app, name="Bàn 2")
    [result] = other.told(scan(person[1], offline=True))
    assert (result["verdict"], result["first"]["desk"]) == ("admitted", "Bàn 1")
    assert "Bàn 1" in result["message"]
    assert count(app, DoubleEntry) == 1


def test_the_same_desk_offline_reads_twice_and_that_is_no_double(app, desk, person):
    one = scan(person[1], offline=True, at=reception.earlier(20))
    two = scan(person[1], offline=True, at=reception.earlier(19))
    assert desk.verdicts(one, two) == ["admitted", "already_in"]
    assert count(app, DoubleEntry) == 0


def test_a_double_that_was_taken_back_is_no_work_any_more(app, desk, person):
    other = device(app, name="Bàn 2")
    mine = scan(person[1], offline=True, at=reception.earlier(20))
    desk.told(mine)
    other.told(scan(person[1], offline=True, at=reception.earlier(10)))
    assert count(app, DoubleEntry) == 1
    assert desk.verdicts(scan(kind="annul", annuls=mine["id"])) == ["annulled"]
    assert count(app, DoubleEntry) == 0
    assert desk.entry_of(person[0])["arrived_desk"] == "Bàn 2"


# --- clocks


def test_both_times_are_kept_and_the_skew_is_measured_at_each_call(app, desk, person):
    ahead = (now() + timedelta(hours=3)).isoformat()
    desk.told(scan(person[1], at=ahead))
    with app.app_context():
        kept = db.session.scalars(db.select(Scan)).one()
        assert kept.at.isoformat() == datetime.fromisoformat(ahead).isoformat()
        assert kept.corrected_at == kept.received_at
        assert -10810 < db.session.get_one(Desk, desk.desk_id).skew_seconds < -10790


def test_a_device_that_tells_its_time_has_its_offline_scans_corrected(app, desk, person):
    device_now = now() + timedelta(hours=3)
    made = device_now - timedelta(minutes=10)
    desk.send(scan(person[1], offline=True, at=made.isoformat()), now=device_now.isoformat())
    with app.app_context():
        kept = db.session.scalars(db.select(Scan)).one()
        assert (
            timedelta(minutes=9, seconds=50) < kept.received_at - kept.corrected_at < timedelta(minutes=10, seconds=10)
        )


def test_an_offline_scan_from_the_future_happened_at_the_latest_when_it_came(app, desk, person):
    desk.told(scan(person[1], offline=True, at=(now() + timedelta(days=1)).isoformat()))
    with app.app_context():
        kept = db.session.scalars(db.select(Scan)).one()
        assert kept.corrected_at == kept.received_at


# --- sittings


def add_sittings(app):
    from seminar.agenda.models import Sitting

    with app.app_context():
        seminar, moment = cast.find_seminar(), now()
        on = Sitting(
            seminar_id=seminar.id,
            name="Sáng",
            starts_at=moment - timedelta(hours=1),
            ends_at=moment + timedelta(hours=1),
        )
        later = Sitting(
            seminar_id=seminar.id,
            name="Chiều",
            starts_at=moment + timedelta(hours=3),
            ends_at=moment + timedelta(hours=5),
        )
        db.session.add_all([later, on])
        db.session.commit()
        return on.id, later.id


def test_a_scan_belongs_to_the_sitting_that_is_on_or_to_the_one_it_names(app, desk, person):
    on, later = add_sittings(app)
    assert desk.verdicts(scan(person[1]), scan(person[1], sitting=later), scan(person[1], sitting=on)) == [
        "admitted",
        "admitted",
        "already_in",
    ]
    with app.app_context():
        kept = db.session.scalars(db.select(Scan.sitting_id).order_by(Scan.corrected_at, Scan.received_at))
        assert sorted(kept) == sorted([on, later, on])
    assert desk.roster().json["sitting"] == {"id": on, "name": "Sáng"}


def test_the_same_id_in_another_sitting_is_a_conflict(app, desk, person):
    on, later = add_sittings(app)
    one = scan(person[1])
    assert desk.verdicts(one, one | {"sitting": on}, one | {"sitting": later}) == ["admitted", "admitted", "conflict"]


def test_another_seminars_sitting_is_malformed(app, desk, person):
    from seminar.agenda.models import Sitting

    with app.app_context():
        seminar = reception.other_seminar()
        sitting = Sitting(seminar_id=seminar.id, name="x", starts_at=now(), ends_at=now() + timedelta(hours=1))
        db.session.add(sitting)
        db.session.commit()
        found = sitting.id
    assert desk.verdicts(scan(person[1], sitting=found)) == ["malformed"]


# --- walk-ins


def test_a_walk_in_is_on_the_list_and_in_the_hall(app, desk):
    answer = desk.walk_in(name=" Trần  Văn Khách ", unit="Sở Thử", position="Chuyên viên", group="G2")
    assert answer.status_code == 200
    assert answer.json["verdict"] == "admitted"
    assert answer.json["counts"]["arrived"] == 1
    assert is_time(answer.json["server_time"])
    told = answer.json["delegate"]
    assert (told["name"], told["unit"], told["position"], told["group_code"]) == (
        "Trần Văn Khách",
        "Sở Thử",
        "Chuyên viên",
        "G2",
    )
    assert desk.entry_of(told["id"])["arrived_at"] is not None


def test_a_walk_in_told_again_is_the_same_person(app, desk):
    told = {"id": str(uuid4()), "name": "Trần Văn Khách", "at": reception.earlier(1)}
    first = desk.walk_in(**told)
    again = desk.walk_in(**told)
    assert {**first.json, "server_time": ""} == {**again.json, "server_time": ""}
    assert (count(app, WalkIn), count(app, Delegate), count(app, Scan)) == (1, 1, 1)
    assert first.json["delegate"]["group"] == "Chưa phân nhóm"
    assert desk.walk_in(**{**told, "name": "Người Khác"}).status_code == 422


def test_a_walk_in_comes_instead_of_somebody(app, desk, person):
    answer = desk.walk_in(instead_of=person[0])
    assert answer.status_code == 200
    with app.app_context():
        assert db.session.scalars(db.select(WalkIn)).one().instead_of_id == person[0]
    assert desk.walk_in(instead_of=424242).status_code == 422


def test_a_walk_in_can_be_taken_back(app, desk):
    answer = desk.walk_in()
    assert desk.verdicts(scan(kind="annul", annuls=answer.json["id"])) == ["annulled"]
    assert count(app, Arrival) == 0


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"name": ""}, 422),
        ({"name": " "}, 422),
        ({"id": "x"}, 400),
        ({"at": None}, 400),
        ({"name": 7}, 400),
        ({"group": "Không có"}, 422),
    ],
)
def test_a_walk_in_without_what_it_needs_is_refused_with_a_sentence(app, desk, change, status):
    answer = desk.walk_in(**change)
    assert answer.status_code == status
    assert answer.json["message"]
    assert is_time(answer.json["server_time"])
    assert count(app, Delegate) == 0


def test_scans_of_a_desk_are_not_limited(desk, person):
    assert {desk.send(scan(person[1])).status_code for _ in range(120)} == {200}
