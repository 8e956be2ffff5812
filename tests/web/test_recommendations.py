"""Recommendations: made of notes, addressed, sent and followed; every count opens its rows."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from docx import Document
from openpyxl import load_workbook

from seminar.audit.models import AuditEntry
from seminar.lib.clock import local, now
from seminar.lib.database import db
from seminar.minutes import queries
from seminar.minutes.models import Addressee, Note, NoteKind, Recommendation, RecommendationStatus, RecommendationStep
from tests import cast
from tests.web.test_figures import Figures, rows_of
from tests.web.test_minutes import add_note, hall_of
from tests.web.test_notes import NOTES

HERE = f"/seminars/{cast.SLUG}/recommendations"


@pytest.fixture
def asked(app):
    """Ids of a proposal and two recommendations, and of an opinion."""
    hall = hall_of(app)
    with app.app_context():
        ids = [
            add_note(hall, "Đề xuất lập nhóm.", NoteKind.PROPOSAL),
            add_note(hall, "Kiến nghị kinh phí.", NoteKind.RECOMMENDATION, speaker="Lê Thị Bê", minute=1),
            add_note(hall, "Kiến nghị nhà trường.", NoteKind.RECOMMENDATION, minute=2),
            add_note(hall, "Chỉ là ý kiến.", minute=3),
        ]
        db.session.commit()
    return ids


@pytest.fixture
def secretary(staff):
    return staff("thu")


def fields(**changes):
    return {
        "revision": "1",
        "text": "Kiến nghị kinh phí.",
        "raised_by": "Lê Thị Bê",
        "addressee": "provincial_party",
        "addressee_name": "Ban Thường vụ Tỉnh ủy",
        "owner": "Ban Tổ chức - Kiểm tra",
        "due_on": "2024-04-15",
        **changes,
    }


def all_of(app):
    with app.app_context():
        return list(db.session.scalars(db.select(Recommendation).order_by(Recommendation.id)))


def follow(client, note_id):
    answer = client.post(f"{HERE}/notes/{note_id}")
    assert answer.status_code == 303
    return int(answer.location.rsplit("/", 1)[1])


def test_one_click_follows_a_note_and_a_second_one_changes_nothing(app, asked, secretary):
    first = follow(secretary, asked[1])
    assert follow(secretary, asked[1]) == first
    [one] = all_of(app)
    assert (one.note_id, one.text, one.addressee, one.created_by) == (asked[1], "", None, "Ngô Anh Thu")
    with app.app_context():
        assert db.session.scalars(db.select(RecommendationStep.status)).all() == ["recorded"]
        assert db.session.scalars(db.select(AuditEntry.noun)).all() == ["recommendation"]
    assert "Kiến nghị kinh phí." in secretary.get(f"{HERE}/{first}").text


def test_all_at_once_in_the_order_of_the_hall_and_only_what_is_asked_for(app, asked, secretary):
    follow(secretary, asked[1])
    for _ in range(2):
        assert secretary.post(f"{HERE}/notes").status_code == 303
    assert [one.note_id for one in all_of(app)] == [asked[1], asked[0], asked[2]]
    page = secretary.get(HERE).text
    assert page.count("data-row") == 3
    assert "Chỉ là ý kiến." not in page
    assert secretary.post(f"{HERE}/notes/{asked[3]}").status_code == 422


def test_words_addressee_owner_and_day_are_corrected_and_the_note_keeps_its_own(app, asked, secretary):
    one = follow(secretary, asked[1])
    assert secretary.post(f"{HERE}/{one}", data=fields()).status_code == 303
    [kept] = all_of(app)
    assert (kept.text, kept.raised_by, kept.addressee, kept.addressee_name, kept.owner, kept.due_on, kept.revision) == (
        "",
        "",
        Addressee.PROVINCIAL_PARTY,
        "Ban Thường vụ Tỉnh ủy",
        "Ban Tổ chức - Kiểm tra",
        date(2024, 4, 15),
        2,
    )
    assert secretary.post(f"{HERE}/{one}", data=fields(revision="2", text="Viết gọn.")).status_code == 303
    assert all_of(app)[0].text == "Viết gọn."
    with app.app_context():
        assert db.session.get_one(Note, asked[1]).text == "Kiến nghị kinh phí."


def test_two_who_correct_at_once_see_each_other(app, asked, secretary, office):
    one = follow(secretary, asked[1])
    secretary.post(f"{HERE}/{one}", data=fields(owner="Thu"))
    answer = office.post(f"{HERE}/{one}", data=fields(owner="Oanh"))
    assert answer.status_code == 422
    assert "Thu" in answer.text.split('id="words"')[0]
    assert 'value="Oanh"' in answer.text
    assert all_of(app)[0].owner == "Thu"
    assert office.post(f"{HERE}/{one}", data=fields(owner="Oanh", revision="2")).status_code == 303


@pytest.mark.parametrize(
    "changes",
    [
        {"addressee": "nobody"},
        {"due_on": "15/4"},
        {"due_on": "0001-01-01"},
        {"owner": "x" * 301},
        {"text": "x" * 20_001},
        {"revision": "x"},
    ],
)
def test_bad_input_is_told_and_kept(app, asked, secretary, changes):
    one = follow(secretary, asked[1])
    answer = secretary.post(f"{HERE}/{one}", data=fields(**changes))
    assert answer.status_code == 422
    assert "Ban Thường vụ Tỉnh ủy" in answer.text
    assert all_of(app)[0].revision == 1


def test_one_that_no_note_holds_needs_words(app, asked, secretary):
    assert secretary.post(HERE, data=fields(text=" ")).status_code == 422
    assert secretary.post(HERE, data=fields(text="Nộp trên giấy.")).status_code == 303
    [one] = all_of(app)
    assert (one.note_id, one.text) == (None, "Nộp trên giấy.")


def test_steps_tell_what_came_of_it(app, asked, secretary):
    one = follow(secretary, asked[1])
    for status, on, words in (
        ("sent", "2024-03-20", "Công văn số 15"),
        ("answered", "2024-04-02", "Sẽ xem xét"),
        ("done", "2024-05-10", "Đã bố trí kinh phí"),
    ):
        answer = secretary.post(f"{HERE}/{one}/steps", data={"status": status, "on": on, "note": words})
        assert answer.status_code == 303
    page = secretary.get(f"{HERE}/{one}").text
    assert page.index("20/03/2024") < page.index("Sẽ xem xét") < page.index("Đã bố trí kinh phí")
    with app.app_context():
        assert queries.status_of(db.session.get_one(Recommendation, one)) == RecommendationStatus.DONE
    tomorrow = (local(now()).date() + timedelta(days=1)).isoformat()
    for data in (
        {"status": "sent", "on": tomorrow, "note": ""},
        {"status": "sent", "on": "", "note": "Giữ lời này"},
        {"status": "recorded", "on": "2024-03-20", "note": ""},
        {"status": "sent", "on": "2024-03-20", "note": "x" * 501},
    ):
        assert secretary.post(f"{HERE}/{one}/steps", data=data).status_code == 422
    with app.app_context():
        assert db.session.query(RecommendationStep).count() == 4


def test_it_is_taken_back_and_put_back(app, asked, secretary):
    one = follow(secretary, asked[1])
    for _ in range(2):
        assert secretary.post(f"{HERE}/{one}/removal").status_code == 303
    assert secretary.get(HERE).text.count("data-row") == 2, "what is only noted"
    assert secretary.get(f"{HERE}?removed=1").text.count("data-row") == 1
    assert secretary.post(f"{HERE}/{one}", data=fields()).status_code == 422
    assert secretary.post(f"{HERE}/{one}/steps", data={"status": "sent", "on": "2024-03-20"}).status_code == 422
    for _ in range(2):
        assert secretary.post(f"{HERE}/{one}/removal/reversal").status_code == 303
    assert secretary.get(HERE).text.count("data-row") == 3


@pytest.fixture
def followed(app, asked, secretary):
    """Four of them: two to the provincial Party, one done, one overdue, one to nobody yet."""
    ids = [follow(secretary, note_id) for note_id in asked[:3]]
    ids.append(int(secretary.post(HERE, data=fields(text="Trên giấy.", addressee="union")).location.rsplit("/", 1)[1]))
    secretary.post(f"{HERE}/{ids[0]}", data=fields(text="Đề xuất lập nhóm."))
    secretary.post(f"{HERE}/{ids[1]}", data=fields())
    secretary.post(f"{HERE}/{ids[1]}/steps", data={"status": "done", "on": "2024-05-10", "note": "=1+1"})
    return ids


def test_every_count_opens_its_rows(app, followed, secretary):
    found = Figures(secretary.get(HERE).text).figures
    assert (f"{HERE}?overdue=1", 2) in found
    assert (f"{HERE}?addressee=provincial_party", 2) in found
    assert (f"{HERE}?addressee=none", 1) in found
    assert (f"{HERE}?status=done", 1) in found
    assert len(found) > 8
    for address, count in found:
        assert (address, rows_of(secretary, address)) == (address, count)


def test_overdue_ones_stand_on_the_overview_until_they_are_settled(app, followed, office):
    page = office.get(f"/seminars/{cast.SLUG}/").text
    assert (f"{HERE}?overdue=1", 2) in Figures(page).figures
    for one in (followed[0], followed[3]):
        office.post(f"{HERE}/{one}/steps", data={"status": "not_taken_up", "on": "2024-05-10"})
    assert "overdue=1" not in office.get(f"/seminars/{cast.SLUG}/").text


def test_the_report_gets_them_by_addressee_in_its_order(app, followed):
    with app.app_context():
        found = queries.recommendations_by_addressee(cast.find_seminar())
        assert [(addressee, [one.id for one in theirs]) for addressee, theirs in found] == [
            (Addressee.PROVINCIAL_PARTY, followed[:2]),
            (Addressee.UNION, [followed[3]]),
            (None, [followed[2]]),
        ]


def test_what_was_said_by_nobody_is_followed_by_nobody(app, asked, followed, secretary):
    assert secretary.post(f"{NOTES}/{asked[0]}/removal").status_code == 303
    assert secretary.get(HERE).text.count("data-row") == 3
    secretary.post(f"{NOTES}/{asked[0]}/removal/reversal")
    assert secretary.get(HERE).text.count("data-row") == 4


def test_the_list_leaves_as_word_and_excel_with_its_filters(app, followed, secretary):
    document = Document(BytesIO(secretary.get(f"{HERE}.docx").data))
    rows = [[cell.text for cell in row.cells] for row in document.tables[-1].rows]
    assert len(rows) == 5
    assert rows[1][1:7] == [
        "Đề xuất lập nhóm.",
        "Lê Thị Bê",
        "Ban Thường vụ Tỉnh ủy",
        "Ban Tổ chức - Kiểm tra",
        "15/04/2024\n(quá hạn)",
        "Đã ghi nhận",
    ]
    book = load_workbook(BytesIO(secretary.get(f"{HERE}.xlsx?status=done").data))
    told = [[cell.value for cell in row] for row in book.active.iter_rows()]
    assert len(told) == 2
    assert told[1][6:] == ["Đã thực hiện", "10/05/2024", "=1+1"]
    assert book.active["I2"].data_type == "s"


def test_what_is_only_noted_stands_at_the_end_of_the_list_as_on_the_page(app, asked, secretary):
    follow(secretary, asked[0])
    page = secretary.get(HERE).text
    rows = list(load_workbook(BytesIO(secretary.get(f"{HERE}.xlsx").data)).active.values)
    assert len(rows) - 1 == page.count("data-row") == 3
    assert [row[6] for row in rows[1:]] == ["Đã ghi nhận", "Chưa theo dõi", "Chưa theo dõi"]
    assert len(list(load_workbook(BytesIO(secretary.get(f"{HERE}.xlsx?status=done").data)).active.values)) == 1


def test_the_list_costs_the_same_for_few_and_for_many(app, asked, secretary, query_count):
    follow(secretary, asked[0])
    few = query_count(lambda: secretary.get(HERE))
    with app.app_context():
        hall = {"discussion": db.session.get_one(Note, asked[0]).item_id}
        for number in range(30):
            add_note(hall, f"Kiến nghị {number}.", NoteKind.RECOMMENDATION)
        db.session.commit()
    secretary.post(f"{HERE}/notes")
    assert query_count(lambda: secretary.get(HERE)) == few


def test_the_chair_reads_and_changes_nothing(app, followed, staff):
    chair = staff("chung")
    one = f"{HERE}/{followed[0]}"
    assert [chair.get(path).status_code for path in (HERE, one, f"{HERE}.docx", f"{HERE}.xlsx")] == [200] * 4
    for path in (HERE, f"{HERE}/notes", one, f"{one}/steps", f"{one}/removal", f"{one}/removal/reversal"):
        assert chair.post(path).status_code == 403
    assert "<textarea" not in chair.get(one).text


def test_strangers_rows_are_404(app, followed, secretary):
    assert secretary.get(f"{HERE}/999999").status_code == 404
    assert secretary.get(f"{HERE}/99999999999").status_code == 404
    with app.app_context():
        cast.add_seminar("khac")
        db.session.commit()
    assert secretary.get(f"/seminars/khac/recommendations/{followed[0]}").status_code == 404


def test_what_is_only_noted_is_counted_with_those_of_nobody(app, asked, secretary):
    follow(secretary, asked[2])
    secretary.post(HERE, data=fields(text="Có tên.", addressee="", addressee_name="Sở Thử"))
    found = dict(Figures(secretary.get(HERE).text).figures)
    assert (found[HERE], found[f"{HERE}?addressee=none"]) == (4, 3)
    for address, count in found.items():
        assert (address, rows_of(secretary, address)) == (address, count)
