"""The programme: sittings, items, their order, and the papers that take place in it."""

import re
from datetime import UTC, datetime, time, timedelta

import pytest

from seminar.agenda import actions, queries
from seminar.agenda.models import Item, ItemKind, Sitting
from seminar.audit.models import AuditEntry
from seminar.checkin.models import Desk, Scan, ScanKind, Source, Verdict
from seminar.lib.database import db
from seminar.minutes.models import Note, NoteKind
from seminar.papers import queries as papers
from seminar.papers.models import Paper
from tests import cast
from tests.web.test_papers import decide, submit

PROGRAMME = f"/seminars/{cast.SLUG}/programme"
HTMX = {"HX-Request": "true", "HX-Request-Type": "full"}
BOTH_WAYS = pytest.mark.parametrize("headers", [None, HTMX])
SITTING = {"name": "Buổi sáng", "day": "2024-03-15", "starts": "08:00", "ends": "11:30"}
ITEM = {"title": "Phát biểu đề dẫn", "minutes": "15", "kind": "keynote", "presenter": "Đồng chí Bí thư"}
PLAN = (
    (ItemKind.OPENING, "Tuyên bố lý do", 10),
    (ItemKind.PAPERS, "Đại biểu phát biểu tham luận", 60),
    (ItemKind.DISCUSSION, "Trao đổi", 45),
    (ItemKind.CLOSING, "Kết thúc", 10),
)


def add_sitting(seminar=None, name="Buổi sáng", items=PLAN):
    seminar = seminar or cast.find_seminar()
    sitting = actions.add_sitting(
        seminar, name, seminar.held_on, time(8, 0), time(11, 30), by=cast.OFFICE, now=cast.NOW
    )
    for kind, title, minutes in items:
        actions.add_item(sitting, kind=kind, title=title, minutes=minutes, by=cast.OFFICE, now=cast.NOW)
    return sitting


@pytest.fixture
def sitting(app):
    """A sitting with the items of PLAN; its id."""
    with app.app_context():
        added = add_sitting()
        db.session.commit()
        return added.id


def place(*titles):
    """Papers accepted for the stage and placed in the programme."""
    for title in titles:
        sent = submit(title, title)
        decide(sent, on_stage=True)
        actions.schedule_paper(db.session.get(Paper, sent.paper_id), cast.OFFICE, cast.NOW)


def items(app):
    with app.app_context():
        found = db.session.scalars(db.select(Item).order_by(Item.sitting_id, Item.position))
        return [(item.position, item.title) for item in found]


def item_id(app, title):
    with app.app_context():
        return next(item.id for item in db.session.scalars(db.select(Item)) if item.title == title)


def times(page):
    return re.findall(r'<td class="nowrap">([\d:–]+)</td>', page.text)


# Sittings


@BOTH_WAYS
def test_a_sitting_is_added_by_the_clock_of_vietnam(app, office, headers):
    assert office.post(f"{PROGRAMME}/sittings", data=SITTING, headers=headers).location == PROGRAMME
    with app.app_context():
        one = db.session.scalars(db.select(Sitting)).one()
        assert one.starts_at == datetime(2024, 3, 15, 1, 0, tzinfo=UTC)
    page = office.get(PROGRAMME).text
    assert "Thứ Sáu, 15/03/2024 · 08:00–11:30" in page


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"ends": "08:00"}, "Buổi phải kết thúc sau giờ bắt đầu."),
        ({"ends": "25:00"}, 'aria-invalid="true"'),
        ({"day": ""}, "Hãy ghi ngày."),
        ({"name": " "}, 'aria-invalid="true"'),
    ],
)
def test_a_wrong_sitting_is_kept_in_the_form(app, office, sitting, change, sentence):
    for address in (f"{PROGRAMME}/sittings", f"{PROGRAMME}/sittings/{sitting}"):
        answer = office.post(address, data=SITTING | {"name": "Buổi “X”"} | change)
        assert answer.status_code == 422
        assert sentence in answer.text
        assert "name" in change or 'value="Buổi “X”"' in answer.text
    with app.app_context():
        assert [one.name for one in db.session.scalars(db.select(Sitting))] == ["Buổi sáng"]


@BOTH_WAYS
def test_all_items_move_along_when_the_sitting_begins_later(office, sitting, headers):
    assert times(office.get(PROGRAMME)) == ["08:00–08:10", "08:10–09:10", "09:10–09:55", "09:55–10:05"]
    assert 'value="08:00"' in office.get(f"{PROGRAMME}/sittings/{sitting}").text
    answer = office.post(f"{PROGRAMME}/sittings/{sitting}", data=SITTING | {"starts": "07:30"}, headers=headers)
    assert answer.status_code == 303
    assert times(office.get(PROGRAMME)) == ["07:30–07:40", "07:40–08:40", "08:40–09:25", "09:25–09:35"]


@BOTH_WAYS
def test_only_an_empty_sitting_that_nobody_entered_is_taken_out(app, office, sitting, headers):
    office.post(f"{PROGRAMME}/sittings/{sitting}/removal", headers=headers)
    assert "Buổi còn các mục." in office.get(PROGRAMME).text
    with app.app_context():
        entered, unused = add_sitting(name="Buổi chiều", items=()), add_sitting(name="Buổi tối", items=())
        delegate = cast.add_delegate(cast.find_seminar(), "Hồ Văn Ý")
        desk = Desk(
            seminar_id=entered.seminar_id, name="B1", token_sha256="t" * 64, paired_at=cast.NOW, paired_by="Oanh"
        )
        db.session.add(desk)
        db.session.flush()
        db.session.add(
            Scan(
                id="0" * 36,
                seminar_id=entered.seminar_id,
                desk_id=desk.id,
                kind=ScanKind.ENTRY,
                delegate_id=delegate.id,
                sitting_id=entered.id,
                source=Source.NUMBER,
                offline=False,
                at=cast.NOW,
                received_at=cast.NOW,
                corrected_at=cast.NOW,
                verdict=Verdict.ADMITTED,
            )
        )
        db.session.commit()
        entered_id, unused_id = entered.id, unused.id
    assert office.post(f"{PROGRAMME}/sittings/{entered_id}/removal", headers=headers).status_code == 303
    assert "Đã có đại biểu được quét vào buổi này" in office.get(PROGRAMME).text
    assert office.post(f"{PROGRAMME}/sittings/{unused_id}/removal", headers=headers).status_code == 303
    with app.app_context():
        assert {one.name for one in db.session.scalars(db.select(Sitting))} == {"Buổi sáng", "Buổi chiều"}


def test_the_sitting_of_now_is_the_one_that_is_on_else_the_next(app):
    with app.app_context():
        seminar = cast.find_seminar()
        assert queries.sitting_now(seminar.id, cast.NOW) is None
        first = add_sitting()
        second = actions.add_sitting(
            seminar, "Chiều", seminar.held_on, time(13, 30), time(17, 0), by=cast.OFFICE, now=cast.NOW
        )
        for moment, wanted in (
            (first.starts_at - timedelta(days=9), first),
            (first.starts_at, first),
            (first.ends_at, second),
            (second.ends_at + timedelta(days=9), second),
        ):
            assert queries.sitting_now(seminar.id, moment) is wanted


# Items


@BOTH_WAYS
def test_an_item_is_added_at_the_end_and_its_time_computed(app, office, sitting, headers):
    answer = office.post(f"{PROGRAMME}/sittings/{sitting}/items", data=ITEM, headers=headers)
    assert (answer.status_code, answer.location) == (303, PROGRAMME)
    assert items(app)[-1] == (5, "Phát biểu đề dẫn")
    assert times(office.get(PROGRAMME))[-1] == "10:05–10:20"


@BOTH_WAYS
def test_an_item_is_changed(app, office, sitting, headers):
    one = item_id(app, "Trao đổi")
    assert 'value="Trao đổi"' in office.get(f"{PROGRAMME}/items/{one}").text
    answer = office.post(f"{PROGRAMME}/items/{one}", data=ITEM | {"minutes": "20", "note": "có nghỉ"}, headers=headers)
    assert (answer.status_code, answer.location) == (303, PROGRAMME)
    with app.app_context():
        found = db.session.get(Item, one)
        assert (found.title, found.minutes, found.kind, found.presenter, found.note) == (
            "Phát biểu đề dẫn",
            20,
            ItemKind.KEYNOTE,
            "Đồng chí Bí thư",
            "có nghỉ",
        )
        entry = db.session.scalars(db.select(AuditEntry).where(AuditEntry.verb == "change")).one()
        assert entry.detail["before"]["minutes"] == 45


@pytest.mark.parametrize("change", [{"minutes": "-1"}, {"minutes": "601"}, {"minutes": "x"}, {"minutes": ""}])
def test_wrong_minutes_are_said_and_the_rest_is_kept_in_the_form(app, office, sitting, change):
    one = item_id(app, "Trao đổi")
    for address in (f"{PROGRAMME}/sittings/{sitting}/items", f"{PROGRAMME}/items/{one}"):
        answer = office.post(address, data=ITEM | change)
        assert answer.status_code == 422
        assert "Hãy ghi số phút là số nguyên từ 0 đến 600." in answer.text
        assert 'value="Đồng chí Bí thư"' in answer.text
    assert len(items(app)) == 4


@pytest.mark.parametrize("change", [{"title": "  "}, {"kind": "party"}, {"title": "x" * 501}])
def test_other_wrong_input_changes_nothing(app, office, sitting, change):
    before = items(app)
    for address in (f"{PROGRAMME}/sittings/{sitting}/items", f"{PROGRAMME}/items/{item_id(app, 'Trao đổi')}"):
        assert office.post(address, data=ITEM | change).status_code == 422
    assert items(app) == before


@BOTH_WAYS
def test_an_item_moves_a_step_and_at_the_edge_stays(app, office, sitting, headers):
    address = f"{PROGRAMME}/items/{item_id(app, 'Trao đổi')}/position"
    for step, order in (("up", 2), ("up", 1), ("up", 1), ("down", 2)):
        assert office.post(address, data={"to": step}, headers=headers).location == PROGRAMME
        assert (order, "Trao đổi") in items(app)
        assert [position for position, _ in items(app)] == [1, 2, 3, 4]
    assert office.post(address, data={"to": "away"}).status_code == 400


@BOTH_WAYS
def test_an_item_is_taken_out_and_the_others_close_up(app, office, sitting, headers):
    one = item_id(app, "Đại biểu phát biểu tham luận")
    assert office.post(f"{PROGRAMME}/items/{one}/removal", headers=headers).location == PROGRAMME
    assert items(app) == [(1, "Tuyên bố lý do"), (2, "Trao đổi"), (3, "Kết thúc")]
    assert office.post(f"{PROGRAMME}/items/{one}/removal", headers=headers).status_code == 404


def test_an_item_on_which_notes_were_written_stays(app, office, sitting):
    one = item_id(app, "Trao đổi")
    with app.app_context():
        db.session.add(
            Note(
                seminar_id=cast.find_seminar().id,
                item_id=one,
                key="0" * 36,
                kind=NoteKind.OPINION,
                text="Đồng ý",
                spoken_at=cast.NOW,
                created_at=cast.NOW,
                created_by="Thu",
            )
        )
        db.session.commit()
    assert office.post(f"{PROGRAMME}/items/{one}/removal").status_code == 303
    assert "Mục này đã có ghi chép" in office.get(PROGRAMME).text
    assert (3, "Trao đổi") in items(app)


# Papers


def accept(app, title="Vì sao", **decision):
    with app.app_context():
        sent = submit(title, title)
        decide(sent, **(decision or {"on_stage": True}))
        db.session.commit()
        return sent.paper_id


@BOTH_WAYS
def test_an_accepted_paper_waits_and_comes_into_the_programme_by_a_click(app, office, sitting, headers):
    paper_id = accept(app)
    assert "1 tham luận được trình bày chưa xếp vào chương trình" in office.get(PROGRAMME).text
    answer = office.post(f"{PROGRAMME}/papers", data={"paper_id": paper_id}, headers=headers)
    assert (answer.status_code, answer.location) == (303, PROGRAMME)
    page = office.get(PROGRAMME)
    assert 'id="waiting"' not in page.text
    assert times(page)[1:3] == ["08:10–09:10", "08:10–08:17"]
    assert items(app)[2] == (3, "Vì sao")


def test_placing_a_paper_twice_is_harmless(app, office, sitting):
    paper_id = accept(app)
    for _ in range(2):
        assert office.post(f"{PROGRAMME}/papers", data={"paper_id": paper_id}).status_code == 303
    assert [title for _, title in items(app)].count("Vì sao") == 1


@pytest.mark.parametrize("decision", [{"in_print": True}, {"on_stage": True, "needs_correction": True}])
def test_a_paper_that_is_not_accepted_for_the_stage_is_not_placed(app, office, sitting, decision):
    paper_id = accept(app, **decision)
    office.post(f"{PROGRAMME}/papers", data={"paper_id": paper_id})
    assert "Tham luận chưa được chấp nhận trình bày." in office.get(PROGRAMME).text
    assert len(items(app)) == 4


def test_without_a_sitting_the_page_says_what_to_do(app, office):
    office.post(f"{PROGRAMME}/papers", data={"paper_id": accept(app)})
    assert "Hãy thêm một buổi trước." in office.get(PROGRAMME).text


@pytest.mark.parametrize("paper_id", ["", "x", "-1", "999", "9" * 30, "²"])
def test_a_paper_that_is_not_there_is_not_found(office, sitting, paper_id):
    assert office.post(f"{PROGRAMME}/papers", data={"paper_id": paper_id}).status_code == 404


def test_papers_follow_each_other_inside_the_item_of_papers_and_go_with_it(app, office, sitting):
    with app.app_context():
        place("p", "q")
        db.session.commit()
    order = ["Tuyên bố lý do", "Đại biểu phát biểu tham luận", "p", "q", "Trao đổi", "Kết thúc"]
    assert [title for _, title in items(app)] == order
    frame = item_id(app, "Đại biểu phát biểu tham luận")
    office.post(f"{PROGRAMME}/items/{frame}/position", data={"to": "down"})
    assert [title for _, title in items(app)] == [order[0], order[4], *order[1:4], order[5]]


def test_the_programme_follows_the_paper_until_the_office_types_its_own(app, office, sitting):
    with app.app_context():
        place("Vì sao")
        db.session.commit()
    changed = {"title": "Vì sao thanh niên", "authors": "TS. Lý Văn Mẫu", "kind": "paper"}

    def correct(**words):
        with app.app_context():
            paper = db.session.scalar(db.select(Paper.id))
        assert office.post(f"/seminars/{cast.SLUG}/papers/{paper}/details", data=changed | words).status_code == 303
        return items(app)[-1]

    with app.app_context():
        item = db.session.scalar(db.select(Item.id).where(Item.paper_id.is_not(None)))
    one = f"{PROGRAMME}/items/{item}"
    correct()
    page = office.get(PROGRAMME).text
    assert "Vì sao thanh niên" in page and "TS. Lý Văn Mẫu" in page and "Vì sao<" not in page
    same = {"title": "Vì sao thanh niên", "presenter": "TS. Lý Văn Mẫu", "kind": "papers", "minutes": 9}
    assert office.post(one, data=same).status_code == 303
    correct(title="Vì sao người trẻ")
    assert "Vì sao người trẻ" in office.get(PROGRAMME).text
    assert office.post(one, data=same | {"title": "Tham luận một", "presenter": "Đại diện"}).status_code == 303
    correct(title="Vì sao nữa", authors="Ai khác")
    page = office.get(PROGRAMME).text
    assert "Tham luận một" in page and "Đại diện" in page
    assert "Vì sao nữa" not in page and "Ai khác" not in page


def test_a_paper_taken_out_only_leaves_the_programme_and_waits_again(app, office, sitting):
    with app.app_context():
        place("p")
        db.session.commit()
    office.post(f"{PROGRAMME}/items/{item_id(app, 'p')}/removal")
    page = office.get(PROGRAMME)
    assert "tham luận vẫn còn" in page.text
    assert 'id="waiting"' in page.text
    with app.app_context():
        assert papers.count_papers(cast.find_seminar()) == 1


def test_a_presented_paper_stays_one_whatever_kind_is_sent(app, office, sitting):
    with app.app_context():
        place("p")
        db.session.commit()
    office.post(f"{PROGRAMME}/items/{item_id(app, 'p')}", data=ITEM | {"title": "p"})
    with app.app_context():
        assert db.session.get(Item, item_id(app, "p")).kind == ItemKind.PAPERS


def test_the_page_warns_when_twenty_papers_are_too_long_for_the_sitting(app, office, sitting):
    assert "Σ 125 phút, trong đó 60 phút tham luận, trong buổi 210 phút." in office.get(PROGRAMME).text
    with app.app_context():
        place(*(f"bài {number}" for number in range(21)))
        db.session.commit()
    page = office.get(PROGRAMME).text
    assert "Σ 212 phút, trong đó 147 phút tham luận, trong buổi 210 phút." in page
    assert "Dài quá 2 phút." in page


# The page


def test_the_programme_costs_the_same_for_one_and_for_three_hundred_items(app, office, sitting, query_count):
    with app.app_context():
        place("p")
        db.session.commit()
    office.get(PROGRAMME)
    few = query_count(lambda: office.get(PROGRAMME))
    with app.app_context():
        place(*(f"bài {number}" for number in range(30)))
        for number in range(270):
            db.session.add(
                Item(sitting_id=sitting, position=100 + number, kind=ItemKind.OTHER, title=f"mục {number}", minutes=1)
            )
        db.session.commit()
    assert query_count(lambda: office.get(PROGRAMME)) == few
    page = office.get(PROGRAMME).text
    assert (page.count("data-row"), 'data-total="305"' in page) == (305, True)


def test_an_empty_programme_says_so(office):
    assert "Chương trình chưa có buổi nào." in office.get(PROGRAMME).text


def test_what_is_typed_is_only_ever_text(app, office, sitting):
    canary = "\"><svg onload=x>'&{{7*7}}"
    fields = {"title": canary, "presenter": canary, "note": canary, "minutes": "5", "kind": "other"}
    office.post(f"{PROGRAMME}/sittings/{sitting}/items", data=fields)
    office.post(f"{PROGRAMME}/sittings", data=SITTING | {"name": canary})
    pages = [office.get(PROGRAMME).text, office.get(f"{PROGRAMME}/items/{item_id(app, canary)}").text]
    assert not any("<svg onload" in page for page in pages)
    assert all("{{7*7}}" in page for page in pages)


def test_readers_see_no_buttons(staff, sitting):
    page = staff("chung").get(PROGRAMME).text
    assert 'action="/seminars/toa-dam-thu/programme' not in page
    assert "Trao đổi" in page


# Who may


CHANGES = [
    "/sittings",
    "/sittings/{sitting}",
    "/sittings/{sitting}/removal",
    "/sittings/{sitting}/items",
    "/items/{item}",
    "/items/{item}/position",
    "/items/{item}/removal",
    "/papers",
]
ASKED = [("GET", ""), ("GET", "/sittings/{sitting}"), ("GET", "/items/{item}"), *(("POST", one) for one in CHANGES)]


@pytest.mark.parametrize(("method", "path"), ASKED)
@pytest.mark.parametrize("login", ["oanh", "thu", "vinh", "chung", "tam", "an"])
def test_each_role_does_what_it_may_and_no_more(app, staff, sitting, login, method, path):
    path = path.format(sitting=sitting, item=item_id(app, "Trao đổi"))
    status = staff(login).open(PROGRAMME + path, method=method).status_code
    may = login in ("oanh", "thu") or (path == "" and login in ("vinh", "chung"))
    assert (status != 403) == may
    assert status < 500


@pytest.mark.parametrize(("method", "path"), ASKED)
def test_a_visitor_is_sent_to_sign_in(visitor, sitting, method, path):
    answer = visitor.open(PROGRAMME + path.format(sitting=sitting, item=1), method=method)
    assert (answer.status_code, answer.location.split("?")[0]) == (302, "/login")


@pytest.mark.parametrize("path", [one for one in CHANGES if not one.endswith("}")])
def test_what_changes_something_refuses_get(office, sitting, path):
    assert office.get(PROGRAMME + path.format(sitting=sitting, item=1)).status_code == 405


@pytest.mark.parametrize(("method", "path"), [one for one in ASKED if "{" in one[1]])
def test_what_belongs_to_another_seminar_or_is_not_there_is_not_found(app, office, sitting, method, path):
    with app.app_context():
        cast.add_seminar("toa-dam-khac")
        db.session.commit()
    one = item_id(app, "Trao đổi")
    other = "/seminars/toa-dam-khac/programme" + path.format(sitting=sitting, item=one)
    assert office.open(other, method=method).status_code == 404
    assert office.open(PROGRAMME + path.format(sitting=999, item=999), method=method).status_code == 404
    for number in (2**31, 2**70):  # Werkzeug answers 405 where both GET and POST refuse the number
        huge = PROGRAMME + path.format(sitting=number, item=number)
        assert office.open(huge, method=method).status_code in (404, 405)


def test_a_paper_of_another_seminar_is_not_placed(app, office, sitting):
    with app.app_context():
        other = cast.add_seminar("toa-dam-khac")
        db.session.flush()
        sent = submit("khác", seminar=other)
        decide(sent, on_stage=True)
        db.session.commit()
        paper_id = sent.paper_id
    assert office.post(f"{PROGRAMME}/papers", data={"paper_id": paper_id}).status_code == 404
