"""An item at a chosen place, also of another sitting; a speaker from the list; warnings; two sittings a day."""

import re
from datetime import time, timedelta

import pytest

from seminar.agenda import actions
from seminar.agenda.models import Item, Sitting
from seminar.invitations import actions as inviting
from seminar.lib.database import db
from seminar.papers.models import Paper
from seminar.reports.documents.annexes import programme_rows
from seminar.reports.documents.dossier.listings_of_the_day import of_the_day
from tests import cast
from tests.web.test_papers import decide, submit
from tests.web.test_programme import BOTH_WAYS, ITEM, PROGRAMME, SITTING, item_id, items, place, sitting

__all__ = ["sitting"]
GONE, LEFT = "Bài đã rút", "Bài còn lại"
PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def afternoon(app, sitting):
    with app.app_context():
        seminar = cast.find_seminar()
        added = actions.add_sitting(
            seminar, "Buổi chiều", seminar.held_on, time(13, 30), time(17), by=cast.OFFICE, now=cast.NOW
        )
        place("p", "q")
        db.session.commit()
        return added.id


def titles(app, sitting_id):
    with app.app_context():
        return [item.title for item in db.session.get(Sitting, sitting_id).items]


# Places


@BOTH_WAYS
def test_a_frame_goes_to_another_sitting_with_its_papers(app, office, sitting, afternoon, headers):
    frame = item_id(app, "Đại biểu phát biểu tham luận")
    assert "2 tham luận của mục đi cùng." in office.get(f"{PROGRAMME}/items/{frame}").text
    for _ in range(2):
        answer = office.post(f"{PROGRAMME}/items/{frame}/position", data={"place": f"{afternoon}:0"}, headers=headers)
        assert (answer.status_code, answer.location) == (303, f"{PROGRAMME}#item-{frame}")
    assert titles(app, sitting) == ["Tuyên bố lý do", "Trao đổi", "Kết thúc"]
    assert titles(app, afternoon) == ["Đại biểu phát biểu tham luận", "p", "q"]
    assert len(items(app)) == 6


def test_an_item_goes_behind_the_chosen_one(app, office, sitting, afternoon):
    one, behind = item_id(app, "Tuyên bố lý do"), item_id(app, "p")
    office.post(f"{PROGRAMME}/items/{one}/position", data={"place": f"{sitting}:{behind}"})
    assert titles(app, sitting)[:4] == ["Đại biểu phát biểu tham luận", "p", "q", "Tuyên bố lý do"]


@pytest.mark.parametrize("where", ["{other}:{one}", "{here}:99999", "{here}:", "{here}:x"])
def test_a_place_that_is_not_there_any_more_is_said(app, office, sitting, afternoon, where):
    one = item_id(app, "Tuyên bố lý do")
    before = items(app)
    asked = where.format(other=afternoon, here=sitting, one=item_id(app, "Trao đổi"))
    answer = office.post(f"{PROGRAMME}/items/{one}/position", data={"place": asked})
    assert answer.location == f"{PROGRAMME}/items/{one}"
    assert "không còn trong buổi này" in office.get(answer.location).text
    assert items(app) == before


def test_a_sitting_of_another_seminar_is_no_place(app, office, sitting):
    with app.app_context():
        other = cast.add_seminar("toa-dam-khac")
        strange = actions.add_sitting(other, "Khác", other.held_on, time(8), time(9), by=cast.OFFICE, now=cast.NOW)
        db.session.commit()
        strange_id = strange.id
    one = item_id(app, "Trao đổi")
    for asked in (f"{strange_id}:0", "x:0", ":"):
        assert office.post(f"{PROGRAMME}/items/{one}/position", data={"place": asked}).status_code == 404


# Warnings


def test_sittings_at_the_same_time_and_items_without_minutes_are_told(app, office, sitting, afternoon):
    page = office.get(PROGRAMME).text
    assert "Trùng giờ" not in page
    assert "có 0 phút" not in page
    office.post(f"{PROGRAMME}/sittings/{afternoon}", data=SITTING | {"starts": "11:00", "ends": "12:00"})
    office.post(f"{PROGRAMME}/sittings/{afternoon}/items", data=ITEM | {"minutes": "0"})
    page = office.get(PROGRAMME).text
    assert "Trùng giờ với “Buổi sáng” (08:00–11:30)" in page
    assert page.count("Trùng giờ với") == 2
    assert "1 mục có 0 phút" in page


def test_a_beginning_other_than_the_letters_say_leads_to_the_plan(app, office, sitting):
    assert "Kế hoạch và thư mời ghi" not in office.get(PROGRAMME).text
    office.post(f"{PROGRAMME}/sittings/{sitting}", data=SITTING | {"starts": "08:30"})
    page = office.get(PROGRAMME).text
    assert "Kế hoạch và thư mời ghi 08:00 15/03/2024" in page
    assert f'href="/seminars/{cast.SLUG}/plan"' in page


# Print


def test_the_printed_programme_has_sittings_times_papers_and_remarks(app, office, sitting, afternoon):
    office.post(
        f"{PROGRAMME}/sittings/{afternoon}/items",
        data=ITEM | {"title": "Chụp ảnh", "minutes": "0", "presenter": "", "note": "trước hội trường"},
    )
    with app.app_context():
        rows = programme_rows(cast.find_seminar())
    assert [(row[0], row[1]) for row in rows] == [
        ("", ""),
        ("1", "08:00 - 08:10"),
        ("2", "08:10 - 09:10"),
        ("2.1", "08:10 - 08:17"),
        ("2.2", "08:17 - 08:24"),
        ("3", "09:10 - 09:55"),
        ("4", "09:55 - 10:05"),
        ("", ""),
        ("1", "13:30"),
    ]
    assert (rows[0][2], rows[3][2:4], rows[8][2:]) == (
        "Buổi sáng",
        ("p", "Tập thể"),
        ("Chụp ảnh", "", "trước hội trường"),
    )
    office.post(f"{PROGRAMME}/sittings/{afternoon}", data=SITTING | {"name": "Buổi hai", "day": "2024-03-16"})
    with app.app_context():
        rows = programme_rows(cast.find_seminar())
    assert [row[2] for row in rows if not row[0]] == ["Buổi sáng, ngày 15/03/2024", "Buổi hai, ngày 16/03/2024"]


# Speakers


@pytest.fixture
def people(app):
    """name -> id of three delegates."""
    with app.app_context():
        seminar = cast.find_seminar()
        found = {
            name: cast.add_delegate(seminar, name, position="Bí thư").id
            for name in ("Trần Văn Ý", "Trần Thị Yến", "Hồ Đức Đạt")
        }
        db.session.commit()
        return found


def speaker_of(app, title):
    with app.app_context():
        return db.session.get(Item, item_id(app, title)).speaker_id


@pytest.mark.parametrize("typed", ["dat", "ho duc", "Hồ Đức Đạt", "3"])
def test_a_speaker_is_chosen_by_letters_without_accents_or_by_number(app, office, sitting, people, typed):
    one = item_id(app, "Trao đổi")
    office.post(f"{PROGRAMME}/items/{one}", data=ITEM | {"title": "Trao đổi", "presenter": "", "speaker": typed})
    assert speaker_of(app, "Trao đổi") == people["Hồ Đức Đạt"]
    assert "Hồ Đức Đạt" in office.get(PROGRAMME).text
    with app.app_context():
        assert "Hồ Đức Đạt" in [row[3] for row in programme_rows(cast.find_seminar())]


def test_several_that_can_be_meant_are_offered_and_one_is_chosen(app, office, sitting, people):
    address = f"{PROGRAMME}/items/{item_id(app, 'Trao đổi')}"
    data = ITEM | {"title": "Trao đổi", "presenter": "", "speaker": "tran"}
    answer = office.post(address, data=data)
    assert answer.status_code == 422
    assert "Có nhiều đại biểu phù hợp: hãy chọn một người." in answer.text
    assert set(re.findall(r'name="speaker_id" value="(\d+)"', answer.text)) == {
        str(people["Trần Văn Ý"]),
        str(people["Trần Thị Yến"]),
    }
    office.post(address, data=data | {"speaker_id": people["Trần Thị Yến"]})
    assert speaker_of(app, "Trao đổi") == people["Trần Thị Yến"]


def test_another_name_typed_counts_more_than_the_speaker_until_now(app, office, sitting, people):
    address = f"{PROGRAMME}/items/{item_id(app, 'Trao đổi')}"
    data = ITEM | {"title": "Trao đổi", "presenter": ""}
    office.post(address, data=data | {"speaker": "dat"})
    office.post(address, data=data | {"speaker": "yen", "speaker_id": people["Hồ Đức Đạt"]})
    assert speaker_of(app, "Trao đổi") == people["Trần Thị Yến"]
    office.post(address, data=data | {"speaker_id": ""})
    assert speaker_of(app, "Trao đổi") is None


def test_a_name_that_nobody_has_is_said_and_kept(app, office, sitting, people):
    for address in (f"{PROGRAMME}/items/{item_id(app, 'Trao đổi')}", f"{PROGRAMME}/sittings/{sitting}/items"):
        answer = office.post(address, data=ITEM | {"speaker": "không ai"})
        assert answer.status_code == 422
        assert "Không có đại biểu nào mang tên hoặc số này." in answer.text
        assert 'value="không ai"' in answer.text
    assert len(items(app)) == 4


def test_the_printed_words_follow_a_new_speaker_unless_others_were_typed(app, office, sitting, people):
    with app.app_context():
        place("p")
        db.session.commit()
    address = f"{PROGRAMME}/items/{item_id(app, 'p')}"
    with app.app_context():
        authors = db.session.get(Item, item_id(app, "p")).presenter
    assert authors
    office.post(address, data=ITEM | {"title": "p", "presenter": authors, "speaker": "dat"})
    with app.app_context():
        assert db.session.get(Item, item_id(app, "p")).who == "Hồ Đức Đạt"
    office.post(address, data=ITEM | {"title": "p", "presenter": "Thay mặt nhóm", "speaker_id": people["Hồ Đức Đạt"]})
    with app.app_context():
        assert db.session.get(Item, item_id(app, "p")).who == "Thay mặt nhóm"


def test_a_speaker_who_left_the_list_is_marked_and_the_item_still_changes(app, office, sitting, people):
    address = f"{PROGRAMME}/items/{item_id(app, 'Trao đổi')}"
    data = ITEM | {"title": "Trao đổi", "presenter": ""}
    office.post(address, data=data | {"speaker": "dat"})
    with app.app_context():
        from seminar.delegates.models import Delegate

        db.session.get(Delegate, people["Hồ Đức Đạt"]).removed_at = cast.NOW
        db.session.commit()
    assert "không còn trong danh sách" in office.get(PROGRAMME).text
    answer = office.post(address, data=data | {"speaker_id": people["Hồ Đức Đạt"], "minutes": "33"})
    assert answer.status_code == 303
    assert speaker_of(app, "Trao đổi") == people["Hồ Đức Đạt"]


def test_a_delegate_of_another_seminar_does_not_speak(app, office, sitting, people):
    with app.app_context():
        strange = cast.add_delegate(cast.add_seminar("toa-dam-khac"), "Lạ")
        db.session.commit()
        strange_id = strange.id
    one = item_id(app, "Trao đổi")
    assert office.post(f"{PROGRAMME}/items/{one}", data=ITEM | {"speaker_id": strange_id}).status_code == 404
    assert speaker_of(app, "Trao đổi") is None


def test_speakers_are_offered_while_typing(office, visitor, staff, sitting, people):
    found = office.get(f"{PROGRAMME}/speakers?speaker=tran&region=7", headers=PARTIAL)
    assert 'id="speakers7"' in found.text
    assert found.text.count('name="speaker_id"') == 3
    assert 'name="speaker_id"' not in office.get(f"{PROGRAMME}/speakers?speaker=", headers=PARTIAL).text
    assert office.get(f"{PROGRAMME}/speakers?speaker=tran").location == PROGRAMME
    assert staff("chung").get(f"{PROGRAMME}/speakers", headers=PARTIAL).status_code == 403
    assert visitor.get(f"{PROGRAMME}/speakers").status_code == 302


# What delegates and units see


@pytest.fixture
def code(app, people, sitting):
    """Of Hồ Đức Đạt, who speaks in the discussion."""
    discussion = item_id(app, "Trao đổi")
    with app.app_context():
        from seminar.delegates.models import Delegate

        delegate = db.session.get(Delegate, people["Hồ Đức Đạt"])
        inviting.issue_letters(cast.find_seminar(), [delegate], cast.OFFICE, cast.NOW)
        one = db.session.get(Item, discussion)
        one.speaker_id, one.presenter = delegate.id, ""
        db.session.commit()
        from tests.web.inviting import in_force

        return in_force(delegate.id).code


def test_a_speaker_is_told_when_and_the_rest_of_the_hall_is_not(app, visitor, code, people):
    page = visitor.get(f"/i/{code}").text
    assert "Đồng chí trình bày vào khoảng 09:10: “Trao đổi”." in page
    with app.app_context():
        from seminar.delegates.models import Delegate
        from tests.web.inviting import in_force

        other = db.session.get(Delegate, people["Trần Văn Ý"])
        inviting.issue_letters(cast.find_seminar(), [other], cast.OFFICE, cast.NOW)
        db.session.commit()
        other_code = in_force(other.id).code
    assert "Đồng chí trình bày" not in visitor.get(f"/i/{other_code}").text


def begin(app, title, minutes):
    """The item begins so many minutes after eight; the page is asked a minute later."""
    item = item_id(app, title)
    with app.app_context():
        one = db.session.get(Item, item)
        moment = one.sitting.starts_at + timedelta(minutes=minutes)
        actions.begin_item(one, cast.OFFICE, moment)
        db.session.commit()
        return moment + timedelta(minutes=1)


@pytest.fixture
def then(monkeypatch):
    def be(moment):
        for module in ("live", "personal", "unit"):
            monkeypatch.setattr(f"seminar.portal.views.{module}.now", lambda: moment)

    return be


def test_the_page_says_what_is_on_what_follows_and_the_delay(app, visitor, code, then):
    then(begin(app, "Tuyên bố lý do", 12))
    for page in (visitor.get(f"/i/{code}"), visitor.get(f"/i/{code}/programme", headers=PARTIAL)):
        text = re.sub(r"<[^>]+>|\s+", " ", page.text)
        text = re.sub(r"\s+", " ", text)
        assert "Đang diễn ra Tuyên bố lý do" in text
        assert "Tiếp theo, khoảng 08:22 Đại biểu phát biểu tham luận" in text
        assert "chậm 12 phút so với chương trình" in text
        assert "Đồng chí trình bày vào khoảng 09:22" in text
        assert "theo chương trình 09:10" in text
    then(begin(app, "Trao đổi", 60))
    assert "Đồng chí đang trình bày: “Trao đổi”." in visitor.get(f"/i/{code}").text


def test_whoever_was_passed_over_is_still_told_to_wait(app, visitor, code, then):
    then(begin(app, "Kết thúc", 20))
    page = visitor.get(f"/i/{code}").text
    assert "“Trao đổi” chưa đến lượt (chương trình đã chuyển qua)" in page
    assert "chưa đến lượt (đã chuyển qua)" in page and "không diễn ra" not in page
    with app.app_context():
        one = db.session.scalars(db.select(Sitting)).first()
        moment = one.starts_at + timedelta(minutes=40)
        actions.end_sitting(one, cast.OFFICE, moment)
        db.session.commit()
    then(moment)
    page = visitor.get(f"/i/{code}").text
    assert "không diễn ra" in page and "chưa đến lượt" not in page


def test_a_withdrawn_paper_is_not_shown_to_the_hall_and_the_office_is_warned(app, office, visitor, code, then):
    with app.app_context():
        place("Bài đã rút", "Bài còn lại")
        paper = db.session.scalars(db.select(Paper).where(Paper.title == "Bài đã rút")).one()
        paper.withdrawn_at, paper.withdrawn_by = cast.NOW, "Oanh"
        db.session.commit()
    then(begin(app, "Đại biểu phát biểu tham luận", 10))
    page = visitor.get(f"/i/{code}").text
    assert "Bài đã rút" not in page
    assert "Bài còn lại" in page[page.index("Tiếp theo, khoảng") :][:200]
    page = office.get(PROGRAMME).text
    assert "Tham luận “Bài đã rút” đã rút" in page
    row = re.search(r"<tr data-row(?:(?!</tr>).)*Bài đã rút.*?</tr>", page, re.S)[0]
    assert 'class="no-print"' in row and '<td class="num">–</td>' in row
    assert '<td class="num">2.1</td>' in page and '<td class="num">2.2</td>' not in page
    with app.app_context():
        rows = [(label, when, title) for label, when, title, *_ in programme_rows(cast.find_seminar())]
    assert ("2.1", "08:17 - 08:24", "Bài còn lại") in rows and len(rows) == 5


@pytest.mark.parametrize("was_on", [False, True])
def test_every_programme_numbers_a_withdrawn_paper_only_if_it_was_on(app, office, sitting, was_on):
    with app.app_context():
        place("Bài đã rút", "Bài còn lại")
        paper = db.session.scalars(db.select(Paper).where(Paper.title == "Bài đã rút")).one()
        paper.withdrawn_at, paper.withdrawn_by = cast.NOW, "Oanh"
        db.session.commit()
    if was_on:
        begin(app, "Bài đã rút", 10)
    gone, left = ("2.1", "2.2") if was_on else ("–", "2.1")
    for page in (office.get(PROGRAMME).text, office.get(f"{PROGRAMME}/shift?sitting={sitting}").text):
        rows = {
            title: re.search(rf"<tr data-row(?:(?!</tr>).)*{title}.*?</tr>", page, re.S)[0] for title in (GONE, LEFT)
        }
        assert f'<td class="num">{gone}</td>' in rows[GONE] and f'<td class="num">{left}</td>' in rows[LEFT]
        assert "tham luận này đã rút" in rows[GONE] and "tham luận này đã rút" not in rows[LEFT]
    places = office.get(f"{PROGRAMME}/items/{item_id(app, 'Trao đổi')}").text
    assert f">sau {gone} {GONE} (tham luận này đã rút)</option>" in places
    assert f">sau {left} {LEFT}</option>" in places
    with app.app_context():
        seminar = cast.find_seminar()
        printed = {title: label for label, _, title, *_ in programme_rows(seminar)}
        listed = {row[6]: row for row in next(of_the_day(seminar)).rows}
    assert (printed.get(GONE, "–"), printed[LEFT]) == (gone, left)
    assert (listed[GONE][1], listed[LEFT][1]) == (gone, left)
    assert [row[9] for row in listed.values()] == ["", "", "đã rút", "", "", ""]


def test_the_region_is_small_private_and_not_sent_twice(app, visitor, code, then):
    then(begin(app, "Tuyên bố lý do", 0))
    first = visitor.get(f"/i/{code}/programme", headers=PARTIAL)
    assert first.text.lstrip().startswith('<section class="card" id="programme"')
    assert first.headers["Cache-Control"] == "private, no-cache"
    again = visitor.get(f"/i/{code}/programme", headers=PARTIAL | {"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    then(begin(app, "Trao đổi", 10))
    changed = visitor.get(f"/i/{code}/programme", headers=PARTIAL | {"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200
    assert visitor.get(f"/i/{code}/programme").location == f"/i/{code}#programme"


def test_the_page_asks_again_by_itself_only_around_the_day(app, visitor, code, then):
    moment = begin(app, "Tuyên bố lý do", 0)
    for minutes, asks in ((0, True), (-60 * 24 * 3, True), (60 * 24, False)):
        then(moment + timedelta(minutes=minutes))
        assert ('hx-trigger="every 20s"' in visitor.get(f"/i/{code}").text) == asks
    with app.app_context():
        from seminar.agenda.models import Run

        db.session.execute(db.update(Run).values(undone_at=cast.NOW))
        db.session.commit()
    then(moment - timedelta(days=3))
    assert "hx-trigger" not in visitor.get(f"/i/{code}").text


def test_the_live_part_costs_the_same_for_four_and_for_forty_items(app, visitor, code, query_count):
    def ask():
        assert visitor.get(f"/i/{code}/programme", headers=PARTIAL).status_code == 200

    few = query_count(ask)
    with app.app_context():
        one = db.session.scalars(db.select(Sitting)).first()
        place(*(f"bài {number}" for number in range(36)))
        assert len(one.items) == 40
        db.session.commit()
    assert query_count(ask) == few
    assert few <= 9


@pytest.mark.parametrize("kind", ["i", "u"])
def test_a_strange_code_opens_no_programme(visitor, sitting, kind):
    assert visitor.get(f"/{kind}/{'1' * 20}/programme", headers=PARTIAL).status_code == 404


def test_a_unit_sees_the_programme_and_when_its_paper_is_on(app, office, visitor, sitting):
    from seminar.planning.actions import issue_unit_link
    from seminar.planning.models import Unit
    from seminar.planning.queries import unit_links

    with app.app_context():
        seminar = cast.find_seminar()
        unit = db.session.scalars(db.select(Unit)).first()
        issue_unit_link(seminar, unit, cast.OFFICE, cast.NOW)
        sent = submit("Bài của đơn vị", "b", unit=unit)
        decide(sent, on_stage=True)
        actions.schedule_paper(db.session.get(Paper, sent.paper_id), cast.OFFICE, cast.NOW)
        db.session.commit()
        address = next(f"/u/{link.code}" for link in unit_links(seminar) if link.unit_id == unit.id)
    sentence = "Tham luận của đơn vị “Bài của đơn vị” trình bày vào khoảng 08:10."
    assert sentence in visitor.get(address).text
    region = visitor.get(f"{address}/programme", headers=PARTIAL)
    assert sentence in region.text
    assert visitor.get(f"{address}/programme").location == f"{address}#programme"


@pytest.mark.parametrize("strange", ["%_", "9" * 40, "??", "²", "a" * 5000, "' OR 1=1"])
def test_strange_letters_name_nobody_and_change_nothing(app, office, sitting, people, strange):
    found = office.get(f"{PROGRAMME}/speakers", query_string={"speaker": strange}, headers=PARTIAL)
    assert found.status_code == 200
    assert 'name="speaker_id"' not in found.text
    one = item_id(app, "Trao đổi")
    for data in ({"speaker": strange}, {"speaker_id": strange}):
        answer = office.post(f"{PROGRAMME}/items/{one}", data=ITEM | {"title": "Trao đổi"} | data)
        assert answer.status_code in (303, 404, 422)
    assert speaker_of(app, "Trao đổi") is None
