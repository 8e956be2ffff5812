"""Notes while the seminar runs: written, changed, removed, read; nothing typed is ever lost."""

import re
import uuid

import pytest

from seminar.audit.models import AuditEntry
from seminar.checkin.models import Arrival, Desk, Scan, ScanKind, Source, Verdict
from seminar.lib.database import db
from seminar.minutes.models import NoteRevision
from seminar.minutes.queries import notes_of
from tests import cast
from tests.web.noting import NOTES, stored, typed, write_one
from tests.web.noting import add_programme as add_programme

HTMX = {"HX-Request": "true", "HX-Request-Type": "full", "HX-Target": "notes"}


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_thu_writes_a_note_and_finds_it_on_the_page(app, hall, secretary, headers):
    answer = secretary.post(NOTES, data=typed(hall), headers=headers)
    assert answer.status_code == 303
    assert answer.location == f"{NOTES}?item={hall['papers']}"
    page = secretary.get(answer.location, headers=headers).text
    assert page.count("data-row") == 1
    assert "Đề nghị quan tâm thanh niên công nhân." in page
    [note] = stored(app)
    assert (note.kind, note.speaker, note.topic_id, note.revision, note.created_by) == (
        "paper",
        "Nguyễn Thị Ánh, Trưởng ban Ban Dân vận",
        hall["topic"],
        1,
        "Ngô Anh Thu",
    )
    with app.app_context():
        assert db.session.scalars(db.select(NoteRevision.text)).all() == ["Đề nghị quan tâm thanh niên công nhân."]
        entry = db.session.scalars(db.select(AuditEntry)).one()
        assert (entry.verb, entry.noun, entry.actor_name) == ("write", "note", "Ngô Anh Thu")


@pytest.mark.parametrize(
    ("speaker", "name"),
    [
        ("nguyen thi anh", "Nguyễn Thị Ánh, Trưởng ban Ban Dân vận"),
        ("2", "Đỗ Văn Đạt, Bí thư Thành Đoàn Thử Một"),
        ("Một người dân", "Một người dân"),
        ("", ""),
    ],
)
def test_the_speaker_is_a_delegate_where_exactly_one_is_meant(app, hall, secretary, speaker, name):
    assert secretary.post(NOTES, data=typed(hall, speaker=speaker)).status_code == 303
    [note] = stored(app)
    assert note.speaker == name
    assert (note.speaker_id is None) == (name in ("", "Một người dân"))


def test_two_people_of_one_name_are_never_guessed(app, hall, secretary):
    with app.app_context():
        cast.add_delegate(cast.find_seminar(), "Nguyễn Thị Ánh", "G2", position="Giảng viên")
        db.session.commit()
    assert secretary.post(NOTES, data=typed(hall, speaker="Nguyễn Thị Ánh")).status_code == 303
    [note] = stored(app)
    assert (note.speaker, note.speaker_id) == ("Nguyễn Thị Ánh", None)


def test_of_two_with_the_same_text_the_number_says_who_and_a_correction_keeps_it(app, hall, secretary):
    with app.app_context():
        twin = cast.add_delegate(
            cast.find_seminar(), "Nguyễn Thị Ánh", "G2", position="Trưởng ban", body="Ban Dân vận"
        ).id
        db.session.commit()
    assert 'data-text="Nguyễn Thị Ánh, Trưởng ban Ban Dân vận (3)"' in secretary.get(NOTES).text
    note_id = write_one(app, secretary, hall, speaker="3")
    secretary.post(f"{NOTES}/{note_id}", data=typed(hall, text="Sửa lời."))
    [note] = stored(app)
    assert (note.speaker_id, note.speaker, note.revision) == (twin, "Nguyễn Thị Ánh, Trưởng ban Ban Dân vận", 2)


def test_the_form_begins_with_what_is_mostly_said_during_the_item(hall, secretary):
    for item, kind in ((hall["papers"], "paper"), (hall["discussion"], "opinion")):
        assert f'<option selected value="{kind}">' in secretary.get(f"{NOTES}?item={item}").text


def test_those_in_the_hall_are_offered_first_and_without_accents(app, hall, secretary):
    with app.app_context():
        seminar = cast.find_seminar()
        second = cast.add_delegate(seminar, "Vũ Thị Yến", "T5")
        desk = Desk(seminar_id=seminar.id, name="Bàn 1", token_sha256="x", paired_at=cast.NOW, paired_by="Tâm")
        db.session.add(desk)
        db.session.flush()
        scan = Scan(
            id=str(uuid.uuid4()),
            seminar_id=seminar.id,
            desk_id=desk.id,
            kind=ScanKind.ENTRY,
            delegate_id=second.id,
            sitting_id=hall["sitting"],
            source=Source.CAMERA,
            offline=False,
            at=cast.NOW,
            corrected_at=cast.NOW,
            received_at=cast.NOW,
            verdict=Verdict.ADMITTED,
        )
        db.session.add(scan)
        db.session.flush()
        db.session.add(
            Arrival(
                seminar_id=seminar.id,
                delegate_id=second.id,
                sitting_id=hall["sitting"],
                scan_id=scan.id,
                desk_id=desk.id,
                arrived_at=cast.NOW,
            )
        )
        db.session.commit()
    offered = re.findall(r'<option value="([^"]*)" label="([^"]*)"', secretary.get(NOTES).text)
    assert [name for name, _ in offered] == [
        "Vũ Thị Yến",
        "Nguyễn Thị Ánh, Trưởng ban Ban Dân vận",
        "Đỗ Văn Đạt, Bí thư Thành Đoàn Thử Một",
    ]
    assert offered[0][1] == "3 · vu thi yen · có mặt"


def test_a_note_sent_twice_is_stored_once(app, hall, secretary):
    data = typed(hall)
    assert [secretary.post(NOTES, data=data).status_code for _ in range(2)] == [303, 303]
    assert len(stored(app)) == 1
    with app.app_context():
        assert db.session.query(NoteRevision).count() == 1


def test_words_added_after_an_answer_was_lost_are_a_new_wording_of_the_same_note(app, hall, secretary):
    data = typed(hall)
    secretary.post(NOTES, data=data)
    assert secretary.post(NOTES, data=data | {"text": "Đề nghị quan tâm. Và một câu nữa."}).status_code == 303
    [note] = stored(app)
    assert (note.text, note.revision) == ("Đề nghị quan tâm. Và một câu nữa.", 2)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"text": "  \n "}, "Hãy ghi nội dung phát biểu."),
        ({"text": "x" * 20_001}, "Một ghi chép có tối đa 20.000 ký tự: hãy tách thành hai."),
        ({"speaker": "x" * 301}, "Mục người phát biểu có tối đa 300 ký tự."),
        ({"item": "999999"}, "Lựa chọn này không có trong danh sách."),
        ({"kind": "gossip"}, "Lựa chọn này không có trong danh sách."),
        ({"key": "không"}, "Biểu mẫu không đầy đủ"),
        ({"revision": "-1"}, "Biểu mẫu không đầy đủ"),
    ],
)
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_bad_input_is_said_and_stays_in_the_form(app, hall, secretary, change, sentence, headers):
    answer = secretary.post(NOTES, data=typed(hall, speaker="Người đang gõ") | change, headers=headers)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "speaker" in change or 'value="Người đang gõ"' in answer.text
    assert stored(app) == []


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_note_is_changed_and_both_wordings_are_kept(app, hall, secretary, headers):
    note_id = write_one(app, secretary, hall)
    page = secretary.get(f"{NOTES}/{note_id}").text
    assert "Đề nghị quan tâm thanh niên công nhân." in page
    answer = secretary.post(
        f"{NOTES}/{note_id}",
        data=typed(hall, kind="question", text="Ai chịu trách nhiệm?", item=str(hall["discussion"]), topic="0"),
        headers=headers,
    )
    assert answer.status_code == 303
    [note] = stored(app)
    assert (note.kind, note.text, note.item_id, note.topic_id, note.revision) == (
        "question",
        "Ai chịu trách nhiệm?",
        hall["discussion"],
        None,
        2,
    )
    page = secretary.get(f"{NOTES}/{note_id}").text
    assert page.count("data-wording") == 2


def test_saving_the_same_words_again_makes_no_new_wording(app, hall, secretary):
    note_id = write_one(app, secretary, hall)
    assert secretary.post(f"{NOTES}/{note_id}", data=typed(hall)).status_code == 303
    assert stored(app)[0].revision == 1


def test_of_two_who_change_the_same_note_neither_overwrites_the_other(app, hall, secretary, office):
    note_id = write_one(app, secretary, hall)
    assert office.post(f"{NOTES}/{note_id}", data=typed(hall, text="Lời của Oanh.")).status_code == 303
    answer = secretary.post(f"{NOTES}/{note_id}", data=typed(hall, text="Lời của Thu."))
    assert answer.status_code == 409
    assert "Trong lúc đó đã có người khác sửa ghi chép này." in answer.text
    assert "Lời của Oanh." in answer.text
    assert re.search(r"<textarea[^>]*>\s*Lời của Thu\.</textarea>", answer.text)
    assert 'name="revision" type="hidden" value="2"' in answer.text
    assert stored(app)[0].text == "Lời của Oanh."
    both = "Lời của Oanh. Lời của Thu."
    assert secretary.post(f"{NOTES}/{note_id}", data=typed(hall, text=both, revision="2")).status_code == 303
    assert (stored(app)[0].text, stored(app)[0].revision) == (both, 3)


def test_a_late_repeat_of_a_new_note_does_not_overwrite_a_correction(app, hall, secretary, office):
    data = typed(hall)
    secretary.post(NOTES, data=data)
    note_id = stored(app)[0].id
    office.post(f"{NOTES}/{note_id}", data=typed(hall, text="Đã sửa."))
    answer = secretary.post(NOTES, data=data | {"text": "Viết thêm khi mất mạng."})
    assert answer.status_code == 409
    assert "Đã sửa." in answer.text
    assert "Viết thêm khi mất mạng.</textarea>" in answer.text
    assert stored(app)[0].text == "Đã sửa."


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_removed_note_leaves_the_list_stays_as_a_record_and_comes_back(app, hall, secretary, headers):
    note_id = write_one(app, secretary, hall)
    for _ in range(2):
        assert secretary.post(f"{NOTES}/{note_id}/removal", headers=headers).status_code == 303
    assert secretary.get(NOTES).text.count("data-row") == 0
    assert secretary.get(f"{NOTES}?removed=1").text.count("data-row") == 1
    assert "Ngô Anh Thu đã gỡ lúc" in secretary.get(f"{NOTES}/{note_id}").text
    refused = secretary.post(f"{NOTES}/{note_id}", data=typed(hall, text="Sửa sau khi gỡ."))
    assert refused.status_code == 422
    assert "Sửa sau khi gỡ.</textarea>" in refused.text
    for _ in range(2):
        assert secretary.post(f"{NOTES}/{note_id}/removal/reversal", headers=headers).status_code == 303
    assert secretary.get(NOTES).text.count("data-row") == 1


@pytest.mark.parametrize("login", ["an", "vinh", "tam", "chung"])
def test_other_roles_do_not_open_notes(hall, staff, login):
    client = staff(login)
    assert [client.get(NOTES).status_code, client.post(NOTES, data=typed(hall)).status_code] == [403, 403]


def test_a_visitor_is_asked_to_sign_in_and_htmx_too(hall, visitor):
    assert visitor.get(NOTES).status_code == 302
    assert visitor.post(NOTES, data=typed(hall)).status_code == 302
    answer = visitor.post(NOTES, data=typed(hall), headers=HTMX)
    assert (answer.status_code, "HX-Redirect" in answer.headers) == (401, True)


def test_getting_what_only_posts_do_is_refused(app, hall, secretary):
    note_id = write_one(app, secretary, hall)
    assert secretary.get(f"{NOTES}/{note_id}/removal").status_code == 405
    assert secretary.get(f"{NOTES}/{note_id}/removal/reversal").status_code == 405


def test_a_missing_note_or_one_of_another_seminar_is_404(app, hall, secretary):
    note_id = write_one(app, secretary, hall)
    with app.app_context():
        cast.add_seminar("toa-dam-khac")
        db.session.commit()
    elsewhere = NOTES.replace(cast.SLUG, "toa-dam-khac")
    for path in (f"{NOTES}/{note_id + 1}", f"{NOTES}/99999999999999999999", f"{elsewhere}/{note_id}"):
        assert secretary.get(path).status_code == 404
        assert secretary.post(path, data=typed(hall)).status_code == 404
        assert secretary.post(f"{path}/removal").status_code == 404
    assert secretary.get("/seminars/khong-co/notes").status_code == 404
    assert secretary.get(f"{elsewhere}?item=99999999999999").status_code == 200


def test_120_notes_are_listed_in_order_and_each_count_opens_as_many_rows(app, hall, secretary, query_count):
    kinds = ("opinion", "question", "reply")
    for number in range(120):
        item = hall["papers"] if number % 2 else hall["discussion"]
        topic = hall["topic"] if number % 4 == 0 else 0
        data = typed(hall, kind=kinds[number % 3], item=str(item), topic=str(topic), text=f"Ý kiến {number}.")
        assert secretary.post(NOTES, data=data).status_code == 303
    with app.app_context():
        told = [note.text for note in notes_of(cast.find_seminar())]
    assert told == [f"Ý kiến {n}." for n in (*range(1, 120, 2), *range(0, 120, 2))]
    page = secretary.get(NOTES).text
    figures = {href: int(count) for href, count in re.findall(r'<a class="figure" href="([^"]+)">(\d+)</a>', page)}
    assert figures == {
        NOTES: 120,
        f"{NOTES}?kind=opinion": 40,
        f"{NOTES}?kind=question": 40,
        f"{NOTES}?kind=reply": 40,
        f"{NOTES}?item={hall['papers']}": 60,
        f"{NOTES}?item={hall['discussion']}": 60,
        f"{NOTES}?topic={hall['topic']}": 30,
        f"{NOTES}?topic={hall['topic'] + 1}": 0,
        f"{NOTES}?topic=0": 90,
        f"{NOTES}?excerpt=1": 0,
    }
    for href, count in figures.items():
        rows, number = 0, 1
        while True:
            text = secretary.get(f"{href}{'&' if '?' in href else '?'}page={number}").text
            assert f'data-total="{count}"' in text
            rows += len(re.findall(r"<li data-row", text))
            if 'rel="next"' not in text:
                break
            number += 1
        assert rows == count


def test_the_list_costs_the_same_for_1_and_for_30_notes(hall, secretary, query_count):
    secretary.post(NOTES, data=typed(hall))
    one = query_count(lambda: secretary.get(NOTES))
    for _ in range(29):
        secretary.post(NOTES, data=typed(hall))
    assert query_count(lambda: secretary.get(NOTES)) == one


def test_every_word_on_the_pages_is_vietnamese(app, hall, secretary):
    note_id = write_one(app, secretary, hall, kind="recommendation")
    for path in (NOTES, f"{NOTES}/{note_id}"):
        page = secretary.get(path).text
        for english in ("Notes", "Save", "Speaker", "recommendation<", "Kind<", "wording "):
            assert english not in page
        assert "kiến nghị" in page


def test_the_scripts_of_the_page_are_all_there_under_an_address_that_changes_with_any_of_them(hall, secretary, visitor):
    first = re.search(r'src="(/notes/app/\w+/notes\.js)"', secretary.get(NOTES).text)[1]
    wanted, seen = {first}, set()
    while wanted - seen:
        address = min(wanted - seen)
        answer = visitor.get(address)
        assert (answer.status_code, answer.mimetype) == (200, "text/javascript"), address
        assert "immutable" in answer.headers["Cache-Control"]
        imported = re.findall(r'^import .* from "\./(\w+\.js)";$', answer.text, re.M)
        assert answer.text.count("\nimport ") + answer.text.startswith("import ") == len(imported)
        wanted |= {first.replace("notes.js", name) for name in imported}
        seen.add(address)
    assert len(seen) == 7
    for other in ("/notes/app/000000000000/notes.js", first.replace("notes.js", "none.js")):
        assert visitor.get(other).status_code == 404
