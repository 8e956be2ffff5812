"""A shift of the programme: shown first, done as shown, told to whoever was slower; nothing is ever lost."""

import re
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from seminar.agenda import actions, queries, rules
from seminar.agenda.models import Item, ItemKind, Sitting
from seminar.audit.models import AuditEntry
from seminar.lib.database import db
from seminar.lib.errors import Refused
from tests import cast
from tests.web.test_programme import HTMX, PROGRAMME, add_sitting, items, place, sitting, times

__all__ = ["sitting"]
SHIFT = f"{PROGRAMME}/shift"


def fields(page):
    """What the confirmation sends; nothing where it is not offered."""
    found = re.search(r'<section class="card" id="confirm">(.*?)</section>', page.text, re.S)
    inputs = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', found[1]) if found else []
    sent = {}
    for name, value in inputs:
        sent.setdefault(name, []).append(value.replace("&#34;", '"').replace("&quot;", '"'))
    return sent


def mark(office, sitting_id):
    return re.search(r'name="mark" value="([0-9a-f]+)"', office.get(f"{SHIFT}?sitting={sitting_id}").text)[1]


def preview(office, sitting_id, **asked):
    return office.get(SHIFT, query_string={"sitting": sitting_id, "mark": mark(office, sitting_id), **asked})


def rows(page):
    """(times before, times after or None) by title, from the table."""
    found = {}
    for row in re.findall(r"<tr data-row.*?</tr>", page.text, re.S):
        spans = re.findall(r"\d\d:\d\d–\d\d:\d\d", row)
        title = re.search(r'<td class="wide">(.*?)(?:\s*<span|</td>)', row, re.S)[1].strip()
        found[title] = (spans[0], spans[1] if len(spans) > 1 else None)
    return found


def test_the_sitting_at_ten_shows_old_and_new_times_and_changes_nothing_before_it_is_confirmed(app, office, sitting):
    page = preview(office, sitting, at="10:00", ends="y")
    assert '08:00–11:30 → <span class="strong">10:00–13:30</span>' in page.text
    assert rows(page)["Trao đổi"] == ("09:10–09:55", "11:10–11:55")
    assert "không mất mục nào" in page.text
    assert times(office.get(PROGRAMME))[0] == "08:00–08:10"
    before = items(app)
    for headers in (None, HTMX):
        answer = office.post(SHIFT, data=fields(page), headers=headers)
        assert answer.status_code == (303 if headers is None else 409)
    assert times(office.get(PROGRAMME))[0] == "10:00–10:10"
    assert items(app) == before
    with app.app_context():
        one = db.session.get(Sitting, sitting)
        assert one.ends_at == datetime(2024, 3, 15, 6, 30, tzinfo=UTC)
        entry = db.session.scalars(db.select(AuditEntry).order_by(AuditEntry.id.desc())).first()
        assert (entry.verb, entry.noun, entry.detail["before"]["starts_at"][:16]) == (
            "change",
            "sitting",
            "2024-03-15T01:00",
        )


def test_a_hall_that_opens_late_fits_the_papers_into_what_is_left(app, office, sitting):
    with app.app_context():
        place(*(f"bài {number}" for number in range(8)))
        db.session.commit()
        papers = [item.id for item in db.session.scalars(db.select(Item).where(Item.paper_id.is_not(None)))]
        frame = db.session.scalars(db.select(Item.id).where(Item.typed_title.contains("tham luận"))).one()
    page = preview(office, sitting, at="09:40")
    assert "Các mục dài hơn buổi 15 phút." in page.text
    page = preview(office, sitting, at="09:40", fit=[frame, *papers], least=5)
    assert "Các mục nay vừa với buổi." in page.text
    assert office.post(SHIFT, data=fields(page)).status_code == 303
    with app.app_context():
        one = db.session.get(Sitting, sitting)
        assert rules.total_minutes(one.items) == 110
        given = {item.minutes for item in one.items if item.paper_id}
        assert min(given) >= 5
        assert max(given) - min(given) <= 1


def test_where_the_sitting_is_too_long_the_papers_are_marked_to_give(app, office, sitting):
    address = f"{SHIFT}?sitting={sitting}"
    assert 'name="fit" value' in office.get(address).text
    assert " checked aria-label" not in office.get(address).text
    with app.app_context():
        place(*(f"bài {number}" for number in range(21)))
        db.session.commit()
    assert "Rút ngắn cho vừa buổi" in office.get(PROGRAMME).text
    assert office.get(address).text.count(" checked aria-label") == 22


def test_an_item_is_lengthened_and_another_put_in(app, office, sitting):
    with app.app_context():
        first = db.session.scalars(db.select(Item.id).where(Item.typed_title == "Tuyên bố lý do")).one()
    asked = {f"m-{first}": 15, "insert_title": "Văn nghệ", "insert_minutes": 20, "insert_after": 0, "at": "08:00"}
    page = preview(office, sitting, **asked)
    assert rows(page)["Trao đổi"] == ("09:10–09:55", "09:35–10:20")
    assert office.post(SHIFT, data=fields(page)).location == f"{PROGRAMME}#sitting-{sitting}"
    assert [title for _, title in items(app)][:2] == ["Văn nghệ", "Tuyên bố lý do"]
    assert [position for position, _ in items(app)] == [1, 2, 3, 4, 5]
    assert times(office.get(PROGRAMME))[:2] == ["08:00–08:20", "08:20–08:35"]


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"at": "25:00"}, "aria-invalid"),
        ({"least": "0"}, "Hãy ghi số phút là số nguyên từ 0 đến 600."),
        ({"insert_title": "Nghỉ"}, "Hãy ghi mục mới dài bao nhiêu phút."),
        ({"insert_title": "Nghỉ", "insert_minutes": "601"}, "Hãy ghi số phút là số nguyên từ 0 đến 600."),
        ({"insert_after": "999"}, "aria-invalid"),
    ],
)
def test_wrong_input_is_said_and_not_offered_for_confirmation(office, sitting, asked, sentence):
    page = preview(office, sitting, **asked)
    assert page.status_code == 422
    assert sentence in page.text
    assert fields(page) == {}
    seen = fields(preview(office, sitting, at="10:00"))["seen"][0]
    assert office.post(SHIFT, data={"sitting": sitting, "seen": seen, **asked}).status_code == 422


@pytest.mark.parametrize("minutes", ["x", "-1", "601", "1.5"])
def test_wrong_minutes_of_an_item_stay_marked(app, office, sitting, minutes):
    with app.app_context():
        one = db.session.scalars(db.select(Item.id).limit(1)).one()
    page = preview(office, sitting, **{f"m-{one}": minutes})
    assert page.status_code == 422
    assert "Hãy ghi số phút là số nguyên từ 0 đến 600." in page.text


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"at": "11:40"}, "Buổi phải kết thúc sau giờ bắt đầu."),
        ({"at": "21:00", "ends": "y"}, "Buổi sẽ kéo qua nửa đêm."),
    ],
)
def test_what_no_sitting_can_be_is_refused_in_the_preview_and_when_done(app, office, sitting, asked, sentence):
    page = preview(office, sitting, **asked)
    assert sentence in page.text
    assert fields(page) == {}
    seen = fields(preview(office, sitting, at="10:00"))["seen"][0]
    answer = office.post(SHIFT, data={"sitting": sitting, "seen": seen, **asked})
    assert (answer.status_code, sentence in answer.text) == (422, True)
    assert times(office.get(PROGRAMME))[0] == "08:00–08:10"


@pytest.mark.parametrize("seen", [None, "", "x", "[]", "{}", '{"starts_at":"x","ends_at":2,"rows":[]}'])
def test_a_torn_form_changes_nothing_and_says_so(app, office, sitting, seen):
    data = {"sitting": sitting, "at": "10:00"} | ({} if seen is None else {"seen": seen})
    assert office.post(SHIFT, data=data).status_code == 303
    assert "Biểu mẫu gửi lên bị thiếu" in office.get(PROGRAMME).text
    huge = fields(preview(office, sitting, at="10:00"))["seen"][0].replace('"minutes":10', '"minutes":99999999999')
    assert office.post(SHIFT, data={"sitting": sitting, "seen": huge}).status_code == 303
    whole = fields(preview(office, sitting, at="10:00"))["seen"][0]
    for year in ("9999", "0001"):
        torn = whole.replace('"2024-', f'"{year}-')
        assert torn != whole
        assert office.post(SHIFT, data={"sitting": sitting, "seen": torn, "at": "10:00"}).status_code == 303
    assert times(office.get(PROGRAMME))[0] == "08:00–08:10"


# Two at once


def test_the_second_to_shift_sees_both_and_confirms_anew(app, staff, sitting):
    office, secretary = staff("oanh"), staff("thu")
    mine, hers = preview(office, sitting, at="10:00", ends="y"), preview(secretary, sitting, at="09:00", ends="y")
    assert secretary.post(SHIFT, data=fields(hers)).status_code == 303
    answer = office.post(SHIFT, data=fields(mine))
    assert answer.status_code == 409
    assert "Trong lúc đó có người khác đã sửa buổi này" in answer.text
    assert "Ngô Anh Thu" in answer.text
    row = re.search(r"<tr data-row[^>]*>(?:(?!</tr>).)*Trao đổi.*?</tr>", answer.text, re.S)[0]
    assert re.findall(r"\d\d:\d\d–\d\d:\d\d", row) == ["09:10–09:55", "10:10–10:55", "11:10–11:55"]
    assert times(office.get(PROGRAMME))[0] == "09:00–09:10"
    assert office.post(SHIFT, data=fields(answer)).status_code == 303
    assert times(office.get(PROGRAMME))[0] == "10:00–10:10"


def test_an_item_taken_out_meanwhile_is_shown_as_gone(app, office, sitting):
    page = preview(office, sitting, at="10:00")
    with app.app_context():
        gone = db.session.scalars(db.select(Item.id).where(Item.typed_title == "Trao đổi")).one()
    office.post(f"{PROGRAMME}/items/{gone}/removal")
    answer = office.post(SHIFT, data=fields(page))
    assert answer.status_code == 409
    assert "vừa bị đưa ra" in answer.text
    assert len(items(app)) == 3


def test_a_preview_that_was_opened_before_somebody_changed_the_sitting_says_so(app, office, sitting):
    old = mark(office, sitting)
    with app.app_context():
        one = db.session.scalars(db.select(Item.id).limit(1)).one()
        db.session.get(Item, one).minutes = 25
        db.session.commit()
    page = office.get(SHIFT, query_string={"sitting": sitting, "mark": old, "at": "10:00"})
    assert "Có người đã sửa buổi này" in page.text


def test_a_sitting_that_runs_into_the_next_is_told(app, office, sitting):
    with app.app_context():
        seminar = cast.find_seminar()
        actions.add_sitting(
            seminar, "Buổi chiều", seminar.held_on, time(13, 30), time(17), by=cast.OFFICE, now=cast.NOW
        )
        db.session.commit()
    assert "Buổi chiều" in office.get(f"{SHIFT}?sitting={sitting}").text
    assert "Như vậy sẽ lấn sang “Buổi chiều” (13:30–17:00)." in preview(office, sitting, at="11:45", ends="y").text
    assert "lấn sang" not in preview(office, sitting, at="09:00", ends="y").text


def test_once_the_sitting_has_begun_its_planned_beginning_stays(app, office, sitting):
    with app.app_context():
        actions.begin_sitting(db.session.get(Sitting, sitting), cast.OFFICE, cast.NOW)
        db.session.commit()
    assert "Buổi đã bắt đầu" in preview(office, sitting, at="10:00").text
    page = preview(office, sitting, at="08:00", insert_title="Nghỉ", insert_minutes=5, insert_after=0)
    assert office.post(SHIFT, data=fields(page)).status_code == 303


@pytest.fixture
def late(app, sitting, monkeypatch):
    """The sitting, which was begun twelve minutes late with its first item; a minute later."""
    with app.app_context():
        one = db.session.get(Sitting, sitting)
        began = one.starts_at + timedelta(minutes=12)
        run = actions.begin_item(one.items[0], cast.OFFICE, began)
        db.session.commit()
        monkeypatch.setattr("seminar.agenda.views.shifts.now", lambda: began + timedelta(minutes=1))
        return run.item_id


def test_the_minutes_of_an_item_that_has_begun_stay(app, office, sitting, late):
    page = office.get(f"{SHIFT}?sitting={sitting}").text
    assert f'name="m-{late}"' not in page and f'name="fit" value="{late}"' not in page
    assert page.count('name="m-') == 3
    with app.app_context():
        other = db.session.scalars(db.select(Item.id).where(Item.typed_title == "Trao đổi")).one()
    done = preview(office, sitting, **{f"m-{other}": 40})
    sent = fields(done)
    assert office.post(SHIFT, data=sent | {f"m-{late}": ["20"]}).status_code == 422
    for asked in ({f"m-{late}": 20}, {"fit": late}):
        wrong = preview(office, sitting, **asked)
        assert "“Tuyên bố lý do” đã bắt đầu: giữ nguyên số phút" in wrong.text and fields(wrong) == {}
    assert office.post(SHIFT, data=sent).status_code == 303


def test_the_delay_of_a_sitting_that_is_on_has_to_fit_in_too(app, office, sitting, late):
    with app.app_context():
        place(*(f"bài {number}" for number in range(20)))  # 140 minutes: all together 205 of 210
        db.session.commit()
    page = office.get(f"{SHIFT}?sitting={sitting}").text
    assert "Các mục dài hơn buổi 7 phút." in page
    assert "chậm 12 phút so với chương trình · đã tính vào" in re.sub(r"\s+", " ", page)
    with app.app_context():
        papers = [item.id for item in db.session.scalars(db.select(Item).where(Item.kind == ItemKind.PAPERS))]
    done = preview(office, sitting, fit=papers, least=5)
    assert "Các mục nay vừa với buổi." in done.text
    assert office.post(SHIFT, data=fields(done)).status_code == 303
    with app.app_context():
        assert rules.total_minutes(db.session.get(Sitting, sitting).items) == 198


@pytest.mark.parametrize("typed", ["x", "9" * 30, "-9999", "--3", "²"])
def test_a_strange_delay_breaks_nothing(office, sitting, typed):
    sent = fields(preview(office, sitting, at="10:00"))
    assert office.post(SHIFT, data=sent | {"late": typed}).status_code == 303


def test_without_a_sitting_there_is_nothing_to_shift(office):
    assert office.get(SHIFT).status_code == 404
    assert office.post(SHIFT).status_code == 404
    assert office.get(f"{SHIFT}?sitting=x").status_code == 404


def test_without_a_name_it_is_the_sitting_that_comes_next(office, sitting):
    assert "Buổi sáng" in office.get(SHIFT).text


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("login", ["oanh", "thu", "vinh", "chung", "tam", "an"])
def test_only_office_and_secretaries_shift(staff, sitting, login, method):
    status = staff(login).open(f"{SHIFT}?sitting={sitting}", method=method, data={"sitting": sitting}).status_code
    assert (status != 403) == (login in ("oanh", "thu"))


def test_the_preview_costs_the_same_for_four_and_for_forty_items(app, office, sitting, query_count):
    few = query_count(lambda: office.get(f"{SHIFT}?sitting={sitting}"))
    with app.app_context():
        one = db.session.get(Sitting, sitting)
        for number in range(36):
            actions.add_item(one, kind=ItemKind.OTHER, title=f"mục {number}", minutes=1, by=cast.OFFICE, now=cast.NOW)
        db.session.commit()
    assert query_count(lambda: office.get(f"{SHIFT}?sitting={sitting}")) == few


# Nothing is lost

STEPS = st.lists(
    st.tuples(st.sampled_from(["step", "place", "shift", "add", "remove", "schedule"]), st.integers(0, 99)),
    min_size=1,
    max_size=8,
)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=STEPS)
def test_no_series_of_actions_loses_or_doubles_an_item(app, steps):
    """Moves, places, shifts, papers and removals of other items, over two sittings, as the office does them."""
    with app.app_context():
        morning, afternoon = add_sitting(), add_sitting(name="Buổi chiều")
        place("bài 1", "bài 2", "bài 3")
        db.session.flush()
        wanted = {item.id for one in (morning, afternoon) for item in one.items}
        for name, number in steps:
            here = sorted(wanted)
            item = db.session.get(Item, here[number % len(here)])
            into = (morning, afternoon)[number % 2]
            others = list(into.items)
            if name == "step":
                actions.move_item(item, (-1, 1)[number % 2], cast.OFFICE, cast.NOW)
            elif name == "place":
                after = others[number % len(others)] if others and number % 3 else None
                actions.place_item(item, into, after, cast.OFFICE, cast.NOW)
            elif name == "shift":
                seen = rules.seen(into.starts_at, into.ends_at, into.items)
                fit = {one.id for one in others[::2]}
                shift = rules.Shift(
                    number - 50, minutes={item.id: number}, insert_title="Nghỉ", insert_minutes=5, fit=fit
                )
                wanted.add(actions.shift_sitting(into, seen, shift, cast.OFFICE, cast.NOW).id)
            elif name == "add":
                added = actions.add_item(
                    into, kind=ItemKind.PAPERS, title="khung", minutes=number, by=cast.OFFICE, now=cast.NOW
                )
                wanted.add(added.id)
            elif name == "remove" and len(wanted) > 1:
                actions.remove_item(item, cast.OFFICE, cast.NOW)
                wanted.discard(item.id)
            elif name == "schedule":
                for paper in queries.papers_to_place(cast.find_seminar()):
                    wanted.add(actions.schedule_paper(paper, cast.OFFICE, cast.NOW).id)
            db.session.flush()
            db.session.expire_all()
            kept = db.session.execute(
                db.select(Item.id, Item.sitting_id, Item.position).where(
                    Item.sitting_id.in_([morning.id, afternoon.id])
                )
            ).all()
            assert sorted(row.id for row in kept) == sorted(wanted)
            for one in (morning, afternoon):
                places = sorted(row.position for row in kept if row.sitting_id == one.id)
                assert places == list(range(1, len(places) + 1))
        db.session.rollback()


def test_an_action_on_an_outdated_sitting_is_refused_whole(app, sitting):
    with app.app_context():
        one = db.session.get(Sitting, sitting)
        seen = rules.seen(one.starts_at, one.ends_at, one.items)
        actions.shift_sitting(one, seen, rules.Shift(later_minutes=10), cast.OFFICE, cast.NOW)
        with pytest.raises(actions.Outdated):
            actions.shift_sitting(one, seen, rules.Shift(later_minutes=10), cast.OFFICE, cast.NOW)
        with pytest.raises(Refused):
            later = rules.seen(one.starts_at, one.ends_at, one.items)
            actions.shift_sitting(one, later, rules.Shift(minutes={one.items[0].id: 601}), cast.OFFICE, cast.NOW)
        assert one.starts_at - seen.starts_at == timedelta(minutes=10)
        db.session.commit()
