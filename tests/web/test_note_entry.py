"""Notes at the speed of speech: times, replies, what is on, long speeches, answers to the browser's queue, and what it costs."""

import re
import statistics
import time
from datetime import UTC, datetime, timedelta

import pytest

from seminar.agenda import actions as agenda
from seminar.agenda.models import Item
from seminar.delegates.models import Delegate
from seminar.invitations import actions as inviting
from seminar.lib.clock import from_local, local, now
from seminar.lib.database import db
from seminar.minutes.models import Note, NoteRevision, Turn
from seminar.minutes.queries import notes_of, persons
from seminar.planning.models import Topic
from tests import cast
from tests.web.noting import NOTES, stored, typed, write_one

JSON = {"Accept": "application/json"}


def at(app, hall, moment):
    """The sitting of the hall begins at the moment."""
    with app.app_context():
        sitting = db.session.get(Item, hall["papers"]).sitting
        sitting.starts_at, sitting.ends_at = moment, moment + timedelta(hours=4)
        db.session.commit()


def test_a_note_is_of_now_and_of_when_it_was_written_if_it_waited_in_the_browser(app, hall, secretary):
    secretary.post(NOTES, data=typed(hall))
    secretary.post(NOTES, data=typed(hall, waited="3600000"))
    secretary.post(NOTES, data=typed(hall, waited="9999999999999"))
    fresh, waited, long = (now() - note.spoken_at for note in stored(app))
    assert fresh < timedelta(minutes=1)
    assert timedelta(hours=1) <= waited < timedelta(hours=1, minutes=1)
    assert timedelta(days=30) <= long < timedelta(days=30, minutes=1)


def test_notes_of_one_page_keep_their_order_although_the_network_is_slow(app, hall, secretary):
    first, second = typed(hall, text="Câu một."), typed(hall, text="Câu hai.")
    secretary.post(NOTES, data=first)
    secretary.post(NOTES, data=second | {"waited": "5000", "after": first["key"]})
    with app.app_context():
        assert [note.text for note in notes_of(cast.find_seminar())] == ["Câu một.", "Câu hai."]


def test_a_typed_time_is_of_the_day_of_the_sitting_and_is_corrected_to_the_minute(app, hall, secretary):
    at(app, hall, datetime(2024, 3, 15, 1, 0, tzinfo=UTC))
    note_id = write_one(app, secretary, hall, spoken="8h05")
    [note] = stored(app)
    assert note.spoken_at == datetime(2024, 3, 15, 1, 5, tzinfo=UTC)
    page = secretary.get(f"{NOTES}/{note_id}").text
    assert 'value="08:05"' in page
    secretary.post(f"{NOTES}/{note_id}", data=typed(hall, spoken="08:07"))
    [note] = stored(app)
    assert (note.spoken_at, note.revision) == (datetime(2024, 3, 15, 1, 7, tzinfo=UTC), 2)
    assert "08:07" in secretary.get(NOTES).text
    secretary.post(f"{NOTES}/{note_id}", data=typed(hall, spoken="8:07", revision="2"))
    assert stored(app)[0].revision == 2


def test_a_note_may_be_of_a_subtopic_and_a_correction_keeps_it(app, hall, secretary):
    with app.app_context():
        seminar = cast.find_seminar()
        below = Topic(seminar_id=seminar.id, position=1, title="Độ tuổi", text="", parent_id=seminar.topics[1].id)
        db.session.add(below)
        db.session.commit()
        topic_id = below.id
    note_id = write_one(app, secretary, hall, topic=str(topic_id))
    assert re.search(rf'<option selected value="{topic_id}">2\.1\. Độ tuổi', secretary.get(f"{NOTES}/{note_id}").text)
    secretary.post(f"{NOTES}/{note_id}", data=typed(hall, topic=str(topic_id), text="Sửa lời."))
    [note] = stored(app)
    assert (note.topic_id, note.text) == (topic_id, "Sửa lời.")


def test_a_correction_that_leaves_the_time_keeps_its_seconds(app, hall, secretary):
    note_id = write_one(app, secretary, hall)
    before = stored(app)[0].spoken_at
    secretary.post(f"{NOTES}/{note_id}", data=typed(hall, spoken=f"{local(before):%H:%M}", text="Sửa lời."))
    [note] = stored(app)
    assert (note.spoken_at, note.text) == (before, "Sửa lời.")


def test_a_time_that_is_not_yet_is_refused(app, hall, secretary):
    today = local(now()).date()
    at(app, hall, from_local(today))
    note_id = write_one(app, secretary, hall)
    with app.app_context():
        db.session.execute(db.update(Note).values(spoken_at=from_local(today + timedelta(days=1), 12)))
        db.session.commit()
    answer = secretary.post(f"{NOTES}/{note_id}", data=typed(hall, spoken="23:59", text="Chưa đến giờ."))
    assert answer.status_code == 422
    assert "Giờ này ở tương lai" in answer.text
    assert "Chưa đến giờ.</textarea>" in answer.text


@pytest.mark.parametrize("headers", [{}, JSON])
def test_a_time_that_is_none_is_said_and_the_words_stay(app, hall, secretary, headers):
    answer = secretary.post(NOTES, data=typed(hall, spoken="25:00"), headers=headers)
    assert answer.status_code == 422
    assert "Hãy ghi giờ dạng 08:05, hoặc để trống." in (answer.json["problem"] if headers else answer.text)
    assert stored(app) == []


def test_a_reply_names_the_question_and_answered_ones_are_offered_no_more(app, hall, secretary):
    question = typed(hall, kind="question", speaker="2", text="Ai chịu trách nhiệm?")
    secretary.post(NOTES, data=question)
    other = typed(hall, kind="question", text="Bao giờ xong?")
    secretary.post(NOTES, data=other)
    ids = [note.id for note in stored(app)]
    page = secretary.get(f"{NOTES}?item={hall['papers']}&reply={ids[0]}").text
    assert f'selected value="{question["key"]}">Đỗ Văn Đạt, Bí thư Thành Đoàn Thử Một: Ai chịu trách nhiệm?' in page
    assert '<option selected value="reply">' in page
    secretary.post(NOTES, data=typed(hall, kind="reply", text="Sở Lao động.", reply_to=question["key"]))
    assert stored(app)[-1].reply_to_id == ids[0]
    page = secretary.get(NOTES).text
    assert f'Trả lời cho <a href="{NOTES}/{ids[0]}">Đỗ Văn Đạt, Bí thư Thành Đoàn Thử Một: Ai chịu' in page
    assert f'value="{question["key"]}"' not in page
    assert f'value="{other["key"]}"' in page
    assert f'value="{question["key"]}"' in secretary.get(f"{NOTES}/{stored(app)[-1].id}").text


def test_only_a_reply_answers_and_only_what_is_there(app, hall, secretary):
    question = typed(hall, kind="question", text="Ai?")
    secretary.post(NOTES, data=question)
    secretary.post(NOTES, data=typed(hall, kind="opinion", text="Ý kiến.", reply_to=question["key"]))
    assert stored(app)[-1].reply_to_id is None
    missing = typed(hall, kind="reply", text="Đáp.", reply_to=typed(hall)["key"])
    answer = secretary.post(NOTES, data=missing)
    assert answer.status_code == 422
    assert "Câu hỏi được trả lời chưa có" in answer.text
    note_id = stored(app)[0].id
    itself = typed(hall, kind="reply", text="Đáp.", reply_to=question["key"])
    assert secretary.post(f"{NOTES}/{note_id}", data=itself).status_code == 422


def test_the_form_begins_with_the_item_that_is_on_and_who_has_the_floor(app, hall, secretary):
    with app.app_context():
        seminar = cast.find_seminar()
        item = db.session.get(Item, hall["discussion"])
        agenda.begin_item(item, cast.OFFICE, now())
        db.session.commit()
    assert f'<option data-usual="opinion" selected value="{hall["discussion"]}">' in secretary.get(NOTES).text
    with app.app_context():
        seminar = cast.find_seminar()
        dat = db.session.scalar(db.select(Delegate).where(Delegate.number == 2))
        text = "Đỗ Văn Đạt, Bí thư Thành Đoàn Thử Một"
        db.session.add(
            Turn(
                seminar_id=seminar.id,
                item_id=hall["papers"],
                delegate_id=dat.id,
                speaker=text,
                minutes=7,
                began_at=now(),
                began_by="Chung",
            )
        )
        db.session.commit()
    page = secretary.get(NOTES).text
    assert f'<option data-usual="paper" selected value="{hall["papers"]}">' in page
    assert re.search(rf'<input[^>]*name="speaker"[^>]*value="{text}"', page)
    region = secretary.get(f"{NOTES}/drafts", headers={"HX-Request-Type": "partial"}).text
    assert f'data-item="{hall["papers"]}" data-speaker="{text}"' in region


def put_turn(item_id, began_at, speaker="Một người dân", delegate_id=None):
    db.session.add(
        Turn(
            seminar_id=cast.find_seminar().id,
            item_id=item_id,
            delegate_id=delegate_id,
            speaker=speaker,
            minutes=7,
            began_at=began_at,
            began_by="Chung",
        )
    )
    db.session.commit()


def test_a_turn_that_nobody_ended_does_not_hold_the_form_when_the_programme_went_on(app, hall, secretary):
    with app.app_context():
        put_turn(hall["papers"], now() - timedelta(minutes=20))
    assert f'selected value="{hall["papers"]}"' in secretary.get(NOTES).text
    with app.app_context():
        agenda.begin_item(db.session.get(Item, hall["discussion"]), cast.OFFICE, now())
        db.session.commit()
    page = secretary.get(NOTES).text
    assert f'selected value="{hall["discussion"]}"' in page
    assert "Một người dân" not in page
    region = secretary.get(f"{NOTES}/drafts", headers={"HX-Request-Type": "partial"}).text
    assert f'data-item="{hall["discussion"]}" data-speaker=""' in region


def send_proxy(seminar, delegate, name="Trần Thay Mặt", position="Phó Bí thư"):
    inviting.issue_letters(seminar, [delegate], cast.OFFICE, cast.NOW)
    db.session.flush()
    proxy = inviting.propose_proxy(delegate, name, position, "", "", "ốm", cast.OFFICE, cast.NOW)
    db.session.flush()
    if proxy.outcome is None:
        inviting.decide_proxy(proxy, True, "", cast.OFFICE, cast.NOW)
    db.session.commit()


@pytest.mark.parametrize(
    "speaker", ["tran thay mat", "Trần Thay Mặt, Phó Bí thư Thành Đoàn Thử Một", "do van dat", "2"]
)
def test_what_a_proxy_says_stands_under_the_name_of_the_proxy(app, hall, secretary, speaker):
    with app.app_context():
        seminar = cast.find_seminar()
        dat = db.session.scalar(db.select(Delegate).where(Delegate.number == 2))
        send_proxy(seminar, dat)
        [person] = persons([dat.id]).values()
        put_turn(hall["papers"], now(), person.speaker, dat.id)
        dat_id = dat.id
    printed = "Trần Thay Mặt, Phó Bí thư Thành Đoàn Thử Một"
    page = secretary.get(NOTES).text
    assert re.search(rf'<input[^>]*name="speaker"[^>]*value="{printed}"', page)
    assert (
        f'<option value="{printed}" label="2 · tran thay mat · do van dat" data-folded="2 tran thay mat do van dat"'
        in page
    )
    assert "Đỗ Văn Đạt, Bí thư" not in page
    write_one(app, secretary, hall, speaker=speaker)
    [note] = stored(app)
    assert (note.speaker, note.speaker_id) == (printed, dat_id)


def test_a_speaker_without_a_body_of_their_own_stands_with_the_unit_as_on_the_floor(app, hall, secretary):
    with app.app_context():
        delegate = cast.add_delegate(cast.find_seminar(), "Lý Thử Ba", "T2", position="Bí thư")
        number, text = delegate.number, persons([delegate.id])[delegate.id].speaker
        db.session.commit()
    assert text.startswith("Lý Thử Ba, Bí thư ")
    assert f'<option value="{text}"' in secretary.get(NOTES).text
    for typed_name in (str(number), "ly thu ba", text):
        write_one(app, secretary, hall, speaker=typed_name)
    assert [note.speaker for note in stored(app)] == [text] * 3
    assert None not in [note.speaker_id for note in stored(app)]


def test_every_wording_keeps_item_topic_and_time(app, hall, secretary):
    note_id = write_one(app, secretary, hall)
    changed = typed(hall, item=str(hall["discussion"]), topic="0", text="Sửa.")
    secretary.post(f"{NOTES}/{note_id}", data=changed)
    with app.app_context():
        kept = db.session.execute(
            db.select(NoteRevision.item_id, NoteRevision.topic_id, NoteRevision.spoken_at).order_by(NoteRevision.id)
        ).all()
    moment = stored(app)[0].spoken_at
    assert kept == [(hall["papers"], hall["topic"], moment), (hall["discussion"], None, moment)]
    assert secretary.get(f"{NOTES}/{note_id}").text.count("Thực trạng</span>") == 1


def test_a_wording_sent_again_after_others_went_on_is_no_conflict(app, hall, secretary, office):
    data = typed(hall)
    secretary.post(NOTES, data=data)
    note_id = stored(app)[0].id
    mine = typed(hall, text="Lời của Thu.")
    secretary.post(f"{NOTES}/{note_id}", data=mine)
    office.post(f"{NOTES}/{note_id}", data=typed(hall, text="Lời của Oanh.", revision="2"))
    assert secretary.post(NOTES, data=data, headers=JSON).status_code == 200
    assert secretary.post(f"{NOTES}/{note_id}", data=mine, headers=JSON).status_code == 200
    assert (stored(app)[0].text, stored(app)[0].revision) == ("Lời của Oanh.", 3)


def speech(paragraphs=300):
    return "\r\n\r\n\r\n".join(f"•\tĐoạn {number}: {'lời phát biểu ' * 8}hết." for number in range(paragraphs))


@pytest.mark.parametrize("headers", [{}, JSON])
def test_a_speech_out_of_word_is_cleaned_and_too_long_it_is_split_on_request(app, hall, secretary, headers):
    data = typed(hall, text=speech())
    refused = secretary.post(NOTES, data=data, headers=headers)
    assert refused.status_code == 422
    if not headers:
        assert "Lưu thành nhiều ghi chép nối tiếp nhau" in refused.text
        assert not re.search(r"data-split\s+hidden", refused.text)
        assert "Đoạn 299" in refused.text
    for _ in range(2):
        answer = secretary.post(NOTES, data=data | {"split": "1"}, headers=headers)
        assert answer.status_code == (200 if headers else 303)
        assert not headers or len(answer.json["rows"]) == 2
    with app.app_context():
        parts = [note.text for note in notes_of(cast.find_seminar())]
    assert len(parts) == 2
    assert max(map(len, parts)) <= 20_000
    assert "\n\n".join(parts) == "\n\n".join(f"- Đoạn {number}: {'lời phát biểu ' * 8}hết." for number in range(300))


def test_20_000_characters_are_kept_whole(app, hall, secretary):
    text = ("Một hai ba bốn. " * 1_250)[:19_999] + "."
    assert secretary.post(NOTES, data=typed(hall, text=text)).status_code == 303
    assert stored(app)[0].text == text


def test_more_than_a_book_is_refused_even_in_parts(app, hall, secretary):
    answer = secretary.post(NOTES, data=typed(hall, text="x " * 100_001, split="1"))
    assert answer.status_code == 422
    assert "tối đa 200.000 ký tự" in answer.text


def test_the_queue_gets_a_small_answer_with_the_row_and_what_changed(app, hall, secretary):
    for number in range(300):
        with app.app_context():
            cast.add_delegate(cast.find_seminar(), f"Trần Thử {number}", "G1")
            db.session.commit()
    question = typed(hall, kind="question", text="Ai?")
    secretary.post(NOTES, data=question)
    data = typed(hall, speaker="1")
    answer = secretary.post(NOTES, data=data, headers=JSON)
    assert answer.status_code == 200
    told = answer.json
    assert (told["key"], told["revision"], told["counts"]) == (data["key"], 1, {"all": 2, "paper": 1, "question": 1})
    assert f'id="note-{told["id"]}"' in told["rows"][0]
    assert [one["key"] for one in told["questions"]] == [question["key"]]
    page = len(secretary.get(NOTES).data)
    print(f"\na save answers {len(answer.data)} bytes; the page has {page}")
    assert len(answer.data) < page / 10


@pytest.mark.parametrize("path", ["", "/{id}"])
def test_the_queue_is_told_refusals_and_conflicts_with_where_to_settle_them(app, hall, secretary, office, path):
    data = typed(hall)
    secretary.post(NOTES, data=data)
    note_id = stored(app)[0].id
    office.post(f"{NOTES}/{note_id}", data=typed(hall, text="Oanh sửa."))
    address = NOTES + path.format(id=note_id)
    conflict = secretary.post(address, data=data | {"text": "Thu sửa."}, headers=JSON)
    assert (conflict.status_code, conflict.json["address"]) == (409, f"{NOTES}/{note_id}")
    refused = secretary.post(address, data=data | {"text": " "}, headers=JSON)
    assert (refused.status_code, refused.json["problem"]) == (422, "Hãy ghi nội dung phát biểu.")
    secretary.post(f"{NOTES}/{note_id}/removal")
    gone = secretary.post(address, data=data | {"text": "Muộn."}, headers=JSON)
    assert gone.status_code == 422
    assert "đã bị gỡ" in gone.json["problem"] or "gỡ" in gone.json["problem"]


def test_a_note_costs_the_same_with_2_and_with_302_speakers(app, hall, secretary, query_count):
    def costs():
        write = query_count(lambda: secretary.post(NOTES, data=typed(hall), headers=JSON))
        return write, query_count(lambda: secretary.get(NOTES))

    costs()
    before = costs()
    with app.app_context():
        for number in range(300):
            cast.add_delegate(cast.find_seminar(), f"Trần Thử {number}", "G1", position="Bí thư")
        db.session.commit()
    for number in range(120):
        secretary.post(NOTES, data=typed(hall, text=f"Ý kiến {number}."))
    assert costs() == before
    took = []
    for number in range(120):
        data = typed(hall, speaker=f"tran thu {number}", text=f"Ý kiến {number}. " + "lời phát biểu " * 40)
        began = time.perf_counter()
        assert secretary.post(NOTES, data=data, headers=JSON).status_code == 200
        took.append((time.perf_counter() - began) * 1000)
    median, p95 = statistics.median(took), statistics.quantiles(took, n=20)[-1]
    print(
        f"\na note from line to saved, 300 speakers, 120 notes: median {median:.1f} ms, p95 {p95:.1f} ms of server time; "
        f"queries: save {before[0]}, page {before[1]}, the same for 1 and for 240 notes"
    )
    assert stored(app)[-1].speaker == "Trần Thử 119, Bí thư"
