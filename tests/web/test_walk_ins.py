"""Who is registered at the desk: instead of somebody, like somebody, and what the office decides."""

import io
import re
from uuid import uuid4

import pytest
from docx import Document

from seminar.audit.models import AuditEntry
from seminar.checkin import actions
from seminar.checkin.models import Arrival, Question, WalkIn
from seminar.delegates.models import Delegate
from seminar.lib.database import db
from seminar.minutes.documents import minutes_docx
from seminar.planning.models import Group, ProxyRule
from tests import cast, reception
from tests.reception import earlier, scan

PAGE = f"/seminars/{cast.SLUG}/arrivals/walk-ins"
DESKS = f"/seminars/{cast.SLUG}/desks"
PLAIN = f"/desk/{cast.SLUG}/walk-ins"
ARRIVALS = f"/seminars/{cast.SLUG}/arrivals"


def add(app, name="Nguyễn Văn Bình", group="G2", **values):
    with app.app_context():
        return reception.add_person(name, group, **values)


def walk_ins(app) -> list[WalkIn]:
    with app.app_context():
        return list(db.session.scalars(db.select(WalkIn).order_by(WalkIn.received_at)))


# --- instead of somebody


def test_a_proxy_is_in_and_the_delegate_is_shown_as_represented(app, desk, office):
    person = add(app)
    answer = desk.walk_in(name="Trần Văn Thay", instead_of=person[0])
    assert (answer.status_code, answer.json["verdict"]) == (200, "admitted")
    assert walk_ins(app)[0].question is None
    page = office.get(ARRIVALS).text
    assert "có người dự thay: Trần Văn Thay (số 2)" in page
    assert desk.entry_of(person[0])["represented"] == "Trần Văn Thay (số 2)"
    told = desk.told(scan(person[1]))[0]
    assert told["verdict"] == "admitted"
    assert "Trần Văn Thay (số 2)" in told["delegate"]["alert"]
    for page in ("credentials/people", f"delegates/{person[0]}"):
        assert "Trần Văn Thay (số 2)" in office.get(f"/seminars/{cast.SLUG}/{page}").text, page


def test_a_group_that_sends_no_proxies_is_refused_with_a_sentence(app, desk):
    person = add(app, group="T5")
    answer = desk.walk_in(name="Trần Văn Thay", instead_of=person[0])
    assert answer.status_code == 422
    assert "không cử người dự thay" in answer.json["message"]
    assert (walk_ins(app), desk.entry_of(person[0])["represented"]) == ([], None)


def test_a_desk_without_connection_let_in_whom_the_group_does_not_send(app, desk, office):
    person = add(app, group="T5")
    answer = desk.walk_in(name="Trần Văn Thay", instead_of=person[0], offline=True, at=earlier(5))
    assert answer.json["verdict"] == "admitted"
    assert walk_ins(app)[0].question == Question.FORBIDDEN_PROXY
    assert "1 việc cần quyết định" in office.get(PAGE).text


@pytest.mark.parametrize(("outcome", "is_represented"), [("approved", True), ("refused", False)])
def test_the_office_decides_on_a_proxy_that_needs_consent(app, desk, office, outcome, is_represented):
    person = add(app, group="T2")
    assert desk.walk_in(name="Trần Văn Thay", instead_of=person[0]).json["verdict"] == "admitted"
    walk_in = walk_ins(app)[0]
    assert walk_in.question == Question.PROXY
    where = f"{PAGE}/{walk_in.id}/settlement"
    assert office.get(where).status_code == 405
    assert office.post(where, data={"outcome": "withdrawn", "settlement": "x"}).status_code == 422
    for said in (outcome, "approved"):
        assert office.post(where, data={"outcome": said}).status_code == 303
    settled = walk_ins(app)[0]
    assert (settled.outcome, settled.settled_by) == (outcome, "Trần Thị Oanh")
    assert bool(desk.entry_of(person[0])["represented"]) is is_represented
    with app.app_context():
        assert db.session.query(Arrival).count() == 1


def refuse(office, walk_in):
    data = {"outcome": "refused", "settlement": "Không cùng cấp"}
    return office.post(f"{PAGE}/{walk_in.id}/settlement", data=data, follow_redirects=True)


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true", "HX-Request-Type": "full"}])
def test_a_refused_proxy_in_the_hall_is_work_until_somebody_saw_to_it(app, desk, office, headers):
    person = add(app, group="T2")
    desk.walk_in(name="Trần Văn Thay", instead_of=person[0])
    assert "Trần Văn Thay" not in office.get(DESKS).text
    (walk_in,) = walk_ins(app)
    assert "vẫn ở trong hội trường" in refuse(office, walk_in).text
    page = office.get(DESKS).text
    for said in ("Trần Văn Thay", "1 · Nguyễn Văn Bình", "Không cùng cấp", "1 người không được dự thay đang ở trong"):
        assert said in page, said
    assert "1 người không được dự thay" in office.get(f"/seminars/{cast.SLUG}/day").text
    where = f"{PAGE}/{walk_in.id}/seeing-to"
    assert office.get(where).status_code == 405
    answer = office.post(where, data={"seen_to": " "}, headers=headers)
    assert (answer.status_code, "Hãy ghi đã xử lý thế nào" in answer.text) == (422, True)
    for said in ("Cho dự thính, ngồi hàng cuối", "Khác"):
        assert office.post(where, data={"seen_to": said}, headers=headers).status_code == 303
    assert "Trần Văn Thay" not in office.get(DESKS).text
    page = office.get(PAGE).text
    assert "Cho dự thính, ngồi hàng cuối" in page
    assert "Khác" not in page
    with app.app_context():
        said = [one.detail.get("seen_to") for one in db.session.scalars(db.select(AuditEntry)) if one.verb == "settle"]
        assert said == [None, "Cho dự thính, ngồi hàng cuối"]


@pytest.mark.parametrize("way", ["exit", "annul"])
def test_whoever_was_refused_and_has_gone_is_no_work_any_more(app, desk, office, way):
    person = add(app, group="T2")
    told = desk.walk_in(name="Trần Văn Thay", instead_of=person[0]).json
    refuse(office, walk_ins(app)[0])
    assert 'id="refused"' in office.get(DESKS).text
    if way == "exit":
        desk.told(scan(kind="exit", delegate_id=told["delegate"]["id"]))
    else:
        desk.told(scan(kind="annul", annuls=told["id"]))
    assert 'id="refused"' not in office.get(DESKS).text


def test_only_a_refused_proxy_is_seen_to_and_only_by_the_office(app, desk, office, staff):
    person = add(app, group="T2")
    desk.walk_in(name="Trần Văn Thay", instead_of=person[0])
    (walk_in,) = walk_ins(app)
    where = f"{PAGE}/{walk_in.id}/seeing-to"
    assert office.post(where, data={"seen_to": "x"}).status_code == 422
    refuse(office, walk_in)
    page = staff("tam").get(DESKS).text
    assert ("Trần Văn Thay" in page, 'name="seen_to"' in page) == (True, False)
    for login, status in (("tam", 403), ("vinh", 403)):
        assert staff(login).post(where, data={"seen_to": "x"}).status_code == status
    for missing in ("x", str(uuid4())):
        assert office.post(f"{PAGE}/{missing}/seeing-to", data={"seen_to": "x"}).status_code == 404
    assert walk_ins(app)[0].seen_to == ""


def test_two_cannot_come_instead_of_one(app, desk):
    person = add(app)
    first = desk.walk_in(name="Trần Văn Thay", instead_of=person[0]).json
    second = desk.walk_in(name="Lê Văn Khác", instead_of=person[0])
    assert (second.status_code, "Trần Văn Thay" in second.json["message"]) == (422, True)
    assert desk.verdicts(scan(kind="annul", annuls=first["id"])) == ["annulled"]
    assert desk.entry_of(person[0])["represented"] is None
    assert desk.walk_in(name="Lê Văn Khác", instead_of=person[0]).status_code == 200


def test_who_came_for_whom_is_told_once_in_minutes_and_report(app, desk):
    from seminar.checkin.queries.walk_ins import proxies_of_desks
    from seminar.reports.documents.result import report_docx
    from seminar.reports.queries import lists
    from seminar.reports.queries.people import Who

    person = add(app, unit_id=1)
    add(app, "Người Không Báo")
    desk.walk_in(name="Trần Văn Thay", instead_of=person[0])
    with app.app_context():
        seminar = cast.find_seminar()
        assert [(one.name, proxy.name) for one, proxy in proxies_of_desks(seminar)] == [
            ("Nguyễn Văn Bình", "Trần Văn Thay")
        ]
        told = {one.name: one.arrived_at for one in lists.entries(seminar, Who(), ("arrived_at",))}
        assert told["Nguyễn Văn Bình"] == "có người dự thay: Trần Văn Thay"
        assert "dự thay" not in told["Trần Văn Thay"]
        whole = minutes_of(seminar)
        document = Document(io.BytesIO(report_docx(seminar, "", reception.moment())))
        report = "\n".join(one.text for one in document.paragraphs)
    assert whole.count("Trần Văn Thay") == 1
    assert re.search(r"Dự thay: 1 đại biểu:\s*- Trần Văn Thay dự thay Nguyễn Văn Bình", whole)
    assert "Vắng: 2 đại biểu; trong đó có người dự thay 1, có báo vắng 0, không báo 1." in whole
    assert "Có mặt 1 đại biểu, vắng 2 (trong đó có người dự thay 1);" in report
    assert "Trong số vắng có 1 đại biểu có người dự thay." in report


def minutes_of(seminar) -> str:
    """The text of the minutes' draft."""
    content = minutes_docx(seminar, reception.moment())
    return "\n".join(one.text for one in Document(io.BytesIO(content)).paragraphs)


# --- like somebody


def test_somebody_of_the_list_is_not_registered_a_second_time(app, desk):
    person = add(app, body="Sở Thử")
    told = {"id": str(uuid4()), "name": "NGUYỄN VĂN BÌNH", "unit": "sở  thử"}
    answer = desk.walk_in(**told)
    assert (answer.status_code, answer.json["like"]) == (422, person[0])
    assert "số 1" in answer.json["message"]
    assert "Nguyễn Văn Bình" in answer.json["message"]
    assert walk_ins(app) == []
    assert desk.walk_in(**told, is_another=True).json["verdict"] == "admitted"
    assert walk_ins(app)[0].question is None
    assert desk.walk_in(**told).status_code == 200


@pytest.mark.parametrize("unit", ["", "Sở Khác"])
def test_the_same_name_of_another_unit_is_another_person(app, desk, unit):
    add(app, body="Sở Thử")
    assert desk.walk_in(name="Nguyễn Văn Bình", unit=unit).status_code == 200
    assert walk_ins(app)[0].question is None


def test_the_unit_is_known_by_its_own_name(app, desk):
    add(app, group="T2")
    assert desk.walk_in(name="Nguyễn Văn Bình", unit="Thành Đoàn Thử Một").status_code == 422


def test_who_is_in_already_is_no_reason_to_refuse_but_is_looked_into(app, desk, office):
    person = add(app, body="Sở Thử")
    desk.told(scan(person[1]))
    assert desk.walk_in(name="Nguyễn Văn Bình", unit="Sở Thử").status_code == 200
    assert walk_ins(app)[0].question == Question.LIKENESS
    assert "1 · Nguyễn Văn Bình" in office.get(PAGE).text


def test_a_desk_without_connection_is_believed_and_the_office_looks_into_it(app, desk, office):
    add(app, body="Sở Thử")
    answer = desk.walk_in(name="Nguyễn Văn Bình", unit="Sở Thử", offline=True, at=earlier(3))
    assert answer.json["verdict"] == "admitted"
    walk_in = walk_ins(app)[0]
    assert walk_in.question == Question.LIKENESS
    where = f"{PAGE}/{walk_in.id}/settlement"
    assert office.post(where, data={"settlement": " "}).status_code == 422
    assert office.post(where, data={"settlement": "Một người, đã xóa dòng thừa"}).status_code == 303
    assert "Một người, đã xóa dòng thừa" in office.get(PAGE).text


@pytest.fixture
def plain(app):
    """A device without JavaScript, paired by its cookie."""
    with app.app_context():
        code = actions.open_pairing(cast.find_seminar(), "Bàn", cast.OFFICE, reception.moment())
        db.session.commit()
    client = app.test_client()
    client.post(f"/desk/{cast.SLUG}/pairing", data={"pairing_code": code, "name": "Bàn"})
    return client


def test_the_plain_desk_page_asks_before_it_registers_another(app, plain):
    add(app, body="Sở Thử")
    said = {"id": str(uuid4()), "name": "Nguyễn Văn Bình", "unit": "Sở Thử", "position": "Chuyên viên"}
    answer = plain.post(PLAIN, data=said)
    assert answer.status_code == 422
    for kept in ("số 1", 'name="is_another"', 'value="Chuyên viên"'):
        assert kept in answer.text
    assert plain.post(PLAIN, data=said | {"is_another": "y"}).status_code == 303
    assert len(walk_ins(app)) == 1


@pytest.mark.parametrize(
    ("group", "number", "status", "question"),
    [("G2", "1", 303, None), ("T2", " 1 ", 303, Question.PROXY), ("T5", "1", 422, None), ("G2", "77", 422, None)],
)
def test_the_plain_desk_page_takes_whom_somebody_comes_for(app, plain, group, number, status, question):
    person = add(app, group=group)
    said = {"id": str(uuid4()), "name": "Trần Văn Thay", "instead_of_number": number}
    answer = plain.post(PLAIN, data=said)
    assert answer.status_code == status
    found = walk_ins(app)
    if status == 303:
        assert [(one.instead_of_id, one.question) for one in found] == [(person[0], question)]
    else:
        assert found == []
        for kept in (
            "không cử người dự thay" if group == "T5" else "Không ai trong danh sách có số này",
            "Trần Văn Thay",
        ):
            assert kept in answer.text
        assert f'value="{number}"' in answer.text


@pytest.mark.parametrize("number", ["x", "1' OR 1", "9" * 8, "-1", "٣"])
def test_a_number_that_is_none_is_an_error_of_its_field(app, plain, number):
    add(app)
    answer = plain.post(PLAIN, data={"id": str(uuid4()), "name": "Trần Văn Thay", "instead_of_number": number})
    assert (answer.status_code, "Không ai trong danh sách có số này" in answer.text) == (422, True)
    assert walk_ins(app) == []


def test_what_to_hand_out_stands_on_the_plain_page_and_in_the_answer(app, plain, desk):
    with app.app_context():
        db.session.scalars(db.select(Group).where(Group.code == "G2")).one().hand_out = "Cặp tài liệu, hoa cài áo"
        db.session.commit()
    _, code = add(app)
    page = plain.post(f"/desk/{cast.SLUG}/scans", data={"id": str(uuid4()), "what": code}, follow_redirects=True).text
    assert "Cặp tài liệu, hoa cài áo" in page
    assert desk.told(scan(code))[0]["delegate"]["hand_out"] == "Cặp tài liệu, hoa cài áo"


# --- when it happened


@pytest.mark.parametrize(("at", "is_offline"), [(180, True), (-180, True), (180, False), (-180, False)])
def test_a_device_clock_three_hours_off_moves_no_walk_in(app, desk, at, is_offline):
    told = {"at": earlier(at), "server_at": earlier(20), "offline": is_offline}
    assert desk.walk_in(**told).json["verdict"] == "admitted"
    with app.app_context():
        came = db.session.scalars(db.select(Arrival.arrived_at)).one()
        ago = (reception.moment() - came).total_seconds() / 60
        assert abs(ago - (20 if is_offline else 0)) < 1


def test_a_walk_in_never_comes_from_the_future(app, desk):
    assert desk.walk_in(at=earlier(5), server_at=earlier(-90), offline=True).status_code == 200
    with app.app_context():
        assert db.session.scalars(db.select(Arrival.arrived_at)).one() <= reception.moment()


def test_a_time_that_is_none_is_refused(app, desk):
    answer = desk.walk_in(server_at="hôm qua")
    assert (answer.status_code, "server_at" in answer.json["message"]) == (400, True)


# --- the page


@pytest.mark.parametrize(
    ("login", "sees", "decides"), [("an", 200, 404), ("oanh", 200, 404), ("tam", 200, 403), ("vinh", 403, 403)]
)
def test_who_may_see_and_who_may_decide(staff, login, sees, decides):
    client = staff(login)
    assert client.get(PAGE).status_code == sees
    for missing in ("x", str(uuid4())):
        assert client.post(f"{PAGE}/{missing}/settlement").status_code == decides


def test_the_page_costs_the_same_for_one_and_for_many(app, desk, office, query_count):
    desk.walk_in(name="Người Một")
    few = query_count(lambda: office.get(PAGE))
    for number in range(4):
        desk.walk_in(name=f"Người {number}", unit="Sở Thử")
    assert query_count(lambda: office.get(PAGE)) == few


def test_the_rule_is_the_group_of_the_delegate(app, desk):
    person = add(app)
    with app.app_context():
        db.session.scalars(db.select(Group).where(Group.code == "G2")).one().proxy_rule = ProxyRule.NONE
        db.session.commit()
    assert desk.walk_in(name="Trần Văn Thay", instead_of=person[0]).status_code == 422
    with app.app_context():
        assert db.session.query(Delegate).count() == 1
