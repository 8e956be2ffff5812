"""The programme on the day: items begin, end and are taken back; two at once are told; the times are corrected."""

import re
from datetime import datetime, timedelta

import pytest

from seminar.agenda import actions, queries
from seminar.agenda.models import Item, Run, Sitting
from seminar.lib.database import db
from tests import cast
from tests.web.test_programme import BOTH_WAYS, PROGRAMME, add_sitting, item_id, items, sitting

__all__ = ["sitting"]
EIGHT = datetime.fromisoformat("2024-03-15T01:00:00+00:00")
PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def clock(monkeypatch):
    """`clock(5)`: it is then five minutes past eight on the day of the seminar."""

    def be(minutes):
        for module in ("agenda.views.running", "agenda.views.programme"):
            monkeypatch.setattr(f"seminar.{module}.now", lambda: EIGHT + timedelta(minutes=minutes))

    be(0)
    return be


def begin(client, app, title, **data):
    return client.post(f"{PROGRAMME}/items/{item_id(app, title)}/beginning", data=data)


def runs(app):
    """(title or "", minute begun, minute ended) of what was not taken back."""

    def minute(moment):
        return None if moment is None else int((moment - EIGHT).total_seconds() // 60)

    with app.app_context():
        found = queries.runs_of(cast.find_seminar())
        return [(run.item.title if run.item else "", minute(run.began_at), minute(run.ended_at)) for run in found]


def run_id(app, title):
    with app.app_context():
        query = db.select(Run.id).join(Item, Run.item_id == Item.id).where(Item.typed_title == title)
        return db.session.scalars(query.order_by(Run.id.desc())).first()


def card(page):
    return re.search(r'<section class="card no-print" id="running".*?</section>', page.text, re.S)[0]


@BOTH_WAYS
def test_beginning_an_item_ends_the_one_before_and_begins_the_sitting(app, office, sitting, clock, headers):
    clock(3)
    address = f"{PROGRAMME}/items/{item_id(app, 'Tuyên bố lý do')}/beginning"
    assert office.post(address, headers=headers).location == f"{PROGRAMME}#running"
    clock(15)
    begin(office, app, "Trao đổi")
    begin(office, app, "Trao đổi")
    assert runs(app) == [("", 3, None), ("Tuyên bố lý do", 3, 15), ("Trao đổi", 15, None)]


def test_the_page_tells_the_delay_and_the_real_times_beside_the_planned(app, office, sitting, clock):
    clock(12)
    begin(office, app, "Tuyên bố lý do")
    page = office.get(PROGRAMME)
    told = card(page)
    assert "Tuyên bố lý do" in told
    assert "chậm 12 phút so với chương trình" in told
    assert "khoảng 08:22" in told
    assert "08:12–…" in page.text
    clock(16)
    begin(office, app, "Đại biểu phát biểu tham luận")
    page = office.get(PROGRAMME)
    assert "08:12–08:16" in page.text
    assert "chậm 6 phút so với chương trình" in card(page)
    assert "08:00–08:10" in page.text


def test_an_item_ends_and_ending_twice_keeps_the_first_time(app, office, sitting, clock):
    begin(office, app, "Tuyên bố lý do")
    for minutes in (7, 9):
        clock(minutes)
        assert office.post(f"{PROGRAMME}/runs/{run_id(app, 'Tuyên bố lý do')}/ending").status_code == 303
    assert runs(app)[1] == ("Tuyên bố lý do", 0, 7)
    assert "Không có mục nào đang diễn ra." in card(office.get(PROGRAMME))


def test_what_was_pressed_by_mistake_is_taken_back_and_what_it_ended_goes_on(app, office, sitting, clock):
    begin(office, app, "Tuyên bố lý do")
    clock(2)
    begin(office, app, "Kết thúc")
    for _ in range(2):
        assert office.post(f"{PROGRAMME}/runs/{run_id(app, 'Kết thúc')}/reversal").status_code == 303
    assert runs(app) == [("", 0, None), ("Tuyên bố lý do", 0, None)]
    with app.app_context():
        assert len(db.session.scalars(db.select(Run)).all()) == 3


def test_a_sitting_begun_by_mistake_is_taken_back_only_when_none_of_its_items_was_on(app, office, sitting, clock):
    office.post(f"{PROGRAMME}/sittings/{sitting}/beginning")
    begin(office, app, "Tuyên bố lý do")
    with app.app_context():
        whole = db.session.scalars(db.select(Run.id).where(Run.item_id.is_(None))).one()
    office.post(f"{PROGRAMME}/runs/{whole}/reversal")
    assert "Các mục của buổi đã diễn ra" in office.get(PROGRAMME).text
    office.post(f"{PROGRAMME}/runs/{run_id(app, 'Tuyên bố lý do')}/reversal")
    office.post(f"{PROGRAMME}/runs/{whole}/reversal")
    assert runs(app) == []


def test_two_secretaries_at_once_the_slower_is_told_what_is_on(app, staff, sitting, clock):
    office, secretary = staff("oanh"), staff("thu")
    begin(office, app, "Tuyên bố lý do", on="0")
    seen = str(item_id(app, "Tuyên bố lý do"))
    begin(office, app, "Trao đổi", on=seen)
    begin(secretary, app, "Kết thúc", on=seen)
    assert "Trong lúc đó Trần Thị Oanh đã bắt đầu “Trao đổi”." in secretary.get(PROGRAMME).text
    begin(secretary, app, "Trao đổi", on=seen)
    assert [title for title, _, ended in runs(app) if ended is None] == ["", "Trao đổi"]


def test_the_sitting_ends_with_what_is_on_and_goes_on_again(app, office, sitting, clock):
    base = f"{PROGRAMME}/sittings/{sitting}"
    assert office.post(f"{base}/ending").status_code == 303
    assert "Buổi này chưa bắt đầu." in office.get(PROGRAMME).text
    begin(office, app, "Tuyên bố lý do")
    clock(100)
    office.post(f"{base}/ending")
    assert runs(app) == [("", 0, 100), ("Tuyên bố lý do", 0, 100)]
    begin(office, app, "Trao đổi")
    assert "Buổi này đã kết thúc." in office.get(PROGRAMME).text
    assert "Cho buổi tiếp tục" in card(office.get(PROGRAMME))
    office.post(f"{base}/continuation")
    begin(office, app, "Trao đổi")
    assert runs(app)[-1] == ("Trao đổi", 100, None)


# The real times


def test_the_real_times_are_corrected_to_the_minute(app, office, sitting, clock):
    begin(office, app, "Tuyên bố lý do")
    clock(200)
    address = f"{PROGRAMME}/sittings/{sitting}/times"
    assert 'value="08:00"' in office.get(address).text
    answer = office.post(address, data={"day": "2024-03-15", "began": "07:55", "ended": "11:02"})
    assert answer.location == f"{PROGRAMME}#running"
    assert runs(app) == [("", -5, 182), ("Tuyên bố lý do", 0, 182)]
    office.post(address, data={"day": "2024-03-15", "began": "07:56", "ended": ""})
    assert runs(app)[0] == ("", -4, None)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"began": "08:05"}, "Có mục bắt đầu lúc 08:00: buổi không thể bắt đầu muộn hơn."),
        ({"ended": "08:20"}, "Có mục bắt đầu lúc 08:30: buổi không thể kết thúc trước đó."),
        ({"ended": "07:00"}, "Buổi phải kết thúc sau giờ bắt đầu."),
        ({"ended": "12:00"}, "Giờ này ở tương lai"),
        ({"began": "x"}, "aria-invalid"),
        ({"day": ""}, "Hãy ghi ngày."),
        ({"day": "0001-01-01"}, "1900"),
    ],
)
def test_times_that_cannot_be_are_refused_and_kept_in_the_form(app, office, sitting, clock, change, sentence):
    begin(office, app, "Tuyên bố lý do")
    clock(30)
    begin(office, app, "Trao đổi")
    clock(100)
    before = runs(app)
    data = {"day": "2024-03-15", "began": "07:59", "ended": ""} | change
    answer = office.post(f"{PROGRAMME}/sittings/{sitting}/times", data=data)
    assert (answer.status_code, sentence in answer.text) == (422, True)
    assert runs(app) == before


def test_a_sitting_whose_buttons_nobody_pressed_gets_its_times_afterwards(app, office, sitting, clock):
    clock(400)
    office.post(f"{PROGRAMME}/sittings/{sitting}/times", data={"day": "2024-03-15", "began": "08:03", "ended": "11:31"})
    assert runs(app) == [("", 3, 211)]


def test_a_sitting_that_nobody_ended_asks_for_its_times_and_does_not_end_now(app, office, sitting, clock):
    begin(office, app, "Tuyên bố lý do")
    clock(60 * 24)
    told = card(office.get(PROGRAMME))
    assert "Chưa ai ghi giờ kết thúc buổi" in told
    assert "Kết thúc buổi" not in told


# What was on stays


def test_an_item_that_was_on_stays_in_its_sitting_and_in_the_programme(app, office, sitting, clock):
    with app.app_context():
        other = add_sitting(name="Buổi chiều", items=()).id
        db.session.commit()
    begin(office, app, "Trao đổi")
    office.post(f"{PROGRAMME}/runs/{run_id(app, 'Trao đổi')}/reversal")
    one = item_id(app, "Trao đổi")
    office.post(f"{PROGRAMME}/items/{one}/removal")
    assert "Mục này đã được bấm bắt đầu" in office.get(PROGRAMME).text
    office.post(f"{PROGRAMME}/items/{one}/position", data={"place": f"{other}:0"})
    assert "“Trao đổi” đã diễn ra nên không chuyển sang buổi khác được." in office.get(f"{PROGRAMME}/items/{one}").text
    assert len(items(app)) == 4


def test_a_sitting_that_was_begun_stays(app, office):
    with app.app_context():
        empty = add_sitting(items=())
        actions.begin_sitting(empty, cast.OFFICE, cast.NOW)
        db.session.commit()
        address = f"{PROGRAMME}/sittings/{empty.id}/removal"
    office.post(address)
    assert "Buổi này đã được bấm bắt đầu" in office.get(PROGRAMME).text
    with app.app_context():
        assert db.session.scalars(db.select(Sitting)).one()


# The card


def test_the_card_is_a_region_that_is_asked_for_alone(app, office, staff, sitting, clock):
    begin(office, app, "Tuyên bố lý do")
    answer = office.get(f"{PROGRAMME}/running", headers=PARTIAL)
    assert answer.text.lstrip().startswith('<section class="card no-print" id="running"')
    assert "HX-Request-Type" in answer.headers["Vary"]
    assert office.get(f"{PROGRAMME}/running").location == f"{PROGRAMME}#running"
    assert "<form" not in staff("chung").get(f"{PROGRAMME}/running", headers=PARTIAL).text


def test_without_a_sitting_there_is_no_card(office):
    assert office.get(f"{PROGRAMME}/running", headers=PARTIAL).status_code == 404
    assert 'id="running"' not in office.get(PROGRAMME).text


def test_weeks_before_no_row_can_be_begun_by_mistake(app, office, sitting, clock):
    clock(-60 * 24 * 14)
    assert "/beginning" not in re.search(r"<tbody.*?</tbody>", office.get(PROGRAMME).text, re.S)[0]
    clock(-60)
    assert "/beginning" in re.search(r"<tbody.*?</tbody>", office.get(PROGRAMME).text, re.S)[0]


def test_of_two_sittings_of_a_day_the_card_is_about_the_one_that_is_on_else_the_next(app, office, sitting, clock):
    with app.app_context():
        seminar = cast.find_seminar()
        late = datetime.min.time()
        actions.add_sitting(
            seminar, "Buổi chiều", seminar.held_on, late.replace(13), late.replace(17), by=cast.OFFICE, now=cast.NOW
        )
        db.session.commit()
    begin(office, app, "Tuyên bố lý do")
    clock(400)
    assert "Buổi sáng" in card(office.get(PROGRAMME))
    office.post(f"{PROGRAMME}/sittings/{sitting}/ending")
    assert "Buổi chiều" in card(office.get(PROGRAMME))


def afternoon():
    seminar, hour = cast.find_seminar(), datetime.min.time()
    return actions.add_sitting(
        seminar, "Buổi chiều", seminar.held_on, hour.replace(13), hour.replace(17), by=cast.OFFICE, now=cast.NOW
    )


def test_a_morning_that_nobody_ended_is_over_when_the_afternoon_begins(app, office, visitor, sitting, clock):
    with app.app_context():
        late = afternoon().id
        db.session.commit()
    begin(office, app, "Trao đổi")
    clock(301)
    office.post(f"{PROGRAMME}/sittings/{late}/beginning")
    clock(302)
    page = office.get(PROGRAMME)
    assert "Buổi chiều" in card(page) and "Buổi sáng" not in card(page)
    assert "Đang diễn ra 0" not in page.text
    assert "Chưa ai ghi giờ kết thúc buổi" in page.text
    assert "không diễn ra" in page.text
    with app.app_context():
        assert queries.standing(cast.find_seminar()).item is None
    begin(office, app, "Kết thúc")
    assert "Buổi sáng" in card(office.get(PROGRAMME))


def test_what_was_passed_over_is_not_called_off_while_the_sitting_goes_on(app, office, sitting, clock):
    begin(office, app, "Trao đổi")
    page = office.get(PROGRAMME).text
    assert page.count("chưa đến lượt (đã chuyển qua)") == 2 and "không diễn ra" not in page
    clock(60)
    office.post(f"{PROGRAMME}/sittings/{sitting}/ending")
    page = office.get(PROGRAMME).text
    assert "chưa đến lượt" not in page and page.count("không diễn ra") == 3


def test_once_the_sitting_has_begun_its_own_page_keeps_the_planned_beginning(app, office, sitting, clock):
    address = f"{PROGRAMME}/sittings/{sitting}"
    data = {"name": "Phiên sáng", "day": "2024-03-15", "starts": "08:00", "ends": "11:45"}
    begin(office, app, "Trao đổi")
    for change in ({"starts": "08:12"}, {"day": "2024-03-16"}):
        answer = office.post(address, data=data | change)
        assert (answer.status_code, "Buổi đã bắt đầu" in answer.text) == (422, True)
    assert "Phiên sáng" not in office.get(PROGRAMME).text
    assert office.post(address, data=data).status_code == 303
    assert "08:00–11:45" in office.get(PROGRAMME).text


CHANGES = [
    "/items/{item}/beginning",
    "/runs/{run}/ending",
    "/runs/{run}/reversal",
    "/sittings/{sitting}/beginning",
    "/sittings/{sitting}/ending",
    "/sittings/{sitting}/continuation",
    "/sittings/{sitting}/times",
]


@pytest.fixture
def paths(app, sitting):
    with app.app_context():
        one = db.session.scalars(db.select(Item).limit(1)).one()
        run = actions.begin_item(one, cast.OFFICE, cast.NOW)
        db.session.commit()
        return {"item": one.id, "run": run.id, "sitting": sitting}


@pytest.mark.parametrize("path", CHANGES)
@pytest.mark.parametrize("login", ["oanh", "thu", "vinh", "chung", "tam", "an"])
def test_only_office_and_secretaries_run_the_programme(staff, paths, login, path):
    status = staff(login).post(PROGRAMME + path.format(**paths)).status_code
    assert (status != 403) == (login in ("oanh", "thu"))
    assert status < 500


@pytest.mark.parametrize("path", CHANGES)
def test_strangers_other_seminars_and_gets_do_nothing(app, office, visitor, paths, path):
    with app.app_context():
        cast.add_seminar("toa-dam-khac")
        db.session.commit()
    before = runs(app)
    assert visitor.post(PROGRAMME + path.format(**paths)).location.split("?")[0] == "/login"
    assert office.post("/seminars/toa-dam-khac/programme" + path.format(**paths)).status_code == 404
    assert office.post(PROGRAMME + path.format(item=999, run=999, sitting=999)).status_code == 404
    assert path.endswith("/times") or office.get(PROGRAMME + path.format(**paths)).status_code == 405
    assert runs(app) == before
