"""The list on paper, copied after all devices were dead."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from seminar.agenda.models import Sitting
from seminar.audit.models import AuditEntry
from seminar.checkin.models import Arrival, Desk, DoubleEntry, Rehearsal, Scan, ScanKind, Source
from seminar.lib.clock import short_time
from seminar.lib.database import db
from tests import cast, reception
from tests.reception import device, earlier, scan

PAGE = f"/seminars/{cast.SLUG}/arrivals/paper"
FORM = "11111111-1111-4111-8111-111111111111"
OTHER = "22222222-2222-4222-8222-222222222222"


@pytest.fixture
def four(app):
    """Ids of four people, numbers 1 to 4: two of G2, two of T5."""
    with app.app_context():
        seminar = cast.find_seminar()
        pairs = (("Nguyễn Văn An", "G2"), ("Trần Thị Bình", "G2"), ("Lê Văn Cường", "T5"), ("Phạm Thị Dung", "T5"))
        found = [cast.add_delegate(seminar, *pair).id for pair in pairs]
        db.session.commit()
        return found


def enter(client, form_id=FORM, query="", **said):
    return client.post(PAGE + query, data={"form_id": form_id, "time": "07:45"} | said)


def came(app) -> dict[int, str]:
    """When each is counted as arrived, on the hall's clock."""
    with app.app_context():
        return {one.delegate_id: short_time(one.arrived_at) for one in db.session.scalars(db.select(Arrival))}


def scans(app) -> list[Scan]:
    with app.app_context():
        return list(db.session.scalars(db.select(Scan).order_by(Scan.received_at)))


def numbers_on(page: str) -> list[str]:
    return re.findall(r'<tr data-row.*?class="num strong">(\d+)<', page, re.S)


def test_ticks_become_scans_of_the_list_on_paper(app, office, four):
    answer = enter(office, tick=[four[0], four[2]], **{f"time-{four[2]}": "8h05"})
    assert answer.status_code == 303
    assert came(app) == {four[0]: "07:45", four[2]: "08:05"}
    stored = scans(app)[0]
    assert (stored.source, stored.entered_by, stored.verdict) == (Source.PAPER, "Trần Thị Oanh", "admitted")
    with app.app_context():
        desk = db.session.scalars(db.select(Desk)).one()
        assert (desk.name, len(desk.token_sha256)) == ("Danh sách giấy", len("paper 1"))
        entry = db.session.scalars(db.select(AuditEntry).where(AuditEntry.noun == "paper ticks")).one()
        assert (entry.actor_name, entry.detail["numbers"]) == ("Trần Thị Oanh", [1, 3])
    assert "Đã nhập 2 người từ danh sách giấy" in office.get(PAGE).text
    assert "Danh sách giấy" not in office.get(f"/seminars/{cast.SLUG}/desks").text.split('id="desks"')[1]


def test_sending_twice_changes_nothing(app, office, four):
    for _ in range(2):
        assert enter(office, tick=four[:2]).status_code == 303
    assert enter(office, form_id=OTHER, tick=four[:1], time="09:00").status_code == 303
    assert came(app) == {four[0]: "07:45", four[1]: "07:45"}
    assert len(scans(app)) == 2
    assert "đã được nhập từ trước" in office.get(PAGE).text


def test_numbers_are_typed_and_a_group_is_entered_at_once(app, office, four):
    assert enter(office, numbers="1, 3-4 ;2").status_code == 303
    assert sorted(came(app)) == four
    with app.app_context():
        db.session.execute(db.delete(Arrival))
        db.session.execute(db.delete(Scan))
        db.session.commit()
    assert enter(office, group="T5").status_code == 303
    assert sorted(came(app)) == four[2:]


def test_a_time_in_a_row_is_a_tick(app, office, four):
    enter(office, **{f"time-{four[1]}": "7:30"})
    assert came(app) == {four[1]: "07:30"}


def test_the_page_lists_the_people_in_the_order_of_the_printed_list(office, four):
    for query in ("", "?order=number", "?order=protocol", "?group=T5&order=number", "?search=tran"):
        printed = office.get(f"/seminars/{cast.SLUG}/arrivals/print{query}").text
        assert printed.count('class="print-blank"') == 10  # for whoever is not on the list
        assert numbers_on(office.get(PAGE + query).text) == re.findall(
            r'data-row><td class="num strong">(\d+)<', printed
        )
    assert numbers_on(office.get(f"{PAGE}?group=T5&order=number").text) == ["3", "4"]


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({}, "Chưa đánh dấu ai"),
        ({"numbers": "1, 77, 99"}, "77, 99"),
        ({"numbers": "1, mười"}, "mười"),
        ({"numbers": "9-3"}, "ngược"),
        ({"numbers": "1-99999"}, "1-99999"),
        ({"numbers": "1", "time": "25:00"}, "25:00"),
        ({"numbers": "1", "time": "sáng"}, "sáng"),
        ({"numbers": "1", "time": ""}, "07:45"),
        ({"numbers": "1", "form_id": "x"}, "Tải lại trang"),
        ({"tick": "424242"}, "không còn trong danh sách"),
        ({"tick": "9" * 40}, "Chưa đánh dấu ai"),
    ],
)
def test_bad_input_stores_nothing_says_what_to_do_and_stays_in_the_form(app, office, four, said, sentence):
    answer = enter(office, **said)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert f'value="{said.get("numbers", "")}"' in answer.text
    assert scans(app) == []


def test_a_time_still_to_come_is_refused(app, office, four):
    with app.app_context():
        seminar = cast.find_seminar()
        seminar.held_on = datetime.now(UTC).date().replace(year=2099)
        db.session.commit()
    answer = enter(office, tick=four[:1])
    assert (answer.status_code, "chưa tới" in answer.text) == (422, True)
    assert f'value="{four[0]}" checked' in re.sub(r'aria-label="[^"]*" ', "", answer.text)
    with app.app_context():
        cast.find_seminar().held_on = None
        db.session.commit()
    assert "chưa có ngày" in enter(office, tick=four[:1]).text


def test_the_paper_beside_a_scan_is_no_double_and_the_earlier_time_counts(app, office, four):
    code = "1"
    for offline in (False, True):
        device(app, name=f"Bàn {offline}").told(scan(code, source="number", offline=offline, at=earlier(1)))
    before = len(doubles(app))
    enter(office, numbers="1, 2")
    assert came(app)[four[0]] == "07:45"
    assert device(app, name="Bàn sau").verdicts(scan("2", source="number")) == ["already_in"]
    device(app, name="Bàn rời mạng").told(scan("2", source="number", offline=True, at=earlier(0)))
    assert came(app)[four[1]] == "07:45"
    assert len(doubles(app)) == before


def doubles(app):
    with app.app_context():
        return list(db.session.scalars(db.select(DoubleEntry)))


def test_paper_that_is_later_than_the_scan_leaves_the_scan_standing(app, office, four):
    with app.app_context():
        cast.find_seminar().held_on = datetime(2020, 1, 1).date()
        db.session.commit()
    device(app).told(scan("1", source="number", offline=True, at="2020-01-01T07:30:00"))
    enter(office, numbers="1")
    assert came(app) == {four[0]: "07:30"}
    assert doubles(app) == []
    assert [one.verdict for one in scans(app)] == ["admitted", "already_in"]


def test_an_entry_is_taken_back_and_entered_anew(app, office, four):
    enter(office, tick=four[:1])
    stored = scans(app)[0].id
    where = f"{PAGE}/{stored}/reversal"
    assert office.get(where).status_code == 405
    for _ in range(2):
        assert office.post(where).status_code == 303
    assert came(app) == {}
    assert [one.kind for one in scans(app)] == [ScanKind.ENTRY, ScanKind.ANNUL]
    old = enter(office, tick=four[:1])
    assert (old.status_code, "đã bị rút lại" in old.text, FORM in old.text) == (422, True, False)
    assert enter(office, form_id=OTHER, tick=four[:1], time="07:40").status_code == 303
    assert came(app) == {four[0]: "07:40"}


@pytest.mark.parametrize("refuses", [False, True])
def test_taking_one_back_keeps_what_is_ticked_and_not_entered_yet(app, office, four, refuses):
    enter(office, tick=four[:1])
    stored = scans(app)[0].id
    page = office.get(f"{PAGE}?group=G2&order=number").text
    assert f'form="ticks" formaction="{PAGE}/{stored}/reversal?group=G2&amp;order=number"' in page
    marks = {"form_id": OTHER, "time": "07:20", "tick": [four[1]], "numbers": "3", "group": "T5"}
    if refuses:
        with app.app_context():
            db.session.get_one(Scan, stored).kind = ScanKind.EXIT
            db.session.commit()
    answer = office.post(f"{PAGE}/{stored}/reversal?order=number", data=marks | {f"time-{four[3]}": "8h10"})
    assert answer.status_code == (422 if refuses else 200)
    ticked = re.findall(r'name="tick" value="(\d+)"[^>]*checked', answer.text)
    assert ticked == [str(four[1]), str(four[3])]
    for kept in ('value="07:20"', 'value="3"', 'value="8h10"', '<option value="T5" selected>'):
        assert kept in answer.text, kept
    assert OTHER not in answer.text
    assert numbers_on(answer.text) == ["1", "2", "3", "4"]
    assert (came(app) == {}) is not refuses
    form_id = re.search(r'name="form_id" value="([^"]+)"', answer.text)[1]
    if not refuses:
        assert "Đã rút lại" in answer.text
        again = office.post(f"{PAGE}/{stored}/reversal", data=marks)
        assert (again.status_code, len(scans(app))) == (200, 2)
        assert enter(office, form_id=form_id, tick=four[1], numbers="3").status_code == 303
        assert sorted(came(app)) == four[1:3]


def test_only_what_came_from_paper_here_is_taken_back_here(app, office, four):
    desk = device(app)
    told = scan("1", source="number")
    desk.told(told)
    for missing in (told["id"], "x", FORM):
        assert office.post(f"{PAGE}/{missing}/reversal").status_code == 404
    assert len(came(app)) == 1


def test_paper_is_never_practice(app, office, four):
    with app.app_context():
        begin, end = datetime(2024, 3, 15, 0, 0, tzinfo=UTC), datetime(2024, 3, 15, 3, 0, tzinfo=UTC)
        seminar_id = cast.find_seminar().id
        db.session.add(Rehearsal(seminar_id=seminar_id, began_at=begin, began_by="x", ends_at=end))
        db.session.commit()
    enter(office, tick=four[:1])
    assert came(app) == {four[0]: "07:45"}


def test_each_sitting_has_its_own_list_and_day(app, office, four):
    with app.app_context():
        seminar_id = cast.find_seminar().id
        for day in (15, 16):
            start = datetime(2024, 3, day, 1, 0, tzinfo=UTC)
            db.session.add(
                Sitting(seminar_id=seminar_id, name=f"Ngày {day}", starts_at=start, ends_at=start.replace(hour=4))
            )
        db.session.commit()
        ids = list(db.session.scalars(db.select(Sitting.id).order_by(Sitting.starts_at)))
        db.session.scalars(db.select(Sitting).order_by(Sitting.starts_at.desc())).first().starts_at += timedelta(
            hours=1
        )
        db.session.commit()
    offered = [
        re.search(r'id="time" name="time" value="([^"]*)"', office.get(f"{PAGE}?sitting={one}").text)[1] for one in ids
    ]
    assert offered == ["07:45", "08:45"]
    answer = enter(office, query=f"?sitting={ids[0]}&order=number", tick=four[1:2], time="7h50")
    assert answer.location.endswith(f"?sitting={ids[0]}&order=number&time=7h50")
    assert 'value="7h50"' in office.get(answer.location).text
    office.post(f"{PAGE}/{scans(app)[0].id}/reversal")
    for sitting in ids:
        assert enter(office, query=f"?sitting={sitting}", tick=four[:1]).status_code == 303
    with app.app_context():
        stored = list(db.session.scalars(db.select(Arrival).order_by(Arrival.arrived_at)))
        assert [(one.sitting_id, one.arrived_at.day, one.arrived_at.hour) for one in stored] == [
            (ids[0], 15, 0),
            (ids[1], 16, 0),
        ]


@pytest.mark.parametrize(("login", "status"), [("an", 200), ("oanh", 200), ("tam", 200), ("thu", 403), ("vinh", 403)])
def test_who_may_copy(staff, login, status):
    assert staff(login).get(PAGE).status_code == status


def test_the_page_costs_the_same_for_one_and_for_many(app, office, query_count):
    with app.app_context():
        cast.add_delegate(cast.find_seminar(), "Một Người", "G2")
        db.session.commit()
    few = query_count(lambda: office.get(PAGE))
    with app.app_context():
        for number in range(6):
            cast.add_delegate(cast.find_seminar(), f"Người {number}", "G2")
        db.session.commit()
    assert query_count(lambda: office.get(PAGE)) == few
    enter(office, numbers="1-7")
    assert query_count(lambda: office.get(PAGE)) == few


def test_several_values_are_understood_as_written():
    from seminar.checkin.forms.paper import numbers_in, time_of_day

    assert numbers_in("12, 15-18, 22") == [12, 15, 16, 17, 18, 22]
    assert numbers_in(" 1 2\n3; 2 ") == [1, 2, 3]
    assert numbers_in("5 – 6") == [5, 6]
    assert numbers_in("") == []
    assert [time_of_day(text) for text in ("7:05", "07h45", "7 giờ", "7 giờ 30", "7g15")] == [
        (7, 5),
        (7, 45),
        (7, 0),
        (7, 30),
        (7, 15),
    ]


def test_a_foreign_seminar_is_not_touched(app, office, four):
    with app.app_context():
        reception.other_seminar()
        db.session.commit()
    other = office.post(
        "/seminars/toa-dam-khac/arrivals/paper", data={"form_id": FORM, "time": "07:45", "tick": four[0]}
    )
    assert other.status_code == 422
    assert came(app) == {}
