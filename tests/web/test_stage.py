"""The commendation on stage: turns and places, each step once, who is missing, who is handed over to afterwards."""

import re
import threading

import pytest

from seminar.checkin.actions import stage as actions
from seminar.checkin.models import StagePlace, StageStep, Step
from seminar.checkin.queries import stage as reads
from seminar.delegates.models import Delegate
from seminar.lib.database import db
from tests import cast, reception
from tests.reception import moment, scan

HERE = f"/seminars/{cast.SLUG}/stage"
HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def seven(app):
    """(id, code) of seven of the closed list, An to Yến, listed from the last to the first; An, Bình, Chi are of unit two."""
    with app.app_context():
        units = list(db.session.scalars(db.select(cast.Unit.id).order_by(cast.Unit.position)))
        names = ["Yến", "Xuân", "Tâm", "Mai", "Chi", "Bình", "An"]
        return {
            name: reception.add_person(f"Lê {name}", "T5", unit_id=units[name in ("An", "Bình", "Chi")])
            for name in names
        }


@pytest.fixture
def arranged(office, seven):
    """Turns of three, by name: An Bình Chi, Mai Tâm Xuân, Yến."""
    office.post(f"{HERE}/places", data={"group": "T5", "per_turn": "3", "order": "name"})
    return seven


def come(desk, people, *names):
    desk.told(*(scan(people[name][1]) for name in names))


def placed(app):
    """{turn: names from the left}"""
    with app.app_context():
        query = db.select(StagePlace.turn, StagePlace.place, Delegate.name).join(Delegate).order_by(StagePlace.turn, StagePlace.place)  # fmt: skip
        found = {}
        for turn, place, name in db.session.execute(query):
            found.setdefault(turn, {})[place] = name.removeprefix("Lê ")
        return found


def standing(app):
    with app.app_context():
        query = db.select(Delegate.name, StageStep.step).join(Delegate).where(StageStep.withdrawn_at.is_(None))
        return sorted((name.removeprefix("Lê "), str(step)) for name, step in db.session.execute(query))


def press(client, path, **data):
    return client.post(f"{HERE}/{path}", data=data, follow_redirects=True)


# --- arranging


@pytest.mark.parametrize(
    ("order", "first"),
    [
        ("listed", ["Yến", "Xuân", "Tâm"]),
        ("name", ["An", "Bình", "Chi"]),
        ("unit", ["Mai", "Tâm", "Xuân"]),
        ("nonsense", ["Yến", "Xuân", "Tâm"]),
    ],
)
def test_turns_are_filled_in_the_order_chosen(app, office, seven, order, first):
    answer = press(office, "places", group="T5", per_turn="3", order=order)
    assert "Đã xếp chỗ cho 7 người" in answer.text
    turns = placed(app)
    assert list(turns[1].values()) == first
    assert [len(turn) for turn in turns.values()] == [3, 3, 1]


def test_the_closed_list_is_offered_first(office, seven):
    assert re.search(r'value="T5" selected', office.get(f"{HERE}/places").text)


def test_a_further_membership_is_on_stage_too(app, office):
    with app.app_context():
        cast.add_delegate(cast.find_seminar(), "Bí Thư Được Khen", "G2", "T5")
        db.session.commit()
    press(office, "places", group="T5", per_turn="10", order="name")
    assert placed(app) == {1: {1: "Bí Thư Được Khen"}}


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ({"group": "T5", "per_turn": "0"}, "từ 1 đến 50 người"),
        ({"group": "T5", "per_turn": "ba"}, "từ 1 đến 50 người"),
        ({"group": "T5", "per_turn": "51"}, "từ 1 đến 50 người"),
        ({"group": "G1", "per_turn": "5"}, "chưa có ai"),
        ({"group": "không", "per_turn": "5"}, "Hãy chọn thành phần"),
        ({}, "Hãy chọn thành phần"),
    ],
)
def test_what_cannot_be_arranged_is_said_and_nothing_is_lost(app, office, arranged, data, says):
    before = placed(app)
    answer = office.post(f"{HERE}/places", data=data)
    assert answer.status_code == 422 and says in answer.text
    assert placed(app) == before


def test_moving_changes_places_with_whoever_stands_there(app, office, arranged):
    press(office, f"places/{arranged['An'][0]}", turn="2", place="3")
    assert placed(app) == {1: {1: "Xuân", 2: "Bình", 3: "Chi"}, 2: {1: "Mai", 2: "Tâm", 3: "An"}, 3: {1: "Yến"}}
    press(office, f"places/{arranged['Yến'][0]}", turn="1", place="5")
    assert placed(app)[1] == {1: "Xuân", 2: "Bình", 3: "Chi", 5: "Yến"}
    press(office, f"places/{arranged['Yến'][0]}", turn="1", place="5")
    assert placed(app)[1][5] == "Yến"


@pytest.mark.parametrize("data", [{"turn": "0", "place": "1"}, {"turn": "x", "place": "1"}, {"turn": "1"}, {"turn": "999", "place": "1"}])  # fmt: skip
def test_a_place_that_is_none_is_refused(app, office, arranged, data):
    before = placed(app)
    answer = office.post(f"{HERE}/places/{arranged['An'][0]}", data=data)
    assert answer.status_code == 422 and "Hãy nhập lượt và chỗ" in answer.text
    assert placed(app) == before


def test_who_came_onto_the_list_later_gets_one_more_turn(app, office, arranged):
    with app.app_context():
        reception.add_person("Lê Muộn", "T5")
        stranger, _ = reception.add_person("Lê Khác", "G2")
    assert "1 người của thành phần chưa có lượt" in office.get(f"{HERE}/places").text
    press(office, "places", group="T5", rest="1")
    assert placed(app)[4] == {1: "Muộn"}
    assert office.post(f"{HERE}/places/{stranger}", data={"turn": "1", "place": "1"}).status_code == 422
    assert office.post(f"{HERE}/places/999999", data={"turn": "1", "place": "1"}).status_code == 404


# --- running


def test_what_is_missing_is_loud_before_the_turn_is_called(office, arranged, desk):
    come(desk, arranged, "An", "Bình")
    page = office.get(HERE).text
    assert "Chưa có mặt trong hội trường: Lê Chi" in page
    assert "Có mặt nhưng chưa vào vị trí: Lê An, Lê Bình" in page
    come(desk, arranged, "Chi")
    page = press(office, "turns/1/in-place").text
    assert "Cả lượt đã vào vị trí: gọi được." in page


def test_a_whole_turn_goes_through_and_the_absent_are_handed_over_to_afterwards(app, office, arranged, desk):
    come(desk, arranged, "An", "Bình", "Mai")
    assert "Lượt 1: 2 người vào vị trí." in press(office, "turns/1/in-place").text
    assert "Lượt 1: 2 người đã gọi." in press(office, "turns/1/called").text
    page = press(office, "turns/1/handed-over").text
    assert "Lượt 1: 2 người đã trao." in page
    assert "Lượt 2 · đang làm" in page
    after = page[page.index('id="afterwards"') :]
    assert "Trao sau (1)" in after and "Lê Chi" in after and "Lê Bình" not in after
    page = press(office, f"people/{arranged['Chi'][0]}/handed-over").text
    assert 'id="afterwards"' not in page
    assert ("Chi", "handed_over") in standing(app)


def test_nothing_is_recorded_twice_and_that_is_told_calmly(app, office, staff, arranged, desk):
    come(desk, arranged, "An", "Bình", "Chi")
    press(office, "turns/1/in-place")
    again = press(staff("thu"), "turns/1/in-place")
    assert again.status_code == 200 and "đã ghi trước đó, không ghi lần nữa" in again.text
    one = press(staff("tam"), f"people/{arranged['An'][0]}/in-place")
    assert "Lê An: “vào vị trí” đã ghi trước đó" in one.text
    assert standing(app) == [("An", "in_place"), ("Bình", "in_place"), ("Chi", "in_place")]
    with app.app_context():
        assert {step.by for step in db.session.scalars(db.select(StageStep))} == {"Trần Thị Oanh"}


def test_two_who_press_at_the_very_same_time_leave_one_record_each(app, arranged, desk):
    come(desk, arranged, "An", "Bình", "Chi")
    gate, told = threading.Barrier(4), []

    def press_it():
        with app.app_context():
            seminar = cast.find_seminar()
            turn = reads.stage_of(seminar.id, None).turns[0]
            db.session.rollback()
            gate.wait()
            seminar = cast.find_seminar()
            told.append(actions.take_step(seminar, turn.people, Step.IN_PLACE, cast.OFFICE, moment()))
            db.session.commit()

    threads = [threading.Thread(target=press_it) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(told) == 4 and sum(told) == 3
    assert standing(app) == [("An", "in_place"), ("Bình", "in_place"), ("Chi", "in_place")]


def test_nobody_so_far_is_said(app, office, arranged, desk):
    assert "chưa ai đến bước này" in press(office, "turns/1/called").text
    assert "chưa ai đến bước này" in press(office, "turns/1/in-place").text
    assert standing(app) == []


def test_somebody_seen_in_place_counts_though_no_desk_let_them_in(office, arranged):
    page = press(office, f"people/{arranged['An'][0]}/in-place").text
    assert "Chưa có mặt trong hội trường: Lê Bình, Lê Chi" in page
    assert "Lượt 1: 1 người đã gọi." in press(office, "turns/1/called").text


def test_a_step_is_taken_back_with_what_came_after_it(app, office, arranged, desk):
    come(desk, arranged, "An")
    for step in ("in-place", "called", "handed-over"):
        press(office, f"people/{arranged['An'][0]}/{step}")
    back = press(office, f"people/{arranged['An'][0]}/called/reversal", turn="1")
    assert "Lê An: đã thu hồi." in back.text
    assert standing(app) == [("An", "in_place")]
    again = press(office, f"people/{arranged['An'][0]}/called/reversal")
    assert "không có gì để thu hồi" in again.text
    press(office, f"people/{arranged['An'][0]}/called")
    assert standing(app) == [("An", "called"), ("An", "in_place")]
    with app.app_context():
        kept = db.session.scalars(db.select(StageStep).where(StageStep.withdrawn_at.is_not(None))).all()
        assert {(one.step, one.withdrawn_by) for one in kept} == {
            (Step.CALLED, "Trần Thị Oanh"),
            (Step.HANDED_OVER, "Trần Thị Oanh"),
        }


def test_places_close_up_by_a_press_and_stay_as_gaps_without(app, office, arranged, desk):
    come(desk, arranged, "Bình", "Chi", "Xuân")
    assert placed(app)[1] == {1: "An", 2: "Bình", 3: "Chi"}
    assert "3 người đã đổi chỗ" in press(office, "closing", turn="1").text
    assert placed(app)[1] == {1: "Bình", 2: "Chi", 3: "An"}
    assert placed(app)[2] == {1: "Mai", 2: "Tâm", 3: "Xuân"}
    assert "Không ai phải đổi chỗ" in press(office, "closing", turn="1").text
    press(office, "closing")
    assert placed(app)[2] == {1: "Xuân", 2: "Mai", 3: "Tâm"}


def test_a_turn_that_was_called_does_not_move(app, office, arranged, desk):
    come(desk, arranged, "Bình")
    press(office, "turns/1/in-place")
    press(office, "turns/1/called")
    press(office, "closing", turn="1")
    assert placed(app)[1] == {1: "An", 2: "Bình", 3: "Chi"}


def test_closing_up_passes_over_whoever_was_taken_off_the_list(app, office, arranged, desk):
    come(desk, arranged, "Bình", "Chi")
    with app.app_context():
        db.session.get_one(Delegate, arranged["An"][0]).removed_at = moment()
        db.session.commit()
    press(office, "closing", turn="1")
    assert placed(app)[1] == {1: "Bình", 2: "Chi"}


def test_the_ceremony_that_has_begun_is_not_arranged_anew_until_all_is_taken_back(app, office, arranged, desk):
    come(desk, arranged, "An")
    press(office, "turns/1/in-place")
    refused = office.post(f"{HERE}/places", data={"group": "T5", "per_turn": "2", "order": "name"})
    assert refused.status_code == 422 and "Lễ biểu dương đã bắt đầu" in refused.text
    assert "Đã thu hồi 1 bước" in press(office, "reversal").text
    assert standing(app) == []
    assert "Đã xếp chỗ cho 7 người" in press(office, "places", group="T5", per_turn="2", order="name").text


def test_nobody_has_a_place_yet(office, staff):
    assert "Chưa xếp chỗ cho ai." in office.get(HERE).text
    assert "Văn phòng sẽ xếp lượt." in staff("chung").get(HERE).text
    assert "Chưa xếp chỗ cho ai." in office.get(f"{HERE}/print").text


@pytest.mark.parametrize(("turn", "shown"), [("", 1), ("2", 2), ("99", 1), ("x", 1), ("-1", 1), ("9" * 30, 1)])
def test_the_turn_asked_for_is_shown_and_nonsense_is_the_current(office, arranged, turn, shown):
    assert re.search(rf"<h2>Lượt {shown}\b", office.get(f"{HERE}?turn={turn}").text)


def test_the_region_alone_is_what_htmx_polls(office, arranged):
    part = office.get(f"{HERE}?turn=2", headers=HTMX)
    assert part.text.strip().startswith('<div id="stage"') and "<html" not in part.text
    assert f'hx-get="{HERE}?turn=2"' in part.text


def test_the_stage_costs_the_same_for_few_and_for_many(app, office, desk, query_count):
    with app.app_context():
        codes = [reception.add_person(f"Trẻ Số {n}", "T5")[1] for n in range(40)]
    press(office, "places", group="T5", per_turn="40", order="name")
    assert query_count(lambda: office.get(HERE)) == 8
    desk.told(*(scan(code) for code in codes))
    press(office, "turns/1/in-place")
    assert query_count(lambda: office.get(HERE)) == 8


# --- paper


def test_the_list_of_a_turn_keeps_the_gap_or_closes_it_by_choice(office, arranged, desk):
    come(desk, arranged, "Bình", "Chi")
    page = office.get(f"{HERE}/print?turn=1").text
    assert page.count("data-row") == 3 and "vắng, không gọi" in page and "Trao sau: Lê An" in page
    assert re.search(r'strong">2</td><td class="strong">Lê Bình', page)
    closed = office.get(f"{HERE}/print?turn=1&gaps=close&for=hand").text
    assert closed.count("data-row") == 2 and re.search(r'strong">1</td><td class="strong">Lê Bình', closed)
    assert "Đã nhận" in closed and "Đã nhận" not in page
    assert office.get(f"{HERE}/print").text.count("data-row") == 7


# --- who may


@pytest.mark.parametrize(
    ("login", "reads_it", "runs", "arranges"),
    [("oanh", 200, 303, 303), ("thu", 200, 303, 303), ("tam", 200, 303, 403), ("chung", 200, 403, 403), ("vinh", 403, 403, 403), ("an", 403, 403, 403)],
)  # fmt: skip
def test_who_reads_who_runs_who_arranges(staff, arranged, login, reads_it, runs, arranges):
    client = staff(login)
    assert client.get(HERE).status_code == client.get(f"{HERE}/print").status_code == reads_it
    assert client.post(f"{HERE}/turns/1/in-place").status_code == runs
    assert client.post(f"{HERE}/closing", data={"turn": "1"}).status_code == runs
    assert client.post(f"{HERE}/people/{arranged['An'][0]}/in-place/reversal").status_code == runs
    assert client.post(f"{HERE}/reversal").status_code == arranges
    assert client.post(f"{HERE}/places", data={"group": "T5", "per_turn": "3"}).status_code == arranges


def test_who_only_reads_sees_no_presses(staff, arranged):
    page = staff("chung").get(HERE).text
    assert "Lê An" in page and "<form" not in page[page.index('id="stage"') :]


def test_missing_rows_are_not_found(office, arranged):
    for path in ("turns/9/called", "turns/1/dancing", "people/999999/called", f"people/{arranged['An'][0]}/dancing"):
        assert office.post(f"{HERE}/{path}").status_code == 404
    assert office.post(f"{HERE}/people/999999/called/reversal").status_code == 404
    assert office.get(f"{HERE}/turns/1/called").status_code == 405


def test_the_group_that_is_no_closed_list_can_be_chosen(app, office, seven):
    with app.app_context():
        reception.add_person("Lê Khách", "G2")
    page = press(office, "places", group="G2", per_turn="3", order="name")
    assert placed(app) == {1: {1: "Khách"}}
    assert re.search(r'value="G2" selected', page.text) and "chưa có lượt" not in page.text


def test_who_was_called_and_got_nothing_before_the_next_turn_is_not_forgotten(office, arranged, desk):
    come(desk, arranged, "An", "Bình", "Mai")
    for step in ("in-place", "called"):
        press(office, f"turns/1/{step}")
    press(office, f"people/{arranged['An'][0]}/handed-over")
    assert "Lê Bình" not in office.get(HERE).text.partition('id="afterwards"')[2]
    for step in ("in-place", "called"):
        press(office, f"turns/2/{step}")
    after = office.get(HERE).text.partition('id="afterwards"')[2]
    assert "Lê Bình" in after and "Lê Chi" in after and "Lê An" not in after and "Lê Mai" not in after
