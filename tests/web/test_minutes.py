"""The minutes: shown as they print, corrected, adopted and locked, opened again for a reason, every version kept."""

import re
import uuid
from datetime import timedelta
from io import BytesIO

import pytest
from docx import Document
from pypdf import PdfReader

from seminar.agenda.actions import running
from seminar.agenda.models import Item, ItemKind, Run, Sitting
from seminar.audit.models import AuditEntry
from seminar.lib.clock import short_moment
from seminar.lib.database import db
from seminar.minutes import actions, queries
from seminar.minutes.models import (
    Addressee,
    MinutesVersion,
    Note,
    NoteDraft,
    NoteKind,
    NoteRevision,
    Recommendation,
)
from tests import cast
from tests.web.test_figures import Figures, rows_of
from tests.web.test_notes import NOTES, add_programme, stored, typed

HERE = f"/seminars/{cast.SLUG}/minutes"
MANNER = "đã được đọc tại hội trường, các đại biểu nhất trí thông qua"
BEGAN = cast.NOW + timedelta(days=13, hours=23, minutes=2, seconds=40)  # 08:02 in Vietnam, 15/3/2024
ENDED = BEGAN + timedelta(hours=3, minutes=29)


def hall_of(app):
    with app.app_context():
        seminar = cast.find_seminar()
        sitting = add_programme(seminar)
        cast.add_delegate(seminar, "Nguyễn Thị Ánh", "G1", position="Trưởng ban", body="Ban Dân vận")
        ids = {
            "papers": sitting.items[0].id,
            "discussion": sitting.items[1].id,
            "sitting": sitting.id,
            "topic": seminar.topics[0].id,
        }
        db.session.commit()
    return ids


@pytest.fixture
def hall(app):
    return hall_of(app)


@pytest.fixture
def secretary(staff):
    return staff("thu")


@pytest.fixture
def chair(staff):
    return staff("chung")


def add_note(hall, text, kind=NoteKind.OPINION, *, speaker="Đỗ Văn Đạt", item="discussion", reply_to=None, minute=0):
    """Straight into the tables, as the secretaries' page keeps it; gives its id."""
    note = Note(
        seminar_id=cast.find_seminar().id,
        item_id=hall[item],
        key=str(uuid.uuid4()),
        kind=kind,
        speaker=speaker,
        text=text,
        reply_to_id=reply_to,
        spoken_at=cast.NOW + timedelta(minutes=minute),
        created_at=cast.NOW,
        created_by="Thu",
    )
    db.session.add(note)
    db.session.flush()
    db.session.add(
        NoteRevision(note_id=note.id, revision=1, kind=kind, speaker=speaker, text=text, at=cast.NOW, by="Thu")
    )
    return note.id


@pytest.fixture
def written(app, hall):
    """One note of each item."""
    with app.app_context():
        ids = [add_note(hall, "Tham luận thứ nhất.", NoteKind.PAPER, item="papers"), add_note(hall, "Ý kiến thứ nhất.")]
        db.session.commit()
    return ids


def seen_on(page):
    return re.search(r'name="seen"[^>]*value="([0-9a-f]{64})"', page)[1]


def adopt(client, manner=MANNER):
    return client.post(f"{HERE}/adoption", data={"seen": seen_on(client.get(HERE).text), "manner": manner})


def text_of(content):
    """Paragraphs and cells of a Word file, in no order of theirs."""
    document = Document(BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def word(client, query=""):
    answer = client.get(f"{HERE}.docx{query}")
    assert answer.status_code == 200, answer.text
    return answer.data


def newest():
    return queries.newest_version(cast.find_seminar().id)


def particulars(**changes):
    return {
        "revision": "0",
        "began": "2024-03-15T08:05",
        "ended": "2024-03-15T11:31",
        "chairs": "Vũ Thành Chung, Bí thư Tỉnh Đoàn",
        "secretaries": "Ngô Anh Thu, Phó Trưởng ban",
        "copies": "3",
        **changes,
    }


def test_the_page_shows_what_will_print_and_marks_what_is_missing(app, hall, written, secretary):
    page = secretary.get(HERE).text
    assert "Ý kiến thứ nhất." in page
    assert f'href="{NOTES}/{written[1]}"' in page
    assert "<mark>…………</mark>" in page
    for sentence in ("Chưa rõ giờ bắt đầu.", "Chưa rõ ai chủ trì.", "Chưa có tên thư ký.", "Chưa ghi số bản."):
        assert sentence in page
    assert f"{HERE}/adoption" not in page, "the secretary reads it out, the chair adopts"


def test_what_people_said_is_text_whatever_it_looks_like(app, hall, secretary):
    said = "<b>…………</b> & {pages} #set page()"
    with app.app_context():
        add_note(hall, said, speaker="<i>Ai</i>")
        db.session.commit()
    assert (
        "&lt;i&gt;Ai&lt;/i&gt;: &lt;b&gt;<mark>…………</mark>&lt;/b&gt; &amp; {pages} #set page()"
        in secretary.get(HERE).text
    )
    assert f"<i>Ai</i>: {said}" in text_of(word(secretary))
    pdf = "".join(page.extract_text() for page in PdfReader(BytesIO(secretary.get(f"{HERE}.pdf").data)).pages)
    assert "{pages} #set page()" in " ".join(pdf.split())


def test_what_was_typed_prints_to_the_minute(app, hall, written, secretary):
    assert secretary.post(HERE, data=particulars()).status_code == 303
    told = text_of(word(secretary))
    assert "Bắt đầu: 08 giờ 05 phút, thứ Sáu, ngày 15 tháng 3 năm 2024." in told
    assert "Tọa đàm kết thúc lúc 11 giờ 31 phút cùng ngày. Biên bản được lập thành 03 bản, mỗi bản" in told
    assert "2.1. Chủ trì: Vũ Thành Chung, Bí thư Tỉnh Đoàn." in told
    assert "2.2. Thư ký: Ngô Anh Thu, Phó Trưởng ban." in told
    assert "Vũ Thành Chung" in told.split("CHỦ TRÌ")[1]
    assert "DỰ THẢO" in told
    pages = PdfReader(BytesIO(secretary.get(f"{HERE}.pdf").data)).pages
    assert f"mỗi bản {len(pages)} trang" in " ".join(" ".join(page.extract_text() for page in pages).split())


def run_sitting(hall, began=BEGAN, ended=ENDED):
    db.session.add(Run(sitting_id=hall["sitting"], began_at=began, began_by="Thu", ended_at=ended, ended_by="Thu"))


def test_the_records_of_the_day_say_when_it_was_and_go_on_saying_it(app, hall, written, secretary):
    with app.app_context():
        run_sitting(hall)
        db.session.commit()
    page = secretary.get(HERE).text
    assert 'value="2024-03-15T08:02"' in page
    secretary.post(HERE, data=particulars(began="2024-03-15T08:02", ended="2024-03-15T11:45"))
    with app.app_context():
        kept = newest()
        assert (kept.began_at, kept.ended_at is None) == (None, False)
        run = db.session.scalars(db.select(Run)).one()
        run.began_at += timedelta(minutes=1)
        db.session.commit()
    told = text_of(word(secretary))
    assert "Bắt đầu: 08 giờ 03 phút" in told
    assert "kết thúc lúc 11 giờ 45 phút" in told


def test_a_trial_that_began_and_ended_in_one_minute_is_no_wrong_time(app, hall, written, secretary):
    with app.app_context():
        run_sitting(hall, ended=BEGAN + timedelta(seconds=10))
        db.session.commit()
    page = secretary.get(HERE).text
    assert page.count('value="2024-03-15T08:02"') == 2
    shown = particulars(began="2024-03-15T08:02", ended="2024-03-15T08:02")
    assert secretary.post(HERE, data=shown).status_code == 303
    with app.app_context():
        assert (newest().began_at, newest().ended_at) == (None, None)


def test_several_sittings_are_told_each_with_its_hours(app, hall, written, secretary):
    with app.app_context():
        seminar = cast.find_seminar()
        second = Sitting(
            seminar_id=seminar.id,
            name="Buổi chiều",
            starts_at=ENDED + timedelta(hours=2),
            ends_at=ENDED + timedelta(hours=4),
        )
        db.session.add(second)
        db.session.flush()
        run_sitting(hall)
        db.session.commit()
    told = text_of(word(secretary))
    assert "- Buổi sáng: từ 08 giờ 02 phút đến 11 giờ 31 phút, thứ Sáu, ngày 15 tháng 3 năm 2024;" in told
    assert "- Buổi chiều: từ ………… giờ ………… phút đến ………… giờ ………… phút;" in told
    assert "Tọa đàm kết thúc lúc ………… giờ" in told, "it is over only when every sitting is"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"ended": "2024-03-15T08:05"}, "Giờ kết thúc phải sau giờ bắt đầu."),
        ({"began": "0001-01-01T00:00"}, "từ năm 1900 đến năm 2200"),
        ({"began": "sáng sớm"}, "Hãy chọn ngày và giờ."),
        ({"copies": "0"}, "Hãy ghi số bản là một số từ 1 đến 99."),
        ({"copies": "hai"}, "chairs"),
        ({"chairs": "x" * 3001}, "Danh sách tên có nhiều nhất 3.000 ký tự."),
        ({"revision": "x"}, "chairs"),
    ],
)
def test_bad_particulars_are_told_and_kept_in_the_form(app, hall, written, secretary, changes, sentence):
    answer = secretary.post(HERE, data=particulars(**changes))
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "Ngô Anh Thu, Phó Trưởng ban" in answer.text
    with app.app_context():
        assert newest() is None


def test_two_who_correct_at_once_see_each_other(app, hall, written, secretary, office):
    assert secretary.post(HERE, data=particulars()).status_code == 303
    answer = office.post(HERE, data=particulars(copies="9"))
    assert answer.status_code == 422
    assert "người khác đã sửa" in answer.text
    assert "số bản: 3" in answer.text
    assert 'value="9"' in answer.text
    assert office.post(HERE, data=particulars(copies="9", revision="2")).status_code == 303
    with app.app_context():
        assert newest().copies == 9


def test_an_answer_stands_under_its_question_and_every_note_once(app, hall, secretary):
    with app.app_context():
        question = add_note(hall, "Ai chủ trì?", NoteKind.QUESTION)
        add_note(hall, "Xen vào giữa.", minute=1)
        add_note(hall, "Tỉnh Đoàn.", NoteKind.REPLY, speaker="Lê Thị Bê", reply_to=question, minute=2)
        add_note(hall, "Bổ sung ở mục trước.", NoteKind.REPLY, item="papers", reply_to=question)
        lonely = add_note(hall, "Câu chưa đáp?", NoteKind.QUESTION, minute=3)
        one = add_note(hall, "Vòng một.", NoteKind.REPLY, minute=4)
        other = add_note(hall, "Vòng hai.", NoteKind.REPLY, reply_to=one, minute=5)
        db.session.get_one(Note, one).reply_to_id = other
        db.session.commit()
    told = text_of(word(secretary))
    assert told.index("Ai chủ trì?") < told.index("– Trả lời – Lê Thị Bê: Tỉnh Đoàn.") < told.index("Xen vào giữa.")
    assert told.index("Ai chủ trì?") < told.index("Bổ sung ở mục trước.") < told.index("Xen vào giữa.")
    for text in (
        "Ai chủ trì?",
        "Bổ sung ở mục trước.",
        "Xen vào giữa.",
        "Tỉnh Đoàn.",
        "Câu chưa đáp?",
        "Vòng một.",
        "Vòng hai.",
    ):
        assert told.count(text) == 1
    remarks = secretary.get(HERE).text.split('id="particulars"')[0]
    assert f'href="{NOTES}/{lonely}"' in remarks
    assert f'href="{NOTES}/{question}"' not in remarks


def test_the_remarks_name_the_places(app, hall, secretary, office):
    with app.app_context():
        silent = add_note(hall, "Không rõ ai nói.", speaker="")
        asked = add_note(hall, "Kiến nghị một.", NoteKind.RECOMMENDATION)
        user = db.session.scalars(db.select(cast.User).where(cast.User.name == "Ngô Anh Thu")).one()
        db.session.add(
            NoteDraft(
                seminar_id=cast.find_seminar().id,
                user_id=user.id,
                key=str(uuid.uuid4()),
                fields={"text": "Đang gõ dở"},
                saved_at=cast.NOW,
            )
        )
        db.session.commit()
    page = office.get(HERE).text.split('id="particulars"')[0]
    for part in (
        f"Ngô Anh Thu, {short_moment(cast.NOW)}",
        "Mục của chương trình chưa có ghi chép: 1.",
        f'href="{NOTES}?item={hall["papers"]}"',
        "Ghi chép chưa có người phát biểu: 1.",
        f'href="{NOTES}/{silent}"',
        "Đề xuất, kiến nghị chưa rõ gửi cơ quan nào: 1.",
    ):
        assert part in page, part
    assert "Đang gõ dở" not in page, "what is not saved is nobody else's"
    assert asked
    with app.app_context():
        actions.add_recommendation(cast.find_seminar(), actions.Asked(text="Trên giấy."), cast.OFFICE, cast.NOW)
        db.session.commit()
    page = office.get(HERE).text
    assert "Đề xuất, kiến nghị chưa rõ gửi cơ quan nào: 2." in page
    assert f'href="/seminars/{cast.SLUG}/recommendations?addressee=none"' in page
    assert adopt(office).status_code == 303, "warned, not forbidden"


def test_minutes_of_nothing_are_not_adopted(app, hall, office):
    answer = adopt(office)
    assert answer.status_code == 422
    assert "không thể thông qua biên bản trống" in answer.text
    with app.app_context():
        assert newest() is None


def test_a_character_that_the_font_lacks_is_named_before_and_nothing_is_adopted(app, hall, office):
    with app.app_context():
        note = add_note(hall, "Rất hay \U0001f600")
        db.session.commit()
    page = office.get(HERE).text
    assert "Phông chữ không có “\U0001f600”" in page
    assert f'href="{NOTES}/{note}"' in page
    assert adopt(office).status_code == 422
    with app.app_context():
        assert newest() is None


@pytest.mark.parametrize("login", ["chung", "oanh"])
def test_the_chair_or_the_office_adopts_and_then_notes_are_locked(app, hall, written, staff, secretary, login):
    with app.app_context():
        removed = add_note(hall, "Đã gỡ.")
        db.session.get_one(Note, removed).removed_at = cast.NOW
        db.session.commit()
    answer = adopt(staff(login))
    assert (answer.status_code, answer.location) == (303, HERE)
    with app.app_context():
        kept = newest()
        assert (kept.number, kept.manner, kept.adopted_by, kept.note_count) == (
            1,
            MANNER,
            cast.STAFF[login][0],
            2,
        )
        assert kept.facts["figures"]["notes"] == 2
        entry = db.session.scalars(db.select(AuditEntry).where(AuditEntry.verb == "adopt")).one()
        assert (entry.noun, entry.detail["note_count"]) == ("minutes", 2)
    told = text_of(word(secretary))
    assert "DỰ THẢO" not in told
    assert "Dự thảo" not in told
    assert f"trang; {MANNER}./." in told
    words = typed(hall, text="Thêm sau khi thông qua.")
    for answer in (
        secretary.post(NOTES, data=words),
        secretary.post(f"{NOTES}/{written[0]}", data=words),
        secretary.post(f"{NOTES}/{written[0]}/removal", follow_redirects=True),
        secretary.post(f"{NOTES}/{removed}/removal/reversal", follow_redirects=True),
    ):
        assert "đã thông qua và đã khóa" in answer.text
    assert "Thêm sau khi thông qua." in secretary.post(NOTES, data=words).text, "what was typed stays in the form"
    assert [note.text for note in stored(app)] == ["Tham luận thứ nhất.", "Ý kiến thứ nhất.", "Đã gỡ."]
    assert secretary.post(HERE, data=particulars()).status_code == 422
    for page in (NOTES, f"{NOTES}/{written[0]}"):
        assert "không sửa được ghi chép" in secretary.get(page).text
    assert secretary.post(f"{NOTES}/{written[1]}/excerpt").status_code == 303, "the proceedings come afterwards"


def test_a_note_sent_again_because_the_answer_was_lost_is_in_the_adopted_minutes_and_not_refused(
    app, hall, chair, secretary
):
    words = typed(hall, text="Gửi hai lần.")
    assert secretary.post(NOTES, data=words).status_code == 303
    adopt(chair)
    assert secretary.post(NOTES, data=words).status_code == 303
    assert secretary.post(NOTES, data=words | {"text": "Đã đổi lời."}).status_code == 422
    assert [note.text for note in stored(app)] == ["Gửi hai lần."]


@pytest.mark.parametrize("login", ["thu", "an", "vinh", "tam"])
def test_others_do_not_adopt(app, hall, written, staff, login):
    seen = "0" * 64
    assert staff(login).post(f"{HERE}/adoption", data={"seen": seen, "manner": MANNER}).status_code == 403


def test_what_was_read_is_adopted_or_nothing(app, hall, written, chair, secretary):
    seen = seen_on(chair.get(HERE).text)
    secretary.post(NOTES, data=typed(hall, text="Chen vào lúc đọc."))
    answer = chair.post(f"{HERE}/adoption", data={"seen": seen, "manner": MANNER})
    assert answer.status_code == 422
    assert "Chen vào lúc đọc." in answer.text, "what it says now stands on the page"
    with app.app_context():
        assert newest() is None
    again = chair.post(f"{HERE}/adoption", data={"seen": seen_on(answer.text), "manner": MANNER})
    assert again.status_code == 303
    assert "Chen vào lúc đọc." in text_of(word(chair))


def test_adopting_twice_is_told_and_changes_nothing(app, hall, written, chair, office):
    seen = seen_on(chair.get(HERE).text)
    assert adopt(chair).status_code == 303
    before = word(chair)
    answer = office.post(f"{HERE}/adoption", data={"seen": seen, "manner": "khác"})
    assert answer.status_code == 422
    assert "Vũ Thành Chung đã thông qua biên bản rồi." in answer.text
    assert word(chair) == before


@pytest.mark.parametrize("data", [{"manner": ""}, {"manner": "x" * 301}, {"manner": " ./ "}, {"seen": "x"}])
def test_a_bad_adoption_is_told(app, hall, written, office, data):
    seen = seen_on(office.get(HERE).text)
    assert office.post(f"{HERE}/adoption", data={"seen": seen, "manner": MANNER, **data}).status_code == 422
    with app.app_context():
        assert newest() is None


def test_a_correction_is_a_new_version_with_a_reason_and_the_old_one_stays(app, hall, written, chair, secretary):
    secretary.post(HERE, data=particulars())
    assert adopt(chair).status_code == 303
    first, first_pdf = word(chair), chair.get(f"{HERE}.pdf").data
    assert secretary.post(f"{HERE}/reopening", data={"reason": "  "}).status_code == 422
    assert chair.post(f"{HERE}/reopening", data={"reason": "Sai tên"}).status_code == 403
    assert secretary.post(f"{HERE}/reopening", data={"reason": "Sai tên người phát biểu"}).status_code == 303
    assert secretary.post(f"{HERE}/reopening", data={"reason": "Bấm hai lần"}).status_code == 303
    with app.app_context():
        opened = newest()
        assert (opened.number, opened.reason, opened.copies) == (2, "Sai tên người phát biểu", 3)
    assert "DỰ THẢO" in text_of(word(chair))
    assert secretary.post(f"{NOTES}/{written[1]}", data=typed(hall, text="Ý kiến đã sửa.")).status_code == 303
    assert secretary.post(f"{NOTES}/{written[0]}/removal").status_code == 303
    assert secretary.post(NOTES, data=typed(hall, text="Ghi chép bổ sung.", kind="opinion")).status_code == 303
    page = chair.get(HERE).text
    for part in ("Sai tên người phát biểu", "Ý kiến thứ nhất.", "Ý kiến đã sửa.", "Ghi chép bổ sung.", "gỡ ghi chép"):
        assert part in page, part
    assert word(chair, "?version=1") == first
    assert secretary.post(HERE, data=particulars(copies="7")).status_code == 422, "typed before it was adopted"
    with app.app_context():
        revision = str(newest().revision)
    assert secretary.post(HERE, data=particulars(copies="7", revision=revision)).status_code == 303
    assert adopt(chair).status_code == 303
    second = text_of(word(chair))
    assert "Biên bản sửa đổi lần 1, thay cho bản thông qua lúc" in second
    assert "Lý do: Sai tên người phát biểu." in second
    assert "Tham luận thứ nhất." not in second
    assert (word(chair, "?version=1"), chair.get(f"{HERE}.pdf?version=1").data) == (first, first_pdf)
    told = chair.get(f"{HERE}/versions/2").text
    assert "<del>3</del> <ins>7</ins>" in told
    for part in ("Ý kiến đã sửa.", "Ghi chép bổ sung.", "thêm ghi chép", "sửa ghi chép", "gỡ ghi chép"):
        assert part in told, part
    assert f"{HERE}.docx?version=1" in chair.get(HERE).text
    assert chair.get(f"{HERE}/versions/1").status_code == 200
    assert [
        chair.get(f"{HERE}{rest}").status_code for rest in ("/versions/3", ".docx?version=3", ".pdf?version=x")
    ] == [404] * 3


def test_what_was_opened_by_mistake_is_locked_again_unless_something_changed(app, hall, written, chair, secretary):
    assert secretary.post(f"{HERE}/reopening/reversal").status_code == 303, "nothing is open: harmless"
    adopt(chair)
    before = word(chair)
    secretary.post(f"{HERE}/reopening", data={"reason": "Nhầm"})
    assert f"{HERE}/reopening/reversal" in secretary.get(HERE).text
    for _ in range(2):
        assert secretary.post(f"{HERE}/reopening/reversal").status_code == 303
    assert word(chair) == before
    assert secretary.post(NOTES, data=typed(hall)).status_code == 422
    secretary.post(f"{HERE}/reopening", data={"reason": "Thật"})
    assert secretary.post(NOTES, data=typed(hall, text="Thêm vào.")).status_code == 303
    answer = secretary.post(f"{HERE}/reopening/reversal")
    assert answer.status_code == 422
    assert "hãy trả lại như cũ" in answer.text
    with app.app_context():
        assert (newest().number, newest().adopted_at) == (2, None)


def test_an_adopted_version_is_frozen_whatever_happens_after(app, hall, written, chair, desk_people):
    assert adopt(chair).status_code == 303
    before = (word(chair), chair.get(f"{HERE}.pdf").data)
    with app.app_context():
        facts = newest().facts
        seminar = cast.find_seminar()
        seminar.title = "Tên khác"
        cast.add_delegate(seminar, "Người Đến Sau", "G2")
        run_sitting(hall)
        db.session.commit()
    assert (word(chair), chair.get(f"{HERE}.pdf").data) == before
    with app.app_context():
        assert newest().facts == facts
        assert newest().began_at is None
    assert "số liệu đã thay đổi" in chair.get(HERE).text


@pytest.fixture
def desk_people(app, hall):
    with app.app_context():
        for number in range(3):
            cast.add_delegate(cast.find_seminar(), f"Người {number}", "T5")
        db.session.commit()


def test_a_hundred_and_twenty_notes_are_all_in_the_word_file_and_in_the_pdf(app, hall, office):
    kinds = list(NoteKind)
    with app.app_context():
        ids = []
        for number in range(120):
            kind = kinds[number % len(kinds)]
            reply_to = ids[-1] if kind == NoteKind.REPLY else None
            ids.append(
                add_note(
                    hall,
                    f"Lời thứ {number}z của buổi.\nDòng hai {number}z.",
                    kind,
                    item="papers" if number % 3 else "discussion",
                    reply_to=reply_to,
                    minute=number,
                )
            )
        removed = ids[::17]
        for note_id in removed:
            db.session.get_one(Note, note_id).removed_at = cast.NOW
        actions.take_all_notes(cast.find_seminar(), cast.OFFICE, cast.NOW)
        db.session.commit()
        standing = db.session.scalars(db.select(Note).where(Note.removed_at.is_(None))).all()
        texts = {note.id: note.text for note in standing}
        asked = [note for note in standing if note.kind in ("proposal", "recommendation")]
    assert adopt(office).status_code == 303
    document = Document(BytesIO(word(office)))
    course = "\n".join(paragraph.text for paragraph in document.paragraphs)
    for text in texts.values():
        for line in text.split("\n"):
            assert course.count(line) == 1, line
    for note_id in removed:
        assert f"{ids.index(note_id)}z" not in re.findall(r"\d+z", course)
    table = next(one for one in document.tables if one.rows[0].cells[0].text == "STT")
    assert [row.cells[1].text for row in table.rows[1:]] == [note.text for note in sorted(asked, key=order_in(hall))]
    with app.app_context():
        kept = newest()
        assert kept.note_count == len(texts) == len(re.findall(r"Lời thứ \d+z", course))
        for kind in NoteKind:
            count = db.session.scalar(
                db.select(db.func.count()).select_from(Note).where(Note.kind == kind, Note.removed_at.is_(None))
            )
            assert kept.facts["figures"][f"notes.{kind}"] == count
        assert kept.facts["figures"]["recommendations"] == len(asked) == len(table.rows) - 1
    pdf = "".join(page.extract_text() for page in PdfReader(BytesIO(office.get(f"{HERE}.pdf").data)).pages)
    assert set(re.findall(r"(\d+)z\s+của", pdf)) == {re.search(r"(\d+)z", text)[1] for text in texts.values()}


def order_in(hall):
    return lambda note: (note.item_id != hall["papers"], note.spoken_at, note.id)


def test_the_table_says_to_whom(app, hall, written, office):
    with app.app_context():
        note = add_note(hall, "Kiến nghị hỗ trợ.", NoteKind.RECOMMENDATION)
        add_note(hall, "Đề xuất chưa theo dõi.", NoteKind.PROPOSAL)
        seminar = cast.find_seminar()
        made = actions.take_note(seminar, db.session.get_one(Note, note), cast.OFFICE, cast.NOW)
        made.addressee = Addressee.PROVINCIAL_PARTY
        actions.add_recommendation(
            seminar,
            actions.Asked(text="Nộp trên giấy.", raised_by="Huyện Đoàn", addressee_name="Sở Giáo dục và Đào tạo"),
            cast.OFFICE,
            cast.NOW,
        )
        db.session.commit()
    document = Document(BytesIO(word(office)))
    table = next(one for one in document.tables if one.rows[0].cells[0].text == "STT")
    assert [tuple(cell.text for cell in row.cells) for row in table.rows[1:]] == [
        ("1", "Kiến nghị hỗ trợ.", "Đỗ Văn Đạt", "Tỉnh ủy"),
        ("2", "Nộp trên giấy.", "Huyện Đoàn", "Sở Giáo dục và Đào tạo"),
        ("3", "Đề xuất chưa theo dõi.", "Đỗ Văn Đạt", "…………"),
    ]
    address = f"/seminars/{cast.SLUG}/recommendations"
    assert (address, 3) in Figures(office.get(HERE).text).figures
    assert rows_of(office, address) == 3


def test_what_was_asked_for_otherwise_is_told_between_versions(app, hall, written, chair, secretary):
    with app.app_context():
        add_note(hall, "Kiến nghị hỗ trợ.", NoteKind.RECOMMENDATION)
        db.session.commit()
    assert adopt(chair).status_code == 303
    with app.app_context():
        seminar = cast.find_seminar()
        made = actions.take_all_notes(seminar, cast.OFFICE, cast.NOW)
        one = db.session.scalars(db.select(Recommendation)).one()
        one.addressee = Addressee.PROVINCIAL_PARTY
        actions.add_recommendation(seminar, actions.Asked(text="Trên giấy."), cast.OFFICE, cast.NOW)
        db.session.commit()
    assert made == 1
    secretary.post(f"{HERE}/reopening", data={"reason": "Bổ sung kiến nghị"})
    assert adopt(chair).status_code == 303
    told = chair.get(f"{HERE}/versions/2").text
    for part in (
        "sửa đề xuất, kiến nghị",
        "Kiến nghị hỗ trợ. – Đỗ Văn Đạt – Tỉnh ủy",
        "thêm đề xuất, kiến nghị",
        "Trên giấy.",
    ):
        assert part in told, part


def test_minutes_bear_no_number_that_nobody_took(app, hall, written, chair):
    assert "Số:" not in text_of(word(chair))
    assert adopt(chair).status_code == 303
    assert "Số:" not in text_of(word(chair))
    assert "Số:" not in PdfReader(BytesIO(chair.get(f"{HERE}.pdf").data)).pages[0].extract_text()


def test_an_item_that_was_never_on_is_told_so_once_the_sitting_is_over(app, hall, written, secretary):
    def then(act):
        with app.app_context():
            act(db.session.get_one(Sitting, hall["sitting"]))
            db.session.commit()
        return text_of(word(secretary))

    closing = {"position": 3, "kind": ItemKind.CLOSING, "title": "Bế mạc", "minutes": 5, "presenter": "Bà Thử"}
    assert "Người trình bày: Bà Thử." in then(lambda sitting: sitting.items.append(Item(**closing)))
    began = then(lambda sitting: running.begin_item(sitting.items[1], cast.OFFICE, BEGAN))
    assert "Không diễn ra." not in began, "it may still come"
    told = then(lambda sitting: running.end_sitting(sitting, cast.OFFICE, ENDED))
    assert "3.3. Bế mạc\nKhông diễn ra.\n" in told
    assert "Bà Thử" not in told
    assert told.count("Không diễn ra.") == 1, "what has a note or was on did take place"


def test_the_command_writes_the_adopted_minutes(app, hall, written, chair, tmp_path):
    adopt(chair)
    out = tmp_path / "bb.docx"
    answer = app.test_cli_runner().invoke(args=["report", "minutes", "--seminar", cast.SLUG, "--out", str(out)])
    assert answer.exit_code == 0
    assert out.read_bytes() == word(chair)


def test_nothing_is_written_by_looking(app, hall, written, secretary):
    for path in (HERE, f"{HERE}.docx", f"{HERE}.pdf", f"/seminars/{cast.SLUG}/recommendations"):
        assert secretary.get(path).status_code == 200
    with app.app_context():
        assert db.session.query(MinutesVersion).count() == db.session.query(Recommendation).count() == 0


@pytest.mark.parametrize("path", ["", ".docx", ".pdf", "/versions/1", "/../recommendations"])
def test_strangers_and_other_roles_stay_outside(app, hall, visitor, staff, path):
    address = f"/seminars/{cast.SLUG}/recommendations" if ".." in path else f"{HERE}{path}"
    assert visitor.get(address).status_code == 302
    assert [staff(login).get(address).status_code for login in ("an", "vinh", "tam")] == [403] * 3
    assert staff("oanh").get(address.replace(cast.SLUG, "khong-co")).status_code == 404


def test_the_page_costs_the_same_for_few_notes_and_many(app, hall, written, office, query_count):
    few = query_count(lambda: office.get(HERE))
    with app.app_context():
        for number in range(40):
            add_note(hall, f"Ý {number}.", list(NoteKind)[number % 8])
        db.session.commit()
    assert query_count(lambda: office.get(HERE)) == few
